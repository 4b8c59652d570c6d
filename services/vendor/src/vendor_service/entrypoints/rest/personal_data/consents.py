"""Consent texts of a region, and who accepted which."""

from typing import Any
from uuid import UUID

from bela_kit.rest import PublicContext, RoleMissing, TenantContext, documented, idempotent, in_tenant
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from vendor_service.application.personal_data.consents import Acceptance, note_consent, publish_text
from vendor_service.domain.errors import VendorNotFound
from vendor_service.domain.fields import values_of
from vendor_service.domain.personal_data.consent import Consent, ConsentText
from vendor_service.domain.roles import OFFICER, SELLER_ROLES
from vendor_service.entrypoints.container import Container
from vendor_service.entrypoints.rest import examples
from vendor_service.entrypoints.rest.edge import OFFICERS, PREFIX, moment
from vendor_service.entrypoints.rest.personal_data.bodies import ConsentBody, ConsentTextBody

_Answer = tuple[int, Any, str | None]
_SELLERS = tuple(sorted(SELLER_ROLES))
_READERS = (*OFFICERS, "lpse_admin", "auditor")
_TEXT = {
    "version": "2026-01",
    "body": "Saya menyetujui pengolahan data pribadi saya untuk pendaftaran usaha dan pengadaan pemerintah daerah.",
    "valid_from": "2026-01-01",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
_CONSENT = {
    "consent_id": "0192f1c0-7e1a-7c3e-9a51-2f6f6f1f0011",
    "vendor_id": examples.VENDOR_ID,
    "version": "2026-01",
    "accepted_by": "vendor1.3510",
    "accepted_role": "vendor_owner",
    "accepted_at": "2026-03-02T09:15:00+00:00",
    "on_paper": False,
    "evidence_id": None,
    "text_sha256": _TEXT["sha256"],
}


def add(routes: APIRouter, container: Container) -> None:
    """Add the operations on consent."""
    _add_texts(routes, container)
    _add_consents(routes, container)


def _add_texts(routes: APIRouter, container: Container) -> None:
    @routes.post(
        f"{PREFIX}/consent_texts",
        **documented(
            roles=OFFICERS,
            reasons=("CONSENT_TEXT_EXISTS",),
            example=_TEXT,
            request_example={name: _TEXT[name] for name in ("version", "body", "valid_from")},
            status=201,
        ),
    )
    async def publish_consent_text(ctx: TenantContext, body: ConsentTextBody) -> Response:
        """Publish a version of the text that people accept; from then on only published versions are accepted."""
        now = moment(ctx, ctx.require(*OFFICERS))

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            return 201, _text(await publish_text(body.version, body.body, body.valid_from, now, uow=uow)), None

        return await idempotent(ctx, container.db, "publish_consent_text", effect, required=False)

    @routes.get(f"{PREFIX}/consent_texts", **documented(example={"consent_texts": [_TEXT]}))
    async def list_consent_texts(ctx: PublicContext) -> Response:
        """Show every consent text of the region, the latest first: whoever is to accept one can read it."""

        async def effect(connection: AsyncConnection) -> _Answer:
            found = await container.uow(connection, ctx.tenant).personal_data.texts()
            return 200, {"consent_texts": [_text(one) for one in found]}, None

        return await in_tenant(ctx, container.db, effect)


def _add_consents(routes: APIRouter, container: Container) -> None:
    @routes.post(
        f"{PREFIX}/vendors/{{vendor_id}}/consents",
        **documented(
            roles=(*OFFICERS, *_SELLERS),
            reasons=("VENDOR_NOT_FOUND", "CONSENT_TEXT_UNKNOWN", "EVIDENCE_UNKNOWN", "ROLE_MISSING"),
            example=_CONSENT,
            request_example={"consent_version": "2026-01"},
            status=201,
        ),
    )
    async def record_consent(ctx: TenantContext, vendor_id: UUID, body: ConsentBody) -> Response:
        """Accept a text for one's own business; an officer writes down a signed paper, best with its photo."""
        by_officer = OFFICER in {grant.role for grant in ctx.grants}
        actor = ctx.require(*OFFICERS) if by_officer else ctx.require(*_SELLERS, scope=str(vendor_id))
        if not by_officer and (body.accepted_by not in (None, actor.principal) or body.on_paper):
            raise RoleMissing(*OFFICERS)
        acceptance = Acceptance(
            vendor_id,
            body.consent_version,
            moment(ctx, actor),
            accepted_by=body.accepted_by,
            on_paper=body.on_paper or by_officer,
            evidence_id=body.evidence_id,
        )

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            await uow.vendors.get(vendor_id)
            return 201, _consent(await note_consent(acceptance, uow=uow)), None

        return await idempotent(ctx, container.db, "record_consent", effect, required=False)

    @routes.get(
        f"{PREFIX}/vendors/{{vendor_id}}/consents",
        **documented(roles=(*_READERS, *_SELLERS), reasons=("VENDOR_NOT_FOUND",), example={"consents": [_CONSENT]}),
    )
    async def list_consents(ctx: TenantContext, vendor_id: UUID) -> Response:
        """List which texts were accepted for a business, when and by whom, the latest first."""
        official = not {grant.role for grant in ctx.grants}.isdisjoint(_READERS)
        ctx.require(*_READERS) if official else ctx.require(*_SELLERS, scope=str(vendor_id))

        async def effect(connection: AsyncConnection) -> _Answer:
            uow = container.uow(connection, ctx.tenant)
            if not await uow.vendors.peek([vendor_id]):
                raise VendorNotFound
            return 200, {"consents": [_consent(one) for one in await uow.personal_data.consents(vendor_id)]}, None

        return await in_tenant(ctx, container.db, effect)


def _text(text: ConsentText) -> dict[str, Any]:
    return {name: getattr(text, name) for name in _TEXT}


def _consent(consent: Consent) -> dict[str, Any]:
    evidence = None if consent.evidence_id is None else str(consent.evidence_id)
    ids = {"consent_id": str(consent.consent_id), "vendor_id": str(consent.vendor_id), "evidence_id": evidence}
    return {**values_of(consent), **ids}
