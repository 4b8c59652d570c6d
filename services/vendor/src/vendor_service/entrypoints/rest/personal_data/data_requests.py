"""What a person may do about their own data: take all of it, have it corrected or erased, see who looked."""

from typing import Annotated, Any
from uuid import UUID

from bela_kit.core.actor import Actor
from bela_kit.rest import RequestContext, TenantContext, documented, in_tenant
from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.personal_data.data_requests import AskAboutData, ask, decide, give_access
from vendor_service.application.ports import UnitOfWork
from vendor_service.domain.errors import FilterInvalid, VendorNotFound
from vendor_service.domain.personal_data.data_request import DataRequest, RequestKind, RequestState
from vendor_service.domain.roles import AUDITOR, LPSE, OFFICER
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest import examples
from vendor_service.entrypoints.rest.edge import OFFICERS, PREFIX, PageSize, PageToken, after_id, moment, page
from vendor_service.entrypoints.rest.personal_data.bodies import AccessBody, DataRequestBody, DecisionBody

_Answer = tuple[int, Any, str | None]
_OWNERS = ("vendor_owner", "coop_manager")
_QUEUE = (OFFICER, LPSE, AUDITOR)
_VENDOR = f"{PREFIX}/vendors/{{vendor_id}}"
_REQUEST = {
    "request_id": "0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0012",
    "vendor_id": examples.VENDOR_ID,
    "kind": "erasure",
    "state": "granted",
    "asked_by": "vendor1.3510",
    "asked_role": "vendor_owner",
    "asked_at": "2026-03-02T09:15:00+00:00",
    "answer_by": "2026-03-05T09:15:00+00:00",
    "fields": [],
    "decided_by": "officer.3510",
    "decided_at": "2026-03-03T02:00:00+00:00",
    "decision": "Permohonan dikabulkan",
    "outcome": {
        "erased": ["account_number", "email", "phone"],
        "kept": [{"fields": ["name", "nik", "npwp"], "basis": "UU KUP pasal 28 ayat (11)", "reason": "…"}],
    },
}


def add(routes: APIRouter, container: Container) -> None:
    """Add the operations of a person on their own data, and their queue."""
    _add_access(routes, container)
    _add_ask(routes, container)
    _add_queue(routes, container)


def _add_access(routes: APIRouter, container: Container) -> None:
    @routes.post(
        f"{_VENDOR}:download_personal_data",
        **documented(
            roles=(*_OWNERS, *OFFICERS),
            reasons=("VENDOR_NOT_FOUND",),
            example={
                "vendor_id": examples.VENDOR_ID,
                "given_at": "2026-03-02T09:15:00+00:00",
                "data": {"vendors": [{"name": "Warung Bu Siti", "phone": "+6281234567890"}]},
            },
            request_example={},
        ),
    )
    async def download_personal_data(ctx: TenantContext, vendor_id: UUID, body: AccessBody) -> Response:
        """Give the seller everything that is stored about the business, in one file; who took it is written down.

        An officer takes it on behalf of a person without an account and says why.
        """
        now = moment(ctx, _on_behalf(ctx, vendor_id))
        words = body.reason or (
            "Permintaan akses oleh pemilik data" if now.actor.role in _OWNERS else "Atas permintaan"
        )

        async def effect(connection: AsyncConnection) -> _Answer:
            return 200, await give_access(vendor_id, words, now, uow=container.uow(connection, ctx.tenant)), None

        # Never under an idempotency key: its stored answer would be a second copy of the data.
        response = await in_tenant(ctx, container.db, effect)
        response.headers["cache-control"] = "no-store"
        response.headers["content-disposition"] = f'attachment; filename="data-pribadi-{vendor_id}.json"'
        return response


def _add_ask(routes: APIRouter, container: Container) -> None:
    @routes.post(
        f"{_VENDOR}/data_requests",
        **documented(
            roles=(*_OWNERS, *OFFICERS),
            reasons=("VENDOR_NOT_FOUND", "DATA_REQUEST_INVALID", "DATA_REQUEST_OPEN", "PROFILE_INVALID"),
            example={**_REQUEST, "state": "open", "decided_by": None, "decided_at": None, "decision": None},
            request_example={"kind": "correction", "correction": {"owner_name": "Siti Aminah"}},
            status=201,
        ),
    )
    async def ask_about_data(ctx: TenantContext, vendor_id: UUID, body: DataRequestBody) -> Response:
        """Ask for a correction or for erasure; an officer answers within 3 x 24 hours."""
        given = body.correction
        values = {name: getattr(given, name) for name in given.model_fields_set} if given is not None else {}
        actor = _on_behalf(ctx, vendor_id)
        command = AskAboutData(vendor_id, RequestKind(body.kind), moment(ctx, actor), body.words, values)

        async def effect(connection: AsyncConnection) -> _Answer:
            return 201, _view(await ask(command, uow=container.uow(connection, ctx.tenant))), None

        return await in_tenant(ctx, container.db, effect)

    @routes.get(
        f"{_VENDOR}/data_requests",
        **documented(
            roles=(*_OWNERS, *_QUEUE),
            reasons=("VENDOR_NOT_FOUND",),
            example={"data_requests": [_REQUEST], "next_page_token": None},
        ),
    )
    async def list_own_data_requests(
        ctx: TenantContext, vendor_id: UUID, page_size: PageSize = 50, page_token: PageToken = None
    ) -> Response:
        """List the requests about one business with their answers."""
        _on_behalf(ctx, vendor_id, *_QUEUE)
        return await _requests(ctx, container, vendor_id, None, page_size, page_token)

    @routes.get(
        f"{_VENDOR}/reveals",
        **documented(
            roles=(*_OWNERS, *_QUEUE),
            reasons=("VENDOR_NOT_FOUND",),
            example={"reveals": [_REVEAL], "next_page_token": None},
        ),
    )
    async def list_own_reveals(
        ctx: TenantContext, vendor_id: UUID, page_size: PageSize = 50, page_token: PageToken = None
    ) -> Response:
        """Tell the person behind a business who looked at their numbers, when and why, the latest first."""
        _on_behalf(ctx, vendor_id, *_QUEUE)
        return await _reveals(ctx, container, vendor_id, None, page_size, page_token)


