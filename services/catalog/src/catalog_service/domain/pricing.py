"""Price rules of one profile: half the median sends an offer to moderation, and what PPN is inside a price."""

from collections.abc import Sequence

from catalog_service.domain.reference import WITHOUT_PPN, SupplyType

MAX_PRICE_IDR = 10**12


def median_times_two(prices_idr: Sequence[int]) -> int:
    """Return twice the median, so that the mean of two odd prices stays a whole number."""
    ordered = sorted(prices_idr)
    middle = len(ordered) // 2
    return 2 * ordered[middle] if len(ordered) % 2 else ordered[middle - 1] + ordered[middle]


def below_half_the_median(price_idr: int, others_idr: Sequence[int]) -> bool:
    """Say whether a price is below half the median of the profile's offers, itself among them (domain.md 10.1).

    Without another offer there is nothing to compare, and the answer is no.
    """
    if not others_idr:
        return False
    return 4 * price_idr < median_times_two([*others_idr, price_idr])


def ppn_inside(supply_type: SupplyType, *, pkp: bool) -> bool:
    """Say whether the price a buyer pays holds PPN: the seller must be a PKP and the supply taxable."""
    return pkp and supply_type not in WITHOUT_PPN
