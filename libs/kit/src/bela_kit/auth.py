"""Who calls: tokens of one OIDC issuer are checked here, in every service, whatever the gateway did before.

A token says who and nothing more; what somebody may do is a grant, and grants are data. The one exception is the
operator claim, whose name the deployment chooses.
"""

import asyncio
import hashlib
import json
import logging
import time
import urllib.parse
import urllib.request
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bela_kit.core.errors import Kind, ServiceError
from bela_kit.settings import ServiceSettings

log = logging.getLogger(__name__)

_LEEWAY_SECONDS = 30
_REFETCH_SECONDS = 10.0
_RETRY_SECONDS = 1.0
_KEYS_LIVE_SECONDS = 3600.0
_CACHED_TOKENS = 4096
_HTTP_TIMEOUT_SECONDS = 5.0
_ALGORITHMS = ["RS256", "ES256", "PS256"]


class Unauthenticated(ServiceError):
    """There is no token, or none that this deployment accepts."""

    kind = Kind.UNAUTHENTICATED
    reason = "TOKEN_MISSING"

    def __init__(self, detail: str = "Masuk terlebih dahulu untuk melanjutkan.") -> None:
        super().__init__(detail)


class TokenInvalid(Unauthenticated):
    """The token is not one of ours, is damaged, or is meant for somebody else."""

    reason = "TOKEN_INVALID"

    def __init__(self) -> None:
        super().__init__("Tanda masuk tidak dikenali.")


class TokenExpired(Unauthenticated):
    """The token was good once."""

    reason = "TOKEN_EXPIRED"

    def __init__(self) -> None:
        super().__init__("Sesi sudah berakhir; silakan masuk lagi.")


