"""Buyer and seller as OCDS parties: names of units and businesses, never of persons in office."""

from collections.abc import Mapping
from typing import Any

from reporting_service.facts.order import OrderFacts
from reporting_service.ocds.codes import scale

Json = dict[str, Any]

_PERSONS = frozenset({"individual", ""})


def area_codes(facts: OrderFacts) -> tuple[str, ...]:
    """Return the codes of areas whose names a release shows."""
    return facts.tenant, facts.seller.region, facts.seller.village_code or facts.seller.district_code


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


def parties(facts: OrderFacts, names: Mapping[str, str]) -> list[Json]:
    """Return both parties in full; `names` gives the areas their names, a code without one stands for itself."""
    return [_buyer(facts, names), _seller(facts, names)]


def _buyer(facts: OrderFacts, names: Mapping[str, str]) -> Json:
    return {
        **unit_reference(facts),
        "identifier": {
            "scheme": "ID-BELA-UNIT",
            "id": facts.budget_holder_id,
            "legalName": facts.budget_holder_name,
        },
        "address": {"region": names.get(facts.tenant, facts.tenant), "countryName": "Indonesia"},
        "roles": ["buyer", "procuringEntity", "payer"],
    }


def _seller(facts: OrderFacts, names: Mapping[str, str]) -> Json:
    seller = facts.seller
    locality = seller.village_code or seller.district_code
    party: Json = {
        **seller_reference(facts),
        "address": {
            "locality": names.get(locality, locality),
            "region": names.get(seller.region, seller.region),
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
