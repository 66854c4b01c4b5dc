"""How the cards of a note type are written depends on its structure, never on names in some language."""

from collections.abc import Mapping

import pytest

from cardwright.importing.collection import AnkiNote, AnkiTemplate, AnkiType
from cardwright.importing.source_types import source_types
from cardwright.source.yaml_writing import write_mapping


def anki_type(
    name: str, fields: tuple[str, ...], templates: Mapping[str, str], *, is_cloze: bool = False, id_: int = 1
) -> AnkiType:
    made = tuple(AnkiTemplate(key, front, "{{FrontSide}}") for key, front in templates.items())
    return AnkiType(id_, name, 0, is_cloze, ".card {}", fields, made, {})


BASIC = anki_type("Basic", ("Front", "Back"), {"Card 1": "{{Front}}"})
CLOZE = anki_type("Cloze", ("Text", "Back Extra"), {"Cloze": "{{cloze:Text}}"}, is_cloze=True)


@pytest.mark.parametrize(
    ("type_", "name", "keys"),
    [
        (BASIC, "basic", {"Front": "q", "Back": "a"}),
        (anki_type("Einfach", ("V", "R"), {"Karte\xa01": "{{V}}"}), "einfach", {"V": "q", "R": "a"}),
        (anki_type("B", ("F", "B"), {"1": "{{F}}", "2": "{{B}}"}), "b", {"F": "q", "B": "a"}),
        (anki_type("Odd", ("A", "Q"), {"1": "{{#A}}{{hint:Q}}{{/A}}"}), "odd", {"Q": "q", "A": "a"}),
        (anki_type("Broken", ("A", "B"), {"1": "{{#A}}{{B}}"}), "broken", {"B": "q", "A": "a"}),
        (anki_type("Empty", ("A", "B"), {"1": "Hello"}), "empty", {"A": "q", "B": "a"}),
        (anki_type("Three", ("A", "B", "C"), {"1": "{{A}}"}), "three", {}),
        (anki_type("One", ("A",), {"1": "{{A}}"}), "one", {}),
        (CLOZE, "anki-cloze", {"Text": "cloze", "Back Extra": "extra"}),
        (anki_type("L", ("T",), {"1": "{{cloze:T}}"}, is_cloze=True), "l", {"T": "cloze"}),
        (anki_type("T", ("A", "B"), {"1": "{{cloze:A}}{{cloze:B}}"}, is_cloze=True), "t", {}),
        (anki_type("?!", ("A", "B", "C"), {"1": "{{A}}"}), "notes", {}),
    ],
)
def test_two_fields_are_a_question_and_its_answer(
    type_: AnkiType, name: str, keys: Mapping[str, str]
) -> None:
    (source_type,) = source_types([type_]).values()

    assert source_type.name == name
    assert dict(source_type.keys) == keys


def test_no_two_note_types_have_one_name() -> None:
    types = [
        anki_type(name, ("A",), {}, id_=number) for number, name in enumerate(["A b", "a-b", "Question"])
    ]

    assert [type_.name for type_ in source_types(types).values()] == ["a-b", "a-b-2", "anki-question"]


def test_a_note_type_is_declared_as_it_is_in_anki() -> None:
    (basic,) = source_types([BASIC]).values()

    assert write_mapping({"note_types": {basic.name: basic.declaration}}) == (
        "note_types:\n"
        "  basic:\n"
        "    imported: true\n"
        "    keys: {q: Front, a: Back}\n"
        "    fields: [Front, Back]\n"
        "    templates:\n"
        "      Card 1:\n"
        '        front: "{{Front}}"\n'
        '        back: "{{FrontSide}}"\n'
        "    css_only: true\n"
        "    css: .card {}\n"
    )


@pytest.mark.parametrize(
    ("type_", "fields", "shows_nothing"),
    [
        (BASIC, ("", "x"), True),
        (BASIC, ("x", ""), False),
        (anki_type("Odd", ("A",), {"1": "{{#A}}{{B}}"}), ("x",), True),
        (CLOZE, ("x", ""), True),
        (CLOZE, ("{{c1::x}}", ""), False),
    ],
)
def test_fronts_may_show_nothing(type_: AnkiType, fields: tuple[str, ...], shows_nothing: bool) -> None:
    """Anki then has a card that says so; the import names the note type."""
    (source_type,) = source_types([type_]).values()

    assert source_type.shows_nothing(AnkiNote(1, "g", 1, 0, (), fields, ())) == shows_nothing
