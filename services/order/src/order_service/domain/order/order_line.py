"""The parts an order is made of when it is placed: lines, buyer, seller, the need it serves."""

from dataclasses import dataclass
from datetime import datetime

from order_service.domain.errors import FieldError, LinesInvalid
from order_service.domain.money import MAX_IDR
from order_service.domain.need import MAX_QUANTITY, PayerKind
from order_service.domain.tax.facts import EntityKind, SupplyType, TaxProfile

FOOD_SUPPLIES = frozenset({SupplyType.RESTAURANT, SupplyType.CATERING})


@dataclass(frozen=True, slots=True)
class Buyer:
    """The unit that buys and the budget holder above it."""

    unit_id: str
    unit_name: str
    budget_holder_id: str
    budget_holder_name: str


@dataclass(frozen=True, slots=True)
class Seller:
    """The seller as known when the order was made.

    Attributes:
        vendor_id: The business.
        region: Home region.
        owner_group_id: Businesses of one owner share it; rotation and splitting count by it.
        display_name: Trade name.
        entity_kind: Legal form.
        business_class: `micro`, `small`, `medium`, `large`; empty if not known.
        district_code: Kecamatan.
        village_code: Desa; empty if not known.
        standing: Only `ok` receives new orders.
        band: Verified band `A`, `B` or `C`; empty until verified.
        conflict_of_interest: An owner is a government employee, or another conflict is open.
        member_principals: Users of the business.
        tax: Tax facts as known then; payment uses those of its own day.
        main_product: In the owner's words.
        version: Version of the business that was known.
    """

    vendor_id: str
    region: str
    owner_group_id: str
    display_name: str
    entity_kind: EntityKind
    business_class: str
    district_code: str
    village_code: str = ""
    standing: str = "ok"
    band: str = ""
    conflict_of_interest: bool = False
    member_principals: frozenset[str] = frozenset()
    tax: TaxProfile | None = None
    main_product: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class NeedSummary:
    """What an order keeps of its need."""

    need_id: str
    title: str
    created_by: str
    needed_at: datetime
    served: bool
    district_code: str
    village_code: str = ""
    event_id: str = ""
    sub_activity_code: str = ""
    payer_kind: PayerKind = PayerKind.APBD
    hps: int | None = None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line.

    Attributes:
        line_number: From 1.
        product_id: The product.
        title: Title when ordered.
        category_code: Level-2 category.
        profile_code: Profile.
        supply_type: For tax.
        quantity: Units ordered.
        unit: Unit of measure.
        unit_price: Paid for one unit, PPN included.
        price_includes_ppn: Whether PPN is inside the price (the seller is PKP).
        quantity_accepted: Units handed over by BAST.
        quantity_released: Units that will not come any more and whose money went back.
        first_quantity: Units first ordered; the bound of a headcount change counts from it.
    """

    line_number: int
    product_id: str
    title: str
    category_code: str
    profile_code: str
    supply_type: SupplyType
    quantity: int
    unit: str
    unit_price: int
    price_includes_ppn: bool = False
    quantity_accepted: int = 0
    quantity_released: int = 0
    first_quantity: int = 0

    @property
    def amount(self) -> int:
        """Unit price times quantity."""
        return self.unit_price * self.quantity

    @property
    def is_food(self) -> bool:
        """Whether the line is eaten on the day."""
        return self.supply_type in FOOD_SUPPLIES


def check_lines(lines: tuple[OrderLine, ...]) -> None:
    """Refuse no lines, numbers out of range, prices below one rupiah, and more than one category."""
    if not lines:
        raise LinesInvalid(fields=[FieldError("lines", "REQUIRED", "Pesanan memerlukan paling sedikit satu baris.")])
    wrong = []
    for index, line in enumerate(lines):
        if line.line_number != index + 1:
            wrong.append(FieldError(f"lines[{index}].line_number", "SEQUENCE", "Nomor baris berurutan mulai 1."))
        if not 1 <= line.quantity <= MAX_QUANTITY:
            wrong.append(FieldError(f"lines[{index}].quantity", "OUT_OF_RANGE", "Jumlah tidak masuk akal."))
        if not 1 <= line.unit_price <= MAX_IDR:
            wrong.append(FieldError(f"lines[{index}].unit_price_idr", "OUT_OF_RANGE", "Harga tidak masuk akal."))
        if line.category_code != lines[0].category_code:
            wrong.append(FieldError(f"lines[{index}].category_code", "MIXED", "Satu pesanan berisi satu kategori."))
    if sum(line.amount for line in lines) > MAX_IDR:
        wrong.append(FieldError("lines", "OUT_OF_RANGE", "Nilai pesanan tidak masuk akal."))
    if wrong:
        raise LinesInvalid(fields=wrong)
