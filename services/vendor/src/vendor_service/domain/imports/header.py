"""Where a sheet's table begins: title blocks above it, headers of one or two rows, merged cells, numbering rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from vendor_service.domain.imports.cells import Cell, text_of
from vendor_service.domain.imports.columns import REQUIRED, column_of

LOOK_AT = 40
"""Rows at the top of a sheet in which a header is looked for."""
_FEWEST = 4


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a table.

    Attributes:
        columns: Template column -> place in the row.
        first_row: Index of the first row below the header.
        ignored: Header texts that mean nothing to the template.
    """

    columns: dict[str, int]
    first_row: int
    ignored: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Required columns that the table lacks; the kecamatan may follow from the desa."""
        return tuple(name for name in REQUIRED if name not in self.columns and name != "kecamatan")


def find_header(rows: Sequence[Sequence[Cell]]) -> Header | None:
    """Return the header of the table in the first rows of a sheet, or none if there is none."""
    candidates: list[tuple[int, int, int]] = []
    for place in range(min(len(rows), LOOK_AT)):
        for height in (1, 2):
            if place + height <= len(rows):
                score = len(_read(rows, place, height, fuzzy=False).columns)
                candidates.append((score, -height, -place))
    # Misspelt names are looked for only where the rest already looks like a header: it is slow, and data may resemble.
    # At equal scores one row is preferred to two, and the upper to the lower: the second is then data.
    for score, height, place in sorted(candidates, reverse=True)[:2]:
        if score >= _FEWEST:
            header = _read(rows, -place, -height, fuzzy=True)
            if "nama_usaha" in header.columns:
                return header
    return None


def texts_seen(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Return what stands in the widest of the first rows, for a person who must see why no header was found."""
    widest: list[str] = []
    for row in rows[:LOOK_AT]:
        texts = [text for cell in row if isinstance(cell, str) and (text := text_of(cell, 60))]
        if len(texts) > len(widest):
            widest = texts
    return widest[:60]


def _read(rows: Sequence[Sequence[Cell]], place: int, height: int, *, fuzzy: bool) -> Header:
    top = _texts(rows[place])
    bottom = _texts(rows[place + 1]) if height == 2 else []
    names = _joined(top, bottom) if height == 2 else [[text] for text in top]
    columns: dict[str, int] = {}
    pending: list[tuple[int, list[str]]] = []
    for index, candidates in enumerate(names):
        found = next((column for text in candidates if text and (column := column_of(text))), None)
        if found is not None:
            columns.setdefault(found, index)
        elif any(candidates):
            pending.append((index, candidates))
    ignored = []
    for index, candidates in pending:
        found = next((column for text in candidates if text and (column := column_of(text, fuzzy=fuzzy))), None)
        if found is not None and found not in columns:
            columns[found] = index
        else:
            ignored.append(candidates[0])
    first = place + height
    while first < len(rows) and _is_numbering(rows[first]):
        first += 1
    return Header(columns, first, tuple(ignored))


def _texts(row: Sequence[Cell]) -> list[str]:
    return [(text_of(cell, 120) or "") if isinstance(cell, str) else "" for cell in row]


def _joined(top: list[str], bottom: list[str]) -> list[list[str]]:
    """Return for each column what it may be called: group and name, name, group.

    A merged cell holds its text in its first column only, so a group reaches over the empty cells to its right that
    have a name below.
    """
    width = max(len(top), len(bottom))
    top, bottom = top + [""] * (width - len(top)), bottom + [""] * (width - len(bottom))
    names: list[list[str]] = []
    group = ""
    for above, below in zip(top, bottom, strict=True):
        if above:
            group = above
        elif not below:
            group = ""
        over = above or group
        names.append([f"{over} {below}", below, above] if below else [above])
    return names


def _is_numbering(row: Sequence[Cell]) -> bool:
    """Say whether a row only numbers the columns: 1, 2, 3 or (1), (2), (3)."""
    texts = [text.strip("() ") for cell in row if (text := text_of(cell, 20))]
    return len(texts) >= 3 and texts == [str(number) for number in range(1, len(texts) + 1)]
