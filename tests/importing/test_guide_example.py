"""What docs/moving-in.md promises about its example, docs/examples/spanish.apkg, tried in real Anki."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

from cardwright.cli import main
from tests.support.paths import ROOT
from tests.support.real_anki import AFTER_AN_IMPORT, Imported, Learner, new_learner

pytestmark = pytest.mark.anki

PACKAGE = ROOT / "docs" / "examples" / "spanish.apkg"
NOTES = 7


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project of somebody who has imported the example."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    shutil.copy(PACKAGE, folder)
    assert main.run(["import", "spanish.apkg"]) == 0
    return folder


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[Learner]:
    """Who exported the example: their collection has the schedules that are in it."""
    with new_learner(tmp_path / "owner") as learner:
        options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
        request = ImportAnkiPackageRequest(package_path=str(PACKAGE), options=options)
        learner.collection.import_anki_package(request)
        learner.profile.mark_as_synced()
        yield learner


def build(project: Path) -> bytes:
    assert main.run(["build", "spanish"]) == 0
    return (project / "decks/spanish/spanish.apkg").read_bytes()


def back_of_past(learner: Learner) -> str:
    model = learner.collection.models.by_name("Spanish verb")
    assert model is not None
    return str(model["tmpls"][1]["afmt"])


def test_the_example_holds_schedules(owner: Learner) -> None:
    assert len(owner.collection.find_cards("is:review")) == 8


def test_nothing_changes_for_its_owner(project: Path, owner: Learner) -> None:
    schedules = owner.schedules()

    assert owner.import_package(build(project)) == Imported(0, 0, NOTES, 0)

    assert owner.schedules() == schedules
    assert not owner.needs_full_sync()
    assert owner.collection.find_notes("tag:leech")
    assert "<script>" in back_of_past(owner)


def test_an_edit_and_a_new_card_arrive_and_nothing_else_does(
    project: Path, owner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(AFTER_AN_IMPORT))
    schedules = owner.schedules()
    words = project / "cards_source/spanish/words.yaml"
    text = words.read_text().replace("a: the water\n", "a: the water (*feminine*)\n")
    words.write_text(text + "  - q: el perro\n    a: the dog\n")

    assert owner.import_package(build(project)) == Imported(1, 1, NOTES - 1, 0)

    after = owner.schedules()
    assert {card: after[card] for card in schedules} == schedules
    assert len(after) == len(schedules) + 2
    assert "<script>" in back_of_past(owner)


def test_an_edited_note_type_comes_without_its_script(
    project: Path, owner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(AFTER_AN_IMPORT))
    deck = project / "cards_source/spanish/deck.yaml"
    deck.write_text(deck.read_text().replace("Yesterday I", "Yesterday, I"))

    assert owner.import_package(build(project)) == Imported(0, 0, NOTES, 0)

    assert "<script>" not in back_of_past(owner)
    assert not owner.needs_full_sync()
