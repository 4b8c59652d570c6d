"""The OCDS feed of a region: pages of releases in the order they were published, and the record of one process."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bela_kit.core.errors import Kind, ServiceError

from reporting_service.application.ports import ReleaseRow, Reports
from reporting_service.application.stamp import Asker
from reporting_service.ocds.codes import parse_ocid
from reporting_service.ocds.parties import area_codes
from reporting_service.ocds.release import compile_release


class OcidUnknown(ServiceError):
    """No public contracting process of this region has that identifier."""

    kind = Kind.NOT_FOUND
    reason = "OCID_UNKNOWN"

    def __init__(self) -> None:
        super().__init__("Proses pengadaan dengan OCID itu tidak ditemukan.")


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """Releases as JSON texts, and the position of the last if more follow."""

    releases: list[str]
    next_position: int | None
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Record:
    """Every release of one process, and their merge."""

    ocid: str
    releases: list[str]
    compiled: dict[str, Any]
    as_of: datetime | None


async def release_page(asker: Asker, *, size: int, after: int, reports: Reports) -> ReleasePage:
    """Return a page of the feed from behind a position on."""
    rows: Sequence[ReleaseRow] = await reports.releases(asker.tenant, size + 1, after)
    return ReleasePage(
        releases=[row.release for row in rows[:size]],
        next_position=rows[size - 1].position if len(rows) > size else None,
        as_of=await reports.as_of(asker.tenant),
    )


async def record(asker: Asker, ocid: str, *, reports: Reports) -> Record:
    """Return the record of one process.

    Raises:
        OcidUnknown: No such process here, or it is not public.
    """
    parsed = parse_ocid(ocid)
    if parsed is None or parsed[0] != asker.tenant:
        raise OcidUnknown
    facts = await reports.order(asker.tenant, parsed[1])
    if facts is None:
        raise OcidUnknown
    names = await reports.area_names(asker.tenant, area_codes(facts))
    rows = await reports.releases_of(asker.tenant, parsed[1])
    return Record(ocid, [row.release for row in rows], compile_release(facts, names), await reports.as_of(asker.tenant))
