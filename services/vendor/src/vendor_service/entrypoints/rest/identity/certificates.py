"""Certificates of a business: everybody sees those in force, with their public numbers."""

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from bela_kit.rest import PublicContext, TenantContext, documented, idempotent, in_tenant
from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.identity.certificates import (
    RecordCertificate,
    record_certificate,
    withdraw_certificate,
)
from vendor_service.application.views import Viewer
from vendor_service.domain.errors import VendorNotFound
from vendor_service.domain.identity.certificate import Certificate, CertificateStatus
from vendor_service.domain.roles import AUDITOR, LPSE
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest import examples
from vendor_service.entrypoints.rest.edge import OFFICERS, PREFIX, PageSize, PageToken, after_id, moment, page, viewer
from vendor_service.entrypoints.rest.identity.bodies import CertificateBody, WithdrawBody

_Answer = tuple[int, Any, str | None]
_SELLERS = ("vendor_owner", "coop_manager", "vendor_staff")
_IN_FORCE = frozenset({CertificateStatus.VALID, CertificateStatus.EXPIRING})
_PATH = f"{PREFIX}/vendors/{{vendor_id}}/certificates"
_CERTIFICATE = {
    "certificate_id": "0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0021",
    "vendor_id": examples.VENDOR_ID,
    "kind": "pirt",
    "number": "P-IRT 2063510010123-29",
    "issuer": "Dinas Kesehatan Banyuwangi",
    "valid_from": "2024-06-01",
    "valid_to": "2029-05-31",
    "status": "valid",
    "evidence_id": None,
}


def add(routes: APIRouter, container: Container) -> None:
    """Add the operations on certificates."""
    _add_writes(routes, container)
    _add_reads(routes, container)


def _add_writes(routes: APIRouter, container: Container) -> None:
    @routes.post(
        _PATH,
        **documented(
            roles=(*OFFICERS, *_SELLERS),
            reasons=("VENDOR_NOT_FOUND", "CERTIFICATE_INVALID", "CERTIFICATE_EXISTS", "EVIDENCE_UNKNOWN"),
            example=_CERTIFICATE,
            request_example={name: _CERTIFICATE[name] for name in ("kind", "number", "issuer", "valid_from")},
            status=201,
        ),
    )
    async def add_certificate(ctx: TenantContext, vendor_id: UUID, body: CertificateBody) -> Response:
        """Record a certificate; its number is checked by its kind, and its owner is reminded before it runs out."""
        official = not {grant.role for grant in ctx.grants}.isdisjoint(OFFICERS)
        actor = ctx.require(*OFFICERS) if official else ctx.require(*_SELLERS, scope=str(vendor_id))
        values = {name: getattr(body, name) for name in type(body).model_fields}
        command = RecordCertificate(vendor_id=vendor_id, moment=moment(ctx, actor), **values)

        async def effect(connection: AsyncConnection) -> _Answer:
            found = await record_certificate(command, uow=container.uow(connection, ctx.tenant))
            return 201, _view(found, ctx.today), None

        return await idempotent(ctx, container.db, "add_certificate", effect, required=False)

    @routes.post(
        f"{_PATH}/{{certificate_id}}:withdraw",
        **documented(
            roles=OFFICERS,
            reasons=("CERTIFICATE_NOT_FOUND",),
            example={**_CERTIFICATE, "status": "withdrawn"},
            request_example={"reason": "Dicabut oleh Dinas Kesehatan"},
        ),
    )
    async def withdraw(ctx: TenantContext, vendor_id: UUID, certificate_id: UUID, body: WithdrawBody) -> Response:
        """End a certificate that was revoked or entered wrongly."""
        now = moment(ctx, ctx.require(*OFFICERS))

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            found = await withdraw_certificate(vendor_id, certificate_id, body.reason, now, uow=uow)
            return 200, _view(found, ctx.today), None

        return await idempotent(ctx, container.db, "withdraw_certificate", effect, required=False)


def _add_reads(routes: APIRouter, container: Container) -> None:
    @routes.get(_PATH, **documented(reasons=("VENDOR_NOT_FOUND",), example={"certificates": [_CERTIFICATE]}))
    async def list_certificates(ctx: PublicContext, vendor_id: UUID) -> Response:
        """List the certificates of a business: for everybody those in force, for officers and the seller all."""
        how_much = viewer(ctx, vendor_id)

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            vendor = (await uow.vendors.peek([vendor_id])).get(vendor_id)
            if vendor is None or (how_much is Viewer.PUBLIC and not vendor.is_listed):
                raise VendorNotFound
            found = await uow.identity.certificates_of(vendor_id)
            if how_much is Viewer.PUBLIC:
                found = [one for one in found if one.status_on(ctx.today) in _IN_FORCE]
            return 200, {"certificates": [_view(one, ctx.today) for one in found]}, None

        return await in_tenant(ctx, container.db, effect)

    @routes.get(
        f"{PREFIX}/certificates",
        **documented(
            roles=(*OFFICERS, LPSE, AUDITOR), example={"certificates": [_CERTIFICATE], "next_page_token": None}
        ),
    )
    async def list_ending_certificates(
        ctx: TenantContext,
        ends_within_days: Annotated[int, Query(ge=0, le=3660, description="Also those that have run out.")] = 90,
        page_size: PageSize = 50,
        page_token: PageToken = None,
    ) -> Response:
        """List certificates of the region that run out soon or have run out."""
        ctx.require(*OFFICERS, LPSE, AUDITOR)
        until = ctx.today + timedelta(days=ends_within_days)

        async def effect(connection: AsyncConnection) -> _Answer:
            identity = container.uow(connection, ctx.tenant).identity
            found = await identity.ending_by(until, after_id(page_token), page_size + 1)
            shown = [_view(one, ctx.today) for one in found]
            return 200, page("certificates", shown, page_size, lambda one: one["certificate_id"]), None

        return await in_tenant(ctx, container.db, effect)


def _view(certificate: Certificate, today: date) -> dict[str, Any]:
    plain = {name: getattr(certificate, name) for name in ("kind", "number", "issuer", "valid_from", "valid_to")}
    evidence = certificate.evidence_id
    return {
        "certificate_id": str(certificate.certificate_id),
        "vendor_id": str(certificate.vendor_id),
        **plain,
        "status": certificate.status_on(today),
        "evidence_id": None if evidence is None else str(evidence),
    }
