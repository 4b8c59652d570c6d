"""What our states and events are called in the closed codelists of OCDS 1.1."""

from reporting_service.facts.order import OrderFacts

OCID_PREFIX = "ocds-bela00"
"""A visible stand-in: the Open Contracting Partnership assigns a prefix to each publisher, and none is assigned yet."""

_IMPLEMENTING = frozenset({"in_progress", "partly_delivered", "delivered", "inspected", "handed_over", "paid"})
_ENDED_UNFULFILLED = frozenset({"refused", "expired", "cancelled"})
_ENDED = frozenset({"stopped", "terminated", "closed"})
_WAITING = frozenset({"sp_issued", "lapsed", "ppk_review"})

_TAGS: dict[str, tuple[str, ...]] = {
    "order_signed": ("planning", "tender", "award", "contract"),
    "order_confirmed": ("awardUpdate", "contractUpdate"),
    "order_refused": ("awardCancellation", "contractTermination"),
    "order_expired": ("awardCancellation", "contractTermination"),
    "order_cancelled": ("awardCancellation", "contractTermination"),
    "order_stopped": ("contractTermination",),
    "order_terminated": ("contractTermination",),
    "order_closed": ("contractTermination",),
}
_SCALES = {"micro": "micro", "small": "sme", "medium": "sme", "large": "large"}
_METHOD_DETAILS = {
    "local": "Pembelian langsung pada kanal daerah",
    "bela": "Pembelian langsung pada toko daring (Bela Pengadaan)",
    "inaproc": "E-purchasing pada katalog elektronik",
}


def ocid(tenant: str, order_id: str) -> str:
    """Return the open contracting identifier of an order."""
    return f"{OCID_PREFIX}-{tenant}-{order_id}"


def parse_ocid(text: str) -> tuple[str, str] | None:
    """Return tenant and order of an identifier made here, or None."""
    prefix, separator, rest = text.partition(f"{OCID_PREFIX}-")
    tenant, dash, order_id = rest.partition("-")
    return (tenant, order_id) if separator and not prefix and dash and tenant and order_id else None


def tags(facts: OrderFacts) -> list[str]:
    """Return what a release is about."""
    known = _TAGS.get(facts.event)
    if known:
        return list(known)
    if facts.state in _IMPLEMENTING:
        reached = [change for change in facts.history if change.state in _IMPLEMENTING]
        return ["implementation" if len(reached) <= 1 else "implementationUpdate"]
    return ["contractUpdate"]


def award_status(facts: OrderFacts) -> str:
    """Return the award's status: pending until the seller said yes."""
    if facts.state in _WAITING:
        return "pending"
    if facts.state == "refused":
        return "unsuccessful"
    return "cancelled" if facts.state in _ENDED_UNFULFILLED else "active"


def contract_status(facts: OrderFacts) -> str:
    """Return the contract's status; `terminated` is also the word for one that was fulfilled."""
    if facts.state in _WAITING:
        return "pending"
    if facts.state in _ENDED_UNFULFILLED:
        return "cancelled"
    return "terminated" if facts.state in _ENDED else "active"


def scale(business_class: str) -> str | None:
    """Return the party scale; the 1.1 extension knows no small and medium apart."""
    return _SCALES.get(business_class)


def procurement_category(facts: OrderFacts) -> str:
    """Return goods or services, by the category of the first line."""
    first = facts.lines[0].category_code if facts.lines else ""
    return "services" if first.startswith("service.") else "goods"


def method_details(channel: str) -> str:
    """Return in words how it was bought; every channel of ours is a direct purchase."""
    return _METHOD_DETAILS.get(channel, "Pembelian langsung")
