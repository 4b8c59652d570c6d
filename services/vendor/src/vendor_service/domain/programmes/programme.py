"""A programme of training or mentoring, by an OPD or a partner organisation, and its sessions.

Partner organisations are data, not accounts: whoever organises, the UMKM department records (domain.md 1.1).
"""

import enum
from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bela_kit.core.errors import FieldError

from vendor_service.domain.programmes.errors import (
    ProgrammeInvalid,
    SessionCancelled,
    SessionNotHeldYet,
    SessionOver,
)

LONGEST_DAYS = 5 * 366
"""A programme lasts five years at most; longer is a slip of the keyboard."""


class OrganiserKind(enum.StrEnum):
    """Who organises: an office of the local government, or an organisation that helps it."""

    OPD = "opd"
    PARTNER = "partner"


class ProgrammeKind(enum.StrEnum):
    """Training happens in sessions with many; mentoring stays with one business for months."""

    TRAINING = "training"
    MENTORING = "mentoring"


@dataclass(frozen=True, slots=True)
class Organiser:
    """Who answers for a programme.

    Attributes:
        unit_id: The OPD's unit in the order service, if it is one and known.
    """

    kind: OrganiserKind
    name: str
    unit_id: str | None = None


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme.

    Attributes:
        target_count: How many businesses it means to reach.
        district_codes: The kecamatan it is for; empty means the whole regency.
    """

    programme_id: UUID
    name: str
    kind: ProgrammeKind
    organiser: Organiser
    starts_on: date
    ends_on: date
    target_count: int
    district_codes: tuple[str, ...] = ()
    note: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class Session:
    """One meeting of a programme.

    Attributes:
        starts_at: Local time as HH:MM, if known.
        capacity: How many businesses may confirm; attendance is a fact and not bound by it.
    """

    session_id: UUID
    programme_id: UUID
    held_on: date
    place: str
    topic: str
    trainer: str
    capacity: int
    starts_at: str | None = None
    cancelled: bool = False
    version: int = 1

    def check_open(self, today: date) -> None:
        """Refuse to invite or to answer once the session is called off or its day has passed."""
        if self.cancelled:
            raise SessionCancelled
        if self.held_on < today:
            raise SessionOver

    def check_held(self, today: date) -> None:
        """Refuse to record attendance of what is called off or lies in the future."""
        if self.cancelled:
            raise SessionCancelled
        if self.held_on > today:
            raise SessionNotHeldYet


def check_programme(programme: Programme, districts: Container[str]) -> None:
    """Refuse a programme that ends before it starts, lasts too long, or is for kecamatan that are not here."""
    faults = []
    if programme.ends_on < programme.starts_on:
        faults.append(FieldError("ends_on", "BEFORE_START", "Tanggal selesai mendahului tanggal mulai."))
    elif (programme.ends_on - programme.starts_on).days > LONGEST_DAYS:
        faults.append(FieldError("ends_on", "TOO_LONG", "Program berlangsung paling lama lima tahun."))
    for place, code in enumerate(programme.district_codes):
        if code not in districts:
            faults.append(
                FieldError(f"district_codes[{place}]", "AREA_UNKNOWN", "Wilayah tidak dikenal di daerah ini.")
            )
    if programme.organiser.kind is OrganiserKind.PARTNER and programme.organiser.unit_id is not None:
        faults.append(FieldError("organiser.unit_id", "NOT_AN_OPD", "Hanya OPD yang memiliki kode unit."))
    if faults:
        raise ProgrammeInvalid(faults)


def check_session(session: Session, programme: Programme) -> None:
    """Refuse a session outside the period of its programme."""
    if not programme.starts_on <= session.held_on <= programme.ends_on:
        raise ProgrammeInvalid([FieldError("held_on", "OUTSIDE_PROGRAMME", "Tanggal pertemuan di luar masa program.")])
