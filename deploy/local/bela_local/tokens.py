"""Tokens for scripts: the demo, the end-to-end tests and the benchmark act as dozens of people."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request

from bela_local.run_file import RunInfo

GRANT_TYPE = "urn:bela:grant-type:persona"
CLIENT_ID = "bela-dev"
RENEW_SECONDS = 60.0

_cache: dict[tuple[str, str], tuple[float, str]] = {}


class UnknownPersona(Exception):
    """The issuer knows nobody of this name."""


def token(run_info: RunInfo, sub: str) -> str:
    """Return an access token of a persona, the same one until it has nearly expired."""
    return token_from(run_info.issuer_url, sub)


def token_from(issuer_url: str, sub: str) -> str:
    """Return an access token of a persona from a given issuer.

    Raises:
        UnknownPersona: There is no such persona; see deploy/issuer/personas.json.
    """
    now = time.monotonic()
    renew_at, value = _cache.get((issuer_url, sub), (0.0, ""))
    if now < renew_at:
        return value
    form = urllib.parse.urlencode({"grant_type": GRANT_TYPE, "client_id": CLIENT_ID, "persona": sub}).encode()
    # A proxy of the environment cannot know this machine's loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{issuer_url}/token", data=form, timeout=10) as answer:
            issued = json.load(answer)
    except urllib.error.HTTPError as error:
        raise UnknownPersona(f"{sub}: {error.read().decode(errors='replace')}") from error
    value = str(issued["access_token"])
    _cache[issuer_url, sub] = (now + float(issued["expires_in"]) - RENEW_SECONDS, value)
    return value
