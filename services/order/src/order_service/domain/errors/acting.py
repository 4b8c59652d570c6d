"""Refusals about who acts, and when an order does not allow an act."""

from order_service.domain.errors.base import Kind, Refusal


class RoleNotAllowed(Refusal):
    """The act needs another role."""

    kind = Kind.FORBIDDEN
    reason = "ROLE_NOT_ALLOWED"
    sentence = "Peran Anda tidak berwenang melakukan tindakan ini."


class DutiesNotSeparated(Refusal):
    """One person would hold two duties on one order that must be apart."""

    kind = Kind.FORBIDDEN
    reason = "DUTIES_NOT_SEPARATED"
    sentence = "Tugas ini harus dipegang orang yang berbeda pada satu pesanan."


class NeedSelfApproval(Refusal):
    """The creator of a need may not approve it above the limit of a nota."""

    kind = Kind.FORBIDDEN
    reason = "NEED_SELF_APPROVAL"
    sentence = "Pembuat kebutuhan tidak dapat menyetujui kebutuhannya sendiri di atas batas nota."


class OrderNotAllowedNow(Refusal):
    """The order's state does not allow the act."""

    kind = Kind.STATE
    reason = "ORDER_STATE"
    sentence = "Tindakan ini tidak dapat dilakukan pada status pesanan sekarang."


class OrderFinal(Refusal):
    """The order has ended; nothing changes it any more."""

    kind = Kind.STATE
    reason = "ORDER_FINAL"
    sentence = "Pesanan sudah berakhir."


class ReasonRequired(Refusal):
    """The act needs a reason in words."""

    kind = Kind.INVALID
    reason = "REASON_REQUIRED"
    sentence = "Tuliskan alasannya."


class AlreadyReissued(Refusal):
    """An order may be issued again only once."""

    kind = Kind.STATE
    reason = "ALREADY_REISSUED"
    sentence = "Pesanan ini sudah pernah diterbitkan ulang."


class DeadlineNotReached(Refusal):
    """A deadline is claimed to have passed, but it has not."""

    kind = Kind.STATE
    reason = "DEADLINE_NOT_REACHED"
    sentence = "Batas waktu belum lewat."


class DeadlinePassed(Refusal):
    """The act came after its last moment."""

    kind = Kind.STATE
    reason = "DEADLINE_PASSED"
    sentence = "Batas waktu tindakan ini sudah lewat."
