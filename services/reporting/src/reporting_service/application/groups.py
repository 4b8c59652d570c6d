"""From businesses to owner groups, which is what fairness counts (domain.md 2.4): three stalls of one owner are one."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from reporting_service.application.ports import SellerRow


class Group(NamedTuple):
    """One owner group in a slice.

    Attributes:
        district_code: Where its best-selling business is; the first code of those that sold alike.
        businesses: How many of its businesses are active or sold.
        newcomer: None of its businesses sold in an earlier year.
    """

    owner_group_id: str
    district_code: str
    active: bool
    value_idr: int
    orders: int
    businesses: int
    newcomer: bool


def grouped(rows: Iterable[SellerRow]) -> list[Group]:
    """Return the owner groups of businesses."""
    members: dict[str, list[SellerRow]] = {}
    for row in rows:
        members.setdefault(row.owner_group_id, []).append(row)
    return [_alone(of_group[0]) if len(of_group) == 1 else _together(of_group) for of_group in members.values()]


def _alone(row: SellerRow) -> Group:
    """Nearly every group is one business, and there may be thousands."""
    return Group(row.owner_group_id, row.district_code, row.active, row.value_idr, row.orders, 1, not row.sold_before)


def _together(rows: Sequence[SellerRow]) -> Group:
    return Group(
        owner_group_id=rows[0].owner_group_id,
        district_code=min(rows, key=lambda row: (-row.value_idr, row.district_code)).district_code,
        active=any(row.active for row in rows),
        value_idr=sum(row.value_idr for row in rows),
        orders=sum(row.orders for row in rows),
        businesses=len(rows),
        newcomer=not any(row.sold_before for row in rows),
    )
