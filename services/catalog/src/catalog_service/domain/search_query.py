"""From what a buyer types to what the index understands: Indonesian words, without noise, with their synonyms.

PostgreSQL brings the Indonesian stemmer; it has no list of stop words, so they are taken out here, and on the query's
side alone (a stop word in the index costs room, one in the query costs the result).
"""

import re
import unicodedata
from dataclasses import dataclass

MAX_LENGTH = 200
MAX_WORDS = 8

_WORD = re.compile(r"[a-z0-9]+")

STOP_WORDS = frozenset(
    _WORD.findall(
        "ada adalah agar akan anda antara atas atau bagi beli bisa buat cari dalam dan dari dengan di harga hingga "
        "ini itu jual juga kami karena ke kepada kita lain mau mencari murah oleh pada paling para per perlu pesan "
        "saja sama sampai saya sebagai secara seperti serta tentang tidak tolong untuk yaitu yang"
    )
)

# Words for one thing; a query for one finds the others. Lower case, without accents, one token each.
_SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("kotak", "box", "boks", "dos"),
    ("snack", "snek", "kudapan", "camilan", "cemilan"),
    ("katering", "catering", "boga"),
    ("spanduk", "banner"),
    ("mebel", "meubel", "furnitur", "furniture"),
    ("keripik", "kripik"),
    ("seragam", "uniform"),
    ("tinta", "ink"),
    ("kertas", "hvs"),
    ("fotokopi", "fotocopy", "photocopy"),
    ("konveksi", "penjahit", "jahit", "tailor"),
    ("printer", "pencetak"),
    ("mineral", "amdk"),
)
SYNONYMS = {word: group for group in _SYNONYMS for word in group}


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A query ready for the index.

    Attributes:
        tsquery: Text for `to_tsquery`, made of letters, digits and operators alone; empty if no word was left.
        plain: The words in their order, for the comparison by trigrams.
    """

    tsquery: str
    plain: str

    @property
    def empty(self) -> bool:
        """True if the buyer typed nothing that could be looked for."""
        return not self.plain


def fold(text: str) -> str:
    """Return a text in lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case without accents, in their order."""
    return _WORD.findall(fold(text))


def parse_query(text: str) -> SearchQuery:
    """Return the query for what a buyer typed; the order of words does not matter, each of them must be found."""
    words = words_of(text[:MAX_LENGTH])
    wanted = [word for word in dict.fromkeys(words) if word not in STOP_WORDS] or list(dict.fromkeys(words))
    wanted = wanted[:MAX_WORDS]
    parts = []
    for word in wanted:
        group = SYNONYMS.get(word, (word,))
        parts.append(group[0] if len(group) == 1 else f"({' | '.join(group)})")
    return SearchQuery(" & ".join(parts), " ".join(wanted))
