"""Compares every answer of the service with what its OpenAPI document promises of it."""

import re
from functools import cache
from typing import Any

import httpx
from jsonschema import Draft202012Validator


class Described:
    """The document of a service, as a hook on the answers that a client receives."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._paths = [(re.compile(re.sub(r"\{[^}]+\}", "[^/:]+", path)), path) for path in document["paths"]]
        self._validator = cache(self._new_validator)
        self.seen: set[tuple[str, str, int]] = set()

    async def check(self, answer: httpx.Response) -> None:
        """Fail if an answer of a known operation has a status or a shape that the document does not name."""
        path = self._path_of(answer.request.url.path)
        if path is None:
            return
        operation = self.document["paths"][path].get(answer.request.method.lower())
        if operation is None:
            return
        await answer.aread()
        media = answer.headers["content-type"].partition(";")[0]
        described = operation["responses"].get(str(answer.status_code), {}).get("content", {})
        assert media in described, f"{answer.request.method} {path} answers {answer.status_code} {media}: {answer.text}"
        errors = self._validator(path, answer.request.method.lower(), str(answer.status_code), media).iter_errors(
            answer.json()
        )
        wrong = [f"{error.json_path}: {error.message}" for error in errors]
        assert not wrong, f"{answer.request.method} {path} {answer.status_code}: {wrong}"
        self.seen.add((answer.request.method, path, answer.status_code))

    def _path_of(self, path: str) -> str | None:
        return next((template for pattern, template in self._paths if pattern.fullmatch(path)), None)

    def _new_validator(self, path: str, method: str, status: str, media: str) -> Draft202012Validator:
        described = self.document["paths"][path][method]["responses"][status]["content"][media]
        assert described.get("schema"), f"{method} {path} {status} has no schema"
        return Draft202012Validator({**described["schema"], "components": self.document["components"]})
