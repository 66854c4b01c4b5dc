"""The schema for editors says of a file what the reader says, as far as its form goes."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from cardwright import reader
from cardwright.diagnostics import Diagnostic, Report
from cardwright.kinds import card_keys
from cardwright.reader import deck_keys
from cardwright.reader.schema import schema_text
from cardwright.source import keys as key_forms
from cardwright.source.keys import HTML_KEYS, Key
from tests.reader.test_spec import FENCE, Section, path_and_text, sections
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.paths import ROOT
from tests.support.schemas import find_complaints

ERROR = re.compile(r"^error\[([\w-]+)\]", re.MULTILINE)
# What the reader says about the form of a value or a mapping, and not about what it means.
FORM = {
    *("unknown-key", "missing-key", "unexpected-value", "not-true-or-false", "unknown-choice", "not-a-date"),
    *("unknown-kind", "two-kinds", "items-without-keys", "labels-without-keys", "unfit-id", "unknown-advice"),
    *("not-a-length", "not-two-lengths", "not-a-count", "not-a-scale", "not-a-retention", "not-a-language"),
    *("unknown-paper", "unknown-card-size", "unfit-shape", "settings-in-topic", "label-without-place"),
}
# Only a build knows which characters can't be seen, and which note types are imported and need fewer keys.
NOT_ALWAYS_SEEN = {"unfit-id", "missing-key"}
LEG = {"cards_source/media/leg.svg": b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 40"/>'}


def form_problems(files: Mapping[str, str]) -> list[str]:
    """Return what the reader says about the form of a deck's files, by path below `cards_source/`."""
    (deck,), report = deck_files(files), Report()
    parsed = reader.read_deck(deck, FakeEnvironment(LEG), report)
    found: list[Diagnostic] = [*report]
    if parsed is not None:
        settings = parsed.deck.print_settings
        found += [problem for problems in settings.problems.values() for problem in problems]
        found += parsed.deck.preset_problems
    return [f"{problem.code}: {problem.message}" for problem in found if problem.code in FORM]


def flow(entries: Mapping[str, str]) -> str:
    """Return a mapping in one line. entries: the YAML of each value by its key."""
    return "{" + ", ".join(f'"{key}": {value}' for key, value in entries.items()) + "}"


def in_deck(**entries: str) -> Callable[[str], str]:
    """Return what writes a deck with a mapping in it. entries: the keys of the deck; `…` is the mapping."""
    deck = {"deck": "D", "id": "d", "sources": "{a: A, q: Q}", "cards": "[{id: c, q: Who, a: I}]"} | entries
    return lambda text: flow(deck).replace("…", text)


CARD = in_deck(cards="[…]")
NOTE_TYPE = {"fields": "[F]", "templates": '{T: {front: "{{F}}?", back: b}}'}
OF_NOTE_TYPE = {"cards": "[{id: c, type: n, fields: {F: x}}]"}
ROWS, ASK = '{r: {c: "1"}}', '{c: "{row}?"}'

