"""From part to part through the three formats of pictures. Each walk says which bytes it wants, and ends at the end.

A part that holds text (comments, metadata) is looked at for pages and programs; pixels are passed over.
"""

import re
from collections.abc import Generator
from dataclasses import dataclass

from vendor_service.domain.evidence.errors import EvidenceTypeRefused

SNIFF_BYTES = 16
"""What is read before the type is known."""

_LARGEST_TEXT_BYTES = 1024 * 1024
_FOREIGN = re.compile(rb"(?i)<script|<html|<!doctype|<svg[\s>]|<\?php|%pdf-[12]\.")
_END_OF_IMAGE, _START_OF_SCAN = 0xD9, 0xDA
# Markers that stand alone: TEM and the restarts.
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})


class Ended(Exception):
    """The picture is complete."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk waits for: after `skip` bytes the next `read` bytes; or everything `until` a byte, that one too."""

    read: int = 0
    skip: int = 0
    until: int | None = None


def walk_png() -> Generator[Walk, bytes, None]:
    """Chunk by chunk: a header first, pixels, and an empty end; lengths are checked, sums are not."""
    yield Walk(read=8)
    head = yield Walk(read=8)
    if head[:4] != (13).to_bytes(4, "big") or head[4:] != b"IHDR":
        raise EvidenceTypeRefused("PICTURE_BROKEN")
    pixels = False
    while head[4:] != b"IEND":
        size = int.from_bytes(head[:4], "big")
        if size >= 2**31 or not head[4:].isalpha():
            raise EvidenceTypeRefused("PICTURE_BROKEN")
        if head[4:] == b"IDAT":
            pixels = True
            head = yield Walk(read=8, skip=size + 4)
        else:
            text = yield Walk(read=_text_size(size))
            _refuse_foreign(text)
            head = yield Walk(read=8, skip=4)
    if not pixels or head[:4] != bytes(4):
        raise EvidenceTypeRefused("PICTURE_BROKEN")
    yield Walk(read=4)


def walk_webp() -> Generator[Walk, bytes, None]:
    """Chunk by chunk within the length that the file states for itself."""
    head = yield Walk(read=12)
    left = int.from_bytes(head[4:8], "little") - 4
    pixels = False
    while left >= 8:
        head = yield Walk(read=8)
        size = int.from_bytes(head[4:8], "little")
        padded = size + size % 2
        left -= 8 + padded
        if left < 0:
            raise EvidenceTypeRefused("PICTURE_BROKEN")
        if head[:4] in (b"VP8 ", b"VP8L", b"ANMF"):
            pixels = True
            yield Walk(skip=padded)
        else:
            text = yield Walk(read=_text_size(padded))
            _refuse_foreign(text)
    if not pixels or left:
        raise EvidenceTypeRefused("PICTURE_BROKEN")


def walk_jpeg() -> Generator[Walk, bytes, None]:
    """Segment by segment, through the scans, to the marker that ends the image."""
    yield Walk(read=2)
    framed = False
    marker = yield from _marker()
    while marker != _END_OF_IMAGE:
        if marker not in _ALONE:
            size = int.from_bytes((yield Walk(read=2)), "big") - 2
            if size < 0:
                raise EvidenceTypeRefused("PICTURE_BROKEN")
            _refuse_foreign((yield Walk(read=size)))
            framed = framed or marker in _FRAMES
        if marker == _START_OF_SCAN:
            marker = yield from _behind_scan()
        else:
            marker = yield from _marker()
    if not framed:
        raise EvidenceTypeRefused("PICTURE_BROKEN")


def _marker() -> Generator[Walk, bytes, int]:
    first = yield Walk(read=1)
    if first != b"\xff":
        raise EvidenceTypeRefused("PICTURE_BROKEN")
    while first == b"\xff":
        first = yield Walk(read=1)
    return first[0]


def _behind_scan() -> Generator[Walk, bytes, int]:
    """Pass over compressed pixels, in which FF 00 is a byte and a restart belongs to the scan."""
    while True:
        yield Walk(until=0xFF)
        following = yield Walk(read=1)
        while following == b"\xff":
            following = yield Walk(read=1)
        if following[0] != 0 and following[0] not in _ALONE:
            return following[0]


def _text_size(size: int) -> int:
    if size > _LARGEST_TEXT_BYTES:
        raise EvidenceTypeRefused("PICTURE_BROKEN")
    return size


def _refuse_foreign(text: bytes) -> None:
    if _FOREIGN.search(text):
        raise EvidenceTypeRefused("MARKUP_INSIDE")
