"""The buying side: a new unit with its budget, a need, the four acts of the short path, and the long path."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bela_local.demo.api import Api, Json

MEETING_FOOD = "5.1.02.01.01.0052"
FIELD_FOOD = "5.1.02.01.01.0058"
SUB_ACTIVITY = "7.01.01.2.06.0009"


@dataclass(frozen=True, slots=True)
class Office:
    """A budget holder of one region, with one budget line."""

    api: Api
    region: str
    unit_id: str
    name: str
    budget_line_id: str
    district_code: str

    @property
    def path(self) -> str:
        """The region's address at the order service."""
        return f"/order/v1/regions/{self.region}"

    def who(self, role: str) -> str:
        """Return the persona of a role in this region."""
        return f"{role}.{self.region}"

    def need(self, profile: str, quantity: int, needed_at: datetime, **more: Any) -> Json:
        """State a need."""
        body = {
            "unit_id": self.unit_id,
            "title": more.pop("title", f"Konsumsi rapat {self.name}"),
            "profile_code": profile,
            "quantity": quantity,
            "needed_at": needed_at.isoformat(),
            "district_code": more.pop("district_code", self.district_code),
            "budget_line_ids": [self.budget_line_id],
            "meeting_kind": more.pop("meeting_kind", "with_guests"),
            "participants": more.pop("participants", quantity),
            "duration_minutes": 150,
            **more,
        }
        return self.api.post(f"{self.path}/needs", self.who("pptk"), body)

    def suggest(self, need: Json) -> Json:
        """Ask for sellers."""
        return self.api.post(f"{self.path}/needs/{need['need_id']}:suggest", self.who("pp"))

    def buy(self, need: Json, offer: Json, quantity: int, **more: Any) -> Json:
        """Order and sign a small purchase: the first of four acts."""
        body = {
            "need_id": need["need_id"],
            "vendor_id": offer["vendor_id"],
            "lines": [{"product_id": offer["product_id"], "quantity": quantity}],
            **more,
        }
        return self.api.post(f"{self.path}/orders:buy", self.who("ppk"), body)

    def act(self, order: Json, verb: str, who: str, body: Json | None = None) -> Json:
        """Do one act on an order."""
        return self.api.post(f"{self.path}/orders/{order['order_id']}:{verb}", who, body)

    def finish(self, order: Json, seller: str, *, good: int | None = None, wrong: int = 0) -> Json:
        """Play the other three acts of the short path: accept, receive, pay."""
        self.act(order, "accept", seller)
        lines = [] if good is None else [{"line_number": 1, "good": good, "wrong": wrong}]
        self.act(order, "receive", self.who("pptk"), {"lines": lines})
        self.act(order, "acknowledge", seller)
        return self.act(order, "pay", self.who("bendahara"), {"reference": "UP-001", "mechanism": "UP"})

    def line(self) -> Json:
        """Return the budget line with its buckets."""
        return self.api.get(f"{self.path}/budget_lines/{self.budget_line_id}", self.who("pptk"))


def open_office(
    api: Api, region: str, name: str, *, year: int, ceiling: int, district: str = "", account: str = MEETING_FOOD
) -> Office:
    """Create a budget holder with one budget line; its name is new every time, so that its counts begin at nothing."""
    path, admin = f"/order/v1/regions/{region}", f"lpse_admin.{region}"
    unit = api.post(f"{path}/units", admin, {"name": name, "budget_holder": True, "district_code": district})
    line = {
        "unit_id": unit["unit_id"],
        "fiscal_year": year,
        "sub_activity_code": SUB_ACTIVITY,
        "account_code": account,
        "title": "Belanja makanan dan minuman",
        "ceiling_idr": ceiling,
    }
    made = api.post(f"{path}/budget_lines", admin, {"budget_lines": [line]})["budget_lines"][0]
    return Office(api, region, unit["unit_id"], name, made["budget_line_id"], district)


def days(count: float) -> timedelta:
    """Return so many days."""
    return timedelta(days=count)
