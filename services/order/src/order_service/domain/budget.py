"""Budget lines: ceiling, buckets, and the movements of an order through them (domain.md 6.2).

`reserved + committed + accepted + paid <= ceiling - blocked` at every instant. An order never writes a line: it makes
`Movement`s, and the use case applies all of them to the lines in the same transaction, or none. A movement's `key`
makes a step idempotent.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bela_kit.core.tenancy import TenantId

from order_service.domain.errors import (
    BudgetBucketNegative,
    BudgetExceeded,
    BudgetOvercommitted,
    BudgetSplitInvalid,
    BudgetYearClosed,
    FieldError,
    InvalidInput,
)
from order_service.domain.money import MAX_IDR, round_half_up, rupiah, split_by_weight

ACCOUNT_CODE = re.compile(r"5\.[12]\.\d{2}\.\d{2}\.\d{2}\.\d{4}")
SUB_ACTIVITY_CODE = re.compile(r"\d\.\d{2}\.\d{2}\.\d\.\d{2}\.\d{2,4}")
DEFAULT_CUT_OFF = (12, 15)


@dataclass(frozen=True, slots=True)
class Movement:
    """What one step of an order changes on one budget line; amounts are differences, whole rupiah.

    Attributes:
        key: `order_id:version:step`, unique per line; applying it twice must change nothing.
        order_id: The order.
        budget_line_id: The line.
        step: reserve, commit, accept, pay or release.
        reserved: Change of the bucket.
        committed: Change of the bucket.
        accepted: Change of the bucket.
        paid: Change of the bucket.
    """

    key: str
    order_id: str
    budget_line_id: str
    step: str
    reserved: int = 0
    committed: int = 0
    accepted: int = 0
    paid: int = 0

    @property
    def total(self) -> int:
        """How much more of the line is used after the movement."""
        return self.reserved + self.committed + self.accepted + self.paid


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One line of the budget with its buckets.

    Attributes:
        budget_line_id: The line.
        tenant: Region.
        fiscal_year: Year in the region's zone.
        unit_id: Budget holder (PA/KPA unit) whose line it is.
        sub_activity_code: Sub kegiatan.
        account_code: Rekening belanja.
        title: Name of the line.
        fund_source: For example `PAD`.
        ceiling: Pagu.
        blocked: Part of the ceiling that may not be used.
        reserved: Held since submission.
        committed: Signed, not handed over.
        accepted: Handed over by BAST, not yet paid.
        paid: Paid, gross of withholdings and late fee.
        overcommitted: A lowered ceiling is below the use; blocks new reservations.
        budget_version: `murni`, `pergeseran-n` or `perubahan`.
        version: Version of ceiling and block, from 1.
    """

    budget_line_id: str
    tenant: TenantId
    fiscal_year: int
    unit_id: str
    sub_activity_code: str
    account_code: str
    title: str
    fund_source: str
    ceiling: int
    blocked: int = 0
    reserved: int = 0
    committed: int = 0
    accepted: int = 0
    paid: int = 0
    overcommitted: bool = False
    budget_version: str = "murni"
    version: int = 1

    @property
    def used(self) -> int:
        """The sum of the four buckets."""
        return self.reserved + self.committed + self.accepted + self.paid

    @property
    def available(self) -> int:
        """What may still be reserved; negative while overcommitted."""
        return self.ceiling - self.blocked - self.used

    @property
    def spend(self) -> int:
        """Reported spend: accepted and paid; a payment does not change it."""
        return self.accepted + self.paid

    def apply(self, movement: Movement) -> "BudgetLine":
        """Apply one movement; refuses one without room, and one that takes out more than is there."""
        if movement.budget_line_id != self.budget_line_id:
            raise BudgetSplitInvalid("Perpindahan untuk baris anggaran lain.")
        if movement.total > 0:
            if self.overcommitted:
                raise BudgetOvercommitted(metadata={"budget_line_id": self.budget_line_id})
            if movement.total > self.available:
                raise BudgetExceeded(
                    f"Sisa anggaran {self.title} tinggal {rupiah(max(0, self.available))}.",
                    metadata={"budget_line_id": self.budget_line_id},
                    extra={"budget_line_id": self.budget_line_id, "available_idr": max(0, self.available)},
                )
        moved = replace(
            self,
            reserved=self.reserved + movement.reserved,
            committed=self.committed + movement.committed,
            accepted=self.accepted + movement.accepted,
            paid=self.paid + movement.paid,
        )
        if min(moved.reserved, moved.committed, moved.accepted, moved.paid) < 0:
            raise BudgetBucketNegative(metadata={"budget_line_id": self.budget_line_id})
        return replace(moved, overcommitted=moved.overcommitted and moved.available < 0)

    def check_open(self, today: date, cut_off: tuple[int, int] = DEFAULT_CUT_OFF) -> None:
        """Refuse a new order for another fiscal year, or after the region's cut-off day of this one."""
        if today.year != self.fiscal_year or (today.month, today.day) > cut_off:
            raise BudgetYearClosed(metadata={"budget_line_id": self.budget_line_id})

    def change_ceiling(self, *, ceiling: int, blocked: int, budget_version: str = "") -> "BudgetLine":
        """Set ceiling and block; below the use the line becomes overcommitted and takes no new reservation."""
        check_amounts(ceiling, blocked)
        changed = replace(
            self,
            ceiling=ceiling,
            blocked=blocked,
            budget_version=budget_version or self.budget_version,
            version=self.version + 1,
        )
        return replace(changed, overcommitted=changed.available < 0)


