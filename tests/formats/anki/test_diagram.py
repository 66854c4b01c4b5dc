"""Diagrams at a learner's: real Anki knows them for image occlusion, and keeps every schedule."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from anki.image_occlusion_pb2 import GetImageOcclusionNoteResponse

from tests.support.diagram_decks import LEG, built, card
from tests.support.real_anki import AFTER_AN_IMPORT, Imported, Learner, learner

pytestmark = pytest.mark.anki

FIRST = ["biceps", "tuber", "semi"]
NOTE = ("thigh", 0), ("thigh", 1), ("thigh", 2)


@pytest.fixture
def made() -> dict[str, bytes]:
    """The first release."""
    return built(card(FIRST, extra="Three muscles.", hint="Look."))[0]


@pytest.fixture
def learning(tmp_path: Path, made: dict[str, bytes]) -> Iterator[Learner]:
    """Someone who has studied the first release."""
    with learner(tmp_path) as one:
        one.imports(made["leg.apkg"])
        one.studies_everything()
        yield one


def occlusion(one: Learner) -> GetImageOcclusionNoteResponse.ImageOcclusionNote:
    response = one.collection.get_image_occlusion_note(one.card("thigh").nid)
    assert response.WhichOneof("value") == "note"
    return response.note


def shapes(one: Learner) -> dict[int, tuple[str, dict[str, str]]]:
    """By cloze number each mask as Anki's own editor reads it."""
    return {
        found.ordinal: (shape.shape, {part.name: part.value for part in shape.properties})
        for found in occlusion(one).occlusions
        for shape in found.shapes
    }


def hides_all(one: Learner) -> bool:
    """Whether Anki hides what is not asked for, too; 24.11 tells it of every mask, later ones of the note."""
    note = occlusion(one)
    if "occlude_inactive" in note.DESCRIPTOR.fields_by_name:
        return note.occlude_inactive
    return all(parts.get("oi") == "1" for _, parts in shapes(one).values())


def test_anki_knows_picture_and_masks(learning: Learner) -> None:
    """Its own editor of masks opens the note: the picture that was packed, every shape where it was put."""
    note = occlusion(learning)

    assert note.image_data == LEG.replace(b"<svg", b'<svg width="300" height="400"')
    assert hides_all(learning)
    assert (note.header, note.back_extra) == ("Anatomy", "Three muscles.")
    assert shapes(learning) == {
        1: ("rect", {"left": ".05", "top": ".1", "width": ".3", "height": ".1", "oi": "1"}),
        2: ("ellipse", {"left": ".6", "top": ".1", "rx": ".15", "ry": ".05", "oi": "1"}),
        3: ("polygon", {"left": ".05", "top": ".5", "points": ".05,.5 .3,.5 .2,.8", "oi": "1"}),
    }
    assert learning.problems() == ""


def test_hide_one_leaves_the_others_open(tmp_path: Path) -> None:
    """In Anki's words: hide one, guess one."""
    with learner(tmp_path) as one:
        one.imports(built(card(FIRST, hide="one"))[0]["leg.apkg"])

        assert not hides_all(one)


def test_the_back_tells_the_name_that_paper_tells(learning: Learner) -> None:
    """What is asked is marked on the front, and named on the back, and nothing else is."""
    names = ["Biceps femoris", "Ischial tuberosity", "Semimembranosus"]
    for place, name in enumerate(names):
        face = learning.face("thigh", place)

        assert f'class="cloze" data-ordinal="{place + 1}"' in face.question
        assert f'<div class="answer" dir="auto">{name}</div>' in face.answer
        assert not any(one in face.question for one in names)
        assert not any(one in face.answer for one in names if one != name)


def test_a_name_with_braces_stays_a_name(tmp_path: Path) -> None:
    """Nothing an author writes becomes a deletion or a tag."""
    labels = {"odd": {"name": "a}} {{c2::b}} \\<i>", "rect": [1, 1, 9, 9]}}
    with learner(tmp_path) as one:
        one.imports(built({**card([]), "labels": labels})[0]["leg.apkg"])

        assert one.cards() == {("thigh", 0)}
        assert "&lt;i&gt;" in one.face("thigh").answer


