"""Which decks are found in a project, and what is said about those that cannot be read."""

import os
from pathlib import Path

import pytest

from cardwright.diagnostics.report import Report
from cardwright.shell import project
from cardwright.source.files import DeckFiles


def make(root: Path, *paths: str) -> None:
    """Files that hold their own path."""
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(os.fsencode(path))


def found(root: Path) -> tuple[list[DeckFiles], list[str]]:
    """The decks, and what was reported as `code path`."""
    report = Report()
    decks = project.decks(root, report)
    assert all(one.span for one in report)
    return decks, [f"{one.code} {one.span.source.path}" for one in report if one.span]


def test_the_project_is_found_from_any_folder_in_it(tmp_path: Path) -> None:
    """One builds from where one edits."""
    make(tmp_path, "cards_source/birds/media/a.svg")

    assert project.find_project(tmp_path / "cards_source/birds/media") == tmp_path.resolve()
    assert project.find_project(tmp_path) == tmp_path.resolve()


def test_a_folder_without_sources_is_no_project(tmp_path: Path) -> None:
    """Nor is one where a file has the name."""
    make(tmp_path, "cards_source")

    assert project.find_project(tmp_path) is None


def test_a_folder_with_a_deck_file_is_a_deck_with_all_files_below_it(tmp_path: Path) -> None:
    """Topics may be sorted into folders."""
    inside = ["b/deck.yaml", "b/a.yaml", "b/z/more.yml", "b/deck.lock", "b/notes.txt"]
    make(tmp_path, *[f"cards_source/{path}" for path in inside])

    decks, reported = found(tmp_path)

    assert not reported
    assert decks == [
        DeckFiles(
            main_path="cards_source/b/deck.yaml",
            folder="cards_source/b",
            name="b",
            is_single_file=False,
            sources={
                f"cards_source/{path}": f"cards_source/{path}".encode()
                for path in ("b/a.yaml", "b/deck.yaml", "b/z/more.yml")
            },
            lock_path="cards_source/b/deck.lock",
            lock=b"cards_source/b/deck.lock",
        )
    ]


def test_a_yaml_file_outside_a_decks_folder_is_a_deck(tmp_path: Path) -> None:
    """The way most people start; at any depth."""
    make(tmp_path, "cards_source/quads.yaml", "cards_source/legs/calf.yml", "cards_source/quads.lock")

    (calf, quads), reported = found(tmp_path)

    assert not reported
    assert (calf.main_path, calf.name, calf.folder, calf.is_single_file) == (
        "cards_source/legs/calf.yml",
        "calf",
        "cards_source/legs",
        True,
    )
    assert calf.lock is None
    assert quads.lock_path == "cards_source/quads.lock"
    assert quads.lock == b"cards_source/quads.lock"


def test_a_deck_in_a_decks_folder_is_a_deck_of_its_own(tmp_path: Path) -> None:
    """Its files do not belong to both."""
    make(tmp_path, "cards_source/a/deck.yaml", "cards_source/a/in/b/deck.yaml", "cards_source/a/in/b/x.yaml")

    decks, _ = found(tmp_path)

    assert [(deck.name, len(deck.sources)) for deck in decks] == [("a", 1), ("b", 2)]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    """Editors and git keep theirs there."""
    make(tmp_path, "cards_source/.swap.yaml", "cards_source/.git/deck.yaml", "cards_source/a.yaml")

    assert [deck.name for deck in found(tmp_path)[0]] == ["a"]


def test_two_decks_of_one_name_are_reported(tmp_path: Path) -> None:
    """One would be written over the other, on macOS and Windows in whatever case."""
    make(tmp_path, "cards_source/a/Birds/deck.yaml", "cards_source/birds.yaml")

    assert found(tmp_path)[1] == ["same-deck-name cards_source/birds.yaml"]


def test_a_folder_with_two_deck_files_is_reported(tmp_path: Path) -> None:
    """Which of them is meant cannot be known."""
    make(tmp_path, "cards_source/a/deck.yaml", "cards_source/a/deck.yml")

    decks, reported = found(tmp_path)

    assert reported == ["two-deck-files cards_source/a/deck.yml"]
    assert [list(deck.sources) for deck in decks] == [["cards_source/a/deck.yaml"]]


@pytest.mark.parametrize(
    ("target", "code"),
    [("/etc/hostname", "linked-out"), ("a.yaml", "linked-to-itself"), ("gone.txt", "cannot-read")],
    ids=["out", "loop", "gone"],
)
def test_a_link_that_leads_nowhere_good_is_reported(tmp_path: Path, target: str, code: str) -> None:
    """An excerpt of a file elsewhere on the disk must not end up on cards."""
    make(tmp_path, "cards_source/b.yaml")
    (tmp_path / "cards_source/a.yaml").symlink_to(target)

    decks, reported = found(tmp_path)

    assert reported == [f"{code} cards_source/a.yaml"]
    assert [deck.name for deck in decks] == ["b"]


def test_a_link_to_a_folder_is_not_followed_in_silence(tmp_path: Path) -> None:
    """Whoever made it wonders otherwise where the cards are."""
    make(tmp_path, "cards_source/a.yaml", "elsewhere/deck.yaml")
    (tmp_path / "cards_source/b").symlink_to(tmp_path / "elsewhere")

    decks, reported = found(tmp_path)

    assert reported == ["linked-folder cards_source/b"]
    assert [deck.name for deck in decks] == ["a"]


def test_a_folder_with_a_yaml_ending_is_a_folder(tmp_path: Path) -> None:
    """No crash on reading it."""
    make(tmp_path, "cards_source/a.yaml/b.yaml")

    decks, reported = found(tmp_path)

    assert not reported
    assert [deck.main_path for deck in decks] == ["cards_source/a.yaml/b.yaml"]


def test_a_pipe_with_a_yaml_ending_is_not_read(tmp_path: Path) -> None:
    """It would keep the command waiting for ever."""
    make(tmp_path, "cards_source/a.yaml")
    os.mkfifo(tmp_path / "cards_source/b.yaml")

    decks, reported = found(tmp_path)

    assert not reported
    assert [deck.name for deck in decks] == ["a"]


def test_a_file_name_that_is_not_unicode_is_survived(tmp_path: Path) -> None:
    """Old disks hold such names."""
    make(tmp_path, "cards_source/a.yaml")
    name = b"\xff.yaml".decode("utf-8", "surrogateescape")
    make(tmp_path, f"cards_source/{name}")

    assert [deck.name for deck in found(tmp_path)[0]] == ["a", "\udcff"]
