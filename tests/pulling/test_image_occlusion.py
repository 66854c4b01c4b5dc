"""Masks that were moved, added or removed in Anki come home to the labels of a diagram."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.anki_occlusion import add_occlusion_note, occlusion_field
from tests.support.pulls import Project, Student
from tests.support.real_anki import Imported, new_learner

pytestmark = pytest.mark.anki

RECTANGLE = "rect:left=.1:top=.25:width=.3:height=.0625:oi=1"
ELLIPSE = "ellipse:left=.5:top=.5:rx=.1234:ry=.25:oi=1"
MASK_1 = "mask-1: {rect: [10, 25, 30, 6.25]}"
MASK_3 = "mask-3: {ellipse: [50, 50, 24.68, 50]}"
FIRST = occlusion_field((1, RECTANGLE), (3, ELLIPSE))


class Occlusion:
    """A learner's note of image occlusion whose deck was imported and built."""

    def __init__(self, project: Project, student: Student, note_id: int) -> None:
        self.project, self._student, self._note_id = project, student, note_id
        self.profile = student.learner.profile
        self._released = 0

    def draw(self, masks: str, header: str = "", back_extra: str = "") -> None:
        """Edit the note as Anki's own editor does."""
        collection = self._student.learner.collection
        note = collection.get_note(self._note_id)  # type: ignore[arg-type]  # a NewType of int
        while int(time.time()) <= max(note.mod, self._released):
            time.sleep(0.05)
        collection.update_image_occlusion_note(
            note_id=self._note_id, occlusions=masks, header=header, back_extra=back_extra, tags=note.tags
        )

    def pull(self, *options: str, code: int = 0) -> list[str]:
        """Pull what the learner exports, and return the labels of the card. code: with which it ends."""
        result = self.project.pull(self._student.export(), *options)
        assert result.code == code, result.out + result.err
        self.out = result.out
        (text,) = (data.decode() for data in self.project.files().values() if b"\ncards:" in data)
        self.text = text
        labels = text[text.index("    labels:\n") :].splitlines()[1:]
        return [line.strip() for line in labels if line.startswith("      ")]

    def edit(self, old: str, new: str, was: str = "") -> None:
        """Replace a text of the card in the sources. was: of the card, if it gets one."""
        ((path, text),) = (
            (path, data.decode()) for path, data in self.project.files().items() if b"\ncards:" in data
        )
        assert old in text
        text = text.replace(old, new)
        if was:
            text = text.replace("    labels:", f"    was: {was}\n    labels:")
        self.project.write({path: text})

    def build(self) -> Imported:
        """Build, and import the package; every card keeps its schedule."""
        schedules = self._student.learner.schedules()
        # Right behind the edits so far, and those to come have to wait for it.
        self._released = int(time.time()) + 1
        imported = self._student.import_package(self.project.build(self._released))
        assert {id_: self._student.learner.schedules()[id_] for id_ in schedules} == schedules
        return imported


@pytest.fixture
def occlusion(tmp_path: Path) -> Iterator[Occlusion]:
    project = Project(tmp_path / "project")
    (project.folder / "cards_source").mkdir(parents=True)
    with new_learner(tmp_path / "anki") as learner:
        note_id = add_occlusion_note(learner.profile, tmp_path, FIRST, header="Leg")
        student = Student(learner, tmp_path / "anki")
        learner.study_all_cards()
        assert project.run("import", str(student.export())).code == 0
        project.build()
        yield Occlusion(project, student, note_id)


def test_a_moved_mask_changes_only_its_numbers(occlusion: Occlusion) -> None:
    moved = ELLIPSE.replace("top=.5", "top=.6")
    occlusion.draw(occlusion_field((3, moved), (1, RECTANGLE)), "Leg")

    assert occlusion.pull() == ([MASK_1, "mask-3: {ellipse: [50, 60, 24.68, 50]}"])
    assert occlusion.build() == Imported(0, 0, 1, 0)


