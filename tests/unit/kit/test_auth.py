import json
from typing import Any

import pytest
from bela_kit import auth
from bela_kit.auth import IssuerUnavailable, ServiceTokenSource, TokenExpired, TokenInvalid, TokenVerifier
from bela_kit.settings import ServiceSettings
from bela_kit.testing.tokens import TokenIssuer

ISSUER = TokenIssuer()


@pytest.fixture
def settings() -> ServiceSettings:
    return ServiceSettings(
        environment="test",
        auth_issuer=ISSUER.issuer,
        auth_jwks_url="http://issuer/jwks",
        auth_token_url="http://issuer/token",
        auth_client_id="svc:thing",
        auth_client_secret="s:c",  # type: ignore[arg-type]
    )


class Web:
    def __init__(self, answer: Any) -> None:
        self.answer, self.calls = answer, 0
        self.headers: dict[str, str] = {}

    async def __call__(self, url: str, *, headers: Any = None, data: bytes | None = None) -> bytes:
        self.calls += 1
        self.headers = dict(headers or {})
        if isinstance(self.answer, Exception):
            raise self.answer
        return json.dumps(self.answer).encode()


async def test_person_client_and_operator_are_told_apart(settings):
    verifier = ISSUER.verifier(settings)
    person = await verifier.verify(ISSUER.mint("pp.3510"))
    assert (person.subject, person.client, person.operator) == ("pp.3510", False, False)
    assert (await verifier.verify(ISSUER.mint("svc:thing", client=True))).client
    assert (await verifier.verify(ISSUER.mint("operator", operator=True))).operator
    assert not (await verifier.verify(ISSUER.mint("x", bela_operator="true"))).operator


@pytest.mark.parametrize(
    "options",
    [{"audience": "else"}, {"iss": "http://evil"}, {"nbf": 2**40}, {"exp": "soon"}, {"sub": ""}, {"sub": "a\x00b"}],
)
async def test_token_for_others_is_invalid(settings, options):
    sub = options.pop("sub", "a")
    with pytest.raises(TokenInvalid):
        await ISSUER.verifier(settings).verify(ISSUER.mint(sub, **options))


async def test_old_token_is_expired(settings):
    with pytest.raises(TokenExpired):
        await ISSUER.verifier(settings).verify(ISSUER.mint("a", lifetime_seconds=-60))


async def test_foreign_and_unsigned_tokens_are_invalid(settings):
    verifier = ISSUER.verifier(settings)
    head = "eyJhbGciOiJub25lIn0"
    body = ISSUER.mint("a").split(".")[1]
    for token in (TokenIssuer().mint("a"), f"{head}.{body}.", f"{head}.{body}", "x", "", "a.b.c", "ü.ü.ü", "\ud800"):
        with pytest.raises(TokenInvalid):
            await verifier.verify(token)


async def test_keys_are_fetched_once_and_remembered(settings, monkeypatch):
    web = Web(ISSUER.jwks)
    monkeypatch.setattr(auth, "_request", web)
    verifier = TokenVerifier(settings)
    for name in ("a", "b", "c"):
        await verifier.verify(ISSUER.mint(name))
    assert web.calls == 1
    with pytest.raises(TokenInvalid):
        await verifier.verify(TokenIssuer().mint("a"))
    assert web.calls == 1


async def test_new_keys_are_found(settings, monkeypatch):
    web = Web(TokenIssuer().jwks)
    monkeypatch.setattr(auth, "_request", web)
    monkeypatch.setattr(auth, "_REFETCH_SECONDS", 0.0)
    monkeypatch.setattr(auth, "_RETRY_SECONDS", 0.0)
    verifier = TokenVerifier(settings)
    with pytest.raises(TokenInvalid):
        await verifier.verify(ISSUER.mint("a"))
    web.answer = ISSUER.jwks
    assert (await verifier.verify(ISSUER.mint("a"))).subject == "a"


async def test_issuer_that_is_away_is_not_asked_by_every_request(settings, monkeypatch):
    web = Web(OSError("away"))
    monkeypatch.setattr(auth, "_request", web)
    verifier = TokenVerifier(settings)
    for _ in range(5):
        with pytest.raises(IssuerUnavailable):
            await verifier.verify(ISSUER.mint("a"))
    assert web.calls == 1


async def test_service_token_is_cached_and_outlives_a_short_absence(settings, monkeypatch):
    web = Web({"access_token": "t1", "expires_in": 100})
    monkeypatch.setattr(auth, "_request", web)
    source = ServiceTokenSource(settings)
    assert [await source.token() for _ in range(3)] == ["t1"] * 3
    assert web.calls == 1
    assert web.headers["Authorization"] == "Basic c3ZjJTNBdGhpbmc6cyUzQWM="
    source._renew_at = 0.0
    web.answer = OSError("away")
    assert await source.token() == "t1"
    source._expires_at = 0.0
    with pytest.raises(IssuerUnavailable):
        await source.token()


async def test_only_web_addresses_are_asked():
    with pytest.raises(ValueError, match="not an address"):
        await auth._request("file:///etc/passwd")
