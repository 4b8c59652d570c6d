import json
import re
from pathlib import Path

import pytest
from catalog_service.domain.reference import Category, Profile, ReferenceBook
from catalog_service.domain.search_query import MAX_WORDS, parse_query
from catalog_service.domain.spelling import Vocabulary
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("Beras Merah", "beras & merah"),
        ("beras  beras", "beras"),
        ("cari beras untuk rapat", "beras & rapat"),
        ("nasi kotak", "nasi & (kotak | box | boks | dos)"),
        ("Jahé", "jahe"),
        ("kue-kue!", "kue"),
        ("untuk dan", "untuk & dan"),
        ("", ""),
        ("'); DROP TABLE --", "drop & table"),
        ("a & b | !c <-> d:*", "a & b & c & d"),
    ],
)
def test_a_query_keeps_the_words_that_mean_something(typed: str, query: str) -> None:
    assert parse_query(typed).tsquery == query


@given(st.text(max_size=400))
def test_whatever_is_typed_becomes_letters_digits_and_operators(typed: str) -> None:
    made = parse_query(typed)
    assert re.fullmatch(r"[a-z0-9 &|()]*", made.tsquery)
    assert len(made.plain.split()) <= MAX_WORDS
    assert made.empty == (made.tsquery == "")


@pytest.fixture(scope="module")
def vocabulary(repository: Path) -> Vocabulary:
    seed = json.loads((repository / "reference/categories.json").read_text(encoding="utf-8"))
    categories = {
        one["code"]: Category(one["code"], one["name"], one["level"], keywords=tuple(one.get("keywords", ())))
        for one in seed["categories"]
    }
    profiles = {
        one["code"]: Profile(one["code"], one["name"], one["category_code"], one["unit"], (), tuple(one["keywords"]))
        for one in seed["profiles"]
    }
    return Vocabulary.of(ReferenceBook("test", categories, profiles))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("nasi kotk", "nasi kotak"), ("katring", "katering"), ("sragam", "seragam"), ("spandk", "spanduk")],
)
def test_a_misspelt_word_of_the_trade_is_corrected(vocabulary: Vocabulary, typed: str, meant: str) -> None:
    assert vocabulary.correct(parse_query(typed)) == parse_query(meant)


@pytest.mark.parametrize("typed", ["nasi kotak", "bu siti", "bakso", "xyz"])
def test_known_words_and_names_are_left_alone(vocabulary: Vocabulary, typed: str) -> None:
    assert vocabulary.correct(parse_query(typed)) is None
