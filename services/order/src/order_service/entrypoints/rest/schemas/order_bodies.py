"""Bodies of the operations on needs and orders."""

from datetime import date
from typing import Annotated, Literal

from bela_kit.rest import Rupiah, Schema
from pydantic import Field, StringConstraints

from order_service.entrypoints.rest.edge import DistrictCode, Id, Instant, OptionalText, Quantity, Text

ProfileCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.]{1,60}$")]
VillageCode = Annotated[str, StringConstraints(pattern=r"^\d{10}$")]
PositiveRupiah = Annotated[int, Field(ge=1, le=10**15, strict=True)]
Count = Annotated[int, Field(ge=0, le=10**7, strict=True)]
LineNumber = Annotated[int, Field(ge=1, le=50, strict=True)]
ReasonCode = Literal["", "only_vendor", "only_capacity", "safety", "continuation", "tender_result", "other"]
RupCode = Annotated[str, StringConstraints(pattern=r"^(\d{6,10})?$")]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]


class NeedInput(Schema):
    """What a unit needs."""

    unit_id: Id
    title: Text
    profile_code: ProfileCode
    quantity: Quantity
    needed_at: Instant
    district_code: DistrictCode
    village_code: VillageCode | Literal[""] = ""
    address: OptionalText = ""
    activity_name: OptionalText = ""
    activity_place: OptionalText = ""
    meeting_kind: Literal["internal", "with_guests", "field", "public_service", "none"] = "none"
    participants: Annotated[int, Field(ge=1, le=10**6)] | None = None
    duration_minutes: Annotated[int, Field(ge=1, le=44640)] | None = None
    budget_line_ids: Annotated[list[Id], Field(max_length=20)]
    payer_kind: Literal["apbd", "bos", "apbdesa"] = "apbd"
    budget_unit_price_idr: PositiveRupiah | None = None
    hps_idr: PositiveRupiah | None = None
    rup_code: RupCode = ""
    event_id: ShortText = ""


class LineInput(Schema):
    """One line."""

    product_id: Id
    quantity: Quantity


class OrderInput(Schema):
    """A draft."""

    need_id: Id
    vendor_id: Id
    lines: Annotated[list[LineInput], Field(min_length=1, max_length=50)]
    channel: Literal["local", "bela", "inaproc"] = "local"
    external_number: ShortText = ""
    rup_code: RupCode = ""
    short_path: bool = False


class OverrideInput(Schema):
    """A rule set aside for one order."""

    reason: ReasonCode
    text: OptionalText = ""


class SubmitInput(Schema):
    """What the maker says about his choice."""

    reason: ReasonCode = ""
    override: OverrideInput | None = None


class PurchaseInput(Schema):
    """Order and signature in one act."""

    need_id: Id
    vendor_id: Id
    lines: Annotated[list[LineInput], Field(min_length=1, max_length=50)]
    channel: Literal["local", "bela", "inaproc"] = "local"
    rup_code: RupCode = ""
    reason: ReasonCode = ""
    override: OverrideInput | None = None


class ReasonInput(Schema):
    """A reason in words; some acts refuse without it."""

    reason: OptionalText = ""


class DeliveredLine(Schema):
    """Units of one line on a delivery note."""

    line_number: LineNumber
    quantity: Quantity


class DeliverInput(Schema):
    """A delivery."""

    lines: Annotated[list[DeliveredLine], Field(min_length=1, max_length=50)]
    note_number: ShortText = ""


class InspectedLine(Schema):
    """What was found on one line; the four add up to what the delivery note says."""

    line_number: LineNumber
    good: Count
    short: Count = 0
    damaged: Count = 0
    wrong: Count = 0


class InspectInput(Schema):
    """An inspection; without `delivery_id` the oldest delivery that waits is meant."""

    delivery_id: Id | None = None
    lines: Annotated[list[InspectedLine], Field(min_length=1, max_length=50)]
    remedy: Literal["release", "replace"] = "release"


class HandOverInput(Schema):
    """The buyer's side of a BAST; without a number the service gives one."""

    delivery_id: Id | None = None
    number: ShortText = ""


class ReceiveInput(Schema):
    """Delivery, inspection and BAST in one act; without lines everything that is owed came and is good."""

    delivery_id: Id | None = None
    lines: Annotated[list[InspectedLine], Field(max_length=50, default_factory=list)]
    number: ShortText = ""
    note_number: ShortText = ""


class CountersignInput(Schema):
    """The seller's side of a BAST; notes open a dispute on the rest only."""

    delivery_id: Id | None = None
    notes: OptionalText = ""


class InvoiceInput(Schema):
    """The seller's invoice; without ids over every BAST that waits for one."""

    delivery_ids: Annotated[list[Id], Field(max_length=50, default_factory=list)]
    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    amount_idr: PositiveRupiah | None = None
    tax_invoice_on: date | None = None


class ReturnInvoiceInput(Schema):
    """An invoice sent back; the reason lists the missing papers."""

    delivery_id: Id | None = None
    reason: OptionalText


class PayInput(Schema):
    """A payment of one delivery."""

    delivery_id: Id | None = None
    reference: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    mechanism: Literal["LS", "UP", "GU", "TU", "KKPD", "QRIS_UP"] = "LS"
    late_fee_idr: Rupiah = 0
    npwp_checked: bool = False
    individual_caterer: Literal["PPH21", "PPH23"] | None = None


class SettleInput(Schema):
    """The end of a dispute; a price cut gives accepted money back."""

    delivery_id: Id | None = None
    price_cut_idr: Rupiah = 0
    reason: OptionalText = ""


class QuantityInput(Schema):
    """Another headcount for one line."""

    line_number: LineNumber
    quantity: Quantity


class TaxProofInput(Schema):
    """Bukti potong/pungut and NTPN of one withheld tax."""

    delivery_id: Id | None = None
    kind: Literal["PPN", "PPH22", "PPH23", "PPH21", "PPH_FINAL_UMKM"]
    slip_number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    ntpn: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
