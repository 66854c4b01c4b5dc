"""Edits made in real Anki find their way back into the sources."""

import json
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support.anki_exports import FORMATS
from tests.support.pulls import LONG_AGO, Project, Student, later, new_student
from tests.support.real_anki import Imported, new_learner

pytestmark = pytest.mark.anki

LEGS = """\
deck: Legs
id: legs
cards:
  - id: knee   # the hamstrings
    q: What do they do at the *knee*?
    a: They flex it
  - {id: hip, q: What do they do at the hip?, a: "They extend it", tags: [hip, joint]}
  - id: water
    cloze: Water is {{c1::H<sub>2</sub>O}}
    extra: |
      A formula

      of two elements
"""
OURS = "cardwright legs question"
"""The deck's note type for questions, as Anki calls it."""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with a deck."""
    project = Project(tmp_path / "project")
    project.write({"legs.yaml": LEGS})
    return project


@pytest.fixture
def student(project: Project, tmp_path: Path) -> Iterator[Student]:
    """A learner who studies the deck's first release."""
    with new_student(tmp_path / "anki", project.build(LONG_AGO)) as student:
        yield student


def test_an_edit_comes_home_and_changes_nothing_where_it_was_made(project: Project, student: Student) -> None:
    progress = student.learner.progress()
    student.edit("knee", Answer="They flex it, and rotate it")

    result = project.pull(student.export())

    assert project.read("legs.yaml") == LEGS.replace("They flex it", "They flex it, and rotate it")
    assert result.code == 0
    assert "cards_source/legs.yaml:6:8: knee, answer\n  They flex it{+, and rotate it+}" in result.out
    assert student.import_package(project.build(later())) == Imported(0, 0, 3, 0)
    student.learner.assert_unchanged(progress)


def test_an_edit_comes_home_in_each_format_that_anki_exports(project: Project, student: Student) -> None:
    for format_, scheduling, key in zip(
        FORMATS, (False, False, True, True), ("knee", "hip", "water", "knee"), strict=True
    ):
        student.edit(key, Hint=format_)

        result = project.pull(student.export(format_, scheduling=scheduling))

        assert result.code == 0
        assert f"hint: {format_}" in project.read("legs.yaml")
        assert student.import_package(project.build(later())) == Imported(0, 0, 3, 0)


def test_another_learner_gets_exactly_the_edit(project: Project, student: Student, tmp_path: Path) -> None:
    with new_student(tmp_path / "other", project.build(LONG_AGO)) as other:
        student.edit("hip", Answer="They <b>extend</b> it")
        project.pull(student.export())

        assert other.import_package(project.build(later())) == Imported(0, 1, 2, 0)
        assert other.field("hip", "Answer") == "They <strong>extend</strong> it"


def test_a_pull_leaves_nothing_for_the_next_one(project: Project, student: Student) -> None:
    student.edit("knee", Answer="They bend it")
    package = student.export()
    project.pull(package)
    files = project.files()

    result = project.pull(package)

    assert project.files() == files
    assert (result.code, result.out.splitlines()[0]) == (0, "Legs: nothing to take; 3 notes in the export")


def test_a_dry_run_shows_a_diff_and_writes_nothing(project: Project, student: Student) -> None:
    student.edit("knee", Answer="They bend it")
    files = project.files()

    result = project.pull(student.export(), "--dry-run")

    assert project.files() == files
    assert "-    a: They flex it\n+    a: They bend it\n" in result.out
    assert result.out.endswith("\n\n  would be written  cards_source/legs.lock\n")
    assert '{"key"' not in result.out


def test_subscript_stays_subscript(project: Project, student: Student) -> None:
    """Anki's editor shows a subscript as such; other tools write `2` in its place."""
    student.edit("water", Text="Water is {{c1::H<sub>2</sub>O}}, always")

    project.pull(student.export())

    assert "cloze: Water is {{c1::H<sub>2</sub>O}}, always\n" in project.read("legs.yaml")


def test_edits_on_both_sides_are_left_to_the_author(project: Project, student: Student) -> None:
    student.edit("knee", Answer="They bend it")
    moved_on = LEGS.replace("They flex it", "They pull it")
    project.write({"legs.yaml": moved_on})

    result = project.pull(student.export())

    assert project.read("legs.yaml") == moved_on
    assert result.code == 1
    assert (
        "cards_source/legs.yaml:6:8: knee, answer: changed in Anki and in the sources\n"
        "  released  They flex it\n"
        "  sources   They pull it\n"
        "  Anki      They bend it\n"
    ) in result.out


