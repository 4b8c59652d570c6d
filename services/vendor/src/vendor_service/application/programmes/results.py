"""Record what businesses took home from a programme."""

from collections.abc import Sequence
from uuid import UUID

from vendor_service.application.ports import UnitOfWork
from vendor_service.domain.programmes.participation import Mark
from vendor_service.domain.programmes.result import Result
from vendor_service.domain.vendor import Moment


async def record_results(
    programme_id: UUID, results: Sequence[Result], moment: Moment, *, uow: UnitOfWork
) -> list[Mark]:
    """Store the results of those who attended a session; the last result of a business counts."""
    programme = await uow.programmes.get(programme_id, lock=True)
    attended = await uow.programmes.attended_any(programme_id, [one.vendor_id for one in results])
    taken = [one.cleaned() for one in results if one.vendor_id in attended]
    await uow.programmes.put_results(programme.programme_id, taken, moment)
    return [
        Mark(one.vendor_id, "recorded") if one.vendor_id in attended else Mark(one.vendor_id, "refused", "NOT_ATTENDED")
        for one in results
    ]
