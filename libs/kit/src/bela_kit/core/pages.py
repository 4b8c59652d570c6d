"""A page of a list and the request for one; how a token looks is the business of the edge (`bela_kit.pagination`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """How many items are wanted, and from where on; no token means from the start."""

    size: int
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items and where the next ones begin; no token means that these were the last."""

    items: Sequence[T]
    next_token: str | None = None
