"""Publish the texts that people accept, and write down who accepted which, when, and on which paper."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bela_kit.core.ids import new_id

from vendor_service.application.ports import UnitOfWork
from vendor_service.domain.personal_data.consent import Consent, ConsentText, text_to_accept
from vendor_service.domain.vendor import Moment


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A text that was accepted for a business.

    Attributes:
        accepted_by: Principal of the person; none if whoever acts accepts it.
        on_paper: That a signed paper was seen.
        evidence_id: Photo of that paper.
    """

    vendor_id: UUID
    version: str
    moment: Moment
    accepted_by: str | None = None
    on_paper: bool = False
    evidence_id: UUID | None = None


async def publish_text(version: str, body: str, valid_from: date, moment: Moment, *, uow: UnitOfWork) -> ConsentText:
    """Publish a version of the consent text of the region; it is never changed afterwards."""
    text = ConsentText(version, body, valid_from, moment.actor.principal, moment.now)
    await uow.personal_data.add_text(text)
    return text


async def note_consent(acceptance: Acceptance, *, uow: UnitOfWork) -> Consent:
    """Write down that a text was accepted; refuses with CONSENT_TEXT_UNKNOWN or EVIDENCE_UNKNOWN."""
    moment = acceptance.moment
    text = text_to_accept(await uow.personal_data.texts(), acceptance.version, moment.today)
    await uow.evidence.attach([acceptance.evidence_id], acceptance.vendor_id, "consent")
    consent = Consent(
        new_id(),
        acceptance.vendor_id,
        acceptance.version,
        acceptance.accepted_by or moment.actor.principal,
        moment.actor.role,
        moment.now,
        on_paper=acceptance.on_paper or acceptance.evidence_id is not None,
        evidence_id=acceptance.evidence_id,
        text_sha256=text.sha256 if text else None,
    )
    await uow.personal_data.add_consent(consent)
    return consent
