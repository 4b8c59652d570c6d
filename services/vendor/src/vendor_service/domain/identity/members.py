"""Members of a koperasi or KUB and their shares (domain.md 2.4, 10.2).

A koperasi does not group its members: they are listed to be counted and to share an order, never as a link between
businesses. A share is given in ten-thousandths of what the koperasi delivers, so that a third is 3333.
"""

import enum
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from vendor_service.domain.identity.errors import MemberInvalid
from vendor_service.domain.profile import EntityKind

WHOLE = 10_000
WITH_MEMBERS = frozenset({EntityKind.KOPERASI, EntityKind.KUB})


class SupplyKind(enum.StrEnum):
    """What a member brings in."""

    GOODS = "goods"
    RAW_MATERIAL = "raw_material"
    LABOUR = "labour"
    NONE = "none"


@dataclass(slots=True)
class Member:
    """A person in a koperasi.

    Attributes:
        name: Sealed wherever it is stored, as is the NIK.
        share: Usual part of a delivery in ten-thousandths.
        business_id: The member's own business in the register, if there is one.
    """

    member_id: UUID
    vendor_id: UUID
    name: str
    nik: str | None
    share: int
    supply: SupplyKind
    joined_on: date | None = None
    left_on: date | None = None
    business_id: UUID | None = None


def check_shares(shares: int, added: int) -> None:
    """Refuse shares of present members that come to more than the whole."""
    if shares + added > WHOLE:
        raise MemberInvalid("share", "SHARES_ABOVE_WHOLE", "Jumlah bagian seluruh anggota melebihi 10.000 (100%).")
