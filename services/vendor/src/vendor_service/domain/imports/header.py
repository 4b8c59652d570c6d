"""Where a sheet's table begins: title blocks above it, headers of up to three rows, merged cells, numbering rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from vendor_service.domain.imports.cells import Cell, text_of
from vendor_service.domain.imports.columns import REQUIRED, Meaning, header_key, meaning_of, turned
from vendor_service.domain.imports.mapping import CERTAIN, HeaderMapping, MappedColumn, Understood

LOOK_AT = 40
"""Rows at the top of a sheet in which a header is looked for."""
_FEWEST = 4
_TALLEST = 3
_LONG_NUMBER = re.compile(r"\d{5}")
_DISTRICT = re.compile(r"\bkec(?:amatan)?\b\.?\s*[:=]?\s*([^\W\d_].{2,40})", re.IGNORECASE)
_SCALES = (
    (re.compile(r"\b(?:juta|jutaan|jt)\b|000\.000|000,000"), 10**6),
    (re.compile(r"\b(?:ribu|ribuan|rb)\b|\b000\b|['`]000"), 10**3),
)
_AMOUNTS = frozenset({"modal", "aset", "omzet_tahunan", "omzet_bulanan"})


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a table.

    Attributes:
        columns: Template column -> place in the row.
        first_row: Index of the first row below the header.
        headers: Every column with how sure its meaning is.
        scales: What the amounts of a column are counted in, where its header says so.
        texts: What stands in the rows of the header by place, to know it again at a page break.
        title_district: Kecamatan that the title above the table names.
    """

    columns: dict[str, int]
    first_row: int
    headers: tuple[MappedColumn, ...] = ()
    scales: dict[str, int] = field(default_factory=dict)
    texts: tuple[dict[int, str], ...] = ()
    title_district: str | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """Required columns that the table lacks; the kecamatan may follow from the desa."""
        return tuple(name for name in REQUIRED if name not in self.columns and name != "kecamatan")

    @property
    def ignored(self) -> tuple[str, ...]:
        """Header texts that mean nothing to the template."""
        return tuple(one.header for one in self.headers if one.column is None)


def find_header(rows: Sequence[Sequence[Cell]], mapping: HeaderMapping | None = None) -> Header | None:
    """Return the header of the table in the first rows of a sheet, or none if there is none."""
    decided = mapping or HeaderMapping()
    texts = [_texts(row) for row in rows[: LOOK_AT + _TALLEST]]
    candidates: list[tuple[int, int, int]] = []
    for place in range(min(len(rows), LOOK_AT)):
        known: dict[str, int] = {}
        for height in range(1, _TALLEST + 1):
            if place + height > len(rows) or not all(map(_may_be_header, rows[place + 1 : place + height])):
                break
            found = _read(texts, place, height, decided, fuzzy=False)[0]
            if height > 1 and _is_data_below(texts[place + height - 1], known, found):
                break
            known = found
            candidates.append((len(found), -height, -place))
    # Misspelt names are looked for only where the rest already looks like a header: it is slow, and data may resemble.
    # At equal scores one row is preferred to two, and the upper to the lower: the second is then data.
    for score, height, place in sorted(candidates, reverse=True)[:2]:
        if score >= _FEWEST:
            columns, headers = _read(texts, -place, -height, decided, fuzzy=True)
            if "nama_usaha" in columns:
                return _header(rows, texts, -place, -height, columns, headers)
    return None


