"""How a note becomes a card."""

import pytest

from cardwright.formats.anki.foreign_html import ForeignText
from cardwright.importing.card_sources import SourceCard, source_card
from cardwright.importing.collection import AnkiNote, AnkiTemplate, AnkiType
from cardwright.importing.source_types import source_types
from cardwright.source.ids import IdProposer


def card_of(type_: AnkiType, *fields: str) -> SourceCard:
    note = AnkiNote(1, "guid", type_.id, 0, (), fields, ())
    return source_card(note, source_types([type_])[type_.id], lambda html, *_: ForeignText(html))


def a_type(*fields: str, is_cloze: bool = False) -> AnkiType:
    front = f"{{{{cloze:{fields[0]}}}}}" if is_cloze else f"{{{{{fields[0]}}}}}"
    return AnkiType(1, "A", 0, is_cloze, "", fields, (AnkiTemplate("Card", front, ""),), {})


BASIC, CLOZE, OTHER = a_type("F", "B"), a_type("T", "E", is_cloze=True), a_type("X", "Y", "Z")


def test_a_question_has_an_answer_even_if_it_is_empty() -> None:
    assert card_of(BASIC, "What?", "").entries == {"q": "What?", "a": ""}


def test_empty_fields_of_others_are_left_out() -> None:
    assert card_of(CLOZE, "{{c1::a}}", "").entries == {"cloze": "{{c1::a}}"}
    assert card_of(OTHER, "x", "", "z").entries == {"type": "a", "fields": {"X": "x", "Z": "z"}}


def test_lines_stand_in_a_block_and_html_says_that_it_is() -> None:
    note = AnkiNote(1, "guid", 1, 0, (), ("a", "b"), ())
    texts = {"a": ForeignText("one\ntwo"), "b": ForeignText("<table>", is_html=True)}

    card = source_card(note, source_types([BASIC])[1], lambda html, *_: texts[html])

    assert card.entries == {"q": "one\ntwo\n", "a": {"html": "<table>"}}


@pytest.mark.parametrize(
    ("type_", "fields", "id_"),
    [
        (BASIC, ("What is <b>it</b>?", "a"), "what-is-it"),
        (BASIC, ('<span style="color: red">Red</span>', "a"), "red"),
        (BASIC, ('<img src="left knee.png">', "the knee"), "left-knee"),
        (BASIC, ('Where? <img src="left knee.png">', "there"), "where-picture"),
        (BASIC, ("[sound:ano.mp3]", "year"), "ano"),
        (CLOZE, ("The {{c1::heart}} has {{c2::four}} chambers", ""), "the-has-chambers"),
        (CLOZE, ("{{c1::heart}}", "an organ"), "an-organ"),
        (OTHER, ("", "second", ""), "second"),
        (OTHER, ("12", "second", ""), "second"),
        (OTHER, ("12", "", "34"), "12"),
        (BASIC, ("2 + 2 = ?", "four"), "2-2"),
        (CLOZE, ("{{c1::1914}} – 1918", "see the book"), "1918"),
        (CLOZE, ("{{c1::Paris::capital of France}}", "see the book"), "capital-of-france"),
        (BASIC, ("[latex]What is $x$?[/latex]", "y"), "what-is-x"),
        (BASIC, (r"\(\sin\left(\frac{x}{2}\right)\)", "y"), "sin-x-2"),
        (BASIC, ("?!", "…"), "card"),
        (BASIC, ("何ですか", "a"), "何ですか"),
    ],
)
def test_an_id_is_made_of_words_that_are_not_hidden(
    type_: AnkiType, fields: tuple[str, ...], id_: str
) -> None:
    assert IdProposer(()).propose(card_of(type_, *fields).id_text) == id_


def test_an_id_is_made_of_what_the_card_asks() -> None:
    templates = (AnkiTemplate("Card", "{{Y}}", "{{X}}"),)

    assert (
        card_of(
            AnkiType(1, "A", 0, is_cloze=False, css="", fields=("X", "Y", "Z"), templates=templates, json={}),
            "x",
            "y",
            "z",
        ).id_text
        == "y"
    )
