"""The texts of an .xlsx, kept once for the whole workbook; packed in large ones, as each object takes 50 bytes more."""

import re
import zipfile
from array import array
from collections.abc import Iterator
from html import unescape
from typing import Protocol

_PART = "xl/sharedStrings.xml"
_BLOCK = 1 << 20
_FEW = 150_000
_USUAL = re.compile(rb'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
_ITEM = re.compile(rb"<si\b[^>]*?(?:/>|>(.*?)</si>)", re.DOTALL)
_PLAIN = re.compile(rb"<t(?: [^>]*)?>([^<]*)</t>")
_TEXT = re.compile(rb"<t(?: [^>]*)?>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))</t>", re.DOTALL)
_READING_AID = re.compile(rb"<rPh\b.*?</rPh>", re.DOTALL)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Strings(Protocol):
    """Texts by their number."""

    def __getitem__(self, number: int, /) -> str:
        """Return one text; raises IndexError if there is none of that number."""


class PackedStrings:
    """Texts one behind the other in one piece of memory."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("L", [0])

    def append(self, text: str) -> None:
        """Add a text."""
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))

    def __getitem__(self, number: int, /) -> str:
        """Return one text."""
        if number < 0:
            raise IndexError(number)
        return self._bytes[self._ends[number] : self._ends[number + 1]].decode("utf-8", "surrogatepass")


def read_strings(archive: zipfile.ZipFile) -> Strings:
    """Return the shared texts of a workbook; none if it keeps its texts in the cells."""
    if _PART not in archive.NameToInfo:
        return []
    few: list[str] = []
    packed: PackedStrings | None = None
    for text in _texts(archive):
        if packed is not None:
            packed.append(text)
        elif len(few) < _FEW:
            few.append(text)
        else:
            packed = PackedStrings()
            for one in few:
                packed.append(one)
            packed.append(text)
            few = []
    return packed or few


def text_of_escapes(text: str) -> str:
    """Return text with the characters that XML cannot hold, which are written as _x000D_."""
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


def _texts(archive: zipfile.ZipFile) -> Iterator[str]:
    with archive.open(_PART) as stream:
        rest = b""
        while block := stream.read(_BLOCK):
            block = rest + block
            end = max(block.rfind(b"</si>") + 5, 0)
            if end < 5:
                rest = block
                continue
            rest = block[end:]
            yield from _items(block[:end])


def _items(block: bytes) -> list[str]:
    usual = _USUAL.findall(block)
    if len(usual) != block.count(b"</si>") or b"\0" in block:
        raw = [_rich(item) for item in _ITEM.findall(block)]
    else:
        # Decoded in one go: a call for each of a hundred thousand short texts would cost more than all the rest.
        raw = b"\0".join(usual).decode("utf-8", "replace").split("\0") if usual else []
        raw = [unescape(text) for text in raw] if b"&" in block else raw
    return [text_of_escapes(text) for text in raw] if b"_x" in block else raw


def _rich(item: bytes) -> str:
    """Return the text of an item that changes its font on the way, without the marks that help to pronounce it."""
    return "".join(
        cdata.decode("utf-8", "replace") if cdata else unescape(plain.decode("utf-8", "replace"))
        for cdata, plain in _TEXT.findall(_READING_AID.sub(b"", item))
    )
