"""The public API as the demo's people use it: a persona, a path, a body; a refusal is an exception with its reason."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

import httpx

from bela_local.run_file import RunInfo
from bela_local.tokens import token

Json = dict[str, Any]
Result = TypeVar("Result")

# Events cross the broker in milliseconds; a machine under load may take longer.
EVENTUALLY_SECONDS = 120.0
POLL_SECONDS = 0.05


class Refused(Exception):
    """The system said no; `reason` is its code and `problem` all that it said."""

    def __init__(self, answer: httpx.Response) -> None:
        try:
            self.problem: Json = answer.json()
        except ValueError:
            self.problem = {"detail": answer.text}
        self.status = answer.status_code
        self.reason = str(self.problem.get("reason", ""))
        request = answer.request
        super().__init__(f"{request.method} {request.url.path}: {self.status} {self.reason} {self.problem}")


class Api:
    """One client for all personas."""

    def __init__(self, info: RunInfo) -> None:
        self._info = info
        self._client = httpx.Client(base_url=info.gateway_url, timeout=60, trust_env=False)

    def get(self, path: str, who: str | None = None, **query: Any) -> Json:
        """Read something, as a persona or as anybody."""
        return self._send("GET", path, who, params={k: str(v) for k, v in query.items() if v is not None})

    def post(self, path: str, who: str, body: Any = None, *, key: str | None = None) -> Json:
        """Do something; the key makes a repetition harmless."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return self._send("POST", path, who, json=body if body is not None else {}, headers=headers)

    def patch(self, path: str, who: str, body: Json) -> Json:
        """Change something as it stands now."""
        answer = self._client.get(path, headers=self._authorization(who))
        return self._send("PATCH", path, who, json=body, headers={"If-Match": answer.headers.get("ETag", "*")})

    def upload(self, path: str, who: str, content: bytes, filename: str) -> Json:
        """Send a file as it is."""
        return self._send("POST", path, who, content=content, params={"filename": filename})

    def pages(self, path: str, items: str, who: str | None = None, **query: Any) -> Iterator[Json]:
        """Return every entry of a list."""
        page_token: str | None = None
        while True:
            page = self.get(path, who, page_size=100, page_token=page_token, **query)
            yield from page[items]
            page_token = page.get("next_page_token")
            if not page_token:
                return

    def _send(self, method: str, path: str, who: str | None, **arguments: Any) -> Json:
        headers = {**self._authorization(who), **arguments.pop("headers", {})}
        answer = self._client.request(method, path, headers=headers, **arguments)
        if answer.status_code >= 400:
            raise Refused(answer)
        return dict(answer.json()) if answer.content else {}

    def _authorization(self, who: str | None) -> Mapping[str, str]:
        return {} if who is None else {"Authorization": f"Bearer {token(self._info, who)}"}


def eventually(act: Callable[[], Result]) -> Result:
    """Repeat an act until the facts it needs have reached the service that judges it."""
    deadline = time.monotonic() + EVENTUALLY_SECONDS
    while True:
        try:
            return act()
        except (Refused, LookupError):
            if time.monotonic() > deadline:
                raise
            time.sleep(POLL_SECONDS)


def wait_until(true: Callable[[], bool], what: str) -> None:
    """Wait for a condition; its name is in the error when it never comes."""
    deadline = time.monotonic() + EVENTUALLY_SECONDS
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {EVENTUALLY_SECONDS:.0f} s")
        time.sleep(POLL_SECONDS)


def set_clock(api: Api, region: str, at: datetime) -> None:
    """Put the clock of a demo region to an instant, and wait until every service reads it."""
    api.patch(f"/order/v1/regions/{region}", "operator", {"clock_at": at.isoformat()})
    for service in ("vendor", "catalog", "order", "reporting"):

        def reads_it(service: str = service) -> bool:
            now = datetime.fromisoformat(api.get(f"/{service}/v1/regions/{region}/time")["now"])
            return abs((now - at).total_seconds()) < 60

        wait_until(reads_it, f"clock of {region} in {service}")
