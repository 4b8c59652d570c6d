"""Taxes of a payment: say the facts (`TaxRequest`), get every tax (`compute_taxes`)."""

from order_service.domain.tax.engine import compute_taxes
from order_service.domain.tax.facts import (
    EarlierTax,
    EntityKind,
    Funds,
    IndividualCaterer,
    Mechanism,
    NpwpState,
    Payer,
    Period,
    PriceBasis,
    Regime,
    SupplyType,
    TaxableLine,
    TaxProfile,
    TaxRequest,
)
from order_service.domain.tax.late_fee import late_fee
from order_service.domain.tax.result import Collector, OpenPoint, TaxKind, TaxLine, TaxResult
from order_service.domain.tax.value_added import package_net
from order_service.domain.tax.withholding import may_bear_article_21

__all__ = [
    "Collector",
    "EarlierTax",
    "EntityKind",
    "Funds",
    "IndividualCaterer",
    "Mechanism",
    "NpwpState",
    "OpenPoint",
    "Payer",
    "Period",
    "PriceBasis",
    "Regime",
    "SupplyType",
    "TaxKind",
    "TaxLine",
    "TaxProfile",
    "TaxRequest",
    "TaxResult",
    "TaxableLine",
    "compute_taxes",
    "late_fee",
    "may_bear_article_21",
    "package_net",
]