def test_edits_of_two_learners_come_one_after_the_other(
    project: Project, student: Student, tmp_path: Path
) -> None:
    with new_student(tmp_path / "other", project.build(LONG_AGO)) as other:
        student.edit("knee", Answer="They bend it")
        other.edit("knee", Question="What do they do there?")
        project.pull(student.export())

        assert project.pull(other.export()).code == 0

        both = LEGS.replace("They flex it", "They bend it")
        assert project.read("legs.yaml") == both.replace("do at the *knee*?", "do there?")
        package = project.build(later())
        assert student.import_package(package) == Imported(0, 1, 2, 0)
        assert other.import_package(package) == Imported(0, 1, 2, 0)


def test_an_edit_of_an_older_release_does_not_bring_that_release_back(
    project: Project, student: Student
) -> None:
    moved_on = LEGS.replace("They flex it", "They pull it")
    project.write({"legs.yaml": moved_on})
    project.build(LONG_AGO + 1000)
    student.edit("knee", Question="What do they do there?")

    project.pull(student.export())

    assert "a: They pull it" in project.read("legs.yaml")


def test_tags_come_home(project: Project, student: Student) -> None:
    student.tag("knee", add="joint")
    student.tag("hip", add="bone marked", remove="joint")

    result = project.pull(student.export())

    text = project.read("legs.yaml")
    assert "    a: They flex it\n    tags: [joint]\n  - {id: hip" in text
    assert 'a: "They extend it", tags: [hip, bone]}' in text
    assert result.code == 0


def test_a_text_that_a_card_lacked_is_added(project: Project, student: Student) -> None:
    student.edit("knee", Extra="See <i>biceps</i>", Hint="bend")

    project.pull(student.export())

    assert "    a: They flex it\n    extra: See *biceps*\n    hint: bend\n" in project.read("legs.yaml")


def test_a_note_can_be_edited_again_after_the_next_release(project: Project, student: Student) -> None:
    student.edit("knee", Answer="They flex it and rotate it")
    project.pull(student.export())
    assert student.import_package(project.build(later())) == Imported(0, 0, 3, 0)
    student.edit("knee", Answer="They flex it and rotate it a bit", Question="What do they do there?")

    result = project.pull(student.export())

    assert result.code == 0, result.out
    text = project.read("legs.yaml")
    assert "    q: What do they do there?\n    a: They flex it and rotate it a bit\n" in text


def test_texts_of_two_releases_ago_are_not_taken_for_edits(project: Project, student: Student) -> None:
    project.write({"legs.yaml": LEGS.replace("They flex it", "They pull it")})
    project.build(LONG_AGO + 1000)
    moved_on = LEGS.replace("They flex it", "They draw it").replace("at the *knee*", "at the **knee**")
    project.write({"legs.yaml": moved_on})
    project.build(LONG_AGO + 2000)
    student.edit("knee", Hint="bend")

    result = project.pull(student.export())

    assert project.read("legs.yaml") == moved_on.replace("They draw it\n", "They draw it\n    hint: bend\n")
    assert "1 of them in part as in an earlier release" in result.out


def test_an_old_text_edited_in_anki_and_in_the_sources_is_left(project: Project, student: Student) -> None:
    moved_on = LEGS.replace("They flex it", "They pull it")
    project.write({"legs.yaml": moved_on})
    project.build(LONG_AGO + 1000)
    student.edit("knee", Answer="They bend it")

    result = project.pull(student.export())

    assert (result.code, project.read("legs.yaml")) == (1, moved_on)
    assert (
        "knee, answer: changed in Anki and in the sources\n"
        "  released  They flex it\n"
        "  sources   They pull it\n"
        "  Anki      They bend it\n"
    ) in result.out


def test_the_same_words_can_be_edited_again_where_they_were_edited(
    project: Project, student: Student
) -> None:
    for answer in ("They bend it", "They fold it", "They draw it"):
        student.edit("knee", Answer=answer)

        assert project.pull(student.export()).code == 0
        assert f"a: {answer}\n" in project.read("legs.yaml")
        assert student.import_package(project.build(later())) == Imported(0, 0, 3, 0)


