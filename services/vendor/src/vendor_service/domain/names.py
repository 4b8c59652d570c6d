"""When two names are the same name: the comparison that deduplication and bank holder checks rest on.

Trigrams as PostgreSQL's pg_trgm counts them, so that the register and a search agree on what is similar.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Generic, TypeVar

T = TypeVar("T")

SIMILAR = (3, 5)
"""Two names are similar from 0.6 on, kept as a fraction so that no rounding decides."""
HOLDER_SIMILAR = (4, 5)
"""A bank account's holder must be this similar to owner or entity, 0.8."""

_HITS = 4
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
        padded = f"  {word} "
        found.update(padded[i : i + 3] for i in range(len(padded) - 2))
    return frozenset(found)


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

    Two sets that share 60 % of the larger one must share four among the first few members of each in any common
    sequence, so only those are indexed; the sequence puts trigrams that are rare in Indonesian business names first.
    """

    def __init__(self) -> None:
        self._by_gram: dict[str, list[int]] = {}
        self._names: list[tuple[frozenset[str], T]] = []

    def add(self, key: str, ref: T) -> None:
        """Add a name under a reference."""
        grams = trigrams(key)
        place = len(self._names)
        self._names.append((grams, ref))
        for gram in _prefix(grams):
            self._by_gram.setdefault(gram, []).append(place)

    def find(self, key: str) -> Iterator[T]:
        """Yield the references of similar names, oldest first."""
        grams = trigrams(key)
        wanted = min(_HITS, _needed(len(grams)))
        lists = (self._by_gram.get(gram, ()) for gram in _prefix(grams))
        hits = Counter(chain.from_iterable(lists))
        for place in sorted(place for place, count in hits.items() if count >= wanted):
            other, ref = self._names[place]
            if at_least(grams, other, SIMILAR):
                yield ref


def _needed(size: int) -> int:
    """Return how many members a set of this size shares at least with any similar one."""
    return (size * SIMILAR[0] + SIMILAR[1] - 1) // SIMILAR[1]


@lru_cache(maxsize=4096)
def _prefix(grams: frozenset[str]) -> list[str]:
    return sorted(grams, key=_rarity)[: len(grams) - _needed(len(grams)) + _HITS]


# Trigrams of the words that begin most business names; everything else counts as rare.
_COMMON = {
    gram: place for place, gram in enumerate(gram for word in _FIRST_WORDS.split() for gram in sorted(trigrams(word)))
}


@lru_cache(maxsize=20_000)
def _rarity(gram: str) -> tuple[int, int, str]:
    # The beginning of a word is shared by many words, its middle by few.
    return (_COMMON.get(gram, -1), gram.count(" "), gram)
