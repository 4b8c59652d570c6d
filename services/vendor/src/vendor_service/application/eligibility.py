"""Whether a business may take an order of a value on a day: what order asks at the signature."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bela_kit.core.tenancy import TenantId

from vendor_service.domain.events import GuestGrant
from vendor_service.domain.profile import BAND_LIMITS, Band
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import Vendor


@dataclass(frozen=True, slots=True)
class Candidate:
    """What of a business decides whether it may take an order; read without opening anything that is sealed."""

    tenant: TenantId
    standing: Standing
    band: Band | None
    conflict_of_interest: bool


@dataclass(frozen=True, slots=True)
class Question:
    """An order to be: gross value in whole rupiah, day, and the buyer's region if it is not the home region."""

    value_idr: int
    on: date
    buyer: str | None = None


def reasons_against(vendor: Vendor | Candidate | None, question: Question, guests: Iterable[GuestGrant]) -> list[str]:
    """Return why a business may not take the order; nothing means it may."""
    if vendor is None:
        return ["VENDOR_UNKNOWN"]
    reasons = []
    if vendor.standing is not Standing.OK:
        reasons.append(f"VENDOR_{vendor.standing.upper()}")
    if vendor.band is None:
        reasons.append("VENDOR_NOT_VERIFIED")
    else:
        limit = BAND_LIMITS[vendor.band]
        if limit is not None and question.value_idr > limit:
            reasons.append("BAND_TOO_LOW")
    if vendor.conflict_of_interest:
        reasons.append("CONFLICT_OF_INTEREST")
    if question.buyer and question.buyer != vendor.tenant and not any(_holds(one, question) for one in guests):
        reasons.append("NOT_A_GUEST")
    return reasons


def _holds(grant: GuestGrant, question: Question) -> bool:
    if grant.revoked or grant.host_region != question.buyer or grant.valid_from > question.on:
        return False
    return grant.valid_to is None or grant.valid_to >= question.on
