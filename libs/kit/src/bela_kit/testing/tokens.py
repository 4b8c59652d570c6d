"""An issuer in the test's own process: signs tokens, publishes its keys, knows nobody."""

import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from bela_kit.auth import TokenVerifier
from bela_kit.settings import ServiceSettings


class TokenIssuer:
    """Mints RS256 access tokens for any subject.

    Attributes:
        issuer: The `iss` claim; settings under test carry it as `auth_issuer`.
        jwks: The public keys.
    """

    issuer = "http://issuer.test"

    def __init__(self) -> None:
        self._key = RSAKey.generate_key(2048, {"kid": "test", "use": "sig", "alg": "RS256"}, private=True)
        self.jwks: dict[str, Any] = {"keys": [self._key.as_dict(private=False)]}

    def mint(
        self,
        sub: str,
        *,
        operator: bool = False,
        client: bool = False,
        audience: str = "bela",
        lifetime_seconds: int = 3600,
        **claims: Any,
    ) -> str:
        """Return a token of a person, of the operator, or of a service (`client`)."""
        now = int(time.time())
        body: dict[str, Any] = {
            "iss": self.issuer,
            "sub": sub,
            "aud": audience,
            "iat": now,
            "exp": now + lifetime_seconds,
        }
        body["client_id"] = sub if client else "portal"
        if operator:
            body["bela_operator"] = True
        return jwt.encode({"alg": "RS256", "kid": "test"}, {**body, **claims}, self._key)

    def bearer(self, sub: str, **options: Any) -> dict[str, str]:
        """Return the header with which a request carries such a token."""
        return {"authorization": f"Bearer {self.mint(sub, **options)}"}

    def verifier(self, settings: ServiceSettings) -> TokenVerifier:
        """Return a verifier that trusts this issuer's keys; the settings name it as their issuer."""
        return TokenVerifier(settings, jwks=KeySet.import_key_set(self.jwks).as_dict())  # type: ignore[arg-type]
