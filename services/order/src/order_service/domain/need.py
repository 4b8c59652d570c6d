"""The need: what is judged, summed and rotated (domain.md 7.2). A unit states it; orders serve it.

`state_need` checks the input and collects warnings that do not stop anybody: more portions than participants, and food
for a meeting below the bar of Perpres 33/2020 (at least two hours, with guests from other units).
"""

import enum
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bela_kit.core.actor import Actor
from bela_kit.core.tenancy import TenantId

from order_service.domain.acts import Act
from order_service.domain.errors import FieldError, InvalidInput, NeedSelfApproval, RoleNotAllowed
from order_service.domain.money import MAX_IDR
from order_service.domain.rules.duties import ESCALATION_ROLES, NEED_ROLES, SIGNER_ROLES, require_role

MAX_QUANTITY = 10**7
MAX_PARTICIPANTS = 10**6
MAX_DURATION_MINUTES = 60 * 24 * 31
MEETING_MINIMUM = timedelta(hours=2)
FOOD_CATEGORIES = ("food.", "beverage.")
_DISTRICT = re.compile(r"\d{6}")
_VILLAGE = re.compile(r"\d{10}")


class MeetingKind(enum.StrEnum):
    """What the food or goods are for."""

    INTERNAL = "internal"
    WITH_GUESTS = "with_guests"
    FIELD = "field"
    PUBLIC_SERVICE = "public_service"
    NONE = "none"


class PayerKind(enum.StrEnum):
    """Whose money it is; `private_group` has no budget line, no treasurer, no withholding, and is no public spend."""

    APBD = "apbd"
    BOS = "bos"
    APBDESA = "apbdesa"
    PRIVATE_GROUP = "private_group"


class WarningCode(enum.StrEnum):
    """What a need is warned of."""

    PORTIONS_ABOVE_PARTICIPANTS = "PORTIONS_ABOVE_PARTICIPANTS"
    MEETING_TOO_SHORT = "MEETING_TOO_SHORT"
    MEETING_WITHOUT_GUESTS = "MEETING_WITHOUT_GUESTS"


@dataclass(frozen=True, slots=True)
class NeedWarning:
    """A warning with its sentence in Indonesian."""

    code: WarningCode
    message: str


@dataclass(frozen=True, slots=True)
class Activity:
    """The activity the need is for."""

    sub_activity_code: str
    name: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryPoint:
    """Where to deliver: kecamatan (six digits), desa (ten digits, empty if not known), and words."""

    district_code: str
    village_code: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """A stated need.

    Attributes:
        need_id: The need.
        tenant: Region of the buyer.
        unit_id: Unit that states it.
        budget_holder_id: PA/KPA unit whose budget pays.
        title: What it is for, in words.
        category_code: Level-2 category.
        profile_code: Profile with measurable content.
        quantity: Units of the profile.
        activity: Activity it serves.
        needed_at: `serve_at` for food at an event, else `needed_by`.
        delivery: Where.
        budget_line_ids: Lines that pay; empty for a private group.
        event_id: The dated event it belongs to; empty if none.
        served: True if `needed_at` is the moment of serving.
        meeting_kind: Kind of meeting.
        participants: Number of people; none if not a meeting.
        duration_minutes: Length of the meeting.
        payer_kind: Whose money.
        budget_unit_price: "Nasi kotak 35 ribu": sellers answer at or under it; none if price competes.
        hps: HPS of the whole need; none if there is none.
        rup_code: RUP code.
        created_by: Who stated it.
        created_at: When.
        approved_by: KPA or PA who approved it where the signer may not.
        version: From 1.
    """

    need_id: str
    tenant: TenantId
    unit_id: str
    budget_holder_id: str
    title: str
    category_code: str
    profile_code: str
    quantity: int
    activity: Activity
    needed_at: datetime
    delivery: DeliveryPoint
    budget_line_ids: tuple[str, ...]
    created_by: Actor
    created_at: datetime
    event_id: str = ""
    served: bool = False
    meeting_kind: MeetingKind = MeetingKind.NONE
    participants: int | None = None
    duration_minutes: int | None = None
    payer_kind: PayerKind = PayerKind.APBD
    budget_unit_price: int | None = None
    hps: int | None = None
    rup_code: str = ""
    approved_by: Actor | None = None
    version: int = 1
    warnings: tuple[NeedWarning, ...] = field(default=())

    @property
    def is_food(self) -> bool:
        """Whether the category is food or drink."""
        return self.category_code.startswith(FOOD_CATEGORIES)

    @property
    def hps_unit_price(self) -> int | None:
        """The HPS for one unit, rounded down; none without HPS."""
        return None if self.hps is None else self.hps // self.quantity


