"""A record's fields as a mapping, one level deep: `dataclasses.asdict` copies deeply and is twenty times slower."""

from typing import Any


def values_of(record: Any) -> dict[str, Any]:
    """Return the fields of a slotted dataclass by name."""
    return {name: getattr(record, name) for name in record.__dataclass_fields__}
