"""Policy rules: legal thresholds as dated rows, and how one row is chosen (domain.md 4.5).

A rule is chosen by the day the Surat Pesanan is signed. A region's own row counts only where it is stricter.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from bela_kit.core.tenancy import TenantId

from order_service.domain.errors import PolicyMissing

PolicyValue = int | Fraction | str


class Direction(enum.StrEnum):
    """Which way is stricter."""

    MAX = "max"
    MIN = "min"
    NONE = "none"


class RuleStatus(enum.StrEnum):
    """Only published rows count, and they are never edited: a change is a new version."""

    DRAFT = "draft"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """One dated row.

    Attributes:
        code: What it rules, for example `form.nota.max`.
        direction: Which way is stricter.
        value: Whole rupiah or a count, an exact fraction, or a word.
        effective_from: First day.
        effective_to: First day on which it no longer holds; none means open.
        legal_basis: The legal source.
        dimension: What a query must say for the row to match, for example `kind=works`; empty matches all.
        tenant: The region whose row it is; none for a national row.
        priority: The higher wins among matching rows.
        version: The newer wins among rows with the same first day.
        status: Draft or published.
        tenant_may_set: For direction `none`: whether a region may set its own.
        parameters: Further facts of the rule, for example the share of a bond.
    """

    code: str
    direction: Direction
    value: PolicyValue
    effective_from: date
    effective_to: date | None = None
    legal_basis: str = ""
    dimension: Mapping[str, str] = field(default_factory=dict)
    tenant: TenantId | None = None
    priority: int = 0
    version: int = 1
    status: RuleStatus = RuleStatus.PUBLISHED
    tenant_may_set: bool = False
    parameters: Mapping[str, PolicyValue] = field(default_factory=dict)

    def holds(self, code: str, on: date, dimension: Mapping[str, str]) -> bool:
        """Whether the row is published, in force on the day, and matches."""
        return (
            self.code == code
            and self.status is RuleStatus.PUBLISHED
            and self.effective_from <= on
            and (self.effective_to is None or on < self.effective_to)
            and all(dimension.get(name) == value for name, value in self.dimension.items())
        )

    def stricter_than(self, national: "PolicyRule") -> bool:
        """Whether a region's row may stand in for the national one."""
        if national.direction is Direction.NONE:
            return national.tenant_may_set
        if isinstance(self.value, str) or isinstance(national.value, str):
            return False
        if national.direction is Direction.MAX:
            return self.value < national.value
        return self.value > national.value


def _best(rows: Iterable[PolicyRule]) -> PolicyRule | None:
    """The highest priority, then the newest; among equals the row that says more exactly what it is for."""
    return max(rows, key=lambda row: (row.priority, row.effective_from, row.version, len(row.dimension)), default=None)


def resolve(
    rules: Iterable[PolicyRule],
    code: str,
    on: date,
    *,
    dimension: Mapping[str, str] | None = None,
    tenant_rows: Iterable[PolicyRule] = (),
) -> PolicyRule | None:
    """Choose the row for a code on a day, or none if nothing is in force.

    Args:
        rules: National rows; rows of other codes are skipped.
        code: What is asked.
        on: The day, normally that of the signature.
        dimension: Facts to match, for example `{"kind": "works"}`.
        tenant_rows: The region's own rows; each counts only if it is stricter than the national one, or if there is
            no national row.
    """
    facts = dimension or {}
    national = _best(row for row in rules if row.tenant is None and row.holds(code, on, facts))
    own = [row for row in tenant_rows if row.holds(code, on, facts)]
    if national is not None:
        own = [row for row in own if row.stricter_than(national)]
    return _best(own) or national


@dataclass(frozen=True, slots=True)
class PolicyBook:
    """The rules that hold in one region: national rows and its own."""

    national: tuple[PolicyRule, ...]
    own: tuple[PolicyRule, ...] = ()

    def rule(self, code: str, on: date, **dimension: str) -> PolicyRule | None:
        """The row in force, or none."""
        return resolve(self.national, code, on, dimension=dimension, tenant_rows=self.own)

    def amount(self, code: str, on: date, **dimension: str) -> int | None:
        """The value of a row in whole rupiah or as a count, or none if no row is in force."""
        rule = self.rule(code, on, **dimension)
        if rule is None:
            return None
        if not isinstance(rule.value, int):
            raise PolicyMissing(f"Aturan {code} tidak berisi bilangan.")
        return rule.value

    def required_amount(self, code: str, on: date, **dimension: str) -> int:
        """The value of a row that must be in force; PolicyMissing otherwise."""
        amount = self.amount(code, on, **dimension)
        if amount is None:
            raise PolicyMissing(f"Aturan {code} tidak berlaku pada {on.isoformat()}.")
        return amount

    def share(self, code: str, on: date, default: Fraction) -> Fraction:
        """The value of a row as an exact fraction."""
        rule = self.rule(code, on)
        return default if rule is None or isinstance(rule.value, str) else Fraction(rule.value)

    def word(self, code: str, on: date, **dimension: str) -> str | None:
        """The value of a row that is a word, or none."""
        rule = self.rule(code, on, **dimension)
        return None if rule is None else str(rule.value)
