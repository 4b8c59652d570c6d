// The OpenID provider: what it issues and to whom. Real flows of a real implementation; only the log-in is simplified.
//
// Access tokens are RS256 JWTs with the audience `bela`; they say who someone is. The one power a token carries is the
// operator claim. Services get theirs by client credentials (sub = client id), the portal by code flow with PKCE, and
// scripts by a grant of our own that names a persona and exists in this issuer alone.

import Provider, { errors } from 'oidc-provider';

export const PERSONA_GRANT = 'urn:bela:grant-type:persona';
export const DEV_CLIENT = 'bela-dev';
export const PORTAL_CLIENT = 'bela-portal';

const RESOURCE = 'urn:bela:api';
const SCOPE = 'api';
const HOUR = 3600;

function clients(secrets) {
  const services = Object.entries(secrets).map(([client_id, client_secret]) => ({
    client_id,
    client_secret,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'client_secret_basic',
  }));
  return [
    ...services,
    {
      client_id: DEV_CLIENT,
      grant_types: [PERSONA_GRANT],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: 'none',
    },
    {
      client_id: PORTAL_CLIENT,
      // A native client may come back to any port of the loopback address, which is where a portal runs locally.
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: ['http://127.0.0.1/callback', 'http://localhost/callback'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
  ];
}

function grantFor(provider, clientId, accountId) {
  const grant = new provider.Grant({ clientId, accountId });
  grant.addOIDCScope('openid profile offline_access');
  grant.addResourceScope(RESOURCE, SCOPE);
  return grant;
}

// Consent is not asked locally: every client of this issuer is ours.
async function loadExistingGrant(ctx) {
  const { clientId } = ctx.oidc.client;
  const known = ctx.oidc.session.grantIdFor(clientId);
  if (known) return ctx.oidc.provider.Grant.find(known);
  const grant = grantFor(ctx.oidc.provider, clientId, ctx.oidc.session.accountId);
  await grant.save();
  return grant;
}

function personaGrant(provider, personas) {
  return async (ctx) => {
    const { client, params } = ctx.oidc;
    if (!personas.has(params.persona)) throw new errors.InvalidRequest(`unknown persona ${params.persona ?? ''}`);
    const grant = grantFor(provider, client.clientId, params.persona);
    const token = new provider.AccessToken({
      accountId: params.persona,
      client,
      grantId: await grant.save(),
      gty: PERSONA_GRANT,
      scope: SCOPE,
    });
    token.resourceServer = new provider.ResourceServer(RESOURCE, resourceServer());
    ctx.oidc.entity('AccessToken', token);
    const access_token = await token.save();
    ctx.body = { access_token, expires_in: token.expiration, scope: SCOPE, token_type: token.tokenType };
  };
}

function resourceServer() {
  return { scope: SCOPE, audience: 'bela', accessTokenTTL: 12 * HOUR, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } };
}

function features() {
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => RESOURCE,
      getResourceServerInfo: (ctx, indicator) => {
        if (indicator !== RESOURCE) throw new errors.InvalidTarget();
        return resourceServer();
      },
      useGrantedResource: () => true,
    },
  };
}

/** Build the provider for one issuer URL. */
export function createProvider({ issuer, jwks, cookieKey, clientSecrets, personas }) {
  const provider = new Provider(issuer, {
    jwks,
    clients: clients(clientSecrets),
    features: features(),
    claims: { openid: ['sub'], profile: ['name'] },
    scopes: ['openid', 'offline_access'],
    responseTypes: ['code'],
    cookies: { keys: [cookieKey] },
    extraTokenClaims: (ctx, token) => (personas.get(token.accountId)?.operator ? { bela_operator: true } : undefined),
    findAccount: (ctx, sub) => {
      const persona = personas.get(sub);
      return persona && { accountId: sub, claims: () => ({ sub, name: persona.name }) };
    },
    interactions: { url: (ctx, interaction) => `/sign-in/${interaction.uid}` },
    loadExistingGrant,
    clientBasedCORS: () => true,
    pkce: { required: () => true },
    ttl: { AccessToken: 12 * HOUR, ClientCredentials: HOUR, IdToken: HOUR, Interaction: HOUR, Session: 12 * HOUR, Grant: 12 * HOUR, RefreshToken: 12 * HOUR },
  });
  provider.registerGrantType(PERSONA_GRANT, personaGrant(provider, personas), ['persona']);
  return provider;
}
