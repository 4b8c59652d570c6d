"""Tokens of services, by the client credentials that a stack made for them."""

import httpx
from bela_local.stack import Stack

SERVICES = ("vendor", "catalog", "order", "reporting")


def service_token(stack: Stack, client_id: str) -> str:
    """Return what `svc:order` shows to its neighbours."""
    secret = (stack.folder / "secrets" / f"{client_id.removeprefix('svc:')}.client_secret").read_text().strip()
    answer = httpx.post(
        f"{stack.issuer_url}/token",
        data={"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret},
        trust_env=False,
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])
