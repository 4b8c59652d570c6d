"""What the columns of a table mean: what the header was understood as, and what an officer has decided instead.

A decision is kept per source of lists (a department, a kecamatan office): its next file has the same headers. Headers
are compared by their words alone, so a decision holds when columns move or a star is added (domain.md 2.3).
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from vendor_service.domain.imports.columns import ACCEPTED, header_key

CERTAIN = 100
"""Confidence, in percent, of a header that is a known word, or that an officer has decided on."""


class Understood(StrEnum):
    """How a header came to its column."""

    EXACT = "exact"
    SIMILAR = "similar"
    CHOSEN = "chosen"
    NOT_AT_ALL = "not_at_all"


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """One column of a table, as it is shown to the officer before anything is stored.

    Attributes:
        place: Place in the row, from 0.
        header: The header as it stands, group and name of a header of two rows joined by a blank.
        key: The words of the header by which a decision is found again.
        column: Column of the template; none if nothing is read from here.
        confidence: How sure the reading is, in percent: 100 for a known word, less for a similar one, 0 for none.
        how: What the confidence rests on.
    """

    place: int
    header: str
    key: str
    column: str | None
    confidence: int
    how: Understood


@dataclass(frozen=True, slots=True)
class HeaderMapping:
    """Decisions of an officer about headers.

    Attributes:
        columns: Key of a header -> column of the template, or none for "read nothing from here".
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)

    @classmethod
    def of_headers(cls, chosen: Mapping[str, str | None]) -> "HeaderMapping":
        """Return the decisions for headers as they stand in the file, or as keys."""
        return cls({header_key(header): column for header, column in chosen.items()})

    def unknown_columns(self) -> tuple[str, ...]:
        """Return what was named as a column and is none."""
        return tuple(sorted({name for name in self.columns.values() if name is not None and name not in ACCEPTED}))

    def twice(self) -> tuple[str, ...]:
        """Return columns that more than one header was given to."""
        names = [name for name in self.columns.values() if name is not None]
        return tuple(sorted({name for name in names if names.count(name) > 1}))

    def with_changes(self, later: "HeaderMapping") -> "HeaderMapping":
        """Return these decisions with later ones over them; a column that is given anew leaves its former header."""
        given = {name for name in later.columns.values() if name is not None}
        kept = {key: column for key, column in self.columns.items() if column not in given}
        return HeaderMapping({**kept, **later.columns})


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the officer asks of the reading of a file.

    Attributes:
        sheets: Names of the sheets to read, hidden ones too; none for every visible one.
        mapping: Decisions about headers that go before what the reader understands by itself.
    """

    sheets: tuple[str, ...] | None = None
    mapping: HeaderMapping = field(default_factory=HeaderMapping)


NO_OPTIONS = ReadOptions()
"""Every visible sheet, understood by itself."""


def fingerprint(keys: Iterable[str]) -> str:
    """Return what tells the header of one kind of list from that of another: 32 hex digits of its sorted keys."""
    text = "\n".join(sorted(keys))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