def find_warnings(need: Need) -> tuple[NeedWarning, ...]:
    """Collect what an auditor would ask about; nothing here stops the need."""
    warnings = []
    if need.is_food and need.participants is not None and need.quantity > need.participants:
        warnings.append(
            NeedWarning(
                WarningCode.PORTIONS_ABOVE_PARTICIPANTS,
                f"Jumlah {need.quantity} melebihi {need.participants} peserta.",
            )
        )
    meeting = need.meeting_kind in {MeetingKind.INTERNAL, MeetingKind.WITH_GUESTS}
    if need.is_food and meeting:
        if need.duration_minutes is None or timedelta(minutes=need.duration_minutes) < MEETING_MINIMUM:
            warnings.append(
                NeedWarning(
                    WarningCode.MEETING_TOO_SHORT, "Konsumsi rapat menurut Perpres 33/2020 untuk rapat minimal dua jam."
                )
            )
        if need.meeting_kind is MeetingKind.INTERNAL:
            warnings.append(
                NeedWarning(
                    WarningCode.MEETING_WITHOUT_GUESTS,
                    "Konsumsi rapat menurut Perpres 33/2020 untuk rapat yang diikuti unit kerja lain.",
                )
            )
    return tuple(warnings)


def check_need(need: Need) -> None:
    """Refuse a need with impossible fields; names every wrong field at once."""
    wrong = _quantities(need) + _places(need) + _meeting(need) + _money(need)
    if wrong:
        raise InvalidInput(fields=wrong)


def _quantities(need: Need) -> list[FieldError]:
    wrong = []
    if not 1 <= need.quantity <= MAX_QUANTITY:
        wrong.append(FieldError("quantity", "OUT_OF_RANGE", "Jumlah harus antara 1 dan 10.000.000."))
    if need.needed_at.tzinfo is None:
        wrong.append(FieldError("needed_at", "ZONE", "Waktu harus memuat zona."))
    elif need.needed_at <= need.created_at:
        wrong.append(FieldError("needed_at", "PAST", "Waktu kebutuhan harus di masa depan."))
    if not need.title.strip():
        wrong.append(FieldError("title", "REQUIRED", "Judul kebutuhan wajib diisi."))
    return wrong


def _places(need: Need) -> list[FieldError]:
    wrong = []
    district, village = need.delivery.district_code, need.delivery.village_code
    if not _DISTRICT.fullmatch(district) or not district.startswith(need.tenant):
        wrong.append(FieldError("delivery.district_code", "OUTSIDE", "Kecamatan pengantaran harus di daerah ini."))
    if village and (not _VILLAGE.fullmatch(village) or not village.startswith(district)):
        wrong.append(FieldError("delivery.village_code", "OUTSIDE", "Desa harus di kecamatan pengantaran."))
    return wrong


def _meeting(need: Need) -> list[FieldError]:
    wrong = []
    if need.participants is not None and not 1 <= need.participants <= MAX_PARTICIPANTS:
        wrong.append(FieldError("participants", "OUT_OF_RANGE", "Jumlah peserta harus antara 1 dan 1.000.000."))
    if need.duration_minutes is not None and not 1 <= need.duration_minutes <= MAX_DURATION_MINUTES:
        wrong.append(FieldError("duration_minutes", "OUT_OF_RANGE", "Lama acara tidak masuk akal."))
    meeting = need.meeting_kind in {MeetingKind.INTERNAL, MeetingKind.WITH_GUESTS}
    if need.is_food and meeting and need.participants is None:
        wrong.append(FieldError("participants", "REQUIRED", "Konsumsi rapat memerlukan jumlah peserta."))
    if need.is_food and meeting and need.duration_minutes is None:
        wrong.append(FieldError("duration_minutes", "REQUIRED", "Konsumsi rapat memerlukan lama acara."))
    return wrong


def _money(need: Need) -> list[FieldError]:
    wrong = []
    private = need.payer_kind is PayerKind.PRIVATE_GROUP
    if private == bool(need.budget_line_ids):
        wrong.append(
            FieldError(
                "budget_line_ids",
                "PAYER",
                "Baris anggaran wajib, kecuali untuk kelompok swadaya yang tidak memakainya.",
            )
        )
    if len(set(need.budget_line_ids)) != len(need.budget_line_ids):
        wrong.append(FieldError("budget_line_ids", "TWICE", "Baris anggaran disebut dua kali."))
    if need.budget_unit_price is not None and not 1 <= need.budget_unit_price <= MAX_IDR:
        wrong.append(FieldError("budget_unit_price_idr", "OUT_OF_RANGE", "Harga anggaran harus positif."))
    if need.hps is not None and not 1 <= need.hps <= MAX_IDR:
        wrong.append(FieldError("hps_idr", "OUT_OF_RANGE", "HPS harus positif."))
    return wrong


def state_need(need: Need) -> Need:
    """Check a need and attach its warnings; refuses a creator without the role and impossible fields."""
    require_role(need.created_by, NEED_ROLES)
    check_need(need)
    return replace(need, warnings=find_warnings(need))


def approve_need(need: Need, act: Act) -> Need:
    """Approve a need: a signer who did not create it, or KPA/PA in the creator's place; a PA may approve his own."""
    if act.actor.role not in SIGNER_ROLES | ESCALATION_ROLES:
        raise RoleNotAllowed
    if act.actor.principal == need.created_by.principal and act.actor.role != "pa":
        raise NeedSelfApproval
    return replace(need, approved_by=act.actor, version=need.version + 1)
