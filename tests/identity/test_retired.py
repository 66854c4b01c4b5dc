"""Cards that leave the sources: nobody loses them, and who wants to can find them."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cardwright import pipeline
from cardwright.pipeline import BuildResult
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.real_anki import AFTER_AN_IMPORT, Imported, learner

pytestmark = pytest.mark.anki

HEAD = "deck: Legs\nid: legs\ncards:\n"
OUTER = "  - {id: outer, q: Outer?, a: Biceps femoris, reverse: Which side is biceps femoris on?}\n"
INNER = "  - {id: inner, q: Inner?, a: Semimembranosus, tags: [exam]}\n"
NERVE = "  - {id: nerve, cloze: 'The {{c1::sciatic}} nerve'}\n"


@dataclass
class Author:
    """Someone who releases a deck again and again, and keeps what was built."""

    files: dict[str, bytes] = field(default_factory=dict)
    now: int = 1_700_000_000

    def releases(self, *cards: str) -> BuildResult:
        """Build; a day goes by."""
        self.now += 86_400
        lock = self.files.get("cards_source/legs.lock")
        decks = deck_files({"legs.yaml": HEAD + "".join(cards)}, lock)
        outcome = pipeline.build(
            decks, FakeEnvironment(outputs=self.files), pipeline.BuildOptions(self.now, outputs=("anki",))
        )
        assert not outcome.report.has_errors
        self.files |= {output.path: output.data for output in outcome.files}
        for path in outcome.removals:
            self.files.pop(path, None)
        return outcome

    @property
    def main(self) -> bytes:
        return self.files["decks/legs/legs.apkg"]

    @property
    def retired(self) -> bytes | None:
        return self.files.get("decks/legs/legs-retired.apkg")

    @property
    def changes(self) -> str:
        return self.files["decks/legs/CHANGES.md"].decode()


def test_a_retired_note_is_marked_for_who_wants_to_find_it(tmp_path: Path) -> None:
    """
    The main package leaves it alone; the other one gives it a tag and says so on the card, texts
    and schedule as they were.
    """
    author = Author()
    author.releases(OUTER, INNER, NERVE)
    with learner(tmp_path) as student:
        student.imports(author.main)
        student.studies_everything()
        before = student.progress()

        author.releases(NERVE)
        assert author.retired is not None
        assert student.imports(author.main) == Imported(0, 0, 1, 0)
        assert student.imports(author.retired) == Imported(0, 2, 0, 0)

        assert student.progress() == before
        found = {student.key(note) for note in student.collection.find_notes("tag:retired")}
        assert found == {"outer", "inner"}
        assert set(student.collection.get_note(student.card("inner").nid).tags) == {"exam", "retired"}
        face = student.face("outer")
        assert "Taken out of the deck on 2023-11-16." in face.question
        assert "Biceps femoris" in face.answer
        assert student.problems() == ""
        assert student.empty_cards() == []


def test_a_note_that_comes_back_has_its_history(tmp_path: Path) -> None:
    """Its mark goes, its schedule stays; and with it goes the package that had nothing else in it."""
    author = Author()
    author.releases(OUTER, NERVE)
    with learner(tmp_path) as student:
        student.imports(author.main)
        student.studies_everything()
        before = student.progress()
        author.releases(NERVE)
        assert author.retired is not None
        student.imports(author.retired)

        author.now = AFTER_AN_IMPORT
        outcome = author.releases(OUTER, NERVE)

        assert outcome.removals == ("decks/legs/legs-retired.apkg",)
        assert student.imports(author.main) == Imported(0, 1, 1, 0)
        assert student.progress() == before
        assert student.collection.find_notes("tag:retired") == []
        assert "Taken out" not in student.face("outer").question


def test_a_retired_note_keeps_its_text_for_good() -> None:
    """It is handed on from package to package, and a build without changes changes no byte."""
    author = Author()
    author.releases(OUTER, INNER, NERVE)
    author.releases(INNER, NERVE)
    author.releases(NERVE)
    first = dict(author.files)

    author.releases(NERVE)

    assert author.files == first


def test_a_text_that_no_package_has_is_told_of() -> None:
    """Who does not keep decks/ cannot mark what is gone; better told than found out."""
    author = Author()
    author.releases(OUTER, NERVE)
    del author.files["decks/legs/legs.apkg"]

    outcome = author.releases(NERVE)

    assert [finding.code for finding in outcome.report] == ["note-retired", "retired-text-lost"]
    assert author.retired is None


def test_changes_tell_what_to_do_in_three_lines() -> None:
    """A learner reads what is new and what to do, not how it was made."""
    author = Author()
    author.releases(OUTER, INNER)
    assert author.changes == (
        "# Changes to Legs\n"
        "\n"
        "First released on 2023-11-15, with 2 notes.\n"
        "\n"
        "## If you study this deck\n"
        "\n"
        "1. In Anki choose *File > Import* and `legs.apkg`; the dialog's settings can stay as they are.\n"
        "2. Your schedule is kept, and so are cards that were taken out of the deck.\n"
        "3. Nothing else: no note has been taken out of the deck.\n"
    )

    author.releases(OUTER.replace("Outer?", "Which is *outer*?"), NERVE)

    assert author.changes == (
        "# Changes to Legs\n"
        "\n"
        "Released on 2023-11-16: 1 new, 1 changed, 1 retired; 0 notes as before.\n"
        "\n"
        "## If you study this deck\n"
        "\n"
        "1. In Anki choose *File > Import* and `legs.apkg`; the dialog's settings can stay as they are.\n"
        "2. Your schedule is kept, and so are cards that were taken out of the deck.\n"
        "3. To find those, import `legs-retired.apkg` too, search for `tag:retired` in the browser, "
        "and suspend or delete what you no longer want.\n"
        "\n"
        "## New\n"
        "\n"
        "- `nerve`: The sciatic nerve\n"
        "\n"
        "## Changed\n"
        "\n"
        "- `outer`: Which is outer?\n"
        "\n"
        "## Retired\n"
        "\n"
        "- `inner` (2023-11-16)\n"
    )


def test_a_question_of_several_paragraphs_is_one_line_in_the_changes() -> None:
    """The items of a list and the paragraphs of a template are words apart from each other."""
    author = Author()
    author.releases(OUTER)
    author.releases(OUTER, "  - {id: many, q: 'Which are these?\n\n\n- long\n\n- short', a: Hamstrings}\n")

    assert "- `many`: Which are these? long short\n" in author.changes
