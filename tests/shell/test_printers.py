"""The offsets of printers are saved in the user's folder for settings."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.diagnostics import Diagnostic
from cardwright.shell import printers
from tests.support.failing_disks import read_only


def test_saved_offsets_can_be_read_and_replaced(tmp_path: Path) -> None:
    """Each printer by itself; the folder is made when it is first needed."""
    folder = tmp_path / "settings" / "cardwright"
    assert printers.read_offsets(folder) == {}

    assert printers.save_offset(folder, "office, tray 2", (0.5, -1.0)) is None
    assert printers.save_offset(folder, "Küche", (0.0, 2.0)) is None
    assert printers.save_offset(folder, "office, tray 2", (0.25, -1.0)) is None

    assert printers.read_offsets(folder) == {"office, tray 2": (0.25, -1.0), "Küche": (0.0, 2.0)}
    assert printers.read_offset(folder, "Küche") == (0.0, 2.0)
    assert [path.name for path in folder.iterdir()] == ["printers.json"]


def test_the_file_can_be_read_by_humans(tmp_path: Path) -> None:
    """Names in alphabetical order, letters as they are."""
    printers.save_offset(tmp_path, "office", (0.5, -1.0))
    printers.save_offset(tmp_path, "Küche", (0.0, 2.0))

    assert (tmp_path / "printers.json").read_text("utf-8") == (
        '{\n  "Küche": {"right": 0.0, "down": 2.0},\n  "office": {"right": 0.5, "down": -1.0}\n}\n'
    )


def test_an_unknown_printer_is_an_error_that_lists_the_known_ones(tmp_path: Path) -> None:
    """A typo would print all backs without an offset."""
    nothing = printers.read_offset(tmp_path, "office")
    assert isinstance(nothing, Diagnostic)
    assert nothing.message == "no offset is saved for a printer called `office`"
    assert nothing.help == "`--offset X,Y` with it saves one"

    printers.save_offset(tmp_path, "office", (0.5, -1.0))
    printers.save_offset(tmp_path, "school", (0.0, 0.0))
    near, far = printers.read_offset(tmp_path, "ofice"), printers.read_offset(tmp_path, "home")
    assert isinstance(near, Diagnostic)
    assert isinstance(far, Diagnostic)
    assert near.help == "did you mean `office`?"
    assert far.help == "choose from: `office`, `school`"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"office": 1}',
        '{"office": {}}',
        '{"office": {"right": 1}}',
        '{"office": {"right": "1", "down": "2"}}',
        '{"office": {"right": true, "down": 0}}',
        '{"office": {"right": NaN, "down": 0}}',
        '{"office": {"right": 1e999, "down": 0}}',
        "[" * 100_000,
        "\xff",
    ],
)
def test_a_broken_file_is_an_error_and_not_overwritten(tmp_path: Path, text: str) -> None:
    """It may hold the offsets of five printers and one comma too many."""
    path = tmp_path / "printers.json"
    path.write_bytes(text.encode("latin-1"))

    for error in (
        printers.read_offsets(tmp_path),
        printers.read_offset(tmp_path, "office"),
        printers.save_offset(tmp_path, "school", (1.0, 1.0)),
    ):
        assert isinstance(error, Diagnostic)
        assert error.code == "printers-unreadable"
        assert error.span
        assert error.span.source.path == str(path)
    assert path.read_bytes() == text.encode("latin-1")


def test_a_folder_that_cannot_be_written_is_an_error_and_stays_empty(tmp_path: Path) -> None:
    folder = tmp_path / "cardwright"
    folder.mkdir()
    with read_only(folder):
        error = printers.save_offset(folder, "office", (1.0, 1.0))

    assert isinstance(error, Diagnostic)
    assert error.code == "cannot-write"
    assert list(folder.iterdir()) == []


def test_a_folder_with_the_name_of_the_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "printers.json").mkdir()

    for error in (printers.read_offsets(tmp_path), printers.save_offset(tmp_path, "office", (1.0, 1.0))):
        assert isinstance(error, Diagnostic)
        assert error.code == "cannot-read"


lengths = st.floats(-15, 15, allow_nan=False).map(lambda length: round(length, 3))


@given(st.dictionaries(st.text(max_size=8) | st.just("caf\udce9"), st.tuples(lengths, lengths), max_size=4))
def test_every_name_and_offset_can_be_read_again(
    tmp_path_factory: pytest.TempPathFactory, expected: dict[str, tuple[float, float]]
) -> None:
    folder = tmp_path_factory.mktemp("settings")
    for name, offset in expected.items():
        assert printers.save_offset(folder, name, offset) is None

    assert printers.read_offsets(folder) == expected
