"""A text is put in place of another wherever it stands in YAML, and nothing else of the file changes."""

from collections.abc import Mapping

import pytest

from cardwright.formats.anki.released import read_package
from tests.support.builds import DAY, NOW, DeckBuild, build_deck
from tests.support.diagram_decks import MEDIA
from tests.support.edited_notes import Edited, export_notes, pull_notes, pulled_sources

HEAD = "deck: Legs\nid: legs\n"
ASKED = "cards:\n  - id: a\n    q: What?\n"
SHAPES = {
    "plain": (f"{ASKED}    a: Old", "Old", "New *it*"),
    "single quotes": ("cards:\n  - {id: a, q: What?, a: 'Old, it'}  # why\n", "Old, it", "New *it*"),
    "double quotes": (f'{ASKED}    a: "Old \\u2013 one"\n', "Old \\u2013 one", "New *it*"),
    "a block": (f"{ASKED}    a: |\n      Old\n    hint: x\n", "Old", "New *it*"),
    "a folded block": (f"{ASKED}    a: >-\n     Old\n     text\n", "Old\n     text", "New *it*"),
    "several lines": (f"{ASKED}    a: Old\n      text\n", "Old\n      text", "New *it*"),
    "an anchor": (f"{ASKED}    a: &old Old\n", "Old", "New *it*"),
    "the ends of lines of Windows": (
        f"{ASKED}    a: Old\n    hint: x\n".replace("\n", "\r\n"),
        "Old",
        "New *it*",
    ),
    "a byte order mark": (f"\ufeff{ASKED}    a: Old\n", "Old", "New *it*"),
    "tabs": (f"{ASKED}    a:\tOld\t # why\n", "Old", "New *it*"),
    "signs that need quotes": (f"{ASKED}    a: 'Old: it'\n", "Old: it", "New *it*"),
}
"""By what is special: a source, the part that is replaced, and what by."""


@pytest.mark.parametrize("shape", SHAPES)
def test_a_text_is_replaced_where_it_stands(shape: str) -> None:
    text, old, new = SHAPES[shape]
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    source = mark + HEAD + text.removeprefix(mark)
    build = build_deck({"legs.yaml": source})
    export = export_notes(build, {"a": Edited({"Answer": "New <em>it</em>"})}, time=NOW + DAY)

    result = pull_notes({"legs.yaml": source}, build, export)

    assert not result.left
    assert pulled_sources({"legs.yaml": source}, result)["legs.yaml"] == source.replace(old, new)


def test_a_text_that_an_alias_repeats_is_left_with_what_may_be_pasted() -> None:
    cards = "  - {id: b, q: What?, a: &same Old}\n  - {id: a, q: Why?, a: *same}\n"
    sources = {"legs.yaml": f"{HEAD}cards:\n{cards}"}
    build = build_deck(sources)
    export = export_notes(build, {"a": Edited({"Answer": "New <em>it</em>"})}, time=NOW + DAY)

    result = pull_notes(sources, build, export)

    assert not result.files
    assert [leftover.text for leftover in result.left] == ["New *it*"]


