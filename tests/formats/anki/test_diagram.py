"""Diagrams in real Anki: they are image occlusion notes, and keep every schedule."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from anki.image_occlusion_pb2 import GetImageOcclusionNoteResponse

from cardwright.formats.anki.released import read_package
from tests.support.builds import DAY, NOW, DeckBuild
from tests.support.diagram_decks import LEG, build_diagrams, card
from tests.support.real_anki import AFTER_AN_IMPORT, Imported, Learner, new_learner

pytestmark = pytest.mark.anki

FIRST = ["biceps", "tuber", "semi"]
QUESTION = {"id": "q", "q": "A question?", "a": "An answer"}


@pytest.fixture
def first_release() -> DeckBuild:
    return build_diagrams(card(FIRST, extra="Three muscles.", hint="Look."))


@pytest.fixture
def learner(tmp_path: Path, first_release: DeckBuild) -> Iterator[Learner]:
    """A learner who has studied the first release."""
    with new_learner(tmp_path) as studying:
        studying.study_package(first_release.package)
        yield studying


def occlusion_note(learner: Learner) -> GetImageOcclusionNoteResponse.ImageOcclusionNote:
    response = learner.collection.get_image_occlusion_note(learner.card("thigh").nid)
    assert response.WhichOneof("value") == "note"
    return response.note


def masks(learner: Learner) -> dict[int, tuple[str, dict[str, str]]]:
    """Return shape and properties of each mask as Anki's own editor reads them, by cloze number."""
    return {
        occlusion.ordinal: (shape.shape, {part.name: part.value for part in shape.properties})
        for occlusion in occlusion_note(learner).occlusions
        for shape in occlusion.shapes
    }


def hides_all(learner: Learner) -> bool:
    """Return whether Anki hides the other labels; 24.11 stores that in each mask, later ones in the note."""
    note = occlusion_note(learner)
    if "occlude_inactive" in note.DESCRIPTOR.fields_by_name:
        return note.occlude_inactive
    return all(properties.get("oi") == "1" for _, properties in masks(learner).values())


def test_ankis_mask_editor_reads_picture_and_masks(learner: Learner) -> None:
    note = occlusion_note(learner)

    assert note.image_data == LEG.replace(b"<svg", b'<svg width="300" height="400"')
    assert hides_all(learner)
    assert (note.header, note.back_extra) == ("Anatomy", "Three muscles.")
    assert masks(learner) == {
        1: ("rect", {"left": ".05", "top": ".1", "width": ".3", "height": ".1", "oi": "1"}),
        2: ("ellipse", {"left": ".6", "top": ".1", "rx": ".15", "ry": ".05", "oi": "1"}),
        3: ("polygon", {"left": ".05", "top": ".5", "points": ".05,.5 .3,.5 .2,.8", "oi": "1"}),
    }
    assert learner.problems() == ""


def test_hide_one_shows_the_other_labels(tmp_path: Path) -> None:
    """Anki calls it "hide one, guess one"."""
    with new_learner(tmp_path) as learner:
        learner.import_package(build_diagrams(card(FIRST, hide="one")).package)

        assert not hides_all(learner)


def test_only_the_label_that_is_asked_for_is_marked_and_named(learner: Learner) -> None:
    names = ["Biceps femoris", "Ischial tuberosity", "Semimembranosus"]
    for ordinal, name in enumerate(names):
        sides = learner.sides("thigh", ordinal)

        assert f'class="cloze" data-ordinal="{ordinal + 1}"' in sides.front
        assert f'<div class="answer" dir="auto">{name}</div>' in sides.back
        assert not any(label in sides.front for label in names)
        assert not any(label in sides.back for label in names if label != name)


def test_a_name_with_braces_stays_a_name(tmp_path: Path) -> None:
    labels = {"odd": {"name": "a}} {{c2::b}} \\<i>", "rect": [1, 1, 9, 9]}}
    with new_learner(tmp_path) as learner:
        learner.import_package(build_diagrams({**card([]), "labels": labels}).package)

        assert learner.cards() == {("thigh", 0)}
        assert "&lt;i&gt;" in learner.sides("thigh").back


@pytest.mark.parametrize("text", ["{{c9::x}}", "{{c2::a::b}}", "{{c1,3::x}}", "a {{c7::x"])
@pytest.mark.parametrize("key", ["alt", "extra", "hint"])
def test_text_that_looks_like_a_deletion_makes_no_card(key: str, text: str, tmp_path: Path) -> None:
    """Anki looks for cloze numbers in all fields as soon as a learner edits the note."""
    with new_learner(tmp_path) as learner:
        learner.import_package(build_diagrams(card(["biceps"], **{key: text})).package)
        note = learner.card("thigh").note()
        note.fields[-1] = "edited"
        learner.collection.update_note(note)

        assert learner.cards() == {("thigh", 0)}
        assert learner.empty_cards() == []


