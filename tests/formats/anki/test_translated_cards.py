"""Our words on cards are in the deck's language, and a change of them touches no note."""

import re
from pathlib import Path

import pytest

from tests.support.builds import NOW, DeckBuild, build_deck
from tests.support.diagram_decks import LEG
from tests.support.real_anki import AFTER_AN_IMPORT, new_learner

pytestmark = pytest.mark.anki

MEDIA = {"cards_source/bein/media/leg.svg": LEG}
CARDS = """\
cards:
  - {id: muskel, q: Welcher Muskel?, a: Der Bizeps, hint: hinten}
  - {id: luecke, cloze: "Er {{c1::beugt}} das Knie.", hint: Bewegung}
"""
PICTURE = """\
  - id: bild
    diagram: media/leg.svg
    alt: ein Bein
    hint: oben
    labels: {femur: {name: Femur, rect: [10, 10, 30, 20]}, tibia: {name: Tibia, rect: [10, 60, 30, 20]}}
"""


def release(language: str, cards: str = CARDS + PICTURE, previous: DeckBuild | None = None) -> DeckBuild:
    header = f"deck: Bein\nid: bein\nlanguage: {language}\n"
    now = NOW if previous is None else AFTER_AN_IMPORT  # Check Database stamps image occlusion types, too
    return build_deck({"bein/deck.yaml": header + cards}, previous, now=now, media=MEDIA)


@pytest.mark.parametrize(
    ("language", "hint", "toggle"),
    [
        ("de-AT", "Hinweis", "Masken umschalten"),
        ("he", "רמז", "הצגה או הסתרה של המסכות"),
        ("zh-TW", "提示", "顯示或隱藏遮罩"),
        ("la", "Hint", "Toggle Masks"),
    ],
)
def test_words_are_in_the_decks_language(language: str, hint: str, toggle: str, tmp_path: Path) -> None:
    """And run in its direction, since they stand in elements whose direction is that of their text."""
    with new_learner(tmp_path) as learner:
        learner.import_package(release(language).package)
        for key in ("muskel", "luecke", "bild"):
            clue = re.search(r'<div class="clue" dir="auto">\s*<a [^>]*>(.+?)</a>', learner.sides(key).front)
            assert clue is not None
            assert clue[1] == hint
        back = learner.sides("bild").back
        assert f'<div dir="auto"><button id="toggle">{toggle}</button></div>' in back


def test_a_retired_note_says_so_in_the_decks_language(tmp_path: Path) -> None:
    first = release("de", CARDS + PICTURE)
    second = release("de", CARDS, first)
    with new_learner(tmp_path) as learner:
        learner.import_package(first.package)
        learner.import_package(second.retired_package)

        assert "Am 2096-10-02 aus dem Stapel genommen." in learner.sides("bild").front


def test_another_language_updates_note_types_alone(tmp_path: Path) -> None:
    """Learners keep their schedules and get the new words: no note type is forked, no note updated."""
    english = release("en")
    german = release("de", previous=english)
    with new_learner(tmp_path) as learner:
        progress = learner.study_package(english.package)
        types = {model.id: model.name for model in learner.collection.models.all_names_and_ids()}
        imported = learner.import_package(german.package)

        assert (imported.new, imported.updated, imported.conflicting) == (0, 0, 0)
        assert {model.id: model.name for model in learner.collection.models.all_names_and_ids()} == types
        learner.assert_unchanged(progress)
        assert "Hinweis" in learner.sides("muskel").front
        assert "Masken umschalten" in learner.sides("bild").back


def test_a_deck_without_a_language_is_english() -> None:
    sources = {"bein/deck.yaml": "deck: Bein\nid: bein\n" + CARDS + PICTURE}

    assert build_deck(sources, media=MEDIA).package == release("en").package
