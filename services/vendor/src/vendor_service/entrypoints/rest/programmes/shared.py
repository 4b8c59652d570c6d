"""Who may do what with programmes, where they live, and how they are shown."""

from typing import Annotated, Any

from bela_kit.core.errors import FieldError
from fastapi import Query

from vendor_service.application.programmes.ports import ProgrammeFilter
from vendor_service.domain.errors import FilterInvalid
from vendor_service.domain.programmes.programme import OrganiserKind, Programme, ProgrammeKind, Session
from vendor_service.domain.roles import AUDITOR, OFFICER
from vendor_service.entrypoints.rest.edge import PREFIX

PROGRAMMES = f"{PREFIX}/programmes"
PROGRAMME = f"{PROGRAMMES}/{{programme_id}}"
SESSIONS = f"{PROGRAMME}/sessions"
SESSION = f"{SESSIONS}/{{session_id}}"
MANAGERS = (OFFICER,)
SEE_FIGURES = (OFFICER, "executive", AUDITOR)
SEE_BUSINESSES = (OFFICER, AUDITOR)

KindQuery = Annotated[str | None, Query(max_length=20, description="training or mentoring.")]
OrganiserQuery = Annotated[str | None, Query(max_length=20, description="opd or partner.")]


def programme_view(programme: Programme) -> dict[str, Any]:
    """Return a programme as it is shown."""
    organiser = programme.organiser
    return {
        "programme_id": str(programme.programme_id),
        "name": programme.name,
        "kind": programme.kind.value,
        "organiser": {"kind": organiser.kind.value, "name": organiser.name, "unit_id": organiser.unit_id},
        "starts_on": programme.starts_on,
        "ends_on": programme.ends_on,
        "target_count": programme.target_count,
        "district_codes": list(programme.district_codes),
        "note": programme.note,
        "version": programme.version,
    }


def programme_line(row: dict[str, Any]) -> dict[str, Any]:
    """Return a programme of a list."""
    names = ("name", "kind", "starts_on", "ends_on", "target_count", "district_codes", "session_count", "version")
    organiser = {"kind": row["organiser_kind"], "name": row["organiser_name"], "unit_id": row["organiser_unit_id"]}
    return {
        "programme_id": str(row["programme_id"]),
        **{name: row[name] for name in names},
        "organiser": organiser,
    }


def session_view(session: Session) -> dict[str, Any]:
    """Return a session as it is shown."""
    names = ("held_on", "starts_at", "place", "topic", "trainer", "capacity", "cancelled", "version")
    return {
        "session_id": str(session.session_id),
        "programme_id": str(session.programme_id),
        **{name: getattr(session, name) for name in names},
    }


def checked_filter(wanted: ProgrammeFilter) -> ProgrammeFilter:
    """Return a filter of a list; refuses with FILTER_INVALID."""
    if wanted.kind is not None and wanted.kind not in set(ProgrammeKind):
        raise FilterInvalid("kind")
    if wanted.organiser_kind is not None and wanted.organiser_kind not in set(OrganiserKind):
        raise FilterInvalid("organiser_kind")
    return wanted


def named_twice(collection: str, place: int) -> FieldError:
    """Return the fault of a list that names a business twice."""
    return FieldError(f"{collection}[{place}].vendor_id", "NAMED_TWICE", "Usaha ini disebut dua kali.")