# By place: the keys that a mapping may have there, those that it needs, and what writes a deck with it.
PLACES: dict[str, tuple[Mapping[str, Key], Mapping[str, str], Callable[[str], str]]] = {
    "deck": (deck_keys.DECK_KEYS, {"deck": "D", "id": "d", "cards": "[{id: c, q: Who, a: I}]"}, str),
    "print": (deck_keys.PRINT_SETTING_KEYS, {}, in_deck(print="…")),
    "card size": (
        deck_keys.CARD_SIZE_KEYS,
        {"paper": "a4", "size": "[50, 50]"},
        in_deck(print="{card: …}"),
    ),
    "anki": (deck_keys.ANKI_KEYS, {"preset": "{name: P}"}, in_deck(anki="…")),
    "preset": (deck_keys.PRESET_KEYS, {"name": "P"}, in_deck(anki="{preset: …}")),
    "source": (deck_keys.REFERENCE_KEYS, {"title": "T"}, in_deck(sources="{s: …}")),
    "note type": (deck_keys.NOTE_TYPE_KEYS, NOTE_TYPE, in_deck(note_types="{n: …}", **OF_NOTE_TYPE)),
    "fields of keys": (
        deck_keys.TEXT_CARD_KEYS,
        {"q": "F"},
        in_deck(
            note_types="{n: {fields: [F], templates: {T: {front: '{{F}}?', back: b}}, keys: …}}",
            **OF_NOTE_TYPE,
        ),
    ),
    "template": (
        deck_keys.TEMPLATE_KEYS,
        {"front": '"{{F}}?"', "back": "b"},
        in_deck(note_types="{n: {fields: [F], templates: {T: …}}}", **OF_NOTE_TYPE),
    ),
    "q": (card_keys.QUESTION_KEYS, {"id": "c", "q": "Who", "a": "I"}, CARD),
    "reverse": (
        card_keys.REVERSE_KEYS,
        {"q": "Who", "a": "I"},
        in_deck(cards="[{id: c, q: Who, a: I, reverse: …}]"),
    ),
    "html": (HTML_KEYS, {"html": "<b>x</b>"}, in_deck(cards="[{id: c, q: …, a: I}]")),
    "cloze": (card_keys.CLOZE_KEYS, {"id": "c", "cloze": '"{{c1::I}}"'}, CARD),
    "list": (card_keys.LIST_KEYS, {"id": "c", "list": "Who", "items": "{i: I}"}, CARD),
    "table": (card_keys.TABLE_KEYS, {"id": "c", "table": f"{{ask: {ASK}, rows: {ROWS}}}"}, CARD),
    "table's parts": (
        card_keys.TABLE_PART_KEYS,
        {"ask": ASK, "rows": ROWS},
        in_deck(cards="[{id: c, table: …}]"),
    ),
    "column": (
        card_keys.COLUMN_KEYS,
        {"q": '"{row}?"'},
        in_deck(cards=f"[{{id: c, table: {{ask: {{c: …}}, rows: {ROWS}}}}}]"),
    ),
    "diagram": (
        card_keys.DIAGRAM_KEYS,
        {
            "id": "c",
            "diagram": "media/leg.svg",
            "alt": "A leg",
            "labels": "{l: {name: L, rect: [1, 2, 3, 4]}}",
        },
        CARD,
    ),
    "label": (
        card_keys.LABEL_KEYS,
        {"name": "L", "rect": "[1, 2, 3, 4]"},
        in_deck(cards="[{id: c, diagram: media/leg.svg, alt: A leg, labels: {l: …}}]"),
    ),
    "shape": (
        card_keys.SHAPE_KEYS,
        {"rect": "[1, 2, 3, 4]"},
        in_deck(cards="[{id: c, diagram: media/leg.svg, alt: A leg, labels: {l: {name: L, shapes: [… ]}}}]"),
    ),
    "type": (
        card_keys.CUSTOM_KEYS,
        {"id": "c", "type": "n", "fields": "{F: x}"},
        in_deck(cards="[…]", note_types=f"{{n: {flow(NOTE_TYPE)}}}"),
    ),
}
VALUES = (
    *("text", "5", "0.9", "true", "", "2025-03-23", "de", "3 mm", "[]", "[a, q]", "[1, 2]", "{}", "{a: b}"),
    *("[1, 2, 3, 4]", "[[1, 2], [9, 2], [5, 9]]", "{q: Q, a: A}", "[{a: b}]", "[[a]]", "{title: T}"),
    *("[{rect: [1, 2, 3, 4]}]", "{html: x}"),
)
# An imported note type has fields for these, or else they have no place in a card whatever they are.
OF_IMPORTED_TYPES = {"header", "comments"}


def words(key: Key) -> list[str]:
    """Return the first words that a key may have, if they are a list."""
    form = key.form() if callable(key.form) else key.form
    return [word for part in (form, *form.get("anyOf", ())) for word in part.get("enum", ())][:2]


def own_keys(place: str) -> dict[str, Key]:
    """Return the keys of a place that no place before it has, and that a build takes there."""
    known = {id(key) for other in [*PLACES][: [*PLACES].index(place)] for key in PLACES[other][0].values()}
    keys = PLACES[place][0]
    return {name: key for name, key in keys.items() if id(key) not in known and name not in OF_IMPORTED_TYPES}


