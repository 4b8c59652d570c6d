// The local issuer: starts the provider on one loopback port. Never part of an installation.
//
//   ISSUER_URL            http://127.0.0.1:<port>, what tokens name as `iss`
//   ISSUER_KEYS_FILE      private JWK set; made on first start, kept so that tokens outlive a restart
//   ISSUER_CLIENTS_FILE   {"svc:order": "<secret>", …}
//   ISSUER_PERSONAS_FILE  see personas.json

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

import { loginPage } from './login_page.mjs';
import { loadPersonas } from './personas.mjs';
import { createProvider } from './provider.mjs';

function need(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

function loadKeys(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = randomBytes(8).toString('hex');
  const keys = {
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }] },
    cookieKey: randomBytes(32).toString('hex'),
  };
  writeFileSync(`${file}.new`, JSON.stringify(keys), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return keys;
}

async function readForm(request) {
  let body = '';
  for await (const chunk of request) {
    body += chunk;
    if (body.length > 4096) throw new Error('form too long');
  }
  return new URLSearchParams(body);
}

async function signIn(provider, personas, request, response) {
  const { params, prompt } = await provider.interactionDetails(request, response);
  if (prompt.name === 'consent') {
    // Native clients are asked every time; every client of this issuer is ours.
    await provider.interactionFinished(request, response, { consent: {} }, { mergeWithLastSubmission: true });
    return;
  }
  if (request.method === 'POST') {
    const sub = (await readForm(request)).get('sub');
    if (personas.has(sub)) {
      await provider.interactionFinished(request, response, { login: { accountId: sub }, consent: {} });
      return;
    }
  }
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(loginPage(request.url, personas, params.login_hint));
}

function main() {
  const issuer = need('ISSUER_URL');
  const personas = loadPersonas(need('ISSUER_PERSONAS_FILE'));
  const clientSecrets = JSON.parse(readFileSync(need('ISSUER_CLIENTS_FILE'), 'utf8'));
  const provider = createProvider({ issuer, personas, clientSecrets, ...loadKeys(need('ISSUER_KEYS_FILE')) });
  provider.on('server_error', (ctx, error) => console.error(error));
  const handle = provider.callback();
  const server = createServer((request, response) => {
    if (!request.url.startsWith('/sign-in/')) {
      handle(request, response);
      return;
    }
    signIn(provider, personas, request, response).catch((error) => {
      response.writeHead(error.statusCode ?? 400, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(`Sesi masuk tidak berlaku lagi: ${error.message}`);
    });
  });
  const { hostname, port } = new URL(issuer);
  server.listen(Number(port), hostname, () => console.error(`issuer ready at ${issuer}`));
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
}

main();
