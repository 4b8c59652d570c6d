"""The routers of the service, in the sequence in which the OpenAPI document shows them."""

from fastapi import APIRouter

from order_service.entrypoints.rest import (
    budget_lines,
    needs,
    order_verbs,
    orders,
    placing,
    policy_rules,
    regions,
    units,
)
from order_service.entrypoints.rest.edge import Services


def routers(services: Services) -> list[APIRouter]:
    """Return every router."""
    modules = (regions, units, budget_lines, needs, orders, placing, order_verbs, policy_rules)
    return [module.router(services) for module in modules]
