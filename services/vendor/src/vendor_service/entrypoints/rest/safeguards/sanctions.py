"""Sanctions: a signer proposes, the LPSE decides, the business may appeal, a letter lifts."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from bela_kit.core.actor import Actor
from bela_kit.rest import RequestContext, Schema, TenantContext, documented, etag_of, idempotent, in_tenant
from fastapi import APIRouter, Query
from pydantic import StringConstraints
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.ports import UnitOfWork
from vendor_service.application.sanctions.acts import (
    ProposeSanction,
    decide_appeal,
    file_appeal,
    impose_sanction,
    lift_sanction,
    propose_sanction,
    refuse_sanction,
)
from vendor_service.domain.errors import FilterInvalid, VendorNotFound
from vendor_service.domain.roles import LPSE, OFFICER
from vendor_service.domain.sanctions.errors import SanctionNotFound
from vendor_service.domain.sanctions.sanction import AppealResult, Basis, Sanction, SanctionKind, SanctionState
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest import examples
from vendor_service.entrypoints.rest.edge import PREFIX, PageSize, PageToken, after_id, moment, page
from vendor_service.entrypoints.rest.schemas import Line

_SIGNERS = ("commitment_signer", "ppk", "kpa", "pa", "pptk")
_SELLERS = ("vendor_owner", "coop_manager")
_READERS = (LPSE, OFFICER, "auditor", *_SIGNERS)
_OF_VENDOR = f"{PREFIX}/vendors/{{vendor_id}}/sanctions"
_SANCTION = f"{PREFIX}/sanctions/{{sanction_id}}"
_EXAMPLE: dict[str, Any] = {
    "sanction_id": "0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0021",
    "vendor_id": examples.VENDOR_ID,
    "kind": "suspension",
    "scope": "region",
    "state": "imposed",
    "in_force": True,
    "valid_from": "2026-03-02",
    "valid_to": "2026-06-01",
    "basis_letter": "900/17/PA/2026",
    "issuer": "Dinas Pendidikan",
    "reason": "Tidak mengirim pesanan dua kali tanpa alasan.",
    "proposal": {"letter": "027/5/PPK/2026"},
    "decision": {"principal": "lpse_admin.3510", "role": "lpse_admin", "on": "2026-03-02", "note": ""},
    "appeal": None,
    "lifting": None,
    "moved_from": None,
    "version": 2,
}
_Act = Callable[[UnitOfWork], Awaitable[Sanction]]


class SanctionBody(Schema):
    """A sanction to be imposed; `proposal_letter` when the LPSE enters what a signer asked for on paper."""

    kind: SanctionKind
    valid_from: date
    valid_to: date
    basis_letter: Line
    issuer: Line
    reason: Line
    proposal_letter: Line | None = None


class NoteBody(Schema):
    """What the LPSE adds to its decision."""

    note: Annotated[str, StringConstraints(max_length=300)] = ""


class AppealBody(Schema):
    """An appeal of the business."""

    letter: Line
    grounds: Line


class AppealDecisionBody(Schema):
    """How an appeal ended, by which letter."""

    result: Literal["upheld", "rejected"]
    letter: Line


class LiftBody(Schema):
    """The letter that ends a sanction, and why."""

    letter: Line
    reason: Line


def router(container: Container) -> APIRouter:
    """Return the operations on sanctions."""
    routes = APIRouter(tags=["sanctions"])
    _add_proposals(routes, container)
    _add_decisions(routes, container)
    _add_appeals(routes, container)
    _add_reads(routes, container)
    return routes


async def _done(ctx: RequestContext, container: Container, operation: str, act: _Act, status: int = 200) -> Response:
    async def effect(connection: AsyncConnection) -> tuple[int, Any, str | None]:
        sanction = await act(container.uow(connection, ctx.tenant))
        return status, sanction_view(sanction, ctx.today), etag_of(sanction.version)

    return await idempotent(ctx, container.db, operation, effect, required=False)


def _add_proposals(routes: APIRouter, container: Container) -> None:
    @routes.post(
        _OF_VENDOR,
        **documented(
            roles=(*_SIGNERS, LPSE),
            reasons=("VENDOR_NOT_FOUND", "SANCTION_INVALID"),
            example=_EXAMPLE,
            request_example={
                "kind": "suspension",
                "valid_from": "2026-03-02",
                "valid_to": "2026-06-01",
                "basis_letter": "900/17/PA/2026",
                "issuer": "Dinas Pendidikan",
                "reason": "Tidak mengirim pesanan dua kali tanpa alasan.",
                "proposal_letter": "027/5/PPK/2026",
            },
            status=201,
        ),
    )
    async def propose_vendor_sanction(ctx: TenantContext, vendor_id: UUID, body: SanctionBody) -> Response:
        """Propose a sanction, as a signer; or enter one in force, as LPSE with the signer's letter."""
        actor = ctx.require(LPSE) if body.proposal_letter is not None else ctx.require(*_SIGNERS)
        command = ProposeSanction(
            vendor_id,
            body.kind,
            body.valid_from,
            body.valid_to,
            Basis(body.basis_letter, body.issuer, body.reason),
            moment(ctx, actor),
            body.proposal_letter,
        )
        act: _Act = lambda uow: propose_sanction(command, uow=uow, clock=container.clock)  # noqa: E731
        return await _done(ctx, container, "propose_sanction", act, 201)


