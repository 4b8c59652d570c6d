"""Opaque keyset tokens: where the next page begins, in a form that clients pass back unread."""

import base64
import binascii
from collections.abc import Mapping

import orjson

from bela_kit.core.errors import FieldError, JsonValue, Kind, ServiceError

_MAX_LENGTH = 2048


class BadPageToken(ServiceError):
    """The token was not made here, or not for this list."""

    kind = Kind.INVALID
    reason = "PAGE_TOKEN"

    def __init__(self) -> None:
        message = "Penanda halaman tidak dikenal; mulai lagi dari halaman pertama."
        super().__init__(message, fields=[FieldError("page_token", self.reason, message)])


def encode_token(keys: Mapping[str, JsonValue]) -> str:
    """Return a token for the keys of the last item shown; URL-safe."""
    return base64.urlsafe_b64encode(orjson.dumps(dict(keys))).rstrip(b"=").decode("ascii")


def decode_token(token: str, *expected: str) -> dict[str, JsonValue]:
    """Return the keys in a token, all `expected` ones among them.

    The values are what a client may have forged: the caller casts them before they meet a query.

    Raises:
        BadPageToken: The token cannot be read, or lacks a key.
    """
    if len(token) > _MAX_LENGTH:
        raise BadPageToken
    try:
        raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
        keys = orjson.loads(raw)
    except (ValueError, UnicodeEncodeError, binascii.Error):
        raise BadPageToken from None
    if not isinstance(keys, dict) or any(name not in keys for name in expected):
        raise BadPageToken
    if any(isinstance(value, str) and "\x00" in value for value in keys.values()):
        raise BadPageToken
    return keys
