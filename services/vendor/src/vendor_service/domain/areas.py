"""Which kecamatan and desa a cell means: the regency's own areas, found under the spellings people use.

Codes decide everywhere else; names are matched only here, on the way in (domain.md 3.3).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

_DISTRICT_WORDS = re.compile(r"^(kecamatan|kec|distrik|kapanewon|kemantren)\b\.?\s*")
_VILLAGE_WORDS = re.compile(
    r"^(desa adat|desa|kelurahan|kel|ds|nagari|nag|gampong|kampung|kampong|kp|pekon|kalurahan|kalrahan)\b\.?\s*"
)
_NOISE = re.compile(r"[^\w\s]|_")
# Spelling before 1972; both sides are mapped, so modern "tj" and "nj" do no harm.
_OLD_SPELLING = (("oe", "u"), ("tj", "c"), ("dj", "j"), ("nj", "ny"), ("sj", "sy"), ("ch", "h"))
_SHORT_WORDS = {"sei": "sungai", "sngai": "sungai", "s": "sungai", "tj": "tanjung", "tg": "tanjung", "tjg": "tanjung",
                "kt": "koto", "lb": "lubuk", "ps": "pasar", "pd": "padang", "bt": "batang", "btg": "batang",
                "lbk": "lubuk", "pdg": "padang", "tlg": "talang", "gn": "gunung", "gng": "gunung", "kb": "kebun",
                "sel": "selatan", "ut": "utara", "tim": "timur", "brt": "barat"}  # fmt: skip
_FUZZY = 0.78
_MARGIN = 0.06


@dataclass(frozen=True, slots=True)
class Area:
    """One area of the Kemendagri list."""

    code: str
    name: str
    kind: str
    parent: str
    postcodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """The area that a cell means, and whether it was guessed from a similar spelling."""

    area: Area
    guessed: bool


class AreaIndex:
    """The kecamatan and desa of one regency.

    Args:
        tenant: Code of the regency, four digits.
        areas: Its kecamatan (six digits) and desa or kelurahan (ten digits), others are passed over.
    """

    def __init__(self, tenant: str, areas: Iterable[Area]) -> None:
        own = [area for area in areas if area.code.startswith(tenant)]
        self.districts = [area for area in own if len(area.code) == 6]
        self.villages = [area for area in own if len(area.code) == 10]
        self.by_code = {area.code: area for area in own}
        self._in_district: dict[str, list[Area]] = {}
        for village in self.villages:
            self._in_district.setdefault(village.parent, []).append(village)
        self._districts_seen: dict[str, Match | None] = {}
        self._villages_seen: dict[tuple[str | None, str], Match | None] = {}

    def district(self, text: str) -> Match | None:
        """Return the kecamatan that a cell means."""
        if text not in self._districts_seen:
            self._districts_seen[text] = _find(_spellings(text, _DISTRICT_WORDS), self.districts)
        return self._districts_seen[text]

    def village(self, text: str, district: str | None) -> Match | None:
        """Return the desa or kelurahan that a cell means.

        Within the kecamatan if that is known; else, or if it has none of that name, the only one of that name in the
        regency.
        """
        key = (district, text)
        if key not in self._villages_seen:
            self._villages_seen[key] = self._find_village(_spellings(text, _VILLAGE_WORDS), district)
        return self._villages_seen[key]

    def _find_village(self, spellings: list[str], district: str | None) -> Match | None:
        if district is not None:
            found = _find(spellings, self._in_district.get(district, []))
            if found is not None:
                return found
        keys = {_key(spelling) for spelling in spellings}
        exact = [area for area in self.villages if _key(area.name) in keys]
        if len(exact) == 1:
            return Match(exact[0], guessed=district is not None)
        return None if exact or district is not None else _find(spellings, self.villages)


def _spellings(text: str, prefix: re.Pattern[str]) -> list[str]:
    """Return a name as it stands, then without the words before it: some desa are called "Kampung Baru"."""
    found = [" ".join(text.casefold().split())]
    while (bare := prefix.sub("", found[-1], count=1)) != found[-1] and bare:
        found.append(bare)
    return found


def _key(text: str) -> str:
    words = _NOISE.sub(" ", text.casefold()).split()
    return "".join(_SHORT_WORDS.get(word, word) for word in words)


def _old_key(text: str) -> str:
    key = _key(text)
    for old, new in _OLD_SPELLING:
        key = key.replace(old, new)
    return key


def _acronym(text: str) -> str:
    words = text.casefold().split()
    return "".join(word[0] for word in words) if len(words) > 2 else ""


def _find(spellings: list[str], areas: list[Area]) -> Match | None:
    for spelling in spellings:
        key, code = _key(spelling), spelling.replace(".", "")
        exact = [area for area in areas if key and (_key(area.name) == key or area.code == code)]
        if len(exact) == 1:
            return Match(exact[0], guessed=False)
    for spelling in reversed(spellings):
        found = _guess(spelling, areas)
        if found is not None:
            return found
    return None


def _guess(spelling: str, areas: list[Area]) -> Match | None:
    if not _key(spelling):
        return None
    for same, wanted in ((_old_key, _old_key(spelling)), (_acronym, _key(spelling))):
        similar = [area for area in areas if same(area.name) == wanted]
        if len(similar) == 1:
            return Match(similar[0], guessed=True)
    return _closest(_old_key(spelling), areas)


def _closest(key: str, areas: list[Area]) -> Match | None:
    ranked = sorted(
        ((SequenceMatcher(None, key, _old_key(area.name), autojunk=False).ratio(), area.code) for area in areas),
        reverse=True,
    )
    if not ranked or ranked[0][0] < _FUZZY or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _MARGIN):
        return None
    code = ranked[0][1]
    return Match(next(area for area in areas if area.code == code), guessed=True)
