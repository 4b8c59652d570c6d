"""The region's own policy rows; national rows are in the code, with their legal sources."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId
from sqlalchemy.ext.asyncio import AsyncConnection

from order_service.adapters.tables import policy_rules
from order_service.domain.rules import Direction, PolicyBook, PolicyRule, RuleStatus, national_rules
from order_service.domain.rules.policy_rule import PolicyValue


class SqlPolicyRules:
    """`PolicyRules` on the table `policy_rules`."""

    def __init__(self, connection: AsyncConnection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def add(self, rules: Sequence[PolicyRule]) -> None:
        """Store rows."""
        rows = [
            {"tenant_id": self._tenant, "rule_id": str(new_id()), "code": rule.code, "body": rule_document(rule)}
            for rule in rules
        ]
        if rows:
            await self._connection.execute(sa.insert(policy_rules).values(rows))

    async def book(self) -> PolicyBook:
        """Return the rules that hold in the region."""
        query = sa.select(policy_rules.c.body).where(policy_rules.c.tenant_id == self._tenant)
        return policy_book(self._tenant, (await self._connection.execute(query)).scalars().all())


_NATIONAL = national_rules()


def policy_book(tenant: TenantId, own: Sequence[Any]) -> PolicyBook:
    """Return the national rules and the rows of a region's own."""
    return PolicyBook(_NATIONAL, tuple(rule_of(tenant, body) for body in own))


def rule_document(rule: PolicyRule) -> dict[str, Any]:
    """Return a row as a document; fractions as numerator and denominator."""
    return {
        "code": rule.code,
        "direction": rule.direction.value,
        "value": _plain(rule.value),
        "effective_from": rule.effective_from.isoformat(),
        "effective_to": rule.effective_to.isoformat() if rule.effective_to else None,
        "legal_basis": rule.legal_basis,
        "dimension": dict(rule.dimension),
        "priority": rule.priority,
        "version": rule.version,
        "status": rule.status.value,
        "tenant_may_set": rule.tenant_may_set,
        "parameters": {name: _plain(value) for name, value in rule.parameters.items()},
    }


def rule_of(tenant: TenantId, body: dict[str, Any]) -> PolicyRule:
    """Return the row that a document holds."""
    return PolicyRule(
        code=body["code"],
        direction=Direction(body["direction"]),
        value=_value(body["value"]),
        effective_from=date.fromisoformat(body["effective_from"]),
        effective_to=date.fromisoformat(body["effective_to"]) if body["effective_to"] else None,
        legal_basis=body["legal_basis"],
        dimension=body["dimension"],
        tenant=tenant,
        priority=body["priority"],
        version=body["version"],
        status=RuleStatus(body["status"]),
        tenant_may_set=body["tenant_may_set"],
        parameters={name: _value(value) for name, value in body["parameters"].items()},
    )


def _plain(value: PolicyValue) -> int | str | list[int]:
    return [value.numerator, value.denominator] if isinstance(value, Fraction) else value


def _value(value: int | str | list[int]) -> PolicyValue:
    return Fraction(value[0], value[1]) if isinstance(value, list) else value
