"""Words are changed in a text whose markup stays as its author wrote it."""

import pytest

from cardwright.pulling.in_place import change_words
from tests.pulling.test_places import HEAD
from tests.support.builds import DAY, NOW, build_deck
from tests.support.edited_notes import Edited, export_notes, pull_notes, pulled_sources

CHANGED = {
    "a word": ("They *flex* it", "They <em>flex</em> it", "They <em>bend</em> it", "They *bend* it"),
    "the first of two": ("a b a c", "a b a c", "x b a c", "x b a c"),
    "an insertion": (
        "It __is__ it",
        "It <strong>is</strong> it",
        "It <strong>is</strong> it x",
        "It __is__ it x",
    ),
    "a removal": ("very __big__", "very <strong>big</strong>", "<strong>big</strong>", "__big__"),
    "a new element": ("They flex it", "They flex it", "They <b>flex</b> it", None),
    "a sign of markup": ("They flex it", "They flex it", "They *flex* it", None),
    "what stands twice": ("*a* b *a*", "<em>a</em> b <em>a</em>", "<em>c</em> b <em>a</em>", None),
    "what is written in another way": ("caf&eacute; x", "café x", "cafe x", None),
}
"""By what is changed: the text, its HTML before and after, and the new text; None if it can't be told."""


@pytest.mark.parametrize("kind", CHANGED)
def test_words_are_changed_where_their_place_is_certain(kind: str) -> None:
    text, before, after, expected = CHANGED[kind]

    assert change_words(text, before, after) == expected


def test_what_anki_does_not_know_of_a_text_stays() -> None:
    text = "They __flex__\\\n      it ![a long bark](media/bark.mp3)\n"
    sources = {"legs.yaml": f"{HEAD}cards:\n  - id: a\n    q: What?\n    a: |\n      {text}"}
    media = {"cards_source/media/bark.mp3": b"ID3 bark"}
    build = build_deck(sources, media=media)
    assert build.files, build.messages
    (answer,) = (fields[1] for fields in (note.fields for note in export_notes(build, {}, time=NOW).notes))
    edit = Edited({"Answer": answer.replace("flex", "bend")})

    result = pull_notes(sources, build, export_notes(build, {"a": edit}, time=NOW + DAY), media=media)

    assert not result.left
    assert pulled_sources(sources, result)["legs.yaml"] == sources["legs.yaml"].replace("flex", "bend")


def test_words_that_would_be_markup_are_written_otherwise() -> None:
    sources = {"legs.yaml": f"{HEAD}cards:\n  - id: a\n    q: What?\n    a: __One__ of them\n"}
    build = build_deck(sources)
    edit = Edited({"Answer": "1. of them"})

    result = pull_notes(sources, build, export_notes(build, {"a": edit}, time=NOW + DAY))

    assert not result.left
    assert "a: 1\\. of them\n" in pulled_sources(sources, result)["legs.yaml"]
