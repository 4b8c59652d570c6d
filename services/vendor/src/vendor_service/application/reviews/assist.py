"""Enter a business for an owner who cannot do it alone: an officer or a koperasi, with the owner's consent on paper."""

from dataclasses import dataclass, replace
from uuid import UUID

from bela_kit.core.ids import new_id

from vendor_service.application.ports import UnitOfWork
from vendor_service.application.register_vendor import RegisterVendor, SignUpVendor, register_vendor, sign_up_vendor
from vendor_service.application.reviews.agents import record_consent
from vendor_service.domain.entry import Entry
from vendor_service.domain.reviews.agent import AgentConsent
from vendor_service.domain.roles import OFFICER
from vendor_service.domain.vendor import Moment, Vendor

MOST_ASSISTED = 200
"""How many members of a koperasi may wait for an officer at once."""


@dataclass(frozen=True, slots=True)
class AssistedEntry:
    """What an agent typed in, and the photo of the owner's signed consent."""

    entry: Entry
    consent_version: str
    evidence_id: UUID
    moment: Moment


async def register_on_behalf(command: AssistedEntry, *, uow: UnitOfWork) -> Vendor:
    """Enter a business for its owner; the agent may go on acting for it under the same consent.

    What an officer enters is in the register at once. What a koperasi enters waits for an officer and is answered alike
    whether or not the register knows the business, as any sign-up is.

    Raises:
        EvidenceUnknown: The consent was not uploaded.
        VendorAlreadyRegistered: An officer enters what is there already.
        SignUpLimit: Too many of the koperasi's entries wait.
    """
    vendor_id, agent = new_id(), command.moment.actor
    marked = replace(agent, on_behalf_of=str(vendor_id))
    moment = replace(command.moment, actor=marked, evidence_id=command.evidence_id)
    if agent.role == OFFICER:
        vendor = await register_vendor(RegisterVendor(command.entry, moment, vendor_id), uow=uow)
    else:
        sign_up = SignUpVendor(
            command.entry, agent.principal, command.consent_version, moment, vendor_id, MOST_ASSISTED
        )
        vendor = await sign_up_vendor(sign_up, uow=uow)
    consent = AgentConsent(vendor_id, agent.principal, command.consent_version, command.evidence_id, moment.today)
    await record_consent(consent, moment, uow=uow)
    return vendor
