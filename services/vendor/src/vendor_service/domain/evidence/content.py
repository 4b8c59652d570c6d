"""Whether uploaded bytes are the photo or paper they claim to be, found out while they stream by.

A photo is walked part by part to its end, so that no second file can hide in it or behind it; a paper (PDF) must begin
as one, end as one, and carry nothing that runs. Nothing is decoded here: a picture may still be ugly, but never a page,
a program or an archive to whoever opens it.
"""

import re
from collections.abc import Generator

from vendor_service.domain.evidence.errors import EvidenceTypeRefused
from vendor_service.domain.evidence.walkers import SNIFF_BYTES, Ended, Walk, walk_jpeg, walk_png, walk_webp

PHOTO_LIMIT_BYTES = 10 * 1024 * 1024
PAPER_LIMIT_BYTES = 20 * 1024 * 1024

_PAPER_START = re.compile(rb"%PDF-[12]\.\d")
_PAPER_END = b"%%EOF"
# What a reader of PDF would run or unpack. `/JS` alone is left out: three bytes occur in any compressed picture, and
# no script runs without the longer name.
_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia)[^A-Za-z0-9]")
_MARKUP = re.compile(rb"(?i)<(?:script|html|!doctype|svg[\s>])")
_OVERLAP_BYTES = 32
_TAIL_BYTES = 1024


class EvidenceContent:
    """Takes chunks, gives back what is to be kept of them, and knows the type and its limit once it has seen enough.

    Raises:
        EvidenceTypeRefused: From `take` or `finish`, whenever the bytes turn out to be something else.
    """

    def __init__(self) -> None:
        self.media_type = ""
        self.limit_bytes = PAPER_LIMIT_BYTES
        self._head = b""
        self._photo: _Photo | None = None
        self._paper: _Paper | None = None

    def take(self, chunk: bytes) -> bytes:
        """Look at the next chunk and return what is to be kept, which may lag behind by the first few bytes."""
        if self.media_type:
            return self._passed(chunk)
        self._head += chunk
        if len(self._head) < SNIFF_BYTES:
            return b""
        return self._begin()

    def finish(self) -> None:
        """Say that nothing follows."""
        if not self.media_type:
            raise EvidenceTypeRefused("TOO_SHORT")
        if self._photo is not None:
            self._photo.finish()
        if self._paper is not None:
            self._paper.finish()

    def _begin(self) -> bytes:
        head, self._head = self._head, b""
        if head.startswith(b"\xff\xd8\xff"):
            self.media_type, self._photo = "image/jpeg", _Photo(walk_jpeg(), cut_after_end=True)
        elif head.startswith(b"\x89PNG\r\n\x1a\n"):
            self.media_type, self._photo = "image/png", _Photo(walk_png())
        elif head[:4] == b"RIFF" and head[8:12] == b"WEBP":
            self.media_type, self._photo = "image/webp", _Photo(walk_webp())
        elif _PAPER_START.match(head):
            self.media_type, self._paper = "application/pdf", _Paper()
        else:
            raise EvidenceTypeRefused("UNKNOWN_TYPE")
        if self._photo is not None:
            self.limit_bytes = PHOTO_LIMIT_BYTES
        return self._passed(head)

    def _passed(self, chunk: bytes) -> bytes:
        if self._photo is not None:
            return self._photo.take(chunk)
        if self._paper is not None:
            self._paper.take(chunk)
        return chunk


class _Photo:
    """Drives a walk through a picture.

    Phones write film clips and settings behind the end of a JPEG. With `cut_after_end` what follows the picture is
    dropped, so that an honest photo is taken and an archive behind it is not kept; else anything that follows is
    refused.
    """

    def __init__(self, walk: Generator[Walk, bytes, None], *, cut_after_end: bool = False) -> None:
        self._walk = walk
        self._cut = cut_after_end
        self._buffer = bytearray()
        self._wanted = next(walk)
        self._ended = False

    def take(self, chunk: bytes) -> bytes:
        if self._ended:
            if chunk and not self._cut:
                raise EvidenceTypeRefused("DATA_BEHIND_PICTURE")
            return b""
        self._buffer += chunk
        try:
            while self._step():
                pass
        except Ended:
            self._ended = True
            behind = len(self._buffer)
            self._buffer.clear()
            if behind and not self._cut:
                raise EvidenceTypeRefused("DATA_BEHIND_PICTURE") from None
            return chunk[: len(chunk) - behind]
        return chunk

    def finish(self) -> None:
        if not self._ended:
            raise EvidenceTypeRefused("PICTURE_INCOMPLETE")

    def _step(self) -> bool:
        """Give the walk what it waits for, if it is there."""
        wanted, buffer = self._wanted, self._buffer
        if wanted.until is not None:
            place = buffer.find(wanted.until)
            if place < 0:
                buffer.clear()
                return False
            del buffer[: place + 1]
            self._advance(b"")
            return True
        if wanted.skip:
            gone = min(wanted.skip, len(buffer))
            del buffer[:gone]
            if gone < wanted.skip:
                self._wanted = Walk(read=wanted.read, skip=wanted.skip - gone)
                return False
            self._wanted = wanted = Walk(read=wanted.read)
        if len(buffer) < wanted.read:
            return False
        given = bytes(buffer[: wanted.read])
        del buffer[: wanted.read]
        self._advance(given)
        return True

    def _advance(self, given: bytes) -> None:
        try:
            self._wanted = self._walk.send(given)
        except StopIteration:
            raise Ended from None


class _Paper:
    """Reads a PDF by its first kilobyte, its last, and the names of things that run anywhere between."""

    def __init__(self) -> None:
        self._seen = 0
        self._tail = b""

    def take(self, chunk: bytes) -> None:
        window = self._tail[-_OVERLAP_BYTES:] + chunk
        if self._seen < _TAIL_BYTES and _MARKUP.search(window[: _TAIL_BYTES + _OVERLAP_BYTES]):
            raise EvidenceTypeRefused("MARKUP_INSIDE")
        if _ACTIVE.search(window):
            raise EvidenceTypeRefused("ACTIVE_CONTENT")
        self._seen += len(chunk)
        self._tail = (self._tail + chunk)[-_TAIL_BYTES:]

    def finish(self) -> None:
        if _PAPER_END not in self._tail:
            raise EvidenceTypeRefused("PAPER_INCOMPLETE")
