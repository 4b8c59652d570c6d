"""Derive every class anew when a fiscal year begins: by then turnover counts where capital did (domain.md 2.1)."""

from datetime import date
from uuid import UUID

from bela_kit.core.actor import Actor
from bela_kit.core.clock import Clock
from bela_kit.core.tenancy import TenantId

from vendor_service.application.ports import Transactions, UnitOfWork
from vendor_service.domain.vendor import Moment

DERIVE = "derive_classes"
_ALL = "all"
_AT_ONCE = 500


async def derive_yearly(moment: Moment, *, uow: UnitOfWork) -> None:
    """Make sure that classes are derived anew when the next year begins."""
    begins = date(moment.today.year + 1, 1, 1)
    await uow.jobs.ensure(DERIVE, _ALL, moment.now + (begins - moment.today))


async def derive_classes(tenant: TenantId, *, transactions: Transactions, clock: Clock) -> None:
    """Derive the classes of a region's businesses anew; only those that change are stored and told."""
    moment = Moment(Actor("svc:vendor", "system"), clock.now(tenant), clock.today(tenant))
    after: UUID | None = None
    while True:
        async with transactions(tenant) as uow:
            ids = await uow.identity.with_figures(after, _AT_ONCE)
            vendors = (await uow.vendors.many(ids)).values()
            await uow.vendors.save([vendor for vendor in vendors if vendor.rederive_class(moment)])
            if len(ids) < _AT_ONCE:
                await derive_yearly(moment, uow=uow)
                return
        after = ids[-1]
