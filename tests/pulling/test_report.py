"""What a pull says, to be read in a terminal."""

import dataclasses
from collections.abc import Mapping

from cardwright.pulling.describe import text_lines
from cardwright.record import replace
from tests.pulling.test_places import HEAD
from tests.support.builds import DAY, NOW, build_deck
from tests.support.edited_notes import Edited, export_notes, pull_notes

LONG = (
    "The hamstrings are three muscles at the back of the thigh that flex the knee, extend the hip, and rotate"
    " the leg when the knee is bent, each in its own direction"
)
SOURCES = {
    "legs.yaml": f"""{HEAD}cards:
  - {{id: long, q: What?, a: "{LONG}"}}
  - {{id: short, q: Why?, a: So, tags: [x, y]}}
  - {{id: gap, cloze: "The {{{{c1::knee}}}} and the {{{{c2::hip::joint}}}}"}}
"""
}
BUILD = build_deck(SOURCES)


def report(edits: Mapping[str, Edited], sources: Mapping[str, str] = SOURCES) -> str:
    export = export_notes(BUILD, edits, time=NOW + DAY)
    build = BUILD if sources is SOURCES else build_deck(sources, BUILD, now=NOW + DAY)
    return "\n".join(text_lines(pull_notes(sources, build, export)))


def test_changes_of_words_are_marked_as_git_does() -> None:
    edits = {
        "long": Edited({"Answer": LONG.replace("three", "four").replace("rotate", "turn")}),
        "short": Edited({"Answer": "<b>So</b>"}, tags=["x", "a::b"]),
        "gap": Edited({"Text": "The {{c1::knee}} and the {{c2::hip}}"}),
    }

    assert (
        report(edits)
        == """\
cards_source/legs.yaml:4:29: long, answer
  The hamstrings are [-three-] {+four+} muscles at the back of the thigh that
  flex the knee, extend the hip, and [-rotate-] {+turn+} the leg when the knee
  is bent, each in its own direction
cards_source/legs.yaml:5:29: short, answer
  {+**+}So{+**+}
cards_source/legs.yaml:6:22: gap, text
  The [1: knee] and the [2: hip[-; joint-]]
cards_source/legs.yaml:5:10: short, tags
  +a::b -y

Legs: 4 changes taken; 3 notes in the export"""
    )


def test_what_both_sides_changed_is_shown_near_the_change() -> None:
    moved_on = {
        "legs.yaml": SOURCES["legs.yaml"]
        .replace("extend the hip", "straighten the hip")
        .replace("So", "Thus")
    }
    edits = {
        "long": Edited({"Answer": LONG.replace("bent", "flexed")}),
        "short": Edited({"Answer": "Also"}),
    }

    assert (
        report(edits, moved_on)
        == f"""\
Left to you:
cards_source/legs.yaml:4:29: long, answer: changed in Anki and in the sources
  released  … back of the thigh that flex the knee, extend the hip, and rotate
            the leg when the knee is bent, each in its own direction
  sources   … back of the thigh that flex the knee, straighten the hip, and
            rotate the leg when the knee is bent, each in its own direction
  Anki      … back of the thigh that flex the knee, extend the hip, and rotate
            the leg when the knee is flexed, each in its own direction
  to paste  {LONG.replace("extend", "straighten").replace("bent", "flexed")}
cards_source/legs.yaml:5:29: short, answer: changed in Anki and in the sources
  released  So
  sources   Thus
  Anki      Also

Legs: nothing to take, 2 left to you; 3 notes in the export"""
    )


def test_what_is_elsewhere_or_otherwise_in_anki_is_told_and_left() -> None:
    """Notes that are not there, cards in another deck, a note of another type, and another look."""
    export = export_notes(BUILD, {}, time=NOW)
    (question_type, _) = export.types
    long, short, gap = sorted(export.notes, key=lambda note: note.id)
    assert long.fields[0] == "What?"
    (card,) = long.cards
    moved = replace(long, cards=(replace(card, deck="Legs::Lower, and more"),))
    retyped = replace(gap, type_id=question_type)
    type_ = export.types[question_type]
    types = {**export.types, question_type: dataclasses.replace(type_, mod=NOW + DAY, css="b { color: red }")}

    result = pull_notes(
        SOURCES, BUILD, dataclasses.replace(export, notes=[moved, retyped], types=types, note_count=2)
    )

    assert short.fields[0] == "Why?"
    assert not result.files
    assert (
        "\n".join(text_lines(result))
        == """\
Left to you:
cards_source/legs.yaml:6:10: gap: its note type is `cardwright legs question` in Anki now

Legs: nothing to take, 1 left to you; 1 note in the export
  1 note not in the export; what was deleted stays here: short
  moved to another deck there, which is not followed: long (Legs::Lower, and
  more)
  changed in the note type `cardwright legs question`, and not pulled: style"""
    )


def test_nothing_that_a_terminal_obeys_is_printed() -> None:
    edits = {"short": Edited({"Answer": "S\x1b[2Jo", "Hint": "\u202eabc"}, tags=["x", "y", "\x1b[31m"])}

    assert {"\x1b", "\u202e"}.isdisjoint(report(edits))
