"""Anki's own note types are known in every language that Anki has."""

from collections.abc import Iterator

import anki.lang
import pytest

from cardwright.importing.stock_types import OPTIONAL_REVERSE, stock_manner

# Anki cannot read its own Persian words, says so at length, and takes English ones.
LANGUAGES = [code for _, code in anki.lang.langs if not code.startswith("fa")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_notes_are_asked_as_their_note_type_says(language: str) -> None:
    anki.lang.set_lang(language)
    words = anki.lang.tr_legacyglobal

    assert stock_manner(words.notetypes_basic_name()) == ""
    assert stock_manner(words.notetypes_basic_reversed_name()) == "reverse"
    assert stock_manner(words.notetypes_basic_optional_reversed_name()) == OPTIONAL_REVERSE
    assert stock_manner(words.notetypes_basic_type_answer_name()) == "typed"
    assert stock_manner(words.notetypes_cloze_name()) == ""


def test_a_second_note_type_of_the_same_name_has_a_sign_at_its_end() -> None:
    assert stock_manner("Basic (type in the answer)++") == "typed"
    assert stock_manner("Basic") == ""


@pytest.fixture(autouse=True, scope="module")
def english() -> Iterator[None]:
    """Let the other tests have Anki's English words again."""
    yield
    anki.lang.set_lang("en_US")
