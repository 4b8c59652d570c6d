"""Tax rates with their dates and legal sources (domain.md 5.1). Rates are integer fractions."""

from dataclasses import dataclass
from datetime import date

from order_service.domain.money import Rate

PPN_11_FROM = date(2022, 4, 1)
PPN_12_FROM = date(2025, 1, 1)
MARKETPLACE_FROM = date(2022, 5, 1)
PP_23_2018_FROM = date(2018, 7, 1)
STATEMENT_500_FROM_YEAR = 2022
PP_20_2026_FROM = date(2026, 4, 22)
SMALL_PAYMENT = 2_000_000

PPH22 = Rate(15, 1000)
PPH23 = Rate(2, 100)
FINAL_UMKM = Rate(5, 1000)
MARKETPLACE_PPH22 = Rate(5, 1000)
PPH21_BASE = Rate(50, 100)

# UU PPh article 17, yearly layers of taxable income of a person: upper bound (none = open) and rate.
ARTICLE_17: tuple[tuple[int | None, Rate], ...] = (
    (60_000_000, Rate(5, 100)),
    (250_000_000, Rate(15, 100)),
    (500_000_000, Rate(25, 100)),
    (5_000_000_000, Rate(30, 100)),
    (None, Rate(35, 100)),
)


@dataclass(frozen=True, slots=True)
class PpnRate:
    """The effective PPN rate on a day."""

    rate: Rate
    legal_basis: str


def ppn_rate(invoice_on: date) -> PpnRate:
    """PPN by the date of the tax invoice; from 2025 12 % of 11/12 of the price of non-luxury goods, that is 11/100."""
    if invoice_on < PPN_11_FROM:
        return PpnRate(Rate(10, 100), "UU PPN pasal 7, tarif 10%")
    if invoice_on < PPN_12_FROM:
        return PpnRate(Rate(11, 100), "UU HPP 7/2021, tarif 11%")
    return PpnRate(Rate(12 * 11, 1200), "PMK 131/2024, 12% x 11/12")
