"""Overrides of rotation and splitting: a reason code, and an approval one step up (domain.md 1.2, 10.1, 10.5)."""

import enum
from dataclasses import dataclass

from bela_kit.core.actor import Actor

from order_service.domain.errors import OverrideApprovalRequired, OverrideInvalid

APPROVERS = frozenset({"kpa", "pa"})
APPROVAL_ABOVE = 10_000_000


class OverrideReason(enum.StrEnum):
    """Why a rule is set aside; the reasons are public per OPD."""

    ONLY_VENDOR = "only_vendor"
    ONLY_CAPACITY = "only_capacity"
    SAFETY = "safety"
    CONTINUATION = "continuation"
    TENDER_RESULT = "tender_result"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Override:
    """A rule set aside for one order.

    Attributes:
        reason: Reason code.
        by: The signer who asks for it.
        text: In words; needed for `other`.
        approved_by: KPA, or PA where the KPA himself asked; none if nobody approved.
    """

    reason: str
    by: Actor
    text: str = ""
    approved_by: Actor | None = None

    def check(self) -> None:
        """Refuse an unknown reason, or `other` without words."""
        if self.reason not in set(OverrideReason):
            raise OverrideInvalid
        if self.reason == OverrideReason.OTHER and not self.text.strip():
            raise OverrideInvalid("Alasan lain perlu dituliskan.")

    def check_approval(self) -> bool:
        """Refuse an override that nobody one step up approved.

        Returns:
            True if a PA approved his own, which goes through and onto the auditor's list.
        """
        self.check()
        if self.by.role == "pa":
            if not self.text.strip():
                raise OverrideInvalid("PA yang menyetujui sendiri wajib menuliskan alasan.")
            return True
        approver = self.approved_by
        if approver is None or approver.role not in APPROVERS:
            raise OverrideApprovalRequired
        if approver.principal == self.by.principal:
            raise OverrideApprovalRequired
        if self.by.role == "kpa" and approver.role != "pa":
            raise OverrideApprovalRequired
        return False
