"""What the tax engine is told: what is supplied, by whom, who pays, when (domain.md 5.5)."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date


class SupplyType(enum.StrEnum):
    """What is supplied; decided by the product's category, never by the buyer."""

    GOODS = "goods"
    PACKAGED_FOOD = "packaged_food"
    RESTAURANT = "restaurant"
    CATERING = "catering"
    SERVICE_LISTED = "service_listed"
    SERVICE_OTHER = "service_other"
    RENT_MOVABLE = "rent_movable"
    RICE = "rice"
    FUEL = "fuel"
    UTILITY = "utility"
    EXEMPT_GOODS = "exempt_goods"


class PriceBasis(enum.StrEnum):
    """Whether an amount is without PPN or, for a PKP, includes it."""

    NET = "net"
    GROSS = "gross"


class EntityKind(enum.StrEnum):
    """Legal form of the seller."""

    INDIVIDUAL = "individual"
    PERSEROAN_PERORANGAN = "perseroan_perorangan"
    KOPERASI = "koperasi"
    CV = "cv"
    FIRMA = "firma"
    PT = "pt"
    BUMDES = "bumdes"
    OTHER = "other"


class NpwpState(enum.StrEnum):
    """State of the tax number; a NIK counts only once activated."""

    NONE = "none"
    NIK_NOT_ACTIVATED = "nik_not_activated"
    ACTIVE = "active"
    UNKNOWN = "unknown"


class Regime(enum.StrEnum):
    """Who must collect: the treasurer, or a marketplace appointed by decree."""

    BENDAHARA = "BENDAHARA"
    MARKETPLACE = "MARKETPLACE"


class Mechanism(enum.StrEnum):
    """How the money moves (domain.md 6.3)."""

    UP = "UP"
    GU = "GU"
    TU = "TU"
    LS = "LS"
    KKPD = "KKPD"
    QRIS_UP = "QRIS_UP"


class Funds(enum.StrEnum):
    """Which public money pays."""

    APBD = "APBD"
    BOS = "BOS"
    APBDESA = "APBDesa"


class IndividualCaterer(enum.StrEnum):
    """The region's choice for individual caterers; sources disagree, so the treasurer must settle it."""

    UNDECIDED = "undecided"
    PPH21 = "PPH21"
    PPH23 = "PPH23"


@dataclass(frozen=True, slots=True)
class Period:
    """From a first day to a last one; no last day means open."""

    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the day lies in the period, both ends included."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class TaxProfile:
    """What the treasurer must know about the seller on the day of payment. Holds no tax number.

    Attributes:
        kind: Legal form.
        npwp: State of the tax number.
        pkp: Whether the seller charges PPN.
        umkm_certificate: Surat keterangan PP 55/2022 (before: PP 23/2018); none if it has none.
        statement_500_year: Tax year of the statement of turnover up to Rp500 million; none if none.
        skb: Exemption letter; none if none.
        skb_taxes: Taxes the letter names, for example `PPH22`; empty means every one.
        regime_start: When the seller entered the final regime; none if unknown.
        pbjt_registered: Whether the seller itself remits the regional food tax.
    """

    kind: EntityKind
    npwp: NpwpState = NpwpState.UNKNOWN
    pkp: bool = False
    umkm_certificate: Period | None = None
    statement_500_year: int | None = None
    skb: Period | None = None
    skb_taxes: frozenset[str] = frozenset()
    regime_start: date | None = None
    pbjt_registered: bool = False


@dataclass(frozen=True, slots=True)
class Payer:
    """How the buyer pays."""

    regime: Regime = Regime.BENDAHARA
    mechanism: Mechanism = Mechanism.LS
    funds: Funds = Funds.APBD
    individual_caterer: IndividualCaterer = IndividualCaterer.UNDECIDED


@dataclass(frozen=True, slots=True)
class TaxableLine:
    """One line to be paid, whole rupiah."""

    supply_type: SupplyType
    amount: int
    price_basis: PriceBasis = PriceBasis.NET


@dataclass(frozen=True, slots=True)
class EarlierTax:
    """What an earlier payment of the same order computed under one rule.

    Attributes:
        rule_id: The `rule_id` of its tax line.
        base: Net base.
        amount: Tax.
        gross: Amount including PPN, for lines of the kind PPN.
        paid_before: What the individual had been paid before it in its year, for lines under article 21.
    """

    rule_id: str
    base: int
    amount: int
    gross: int = 0
    paid_before: int = 0


@dataclass(frozen=True, slots=True)
class TaxRequest:
    """One payment.

    Attributes:
        lines: What is paid now.
        profile: The seller on the day of payment.
        payer: The buyer's way of paying.
        paid_on: Day of payment: decides withholding.
        invoice_on: Day of the tax invoice: decides PPN; none means the day of payment.
        package_net: Net of the whole package (same need, Surat Pesanan or event), this payment included; none means
            this payment is the package.
        earlier: What earlier payments of the order computed, one entry per payment, oldest first.
        last: Whether this is the last payment; it takes the rounding rest.
        individual_gross_this_year: Gross paid to an individual for services this year before this payment, over all
            orders; article 17 goes by the year.
    """

    lines: Sequence[TaxableLine]
    profile: TaxProfile
    payer: Payer
    paid_on: date
    invoice_on: date | None = None
    package_net: int | None = None
    earlier: Sequence[Sequence[EarlierTax]] = field(default=())
    last: bool = False
    individual_gross_this_year: int = 0
