"""The local issuer's flows, as a service, a script and a portal use them."""

import base64
import hashlib
import json
import re
import urllib.parse
from typing import Any

import httpx
import pytest
from bela_local.stack import Stack
from bela_local.tokens import UnknownPersona


def claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    decoded: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return decoded


@pytest.fixture
def issuer(stack: Stack) -> str:
    return stack.issuer_url


def test_a_persona_token_says_who_and_for_whom(stack: Stack) -> None:
    said = claims(stack.token("bendahara.6112"))
    assert (said["sub"], said["aud"], said["iss"]) == ("bendahara.6112", "bela", stack.issuer_url)
    assert "bela_operator" not in said


def test_only_the_operator_carries_the_operator_claim(stack: Stack) -> None:
    assert claims(stack.token("operator"))["bela_operator"] is True


@pytest.mark.parametrize("region", ["1311", "3510", "6112", "19", "1904", "1271"])
def test_every_region_has_twenty_vendor_users(stack: Stack, region: str) -> None:
    assert claims(stack.token(f"vendor20.{region}"))["sub"] == f"vendor20.{region}"


def test_a_stranger_gets_no_token(stack: Stack) -> None:
    with pytest.raises(UnknownPersona):
        stack.token("nobody.3510")


def test_a_service_gets_a_token_in_its_own_name(stack: Stack, issuer: str) -> None:
    secret = (stack.folder / "secrets" / "order.client_secret").read_text()
    answer = httpx.post(
        f"{issuer}/token",
        auth=(urllib.parse.quote("svc:order", safe=""), secret),
        data={"grant_type": "client_credentials"},
        trust_env=False,
    )
    said = claims(answer.json()["access_token"])
    assert (said["sub"], said["client_id"], said["aud"]) == ("svc:order", "svc:order", "bela")


def test_a_wrong_client_secret_is_refused(issuer: str) -> None:
    answer = httpx.post(
        f"{issuer}/token", auth=("svc%3Aorder", "guess"), data={"grant_type": "client_credentials"}, trust_env=False
    )
    assert answer.status_code == 401


def test_a_portal_signs_a_person_in_by_code_and_pkce(issuer: str) -> None:
    verifier = "a" * 64
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    back = "http://127.0.0.1:5173/callback"
    asked = {
        "client_id": "bela-portal",
        "response_type": "code",
        "redirect_uri": back,
        "scope": "openid profile api",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "state": "s",
    }
    with httpx.Client(base_url=issuer, trust_env=False) as browser:
        page_url = browser.get("/auth", params=asked).headers["location"]
        page = browser.get(page_url)
        assert "executive.19" in page.text
        action = re.search(r'action="([^"]+)"', page.text)
        assert action is not None
        answer = browser.post(action[1].replace("&#38;", "&"), data={"sub": "executive.19"})
        while not answer.headers["location"].startswith(back):
            answer = browser.get(answer.headers["location"])
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["location"]).query)["code"][0]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "client_id": "bela-portal"}
        refused = browser.post("/token", data={**form, "code_verifier": "b" * 64})
        assert refused.status_code == 400
        answer = browser.get("/auth", params=asked)
        while not answer.headers["location"].startswith(back):
            answer = browser.get(answer.headers["location"])
        form["code"] = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["location"]).query)["code"][0]
        issued = browser.post("/token", data={**form, "code_verifier": verifier}).json()
    said = claims(issued["access_token"])
    assert (said["sub"], said["aud"], said["client_id"]) == ("executive.19", "bela", "bela-portal")
