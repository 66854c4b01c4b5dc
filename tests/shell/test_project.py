"""Which decks are found in a project, and what is reported about those that can't be read."""

import os
from pathlib import Path

import pytest

from cardwright.diagnostics import Report
from cardwright.shell.project import find_decks, read_decks
from cardwright.shell.project_folder import find_project
from cardwright.source.files import DeckFiles


def make_files(root: Path, *paths: str) -> None:
    """Write files that hold their own path."""
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(os.fsencode(path))


def read_project(root: Path) -> tuple[list[DeckFiles], list[str]]:
    """Return the decks, and the diagnostics as `code path`."""
    report = Report()
    all_decks = find_decks(root, report)
    decks = read_decks(root, all_decks, all_decks, report)
    spans = [(diagnostic.code, diagnostic.span) for diagnostic in report]
    assert all(span for _, span in spans)
    return decks, [f"{code} {span.source.path}" for code, span in spans if span]


def test_the_project_is_found_from_any_folder_in_it(tmp_path: Path) -> None:
    make_files(tmp_path, "cards_source/birds/media/a.svg")

    assert find_project(str(tmp_path / "cards_source/birds/media")) == str(tmp_path.resolve())
    assert find_project(str(tmp_path)) == str(tmp_path.resolve())


def test_a_file_of_the_name_of_the_source_folder_makes_no_project(tmp_path: Path) -> None:
    make_files(tmp_path, "cards_source")

    assert find_project(str(tmp_path)) is None


def test_a_folder_with_a_deck_file_is_a_deck_with_all_files_below_it(tmp_path: Path) -> None:
    """Topics may be sorted into folders."""
    files = ["b/deck.yaml", "b/a.yaml", "b/z/more.yml", "b/deck.lock", "b/notes.txt"]
    make_files(tmp_path, *[f"cards_source/{path}" for path in files])

    decks, diagnostics = read_project(tmp_path)

    assert not diagnostics
    assert decks == [
        DeckFiles(
            main_path="cards_source/b/deck.yaml",
            is_single_file=False,
            sources={
                f"cards_source/{path}": f"cards_source/{path}".encode()
                for path in ("b/a.yaml", "b/deck.yaml", "b/z/more.yml")
            },
            lock=b"cards_source/b/deck.lock",
        )
    ]
    assert [(deck.name, deck.folder, deck.lock_path) for deck in decks] == [
        ("b", "cards_source/b", "cards_source/b/deck.lock")
    ]


def test_a_yaml_file_outside_a_decks_folder_is_a_deck(tmp_path: Path) -> None:
    make_files(tmp_path, "cards_source/quads.yaml", "cards_source/legs/calf.yml", "cards_source/quads.lock")

    (calf, quads), diagnostics = read_project(tmp_path)

    assert not diagnostics
    assert calf.main_path == "cards_source/legs/calf.yml"
    assert (calf.name, calf.folder, calf.is_single_file) == ("calf", "cards_source/legs", True)
    assert calf.lock is None
    assert quads.lock_path == "cards_source/quads.lock"
    assert quads.lock == b"cards_source/quads.lock"


def test_a_deck_in_a_decks_folder_is_a_deck_of_its_own(tmp_path: Path) -> None:
    make_files(
        tmp_path, "cards_source/a/deck.yaml", "cards_source/a/in/b/deck.yaml", "cards_source/a/in/b/x.yaml"
    )

    decks, _ = read_project(tmp_path)

    assert [(deck.name, len(deck.sources)) for deck in decks] == [("a", 1), ("b", 2)]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    """Editors and git keep theirs there."""
    make_files(tmp_path, "cards_source/.swap.yaml", "cards_source/.git/deck.yaml", "cards_source/a.yaml")

    assert [deck.name for deck in read_project(tmp_path)[0]] == ["a"]


def test_two_decks_of_one_name_are_reported(tmp_path: Path) -> None:
    """One would be written over the other, on macOS and Windows in whatever case."""
    make_files(tmp_path, "cards_source/a/Birds/deck.yaml", "cards_source/birds.yaml")

    assert read_project(tmp_path)[1] == ["same-deck-name cards_source/birds.yaml"]


def test_a_folder_with_two_deck_files_is_reported(tmp_path: Path) -> None:
    make_files(tmp_path, "cards_source/a/deck.yaml", "cards_source/a/deck.yml")

    decks, diagnostics = read_project(tmp_path)

    assert diagnostics == ["two-deck-files cards_source/a/deck.yml"]
    assert [list(deck.sources) for deck in decks] == [["cards_source/a/deck.yaml"]]


@pytest.mark.parametrize(
    ("target", "code"),
    [("/etc/hostname", "linked-out"), ("a.yaml", "linked-to-itself"), ("gone.txt", "cannot-read")],
)
def test_a_link_that_leads_nowhere_good_is_reported(tmp_path: Path, target: str, code: str) -> None:
    """An excerpt of a file elsewhere on the disk must not end up on cards."""
    make_files(tmp_path, "cards_source/b.yaml")
    (tmp_path / "cards_source/a.yaml").symlink_to(target)

    decks, diagnostics = read_project(tmp_path)

    assert diagnostics == [f"{code} cards_source/a.yaml"]
    assert [deck.name for deck in decks] == ["b"]


def test_a_link_to_a_folder_is_reported_and_not_followed(tmp_path: Path) -> None:
    make_files(tmp_path, "cards_source/a.yaml", "elsewhere/deck.yaml")
    (tmp_path / "cards_source/b").symlink_to(tmp_path / "elsewhere")

    decks, diagnostics = read_project(tmp_path)

    assert diagnostics == ["linked-folder cards_source/b"]
    assert [deck.name for deck in decks] == ["a"]


def test_a_folder_whose_name_ends_in_yaml_is_a_folder(tmp_path: Path) -> None:
    make_files(tmp_path, "cards_source/a.yaml/b.yaml")

    decks, diagnostics = read_project(tmp_path)

    assert not diagnostics
    assert [deck.main_path for deck in decks] == ["cards_source/a.yaml/b.yaml"]


def test_a_pipe_whose_name_ends_in_yaml_is_not_read(tmp_path: Path) -> None:
    """It would keep the command waiting for ever. Somebody took it for a deck, so it is reported."""
    make_files(tmp_path, "cards_source/a.yaml")
    os.mkfifo(tmp_path / "cards_source/b.yaml")

    decks, diagnostics = read_project(tmp_path)

    assert diagnostics == ["cannot-read cards_source/b.yaml"]
    assert [deck.name for deck in decks] == ["a"]


def test_a_file_name_may_be_no_unicode(tmp_path: Path) -> None:
    """Old disks hold such names."""
    name = b"\xff.yaml".decode("utf-8", "surrogateescape")
    make_files(tmp_path, "cards_source/a.yaml", f"cards_source/{name}")

    assert [deck.name for deck in read_project(tmp_path)[0]] == ["a", "\udcff"]
