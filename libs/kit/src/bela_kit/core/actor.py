"""Who did something, as it is written into the record of the act."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """The principal, the role and grant the act rests on, and for whom it was done.

    Attributes:
        principal: The subject of the token, or `svc:<name>` when a service acts on a deadline.
        role: Key of the role the act was done under.
        grant_id: The grant the act rests on; none for a service.
        acting_for: The principal stood in for.
        on_behalf_of: The business for which somebody acted with recorded consent.
    """

    principal: str
    role: str
    grant_id: str | None = None
    acting_for: str | None = None
    on_behalf_of: str | None = None
