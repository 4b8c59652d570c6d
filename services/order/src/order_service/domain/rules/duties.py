"""Separation of duties on one order (domain.md 1.2), checked at the moment of each act.

`commitment_signer` is a duty, not an account: PPK, KPA acting as PPK, or PPTK acting as PPK by a letter, the latter
held as a grant of the role `commitment_signer`.
"""

from collections.abc import Collection

from bela_kit.core.actor import Actor

from order_service.domain.errors import ConflictOfInterest, DutiesNotSeparated, NeedSelfApproval, RoleNotAllowed

SIGNER_ROLES = frozenset({"ppk", "kpa", "commitment_signer"})
MAKER_ROLES = frozenset({"pp", "pptk"}) | SIGNER_ROLES
NEED_ROLES = frozenset({"requester", "pptk"}) | SIGNER_ROLES | {"pp"}
RECEIVER_ROLES = frozenset({"requester", "pptk", "pp"}) | SIGNER_ROLES
VENDOR_ROLES = frozenset({"vendor_owner", "vendor_staff", "coop_manager"})
ESCALATION_ROLES = frozenset({"kpa", "pa"})
TREASURER = "bendahara"
FINANCE_ROLES = frozenset({TREASURER, "ppk_skpd"})
SYSTEM = "system"


def require_role(actor: Actor, *allowed: Collection[str]) -> None:
    """Refuse an actor whose role is in none of the sets."""
    if not any(actor.role in roles for roles in allowed):
        raise RoleNotAllowed


def check_signer(
    signer: Actor,
    *,
    chosen_by: Actor,
    value: int,
    pp_max: int,
    roles_held: Collection[str] = (),
) -> None:
    """Refuse a signer who may not sign this order.

    Args:
        signer: Who signs, with the role the signature rests on.
        chosen_by: Who chose the seller and submitted.
        value: Contract value.
        pp_max: Limit of the procurement officer; above it, or where no PP is involved, the signer may run the
            whole order himself.
        roles_held: Other roles the signer holds in this unit now.
    """
    require_role(signer, SIGNER_ROLES)
    if FINANCE_ROLES.intersection(roles_held):
        raise DutiesNotSeparated("Penanda tangan tidak boleh bendahara atau PPK-SKPD.")
    same_person = signer.principal == chosen_by.principal
    if same_person and value <= pp_max and chosen_by.role not in SIGNER_ROLES:
        raise DutiesNotSeparated("Penanda tangan tidak boleh orang yang memilih penyedia.")


def check_need_approval(
    signer: Actor, *, need_created_by: str, need_approved_by: str | None, value: int, nota_max: int
) -> bool:
    """Refuse a signature on one's own need above the limit of a nota, unless KPA or PA approved the need.

    Returns:
        True if the signer signs his own need within the limit: allowed, and counted for the auditor.
    """
    if signer.principal != need_created_by:
        return False
    if value <= nota_max:
        return True
    if need_approved_by is None or need_approved_by == need_created_by:
        raise NeedSelfApproval
    return False


def check_treasurer(treasurer: Actor, *, signer: str | None) -> None:
    """Refuse a payment by anyone but a treasurer who did not sign the order."""
    require_role(treasurer, {TREASURER})
    if signer is not None and treasurer.principal == signer:
        raise DutiesNotSeparated("Bendahara tidak boleh penanda tangan pesanan yang sama.")


def check_not_both_sides(actor: Actor, vendor_principals: Collection[str]) -> None:
    """Refuse an officer of the buyer who is also a user of the seller."""
    if actor.principal in vendor_principals:
        raise ConflictOfInterest("Pejabat tidak boleh juga menjadi pengguna penyedia.")