@pytest.mark.parametrize(
    ("labels", "new", "empty"),
    [
        (["semi", "biceps", "tuber"], [], []),
        (["biceps", "calf", "tuber", "semi"], [3], []),
        (["biceps", "semi"], [], [1]),
        (["tibia", "semi"], [3], [0, 1]),
    ],
    ids=["reordered", "one inserted", "one removed", "two removed and one added"],
)
def test_every_label_keeps_its_schedule(
    learner: Learner, first_release: DeckBuild, labels: list[str], new: list[int], empty: list[int]
) -> None:
    """New labels are new cards; Tools > Empty Cards finds the cards of removed labels."""
    before = learner.progress()
    second = build_diagrams(card(labels), previous=first_release, now=NOW + DAY)
    imported = learner.import_package(second.package)

    assert imported == Imported(new=0, updated=1, duplicate=0, conflicting=0)
    assert before.keys() == {("thigh", 0), ("thigh", 1), ("thigh", 2)}
    assert learner.cards() - before.keys() == {("thigh", ordinal) for ordinal in new}
    assert learner.empty_cards() == [("thigh", ordinal) for ordinal in empty]
    learner.assert_kept(before)


def test_a_label_that_comes_back_gets_its_schedule_back(learner: Learner, first_release: DeckBuild) -> None:
    """Even if another label was added in between."""
    before = learner.progress()
    second = build_diagrams(card(["biceps", "semi", "calf"]), previous=first_release, now=NOW + DAY)
    third = build_diagrams(card(["calf", "tuber", "semi", "biceps"]), previous=second, now=AFTER_AN_IMPORT)
    learner.import_package(second.package)
    learner.import_package(third.package)

    learner.assert_kept(before)
    assert "Ischial tuberosity" in learner.sides("thigh", 1).back
    assert "Gastrocnemius" in learner.sides("thigh", 3).back
    assert learner.empty_cards() == []


def test_a_rebuild_without_changes_updates_nothing(learner: Learner, first_release: DeckBuild) -> None:
    diagram = card(FIRST, extra="Three muscles.", hint="Look.")
    rebuild = build_diagrams(diagram, previous=first_release, now=1_800_000_000)

    assert rebuild == first_release
    assert learner.import_package(rebuild.package) == Imported(0, 0, 1, 0)


def test_what_only_the_lock_needs_stays_in_the_package(learner: Learner, first_release: DeckBuild) -> None:
    """Anki imports nothing from the column that keeps the keys of the labels."""
    assert any(note.labels for note in read_package(first_release.package).notes.values())
    learner.import_package(first_release.package)
    assert learner.collection.db is not None
    assert set(learner.collection.db.list("SELECT data FROM notes")) == {""}


def test_a_retired_diagram_says_so(learner: Learner, first_release: DeckBuild) -> None:
    """The note type stays in the deck for those who have its notes."""
    second = build_diagrams(QUESTION, previous=first_release, now=NOW + DAY)
    learner.import_package(second.package)
    learner.import_package(second.retired_package)

    assert "note-retired" in second.codes
    assert "Taken out of the deck" in learner.sides("thigh").front
    assert hides_all(learner)


def test_only_a_deck_with_diagrams_brings_their_note_type(tmp_path: Path) -> None:
    with new_learner(tmp_path) as learner:
        learner.import_package(build_diagrams(QUESTION).package)
        names = [note_type.name for note_type in learner.collection.models.all_names_and_ids()]

    assert "cardwright leg diagram" not in names
    assert "cardwright leg question" in names


def test_the_picture_has_no_margin(learner: Learner) -> None:
    """Anki lays its canvas over the whole picture, so a margin would shift the masks."""
    css = learner.card("thigh").render_output().css
    rule = css.partition("#image-occlusion-container img {")[2].partition("}")[0]

    assert "margin: 0;" in rule


def test_a_spare_field_could_turn_on_typing(learner: Learner) -> None:
    """The note type is frozen and has no field for it, but a template could check a spare field."""
    models = learner.collection.models
    model = models.by_name("cardwright leg diagram")
    assert model is not None
    for side in ("qfmt", "afmt"):
        model["tmpls"][0][side] += "{{#Spare 1}}{{type:cloze:Names}}{{/Spare 1}}"
    models.update_dict(model)
    assert "type:cloze" not in learner.sides("thigh", 1).front

    note = learner.card("thigh").note()
    note["Spare 1"] = "yes"
    learner.collection.update_note(note)

    assert "[[type:cloze:Names]]" in learner.sides("thigh", 1).front
    assert learner.collection.extract_cloze_for_typing(note["Names"], 2) == "Ischial tuberosity"
    assert learner.empty_cards() == []