def check_amounts(ceiling: int, blocked: int) -> None:
    """Refuse a ceiling or block that is negative, absurd, or blocks more than there is."""
    fields = []
    if not 0 <= ceiling <= MAX_IDR:
        fields.append(FieldError("ceiling_idr", "OUT_OF_RANGE", "Pagu harus antara 0 dan 1.000 triliun rupiah."))
    if not 0 <= blocked <= max(ceiling, 0):
        fields.append(FieldError("blocked_idr", "OUT_OF_RANGE", "Blokir harus antara 0 dan pagu."))
    if fields:
        raise InvalidInput(fields=fields)


def check_codes(account_code: str, sub_activity_code: str) -> None:
    """Refuse codes that do not have the shape of rekening belanja and sub kegiatan (domain.md 6.1)."""
    fields = []
    if not ACCOUNT_CODE.fullmatch(account_code):
        fields.append(FieldError("account_code", "FORMAT", "Kode rekening berbentuk 5.1.02.01.01.0052."))
    if not SUB_ACTIVITY_CODE.fullmatch(sub_activity_code):
        fields.append(FieldError("sub_activity_code", "FORMAT", "Kode sub kegiatan berbentuk 7.02.01.1.06.0009."))
    if fields:
        raise InvalidInput(fields=fields)


@dataclass(frozen=True, slots=True)
class BudgetUse:
    """What one order holds on one budget line, by bucket; gross, whole rupiah.

    Attributes:
        budget_line_id: The line.
        account_code: Rekening belanja.
        sub_activity_code: Sub kegiatan.
        fiscal_year: Year of the line.
        amount: The order's share on this line; the buckets together never exceed it.
        reserved: Held since submission.
        committed: Signed.
        accepted: Handed over, unpaid.
        paid: Paid.
    """

    budget_line_id: str
    account_code: str
    sub_activity_code: str
    fiscal_year: int
    amount: int
    reserved: int = 0
    committed: int = 0
    accepted: int = 0
    paid: int = 0

    @property
    def held(self) -> int:
        """The sum of the four buckets."""
        return self.reserved + self.committed + self.accepted + self.paid

    def moved(self, *, reserved: int = 0, committed: int = 0, accepted: int = 0, paid: int = 0) -> "BudgetUse":
        """The use after a change of its buckets."""
        after = replace(
            self,
            reserved=self.reserved + reserved,
            committed=self.committed + committed,
            accepted=self.accepted + accepted,
            paid=self.paid + paid,
        )
        if min(after.reserved, after.committed, after.accepted, after.paid) < 0:
            raise BudgetBucketNegative(metadata={"budget_line_id": self.budget_line_id})
        if after.held > after.amount:
            raise BudgetExceeded(metadata={"budget_line_id": self.budget_line_id})
        return after


def check_split(uses: Sequence[BudgetUse], total: int) -> None:
    """Refuse shares that are not positive, name a line twice, or do not add up to the total."""
    lines = {use.budget_line_id for use in uses}
    if len(lines) != len(uses) or any(use.amount <= 0 for use in uses) or sum(u.amount for u in uses) != total:
        raise BudgetSplitInvalid


def split_over_lines(total: int, lines: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Split an order over budget lines by weight; the last line takes the remainder."""
    parts = split_by_weight(total, [weight for _, weight in lines])
    return {line: part for (line, _), part in zip(lines, parts, strict=True)}


def handover_shares(uses: Sequence[BudgetUse], value: int) -> Mapping[str, int]:
    """The part of a BAST that falls on each budget line.

    Every line but the last takes its rounded share of the value, never more than its commitment; the last takes the
    rest. The BAST that takes all that is still committed takes exactly the remainder of every line.
    """
    committed = sum(use.committed for use in uses)
    if not 0 <= value <= committed:
        raise BudgetBucketNegative("Nilai serah terima melebihi komitmen.")
    return share_out([(use.budget_line_id, use.amount, use.committed) for use in uses], value)


def accepted_shares(uses: Sequence[BudgetUse], value: int) -> Mapping[str, int]:
    """The part of a payment or of a price cut that falls on each budget line, out of what was handed over."""
    if not 0 <= value <= sum(use.accepted for use in uses):
        raise BudgetBucketNegative("Nilai melebihi yang sudah diserahterimakan.")
    return share_out([(use.budget_line_id, use.amount, use.accepted) for use in uses], value)


def share_out(rooms: Sequence[tuple[str, int, int]], value: int) -> dict[str, int]:
    """Share a value out over (line, weight, room): rounded by weight, never above the room, the last takes the rest."""
    whole = sum(amount for _, amount, _ in rooms)
    shares = {}
    left = value
    for line, amount, room in rooms[:-1]:
        shares[line] = min(room, left, round_half_up(value * amount, whole))
        left -= shares[line]
    line, _, room = rooms[-1]
    shares[line] = min(room, left)
    left -= shares[line]
    # The last line is full although the others have room: rounding of earlier BASTs; earlier lines take the rest.
    for line, _, room in rooms[:-1]:
        extra = min(room - shares[line], left)
        shares[line] += extra
        left -= extra
    return shares
