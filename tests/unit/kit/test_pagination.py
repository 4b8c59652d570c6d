import pytest
from bela_kit.pagination import BadPageToken, decode_token, encode_token
from hypothesis import given
from hypothesis import strategies as st

_TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
_VALUES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | _TEXT


@given(st.dictionaries(_TEXT, _VALUES, max_size=5))
def test_token_comes_back(keys):
    token = encode_token(keys)
    assert decode_token(token, *keys) == keys
    assert token.isascii()
    assert not set(token) & set("+/= ")


@given(st.text())
def test_any_other_text_is_refused_or_harmless(text):
    try:
        assert isinstance(decode_token(text), dict)
    except BadPageToken as error:
        assert error.reason == "PAGE_TOKEN"


@pytest.mark.parametrize(
    "token", ["", "x", "!!", "é", encode_token({"b": 1}), encode_token({"a": "x\x00"}), "eyJ" * 2000, "W10"]
)
def test_bad_token_is_refused(token):
    with pytest.raises(BadPageToken):
        decode_token(token, "a")
