"""One suspension or blacklisting of a business: proposed, imposed, appealed against, lifted, over (domain.md 2.4).

A signer proposes, the LPSE imposes or refuses; whoever proposed does not decide. Dates are days of the region and both
inclusive. The row stays for ever, and follows the surviving business of a merge.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from bela_kit.core.errors import FieldError

from vendor_service.domain.sanctions.errors import (
    AppealNotOpen,
    SanctionInvalid,
    SanctionNotInState,
    SanctionSelfDecided,
)
from vendor_service.domain.sanctions.restraint import Restraint
from vendor_service.domain.vendor import Moment

LONGEST_YEARS = 5
NOT_LISTED = "NOT_LISTED_ANY_MORE"
"""Why a national sanction was lifted: a newer Daftar Hitam does not hold its entry."""


class SanctionKind(enum.StrEnum):
    """What it is; a blacklisting is also told apart at the signature."""

    SUSPENSION = "suspension"
    BLACKLIST = "blacklist"


class Scope(enum.StrEnum):
    """Where it holds: in the region that issued it, or everywhere (an entry of the national Daftar Hitam)."""

    REGION = "region"
    NATIONAL = "national"


class SanctionState(enum.StrEnum):
    """Where the paper stands; whether it is in force depends on the day as well."""

    PROPOSED = "proposed"
    REFUSED = "refused"
    IMPOSED = "imposed"
    LIFTED = "lifted"


class AppealResult(enum.StrEnum):
    """How an appeal ended."""

    UPHELD = "upheld"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Basis:
    """What a sanction rests on.

    Attributes:
        letter: Number of the decision letter (SK).
        issuer: The office that signed it, for example the PA of a dinas or LKPP.
        reason: The breach, in words or by article.
    """

    letter: str
    issuer: str
    reason: str


@dataclass(slots=True)
class Sanction:
    """One sanction of one business; `version` counts its changes from 1."""

    sanction_id: UUID
    vendor_id: UUID
    kind: SanctionKind
    scope: Scope
    state: SanctionState
    valid_from: date
    valid_to: date
    basis: Basis
    proposal: dict[str, Any] | None = None
    decision: dict[str, Any] | None = None
    appeal: dict[str, Any] | None = None
    lifting: dict[str, Any] | None = None
    standing_before: str | None = None
    entry_key: bytes | None = None
    moved_from: UUID | None = None
    version: int = 1

    @classmethod
    def propose(
        cls,
        sanction_id: UUID,
        vendor_id: UUID,
        kind: SanctionKind,
        period: tuple[date, date],
        basis: Basis,
        moment: Moment,
    ) -> "Sanction":
        """Return a signer's proposal; it restrains nobody before the LPSE has decided."""
        check_period(period)
        proposal = _signed(moment)
        return cls(sanction_id, vendor_id, kind, Scope.REGION, SanctionState.PROPOSED, *period, basis, proposal)

    @classmethod
    def from_entry(
        cls,
        sanction_id: UUID,
        vendor_id: UUID,
        entry_key: bytes,
        period: tuple[date, date],
        basis: Basis,
        moment: Moment,
    ) -> "Sanction":
        """Return what an entry of the national Daftar Hitam means for a business of this region."""
        state, scope = SanctionState.IMPOSED, Scope.NATIONAL
        made = cls(sanction_id, vendor_id, SanctionKind.BLACKLIST, scope, state, *period, basis, entry_key=entry_key)
        made.decision = _signed(moment)
        return made

    def in_force(self, on: date) -> bool:
        """Say whether it keeps the business from new orders on a day."""
        return self.state is SanctionState.IMPOSED and self.valid_from <= on <= self.valid_to

    def impose(self, moment: Moment, note: str = "") -> None:
        """Put it in force, by somebody other than who proposed it."""
        self._decide(SanctionState.IMPOSED, moment, note)

    def refuse(self, moment: Moment, note: str) -> None:
        """Turn the proposal down."""
        self._decide(SanctionState.REFUSED, moment, note)

    def file_appeal(self, moment: Moment, letter: str, grounds: str) -> None:
        """Take in an appeal; the sanction holds until it is decided."""
        if self.state is not SanctionState.IMPOSED:
            raise SanctionNotInState(self.state)
        if self.appeal is not None and self.appeal.get("result") is None:
            raise AppealNotOpen
        self.appeal = {"filed": _signed(moment), "letter": letter, "grounds": grounds, "result": None}
        self.version += 1

    def decide_appeal(self, moment: Moment, result: AppealResult, letter: str) -> None:
        """Decide the open appeal; upheld, it lifts the sanction."""
        if self.appeal is None or self.appeal.get("result") is not None:
            raise AppealNotOpen
        self.appeal = {**self.appeal, "result": result.value, "decided": _signed(moment), "decision_letter": letter}
        self.version += 1
        if result is AppealResult.UPHELD:
            self.lift(moment, letter, "APPEAL_UPHELD")

    def lift(self, moment: Moment, letter: str, reason: str) -> None:
        """End it before its last day, by a lifting letter."""
        if self.state is not SanctionState.IMPOSED:
            raise SanctionNotInState(self.state)
        self.state = SanctionState.LIFTED
        self.lifting = {**_signed(moment), "letter": letter, "reason": reason}
        self.version += 1

    def reinstate(self, period: tuple[date, date]) -> bool:
        """Put a national sanction back in force whose entry is listed again, or with other days; says if it changed.

        One that was lifted by a letter of this region stays lifted.
        """
        if self.state is SanctionState.LIFTED and self.lifting and self.lifting["reason"] == NOT_LISTED:
            self.state, self.lifting = SanctionState.IMPOSED, None
        elif self.state is not SanctionState.IMPOSED or (self.valid_from, self.valid_to) == period:
            return False
        self.valid_from, self.valid_to = period
        self.version += 1
        return True

    def move_to(self, vendor_id: UUID) -> None:
        """Follow the surviving business of a merge."""
        self.moved_from = self.moved_from or self.vendor_id
        self.vendor_id = vendor_id
        self.version += 1

    def move_back(self) -> None:
        """Return to the business it was imposed on, because the merge was undone."""
        if self.moved_from is not None:
            self.vendor_id, self.moved_from = self.moved_from, None
            self.version += 1

    def _decide(self, state: SanctionState, moment: Moment, note: str) -> None:
        if self.state is not SanctionState.PROPOSED:
            raise SanctionNotInState(self.state)
        if self.proposal is not None and self.proposal.get("principal") == moment.actor.principal:
            raise SanctionSelfDecided
        self.state = state
        self.decision = {**_signed(moment), "note": note}
        self.version += 1


def restraint_of(sanctions: Iterable[Sanction], on: date) -> Restraint | None:
    """Return what a business is under on a day: the longest end, blacklisted if any in force is a blacklisting."""
    holding = [one for one in sanctions if one.in_force(on)]
    if not holding:
        return None
    until = max(one.valid_to for one in holding)
    return Restraint(until, any(one.kind is SanctionKind.BLACKLIST for one in holding))


def check_period(period: tuple[date, date]) -> None:
    """Refuse days the wrong way round, and more than five years."""
    first, last = period
    if last < first:
        raise SanctionInvalid(FieldError("valid_to", "BEFORE_START", "Tanggal akhir mendahului tanggal mulai."))
    if (last - first).days > LONGEST_YEARS * 366:
        raise SanctionInvalid(FieldError("valid_to", "TOO_LONG", "Sanksi paling lama lima tahun."))


def _signed(moment: Moment) -> dict[str, Any]:
    return {
        "principal": moment.actor.principal,
        "role": moment.actor.role,
        "at": moment.now.isoformat(),
        "on": moment.today.isoformat(),
    }
