"""Where a business of a list is: from its own cells, from what stands around the row, from the desa alone."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vendor_service.domain.areas import AreaIndex
from vendor_service.domain.imports.cells import Cell, text_of

if TYPE_CHECKING:
    from vendor_service.domain.imports.row import ParsedRow

_MOST_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class PlaceHint:
    """What stands around a row about its place.

    Attributes:
        district: Kecamatan of a heading above the row, of the table's title, or of the cells above.
        district_doubt: Code of the doubt that comes with using it; none if it is said plainly.
        village: Desa likewise.
        village_doubt: Likewise.
    """

    district: str | None = None
    district_doubt: str | None = None
    village: str | None = None
    village_doubt: str | None = None


NO_HINT = PlaceHint()


@dataclass(frozen=True, slots=True)
class _Place:
    district: str | None
    village: str | None
    warnings: tuple[tuple[str, str], ...]
    rejections: tuple[tuple[str, str], ...] = ()
    choices: tuple[str, ...] = ()


class PlaceFinder:
    """Finds the kecamatan and desa of rows; the same two cells are looked up once."""

    def __init__(self, areas: AreaIndex) -> None:
        self._areas = areas
        self._seen: dict[tuple[Cell, Cell, PlaceHint], _Place] = {}

    def find(
        self, district: Cell, village: Cell, hint: PlaceHint, nik: str | None, result: "ParsedRow"
    ) -> None:  # fmt: skip
        """Set the place of a row.

        If the desa's name stands for several kecamatan and nothing else tells which, the row cannot be placed: it is
        rejected and the choices stand in a warning. The kecamatan that issued the owner's NIK decides among them.
        """
        key = (district, village, hint)
        found = self._seen.get(key)
        if found is None:
            found = self._look_up(text_of(district, 100), text_of(village, 100), hint)
            if len(self._seen) < _MOST_REMEMBERED:
                self._seen[key] = found
        result.warnings.extend(found.warnings)
        if found.choices:
            self._choose(found.choices, nik, result)
            return
        result.rejections.extend(found.rejections)
        if found.village is not None:
            result.profile["village_code"] = found.village
        if found.district is not None:
            result.profile["district_code"] = found.district

    def _choose(self, choices: tuple[str, ...], nik: str | None, result: "ParsedRow") -> None:
        parents = [self._areas.by_code[code].parent for code in choices]
        issued = (nik or "")[:6]
        if parents.count(issued) == 1:
            result.profile["village_code"] = choices[parents.index(issued)]
            result.profile["district_code"] = issued
            result.warnings.append(("kecamatan", "DISTRICT_DERIVED_FROM_NIK"))
            return
        names = "|".join(dict.fromkeys(self._areas.by_code[code].name for code in parents))
        result.warnings.append(("kecamatan", f"DISTRICT_CHOICES:{names}"))
        result.rejections.append(("kecamatan", "DISTRICT_AMBIGUOUS"))

    def _look_up(self, district: str | None, village: str | None, hint: PlaceHint) -> _Place:
        doubts: list[tuple[str, str]] = []
        if village is None and hint.village is not None:
            village = hint.village
            if hint.village_doubt:
                doubts.append(("desa_kelurahan", hint.village_doubt))
        if district is None and hint.district is not None:
            alone = self._areas.namesakes(village) if village and hint.district_doubt else []
            # The name of a desa that is alone in the regency says more than a cell further up.
            if len(alone) != 1:
                district = hint.district
                if hint.district_doubt:
                    doubts.append(("kecamatan", hint.district_doubt))
        return self._of_texts(district, village, doubts)

    def _of_texts(self, district_text: str | None, village_text: str | None, doubts: list[tuple[str, str]]) -> _Place:
        district = self._areas.district(district_text) if district_text else None
        if district_text and district is None:
            doubts.append(("kecamatan", "DISTRICT_UNKNOWN"))
        elif district and district.guessed:
            doubts.append(("kecamatan", "DISTRICT_GUESSED"))
        if village_text is None:
            rejections = [("desa_kelurahan", "REQUIRED")]
            if district is None:
                rejections.append(("kecamatan", "DISTRICT_UNKNOWN" if district_text else "REQUIRED"))
            return _Place(district.area.code if district else None, None, tuple(doubts), tuple(rejections))
        found = self._areas.village(village_text, district.area.code if district else None)
        if found is not None:
            if district is None:
                doubts.append(("kecamatan", "DISTRICT_DERIVED"))
            elif found.area.parent != district.area.code:
                doubts.append(("kecamatan", "DISTRICT_DIFFERS"))
            if found.guessed and (district is None or found.area.parent == district.area.code):
                doubts.append(("desa_kelurahan", "VILLAGE_GUESSED"))
            return _Place(found.area.parent, found.area.code, tuple(doubts))
        if district is not None:
            doubts.append(("desa_kelurahan", "VILLAGE_UNKNOWN"))
            return _Place(district.area.code, None, tuple(doubts))
        choices = tuple(area.code for area in self._areas.namesakes(village_text))
        if choices:
            return _Place(None, None, tuple(doubts), choices=choices)
        reason = "REQUIRED" if district_text is None else "DISTRICT_UNKNOWN"
        return _Place(None, None, tuple(doubts), (("kecamatan", reason),))
