"""Organisation units of a local government, from the OPD down to the kelurahan, and whose budget pays for them."""

from collections.abc import Mapping
from dataclasses import dataclass

from bela_kit.core.tenancy import TenantId

from order_service.domain.errors import FieldError, InvalidInput

MAX_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit.

    Attributes:
        unit_id: The unit.
        tenant: Region.
        name: Name as people know it.
        parent_unit_id: Unit above it; none at the top.
        budget_holder: True for a PA/KPA unit: rotation, splitting and the OPD tables count by it.
        district_code: Kecamatan it sits in; empty if not known.
        version: From 1.
    """

    unit_id: str
    tenant: TenantId
    name: str
    parent_unit_id: str | None = None
    budget_holder: bool = False
    district_code: str = ""
    version: int = 1


def budget_holder_of(unit_id: str, units: Mapping[str, Unit]) -> Unit:
    """The unit itself or the nearest unit above it that holds a budget; sub-units count with it.

    Raises:
        InvalidInput: No unit on the way up holds a budget.
    """
    current = units.get(unit_id)
    for _ in range(MAX_DEPTH):
        if current is None:
            break
        if current.budget_holder:
            return current
        current = units.get(current.parent_unit_id) if current.parent_unit_id else None
    raise InvalidInput(
        fields=[FieldError("unit_id", "NO_BUDGET_HOLDER", "Unit ini tidak berada di bawah pengguna anggaran.")]
    )