@pytest.mark.parametrize(
    ("masks", "labels"),
    [
        (
            [(1, RECTANGLE), (2, "rect:left=.7:top=0:width=.1:height=.1:oi=1"), (3, ELLIPSE)],
            [MASK_1, MASK_3, "mask-2: {rect: [70, 0, 10, 10]}"],
        ),
        (
            [(4, RECTANGLE), (3, ELLIPSE), (3, "polygon:left=0:top=.1:points=0,.1 .2,.1 0,.2:oi=1")],
            [
                "mask-3: {shapes: [{ellipse: [50, 50, 24.68, 50]}, {polygon: [[0, 10], [20, 10], [0, 20]]}]}",
                MASK_1.replace("1:", "4:"),
            ],
        ),
    ],
    ids=["added with a number that was free", "grouped, added and removed"],
)
def test_masks_come_and_go(occlusion: Occlusion, masks: list[tuple[int, str]], labels: list[str]) -> None:
    occlusion.draw(occlusion_field(*masks), "Leg")

    assert occlusion.pull() == labels
    assert occlusion.build() == Imported(0, 0, 1, 0)


def test_texts_and_the_choice_of_what_is_hidden_come_home_too(occlusion: Occlusion) -> None:
    alone = FIRST.replace(":oi=1", "")
    occlusion.draw(alone, "<div>The <b>leg</b></div>", "<div>Extra</div>")

    occlusion.pull()

    assert "leg, Header" in occlusion.out
    assert "    header: The **leg**\n" in occlusion.text
    assert "    hide: one\n" in occlusion.text
    assert "    extra: Extra\n" in occlusion.text
    assert occlusion.build() == Imported(0, 0, 1, 0)


def test_masks_that_no_diagram_has_are_shown_and_stay(occlusion: Occlusion) -> None:
    turned = FIRST.replace("height=.0625", "angle=500:height=.0625")
    occlusion.draw(turned, "Leg")

    assert occlusion.pull(code=1) == [MASK_1, MASK_3]
    assert "leg, Occlusion: its masks are more than a diagram can have" in occlusion.out


def test_a_note_that_was_only_opened_and_saved_is_unchanged(occlusion: Occlusion) -> None:
    """Anki's editor writes masks in any order, and numbers with four decimals."""
    saved = occlusion_field((3, ELLIPSE.replace(".5", ".5000")), (1, RECTANGLE))
    occlusion.draw(saved, "<div>Leg</div>")

    occlusion.pull()

    assert "nothing to take" in occlusion.out


def test_what_was_changed_on_both_sides_is_left_alone(occlusion: Occlusion) -> None:
    occlusion.edit(MASK_1, "mask-1: {rect: [11, 25, 30, 6.25]}")
    occlusion.draw(FIRST.replace("left=.1", "left=.2"), "Leg")

    assert occlusion.pull(code=1) == ["mask-1: {rect: [11, 25, 30, 6.25]}", MASK_3]
    assert "changed in Anki and in the sources" in occlusion.out


def test_a_label_that_was_removed_gets_its_key_back_with_its_number(occlusion: Occlusion) -> None:
    """Anki's editor gives a new mask the number that is free."""
    occlusion.edit(MASK_1, "knee: {rect: [10, 25, 30, 6.25]}", was="{knee: mask-1}")
    occlusion.build()
    occlusion.edit("      knee: {rect: [10, 25, 30, 6.25]}\n", "")
    occlusion.build()
    occlusion.draw(FIRST.replace("left=.1", "left=.2"), "Leg")

    (package,) = occlusion.project.folder.glob("decks/*/*.apkg")

    assert occlusion.pull("--release", str(package)) == [MASK_3, "knee: {rect: [20, 25, 30, 6.25]}"]
    assert occlusion.build() == Imported(0, 0, 1, 0)


def test_a_new_note_becomes_a_diagram(occlusion: Occlusion, tmp_path: Path) -> None:
    add_occlusion_note(occlusion.profile, tmp_path, occlusion_field((1, RECTANGLE)), name="foot.svg")

    occlusion.pull()

    assert occlusion.text.endswith(
        "  - id: foot\n    diagram: media/foot.svg\n    labels:\n      mask-1: {rect: [10, 25, 30, 6.25]}\n"
    )
    assert occlusion.build() == Imported(0, 0, 2, 0)
