"""A visit at a business: recorded once, by the officer who was there, never changed.

The phone makes the id, so that a visit sent twice is one visit; it also says when the visit was, since it may have been
without a network for days. What it says is believed within bounds.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from bela_kit.core.errors import FieldError

from vendor_service.domain.evidence.evidence import Evidence, EvidenceState
from vendor_service.domain.personal_data.free_text import mask_numbers_in

OLDEST = timedelta(days=90)
"""A visit older than this when it arrives is no offline visit any more, but memory."""
AHEAD = timedelta(minutes=10)
"""How far a phone's clock may run ahead of ours."""
MOST_PHOTOS = 10
LONGEST_FINDINGS = 2_000
SOUTH, NORTH = Decimal("-11.5"), Decimal("6.5")
WEST, EAST = Decimal("94.5"), Decimal("141.5")
"""Indonesia, from Rote to Weh and from Sabang to Merauke; a phone without a fix sends 0, 0."""


class VisitOutcome(enum.StrEnum):
    """What was found at the door."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    MOVED = "moved"
    CLOSED_DOWN = "closed_down"
    NOBODY_HOME = "nobody_home"


class VisitPurpose(enum.StrEnum):
    """What the visit was for; one visit may serve several."""

    LOCATION = "location"
    CAPACITY = "capacity"
    PRODUCER = "producer"
    MENTORING = "mentoring"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Point:
    """Where the phone was, in degrees; `accuracy_m` is the radius in metres that the phone claims."""

    latitude: Decimal
    longitude: Decimal
    accuracy_m: int | None = None


@dataclass(frozen=True, slots=True)
class FieldVisit:
    """What was seen.

    Attributes:
        visited_at: By the phone.
        findings: The officer's own words; numbers that may name a person are masked before they are stored.
        photo_ids: Uploaded evidence files.
        capacity_seen: Units that the business can make in a month, as judged on the spot.
        makes_goods: Whether it makes what it sells, if that was looked at (domain.md 10.7, producer check).
        officer: Principal of the officer.
    """

    visit_id: UUID
    vendor_id: UUID
    officer: str
    visited_at: datetime
    purposes: tuple[VisitPurpose, ...]
    outcome: VisitOutcome
    findings: str = ""
    point: Point | None = None
    photo_ids: tuple[UUID, ...] = ()
    capacity_seen: int | None = None
    capacity_unit: str | None = None
    makes_goods: bool | None = None

    @property
    def proves_location(self) -> bool:
        """Whether it may stand for the proof `location`: found there, with the place and a photo."""
        return self.outcome is VisitOutcome.FOUND and self.point is not None and bool(self.photo_ids)

    @property
    def proves_production(self) -> bool:
        """Whether it shows a producer: found, seen making the goods, with the place and a photo."""
        return self.proves_location and self.makes_goods is True

    def cleaned(self) -> "FieldVisit":
        """Return it as it is stored: trimmed, in one sequence, without numbers of persons in the findings."""
        return replace(
            self,
            findings=mask_numbers_in(self.findings.strip()),
            purposes=tuple(sorted(set(self.purposes))),
            photo_ids=tuple(sorted(set(self.photo_ids))),
        )


def faults_of(visit: FieldVisit, received_at: datetime) -> list[FieldError]:
    """Return what is wrong with a visit as it arrives; nothing means it may be taken."""
    faults = []
    if visit.visited_at > received_at + AHEAD:
        faults.append(FieldError("visited_at", "IN_FUTURE", "Waktu kunjungan di masa depan; periksa jam ponsel."))
    elif visit.visited_at < received_at - OLDEST:
        faults.append(FieldError("visited_at", "TOO_OLD", "Kunjungan lebih dari 90 hari lalu tidak dapat dikirim."))
    if visit.point is not None and not _in_indonesia(visit.point):
        faults.append(FieldError("location", "OUTSIDE_INDONESIA", "Titik lokasi di luar Indonesia; ambil ulang."))
    if len(visit.findings) > LONGEST_FINDINGS:
        faults.append(FieldError("findings", "TOO_LONG", "Catatan paling panjang 2.000 huruf."))
    if len(visit.photo_ids) > MOST_PHOTOS:
        faults.append(FieldError("photo_ids", "TOO_MANY", "Paling banyak 10 foto untuk satu kunjungan."))
    if not visit.purposes:
        faults.append(FieldError("purposes", "REQUIRED", "Sebutkan tujuan kunjungan."))
    if (visit.capacity_seen is None) != (visit.capacity_unit is None):
        faults.append(FieldError("capacity_unit", "REQUIRED", "Kapasitas memerlukan jumlah dan satuan."))
    looked_at = VisitPurpose.PRODUCER in visit.purposes and visit.outcome is VisitOutcome.FOUND
    if looked_at and visit.makes_goods is None:
        faults.append(FieldError("makes_goods", "REQUIRED", "Sebutkan apakah barang dibuat sendiri."))
    return faults


def photo_faults(visit: FieldVisit, files: Mapping[UUID, Evidence]) -> list[FieldError]:
    """Return which photos of a visit are not there, are of another business, or are no photos."""
    faults = []
    for place, one in enumerate(visit.photo_ids):
        found = files.get(one)
        field = f"photo_ids[{place}]"
        if found is None or found.state is EvidenceState.DOOMED or found.vendor_id not in (None, visit.vendor_id):
            faults.append(FieldError(field, "EVIDENCE_UNKNOWN", "Unggah fotonya lebih dahulu."))
        elif not found.media_type.startswith("image/"):
            faults.append(FieldError(field, "NOT_A_PHOTO", "Bukti kunjungan harus berupa foto."))
    return faults


def _in_indonesia(point: Point) -> bool:
    return SOUTH <= point.latitude <= NORTH and WEST <= point.longitude <= EAST
