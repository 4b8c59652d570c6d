"""One sheet of a workbook, whatever program wrote it: its name, its rows, and which of its cells are merged."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vendor_service.domain.imports.body import Doubts, Merge, Numbered

__all__ = ["Doubts", "Merge", "Numbered", "Sheet"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; nothing of it is read before its rows are asked for."""

    name: str
    hidden: bool
    rows: Callable[[], Iterator[Numbered]]
    merges: Callable[[], list[Merge]]
