"""Set the KBLI codes of a business; the main one is shown in its profile."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from vendor_service.application.ports import UnitOfWork
from vendor_service.domain.identity.kbli import KbliCode, checked_codes
from vendor_service.domain.vendor import Moment, Vendor


async def set_kbli(
    vendor: Vendor, wanted: Sequence[tuple[int, str]], moment: Moment, *, uow: UnitOfWork
) -> list[dict[str, Any]]:
    """Replace the codes of a business that was read in this unit of work; refuses with KBLI_INVALID."""
    codes = checked_codes(wanted, await uow.identity.kbli_table())
    await uow.identity.set_kbli(vendor.vendor_id, codes)
    main = codes[0].code if codes else None
    if main != vendor.profile.kbli:
        profile = replace(vendor.profile, kbli=main)
        vendor.change(moment, profile=profile, changed=frozenset({"kbli"}), reason="KBLI")
        await uow.vendors.save([vendor])
    return await show_kbli(vendor.vendor_id, uow=uow)


async def show_kbli(vendor_id: UUID, *, uow: UnitOfWork) -> list[dict[str, Any]]:
    """Return the codes of a business with titles, a warning where the seed lacks one, and what each may have become."""
    table = await uow.identity.kbli_table()
    codes = [
        KbliCode(version, code, table.title(version, code)) for version, code in await uow.identity.kbli_of(vendor_id)
    ]
    return [
        {
            "version": one.version,
            "code": one.code,
            "title": one.title,
            "division_title": table.title(one.version, one.code[:2]),
            "warning": None if one.known else "KBLI_NOT_IN_TABLE",
            "other_version": table.became(one),
        }
        for one in codes
    ]
