"""Enter and change the members of a koperasi or KUB."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bela_kit.core.ids import new_id

from vendor_service.application.ports import UnitOfWork
from vendor_service.domain.errors import VendorNotFound
from vendor_service.domain.identifiers import check_nik
from vendor_service.domain.identity.errors import MemberExists, MemberInvalid, NotAKoperasi
from vendor_service.domain.identity.members import WITH_MEMBERS, Member, SupplyKind, check_shares
from vendor_service.domain.vendor import Moment


@dataclass(frozen=True, slots=True)
class PutMember:
    """A member as entered; `member_id` to change one, none for a new one."""

    vendor_id: UUID
    name: str
    nik: str | None
    share: int
    supply: SupplyKind
    moment: Moment
    joined_on: date | None = None
    left_on: date | None = None
    business_id: UUID | None = None
    member_id: UUID | None = None


async def put_member(command: PutMember, *, uow: UnitOfWork) -> Member:
    """Store a member.

    Raises:
        NotAKoperasi: The business has no members.
        MemberInvalid: The NIK cannot be one, or all shares come to more than the whole.
        MemberExists: The person is a member already.
        MemberNotFound: The member to be changed is not there.
        VendorNotFound: The business of the koperasi or of the member is not there.
    """
    vendor = await uow.vendors.get(command.vendor_id)
    if vendor.profile.entity_kind not in WITH_MEMBERS:
        raise NotAKoperasi
    old = await uow.identity.member(vendor.vendor_id, command.member_id) if command.member_id else None
    nik = _checked_nik(command)
    if command.business_id is not None and not await uow.vendors.peek([command.business_id]):
        raise VendorNotFound
    if command.left_on is None:
        if nik is not None and await uow.identity.is_member(vendor.vendor_id, nik, but=command.member_id):
            raise MemberExists
        _, shares = await uow.identity.count_members(vendor.vendor_id)
        check_shares(shares - (old.share if old is not None and old.left_on is None else 0), command.share)
    member = Member(
        command.member_id or new_id(),
        vendor.vendor_id,
        command.name,
        nik,
        command.share,
        command.supply,
        joined_on=command.joined_on,
        left_on=command.left_on,
        business_id=command.business_id,
    )
    await uow.identity.save_member(member)
    return member


def _checked_nik(command: PutMember) -> str | None:
    if command.nik is None:
        return None
    checked = check_nik(command.nik, command.moment.today)
    if checked.value is None:
        raise MemberInvalid("nik", checked.reason or "NOT_A_NUMBER", "NIK tidak sah.")
    return checked.value
