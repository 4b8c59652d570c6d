"""Corrects a misspelt word of a query to a word of the trade: "kotk" to "kotak".

The vocabulary is the reference data's few hundred words, so this costs no index; names of shops and brands are left to
the comparison by trigrams.
"""

from collections.abc import Iterable
from difflib import get_close_matches

from catalog_service.domain.reference import ReferenceBook
from catalog_service.domain.search_query import SYNONYMS, SearchQuery, parse_query, words_of

_LIKENESS = 0.8
_SHORTEST = 4


class Vocabulary:
    """Words that buyers look for."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted({word for word in words if len(word) >= _SHORTEST and word.isalpha()})
        self._known = frozenset(self._words)

    @classmethod
    def of(cls, book: ReferenceBook) -> "Vocabulary":
        """Return the words of all categories and profiles, and their synonyms."""
        texts = [book.keywords(code) for code in book.profiles]
        texts += [" ".join((one.name, *one.keywords)) for one in book.categories.values()]
        return cls([*SYNONYMS, *(word for text in texts for word in words_of(text))])

    def correct(self, query: SearchQuery) -> SearchQuery | None:
        """Return the query with unknown words replaced by their nearest known ones; None if none was near."""
        changed = [self._nearest(word) for word in query.plain.split()]
        text = " ".join(changed)
        return parse_query(text) if text != query.plain else None

    def _nearest(self, word: str) -> str:
        if len(word) < _SHORTEST or word in self._known:
            return word
        found = get_close_matches(word, self._words, n=1, cutoff=_LIKENESS)
        return found[0] if found else word
