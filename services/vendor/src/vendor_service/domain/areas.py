"""Which kecamatan and desa a cell means: the regency's own areas, found under the spellings people use.

Codes decide everywhere else; names are matched only here, on the way in (domain.md 3.3).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import TypeVar

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
# A list whose column holds something else must not be compared with every name of the regency 300,000 times.
_MOST_GUESSES = 5_000
_MOST_REMEMBERED = 50_000
_BEHIND = re.compile(r"\s*(?:\(.*|[,;/].*|\b(?:kab|kabupaten|prov|provinsi)\b.*)$")
_BEFORE = re.compile(r"^\d{1,2}[.)\s]\s*(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Area:
    """One area of the Kemendagri list.

    Attributes:
        valid_from: First day of the code; none if it is older than our records.
        valid_to: Last day of a code that a split or a new decree ended; none while it is in use.
        replaced_by: Codes that took the place of an ended one.
    """

    code: str
    name: str
    kind: str
    parent: str
    postcodes: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """The area that a cell means, and whether it was guessed from a similar spelling."""

    area: Area
    guessed: bool


class _Names:
    """Areas that one name is looked for among, with everything about them that a comparison needs."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self.exact: dict[str, list[Area]] = {}
        self._old: dict[str, list[Area]] = {}
        self._acronyms: dict[str, list[Area]] = {}
        self._matchers: list[tuple[SequenceMatcher[str], Area]] = []
        for area in areas:
            old = _old_key(area.name)
            self.exact.setdefault(_key(area.name), []).append(area)
            self.exact.setdefault(area.code, []).append(area)
            self._old.setdefault(old, []).append(area)
            self._acronyms.setdefault(_acronym(area.name), []).append(area)
            self._matchers.append((SequenceMatcher(None, "", old, autojunk=False), area))

    def find(self, spellings: list[str], *, guess: bool) -> Match | None:
        """Return the area of a name: exactly, else the only one that resembles it."""
        for spelling in spellings:
            exact = self.exact.get(_key(spelling)) or self.exact.get(spelling.replace(".", "")) or []
            if len(exact) == 1 and _key(spelling):
                return Match(exact[0], guessed=False)
        if guess:
            for spelling in reversed(spellings):
                found = self._guess(spelling)
                if found is not None:
                    return found
        return None

    def _guess(self, spelling: str) -> Match | None:
        key, old = _key(spelling), _old_key(spelling)
        if not key:
            return None
        for similar in (self._old.get(old, ()), self._acronyms.get(key, ())):
            if len(similar) == 1:
                return Match(similar[0], guessed=True)
        return self._closest(old)

    def _closest(self, key: str) -> Match | None:
        ranked: list[tuple[float, str, Area]] = []
        for matcher, area in self._matchers:
            matcher.set_seq1(key)
            if matcher.real_quick_ratio() > _FUZZY - _MARGIN and matcher.quick_ratio() > _FUZZY - _MARGIN:
                ranked.append((matcher.ratio(), area.code, area))
        ranked.sort(reverse=True)
        if not ranked or ranked[0][0] < _FUZZY or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _MARGIN):
            return None
        return Match(ranked[0][2], guessed=True)


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
        by_district: dict[str, list[Area]] = {}
        for village in self.villages:
            by_district.setdefault(village.parent, []).append(village)
        self._districts = _Names(self.districts)
        self._in_district = {code: _Names(found) for code, found in by_district.items()}
        self._everywhere = _Names(self.villages)
        self._districts_seen: dict[str, Match | None] = {}
        self._villages_seen: dict[tuple[str | None, str], Match | None] = {}
        self._guesses_left = _MOST_GUESSES

    def district(self, text: str) -> Match | None:
        """Return the kecamatan that a cell means."""
        if text not in self._districts_seen:
            spellings = _spellings(text, _DISTRICT_WORDS)
            _remember(self._districts_seen, text, self._find(self._districts, spellings))
        return self._districts_seen[text]

    def village(self, text: str, district: str | None) -> Match | None:
        """Return the desa or kelurahan that a cell means.

        Within the kecamatan if that is known; else, or if it has none of that name, the only one of that name in the
        regency.
        """
        key = (district, text)
        if key not in self._villages_seen:
            found = self._find_village(_spellings(text, _VILLAGE_WORDS), district)
            _remember(self._villages_seen, key, found)
        return self._villages_seen[key]

    def namesakes(self, text: str) -> list[Area]:
        """Return every desa or kelurahan of the regency that has this name, in the sequence of the codes."""
        found = {
            area.code: area
            for spelling in _spellings(text, _VILLAGE_WORDS)
            for area in self._everywhere.exact.get(_key(spelling), ())
        }
        return [found[code] for code in sorted(found)]

    def _find_village(self, spellings: list[str], district: str | None) -> Match | None:
        if district is not None and district in self._in_district:
            found = self._find(self._in_district[district], spellings)
            if found is not None:
                return found
        keys = {_key(spelling) for spelling in spellings}
        exact = {area.code: area for key in keys for area in self._everywhere.exact.get(key, ())}
        if len(exact) == 1:
            return Match(next(iter(exact.values())), guessed=district is not None)
        return None if exact or district is not None else self._find(self._everywhere, spellings)

    def _find(self, names: _Names, spellings: list[str]) -> Match | None:
        found = names.find(spellings, guess=False)
        if found is None and self._guesses_left > 0:
            self._guesses_left -= 1
            found = names.find(spellings, guess=True)
        return found


K = TypeVar("K")


def _remember(seen: dict[K, Match | None], key: K, found: Match | None) -> None:
    if len(seen) >= _MOST_REMEMBERED:
        seen.clear()
    seen[key] = found


def _spellings(text: str, prefix: re.Pattern[str]) -> list[str]:
    """Return a name as it stands, then without the words before it: some desa are called "Kampung Baru"."""
    found = [" ".join(text.casefold().split())]
    while (bare := prefix.sub("", found[-1], count=1)) != found[-1] and bare:
        found.append(bare)
    # "05. Muncar", "Muncar (kota)", "Kec. Muncar Kab. Banyuwangi"
    core = _BEHIND.sub("", _BEFORE.sub("", found[-1]))
    core = prefix.sub("", core, count=1) or core
    if core and core not in found:
        found.append(core)
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
    return "".join(word[0] for word in words) if len(words) > 2 else "-"