def _add_decisions(routes: APIRouter, container: Container) -> None:
    clock = container.clock

    @routes.post(
        f"{_SANCTION}:impose",
        **documented(
            roles=(LPSE,),
            reasons=("SANCTION_NOT_FOUND", "SANCTION_STATE", "SANCTION_SELF_DECIDED"),
            example=_EXAMPLE,
            request_example={"note": ""},
        ),
    )
    async def impose_vendor_sanction(ctx: TenantContext, sanction_id: UUID, body: NoteBody) -> Response:
        """Put a proposed sanction in force; no new order is signed from now on."""
        now = moment(ctx, ctx.require(LPSE))
        act: _Act = lambda uow: impose_sanction(sanction_id, now, body.note, uow=uow, clock=clock)  # noqa: E731
        return await _done(ctx, container, "impose_sanction", act)

    @routes.post(
        f"{_SANCTION}:refuse",
        **documented(
            roles=(LPSE,),
            reasons=("SANCTION_NOT_FOUND", "SANCTION_STATE", "SANCTION_SELF_DECIDED"),
            example={**_EXAMPLE, "state": "refused", "in_force": False},
            request_example={"note": "Bukti tidak cukup."},
        ),
    )
    async def refuse_vendor_sanction(ctx: TenantContext, sanction_id: UUID, body: NoteBody) -> Response:
        """Turn a proposal down; nothing changes for the business."""
        now = moment(ctx, ctx.require(LPSE))
        act: _Act = lambda uow: refuse_sanction(sanction_id, now, body.note, uow=uow, clock=clock)  # noqa: E731
        return await _done(ctx, container, "refuse_sanction", act)

    @routes.post(
        f"{_SANCTION}:lift",
        **documented(
            roles=(LPSE,),
            reasons=("SANCTION_NOT_FOUND", "SANCTION_STATE"),
            example={**_EXAMPLE, "state": "lifted", "in_force": False},
            request_example={"letter": "900/40/PA/2026", "reason": "Kewajiban sudah dipenuhi."},
        ),
    )
    async def lift_vendor_sanction(ctx: TenantContext, sanction_id: UUID, body: LiftBody) -> Response:
        """End a sanction before its last day, by a lifting letter."""
        now = moment(ctx, ctx.require(LPSE))
        act: _Act = lambda uow: lift_sanction(  # noqa: E731
            sanction_id, now, body.letter, body.reason, uow=uow, clock=clock
        )
        return await _done(ctx, container, "lift_sanction", act)


def _add_appeals(routes: APIRouter, container: Container) -> None:
    clock = container.clock

    @routes.post(
        f"{_SANCTION}:appeal",
        **documented(
            roles=(*_SELLERS, OFFICER, LPSE),
            reasons=("SANCTION_NOT_FOUND", "SANCTION_STATE", "APPEAL_STATE"),
            example=_EXAMPLE,
            request_example={"letter": "1/Warung/2026", "grounds": "Barang ditolak tanpa pemeriksaan."},
        ),
    )
    async def appeal_vendor_sanction(ctx: TenantContext, sanction_id: UUID, body: AppealBody) -> Response:
        """File an appeal: the seller, or an officer for a seller who came with a letter. The sanction holds."""

        async def act(uow: UnitOfWork) -> Sanction:
            now = moment(ctx, await _appellant(ctx, uow, sanction_id))
            return await file_appeal(sanction_id, now, body.letter, body.grounds, uow=uow, clock=clock)

        return await _done(ctx, container, "file_appeal", act)

    @routes.post(
        f"{_SANCTION}:decide_appeal",
        **documented(
            roles=(LPSE,),
            reasons=("SANCTION_NOT_FOUND", "APPEAL_STATE"),
            example={**_EXAMPLE, "state": "lifted", "in_force": False},
            request_example={"result": "upheld", "letter": "900/41/PA/2026"},
        ),
    )
    async def decide_sanction_appeal(ctx: TenantContext, sanction_id: UUID, body: AppealDecisionBody) -> Response:
        """Decide the open appeal; upheld, it lifts the sanction at once."""
        now = moment(ctx, ctx.require(LPSE))
        result = AppealResult(body.result)
        act: _Act = lambda uow: decide_appeal(sanction_id, now, result, body.letter, uow=uow, clock=clock)  # noqa: E731
        return await _done(ctx, container, "decide_appeal", act)


