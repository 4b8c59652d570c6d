"""Facts about regions, grants, units and budget lines, as messages for the other services."""

from datetime import UTC, date, datetime

from bela.common.v1 import actor_pb2, authority_pb2
from bela.order.events.v1 import order_events_pb2 as pb
from bela_kit.core.actor import Actor
from bela_kit.core.events import OutgoingEvent
from bela_kit.core.ids import new_id
from bela_kit.core.tenancy import TenantId
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.type import date_pb2, money_pb2  # type: ignore[import-untyped]

from order_service.application.facts import (
    BudgetLineChanged,
    Fact,
    GrantChanged,
    RegionSettingsChanged,
    UnitChanged,
)


def timestamp(instant: datetime) -> Timestamp:
    """Return an instant as a message."""
    stamp = Timestamp()
    stamp.FromDatetime(instant.astimezone(UTC))
    return stamp


def rupiah(amount: int) -> money_pb2.Money:
    """Return whole rupiah as a message."""
    return money_pb2.Money(currency_code="IDR", units=amount)


def day(value: date | None) -> date_pb2.Date | None:
    """Return a day as a message."""
    return None if value is None else date_pb2.Date(year=value.year, month=value.month, day=value.day)


def transition(actor: Actor, at: datetime, reason: str) -> pb.Transition:
    """Return who did it, when and why as a message."""
    return pb.Transition(
        actor=actor_pb2.Actor(
            principal=actor.principal,
            role=actor.role,
            grant_id=actor.grant_id or "",
            acting_for=actor.acting_for or "",
            on_behalf_of=actor.on_behalf_of or "",
        ),
        occurred_at=timestamp(at),
        reason=reason,
    )


def outgoing(
    tenant: TenantId, aggregate: tuple[str, str, int], name: str, message: Message, at: datetime
) -> OutgoingEvent:
    """Return a message with its envelope; `aggregate` is its type, id and version."""
    kind, aggregate_id, version = aggregate
    return OutgoingEvent(
        event_id=new_id(),
        tenant=tenant,
        aggregate_type=kind,
        aggregate_id=aggregate_id,
        aggregate_version=version,
        event_name=name,
        type=message.DESCRIPTOR.full_name,
        payload=message.SerializeToString(deterministic=True),
        occurred_at=at,
    )


def fact_event(tenant: TenantId, fact: Fact) -> OutgoingEvent:
    """Return the event that tells a fact."""
    if isinstance(fact, GrantChanged):
        aggregate = ("grant", fact.grant.grant_id, fact.grant.version)
        return outgoing(tenant, aggregate, "grant_changed", _grant_changed(tenant, fact), fact.at)
    if isinstance(fact, RegionSettingsChanged):
        aggregate = ("region", str(tenant), fact.settings.version)
        return outgoing(tenant, aggregate, "tenant_settings_changed", _settings_changed(fact), fact.at)
    if isinstance(fact, UnitChanged):
        aggregate = ("unit", fact.unit.unit_id, fact.unit.version)
        return outgoing(tenant, aggregate, "unit_changed", unit_changed(tenant, fact), fact.at)
    aggregate = ("budget_line", fact.line.budget_line_id, fact.line.version)
    return outgoing(tenant, aggregate, "budget_line_changed", budget_line_changed(tenant, fact), fact.at)


def _grant_changed(tenant: TenantId, fact: GrantChanged) -> authority_pb2.GrantChanged:
    grant = fact.grant
    return authority_pb2.GrantChanged(
        grant=authority_pb2.Grant(
            grant_id=grant.grant_id,
            tenant=tenant,
            principal=grant.principal,
            role=grant.role,
            scope_id=grant.scope_id,
            valid_from=day(grant.valid_from),
            valid_to=day(grant.valid_to),
            letter_number=grant.letter_number,
            acting_for=grant.acting_for or "",
            revoked=grant.revoked,
            version=grant.version,
        ),
        occurred_at=timestamp(fact.at),
    )


def _settings_changed(fact: RegionSettingsChanged) -> authority_pb2.TenantSettingsChanged:
    settings = fact.settings
    return authority_pb2.TenantSettingsChanged(
        settings=authority_pb2.TenantSettings(
            tenant=settings.tenant,
            name=settings.name,
            kind=settings.kind,
            zone=settings.zone,
            work_week_days=settings.work_week_days,
            demo=settings.demo,
            clock_offset_seconds=settings.clock_offset_seconds,
            version=settings.version,
        ),
        occurred_at=timestamp(fact.at),
    )


def unit_changed(tenant: TenantId, fact: UnitChanged) -> pb.UnitChanged:
    """Return the message about a unit."""
    unit = fact.unit
    return pb.UnitChanged(
        unit=pb.Unit(
            unit_id=unit.unit_id,
            region=tenant,
            version=unit.version,
            display_name=unit.name,
            parent_unit_id=unit.parent_unit_id or "",
            budget_holder=unit.budget_holder,
            district_code=unit.district_code,
        ),
        transition=transition(fact.actor, fact.at, ""),
    )


def budget_line_changed(tenant: TenantId, fact: BudgetLineChanged) -> pb.BudgetLineChanged:
    """Return the message about a budget line."""
    line = fact.line
    return pb.BudgetLineChanged(
        budget_line=pb.BudgetLine(
            budget_line_id=line.budget_line_id,
            region=tenant,
            version=line.version,
            fiscal_year=line.fiscal_year,
            unit_id=line.unit_id,
            sub_activity_code=line.sub_activity_code,
            account_code=line.account_code,
            title=line.title,
            fund_source=line.fund_source,
            ceiling=rupiah(line.ceiling),
            blocked=rupiah(line.blocked),
        ),
        transition=transition(fact.actor, fact.at, fact.reason),
    )
