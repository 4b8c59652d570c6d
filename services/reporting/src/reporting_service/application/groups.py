"""From businesses to owner groups, which is what fairness counts (domain.md 2.4): three stalls of one owner are one."""

from collections.abc import Iterable
from dataclasses import dataclass

from reporting_service.application.ports import SellerRow


@dataclass(frozen=True, slots=True)
class Group:
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
    return [
        Group(
            owner_group_id=group,
            district_code=min(of_group, key=lambda row: (-row.value_idr, row.district_code)).district_code,
            active=any(row.active for row in of_group),
            value_idr=sum(row.value_idr for row in of_group),
            orders=sum(row.orders for row in of_group),
            businesses=len(of_group),
            newcomer=not any(row.sold_before for row in of_group),
        )
        for group, of_group in members.items()
    ]
