"""Every operation of the public API as the running system documents it; new ones are included by being served."""

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
METHODS = ("get", "put", "post", "patch", "delete")
# What differs between two answers that say the same.
VOLATILE = ("trace_id", "detail", "now", "as_of", "generated_at", "publishedDate", "next_page_token")
# The gateway, which knows no trace id, names the request's.
_TRACE = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Operation:
    """One operation of the merged document."""

    id: str
    method: str
    path: str
    documented: Mapping[str, Any] = field(hash=False)

    @property
    def security(self) -> list[dict[str, Any]] | None:
        return self.documented.get("security")

    @property
    def regional(self) -> bool:
        return "{region}" in self.path

    @property
    def public(self) -> bool:
        """Whether nobody may call it: it names an empty security requirement, or none at all."""
        return self.security is None or {} in self.security

    @property
    def takes_file(self) -> bool:
        """Whether its body is a file and no JSON."""
        return "application/octet-stream" in self.documented.get("requestBody", {}).get("content", {})

    @property
    def names(self) -> list[str]:
        """The parameters of its path."""
        return re.findall(r"\{(\w+)\}", self.path)

    def address(self, ids: Mapping[str, str]) -> str:
        """The path with real ids, and with random ones for names that nobody has given an id."""
        values = {name: ids.get(name) or str(uuid.uuid4()) for name in self.names}
        return re.sub(r"\{(\w+)\}", lambda match: values[match.group(1)], self.path)

    def body(self) -> Any:
        """The documented example of the request."""
        content = self.documented.get("requestBody", {}).get("content", {}).get("application/json", {})
        return content.get("example", {})

    def send(self, client: httpx.Client, ids: Mapping[str, str], body: Any = None) -> httpx.Response:
        """Call it as a well-meaning client would."""
        arguments: dict[str, Any] = {"params": self.required_query()}
        headers = {}
        if self.method in {"post", "put", "patch"}:
            headers = {"Idempotency-Key": str(uuid.uuid4()), "If-Match": '"1"'}
            if self.takes_file:
                names = {parameter["name"] for parameter in self.documented.get("parameters", ())}
                query = {"filename": "a.csv"} if "filename" in names else self.required_query()
                arguments |= {"content": b"NAMA USAHA\n", "params": query}
                headers["Content-Type"] = "text/csv"
            elif "requestBody" in self.documented:
                arguments["json"] = self.body() if body is None else body
        return client.request(self.method.upper(), self.address(ids), headers=headers, **arguments)

    def required_query(self) -> dict[str, str]:
        found = {}
        for parameter in self.documented.get("parameters", ()):
            if parameter["in"] == "query" and parameter.get("required"):
                example = parameter.get("example", parameter["schema"].get("example", 2026))
                found[parameter["name"]] = str(example)
        return found


def operations(document: Mapping[str, Any] | None = None) -> list[Operation]:
    """Return every operation of a document; of the committed one by default, which a contract test holds current."""
    if document is None:
        document = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    found = [
        Operation(item[method]["operationId"], method, path, item[method])
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    ]
    return sorted(found, key=lambda one: one.id)


def same(one: httpx.Response, other: httpx.Response) -> None:
    """Fail unless two answers say exactly the same, but for times and trace ids."""
    assert one.status_code == other.status_code, (one.text[:500], other.text[:500])
    assert one.headers.get("content-type") == other.headers.get("content-type")
    assert one.headers.get("etag") == other.headers.get("etag")
    assert settled(one) == settled(other)


def settled(answer: httpx.Response) -> Any:
    if "json" not in answer.headers.get("content-type", ""):
        return answer.content
    return _without(answer.json())


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        # The sentence of a refusal without a reason code would be content; that of a refusal may name the trace.
        hidden = VOLATILE if "reason" in value else tuple(name for name in VOLATILE if name != "detail")
        return {key: _without(item) for key, item in value.items() if key not in hidden}
    return [_without(item) for item in value] if isinstance(value, list) else value


def leaves(value: Any) -> Iterator[str]:
    """Every text in a document."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield str(value)


def problem(answer: Any) -> dict[str, Any]:
    """Return the problem document of a refusal, whose shape is checked; the answer may be of any client."""
    media = answer.headers["content-type"]
    assert media in ("application/problem+json", ["application/problem+json"]), (answer.status_code, answer.text[:300])
    found: dict[str, Any] = answer.json()
    assert found["status"] == answer.status_code, found
    assert re.fullmatch(r"[A-Z][A-Z0-9_]+", found["reason"]), found
    assert found["title"] and found["detail"], found
    # What the gateway cannot read as HTTP has no id yet.
    assert found["reason"] == "REQUEST_MALFORMED" or _TRACE.fullmatch(found["trace_id"]), found
    for each in found["fields"]:
        assert {"field", "reason", "message"} == set(each), found
        # An empty field is the body as a whole.
        assert each["reason"] and each["message"], found
    return found
