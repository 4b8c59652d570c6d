"""Query parameters that several reports share, with their limits."""

from datetime import date
from typing import Annotated

from bela_kit.core.clock import Clock
from bela_kit.core.pages import PageRequest
from bela_kit.pagination import BadPageToken, decode_token
from bela_kit.rest import RequestContext
from fastapi import Query

from reporting_service.application.stamp import Asker

_CODE = r"^[A-Za-z0-9._-]{1,64}$"

Year = Annotated[int | None, Query(ge=2000, le=2100, description="Fiscal year; the current one by default.")]
Unit = Annotated[str | None, Query(pattern=_CODE, description="Budget holder.")]
Category = Annotated[str | None, Query(pattern=_CODE, description="Level-2 category, e.g. `food.snack_box`.")]
District = Annotated[str | None, Query(pattern=r"^\d{6}$", description="Kecamatan of the seller, six digits.")]
Vendor = Annotated[str | None, Query(pattern=_CODE, description="The seller.")]
State = Annotated[str | None, Query(pattern=r"^[a-z_]{1,32}$", description="State of the order, e.g. `paid`.")]
Size = Annotated[int, Query(ge=1, le=500, alias="page_size")]
Token = Annotated[str | None, Query(max_length=2048, alias="page_token")]


def asker(ctx: RequestContext, clock: Clock) -> Asker:
    """Return for whom a report is made."""
    demo = clock.settings(ctx.tenant).demo
    return Asker(tenant=ctx.tenant, today=ctx.today, demo=demo, member=ctx.is_member)


def after_day_and_id(page: PageRequest) -> tuple[date, str] | None:
    """Return behind which signature day and order a page begins."""
    if page.token is None:
        return None
    keys = decode_token(page.token, "day", "id")
    try:
        return date.fromisoformat(str(keys["day"])), str(keys["id"])
    except ValueError:
        raise BadPageToken from None


def after_text(token: str | None) -> str:
    """Return behind which id a page begins, empty for the first."""
    return str(decode_token(token, "id")["id"]) if token is not None else ""


def after_position(token: str | None) -> int:
    """Return behind which position of the feed a page begins."""
    if token is None:
        return 0
    value = decode_token(token, "position")["position"]
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise BadPageToken
    return value