def test_the_same_words_edited_by_two_learners_are_left(
    project: Project, student: Student, tmp_path: Path
) -> None:
    with new_student(tmp_path / "other", project.build(LONG_AGO)) as other:
        student.edit("knee", Answer="They bend it")
        other.edit("knee", Answer="They fold it")
        project.pull(student.export())
        project.build(later())

        assert project.pull(other.export()).code == 1

        assert "a: They bend it\n" in project.read("legs.yaml")


def read_media_names(package: bytes) -> set[str]:
    """Return the names of the media in a package of ours."""
    return {*json.loads(ZipFile(BytesIO(package)).read("media")).values()}


def picture(colour: int) -> bytes:
    """Return a PNG of one pixel. colour: a level of grey, 0 to 255."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes([0, colour]))), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_a_picture_that_was_pasted_in_anki_is_copied(project: Project, student: Student) -> None:
    student.learner.collection.media.write_data("paste 1.png", picture(9))
    student.edit("knee", Answer='They flex it <img src="paste 1.png">')

    result = project.pull(student.export())

    assert result.code == 0, result.out
    assert "    a: They flex it ![](media/paste-1.png)\n" in project.read("legs.yaml")
    assert project.files()["media/paste-1.png"] == picture(9)
    assert student.import_package(project.build(later())) == Imported(0, 0, 3, 0)
    files = project.files()
    assert project.pull(student.export()).code == 0
    assert project.files() == files


def test_a_new_note_becomes_a_card(project: Project, student: Student) -> None:
    student.add(OURS, "Legs", Question="What is a <b>thigh</b>?", Answer="A part", tags=["leg"])
    student.add(OURS, "Other", Question="Not ours", Answer="x")
    schedules = student.learner.schedules()

    result = project.pull(student.export())

    assert result.code == 0, result.out
    card = "  - id: what-is-a-thigh\n    q: What is a **thigh**?\n    a: A part\n    tags: [leg]\n"
    assert project.read("legs.yaml") == LEGS + card
    assert "legs.yaml:8:5: new card `what-is-a-thigh`\n  What is a thigh? · A part\n" in result.out
    assert student.import_package(project.build(later())) == Imported(0, 1, 3, 0)
    assert student.learner.schedules() == schedules


def test_new_notes_bring_their_note_types_along(project: Project, student: Student) -> None:
    models = student.learner.collection.models
    basic = models.by_name("Basic")
    assert basic is not None
    basic["css"] += '@font-face { font-family: a; src: url("_font.ttf") }'
    basic["tmpls"][0]["afmt"] += "<script>alert(1)</script>"
    models.update_dict(basic)
    student.learner.collection.media.write_data("_font.ttf", b"font")
    student.add("Basic", "Legs", Front="What is a <b>thigh</b>?", Back="A part", tags=["leg"])
    student.add("Basic (optional reversed card)", "Legs::Upper", Front="Hip", Back="Hüfte")
    student.add("Basic (and reversed card)", "Legs", Front="Foot", Back="Fuß")
    _, second_card = student.learner.collection.find_cards("Front:Foot")
    student.learner.collection.remove_cards_and_orphaned_notes([second_card])
    schedules = student.learner.schedules()

    result = project.pull(student.export())

    assert result.code == 0, result.out
    thigh = (
        "  - id: what-is-a-thigh\n    note_type: basic\n    q: What is a **thigh**?\n    a: A part\n"
        "    tags: [leg]\n"
    )
    hip = (
        "  - id: hip-2\n    type: basic-optional-reversed-card\n    fields:\n      Front: Hip\n"
        "      Back: Hüfte\n    subdeck: Upper\n"
    )
    text = project.read("legs.yaml")
    assert "id: legs\nnote_types:\n  basic:\n    imported: true\n" in text
    foot = "  - id: foot\n    note_type: basic-and-reversed-card\n    q: Foot\n    a: Fuß\n"
    assert text.endswith(LEGS.partition("cards:\n")[2] + thigh + hip + foot)
    assert "<script>" not in text
    assert "the note type `basic` comes along with its cards, without what could run" in result.out
    assert project.files()["media/_font.ttf"] == b"font"
    package = project.build(later())
    assert student.import_package(package) == Imported(0, 0, 6, 0)
    assert student.learner.schedules() == schedules  # also without the card that was deleted
    assert "nothing to take" in project.pull(student.export()).out
    assert "_font.ttf" in read_media_names(package)


def test_a_note_type_comes_only_with_cards(project: Project, student: Student) -> None:
    """Into a list in brackets no card is written."""
    in_brackets = (
        "deck: Legs\nid: legs\ncards: [{id: knee, q: What do they do at the *knee*?, a: They flex it}]\n"
    )
    project.write({"legs.yaml": in_brackets})
    student.add("Basic", "Legs", Front="What is a thigh?", Back="A part")
    files = project.files()

    result = project.pull(student.export())

    assert (result.code, project.files()) == (1, files)
    assert "new card `what-is-a-thigh`: there is no place for it in its file" in result.out


def test_what_is_taken_out_before_a_build_stays_where_it_was_made(
    project: Project, student: Student, tmp_path: Path
) -> None:
    """The author doesn't want what the learner wrote for herself; she keeps it, and nobody gets anything."""
    with new_student(tmp_path / "other", project.build(LONG_AGO)) as other:
        student.edit("knee", Extra="my own words")
        student.edit("hip", Answer="They extend it!")
        student.add(OURS, "Legs", Question="Mine?", Answer="Yes")
        student.add("Basic", "Legs", Front="Mine, too?", Back="Yes")
        student.tag("water", add="mine")
        assert project.pull(student.export()).code == 0
        project.write({"legs.yaml": LEGS.replace("They extend it", "They extend it!")})

        result = project.run("build", "--only", "anki", now=later())

        assert "Legs: 3 notes (1 changed, 2 unchanged)" in result.out
        assert "mine" not in project.files()["legs.lock"].decode()
        package = project.build(later())
        assert student.import_package(package) == Imported(0, 0, 3, 0)
        assert student.field("knee", "Extra") == "my own words"
        assert other.import_package(package) == Imported(0, 1, 2, 0)


