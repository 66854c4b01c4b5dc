"""The texts that are taken without being tried are those that trying finds."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cardwright.formats.anki.foreign_html import convert_field
from cardwright.importing.field_texts import CERTAIN, CERTAIN_CLOZE, is_certain

SIGNS = st.sampled_from("aZé漢ж1290 -().,;?!c{}:")


@settings(max_examples=40)
@given(st.from_regex(CERTAIN, fullmatch=True, alphabet=SIGNS))
def test_plain_words_stay_as_they_are(text: str) -> None:
    assume(is_certain(text, is_cloze=False))

    assert convert_field(text, cloze=False, media={}).text == text


@settings(max_examples=40)
@given(st.from_regex(CERTAIN_CLOZE, fullmatch=True, alphabet=SIGNS))
def test_so_do_those_with_deletions(text: str) -> None:
    assume(is_certain(text, is_cloze=True))

    assert convert_field(text, cloze=True, media={}).text == text


@pytest.mark.parametrize(
    ("html", "is_cloze"),
    [
        ("What is a heart?", False),
        ("Well-known words, of 12 (or more) kinds.", False),
        ("漢字", False),
        ("The heart has {{c1::four}} chambers.", True),
    ],
)
def test_ordinary_fields_are_certain(html: str, is_cloze: bool) -> None:
    assert is_certain(html, is_cloze=is_cloze)


@pytest.mark.parametrize(
    "html", ["a  b", "1. a", "a *b*", "a_b_c", "a &amp; b", "a: b", "- a", "e\u0301", " a", "a "]
)
def test_anything_else_is_tried(html: str) -> None:
    assert not is_certain(html, is_cloze=False)
