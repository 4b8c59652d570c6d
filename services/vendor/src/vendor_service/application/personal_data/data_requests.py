"""Requests of a person about their own data: everything at once, a correction, an erasure (UU 27/2022 pasal 5-8)."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from bela_kit.core.ids import new_id

from vendor_service.application.change_vendor import ChangeVendor, changed_values
from vendor_service.application.owner_groups import regroup
from vendor_service.application.ports import UnitOfWork
from vendor_service.application.reviews.opening import open_after_change
from vendor_service.domain.evidence.evidence import ERASED_PURPOSES
from vendor_service.domain.fields import values_of
from vendor_service.domain.owner_groups import LINK_FIELDS
from vendor_service.domain.personal_data.data_request import DataRequest, RequestKind
from vendor_service.domain.personal_data.errors import DataRequestInvalid
from vendor_service.domain.personal_data.free_text import mask_numbers_in
from vendor_service.domain.personal_data.retention import erase
from vendor_service.domain.standing import Standing
from vendor_service.domain.vendor import Moment, Vendor

WHOLE_DOSSIER = "seluruh data"


@dataclass(frozen=True, slots=True)
class AskAboutData:
    """A request for correction or erasure; `values` are the fields to be corrected, by name."""

    vendor_id: UUID
    kind: RequestKind
    moment: Moment
    words: str = ""
    values: dict[str, Any] = field(default_factory=dict)


async def give_access(vendor_id: UUID, reason: str, moment: Moment, *, uow: UnitOfWork) -> dict[str, Any]:
    """Return everything that is stored about a business and its people, and note who took it."""
    await uow.vendors.get(vendor_id)
    await uow.journal.log_reveal(vendor_id, [WHOLE_DOSSIER], mask_numbers_in(reason), moment)
    return {"vendor_id": str(vendor_id), "given_at": moment.now, "data": await uow.personal_data.dossier(vendor_id)}


async def ask(command: AskAboutData, *, uow: UnitOfWork) -> DataRequest:
    """Put a request into the queue; what it would change is checked now, and again when it is granted.

    Raises:
        DataRequestInvalid: A correction that names no field, or an erasure that names some.
        DataRequestOpen: One of its kind waits already.
        ProfileInvalid: A correction that no business can have.
    """
    vendor = await uow.vendors.get(command.vendor_id)
    if command.kind is RequestKind.CORRECTION:
        if not command.values:
            raise DataRequestInvalid("values", "Sebutkan data yang harus dibetulkan.")
        await changed_values(ChangeVendor(vendor.vendor_id, command.values, command.moment), vendor, uow=uow)
    elif command.values:
        raise DataRequestInvalid("values", "Permohonan penghapusan tidak memuat data baru.")
    actor = command.moment.actor
    request = DataRequest(
        new_id(),
        vendor.vendor_id,
        command.kind,
        actor.principal,
        actor.role,
        command.moment.now,
        values=command.values,
        words=command.words,
    )
    await uow.personal_data.add_request(request)
    return request


async def decide(request_id: UUID, granted: bool, reason: str, moment: Moment, *, uow: UnitOfWork) -> DataRequest:
    """Answer a request; a granted one is carried out in the same transaction.

    Raises:
        DataRequestNotFound: There is no such request here.
        DataRequestDecided: It has its answer.
        SelfDecision: The officer asked for it themselves.
    """
    await uow.vendors.lock_register()
    request = await uow.personal_data.request(request_id)
    request.decide(granted, moment.actor.principal, mask_numbers_in(reason), moment.now)
    if granted:
        vendor = await uow.vendors.get(request.vendor_id)
        carry_out = _correct if request.kind is RequestKind.CORRECTION else _erase
        request.outcome = await carry_out(vendor, request, moment, uow)
    await uow.personal_data.save_request(request)
    return request


async def _correct(vendor: Vendor, request: DataRequest, moment: Moment, uow: UnitOfWork) -> dict[str, Any]:
    found = await changed_values(ChangeVendor(vendor.vendor_id, request.values, moment), vendor, uow=uow)
    if found.names:
        before = await uow.links.neighbours([vendor])
        vendor.change(
            moment,
            profile=found.profile,
            private=found.private,
            owners=found.owners,
            changed=found.names,
            reason="DATA_CORRECTED",
            keep_verified=False,
        )
        await _save(vendor, found.names, before, moment, uow)
        await open_after_change(vendor, found.names, found.added, moment, uow=uow)
    return {"changed": sorted(found.names)}


async def _erase(vendor: Vendor, request: DataRequest, moment: Moment, uow: UnitOfWork) -> dict[str, Any]:
    bare = erase(vendor, await uow.personal_data.owners_elsewhere(vendor))
    before = await uow.links.neighbours([vendor])
    vendor.change(
        moment,
        profile=bare.profile,
        private=bare.private,
        owners=bare.owners,
        changed=frozenset(bare.erased),
        reason="DATA_ERASED",
        keep_verified=False,
    )
    if vendor.standing not in {Standing.CLOSED, Standing.MERGED}:
        vendor.set_standing(Standing.CLOSED, moment, "DATA_ERASED")
    await _save(vendor, frozenset(bare.erased), before, moment, uow)
    remarks = {
        "field_visits": await uow.visits.erase(vendor.vendor_id),
        "programme_results": await uow.programmes.erase_remarks(vendor.vendor_id),
        "reviews": await uow.reviews.erase(vendor.vendor_id),
        "evidence_files": await uow.evidence.erase(vendor.vendor_id, ERASED_PURPOSES),
    }
    await uow.personal_data.forget_copies(vendor.vendor_id)
    request.words = ""
    erased = [*bare.erased, *(name for name, count in remarks.items() if count)]
    return {"erased": erased, "kept": [values_of(one) for one in bare.kept]}


async def _save(vendor: Vendor, names: frozenset[str], before: set[UUID], moment: Moment, uow: UnitOfWork) -> None:
    if names & LINK_FIELDS:
        await regroup([vendor], moment, uow=uow, also=before)
    else:
        await uow.vendors.save([vendor])