def test_new_notes_can_be_left_alone(project: Project, student: Student) -> None:
    student.add(OURS, "Legs", Question="What is a thigh?", Answer="A part")
    student.add("Basic", "Legs", Front="What is a thigh?", Back="A part")
    files = project.files()

    assert project.pull(student.export(), "--no-new").code == 0
    assert project.files() == files


def test_what_markdown_cannot_say_is_kept_as_html_that_is_safe(project: Project, student: Student) -> None:
    table = '<table><tbody><tr><td colspan="2">They flex it</td></tr></tbody></table>'
    student.edit("knee", Answer=f'{table}<img src="x.png" onerror="alert(1)">')
    student.edit("hip", Answer=table)

    project.pull(student.export())

    text = project.read("legs.yaml")
    assert f"a: {{html: {table}}}, tags" in text
    assert "onerror" not in text


def test_a_picture_that_cards_cannot_have_is_left(project: Project, student: Student) -> None:
    student.learner.collection.media.write_data("x.png", b"<svg onload='alert(1)'/>")
    student.edit("knee", Answer='They flex it <img src="x.png">')
    student.edit("hip", Answer='They extend it <img src="absent.png">')
    files = project.files()

    result = project.pull(student.export())

    assert (result.code, project.files()) == (1, files)
    assert result.out.count("a picture or sound of it isn't there, or cards can't have it") == 2


def test_a_picture_of_ours_is_known_by_any_name(project: Project, tmp_path: Path) -> None:
    """Anki renames a picture if it has another one of that name."""
    text = LEGS.replace("They flex it", "They flex it ![a leg](media/leg.png)")
    project.write({"legs.yaml": text, "media/leg.png": picture(1)})
    package = project.build(LONG_AGO)
    with new_learner(tmp_path / "anki") as learner:
        learner.import_package(package)
        student = Student(learner, tmp_path / "anki")
        ours = student.field("knee", "Answer")
        own_name = ours.partition('src="')[2].partition('"')[0]
        renamed = own_name.replace(".png", f"-{'0' * 40}.png")
        learner.collection.media.write_data(renamed, picture(1))
        student.edit("knee", Answer=ours.replace(own_name, renamed), Question="What do they do there?")

        project.pull(student.export())

    assert project.read("legs.yaml") == text.replace(
        "What do they do at the *knee*?", "What do they do there?"
    )
    assert list(project.files()) == ["legs.lock", "legs.yaml", "media/leg.png"]


