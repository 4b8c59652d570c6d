"""Show identifiers in full, to those who may, with a reason that is written down first (domain.md 8.2)."""

from collections.abc import Sequence
from uuid import UUID

from vendor_service.application.ports import UnitOfWork
from vendor_service.domain.personal_data.free_text import mask_numbers_in
from vendor_service.domain.vendor import Moment

REVEALABLE = ("nik", "kk", "npwp", "nitku", "nib", "phone")
"""A bank account is not among them: in full it is the treasurer's alone."""


async def reveal_identifiers(
    vendor_id: UUID, fields: Sequence[str], reason: str, moment: Moment, *, uow: UnitOfWork
) -> dict[str, object]:
    """Return the fields asked for in full, and note who looked at them and why."""
    vendor = await uow.vendors.get(vendor_id)
    await uow.journal.log_reveal(vendor_id, list(fields), mask_numbers_in(reason), moment)
    people = [{name: getattr(owner, name) for name in ("nik", "kk") if name in fields} for owner in vendor.owners]
    numbers = {name: getattr(vendor.private, name) for name in fields if name not in {"nik", "kk"}}
    return {"vendor_id": str(vendor_id), "owners": people, **numbers}
