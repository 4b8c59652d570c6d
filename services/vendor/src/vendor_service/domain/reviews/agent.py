"""Consent that somebody acts for a seller, as a fact."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AgentConsent:
    """A seller's consent on paper that somebody acts for them.

    Attributes:
        agent: The principal who may act.
        evidence_id: Photo of the signed paper.
        ends_on: Last day; none means until it is revoked.
    """

    vendor_id: UUID
    agent: str
    consent_version: str
    evidence_id: UUID
    given_on: date
    ends_on: date | None = None

    def holds(self, today: date) -> bool:
        """Say whether the agent may act on a day."""
        return self.given_on <= today and (self.ends_on is None or today <= self.ends_on)
