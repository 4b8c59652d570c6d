"""Let an officer say what the columns of a file mean, read it again so, and keep that for its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from bela_kit.core.actor import Actor
from bela_kit.core.clock import Clock

from vendor_service.application.imports.upload import VALIDATE
from vendor_service.application.ports import UnitOfWork
from vendor_service.domain.errors import ImportNotInState
from vendor_service.domain.imports.changes.errors import MappingInvalid
from vendor_service.domain.imports.job import Import, ImportState
from vendor_service.domain.imports.mapping import HeaderMapping, ReadOptions


@dataclass(frozen=True, slots=True)
class MapColumns:
    """What an officer decided about a file.

    Attributes:
        columns: Header as it stands in the file -> column of the template, or none to read nothing from there.
        sheets: Names of the sheets to read, hidden ones too; none leaves the choice as it was.
        keep: Whether the next files of the same source are read so too.
    """

    import_id: UUID
    columns: Mapping[str, str | None]
    sheets: tuple[str, ...] | None
    keep: bool
    actor: Actor


async def map_columns(command: MapColumns, *, uow: UnitOfWork, clock: Clock) -> Import:
    """Have a file read again with decisions about its columns; verdicts given before are dropped.

    Raises:
        MappingInvalid: A decision names no column of the template, or gives one twice.
        ImportNotInState: The file is being read or stored, or is gone.
    """
    decided = HeaderMapping.of_headers(command.columns)
    wrong = decided.unknown_columns() + decided.twice()
    if wrong:
        raise MappingInvalid(wrong)
    record = await uow.imports.get(command.import_id, lock=True)
    if record.state is ImportState.FAILED and await uow.imports.find_live(record.sha256) is not None:
        raise ImportNotInState(record.state)
    options = options_of(record)
    mapping = options.mapping.with_changes(decided)
    sheets = options.sheets if command.sheets is None else command.sheets or None
    record.read_again({"columns": dict(mapping.columns), "sheets": sheets})
    await uow.imports.save(record)
    await uow.imports.clear_rows(record.import_id)
    now = clock.now(uow.tenant)
    await uow.jobs.schedule(VALIDATE, str(record.import_id), now)
    if command.keep and record.source:
        await uow.imports.keep_mapping(record.source, mapping, command.actor.principal, now)
    return record


def options_of(record: Import) -> ReadOptions:
    """Return what the officer asked of the reading of a file."""
    sheets = record.options.get("sheets")
    columns = record.options.get("columns", {})
    return ReadOptions(None if sheets is None else tuple(sheets), HeaderMapping(columns))
