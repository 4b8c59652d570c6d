"""Who may act for a seller that has no phone or no time: an officer or a koperasi, with consent on paper.

Every act done so names the business it was done for, in the record of the change and in the event (`on_behalf_of`).
"""

from dataclasses import replace
from uuid import UUID

from vendor_service.application.ports import UnitOfWork
from vendor_service.domain.errors import ConsentMissing
from vendor_service.domain.reviews.agent import AgentConsent
from vendor_service.domain.reviews.errors import AgentConsentMissing
from vendor_service.domain.vendor import Moment


async def record_consent(consent: AgentConsent, moment: Moment, *, uow: UnitOfWork) -> None:
    """Note that a seller lets somebody act for them; a later consent takes the place of an earlier one.

    Raises:
        ConsentMissing: No version of the consent text was accepted.
        EvidenceUnknown: The photo of the paper was not uploaded, or is about another business.
    """
    if not consent.consent_version:
        raise ConsentMissing
    vendor = await uow.vendors.get(consent.vendor_id)
    await uow.evidence.attach([consent.evidence_id], vendor.vendor_id, "agent_consent")
    await uow.consents.save(consent, moment)


async def revoke_consent(vendor_id: UUID, agent: str, moment: Moment, *, uow: UnitOfWork) -> None:
    """End an agent's consent with yesterday; what was done under it stays done."""
    await uow.vendors.get(vendor_id)
    if not await uow.consents.end(vendor_id, agent, moment.today):
        raise AgentConsentMissing


async def act_for(vendor_id: UUID, moment: Moment, *, uow: UnitOfWork) -> Moment:
    """Return an agent's act marked as done for the business, resting on the paper that allows it.

    Raises:
        AgentConsentMissing: The seller has not let this person act for them, or no longer does.
    """
    consent = await uow.consents.of(vendor_id, moment.actor.principal)
    if consent is None or not consent.holds(moment.today):
        raise AgentConsentMissing
    marked = replace(moment.actor, on_behalf_of=str(vendor_id))
    return replace(moment, actor=marked, evidence_id=moment.evidence_id or consent.evidence_id)
