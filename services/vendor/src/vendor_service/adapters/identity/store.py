"""Certificates, KBLI codes and members of a koperasi within one transaction."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import rows
from vendor_service.adapters import tables as t
from vendor_service.adapters.identity.tables import (
    certificates,
    kbli_codes,
    kbli_successors,
    koperasi_members,
    vendor_kbli,
)
from vendor_service.adapters.sealing import Sealer
from vendor_service.domain.fields import values_of
from vendor_service.domain.identity.certificate import Certificate, CertificateKind
from vendor_service.domain.identity.errors import CertificateExists, CertificateNotFound, MemberNotFound
from vendor_service.domain.identity.kbli import KbliCode, KbliTable
from vendor_service.domain.identity.members import Member, SupplyKind

MEMBER = "koperasi_member"
_MEMBER_PLAIN = ("member_id", "vendor_id", "share", "supply", "joined_on", "left_on", "business_id")


class SqlIdentity:
    """The identity records of one region's businesses."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId, sealer: Sealer) -> None:
        self._connection = connection
        self._tenant = tenant
        self._sealer = sealer

    async def add_certificate(self, certificate: Certificate) -> None:
        """Store a certificate; refuses with CERTIFICATE_EXISTS."""
        values = {"tenant_id": self._tenant, **values_of(certificate)}
        statement = postgresql.insert(certificates).values(values).on_conflict_do_nothing()
        if (await self._connection.execute(statement)).rowcount == 0:
            raise CertificateExists

    async def certificate(self, vendor_id: UUID, certificate_id: UUID) -> Certificate:
        """Return a certificate, locked; refuses with CERTIFICATE_NOT_FOUND."""
        c = certificates.c
        query = sa.select(certificates).where(
            c.tenant_id == self._tenant, c.vendor_id == vendor_id, c.certificate_id == certificate_id
        )
        row = (await self._connection.execute(query.with_for_update())).mappings().first()
        if row is None:
            raise CertificateNotFound
        return _certificate(row)

    async def save_certificates(self, found: Sequence[Certificate]) -> None:
        """Store changed certificates."""
        values = [{"tenant_id": self._tenant, **values_of(one)} for one in found]
        await rows.upsert(self._connection, certificates, values, keys=("tenant_id", "certificate_id"))

    async def certificates_of(self, vendor_id: UUID) -> Sequence[Certificate]:
        """Return the certificates of a business, the oldest first."""
        c = certificates.c
        query = sa.select(certificates).where(c.tenant_id == self._tenant, c.vendor_id == vendor_id)
        found = await self._connection.execute(query.order_by(c.certificate_id))
        return [_certificate(row) for row in found.mappings()]

    async def ending_by(self, day: date, after: UUID | None, limit: int) -> Sequence[Certificate]:
        """Return certificates that end by a day, by identifier, locked where nobody else holds them."""
        c = certificates.c
        query = sa.select(certificates).where(
            c.tenant_id == self._tenant, c.withdrawn_on.is_(None), c.valid_to.is_not(None), c.valid_to <= day
        )
        if after is not None:
            query = query.where(c.certificate_id > after)
        query = query.order_by(c.certificate_id).limit(limit).with_for_update(skip_locked=True)
        return [_certificate(row) for row in (await self._connection.execute(query)).mappings()]

    async def kbli_table(self) -> KbliTable:
        """Return what the seed holds of both versions."""
        titles = await self._connection.execute(sa.select(kbli_codes))
        pairs = await self._connection.execute(sa.select(kbli_successors))
        return KbliTable(
            {(row.version, row.code): row.title for row in titles}, [(row.code_2020, row.code_2025) for row in pairs]
        )

    async def kbli_of(self, vendor_id: UUID) -> Sequence[tuple[int, str]]:
        """Return version and code of a business's KBLI, the main one first."""
        k = vendor_kbli.c
        query = sa.select(k.version, k.code).where(k.tenant_id == self._tenant, k.vendor_id == vendor_id)
        return [(row.version, row.code) for row in await self._connection.execute(query.order_by(k.place))]

    async def set_kbli(self, vendor_id: UUID, codes: Sequence[KbliCode]) -> None:
        """Replace the KBLI codes of a business."""
        k = vendor_kbli.c
        await self._connection.execute(
            sa.delete(vendor_kbli).where(k.tenant_id == self._tenant, k.vendor_id == vendor_id)
        )
        lines = [
            {
                "tenant_id": self._tenant,
                "vendor_id": vendor_id,
                "place": place,
                "version": one.version,
                "code": one.code,
            }
            for place, one in enumerate(codes)
        ]
        await rows.insert(self._connection, vendor_kbli, lines)

    async def save_member(self, member: Member) -> None:
        """Store a member, new or changed."""
        values = {name: getattr(member, name) for name in _MEMBER_PLAIN}
        sealed = {"name": member.name, "nik": member.nik}
        row = {
            "tenant_id": self._tenant,
            **values,
            "supply": member.supply.value,
            "sealed": self._sealer.seal_document(self._tenant, MEMBER, sealed),
            "nik_hash": self._sealer.hash(self._tenant, "nik", member.nik),
        }
        await rows.upsert(self._connection, koperasi_members, [row], keys=("tenant_id", "member_id"))

    async def member(self, vendor_id: UUID, member_id: UUID) -> Member:
        """Return a member, locked; refuses with MEMBER_NOT_FOUND."""
        m = koperasi_members.c
        query = sa.select(koperasi_members).where(
            m.tenant_id == self._tenant, m.vendor_id == vendor_id, m.member_id == member_id
        )
        row = (await self._connection.execute(query.with_for_update())).mappings().first()
        if row is None:
            raise MemberNotFound
        return self._member(row)

    async def members_of(self, vendor_id: UUID, after: UUID | None, limit: int) -> Sequence[Member]:
        """Return the members of a koperasi, those who left included, in the sequence they were entered."""
        m = koperasi_members.c
        query = sa.select(koperasi_members).where(m.tenant_id == self._tenant, m.vendor_id == vendor_id)
        if after is not None:
            query = query.where(m.member_id > after)
        found = await self._connection.execute(query.order_by(m.member_id).limit(limit))
        return [self._member(row) for row in found.mappings()]

    async def count_members(self, vendor_id: UUID) -> tuple[int, int]:
        """Return how many members a koperasi has now, and the sum of their shares."""
        m = koperasi_members.c
        query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(m.share), 0)).where(
            m.tenant_id == self._tenant, m.vendor_id == vendor_id, m.left_on.is_(None)
        )
        count, shares = (await self._connection.execute(query)).one()
        return int(count), int(shares)

    async def is_member(self, vendor_id: UUID, nik: str, but: UUID | None = None) -> bool:
        """Say whether a person is a member of a koperasi now, under any key."""
        m = koperasi_members.c
        query = sa.select(m.member_id).where(
            m.tenant_id == self._tenant,
            m.vendor_id == vendor_id,
            m.left_on.is_(None),
            m.nik_hash.in_(self._sealer.hashes(self._tenant, "nik", nik)),
        )
        return any(found != but for found in (await self._connection.execute(query)).scalars())

    async def with_figures(self, after: UUID | None, limit: int) -> Sequence[UUID]:
        """Return businesses whose capital or turnover is known, by identifier."""
        v = t.vendors.c
        known = sa.or_(v.profile.has_key("capital_idr"), v.profile.has_key("turnover_idr"))
        query = sa.select(v.vendor_id).where(v.tenant_id == self._tenant, known)
        if after is not None:
            query = query.where(v.vendor_id > after)
        return (await self._connection.execute(query.order_by(v.vendor_id).limit(limit))).scalars().all()

    async def class_mismatches(self, after: UUID | None, limit: int) -> Sequence[dict[str, Any]]:
        """Return businesses whose declared class is not the derived one."""
        v = t.vendors.c
        declared = v.profile["class_declared"].astext
        query = sa.select(v.vendor_id, v.name, declared.label("class_declared"), v.class_derived, v.class_verified)
        query = query.where(v.tenant_id == self._tenant, declared != v.class_derived)
        if after is not None:
            query = query.where(v.vendor_id > after)
        found = await self._connection.execute(query.order_by(v.vendor_id).limit(limit))
        names = ("name", "class_declared", "class_derived", "class_verified")
        return [{"vendor_id": str(row["vendor_id"]), **{name: row[name] for name in names}} for row in found.mappings()]

    def _member(self, row: sa.RowMapping) -> Member:
        values = {name: row[name] for name in _MEMBER_PLAIN}
        sealed = self._sealer.open_document(self._tenant, MEMBER, row["sealed"])
        return Member(**{**values, **sealed, "supply": SupplyKind(row["supply"])})


def _certificate(row: sa.RowMapping) -> Certificate:
    values = {field.name: row[field.name] for field in fields(Certificate)}
    return Certificate(**{**values, "kind": CertificateKind(row["kind"])})
