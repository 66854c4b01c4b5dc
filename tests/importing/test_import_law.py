"""Real Anki on the law of imports: who studies the original finds nothing new in what is built of it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cardwright.cli import main
from cardwright.rehearsal.profile import Profile, new_profile
from tests.support.anki_exports import add_note, add_own_type, export
from tests.support.commands import read_files
from tests.support.real_anki import AFTER_AN_IMPORT, Imported, Learner, new_learner

pytestmark = pytest.mark.anki

PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>'


def fill(profile: Profile) -> None:
    """Add notes as people have them, of every kind that sources have."""
    collection = profile.collection
    collection.media.write_data("a circle.svg", PICTURE)
    add_note(profile, "Basic", {"Front": "What is <b>2</b> &amp; 3?", "Back": "5<br>five: 5"}, "Maths::Sums")
    add_note(profile, "Basic", {"Front": "<div>a</div><div>b</div>", "Back": "# no heading"}, "Maths::Sums")
    add_note(profile, "Basic", {"Front": '<img src="a circle.svg">', "Back": "a circle"}, "Maths::Shapes")
    add_note(profile, "Basic", {"Front": r"\(x_1 &lt; x_2\)", "Back": "*star* _line_"}, "Maths")
    add_note(profile, "Basic", {"Front": "no back", "Back": ""}, "Maths")
    add_note(profile, "Basic (and reversed card)", {"Front": "two", "Back": "zwei"}, "Maths::Words")
    add_note(profile, "Basic (optional reversed card)", {"Front": "three", "Back": "drei"}, "Maths::Words")
    add_note(profile, "Basic (type in the answer)", {"Front": "four", "Back": "vier"}, "Maths::Words")
    add_note(profile, "Cloze", {"Text": "{{c1::a::hint}} and {{c3::b}}", "Back Extra": "c"}, "Maths::Words")
    tagged = add_note(profile, "Basic", {"Front": "tagged", "Back": "yes"}, "Maths")
    tagged.tags = ["maths::easy", "Ärger", "x"]
    collection.update_note(tagged)
    add_own_type(profile)
    add_note(profile, "Muscle", {"Name": "Biceps", "Ursprung ä": "a\nb &nbsp;<b>x</b>"}, "Maths::Words")
    words = collection.decks.by_name("Maths::Words")
    assert words is not None
    collection.set_deck(collection.find_cards("Biceps"), words["id"])


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original")
    with new_profile(folder / "profile") as profile:
        fill(profile)
        return export(profile, folder, "apkg")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


@pytest.fixture
def learner(original: Path, tmp_path: Path) -> Iterator[Learner]:
    """Someone who has studied the original."""
    with new_learner(tmp_path / "learner") as learner:
        learner.import_package(original.read_bytes())
        learner.study_all_cards()
        yield learner


def build(project: Path) -> bytes:
    """Build the package of the only deck."""
    assert main.run(["build", "--only", "anki"]) == 0
    (package,) = project.glob("decks/*/*.apkg")
    return package.read_bytes()


def test_nothing_changes_for_who_studies_the_original(
    original: Path, project: Path, learner: Learner, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.run(["import", str(original)]) == 0
    before = read_files(project)
    capsys.readouterr()

    package = build(project)

    printed = capsys.readouterr()
    assert printed.err == ""
    assert {path: data for path, data in read_files(project).items() if path in before} == before
    schedules = learner.schedules()
    note_count = learner.collection.note_count()
    assert learner.import_package(package) == Imported(0, 0, note_count, 0)
    assert learner.schedules() == schedules
    assert not learner.needs_full_sync()
    assert learner.problems() == ""


def test_each_card_shows_the_same_to_a_new_learner(original: Path, project: Path, tmp_path: Path) -> None:
    main.run(["import", str(original)])
    sides = []
    for number, package in enumerate((original.read_bytes(), build(project))):
        with new_learner(tmp_path / f"new learner {number}") as learner:
            learner.import_package(package)
            sides.append(shown_cards(learner))

    assert sides[1] == sides[0]


def shown_cards(learner: Learner) -> dict[tuple[str, int], tuple[str, ...]]:
    """Return what the sides of each card show, and the deck that it is in, by GUID and ordinal."""
    shown: dict[tuple[str, int], tuple[str, ...]] = {}
    for card_id in learner.collection.find_cards(""):
        card = learner.collection.get_card(card_id)
        output = card.render_output()
        sides = (words(output.question_text), words(output.answer_text))
        deck = learner.collection.decks.name(card.did)
        shown[card.note().guid, card.ord] = (*sides, deck, " ".join(card.note().tags))
    return shown


def words(html: str) -> str:
    """Return the words of HTML that has no other markup than these cards."""
    html = re.sub(r"<br>|</?div>|</?p>", "\n", html.replace("&nbsp;", " "))
    html = re.sub(r'<img src="([^"]*)"[^>]*>', r"(\1)", html)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html)).strip()


def test_an_edited_card_is_updated_and_no_other(
    original: Path, project: Path, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    main.run(["import", str(original)])
    file = project / "cards_source/maths/words.yaml"
    file.write_text(file.read_text().replace("a: zwei", "a: zwei!"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(AFTER_AN_IMPORT))
    schedules = learner.schedules()
    note_count = learner.collection.note_count()

    assert learner.import_package(build(project)) == Imported(0, 1, note_count - 1, 0)
    assert learner.schedules() == schedules
    assert not learner.needs_full_sync()


@pytest.mark.parametrize(
    "change",
    [
        lambda anki: anki.remove_cards_and_orphaned_notes(anki.find_cards("two card:2")),
        lambda anki: anki.set_deck(anki.find_cards("two card:2"), 1),
        lambda anki: anki.db.execute("delete from cards where nid = (select max(id) from notes)"),
    ],
    ids=["a card was deleted", "a card is in another deck", "a note has no cards"],
)
def test_cards_that_are_not_where_templates_say_stay_so(
    change: Callable[..., object], project: Path, tmp_path: Path
) -> None:
    with new_profile(tmp_path / "profile") as profile:
        fill(profile)
        change(profile.collection)
        original = export(profile, tmp_path, "apkg")

    assert main.run(["import", str(original)]) == 0

    with new_learner(tmp_path / "learner") as learner:
        learner.import_package(original.read_bytes())
        cards = learner.schedules()
        learner.import_package(build(project))
        assert learner.schedules() == cards
