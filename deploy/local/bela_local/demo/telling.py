"""What the demo prints: who did what, and the figures."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence


def rupiah(amount: int) -> str:
    """Return an amount as Indonesians write it."""
    return f"Rp{amount:,}".replace(",", ".")


def title(text: str) -> None:
    """Begin a story."""
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n== {text}", flush=True)


def say(text: str) -> None:
    """Tell one step."""
    print(f"  {text}", flush=True)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a small table; numbers to the right."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[at]) for row in [list(head), *cells]) for at in range(len(head))]
    numeric = [all(_is_number(row[at]) for row in cells) for at in range(len(head))]
    for row in [list(head), *cells]:
        line = (c.rjust(w) if right else c.ljust(w) for c, w, right in zip(row, widths, numeric, strict=True))
        print("    " + "  ".join(line).rstrip(), flush=True)


def _is_number(text: str) -> bool:
    return text.removeprefix("Rp").replace(".", "").replace(",", "").replace("-", "").replace("%", "").strip().isdigit()


class Surprise(Exception):
    """The system answered, but not what the story says."""


def expect(true: bool, what: str) -> None:
    """Stop the demo where a figure is not the story's."""
    if not true:
        raise Surprise(what)
