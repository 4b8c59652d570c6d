"""When two names are the same name: the comparison that deduplication and bank holder checks rest on.

Trigrams as PostgreSQL's pg_trgm counts them, so that the register and a search agree on what is similar.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from sys import intern
from typing import Generic, TypeVar

T = TypeVar("T")

SIMILAR = (3, 5)
"""Two names are similar from 0.6 on, kept as a fraction so that no rounding decides."""
HOLDER_SIMILAR = (4, 5)
"""A bank account's holder must be this similar to owner or entity, 0.8."""

_HITS = 8
_WORDS = re.compile(r"[^\W_]+")
_TITLE_WORDS = "h hj ir drs dra dr hjh se sh st spd haji bapak ibu pak bu sdr sdri bpk"
TITLES = frozenset(_TITLE_WORDS.split())
_FIRST_WORDS = "warung toko rumah makan usaha kedai kios bengkel jahit kue dapur ibu bu pak kerupuk keripik"


def name_key(text: str) -> str:
    """Return a name without case, punctuation and double spaces."""
    return " ".join(_WORDS.findall(text.casefold()))


def person_key(text: str) -> str:
    """Return a person's name without titles too."""
    words = [word for word in _WORDS.findall(text.casefold()) if word not in TITLES]
    return " ".join(words) or name_key(text)


@lru_cache(maxsize=4096)
def trigrams(key: str) -> frozenset[str]:
    """Return the trigrams of a name key: each word padded by two blanks in front and one behind."""
    found: set[str] = set()
    for word in key.split(" "):
        found.update(map(f"  {word} ".__getitem__, _windows(len(word) + 1)))
    return frozenset(found)


@lru_cache(maxsize=256)
def _windows(count: int) -> tuple[slice, ...]:
    return tuple(slice(place, place + 3) for place in range(count))


def at_least(a: frozenset[str], b: frozenset[str], ratio: tuple[int, int]) -> bool:
    """Say whether two trigram sets share at least this fraction of their union."""
    shared = len(a & b)
    return shared * ratio[1] >= ratio[0] * (len(a) + len(b) - shared) and shared > 0


def similar(a: str, b: str, ratio: tuple[int, int] = SIMILAR) -> bool:
    """Say whether two name keys are similar."""
    return a == b or at_least(trigrams(a), trigrams(b), ratio)


def similarity_percent(a: str, b: str) -> int:
    """Return how similar two name keys are, 0 to 100, for people to read."""
    x, y = trigrams(a), trigrams(b)
    union = len(x | y)
    return 100 * len(x & y) // union if union else 0


class SimilarNames(Generic[T]):
    """Finds the names of a group that are similar to a given one, without comparing with all of them.

    Two sets that share 60 % of the larger one must share eight among the first few members of each in any common
    sequence, so only those are indexed; the sequence puts trigrams that are rare in Indonesian business names first.
    Which names have a trigram is one number, a bit for each name, so that a few operations on such numbers count the
    hits of all names at once: a kecamatan of three thousand names costs little more than one of a hundred.
    """

    def __init__(self) -> None:
        self._by_gram: dict[str, int] = {}
        self._keys: list[str] = []
        self._refs: list[T] = []

    def add(self, key: str, ref: T) -> None:
        """Add a name under a reference."""
        bit = 1 << len(self._keys)
        self._keys.append(key)
        self._refs.append(ref)
        by_gram = self._by_gram
        for gram in _prefix(trigrams(key)):
            # The same few thousand trigrams stand in every desa.
            by_gram[intern(gram)] = by_gram.get(gram, 0) | bit

    def find(self, key: str) -> Iterator[T]:
        """Yield the references of similar names, oldest first."""
        grams = trigrams(key)
        found = _at_least_often(
            [self._by_gram[gram] for gram in _prefix(grams) if gram in self._by_gram], min(_HITS, _needed(len(grams)))
        )
        while found:
            lowest = found & -found
            place = lowest.bit_length() - 1
            found ^= lowest
            if at_least(grams, trigrams(self._keys[place]), SIMILAR):
                yield self._refs[place]


def _at_least_often(numbers: list[int], wanted: int) -> int:
    """Return the bits that are set in at least so many of some numbers, eight at most.

    The numbers are added up bit by bit, every place by itself: `ones`, `twos` and `fours` are the digits of the sums,
    `eights` what has gone beyond them.
    """
    ones = twos = fours = eights = 0
    for number in numbers:
        carry = ones & number
        ones ^= number
        number = twos & carry
        twos ^= carry
        carry = fours & number
        fours ^= number
        eights |= carry
    if wanted >= _HITS:
        return eights
    more, equal = eights, -1
    for digit, is_set in ((fours, wanted & 4), (twos, wanted & 2), (ones, wanted & 1)):
        if is_set:
            equal &= digit
        else:
            more |= equal & digit
    return more | equal


def _needed(size: int) -> int:
    """Return how many members a set of this size shares at least with any similar one."""
    return (size * SIMILAR[0] + SIMILAR[1] - 1) // SIMILAR[1]


@lru_cache(maxsize=4096)
def _prefix(grams: frozenset[str]) -> list[str]:
    return sorted(grams, key=_RARITY.__getitem__)[: len(grams) - _needed(len(grams)) + _HITS]


# Trigrams of the words that begin most business names; everything else counts as rare.
_COMMON = {
    gram: place for place, gram in enumerate(gram for word in _FIRST_WORDS.split() for gram in sorted(trigrams(word)))
}


class _Rarity(dict[str, tuple[int, int, str]]):
    """The place of each trigram in the common sequence, worked out when it is first asked for."""

    def __missing__(self, gram: str) -> tuple[int, int, str]:
        if len(self) > 50_000:
            self.clear()
        # The beginning of a word is shared by many words, its middle by few.
        self[gram] = found = (_COMMON.get(gram, -1), gram.count(" "), gram)
        return found


_RARITY = _Rarity()