class IssuerUnavailable(ServiceError):
    """The issuer of tokens cannot be reached, and nothing usable is remembered from before."""

    kind = Kind.UNAVAILABLE
    reason = "ISSUER_UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__("Layanan masuk sedang tidak dapat dihubungi. Coba lagi sebentar.")


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller as the token names it.

    Attributes:
        subject: The `sub` claim.
        client: True for a service's own client-credentials token, false for a person's.
        operator: True if the token carries the operator claim.
        claims: Every claim of the token.
    """

    subject: str
    client: bool
    operator: bool
    claims: Mapping[str, Any]


class Verifier(Protocol):
    """Checks a bearer token."""

    async def verify(self, token: str) -> Principal:
        """Return who the token names; refuses with UNAUTHENTICATED."""


class TokenSource(Protocol):
    """Gives the bearer token by which this service names itself."""

    async def token(self) -> str:
        """Return a token that is good for at least some seconds."""


class TokenVerifier:
    """Checks signature, issuer, audience and expiry against the issuer's published keys.

    Keys are fetched at first use and again when a token names a key that is not known, at most every ten seconds.
    A token that was found good is remembered until it expires, since a signature costs more than a look-up.

    Args:
        settings: Issuer, audience and address of the keys.
        jwks: Keys to use instead of fetching; for tests and tools.
        operator_claim: Name of the claim that marks the operator of the platform.
    """

    def __init__(
        self,
        settings: ServiceSettings,
        *,
        jwks: Mapping[str, Any] | None = None,
        operator_claim: str = "bela_operator",
    ) -> None:
        self._issuer = settings.auth_issuer
        self._audience = settings.auth_audience
        self._jwks_url = settings.auth_jwks_url
        self._operator_claim = operator_claim
        self._static = jwks is not None
        self._keys: KeySet | None = KeySet.import_key_set(dict(jwks)) if jwks is not None else None  # type: ignore[arg-type]
        self._fetched_at = float("-inf")
        self._asked_at = float("-inf")
        self._lock = asyncio.Lock()
        self._seen: OrderedDict[bytes, tuple[float, Principal]] = OrderedDict()

    async def verify(self, token: str) -> Principal:
        """Return who the token names.

        Raises:
            TokenInvalid: Not signed by the issuer, or not meant for this audience.
            TokenExpired: Too old.
            IssuerUnavailable: The keys could not be fetched, and none are remembered.
        """
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        found = self._seen.get(digest)
        if found is not None and found[0] > time.time():
            return found[1]
        claims = await self._claims(token)
        principal = self._principal(claims)
        self._seen[digest] = (float(claims["exp"]), principal)
        while len(self._seen) > _CACHED_TOKENS:
            self._seen.popitem(last=False)
        return principal

    async def _claims(self, token: str) -> dict[str, Any]:
        keys = await self._known_keys()
        try:
            claims = self._decoded(token, keys)
        except (JoseError, ValueError):
            # The issuer may have changed its keys since they were fetched.
            keys = await self._known_keys(newer_than=self._fetched_at)
            try:
                claims = self._decoded(token, keys)
            except (JoseError, ValueError):
                raise TokenInvalid from None
        self._check(claims)
        return claims

    def _decoded(self, token: str, keys: KeySet) -> dict[str, Any]:
        decoded = jwt.decode(token, keys, algorithms=_ALGORITHMS)
        return dict(decoded.claims)

    def _check(self, claims: dict[str, Any]) -> None:
        now = time.time()
        expires, not_before = claims.get("exp"), claims.get("nbf", 0)
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        subject = claims.get("sub")
        if not isinstance(expires, int | float) or not isinstance(not_before, int | float):
            raise TokenInvalid
        if claims.get("iss") != self._issuer or self._audience not in audiences:
            raise TokenInvalid
        if not isinstance(subject, str) or not 0 < len(subject) <= 200 or not subject.isprintable():
            raise TokenInvalid
        if not_before > now + _LEEWAY_SECONDS:
            raise TokenInvalid
        if expires <= now - _LEEWAY_SECONDS:
            raise TokenExpired

    def _principal(self, claims: dict[str, Any]) -> Principal:
        client_id = claims.get("client_id", claims.get("azp"))
        return Principal(
            subject=claims["sub"],
            client=client_id == claims["sub"],
            operator=claims.get(self._operator_claim) is True,
            claims=claims,
        )

    async def _known_keys(self, newer_than: float | None = None) -> KeySet:
        if self._static and self._keys is not None:
            return self._keys
        async with self._lock:
            age = time.monotonic() - self._fetched_at
            stale = self._keys is None or age > _KEYS_LIVE_SECONDS
            wanted = newer_than is not None and self._fetched_at <= newer_than and age > _REFETCH_SECONDS
            # An issuer that is down must not hold every request for a whole timeout.
            if (stale or wanted) and time.monotonic() - self._asked_at > _RETRY_SECONDS:
                await self._fetch()
                self._asked_at = time.monotonic()
            if self._keys is None:
                raise IssuerUnavailable
            return self._keys

    async def _fetch(self) -> None:
        try:
            body = await _request(self._jwks_url)
            self._keys = KeySet.import_key_set(json.loads(body))
            self._fetched_at = time.monotonic()
        except (OSError, ValueError, JoseError) as error:
            log.warning("the issuer's keys could not be fetched: %s", error)


class ServiceTokenSource:
    """Gets this service's own token by client credentials and renews it before it runs out."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._url = settings.auth_token_url
        self._client_id = settings.auth_client_id
        self._secret = settings.auth_client_secret.get_secret_value()
        self._lock = asyncio.Lock()
        self._token = ""
        self._renew_at = float("-inf")
        self._expires_at = float("-inf")

    async def token(self) -> str:
        """Return a token that is good for some seconds at least.

        Raises:
            IssuerUnavailable: None could be had and the last one has expired.
        """
        if time.monotonic() < self._renew_at:
            return self._token
        async with self._lock:
            if time.monotonic() >= self._renew_at:
                await self._renew()
            return self._token

    async def _renew(self) -> None:
        # RFC 6749, 2.3.1: both parts are form-encoded before they are joined, and a colon in the id needs it.
        pair = f"{urllib.parse.quote(self._client_id, safe='')}:{urllib.parse.quote(self._secret, safe='')}"
        headers = {
            "Authorization": "Basic " + b64encode(pair.encode()).decode(),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            answer = json.loads(await _request(self._url, headers=headers, data=b"grant_type=client_credentials"))
            token, lifetime = str(answer["access_token"]), float(answer.get("expires_in", 60))
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("no service token could be had: %s", error)
            if time.monotonic() < self._expires_at - _LEEWAY_SECONDS / 6:
                return
            raise IssuerUnavailable from None
        self._token = token
        self._renew_at = time.monotonic() + lifetime * 0.8
        self._expires_at = time.monotonic() + lifetime


async def _request(url: str, *, headers: Mapping[str, str] | None = None, data: bytes | None = None) -> bytes:
    """Send one rare request from a thread; an HTTP client library would cost every process megabytes for it."""
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"not an address of the web: {url!r}")

    def send() -> bytes:
        request = urllib.request.Request(url, data=data, headers=dict(headers or {}))  # noqa: S310 - scheme checked above
        # A proxy of the environment cannot know this machine's own loopback.
        local = urllib.parse.urlsplit(url).hostname in {"127.0.0.1", "::1", "localhost"}
        opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if local else []))
        with opener.open(request, timeout=_HTTP_TIMEOUT_SECONDS) as answer:
            return bytes(answer.read(1_000_000))

    return await asyncio.to_thread(send)