@pytest.mark.parametrize("place", PLACES)
def test_a_key_takes_the_same_values_in_an_editor_and_in_a_build(place: str) -> None:
    _, needed, in_file = PLACES[place]
    shapes = card_keys.SHAPE_KEYS.keys() | {card_keys.SHAPES}
    texts = {}
    for name, key in own_keys(place).items():
        others = {other: value for other, value in needed.items() if not {name, other} <= shapes}
        for value in (*VALUES, *words(key)):
            texts[f"{name}: {value}"] = in_file(flow({**others, name: value}))
    assert differences(texts) == {}


def differences(texts: Mapping[str, str]) -> dict[str, tuple[list[str], list[str]]]:
    """Return what a build and an editor say of texts of which only one complains."""
    found = {name: (form_problems({"d.yaml": text}), find_complaints(text)) for name, text in texts.items()}
    return {name: said for name, said in found.items() if bool(said[0]) != bool(said[1])}


@pytest.mark.parametrize("place", PLACES)
def test_a_misspelt_key_is_a_mistake_in_both(place: str) -> None:
    keys, needed, in_file = PLACES[place]
    misspelt = "misspelt"
    text = in_file(flow({**needed, misspelt: "x"}))

    assert misspelt not in keys
    assert form_problems({"d.yaml": in_file(flow(needed))}) == find_complaints(in_file(flow(needed))) == []
    assert form_problems({"d.yaml": text})
    assert find_complaints(text)


def tables_of(module: ModuleType) -> list[dict[str, Key]]:
    tables = (value for value in vars(module).values() if isinstance(value, dict) and value)
    return [table for table in tables if all(isinstance(key, Key) for key in table.values())]


def test_every_key_is_described_to_editors_and_has_been_tried_above() -> None:
    schema = schema_text()
    tried = {id(key) for place in PLACES for key in own_keys(place).values()}
    tables = [table for module in (card_keys, deck_keys, key_forms) for table in tables_of(module)]
    keys = [(name, key) for table in tables for name, key in table.items()]

    assert [name for name, key in keys if json.dumps(key.description, ensure_ascii=False) not in schema] == []
    # Those of a topic that a deck has with other words, of a row, and of imported note types.
    untried = {name for name, key in keys if id(key) not in tried}
    assert untried == {"print", "source", "tags", "row", "allow", *deck_keys.PICTURE_CARD_KEYS}


def test_every_description_is_a_sentence() -> None:
    descriptions = re.findall(r'"description": "(.*)"', schema_text())

    assert [text for text in descriptions if not re.fullmatch(r"[A-Z`].*[.]", text) or len(text) < 10] == []


def test_a_topic_has_no_settings_for_printing() -> None:
    deck, topic = "deck: D\nid: d\n", "print: {paper: a4}\ncards: [{id: c, q: Who, a: I}]\n"

    assert form_problems({"d/deck.yaml": deck, "d/t.yaml": topic})
    assert find_complaints(deck) == []
    assert find_complaints(topic)
    assert find_complaints(topic.replace("{paper: a4}", "false")) == []


@pytest.mark.parametrize(
    "section", list(sections()), ids=lambda section: f"{section.page.stem}: {section.title}"
)
def test_the_specification_looks_the_same_to_an_editor(section: Section) -> None:
    """What can be built has no complaints; a mistake of form has some."""
    fences = [(match["info"].strip(), match["text"]) for match in FENCE.finditer(section.body)]
    errors = {code for info, text in fences if info == "diagnostics" for code in ERROR.findall(text)}
    try:
        files = [path_and_text(text)[1] for info, text in fences if info == "yaml"]
        complaints = [complaint for text in files for complaint in find_complaints(text)]
    except (yaml.YAMLError, ValueError, RecursionError):
        assert errors
        return
    if not errors or errors & FORM - NOT_ALWAYS_SEEN:
        assert bool(complaints) == bool(errors), complaints


@pytest.mark.parametrize("path", sorted((ROOT / "cards_source").rglob("*.yaml")), ids=lambda path: path.name)
def test_our_own_decks_have_no_complaints(path: Path) -> None:
    assert find_complaints(path.read_text()) == []
