"""Edits of imported notes find their way back, too."""

import time
from pathlib import Path

import pytest

from tests.support.anki_exports import add_note
from tests.support.pulls import Project, Student, later
from tests.support.real_anki import Imported, Learner, new_learner

pytestmark = pytest.mark.anki


def edit(learner: Learner, search: str, **fields: str) -> None:
    """Edit the only note that a search finds."""
    (note_id,) = learner.collection.find_notes(search)
    note = learner.collection.get_note(note_id)
    while int(time.time()) <= note.mod:
        time.sleep(0.05)
    for name, html in fields.items():
        note[name] = html
    learner.collection.update_note(note)


def test_edits_and_new_notes_of_an_imported_deck_come_home(tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    project.write({})
    (project.folder / "cards_source").mkdir(parents=True)
    with new_learner(tmp_path / "anki") as learner:
        student = Student(learner, tmp_path / "anki")
        add_note(learner.profile, "Basic", {"Front": "one", "Back": "a<br>b"}, "Leg::Upper")
        add_note(learner.profile, "Cloze", {"Text": "{{c1::to}} &nbsp;<i>three</i>"}, "Leg::Upper")
        basic = learner.collection.models.by_name("Basic")
        assert basic is not None
        basic["css"] += ".bone { color: red } strong { color: blue }"
        learner.collection.models.update_dict(basic)
        edit(learner, "note:Cloze", Text="{{c1::two}} &nbsp;<i>three</i>")
        learner.study_all_cards()
        assert project.run("import", str(student.export())).code == 0
        project.build()
        schedules = learner.schedules()
        # Without the style, both would be as bold.
        edit(learner, "note:Basic", Front="<strong>one</strong>", Back="a<br>c <b>d</b>")
        edit(learner, "note:Cloze", Text="{{c1::two::2}} &nbsp;<i>three</i>")
        fields = {"Front": '<span class="bone">four</span>', "Back": "5"}
        add_note(learner.profile, "Basic", fields, "Leg::Upper")
        schedules |= learner.schedules()

        result = project.pull(student.export())

        assert result.code == 0, result.out
        (text,) = (data.decode() for path, data in project.files().items() if b"cards:" in data)
        assert "    a: |\n      a\\\n      c **d**\n" in text
        assert '    cloze: "{{c1::two::2}} &nbsp;*three*"\n' in text
        assert "    q: {html: <strong>one</strong>}\n" in text
        assert text.endswith('  - id: four\n    q:\n      html: <span class="bone">four</span>\n    a: 5\n')
        assert learner.import_package(project.build(later())) == Imported(0, 0, 3, 0)
        assert learner.schedules() == schedules


def test_what_was_only_imported_was_not_edited(tmp_path: Path) -> None:
    """Sources have some HTML in another way than Anki: made safe, or a formula with other delimiters."""
    project = Project(tmp_path / "project")
    project.write({})
    (project.folder / "cards_source").mkdir(parents=True)
    with new_learner(tmp_path / "anki") as learner:
        student = Student(learner, tmp_path / "anki")
        for html in (
            "<anki-mathjax>x^2</anki-mathjax>",
            "a<script>b</script>",
            '<b onclick="c()">d</b> <input>',
        ):
            add_note(learner.profile, "Basic", {"Front": html, "Back": "e"}, "Leg")
        assert project.run("import", str(student.export())).code == 0
        project.build()

        result = project.pull(student.export())

        assert result.code == 0, result.out
        assert "nothing to take" in result.out
