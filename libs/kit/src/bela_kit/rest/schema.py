"""What goes in and out as JSON: strict input, ready-made output, entity tags.

Input is read as a JSON document by strict rules: no unknown fields, no text for a number, no fraction for a whole
number. Output is given as plain data and encoded once.
"""

import math
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError
from starlette.responses import Response

_INT64 = 2**63
_MAX_DEPTH = 32

Rupiah = Annotated[int, Field(ge=0, le=10**15, strict=True)]
"""Whole rupiah; the name of a field of this type ends in `_idr`."""


class Schema(BaseModel):
    """Base of every request body and of every documented answer."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _read_as_json(cls, data: Any, info: ValidationInfo) -> Any:
        """Validate plain JSON data by the rules for JSON: strict, yet a date may be a string.

        FastAPI hands over a parsed document, for which strict mode would refuse dates and UUIDs as strings.
        """
        if info.mode != "python" or not isinstance(data, dict) or not _is_plain(data):
            return data
        _refuse_unstorable(data, "", 0)
        return cls.__pydantic_validator__.validate_json(orjson.dumps(data))


def json_response(data: Any, *, status: int = 200, etag: str | None = None) -> Response:
    """Return an answer; `data` is anything orjson writes: mappings, lists, dataclasses, UUIDs, dates, enums."""
    headers = {} if etag is None else {"ETag": etag}
    return Response(encoded(data), status, media_type="application/json", headers=headers)


def encoded(data: Any) -> bytes:
    """Return data as JSON."""
    return orjson.dumps(data, default=_default)


def etag_of(version: int) -> str:
    """Return the strong entity tag of a version."""
    return f'"{version}"'


def _default(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def _is_plain(data: Any, depth: int = 0) -> bool:
    if depth > _MAX_DEPTH:
        return True
    if isinstance(data, dict):
        return all(isinstance(key, str) and _is_plain(value, depth + 1) for key, value in data.items())
    if isinstance(data, list):
        return all(_is_plain(value, depth + 1) for value in data)
    return data is None or type(data) in (str, int, float, bool)


def _refuse_unstorable(data: Any, path: str, depth: int) -> None:
    """Refuse what JSON allows and the database does not: NUL, half a surrogate pair, integers beyond 64 bits."""
    if depth > _MAX_DEPTH:
        raise PydanticCustomError("TOO_DEEP", "Susunan data terlalu dalam.", {"path": path})
    if isinstance(data, dict):
        for key, value in data.items():
            _refuse_text(key, path)
            _refuse_unstorable(value, f"{path}.{key}" if path else key, depth + 1)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            _refuse_unstorable(value, f"{path}[{index}]", depth + 1)
    elif isinstance(data, str):
        _refuse_text(data, path)
    elif isinstance(data, int) and not -_INT64 <= data < _INT64:
        raise PydanticCustomError("INTEGER_TOO_LARGE", "Bilangan terlalu besar.", {"path": path})
    elif isinstance(data, float) and not math.isfinite(data):
        raise PydanticCustomError("NUMBER_NOT_FINITE", "Bukan bilangan.", {"path": path})


def _refuse_text(text: str, path: str) -> None:
    if text.isascii():
        bad = "\x00" in text
    else:
        try:
            bad = b"\x00" in text.encode("utf-8")
        except UnicodeEncodeError:
            bad = True
    if bad:
        raise PydanticCustomError("TEXT_NOT_STORABLE", "Teks memuat tanda yang tidak sah.", {"path": path})