KINDS: Mapping[str, tuple[str, str, dict[str, str], str, str]] = {
    "an item of a list": (
        "{id: l, list: Which?, items: {one: First, two: Second}}",
        *("l/two", {"Answer": "Last"}, "two: Second", "two: Last"),
    ),
    "a cell of a table": (
        "{id: t, table: {ask: {from: 'From? {row}'}, rows: {x: {from: There}, y: {from: Here}}}}",
        *("t/x/from", {"Answer": "Yonder"}, "There", "Yonder"),
    ),
    "a reverse question": (
        "{id: r, q: What?, a: It, reverse: Why it?}",
        *("r", {"Reverse": "Why that?"}, "Why it?", "Why that?"),
    ),
    "a text that a card shows on both sides": (
        "{id: r, q: What?, a: It, reverse: true}",
        *("r", {"Answer": "That", "Reverse": "That"}, "a: It", "a: That"),
    ),
    "one of two fields made from a text": (
        "{id: r, q: What?, a: It, reverse: true}",
        *("r", {"Answer": "That"}, "a: It", "a: That"),
    ),
    "a cloze deletion": (
        "{id: c, cloze: '{{c1::One}} of {{c2::two}}'}",
        *(
            "c",
            {"Text": "{{c1::One}} and {{c2::two::or three}}"},
            "One}} of {{c2::two",
            "One}} and {{c2::two::or three",
        ),
    ),
    "a hint": ("{id: h, q: What?, a: It, hint: no}", "h", {"Hint": "so"}, "hint: no", "hint: so"),
    "an extra text that is HTML": (
        "{id: h, q: What?, a: It, extra: {html: '<b>x</b>'}}",
        *("h", {"Extra": "<b>y</b><hr>"}, "<b>x</b>", "<b>y</b><hr>"),
    ),
    "a text that Anki emptied": (
        "{id: h, q: What?, a: It, hint: no}",
        "h",
        {"Hint": "<br>"},
        "hint: no",
        'hint: ""',
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_of_any_kind_of_card_is_found(kind: str) -> None:
    card, key, fields, old, new = KINDS[kind]
    sources = {"legs.yaml": f"{HEAD}cards:\n  - {card}\n"}
    build = build_deck(sources)
    assert build.files, build.messages
    export = export_notes(build, {key: Edited(fields)}, time=NOW + DAY)

    result = pull_notes(sources, build, export)

    assert not result.left
    assert pulled_sources(sources, result)["legs.yaml"] == sources["legs.yaml"].replace(old, new)
    again = build_deck(pulled_sources(sources, result), build, now=NOW + 2 * DAY)
    assert again.messages == []


LEFT = {
    "the question of a list": (
        "{id: l, list: Which?, show: none, items: {one: First, two: Second}}",
        *("l/two", {"Question": "Which one?"}, "the text is on other cards, too"),
    ),
    "the list in a question": (
        "{id: l, list: Which?, items: {one: First, two: Second}}",
        *("l/two", {"Question": "<p>Which?</p><ul><li>Zero</li></ul>"}, "the text is on other cards, too"),
    ),
    "a key": (
        "{id: k, q: What?, a: It}",
        "k",
        {"Key": "other"},
        "the field isn't made from a text of the card",
    ),
    "a text that a card can't do without": (
        "{id: k, q: What?, a: It}",
        *("k", {"Answer": ""}, "the sources can't have it just as it is in Anki"),
    ),
    "a cloze card without deletions": (
        "{id: c, cloze: '{{c1::One}}'}",
        *("c", {"Text": "One"}, "the sources can't have it just as it is in Anki"),
    ),
    "an answer to type that can't be typed": (
        "{id: k, q: What?, a: It, typed: true}",
        *("k", {"Answer": "<ul><li>x</li></ul>"}, "the sources can't have it just as it is in Anki"),
    ),
}
"""By what it is: a card, the note's key, the edited fields, and why they are left."""


@pytest.mark.parametrize("kind", LEFT)
def test_what_no_text_of_the_card_can_say_is_left(kind: str) -> None:
    card, key, fields, reason = LEFT[kind]
    sources = {"legs.yaml": f"{HEAD}cards:\n  - {card}\n"}
    build = build_deck(sources)
    export = export_notes(build, {key: Edited(fields)}, time=NOW + DAY)

    result = pull_notes(sources, build, export)

    assert not result.files
    assert [leftover.reason for leftover in result.left] == [reason]


def test_a_mistake_in_one_text_does_not_keep_the_others_out() -> None:
    cards = "".join(f"  - {{id: k{number}, q: What {number}?, a: It}}\n" for number in range(5))
    sources = {"legs.yaml": f"{HEAD}cards:\n{cards}"}
    build = build_deck(sources)
    edits = {f"k{number}": Edited({"Answer": "" if number == 2 else "That"}) for number in range(5)}

    result = pull_notes(sources, build, export_notes(build, edits, time=NOW + DAY))

    assert len(result.taken) == 4
    assert pulled_sources(sources, result)["legs.yaml"].count("a: That") == 4


TAGS = {
    "none": ("{id: a, q: What?, a: It}", ["new"], "{id: a, q: What?, a: It, tags: [new]}"),
    "one": (
        "{id: a, q: What?, a: It, tags: old}",
        ["old", "new"],
        "{id: a, q: What?, a: It, tags: [old, new]}",
    ),
    "a list": (
        "{id: a, tags: [old, b], q: What?, a: It}",
        ["b", "new"],
        "{id: a, tags: [b, new], q: What?, a: It}",
    ),
    "all of them": ("{id: a, tags: [old, b], q: What?, a: It}", [], "{id: a, tags: [], q: What?, a: It}"),
    "lines": (
        "id: a\n    tags:\n      - old  # x\n      - b\n    q: What?\n    a: It",
        ["b", "new"],
        "id: a\n    tags:\n      - b\n      - new\n    q: What?\n    a: It",
    ),
    "a block at the end": (
        "id: a\n    q: What?\n    a: |\n      It",
        ["new"],
        "id: a\n    q: What?\n    a: |\n      It\n    tags: [new]",
    ),
}


@pytest.mark.parametrize("shape", TAGS)
def test_tags_are_added_and_removed(shape: str) -> None:
    card, tags, expected = TAGS[shape]
    sources = {"legs.yaml": f"{HEAD}cards:\n  - {card}\n"}
    build = build_deck(sources)
    export = export_notes(build, {"a": Edited(tags=tags)}, time=NOW + DAY)

    result = pull_notes(sources, build, export)

    assert not result.left
    assert pulled_sources(sources, result)["legs.yaml"] == f"{HEAD}cards:\n  - {expected}\n"


def test_tags_that_a_file_gives_all_its_cards_are_left() -> None:
    sources = {"legs.yaml": f"{HEAD}tags: [all]\ntopic: A topic\ncards:\n  - {{id: a, q: What?, a: It}}\n"}
    build = build_deck(sources)
    assert build.files, build.messages
    export = export_notes(build, {"a": Edited(tags=["legs::a-topic"])}, time=NOW + DAY)

    result = pull_notes(sources, build, export)

    assert [leftover.reason for leftover in result.left] == ["the tags aren't the card's own"]


def test_names_of_labels_and_what_else_a_diagram_says() -> None:
    sources = {
        "leg/deck.yaml": f"""{HEAD}cards:
  - id: thigh
    diagram: media/leg.svg
    alt: A thigh
    extra: See *there*
    labels:
      biceps: {{name: Biceps, rect: [5, 10, 30, 10]}}
      tibia: {{name: Tibia, rect: [60, 80, 30, 10]}}
"""
    }
    build = build_deck(sources, media=MEDIA)
    (note,) = (note.values for note in read_package(build.package).notes.values())
    names = note[5].replace("Tibia", "The <em>tibia</em>")
    edit = Edited(
        {"Names": names, "Back Extra": "See <em>here</em>", "Occlusion": "{{c1::image-occlusion:x}}"}
    )

    result = pull_notes(sources, build, export_notes(build, {"thigh": edit}, time=NOW + DAY), media=MEDIA)

    pulled = pulled_sources(sources, result)["leg/deck.yaml"]
    expected = sources["leg/deck.yaml"].replace("name: Tibia", "name: The *tibia*")
    assert pulled == expected.replace("See *there*", "See *here*")
    assert [leftover.reason for leftover in result.left] == ["its masks are more than a diagram can have"]
    again = build_deck({"leg/deck.yaml": pulled}, build, now=NOW + 2 * DAY, media=MEDIA)
    assert again.result.files, again.messages


def test_masks_of_a_diagram() -> None:
    """A new label needs a name, which Anki's editor doesn't ask for."""
    sources = {
        "leg/deck.yaml": f"""{HEAD}cards:
  - id: thigh
    diagram: media/leg.svg
    alt: A thigh
    labels: {{biceps: {{name: Biceps, rect: [5, 10, 3, 9]}}, tibia: {{name: Tibia, rect: [60, 80, 30, 10]}}}}
"""
    }
    build = build_deck(sources, media=MEDIA)
    moved = "{{c2::image-occlusion:ellipse:left=.61:top=.8:rx=.15:ry=.05:oi=1}}<br>"
    new = moved.replace("c2", "c3")

    results = [
        pull_notes(
            sources,
            build,
            export_notes(build, {"thigh": Edited({"Occlusion": masks})}, time=NOW + DAY),
            media=MEDIA,
        )
        for masks in (moved, moved + new)
    ]

    assert (
        "    labels: {tibia: {name: Tibia, ellipse: [61, 80, 30, 10]}}\n"
        in (pulled_sources(sources, results[0])["leg/deck.yaml"])
    )
    assert [leftover.reason for leftover in results[1].left] == ["a new label needs a name"]


LABELS = {
    "lines": """    labels:
      # the first
      a:
        name: A
        rect: [5, 10, 30, 10]   # here
      b:
        rect:
          - 60
          - 80
          - 30
          - 10
        name: B
      # the third
      c: {name: C, polygon: [[1, 1], [5, 1], [3, 9]]}
""",
    "braces": """    labels: {a: {name: A, rect: [5, 10, 30, 10]}, b: {name: B, rect: [60, 80, 30, 10]},
      c: {name: C, polygon: [[1, 1], [5, 1], [3, 9]]}}
""",
    "lists of shapes": """    labels:
      a: {name: A, shapes: [{rect: [5, 10, 30, 10]}]}
      b:
        name: B
        shapes:
          - rect: [60, 80, 30, 10]
      c: {name: C, polygon: [[1, 1], [5, 1], [3, 9]]}
""",
}
"""The same labels, by how they are written."""
FIRST, SECOND = "rect:left=.05:top=.1:width=.3:height=.1", "rect:left=.6:top=.8:width=.3:height=.1"
THIRD = "polygon:left=.01:top=.01:points=.01,.01 .05,.01 .03,.09"
MASKS: dict[str, list[tuple[int, str]]] = {
    "the first was moved": [(1, FIRST.replace(".05", ".06")), (2, SECOND), (3, THIRD)],
    "the second was moved": [(1, FIRST), (2, SECOND.replace(".8", ".7")), (3, THIRD)],
    "a corner was moved": [(1, FIRST), (2, SECOND), (3, THIRD.replace(".03,.09", ".03,.08"))],
    "a corner more": [(1, FIRST), (2, SECOND), (3, THIRD.replace(".03,.09", ".03,.09 .02,.05"))],
    "another shape": [(1, FIRST), (2, "ellipse:left=.6:top=.8:rx=.1:ry=.1"), (3, THIRD)],
    "several shapes": [(1, FIRST), (2, SECOND), (2, FIRST), (3, THIRD)],
    "without the first": [(2, SECOND), (3, THIRD)],
    "without the second": [(1, FIRST), (3, THIRD)],
    "without the third": [(1, FIRST), (2, SECOND)],
    "only the third": [(3, THIRD)],
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("labels", LABELS)
def test_masks_are_changed_however_labels_are_written(labels: str, newline: str) -> None:
    """What comes of the sources is compared with what Anki has, so nothing else can have changed."""
    card = "  - id: thigh\n    diagram: media/leg.svg\n    alt: A thigh\n"
    text = f"{HEAD}cards:\n{card}{LABELS[labels]}    extra: Three\n  - {{id: q, q: What?, a: That}}\n"
    sources = {"leg/deck.yaml": text.replace("\n", newline)}
    build = build_deck(sources, media=MEDIA)

    for masks in MASKS.values():
        field = "<br>".join(f"{{{{c{number}::image-occlusion:{mask}:oi=1}}}}" for number, mask in masks)
        export = export_notes(build, {"thigh": Edited({"Occlusion": field})}, time=NOW + DAY)
        result = pull_notes(sources, build, export, media=MEDIA)

        assert not result.left, masks
        pulled = pulled_sources(sources, result)["leg/deck.yaml"]
        assert ("# here" in pulled) == (labels == "lines" and masks[0][0] == 1)
        assert pulled.count("\n") == pulled.count(newline)


CUSTOM = """note_types:
  muscle:
    fields: [Name, Origin, Note]
    templates: {Origin: {front: "Where is {{Name}}?", back: "{{Origin}} {{Note}}"}}
"""


def test_fields_of_the_authors_own_note_types() -> None:
    card = "{id: m, type: muscle, fields: {Name: Biceps, Origin: Sit bone}}"
    sources = {"legs.yaml": f"{HEAD}{CUSTOM}cards:\n  - {card}\n"}
    build = build_deck(sources)
    assert build.files, build.messages
    edit = Edited({"Name": "<b>Biceps</b>", "Note": "New"})

    result = pull_notes(sources, build, export_notes(build, {"m": edit}, time=NOW + DAY))

    assert not result.left
    expected = "{id: m, type: muscle, fields: {Name: '**Biceps**', Origin: Sit bone, Note: New}}"
    assert pulled_sources(sources, result)["legs.yaml"] in (
        sources["legs.yaml"].replace(card, expected),
        sources["legs.yaml"].replace(card, expected.replace("'", '"')),
    )


def test_a_card_that_has_another_id_by_now() -> None:
    sources = {"legs.yaml": f"{HEAD}cards:\n  - {{id: a, q: What?, a: Old}}\n"}
    build = build_deck(sources)
    export = export_notes(build, {"a": Edited({"Answer": "New"})}, time=NOW + DAY)
    renamed = {"legs.yaml": sources["legs.yaml"].replace("id: a", "id: b, was: a")}

    result = pull_notes(renamed, build, export)

    assert not result.left
    pulled = pulled_sources(renamed, result)
    assert pulled["legs.yaml"] == renamed["legs.yaml"].replace("Old", "New")
    lock = {path: data for path, data in result.files.items() if path.endswith(".lock")}
    again = build_deck(pulled, DeckBuild(build.result, {**build.files, **lock}), now=NOW + 2 * DAY)
    assert [*read_package(again.package).notes] == [*read_package(build.package).notes]
