"""What a person may do: the grants he holds in one region, asked at the moment of the act.

A token only says who. Grants arrive here already limited to those in force on the day (domain.md 1.2); a role over a
unit reaches the units below it, and a role over no unit reaches the whole region.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from bela_kit.core.actor import Actor

from order_service.application.errors import RoleMissing

VENDOR_ROLES = ("vendor_owner", "vendor_staff", "coop_manager")
GOVERNMENT_ROLES = (
    "requester",
    "pptk",
    "pp",
    "ppk",
    "commitment_signer",
    "pokja",
    "kpa",
    "pa",
    "bendahara",
    "ppk_skpd",
    "koperindag_officer",
    "koperindag_head",
    "lpse_admin",
    "auditor",
    "executive",
    "dprd_viewer",
    "province_admin",
)


@dataclass(frozen=True, slots=True)
class Held:
    """One grant in force."""

    grant_id: str
    role: str
    scope_id: str = ""
    letter_number: str = ""
    acting_for: str | None = None


@dataclass(frozen=True, slots=True)
class Authority:
    """A principal with the grants he holds in this region today."""

    principal: str
    held: tuple[Held, ...] = ()

    def find(self, roles: Collection[str], over: Collection[str] | None = None) -> Held | None:
        """Return the grant for one of the roles, in the sequence of `roles`, over one of the scopes or the region.

        Args:
            roles: Role keys, the preferred first.
            over: Ids of the unit and all units above it, or of the business; None asks for the role anywhere.
        """
        for role in roles:
            for held in self.held:
                if held.role == role and (over is None or not held.scope_id or held.scope_id in over):
                    return held
        return None

    def act(self, roles: Collection[str], over: Collection[str] | None = None) -> Actor:
        """Return the actor of an act that asks for one of the roles.

        Raises:
            RoleMissing: No such grant is held (ROLE_MISSING).
        """
        held = self.find(roles, over)
        if held is None:
            raise RoleMissing(roles)
        return actor_of(self.principal, held)

    def reads_everything(self) -> bool:
        """Return whether the person may read every order of the region: any government role."""
        return self.find(GOVERNMENT_ROLES) is not None


def actor_of(principal: str, held: Held) -> Actor:
    """Return the actor behind one grant."""
    return Actor(
        principal=principal, role=held.role, grant_id=held.grant_id, acting_for=held.acting_for, on_behalf_of=None
    )


def operator(principal: str) -> Actor:
    """Return the platform operator as an actor; the one power that a token itself carries."""
    return Actor(principal=principal, role="platform_operator", grant_id=None, acting_for=None, on_behalf_of=None)


def system(name: str = "svc:order") -> Actor:
    """Return the service itself, for what happens because a deadline passed."""
    return Actor(principal=name, role="system", grant_id=None, acting_for=None, on_behalf_of=None)


@dataclass(frozen=True, slots=True)
class GrantRecord:
    """A grant as this service, its owner, keeps it."""

    grant_id: str
    principal: str
    role: str
    scope_id: str
    valid_from: date
    valid_to: date | None
    letter_number: str
    acting_for: str | None
    revoked: bool
    version: int