def texts_seen(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Return what stands in the widest of the first rows, for a person who must see why no header was found."""
    widest: list[str] = []
    for row in rows[:LOOK_AT]:
        texts = [text for cell in row if isinstance(cell, str) and (text := text_of(cell, 60))]
        if len(texts) > len(widest):
            widest = texts
    return widest[:60]


def _header(
    rows: Sequence[Sequence[Cell]],
    texts: list[list[str]],
    place: int,
    height: int,
    columns: dict[str, int],
    headers: list[MappedColumn],
) -> Header:
    first = place + height
    while first < len(rows) and is_numbering(rows[first]):
        first += 1
    by_place = {at: name for name, at in columns.items()}
    scales: dict[str, int] = {}
    for one in headers:
        name = by_place.get(one.place)
        if name in _AMOUNTS:
            scale = next((factor for pattern, factor in _SCALES if pattern.search(one.header.casefold())), 1)
            scales |= {name: scale} if scale > 1 else {}
    own = tuple({at: text.casefold() for at, text in enumerate(line) if text} for line in texts[place : place + height])
    titles = (_DISTRICT.search(" ".join(filter(None, line))) for line in texts[:place])
    district = next((found.group(1).strip() for found in titles if found), None)
    return Header(columns, first, tuple(headers), scales, own, district)


def _read(
    texts: list[list[str]], place: int, height: int, decided: HeaderMapping, *, fuzzy: bool
) -> tuple[dict[str, int], list[MappedColumn]]:
    """Return the columns of a header, and how each place of it was understood."""
    found: list[tuple[int, str, str, Meaning | None, Understood]] = []
    seen: dict[str, int] = {}
    for at, candidates in enumerate(_candidates(texts[place : place + height])):
        if not candidates:
            continue
        key = header_key(candidates[0])
        seen[key] = seen.get(key, 0) + 1
        key = key if seen[key] == 1 else f"{key} {seen[key]}"
        if key in decided.columns:
            column = decided.columns[key]
            meaning = Meaning(column, CERTAIN, -1) if column else None
            found.append((at, candidates[0], key, meaning, Understood.CHOSEN))
            continue
        meaning, how = _meaning(candidates, fuzzy=fuzzy)
        found.append((at, candidates[0], key, meaning, how))
    # Of two headers for one column the one that names it more exactly wins, then the one further left.
    winners: dict[str, int] = {}
    for at, _, _, meaning, _ in sorted(found, key=lambda one: (one[3].rank if one[3] else 0, one[0])):
        if meaning is not None:
            winners.setdefault(meaning.column, at)
    headers: list[MappedColumn] = []
    for at, header, key, meaning, how in found:
        if meaning is not None and winners[meaning.column] == at:
            headers.append(MappedColumn(at, header, key, meaning.column, meaning.confidence, how))
        else:
            chosen = how is Understood.CHOSEN and meaning is None
            headers.append(MappedColumn(at, header, key, None, CERTAIN if chosen else 0,
                                        how if chosen else Understood.NOT_AT_ALL))  # fmt: skip
    return {one.column: one.place for one in headers if one.column is not None}, headers


def _meaning(candidates: list[str], *, fuzzy: bool) -> tuple[Meaning | None, Understood]:
    for text in candidates:
        exact = meaning_of(text)
        if exact is not None:
            return exact, Understood.EXACT
    if fuzzy:
        for text in candidates:
            similar = meaning_of(text, fuzzy=True)
            if similar is not None:
                return similar, Understood.SIMILAR
    return None, Understood.NOT_AT_ALL


def _texts(row: Sequence[Cell]) -> list[str]:
    return [(text_of(cell, 120) or "") if isinstance(cell, str) else "" for cell in row]


def _may_be_header(row: Sequence[Cell]) -> bool:
    """Say whether a row may be a lower row of a header: data has numbers, or long digits in its texts."""
    return not any(
        cell is not None and cell != "" and (not isinstance(cell, str) or _LONG_NUMBER.search(cell)) for cell in row
    )


def _is_data_below(texts: list[str], known: dict[str, int], found: dict[str, int]) -> bool:
    """Say whether a row below a header is data: it stands under names that need nothing more, and names little."""
    gained = len(found.keys() - known.keys())
    contradicted = sum(at < len(texts) and bool(texts[at]) and meaning_of(texts[at]) is None for at in known.values())
    return contradicted > gained


def _candidates(lines: list[list[str]]) -> list[list[str]]:
    """Return for each column what it may be called, the fullest name first.

    A merged cell holds its text in its first column only, so a group reaches over the empty cells to its right that
    have a name below.
    """
    width = max(map(len, lines))
    lines = [line + [""] * (width - len(line)) for line in lines]
    names = lines[-1]
    found = [[text] if text else [] for text in names]
    for line in reversed(lines[:-1]):
        group = ""
        for at in range(width):
            above, below = line[at], found[at]
            if above:
                group = above
            elif not below:
                group = ""
            if below and (above or group):
                over = above or group
                found[at] = [f"{over} {below[0]}", turned(over, below[0]), *below, above]
            elif above:
                found[at] = [above]
    return [[text for text in texts if text] for texts in found]


def is_numbering(row: Sequence[Cell]) -> bool:
    """Say whether a row only numbers the columns: 1, 2, 3 or (1), (2), (3)."""
    texts = [text.strip("() ") for cell in row if (text := text_of(cell, 20))]
    return len(texts) >= 3 and texts == [str(number) for number in range(1, len(texts) + 1)]
