"""The dated legal rules that hold in a region; a public fact, with the source of each."""

from datetime import date
from fractions import Fraction
from typing import Any

from bela_kit.rest import PublicContext, documented
from fastapi import APIRouter
from starlette.responses import Response

from order_service.application.ports import UnitOfWork
from order_service.domain.rules import PolicyRule
from order_service.entrypoints.rest.edge import Answer, Services, look
from order_service.entrypoints.rest.examples import POLICY_RULES
from order_service.entrypoints.rest.regions import REGION
from order_service.entrypoints.rest.schemas.need_answers import PolicyRulesView


def router(services: Services) -> APIRouter:
    """Return the operation that lists policy rules."""
    routes = APIRouter(tags=["policy"])

    @routes.get(f"{REGION}/policy_rules", response_model=PolicyRulesView, **documented(example=POLICY_RULES))
    async def list_policy_rules(ctx: PublicContext, on: date | None = None) -> Response:
        """List the rules in force on a day (today if none is named), national and regional."""
        day = on or ctx.today

        async def work(uow: UnitOfWork) -> Answer:
            book = await uow.policy.book()
            rules = [rule for rule in (*book.national, *book.own) if rule.holds(rule.code, day, rule.dimension)]
            return 200, {"policy_rules": [_view(rule) for rule in rules]}, None

        return await look(services, ctx, work)

    return routes


def _view(rule: PolicyRule) -> dict[str, Any]:
    value = rule.value
    return {
        "code": rule.code,
        "direction": rule.direction.value,
        "value": f"{value.numerator}/{value.denominator}" if isinstance(value, Fraction) else value,
        "effective_from": rule.effective_from.isoformat(),
        "effective_to": rule.effective_to.isoformat() if rule.effective_to else None,
        "legal_basis": rule.legal_basis,
        "dimension": dict(rule.dimension),
        "region": rule.tenant,
    }
