"""The rows below a header: which of them are data, and what stands around them and counts for several.

Totals, repeated headers, headings of sections and signatures are passed over and counted. A value that was written
once for a group of rows is given to all of them for the place, the group and its coordinator only: a number or a name
that is missing must stay missing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from vendor_service.domain.areas import AreaIndex
from vendor_service.domain.imports.cells import Cell, text_of
from vendor_service.domain.imports.header import Header, is_numbering
from vendor_service.domain.imports.place import NO_HINT, PlaceHint

FILLED_DOWN = ("kecamatan", "desa_kelurahan", "kelompok", "koordinator")
"""The only columns in which an empty cell takes the value above it."""
SAMPLE = 200
"""Rows from which is seen whether a column is written once for a group of rows."""
_TOTAL = re.compile(r"^(?:sub|grand)?[\s.\-]*(?:jumlah|jml|jlh|total)\b|^rekap", re.IGNORECASE)
_SECTION = re.compile(
    r"^(?:[IVXLC]+|[A-Z]|\d{1,2})?[.)\s]*\b(?:(kecamatan|kec|distrik|kapanewon)|(desa|kelurahan|kel|nagari|gampong|kampung"
    r"|kalurahan|pekon))\b\.?\s*:?\s*(\S.*)$",
    re.IGNORECASE,
)
_MOSTLY = 2, 5
_ANY_WORD = re.compile(r"[^\W\d_]{2}")

Doubts = Mapping[int, str] | None
"""Places of cells whose value is a formula that may not be trusted, with the reason."""
Numbered = tuple[int, Sequence[Cell], Doubts]
"""Number of a row in its sheet from 1, its cells, and doubts about them."""
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells, from 0."""
Placed = tuple[int, Sequence[Cell], Doubts, PlaceHint]
"""A row of data with what stands around it."""


