"""Imports and their staged rows in PostgreSQL."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from bela_kit.core.tenancy import TenantId
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from vendor_service.adapters import rows as mapping
from vendor_service.adapters import tables as t
from vendor_service.adapters.imports.tables import import_changes, import_kept, import_mappings
from vendor_service.adapters.row_keys import SealedRowKeys
from vendor_service.application.imports.ports import Entered, SheetRow, StagedRow
from vendor_service.application.imports.steps import in_steps
from vendor_service.domain.errors import CommitRunning, ImportNotFound
from vendor_service.domain.imports.changes.undo import Change, Kept, KeptBecause
from vendor_service.domain.imports.job import LIVE, Import, ImportState
from vendor_service.domain.imports.mapping import HeaderMapping
from vendor_service.domain.imports.row import ParsedRow
from vendor_service.domain.imports.verdict import Judged, Verdict

_NAMES = tuple(field.name for field in fields(Import))
_ROW_COLUMNS = tuple(column.name for column in t.import_rows.c)
_LIVE = [state.value for state in LIVE]


# Joining an owner group because of somebody else is nobody's touch; a guest grant leaves no transition.
_ENTERED = sa.text(
    """
    SELECT v.vendor_id,
        EXISTS (
            SELECT 1 FROM vendor_transitions AS s
            WHERE s.tenant_id = v.tenant_id AND s.vendor_id = v.vendor_id AND s.reason <> 'OWNER_GROUP'
              AND s.version > COALESCE(
                (SELECT max(c.version) FROM import_changes AS c
                 WHERE c.tenant_id = v.tenant_id AND c.import_id = :import_id AND c.vendor_id = v.vendor_id), 1)
        )
        OR EXISTS (
            SELECT 1 FROM guest_grants AS g
            WHERE g.tenant_id = v.tenant_id AND g.vendor_id = v.vendor_id AND NOT g.revoked
        ) AS touched
    FROM vendors AS v
    WHERE v.tenant_id = :tenant AND v.source_import_id = :import_id
      AND (CAST(:after AS uuid) IS NULL OR v.vendor_id > CAST(:after AS uuid))
    ORDER BY v.vendor_id
    LIMIT :limit
    """
)


class SqlImports:
    """The imports of one region within one transaction."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId, keys: SealedRowKeys) -> None:
        self._connection = connection
        self._tenant = tenant
        self._keys = keys

    async def add(self, record: Import) -> Import:
        """Store a new import; returns the live one that holds the same file if there is one."""
        statement = postgresql.insert(t.imports).values(_row(record)).on_conflict_do_nothing()
        result = await self._connection.execute(statement)
        if result.rowcount == 1:
            return record
        found = await self.find_live(record.sha256)
        # The other one was given up between the two statements; the caller's request may simply be sent again.
        return found or await self.add(record)

    async def get(self, import_id: UUID, *, lock: bool = False) -> Import:
        """Return an import; refuses with IMPORT_NOT_FOUND."""
        i = t.imports
        query = sa.select(i).where(i.c.tenant_id == self._tenant, i.c.import_id == import_id)
        row = (await self._connection.execute(query.with_for_update() if lock else query)).mappings().first()
        if row is None:
            raise ImportNotFound
        return _record(row)

    async def page(self, after: UUID | None, limit: int) -> list[Import]:
        """Return the imports of the region, newest first."""
        i = t.imports
        query = sa.select(i).where(i.c.tenant_id == self._tenant)
        if after is not None:
            query = query.where(i.c.import_id < after)
        rows = await self._connection.execute(query.order_by(i.c.import_id.desc()).limit(limit))
        return [_record(row) for row in rows.mappings()]

    async def find_live(self, sha256: str) -> Import | None:
        """Return the live import of a file."""
        i = t.imports
        query = sa.select(i).where(i.c.tenant_id == self._tenant, i.c.sha256 == sha256, i.c.state.in_(_LIVE))
        row = (await self._connection.execute(query)).mappings().first()
        return None if row is None else _record(row)

    async def save(self, record: Import) -> None:
        """Store what has changed; refuses with COMMIT_RUNNING if another one of the region is being committed."""
        i = t.imports
        statement = sa.update(i).where(i.c.tenant_id == self._tenant, i.c.import_id == record.import_id)
        try:
            await self._connection.execute(statement.values(_row(record)))
        except IntegrityError as error:
            if "uq_imports_tenant_id_committing" in str(error.orig):
                raise CommitRunning from error
            raise

    async def progress(self, import_id: UUID, rows_done: int, total: int | None = None) -> None:
        """Store how many rows are done, and how many there are if that has changed."""
        i = t.imports
        statement = sa.update(i).where(i.c.tenant_id == self._tenant, i.c.import_id == import_id)
        values = {"rows_done": rows_done} if total is None else {"rows_done": rows_done, "rows_total": total}
        await self._connection.execute(statement.values(values))

    async def clear_rows(self, import_id: UUID, first: int = 0, last: int | None = None) -> None:
        """Remove staged rows, all or those from a first to a last number."""
        r = t.import_rows
        query = sa.delete(r).where(r.c.tenant_id == self._tenant, r.c.import_id == import_id, r.c.row_number >= first)
        await self._connection.execute(query if last is None else query.where(r.c.row_number <= last))

    async def stage(self, import_id: UUID, rows: Sequence[StagedRow]) -> None:
        """Store rows with their verdicts."""
        values = [
            (
                self._tenant,
                import_id,
                one.row.number,
                one.row.sheet,
                one.row.sheet_row,
                one.judged.verdict.value,
                one.judged.vendor_id,
                one.judged.other_id,
                mapping.as_json(one.judged.reasons),
                mapping.as_json(one.judged.warnings),
                mapping.as_json(one.judged.changes),
                one.links,
                one.sealed,
            )
            for one in rows
        ]
        await mapping.copy(self._connection, t.import_rows, [mapping.Records(_ROW_COLUMNS, values)])

    async def staged(self, import_id: UUID, after: int, limit: int) -> list[StagedRow]:
        """Return staged rows above a row number, opened again."""
        r = t.import_rows
        # Not the links: they are read for all rows at once, and converting arrays is slow.
        query = (
            sa.select(*(column for column in r.c if column.name != "links"))
            .where(r.c.tenant_id == self._tenant, r.c.import_id == import_id, r.c.row_number > after)
            .order_by(r.c.row_number)
            .limit(limit)
        )
        rows = (await self._connection.execute(query)).mappings().all()
        return await in_steps(rows, lambda some: [self._staged(row) for row in some])

    async def rows_of(self, import_id: UUID, numbers: Collection[int]) -> dict[int, ParsedRow]:
        """Return staged rows by number."""
        if not numbers:
            return {}
        r = t.import_rows
        query = sa.select(r.c.row_number, r.c.sealed).where(
            r.c.tenant_id == self._tenant,
            r.c.import_id == import_id,
            r.c.row_number == sa.any_(sa.literal(sorted(numbers), ARRAY(sa.Integer))),
        )
        rows = await self._connection.execute(query)
        return {row.row_number: self._keys.open(self._tenant, row.sealed) for row in rows}

    async def note_changes(self, import_id: UUID, changes: Sequence[Change]) -> None:
        """Keep what rows did to businesses that were there, sealed."""
        await mapping.insert(
            self._connection,
            import_changes,
            (
                {
                    "tenant_id": self._tenant,
                    "import_id": import_id,
                    "row_number": one.row_number,
                    "vendor_id": one.vendor_id,
                    "version": one.version,
                    "sealed": self._keys.seal_values(self._tenant, one.fields),
                }
                for one in changes
            ),
        )

    async def changes(self, import_id: UUID) -> list[Change]:
        """Return what rows did to businesses that were there before the import."""
        c, v = import_changes.c, t.vendors.c
        query = (
            sa.select(import_changes)
            .join(t.vendors, sa.and_(v.tenant_id == c.tenant_id, v.vendor_id == c.vendor_id))
            .where(c.tenant_id == self._tenant, c.import_id == import_id)
            .where(v.source_import_id.is_distinct_from(import_id))
            .order_by(c.row_number)
        )
        return [self._change(row) for row in await self._connection.execute(query)]

    def _change(self, row: sa.Row[Any]) -> Change:
        fields = self._keys.open_values(self._tenant, row.sealed)
        return Change(
            row.row_number, row.vendor_id, row.version, {name: (old, new) for name, (old, new) in fields.items()}
        )

    async def entered(self, import_id: UUID, after: UUID | None, limit: int) -> list[Entered]:
        """Return the businesses that an import entered, by id."""
        values = {"tenant": self._tenant, "import_id": import_id, "after": after, "limit": limit}
        return [Entered(row.vendor_id, row.touched) for row in await self._connection.execute(_ENTERED, values)]

    async def note_kept(self, import_id: UUID, kept: Sequence[Kept]) -> None:
        """Keep which businesses an undo left, and why."""
        place = {"tenant_id": self._tenant, "import_id": import_id}
        found = (
            {**place, "vendor_id": one.vendor_id, "reason": one.reason.value, "fields": list(one.fields)}
            for one in kept
        )
        await mapping.insert(self._connection, import_kept, found)

    async def kept(self, import_id: UUID, after: UUID | None, limit: int) -> list[Kept]:
        """Return the businesses that an undo left, by id."""
        k = import_kept.c
        query = sa.select(import_kept).where(k.tenant_id == self._tenant, k.import_id == import_id)
        if after is not None:
            query = query.where(k.vendor_id > after)
        rows = await self._connection.execute(query.order_by(k.vendor_id).limit(limit))
        return [Kept(row.vendor_id, KeptBecause(row.reason), tuple(row.fields)) for row in rows]

    async def mapping_of(self, source: str) -> HeaderMapping:
        """Return the decisions about headers that are kept for a source."""
        m = import_mappings.c
        query = sa.select(m.columns).where(m.tenant_id == self._tenant, m.source == source)
        return HeaderMapping(await self._connection.scalar(query) or {})

    async def keep_mapping(self, source: str, decided: HeaderMapping, principal: str, now: datetime) -> None:
        """Keep decisions about headers for the next files of a source."""
        row = {
            "tenant_id": self._tenant,
            "source": source,
            "columns": dict(decided.columns),
            "saved_by": principal,
            "saved_at": now,
        }
        await mapping.upsert(self._connection, import_mappings, [row], keys=("tenant_id", "source"))

    async def expired(self, before: datetime) -> list[Import]:
        """Return imports that were uploaded before an instant and still hold a file or rows."""
        i = t.imports
        query = sa.select(i).where(i.c.tenant_id == self._tenant, i.c.uploaded_at < before, i.c.file_key != "")
        ended = i.c.state.not_in(
            [ImportState.VALIDATING.value, ImportState.COMMITTING.value, ImportState.UNDOING.value]
        )
        return [_record(row) for row in (await self._connection.execute(query.where(ended))).mappings()]

    async def forget_changes(self, before: datetime) -> None:
        """Remove what imports changed that were stored before an instant: they cannot be undone any more."""
        i, c = t.imports.c, import_changes.c
        old = sa.select(i.import_id).where(i.tenant_id == self._tenant, i.finished_at < before)
        await self._connection.execute(
            sa.delete(import_changes).where(c.tenant_id == self._tenant, c.import_id.in_(old))
        )

    async def forget(self, import_id: UUID) -> None:
        """Remove the staged rows and the name of the file; what was counted stays."""
        await self.clear_rows(import_id)
        i = t.imports
        statement = sa.update(i).where(i.c.tenant_id == self._tenant, i.c.import_id == import_id)
        await self._connection.execute(statement.values(file_key=""))

    def _staged(self, row: sa.RowMapping) -> StagedRow:
        parsed = self._keys.open(self._tenant, row["sealed"])
        judged = Judged(
            verdict=Verdict(row["verdict"]),
            vendor_id=row["vendor_id"],
            reasons=tuple(row["reasons"]),
            warnings=tuple((one[0], one[1]) for one in row["warnings"]),
            other_id=row["other_id"],
            changes=tuple(row["changes"]),
        )
        sheet_row = SheetRow(row["row_number"], row["sheet"], row["sheet_row"], parsed)
        return StagedRow(sheet_row, judged, [], row["sealed"])


def _row(record: Import) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in _NAMES if name != "tenant"}
    return {**values, "tenant_id": record.tenant, "state": record.state.value}


def _record(row: sa.RowMapping) -> Import:
    values = {name: row[name] for name in _NAMES if name != "tenant"}
    return Import(**{**values, "tenant": TenantId(row["tenant_id"]), "state": ImportState(values["state"])})