async def _appellant(ctx: RequestContext, uow: UnitOfWork, sanction_id: UUID) -> Actor:
    vendor_id = str(await uow.sanctions.vendor_of(sanction_id))
    if any(grant.role in (OFFICER, LPSE) for grant in ctx.grants):
        return ctx.require(OFFICER, LPSE)
    if not any(grant.role in _SELLERS and grant.scope_id == vendor_id for grant in ctx.grants):
        raise SanctionNotFound
    return ctx.require(*_SELLERS, scope=vendor_id)


def _add_reads(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{PREFIX}/sanctions",
        **documented(
            roles=_READERS,
            reasons=("FILTER_INVALID",),
            example={"sanctions": [_EXAMPLE], "next_page_token": None},
        ),
    )
    async def list_sanctions(
        ctx: TenantContext,
        state: Annotated[str | None, Query(max_length=20)] = None,
        page_size: PageSize = 50,
        page_token: PageToken = None,
    ) -> Response:
        """List the sanctions of the region, newest first."""
        ctx.require(*_READERS)
        if state is not None and state not in set(SanctionState):
            raise FilterInvalid("state")
        return await _listed(ctx, container, state, None, page_size, page_token)

    @routes.get(
        _OF_VENDOR,
        **documented(
            roles=(*_READERS, *_SELLERS),
            reasons=("VENDOR_NOT_FOUND",),
            example={"sanctions": [_EXAMPLE], "next_page_token": None},
        ),
    )
    async def list_vendor_sanctions(
        ctx: TenantContext, vendor_id: UUID, page_size: PageSize = 50, page_token: PageToken = None
    ) -> Response:
        """List the sanctions of a business, its own people included."""
        own = any(grant.role in _SELLERS and grant.scope_id == str(vendor_id) for grant in ctx.grants)
        if not own:
            ctx.require(*_READERS)
        return await _listed(ctx, container, None, vendor_id, page_size, page_token)


async def _listed(
    ctx: RequestContext,
    container: Container,
    state: str | None,
    vendor_id: UUID | None,
    page_size: int,
    page_token: str | None,
) -> Response:
    async def effect(connection: AsyncConnection) -> tuple[int, Any, str | None]:
        uow = container.uow(connection, ctx.tenant)
        if vendor_id is not None and not await uow.vendors.peek([vendor_id]):
            raise VendorNotFound
        found = await uow.sanctions.page(state, vendor_id, after_id(page_token), page_size + 1)
        shown = [sanction_view(one, ctx.today) for one in found]
        return 200, page("sanctions", shown, page_size, lambda one: one["sanction_id"]), None

    return await in_tenant(ctx, container.db, effect)


def sanction_view(sanction: Sanction, today: date) -> dict[str, Any]:
    """Return a sanction as everybody sees it who may see it at all."""
    return {
        "sanction_id": str(sanction.sanction_id),
        "vendor_id": str(sanction.vendor_id),
        "kind": sanction.kind.value,
        "scope": sanction.scope.value,
        "state": sanction.state.value,
        "in_force": sanction.in_force(today),
        "valid_from": sanction.valid_from,
        "valid_to": sanction.valid_to,
        "basis_letter": sanction.basis.letter,
        "issuer": sanction.basis.issuer,
        "reason": sanction.basis.reason,
        "proposal": sanction.proposal,
        "decision": sanction.decision,
        "appeal": sanction.appeal,
        "lifting": sanction.lifting,
        "moved_from": sanction.moved_from and str(sanction.moved_from),
        "version": sanction.version,
    }
