"""The law of a pull: what was edited in real Anki comes home, and changes nothing where it was made."""

import os
import random
import re
from pathlib import Path

import pytest

from cardwright.formats.anki.field_text import FIELD_WORDS
from cardwright.formats.anki.released import read_package
from cardwright.formats.anki.shown_html import canonical
from cardwright.importing.read_file import open_deck
from cardwright.pulling.versions import with_cell_styles
from tests.pulling.test_pull import picture
from tests.support.anki_exports import FORMATS, add_note
from tests.support.pulls import LONG_AGO, Project, Student, later
from tests.support.random_edits import edit_field
from tests.support.real_anki import new_learner

pytestmark = pytest.mark.anki

SEEDS = range(int(os.environ.get("EDITED_DECKS", "2")))
EDITABLE = (
    "Question",
    "Answer",
    "Extra",
    "Hint",
    "Text",
    "Reverse",
    "Name",
    "Origin",
    "Front",
    "Back",
    "Back Extra",
)
_NAME = re.compile(r"(?<=pasted|..said)-[0-9a-f]{12}(?=[.])")
"""What builds add to the names of the pasted files."""
DECK = r"""deck: Words
id: words
note_types:
  muscle:
    fields: [Name, Origin]
    templates: {Origin: {front: "Where is {{Name}}?", back: "{{Origin}}"}}
cards:
  - {id: plain, q: What do the hamstrings do?, a: They flex the knee}
  - id: marked
    q: What __flexes__ the knee at the *end* of it?
    a: |
      The **hamstrings**, which are

      * the biceps
      * two others
    extra: "See `code` and H<sub>2</sub>O"
  - id: table
    q: Which are the heads of the biceps?
    a: |
      | head | origin |
      |------|-------:|
      | long | ischium |
      | short | femur |
  - id: both
    q: What is a thigh?
    a: A part of the leg
    reverse: Which part is above the knee?
    hint: above the knee
    tags: [leg]
  - {id: gap, cloze: "The {{c1::biceps}} has {{c2::two::number}} heads of unequal length", extra: See there}
  - {id: formula, q: "How long is \\(a^2 + b\\) here?", a: "About \\[\\frac{1}{2}\\] of it"}
  - {id: muscle, type: muscle, fields: {Name: Biceps femoris, Origin: Sitting bone}}
  - {id: html, q: What is it?, a: {html: '<b>Bold</b> and <span style="letter-spacing: 2px">wide</span>'}}
  - id: wrapped
    q: >-
      A question that goes
      over two lines of words
    a: First line\
      second line
"""


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("origin", ["own", "imported"])
def test_edits_come_home_and_change_nothing_where_they_were_made(
    tmp_path: Path, origin: str, seed: int
) -> None:
    rng = random.Random(f"{origin} {seed}")
    project = Project(tmp_path / "project")
    project.write({"words.yaml": DECK} if origin == "own" else {"other.yaml": "deck: Other\nid: other\n"})
    with new_learner(tmp_path / "anki") as learner:
        student = Student(learner, tmp_path / "anki")
        if origin == "own":
            student.import_package(project.build(LONG_AGO))
            learner.study_all_cards()
        else:
            (project.folder / "cards_source/other.yaml").unlink()
            _fill(student)
            learner.study_all_cards()
            assert project.run("import", str(student.export())).code == 0
            project.build()
        learner.collection.media.write_data("pasted.png", picture(9))
        learner.collection.media.write_data("said.mp3", b"ID3 said")
        edited, added = _edit(student, rng), _add(student, rng, origin)
        export = student.export(rng.choice(FORMATS))
        schedules = learner.schedules()

        result = project.pull(export)

        assert result.code in (0, 1), result.err
        package = project.build(later())
        left = result.out.partition("Left to you:")[2]
        _assert_brought(export, package, edited | added, left)
        imported = student.import_package(package)
        assert (imported.new, imported.conflicting) == (0, 0)
        # Builds fill in further fields of new notes of our own types, and send again what is left in part.
        assert imported.updated <= len(added) + left.count("\ncards_source"), result.out
        assert learner.schedules() == schedules
        files = project.files()
        again = project.pull(student.export())
        assert project.files() == files, again.out


def _fill(student: Student) -> None:
    """Add notes of Anki's own types, as an importing author has them."""
    profile = student.learner.profile
    basic, reversed_, cloze = "Basic", "Basic (and reversed card)", "Cloze"
    add_note(profile, basic, {"Front": "What flexes the knee?", "Back": "The <b>hamstrings</b>"}, "Leg")
    add_note(
        profile, basic, {"Front": "Heads<br>of it", "Back": "<ul><li>long</li><li>short</li></ul>"}, "Leg"
    )
    add_note(
        profile, basic, {"Front": "<div>Odd</div>", "Back": "&nbsp;<font color=red>x y</font> words"}, "Leg"
    )
    add_note(profile, reversed_, {"Front": "thigh", "Back": "Oberschenkel"}, "Leg::Upper")
    add_note(profile, cloze, {"Text": "The {{c1::biceps}} has <i>two</i> heads", "Back Extra": "See"}, "Leg")
    add_note(profile, basic, {"Front": "Area", "Back": '<span class="a">wide</span> words here'}, "Leg")
    # Anki counts seconds; nobody edits a note in the one in which it was made.
    profile.database.execute("update notes set mod = mod - 1000")


def _edit(student: Student, rng: random.Random) -> set[str]:
    """Edit most notes, and return their GUIDs."""
    collection = student.learner.collection
    edited = set()
    for note_id in collection.find_notes(""):
        note = collection.get_note(note_id)
        names = [name for name in note.keys() if name in EDITABLE and note[name]]  # noqa: SIM118  it is no mapping
        for _ in range(rng.choice([0, 1, 1, 2])):
            name = rng.choice(names)
            note[name] = edit_field(note[name], rng, cloze=name == "Text")
            edited.add(note.guid)
        if rng.random() < 0.2:
            note.tags = [*note.tags, rng.choice(["new", "a::b", "Ü"])]
        collection.update_note(note)
    return edited


def _add(student: Student, rng: random.Random, origin: str) -> set[str]:
    """Add a note or two, and return their GUIDs."""
    collection = student.learner.collection
    before = {*collection.find_notes("")}
    deck = "Words" if origin == "own" else "Leg::Upper"
    texts = [edit_field("A new text of words", rng, cloze=False) for _ in range(2)]
    student.add("Basic", deck, Front=texts[0], Back=texts[1], tags=["added"])
    if origin == "own":
        student.add("cardwright words question", deck, Question=texts[1], Answer=texts[0])
    return {collection.get_note(note_id).guid for note_id in {*collection.find_notes("")} - before}


def _assert_brought(export: Path, package: bytes, guids: set[str], left: str) -> None:
    """Assert that a rebuilt package shows what was exported, but for what a pull says it has left."""
    released = read_package(package)
    with open_deck(str(export), export) as collection:
        exported = {
            note.guid: dict(zip(collection.types[note.type_id].fields, note.fields, strict=True))
            for note in collection.notes
        }
    for guid in guids:
        if guid not in released.notes:
            assert ": new card `" in left
            continue
        note = released.notes[guid]
        for name, ours in released.values(note).items():
            if name in EDITABLE:
                shown, wanted = (
                    canonical(_NAME.sub("", with_cell_styles(html)), cloze=name == "Text")
                    for html in (ours, exported[guid][name])
                )
                is_left = f": {released.key(note)}, {FIELD_WORDS.get(name, name)}: " in left
                assert (shown == wanted) != is_left, (exported[guid][name], ours, left)
