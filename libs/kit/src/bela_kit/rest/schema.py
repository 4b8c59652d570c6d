"""What goes in and out as JSON: strict input, ready-made output, entity tags.

Input is read as a JSON document by strict rules: no unknown fields, no text for a number, no fraction for a whole
number. Output is given as plain data and encoded once.
"""

import math
import re
from typing import Annotated, Any

import orjson
from fastapi._compat import ModelField
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.responses import Response

_INT64 = 2**63
_MAX_DEPTH = 32
# The database refuses NUL, UTF-8 half a pair, workbooks and XML every control character but tab and line ends.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

Rupiah = Annotated[int, Field(ge=0, le=10**15, strict=True)]
"""Whole rupiah; the name of a field of this type ends in `_idr`."""


class Schema(BaseModel):
    """Base of every request body and of every documented answer."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


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


def read_strictly(field: ModelField) -> None:
    """Make the field of a body read its value as a JSON document.

    FastAPI hands a parsed document to validation as Python objects, for which strict mode refuses dates and UUIDs
    written as text; written as JSON again, strict means what a client expects it to mean.
    """
    info = field.field_info
    annotation: Any = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)

    def validate(
        value: Any, values: Any = None, *, loc: tuple[int | str, ...] = ()
    ) -> tuple[Any, list[dict[str, Any]]]:
        try:
            _refuse_unstorable(value, loc, 0)
            return adapter.validate_json(orjson.dumps(value)), []
        except _Unstorable as refused:
            return None, [{"type": refused.reason, "loc": refused.location, "msg": refused.message}]
        except ValidationError as error:
            problems = error.errors(include_url=False, include_input=False)
            return None, [{**one, "loc": loc + one["loc"]} for one in problems]

    field.validate = validate  # type: ignore[method-assign]


class _Unstorable(Exception):
    def __init__(self, reason: str, message: str, location: tuple[int | str, ...]) -> None:
        super().__init__(reason)
        self.reason = reason
        self.message = message
        self.location = location


def _refuse_unstorable(data: Any, at: tuple[int | str, ...], depth: int) -> None:
    """Refuse what JSON allows and no store takes: control characters, lone surrogates, integers beyond 64 bits."""
    if isinstance(data, str):
        _refuse_text(data, at)
    elif isinstance(data, int):
        if not -_INT64 <= data < _INT64:
            raise _Unstorable("INTEGER_TOO_LARGE", "Bilangan terlalu besar.", at)
    elif isinstance(data, float):
        if not math.isfinite(data):
            raise _Unstorable("NUMBER_NOT_FINITE", "Bukan bilangan.", at)
    elif depth > _MAX_DEPTH:
        raise _Unstorable("TOO_DEEP", "Susunan data terlalu dalam.", at)
    elif isinstance(data, dict):
        for key, value in data.items():
            _refuse_text(key, at)
            _refuse_unstorable(value, (*at, key), depth + 1)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            _refuse_unstorable(value, (*at, index), depth + 1)


def _refuse_text(text: str, at: tuple[int | str, ...]) -> None:
    if _NO_TEXT.search(text):
        raise _Unstorable("TEXT_NOT_STORABLE", "Teks memuat tanda yang tidak sah.", at)
