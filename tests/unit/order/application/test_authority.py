"""Grants reach down the tree of units, never sideways or up."""

import pytest
from order_service.application.authority import Authority, Held
from order_service.application.errors import RoleMissing

PERSON = Authority("a", (Held("g1", "ppk", "opd", "SK 1", "b"), Held("g2", "pp", "")))


def test_a_role_over_a_unit_reaches_the_units_below() -> None:
    actor = PERSON.act(("ppk",), frozenset({"opd", "bagian"}))
    assert (actor.role, actor.grant_id, actor.acting_for) == ("ppk", "g1", "b")


def test_a_role_over_a_unit_reaches_no_other() -> None:
    with pytest.raises(RoleMissing):
        PERSON.act(("ppk",), frozenset({"dinas lain"}))


def test_a_role_over_no_unit_reaches_the_whole_region() -> None:
    assert PERSON.act(("pp",), frozenset({"dinas lain"})).grant_id == "g2"


def test_the_first_role_asked_for_is_the_one_acted_under() -> None:
    assert PERSON.act(("pp", "ppk"), frozenset({"opd"})).role == "pp"
    assert PERSON.act(("ppk", "pp"), frozenset({"opd"})).role == "ppk"
