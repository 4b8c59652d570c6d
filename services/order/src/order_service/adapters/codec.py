"""Frozen dataclasses to JSON documents and back, by their annotations.

An aggregate is one document in its row (see `tables`), so its parts need no tables of their own. Encoders and decoders
are built once a class and kept; a field that is missing in an older document takes the dataclass's default.
"""

import enum
import types
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

T = TypeVar("T")
Convert = Callable[[Any], Any]

_PLAIN = (str, int, bool, type(None))


def _same(value: Any) -> Any:
    return value


def to_document(value: Any) -> dict[str, Any]:
    """Return a dataclass as plain JSON data."""
    document: dict[str, Any] = _encoder(cast(Hashable, type(value)))(value)
    return document


def from_document(kind: type[T], document: Mapping[str, Any]) -> T:
    """Return the dataclass that a document holds."""
    value: T = _decoder(cast(Hashable, kind))(document)
    return value


def _unwrapped(hint: Any) -> tuple[Any, bool]:
    """Return the hint without None, and whether None was allowed."""
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    if get_origin(hint) in (Union, types.UnionType):
        rest = [part for part in get_args(hint) if part is not type(None)]
        optional = len(rest) < len(get_args(hint))
        if len(rest) == 1:
            return _unwrapped(rest[0])[0], optional
        return hint, optional
    return hint, False


@cache
def _encoder(hint: Any) -> Convert:
    hint, _ = _unwrapped(hint)
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        parts = [(each.name, _optional(_encoder(hints[each.name]))) for each in fields(hint)]
        return lambda value: {name: encode(getattr(value, name)) for name, encode in parts}
    simple = _simple_encoder(hint)
    if simple is not None:
        return simple
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is not None and issubclass(origin, Mapping):
        encode = _optional(_encoder(arguments[1]))
        return lambda value: {str(key): encode(item) for key, item in value.items()}
    if origin in (frozenset, set):
        encode = _encoder(arguments[0])
        return lambda value: sorted(encode(item) for item in value)
    if origin is not None and issubclass(origin, Collection):
        encode = _optional(_encoder(arguments[0]))
        return lambda value: [encode(item) for item in value]
    raise TypeError(f"no way to store {hint!r}")


def _simple_encoder(hint: Any) -> Convert | None:
    if hint in _PLAIN:
        return _same
    if isinstance(hint, type):
        if issubclass(hint, enum.Enum):
            return lambda value: getattr(value, "value", value)
        if issubclass(hint, date):
            return lambda value: value.isoformat()
        if issubclass(hint, Fraction):
            return lambda value: [value.numerator, value.denominator]
        if issubclass(hint, timedelta):
            return lambda value: value // timedelta(microseconds=1)
        if issubclass(hint, ZoneInfo):
            return lambda value: value.key
    return None


def _optional(convert: Convert) -> Convert:
    if convert is _same:
        return _same
    return lambda value: None if value is None else convert(value)


@cache
def _decoder(hint: Any) -> Convert:
    hint, _ = _unwrapped(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return _dataclass_decoder(hint)
    simple = _simple_decoder(hint)
    if simple is not None:
        return simple
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is not None and issubclass(origin, Mapping):
        decode_key, decode = _decoder(arguments[0]), _optional(_decoder(arguments[1]))
        return lambda value: {decode_key(key): decode(item) for key, item in value.items()}
    if origin in (frozenset, set):
        decode = _decoder(arguments[0])
        return lambda value: frozenset(decode(item) for item in value)
    if origin is list:
        decode = _optional(_decoder(arguments[0]))
        return lambda value: [decode(item) for item in value]
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        decode = _optional(_decoder(arguments[0]))
        return lambda value: tuple(decode(item) for item in value)
    if origin is tuple:
        each = [_optional(_decoder(part)) for part in arguments]
        return lambda value: tuple(one(item) for one, item in zip(each, value, strict=True))
    if origin is not None and issubclass(origin, Sequence | Collection):
        decode = _optional(_decoder(arguments[0]))
        return lambda value: tuple(decode(item) for item in value)
    raise TypeError(f"no way to read {hint!r}")


def _dataclass_decoder(kind: type[Any]) -> Convert:
    hints = get_type_hints(kind)
    stored = [each for each in fields(kind) if each.init]
    parts = [(each.name, _optional(_decoder(hints[each.name]))) for each in stored]
    required = {each.name for each in stored if each.default is MISSING and each.default_factory is MISSING}

    def decode(document: Any) -> Any:
        return kind(
            **{name: convert(document[name]) for name, convert in parts if name in document or name in required}
        )

    return decode


def _simple_decoder(hint: Any) -> Convert | None:
    if hint in _PLAIN:
        return _same
    if isinstance(hint, type):
        if issubclass(hint, enum.Enum):
            return hint
        if issubclass(hint, datetime):
            return datetime.fromisoformat
        if issubclass(hint, date):
            return date.fromisoformat
        if issubclass(hint, Fraction):
            return lambda value: Fraction(value[0], value[1])
        if issubclass(hint, timedelta):
            return lambda value: timedelta(microseconds=value)
        if issubclass(hint, ZoneInfo):
            return ZoneInfo
    return None