def _add_queue(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{PREFIX}/data_requests",
        **documented(
            roles=_QUEUE, reasons=("FILTER_INVALID",), example={"data_requests": [_REQUEST], "next_page_token": None}
        ),
    )
    async def list_data_requests(
        ctx: TenantContext,
        state: Annotated[str | None, Query(max_length=20)] = None,
        page_size: PageSize = 50,
        page_token: PageToken = None,
    ) -> Response:
        """List requests of persons about their data, the oldest first; `answer_by` is when the law wants an answer."""
        ctx.require(*_QUEUE)
        if state is not None and state not in set(RequestState):
            raise FilterInvalid("state")
        wanted = RequestState(state) if state else None
        return await _requests(ctx, container, None, wanted, page_size, page_token)

    @routes.post(
        f"{PREFIX}/data_requests/{{request_id}}:decide",
        **documented(
            roles=OFFICERS,
            reasons=("DATA_REQUEST_NOT_FOUND", "DATA_REQUEST_DECIDED", "SELF_DECISION", "PROFILE_INVALID"),
            example=_REQUEST,
            request_example={"granted": True, "reason": "Permohonan dikabulkan"},
        ),
    )
    async def decide_data_request(ctx: TenantContext, request_id: UUID, body: DecisionBody) -> Response:
        """Grant or refuse a request; granted, it is carried out at once, and the answer tells what was kept and why."""
        now = moment(ctx, ctx.require(*OFFICERS))

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            return 200, _view(await decide(request_id, body.granted, body.reason, now, uow=uow)), None

        return await in_tenant(ctx, container.db, effect)

    @routes.get(
        f"{PREFIX}/reveals",
        **documented(roles=(AUDITOR, LPSE), example={"reveals": [_REVEAL], "next_page_token": None}),
    )
    async def list_reveals(
        ctx: TenantContext,
        principal: Annotated[str | None, Query(max_length=200, description="Who looked.")] = None,
        page_size: PageSize = 50,
        page_token: PageToken = None,
    ) -> Response:
        """List who looked at numbers in full, the latest first, for the auditor."""
        ctx.require(AUDITOR, LPSE)
        return await _reveals(ctx, container, None, principal, page_size, page_token)


_REVEAL = {
    "reveal_id": "0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0013",
    "vendor_id": examples.VENDOR_ID,
    "principal": "officer.3510",
    "role": "koperindag_officer",
    "fields": ["nik"],
    "reason": "Pencocokan data bantuan 2026",
    "revealed_at": "2026-03-02T09:15:00+00:00",
}


def _on_behalf(ctx: RequestContext, vendor_id: UUID, *officials: str) -> Actor:
    """Return the caller as an officer, or as somebody who acts for this very business."""
    wanted = officials or OFFICERS
    if not {grant.role for grant in ctx.grants}.isdisjoint(wanted):
        return ctx.require(*wanted)
    return ctx.require(*_OWNERS, scope=str(vendor_id))


async def _requests(
    ctx: RequestContext,
    container: Container,
    vendor_id: UUID | None,
    state: RequestState | None,
    size: int,
    token: str | None,
) -> Response:
    async def effect(connection: AsyncConnection) -> _Answer:
        uow = container.uow(connection, ctx.tenant)
        await _known(vendor_id, uow)
        found = await uow.personal_data.requests(vendor_id, state, after_id(token), size + 1)
        return 200, page("data_requests", [_view(one) for one in found], size, lambda one: one["request_id"]), None

    return await in_tenant(ctx, container.db, effect)


async def _reveals(
    ctx: RequestContext,
    container: Container,
    vendor_id: UUID | None,
    principal: str | None,
    size: int,
    token: str | None,
) -> Response:
    async def effect(connection: AsyncConnection) -> _Answer:
        uow = container.uow(connection, ctx.tenant)
        await _known(vendor_id, uow)
        found = await uow.personal_data.reveals(vendor_id, principal, after_id(token), size + 1)
        return 200, page("reveals", list(found), size, lambda one: one["reveal_id"]), None

    return await in_tenant(ctx, container.db, effect)


async def _known(vendor_id: UUID | None, uow: UnitOfWork) -> None:
    """Refuse with VENDOR_NOT_FOUND what an empty list would hide: a business of another region, or of nobody."""
    if vendor_id is not None and not await uow.vendors.peek([vendor_id]):
        raise VendorNotFound


def _view(request: DataRequest) -> dict[str, Any]:
    plain = {name: getattr(request, name) for name in _REQUEST if name != "fields"}
    ids = {"request_id": str(request.request_id), "vendor_id": str(request.vendor_id)}
    return {**plain, **ids, "fields": sorted(request.values)}
