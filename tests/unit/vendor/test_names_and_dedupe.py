import random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from vendor_service.domain.imports.dedupe import Keys, Known, Register, Rule
from vendor_service.domain.names import SimilarNames, name_key, person_key, similar
from vendor_service.domain.owner import OwnerGroups

A, B, C = (UUID(int=number) for number in (1, 2, 3))
WORDS = st.sampled_from(
    [
        "warung",
        "toko",
        "bu",
        "siti",
        "aminah",
        "makan",
        "nasi",
        "jaya",
        "maju",
        "barokah",
        "sari",
        "rasa",
        "a",
        "b",
        "cd",
        "xyz",
    ]
)


def find(known: Keys, row: Keys) -> Rule | None:
    register = Register()
    register.add(known, Known(A))
    found = register.find(row)
    return found.rule if found else None


def test_the_first_rule_that_fits_wins():
    full = Keys("warung siti", "v1", nib=b"n", npwp=b"t", nik=b"k", phone=b"p")
    assert find(full, Keys("lain sekali", "v9", nib=b"n")) is Rule.NIB
    assert find(full, Keys("lain sekali", "v9", npwp=b"t")) is Rule.NPWP
    assert find(full, Keys("warung  siti".replace("  ", " "), "v9", nik=b"k")) is Rule.NIK_AND_NAME
    assert find(full, Keys("penjahit mawar", "v1", nik=b"k")) is Rule.NIK_ONLY
    assert find(full, Keys("warung siti", "v9", phone=b"p")) is Rule.PHONE_AND_NAME
    assert find(full, Keys("penjahit", "v9", phone=b"p")) is None
    assert find(full, Keys("warung bu siti", "v1")) is Rule.NAME_IN_VILLAGE
    assert find(full, Keys("warung bu siti", "v2")) is None


def test_a_second_business_of_one_owner_is_told_from_a_repetition_of_the_first():
    register = Register()
    register.add(Keys("warung siti", "v1", nik=b"k"), Known(A))
    register.add(Keys("penjahit siti rapi", "v1", nik=b"k"), Known(B))
    found = register.find(Keys("penjahit siti rapi", "v3", nik=b"k"))
    assert found is not None
    assert (found.rule, found.known.vendor_id) == (Rule.NIK_AND_NAME, B)


def test_keys_forget_case_punctuation_and_titles():
    assert name_key("  WARUNG  Bu-Siti. ") == "warung bu siti"
    assert person_key("H. Ahmad, S.E.") == person_key("ahmad s e")


@given(st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), max_size=40))
def test_the_index_finds_exactly_what_comparing_with_all_finds(names):
    index: SimilarNames[int] = SimilarNames()
    for place, name in enumerate(names):
        assert list(index.find(name)) == [other for other in range(place) if similar(names[other], name)]
        index.add(name, place)


@given(st.permutations([(A, ["x"]), (B, ["x", "y"]), (C, ["y"])]))
def test_linked_businesses_are_one_group_in_any_sequence(vendors):
    groups = OwnerGroups()
    for vendor_id, links in vendors:
        groups.add(vendor_id, links)
    assert {groups.group_of(vendor_id) for vendor_id in (A, B, C)} == {A}


def test_a_business_without_links_is_a_group_of_its_own():
    groups = OwnerGroups()
    groups.add(B, [])
    groups.add(C, [], group=A)
    assert groups.group_of(B) == B
    assert groups.group_of(C) == A


def test_the_index_of_names_finds_what_comparing_every_pair_finds():
    dice = random.Random(7)
    words = ["".join(dice.choices("abeiknrstu", k=dice.choice((2, 4, 6, 8)))) for _ in range(40)]
    index: SimilarNames[int] = SimilarNames()
    names: list[str] = []
    found = 0
    for place in range(600):
        name = " ".join(dice.choices(words, k=dice.choice((1, 2, 3, 4))))
        wanted = [other for other in range(place) if similar(names[other], name)]
        assert list(index.find(name)) == wanted
        found += len(wanted)
        index.add(name, place)
        names.append(name)
    assert found > 300
