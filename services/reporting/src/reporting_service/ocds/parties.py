"""Buyer and seller as OCDS parties: names of units and businesses, never of persons in office."""

from typing import Any

from reporting_service.facts.order import OrderFacts
from reporting_service.ocds.codes import scale

Json = dict[str, Any]

_PERSONS = frozenset({"individual", ""})


def unit_party_id(facts: OrderFacts) -> str:
    """Return the identifier of the buying OPD within our data."""
    return f"{facts.tenant}-unit-{facts.budget_holder_id}"


def seller_party_id(facts: OrderFacts) -> str:
    """Return the public identifier of the seller: its number in the register, not one of the person behind it."""
    return f"{facts.seller.region}-vendor-{facts.seller.vendor_id}"


def unit_reference(facts: OrderFacts) -> Json:
    """Return the buyer in short."""
    return {"id": unit_party_id(facts), "name": facts.budget_holder_name}


def seller_reference(facts: OrderFacts) -> Json:
    """Return the seller in short."""
    return {"id": seller_party_id(facts), "name": facts.seller.name}


def parties(facts: OrderFacts) -> list[Json]:
    """Return both parties in full."""
    return [_buyer(facts), _seller(facts)]


def _buyer(facts: OrderFacts) -> Json:
    return {
        **unit_reference(facts),
        "identifier": {
            "scheme": "ID-BELA-UNIT",
            "id": facts.budget_holder_id,
            "legalName": facts.budget_holder_name,
        },
        "address": {"region": facts.tenant, "countryName": "Indonesia"},
        "roles": ["buyer", "procuringEntity", "payer"],
    }


def _seller(facts: OrderFacts) -> Json:
    seller = facts.seller
    party: Json = {
        **seller_reference(facts),
        "address": {
            "locality": seller.village_code or seller.district_code,
            "region": seller.region,
            "countryName": "Indonesia",
        },
        "roles": ["supplier", "tenderer", "payee"],
    }
    if seller.entity_kind not in _PERSONS:
        party["identifier"] = {"scheme": "ID-BELA-VENDOR", "id": seller.vendor_id, "legalName": seller.name}
    size = scale(seller.business_class)
    if size:
        party["details"] = {"scale": size}
    return party