def test_without_earlier_texts_the_author_says_which_release_was_edited(
    project: Project, student: Student, tmp_path: Path
) -> None:
    first = tmp_path / "first.apkg"
    first.write_bytes(project.build(LONG_AGO))
    moved_on = LEGS.replace("They flex it", "They pull it")
    project.write({"legs.yaml": moved_on})
    project.build(LONG_AGO + 1000)
    (project.folder / "decks/legs/legs-earlier.jsonl").unlink()
    student.edit("knee", Question="What do they do there?")
    package = student.export()

    unsure, sure = project.pull(package), project.pull(package, "--release", str(first))

    assert (unsure.code, sure.code) == (1, 0)
    assert "knee, question: changed in Anki, from a release that isn't known" in unsure.out
    assert project.read("legs.yaml") == moved_on.replace("do at the *knee*?", "do there?")


def test_the_release_of_one_deck_says_nothing_of_others(
    project: Project, student: Student, tmp_path: Path
) -> None:
    arms = tmp_path / "arms.apkg"
    other = Project(tmp_path / "other")
    other.write({"arms.yaml": LEGS.replace("Legs", "Arms").replace("id: legs", "id: arms")})
    arms.write_bytes(other.build(LONG_AGO))
    project.write({"legs.yaml": LEGS.replace("They flex it", "They pull it")})
    project.build(LONG_AGO + 1000)
    student.edit("knee", Question="What do they do there?")

    assert project.pull(student.export(), "--release", str(arms)).code == 0


def test_a_file_that_was_replaced_in_anki_is_told(project: Project, tmp_path: Path) -> None:
    project.write(
        {"legs.yaml": LEGS.replace("They flex it", "It ![a leg](media/leg.png)"), "media/leg.png": picture(1)}
    )
    with new_student(tmp_path / "other", project.build(LONG_AGO)) as student:
        media = Path(student.learner.collection.media.dir())
        (file,) = media.iterdir()
        file.write_bytes(picture(1) + b"more")

        result = project.pull(student.export())

    assert result.code == 0
    assert "other files of the same names there, which are not pulled:" in result.out
    assert "cards_source/media/leg.png" in result.out


def test_other_decks_of_the_project_are_left_alone(project: Project, student: Student) -> None:
    """Even if there are mistakes in them."""
    arms = LEGS.replace("Legs", "Arms").replace("id: legs", "id: arms")
    project.write({"arms.yaml": arms})
    assert project.run("build", "arms", "--only", "anki").code == 0
    project.write({"arms.yaml": arms.replace("q: What", "qq: What")})
    student.edit("knee", Answer="They bend it")
    package = student.export()

    assert project.pull(package).code == 0
    assert project.pull(package, "arms").err == f"{package}: no note of the project's decks is in it\n"


def test_new_cards_go_to_the_file_of_their_sub_deck(tmp_path: Path) -> None:
    upper = "topic: A\nsubdeck: Upper\ntags: [up]\ncards:\n  - {id: a, q: What?, a: It}\n"
    others = "topic: B\ncards:\n  - {id: b, q: Why?, a: So}"
    project = Project(tmp_path / "project")
    project.write({"legs/deck.yaml": "deck: Legs\nid: legs\n"})
    project.write({"legs/a.yaml": f"{upper}# end\n", "legs/b.yaml": others})
    with new_student(tmp_path / "anki", project.build(LONG_AGO)) as student:
        student.add(OURS, "Legs::Upper", Question="What is a hip?", Answer="A joint", tags=["up", "own"])
        student.add(OURS, "Legs::Lower", Question="What is a calf?", Answer="A<br>part", Hint="below")
        student.add(OURS, "Legs::Lower", Question="What is a calf?", Answer="The same")

        result = project.pull(student.export())

        assert result.code == 0, result.out
        hip = "  - id: what-is-a-hip\n    q: What is a hip?\n    a: A joint\n    tags: [own]\n"
        calf = (
            "    q: What is a calf?\n    a: |\n      A\\\n      part\n    hint: below\n    subdeck: Lower\n"
        )
        same = "    q: What is a calf?\n    a: The same\n    subdeck: Lower"
        assert project.read("legs/a.yaml") == f"{upper}{hip}# end\n"
        assert project.read("legs/b.yaml") == (
            f"{others}\n  - id: what-is-a-calf\n{calf}  - id: what-is-a-calf-2\n{same}"
        )
        assert student.import_package(project.build(later())).new == 0
