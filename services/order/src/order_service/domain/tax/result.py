"""What the tax engine answers: every tax with its collector and law, what the seller gets, what is still open."""

import enum
from dataclasses import dataclass

from order_service.domain.money import Rate


class TaxKind(enum.StrEnum):
    """Kinds of tax as they appear on papers and events."""

    PPN = "PPN"
    PPH22 = "PPH22"
    PPH23 = "PPH23"
    PPH21 = "PPH21"
    PPH_FINAL_UMKM = "PPH_FINAL_UMKM"


class Collector(enum.StrEnum):
    """Who remits the tax."""

    TREASURER = "TREASURER"
    VENDOR = "VENDOR"
    MARKETPLACE = "MARKETPLACE"


class OpenPoint(enum.StrEnum):
    """What a person must settle before or after the payment."""

    NPWP_UNKNOWN = "NPWP_UNKNOWN"
    INDIVIDUAL_CATERER = "INDIVIDUAL_CATERER"
    REGIME_REVIEW = "REGIME_REVIEW"


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One tax of one payment, whole rupiah.

    Attributes:
        kind: Which tax.
        base: Net base.
        amount: The tax.
        collector: Who remits it.
        legal_basis: The legal source.
        rate: Effective rate on the base.
        rule_id: Names rule and rate; payments under one rule share their rounding.
        gross: Base and tax together for PPN; the base for the others.
        paid_before: What the individual had been paid before this year, for article 21; its layers begin there.
    """

    kind: TaxKind
    base: int
    amount: int
    collector: Collector
    legal_basis: str
    rate: Rate
    rule_id: str
    gross: int = 0
    paid_before: int = 0

    @property
    def withheld(self) -> bool:
        """Whether the treasurer keeps something back from the seller for it."""
        return self.collector is Collector.TREASURER and self.amount > 0


@dataclass(frozen=True, slots=True)
class TaxResult:
    """The taxes of one payment.

    Attributes:
        net: Value without PPN.
        ppn: PPN, whoever remits it.
        gross: Net and PPN.
        taxes: Every tax with its base, PPN first; an amount may be 0 by rounding, its base still counts for the rest.
        payable: What the seller receives.
        documents: Papers needed before the payment is closed.
        open_points: What a person must settle.
        payable_without_npwp: The other amount while the tax number is unknown; none otherwise.
        trace: Rules applied, in order, for the record.
    """

    net: int
    ppn: int
    gross: int
    taxes: tuple[TaxLine, ...]
    payable: int
    documents: tuple[str, ...] = ()
    open_points: tuple[OpenPoint, ...] = ()
    payable_without_npwp: int | None = None
    trace: tuple[str, ...] = ()

    @property
    def withheld(self) -> int:
        """What the treasurer keeps back in all, PPN included."""
        return sum(tax.amount for tax in self.taxes if tax.withheld)

    @property
    def income_tax(self) -> int:
        """The income tax kept back."""
        return sum(tax.amount for tax in self.taxes if tax.withheld and tax.kind is not TaxKind.PPN)

    @property
    def must_wait(self) -> bool:
        """Whether payment waits for the treasurer's check of the tax number."""
        return OpenPoint.NPWP_UNKNOWN in self.open_points
