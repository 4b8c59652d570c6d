"""Proofs on paper and photo: upload, look at, fetch by a link that soon ends."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from bela_kit.core.clock import system_now
from bela_kit.rest import PublicContext, RequestContext, TenantContext, documented, in_tenant, json_response
from fastapi import APIRouter, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response, StreamingResponse

from vendor_service.application.evidence.links import Link, make_link, may_read, open_link
from vendor_service.application.evidence.upload import keep_evidence, record_evidence
from vendor_service.domain.evidence.content import PAPER_LIMIT_BYTES
from vendor_service.domain.evidence.errors import EvidenceNotFound
from vendor_service.domain.evidence.evidence import Evidence
from vendor_service.domain.roles import AUDITOR, LPSE, OFFICER
from vendor_service.domain.vendor import Moment
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest.agents import AGENTS, OnBehalf, allowed
from vendor_service.entrypoints.rest.edge import PREFIX, moment

_OFFICIALS = (OFFICER, LPSE, AUDITOR)
_UPLOADERS = (OFFICER, LPSE)
_SELLERS = ("vendor_owner", "coop_manager")
_FILES = f"{PREFIX}/evidence_files"
_EXAMPLE = {
    "evidence_id": "0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0021",
    "media_type": "image/jpeg",
    "size_bytes": 284113,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "vendor_id": None,
    "purpose": None,
    "state": "loose",
    "uploaded_at": "2026-03-02T09:15:00+00:00",
}
# Whatever a browser makes of the bytes, it saves them and runs nothing.
_INERT = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def router(container: Container) -> APIRouter:
    """Return the operations on evidence."""
    routes = APIRouter(tags=["evidence"])
    _add_upload(routes, container)
    _add_reads(routes, container)
    _add_content(routes, container)
    return routes


def _add_upload(routes: APIRouter, container: Container) -> None:
    @routes.post(
        _FILES,
        **documented(
            roles=(*_UPLOADERS, *_SELLERS),
            reasons=("EVIDENCE_TYPE_REFUSED", "BODY_TOO_LARGE", "EVIDENCE_LIMIT", "VENDOR_NOT_FOUND"),
            example=_EXAMPLE,
            status=201,
            body_limit_bytes=PAPER_LIMIT_BYTES,
        ),
    )
    async def upload_evidence(
        ctx: TenantContext,
        request: Request,
        vendor_id: Annotated[UUID | None, Query(description="The business it is about; sellers must say it.")] = None,
        on_behalf: OnBehalf = False,
    ) -> Response:
        """Upload a photo (JPEG, PNG, WebP, 10 MiB) or PDF (20 MiB) as the raw body; the content decides the type.

        What follows the end of a JPEG is cut off. A file that no record names within 24 hours is removed.
        """
        now = _uploader(ctx, vendor_id, on_behalf)
        kept = await keep_evidence(ctx.tenant, request.stream(), container.evidence_files)
        try:
            async with container.transactions(ctx.tenant) as uow:
                by = await allowed(now, vendor_id, True, uow) if on_behalf and vendor_id else now
                evidence = await record_evidence(kept, vendor_id, by, uow=uow)
        except BaseException:
            await container.evidence_files.delete(kept.file.key)
            raise
        return json_response(evidence_view(evidence), status=201)


def _add_reads(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{_FILES}/{{evidence_id}}",
        **documented(
            roles=(*_OFFICIALS, *_SELLERS, "whoever uploaded it"), reasons=("EVIDENCE_NOT_FOUND",), example=_EXAMPLE
        ),
    )
    async def show_evidence(ctx: TenantContext, evidence_id: UUID) -> Response:
        """Show what is known of a file, without its content."""

        async def effect(connection: AsyncConnection) -> tuple[int, Any, str | None]:
            evidence = await container.uow(connection, ctx.tenant).evidence.get(evidence_id)
            if not may_read(evidence, _reader(ctx), _own(ctx)):
                raise EvidenceNotFound
            return 200, evidence_view(evidence), None

        return await in_tenant(ctx, container.db, effect)

    @routes.post(
        f"{_FILES}/{{evidence_id}}:link",
        **documented(
            roles=(*_OFFICIALS, *_SELLERS, "whoever uploaded it"),
            reasons=("EVIDENCE_NOT_FOUND",),
            example={
                "url": "/vendor/v1/regions/3510/evidence_files/0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0021/content?audience=…",
                "expires_at": "2026-03-02T09:20:00+00:00",
            },
        ),
    )
    async def link_evidence(ctx: TenantContext, evidence_id: UUID) -> Response:
        """Make a link to the content for the caller, good for five minutes; who asked is written down."""

        async def effect(connection: AsyncConnection) -> tuple[int, Any, str | None]:
            uow = container.uow(connection, ctx.tenant)
            real_now = system_now()
            link = await make_link(
                evidence_id, _reader(ctx), _own(ctx), real_now, uow=uow, signer=container.link_signer
            )
            place = _FILES.format(region=ctx.tenant)
            query = f"audience={link.audience}&expires={link.expires}&signature={link.signature}"
            url = f"{place}/{evidence_id}/content?{query}"
            return 200, {"url": url, "expires_at": real_now.fromtimestamp(link.expires, real_now.tzinfo)}, None

        response = await in_tenant(ctx, container.db, effect)
        response.headers["cache-control"] = "no-store"
        return response


def _add_content(routes: APIRouter, container: Container) -> None:
    @routes.get(
        f"{_FILES}/{{evidence_id}}/content",
        response_class=Response,
        **documented(reasons=("EVIDENCE_NOT_FOUND",), example="…"),
    )
    async def fetch_evidence(
        ctx: PublicContext,
        evidence_id: UUID,
        audience: Annotated[str, Query(pattern="^[0-9a-f]{64}$")],
        expires: Annotated[int, Query(ge=0, le=2**40)],
        signature: Annotated[str, Query(pattern="^[0-9a-f]{64}$")],
    ) -> Response:
        """Fetch the bytes by a link. No session is needed; a session of somebody else opens nothing."""
        principal = ctx.principal.subject if ctx.principal is not None else None
        link = Link(evidence_id, audience, expires, signature)
        async with container.transactions(ctx.tenant) as uow:
            evidence = await open_link(link, principal, ctx.now, system_now(), uow=uow, signer=container.link_signer)
        content = container.evidence_files.open(ctx.tenant, evidence.file_key)
        first = await anext(content, b"")
        headers = {
            **_INERT,
            "Content-Disposition": f'attachment; filename="{evidence.filename}"',
            "Content-Length": str(evidence.size_bytes),
        }
        return StreamingResponse(_whole(first, content), media_type=evidence.media_type, headers=headers)


async def _whole(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield what was read to see that the file is there, then what follows."""
    yield first
    async for chunk in rest:
        yield chunk