class TableBody:
    """The data of one table.

    Args:
        header: The header above it.
        areas: The regency's kecamatan and desa, to know a heading of a section from a business.
        merges: Merged cells of the sheet: first row, first column, last row, last column, from 0.
        sheet: Name of the sheet; some have one for each kecamatan.

    Attributes:
        skipped: How many rows were passed over, by kind.
    """

    def __init__(self, header: Header, areas: AreaIndex, merges: Iterable[Merge] = (), sheet: str = "") -> None:
        self.skipped: Counter[str] = Counter()
        self._areas = areas
        columns = header.columns
        number = columns.get("no")
        self._own = sorted(place for place in columns.values() if place != number)
        self._name, self._owner = columns["nama_usaha"], columns["nama_pemilik"]
        self._rest = [columns[name] for name in ("alamat", "produk_utama") if name in columns]
        self._naming = [self._name, self._owner, *(columns[name] for name in ("nik", "no_hp") if name in columns)]
        self._telling = self._naming + self._rest
        self._header = header.texts
        self._header_words = frozenset(text for line in header.texts for text in line.values())
        self._filled = {name: columns[name] for name in FILLED_DOWN if name in columns}
        self._filled_places = tuple(self._filled.values())
        self._merged = self._merges_of(merges)
        self._until: dict[int, int] = {}
        self._above: dict[int, Cell] = {}
        self._once: frozenset[int] = frozenset()
        self._carried: frozenset[int] = frozenset()
        self._section = NO_HINT
        self._title = self._known_district(header.title_district) or (
            self._known_district(sheet) if "kecamatan" not in columns else None
        )
        self._hint = self._around({})

    def rows(self, first: Sequence[Numbered], rest: Iterable[Numbered]) -> Iterator[Placed]:
        """Yield the rows that hold data.

        Args:
            first: The first rows below the header, up to SAMPLE of them.
            rest: Those that follow.
        """
        self._once = self._written_once(first)
        self._carried = self._once - {self._filled.get("kecamatan"), self._filled.get("desa_kelurahan")}
        for part in (first, rest):
            for number, cells, doubts in part:
                kind = self._kind(cells)
                if kind is not None:
                    self.skipped[kind] += 1
                    continue
                if self._filled_places:
                    cells = self._with_merged(number - 1, cells)
                    yield number, cells, doubts, self._hint_for(cells)
                else:
                    yield number, cells, doubts, self._hint

    def _kind(self, cells: Sequence[Cell]) -> str | None:
        """Return what a row is if it is no data."""
        width = len(cells)
        name = cells[self._name] if self._name < width else None
        owner = cells[self._owner] if self._owner < width else None
        usual = name.__class__ is str and owner.__class__ is str and name and owner
        if usual and not _TOTAL.match(name) and name.strip().casefold() not in self._header_words and len(name) > 3:  # type: ignore[arg-type, union-attr]
            return None
        return self._unusual_kind(cells)

    def _unusual_kind(self, cells: Sequence[Cell]) -> str | None:
        texts = {place: text for place, cell in enumerate(cells) if (text := text_of(cell, 120))}
        own = [texts[place] for place in self._own if place in texts]
        if not own:
            return self._section_in(texts) or "blank"
        if is_numbering(cells):
            return "numbering"
        if self._is_header(texts):
            return "headers"
        telling = [texts[place] for place in self._telling if place in texts and _ANY_WORD.search(texts[place])]
        first = list(texts.values())[:3]
        if len(telling) < 3 and any(map(_TOTAL.match, first)):
            return "totals"
        if len(own) <= 2:
            section = self._section_in(texts)
            if section:
                return section
        if len(texts) <= 2 and not any(place in texts for place in self._naming):
            return "notes"
        return None

    def _is_header(self, texts: dict[int, str]) -> bool:
        for line in self._header:
            same = sum(texts[place].casefold() == text for place, text in line.items() if place in texts)
            if same >= 2 and same * 5 >= len(texts) * 4:
                return True
        return False

    def _section_in(self, texts: dict[int, str]) -> str | None:
        """Take a heading such as "KECAMATAN MUNCAR" to heart and return its kind; none if the row is no heading."""
        if self._is_place_alone(texts):
            return "sections"
        words = [text for text in texts.values() if _ANY_WORD.search(text)]
        found = _SECTION.match(" ".join(words)) if 1 <= len(words) <= 2 else None
        if found is None:
            return None
        district, village, name = found.groups()
        if district:
            if not self._areas.district(name):
                return None
            self._section = PlaceHint(district=name)
        elif village:
            if not self._areas.village(name, None) and not self._areas.namesakes(name):
                return None
            self._section = PlaceHint(district=self._section.district, village=name)
        self._above.clear()
        self._hint = self._around({})
        return "sections"

    def _is_place_alone(self, texts: dict[int, str]) -> bool:
        """Take a row that holds a place and no business for the heading of the rows below it."""
        district = texts.get(self._filled.get("kecamatan", -1))
        village = texts.get(self._filled.get("desa_kelurahan", -1))
        words = sum(bool(_ANY_WORD.search(text)) for text in texts.values())
        if words != bool(district) + bool(village) or not (district or village):
            return False
        if district and not self._areas.district(district):
            return False
        self._section = PlaceHint(district=district or self._section.district, village=village)
        self._above.clear()
        self._hint = self._around({})
        return True

    def _merges_of(self, merges: Iterable[Merge]) -> dict[int, dict[int, int]]:
        """Return for each filled column: first row of merged cells -> last row."""
        found: dict[int, dict[int, int]] = {}
        for top, left, bottom, _ in merges:
            if left in self._filled_places and bottom > top:
                found.setdefault(left, {})[top] = bottom
        return found

    def _with_merged(self, row: int, cells: Sequence[Cell]) -> Sequence[Cell]:
        """Return a row with the values of merged cells that began above it."""
        filled: list[Cell] | None = None
        for place in self._filled_places:
            cell = cells[place] if place < len(cells) else None
            if cell is not None and cell != "":
                if place == self._filled.get("kecamatan") and cell != self._above.get(place):
                    # What was written once belonged to the kecamatan above; what is merged says itself how far it goes.
                    self._above = {at: kept for at, kept in self._above.items() if self._until.get(at, -1) >= row}
                self._above[place] = cell
                self._until[place] = self._merged.get(place, {}).get(row, -1)
            elif self._until.get(place, -1) >= row or (place in self._carried and place in self._above):
                filled = list(cells) if filled is None else filled
                filled += [None] * (place + 1 - len(filled))
                filled[place] = self._above[place]
        return cells if filled is None else filled

    def _hint_for(self, cells: Sequence[Cell]) -> PlaceHint:
        above: dict[str, str] = {}
        for name in ("kecamatan", "desa_kelurahan"):
            place = self._filled.get(name)
            if place is None:
                continue
            cell = cells[place] if place < len(cells) else None
            if (cell is None or cell == "") and place in self._once and (text := text_of(self._above.get(place), 100)):
                above[name] = text
        return self._around(above) if above else self._hint

    def _around(self, above: dict[str, str]) -> PlaceHint:
        section, filled = self._section, "FILLED_FROM_ABOVE"
        district, doubt = section.district, None
        if district is None and "kecamatan" in above:
            district, doubt = above["kecamatan"], filled
        if district is None and self._title is not None:
            district, doubt = self._title, "DISTRICT_FROM_TITLE"
        village = section.village or above.get("desa_kelurahan")
        village_doubt = filled if section.village is None and village is not None else None
        return PlaceHint(district, doubt, village, village_doubt)

    def _written_once(self, rows: Sequence[Numbered]) -> frozenset[int]:
        """Return the columns that are filled in the first row of a group only, as the first rows show."""
        data = [cells for _, cells, _ in rows if self._looks_like_data(cells)]
        found = set()
        for place in self._filled_places:
            filled = [place < len(cells) and cells[place] not in (None, "") for cells in data]
            blank = filled.count(False)
            if len(data) > 2 and filled[0] and blank * _MOSTLY[1] >= len(data) * _MOSTLY[0]:
                found.add(place)
        return frozenset(found)

    def _looks_like_data(self, cells: Sequence[Cell]) -> bool:
        return max(self._name, self._owner) < len(cells) and all(
            isinstance(cells[place], str) and cells[place] for place in (self._name, self._owner)
        )

    def _known_district(self, text: str | None) -> str | None:
        found = self._areas.district(text[:60]) if text else None
        return text if found is not None and not found.guessed else None
