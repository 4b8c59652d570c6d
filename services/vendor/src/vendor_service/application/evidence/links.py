"""Short-lived links to evidence: for one file and one reader, by a signature instead of a session."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from vendor_service.application.evidence.ports import LinkSigner
from vendor_service.application.ports import UnitOfWork
from vendor_service.domain.evidence.errors import EvidenceNotFound, LinkRefused
from vendor_service.domain.evidence.evidence import Evidence
from vendor_service.domain.roles import VERIFIERS
from vendor_service.domain.vendor import Moment

LINK_AGE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Link:
    """A signed permission to fetch one file.

    Attributes:
        audience: Whose link it is: a keyed hash of the principal, so that no address in a log names a person.
        expires: Second of real time after which it opens nothing.
    """

    evidence_id: UUID
    audience: str
    expires: int
    signature: str


def may_read(evidence: Evidence, moment: Moment, own_vendors: frozenset[str]) -> bool:
    """Say whether somebody may see a file: verifiers every one, sellers those of their business, all their own.

    Args:
        evidence: The file.
        moment: Who asks, under which role.
        own_vendors: Businesses that the caller owns or manages; staff do not see papers.
    """
    if evidence.uploaded_by == moment.actor.principal or moment.actor.role in VERIFIERS:
        return True
    return evidence.vendor_id is not None and str(evidence.vendor_id) in own_vendors


async def make_link(
    evidence_id: UUID,
    moment: Moment,
    own_vendors: frozenset[str],
    real_now: datetime,
    *,
    uow: UnitOfWork,
    signer: LinkSigner,
) -> Link:
    """Return a link for the caller, who is noted.

    Raises:
        EvidenceNotFound: No such file, or none that the caller may see.
    """
    evidence = await uow.evidence.get(evidence_id)
    if not may_read(evidence, moment, own_vendors):
        raise EvidenceNotFound
    actor = moment.actor
    await uow.evidence.log_read(evidence_id, "link", actor.principal, actor.role, moment.now)
    audience = signer.sign(uow.tenant, f"audience/{actor.principal}")
    # Business time of a demonstration may stand still or run ahead: a secret expires by the real clock.
    expires = int((real_now + LINK_AGE).timestamp())
    signature = signer.sign(uow.tenant, _signed_text(evidence_id, audience, expires))
    return Link(evidence_id, audience, expires, signature)


async def open_link(
    link: Link,
    principal: str | None,
    now: datetime,
    real_now: datetime,
    *,
    uow: UnitOfWork,
    signer: LinkSigner,
) -> Evidence:
    """Return the file of a link, and note that it was fetched.

    Args:
        link: As it stood in the address.
        principal: Whoever sent a token along; a link of somebody else opens nothing for them.
        now: The region's time, for the record.
        real_now: Real time, by which links expire.
        uow: The open transaction.
        signer: Knows the region's key.

    Raises:
        LinkRefused: The link is too old, was changed, or was made for somebody else.
    """
    text = _signed_text(link.evidence_id, link.audience, link.expires)
    if link.expires < real_now.timestamp() or not signer.is_signed(uow.tenant, text, link.signature):
        raise LinkRefused
    if principal is not None and not signer.is_signed(uow.tenant, f"audience/{principal}", link.audience):
        raise LinkRefused
    evidence = await uow.evidence.get(link.evidence_id)
    await uow.evidence.log_read(link.evidence_id, "fetch", principal or f"link:{link.audience}", "link", now)
    return evidence


def _signed_text(evidence_id: UUID, audience: str, expires: int) -> str:
    return f"evidence/{evidence_id}/{audience}/{expires}"