def evidence_view(evidence: Evidence) -> dict[str, Any]:
    """Return a file as its readers see it."""
    names = ("media_type", "size_bytes", "sha256", "purpose", "uploaded_at")
    return {
        "evidence_id": str(evidence.evidence_id),
        "vendor_id": None if evidence.vendor_id is None else str(evidence.vendor_id),
        "state": evidence.state.value,
        **{name: getattr(evidence, name) for name in names},
    }


def _uploader(ctx: RequestContext, vendor_id: UUID | None, on_behalf: bool) -> Moment:
    """Return who uploads: an officer anything, a seller what belongs to their own business, an agent for theirs."""
    if on_behalf:
        return moment(ctx, ctx.require(*AGENTS))
    if any(grant.role in _UPLOADERS for grant in ctx.grants):
        return moment(ctx, ctx.require(*_UPLOADERS))
    return moment(ctx, ctx.require(*_SELLERS, scope=str(vendor_id)))


def _reader(ctx: RequestContext) -> Moment:
    roles = {grant.role for grant in ctx.grants}
    officials = [role for role in _OFFICIALS if role in roles]
    return moment(ctx, ctx.require(*(officials or _SELLERS)))


def _own(ctx: RequestContext) -> frozenset[str]:
    return frozenset(grant.scope_id for grant in ctx.grants if grant.role in _SELLERS)