@pytest.mark.parametrize(
    ("labels", "new", "empty"),
    [
        (["semi", "biceps", "tuber"], [], []),
        (["biceps", "calf", "tuber", "semi"], [3], []),
        (["biceps", "semi"], [], [1]),
        (["tibia", "semi"], [3], [0, 1]),
    ],
    ids=["in another order", "one more in the middle", "one less", "two less and one more"],
)
def test_every_label_keeps_its_schedule(
    learning: Learner, made: dict[str, bytes], labels: list[str], new: list[int], empty: list[int]
) -> None:
    """
    Whatever becomes of the others. New labels are new cards; those of labels that are gone are
    what Tools > Empty Cards finds.
    """
    before = learning.progress()
    release, _ = built(card(labels), before=made, now=1_700_086_400)
    imported = learning.imports(release["leg.apkg"])
    after = learning.progress()

    assert imported == Imported(new=0, updated=1, duplicate=0, conflicting=0)
    assert {place: after[place] for place in NOTE} == before
    assert set(after) - set(before) == {("thigh", ordinal) for ordinal in new}
    assert learning.empty_cards() == [("thigh", ordinal) for ordinal in empty]
    assert not learning.must_sync_in_full()


def test_a_label_that_comes_back_finds_its_schedule(learning: Learner, made: dict[str, bytes]) -> None:
    """Even though another label came in between: that one has a number of its own."""
    before = learning.progress()
    second, _ = built(card(["biceps", "semi", "calf"]), before=made, now=1_700_086_400)
    third, _ = built(card(["calf", "tuber", "semi", "biceps"]), before=second, now=AFTER_AN_IMPORT)
    learning.imports(second["leg.apkg"])
    learning.imports(third["leg.apkg"])
    after = learning.progress()

    assert {place: after[place] for place in NOTE} == before
    assert "Ischial tuberosity" in learning.face("thigh", 1).answer
    assert "Gastrocnemius" in learning.face("thigh", 3).answer
    assert learning.empty_cards() == []


def test_a_quiet_rebuild_changes_nothing(learning: Learner, made: dict[str, bytes]) -> None:
    """The same bytes, and nothing to update."""
    again, _ = built(card(FIRST, extra="Three muscles.", hint="Look."), before=made, now=1_800_000_000)

    assert again == made
    assert learning.imports(again["leg.apkg"]) == Imported(0, 0, 1, 0)


def test_a_retired_diagram_says_so(learning: Learner, made: dict[str, bytes]) -> None:
    """The note type stays with the deck for those who have its notes."""
    question = {"id": "q", "q": "A question?", "a": "An answer"}
    release, report = built(question, before=made, now=1_700_086_400)
    learning.imports(release["leg.apkg"])
    learning.imports(release["leg-retired.apkg"])

    assert "note-retired" in {one.code for one in report}
    assert "Taken out of the deck" in learning.face("thigh").question
    assert hides_all(learning)


def test_the_note_type_comes_only_with_a_diagram(tmp_path: Path) -> None:
    """A learner's list of note types is long enough."""
    question = {"id": "q", "q": "A question?", "a": "An answer"}
    with learner(tmp_path) as one:
        one.imports(built(question)[0]["leg.apkg"])
        names = [found.name for found in one.collection.models.all_names_and_ids()]

    assert "cardwright leg diagram" not in names
    assert "cardwright leg question" in names


def test_the_picture_lies_where_anki_draws_the_masks(learning: Learner) -> None:
    """Anki lays its canvas over the whole picture; the margin that other pictures have would shift them."""
    css = learning.card("thigh").render_output().css
    rule = css.partition("#image-occlusion-container img {")[2].partition("}")[0]

    assert "margin: 0;" in rule


def test_a_spare_could_have_labels_typed_in(learning: Learner) -> None:
    """The note type is frozen, and has no field for it: a template that looks at a spare is enough."""
    models = learning.collection.models
    model = models.by_name("cardwright leg diagram")
    assert model is not None
    for side in ("qfmt", "afmt"):
        model["tmpls"][0][side] += "{{#Spare 1}}{{type:cloze:Names}}{{/Spare 1}}"
    models.update_dict(model)
    assert "type:cloze" not in learning.face("thigh", 1).question

    note = learning.card("thigh").note()
    note["Spare 1"] = "yes"
    learning.collection.update_note(note)

    assert "[[type:cloze:Names]]" in learning.face("thigh", 1).question
    assert learning.collection.extract_cloze_for_typing(note["Names"], 2) == "Ischial tuberosity"
    assert learning.empty_cards() == []
