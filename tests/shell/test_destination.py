"""Printouts are written where the user says, all or none, and over nothing that is not a printout."""

from pathlib import Path

import pytest

from cardwright.diagnostics import Diagnostic
from cardwright.shell.destination import Destination, resolve_destination
from tests.support.failing_disks import read_only

PDF = b"%PDF-1.7 new"


def good_destination(out: str | None, here: Path, ending: str = ".pdf") -> Destination:
    destination = resolve_destination(out, here, "birds-cards", ending, here / "decks")
    assert isinstance(destination, Destination)
    return destination


def error(result: object) -> tuple[str, str]:
    assert isinstance(result, Diagnostic)
    return result.code, result.message


def test_files_are_named_after_the_deck_in_the_current_folder(tmp_path: Path) -> None:
    result = good_destination(None, tmp_path)

    assert result.write([("fronts", PDF), ("backs", PDF)]) == ("fronts", "backs")
    assert {path.name for path in tmp_path.iterdir()} == {"birds-cards-fronts.pdf", "birds-cards-backs.pdf"}
    assert result.display_path("backs") == "birds-cards-backs.pdf"


@pytest.mark.parametrize(
    ("out", "path"),
    [
        ("paper", "paper/birds-cards.pdf"),
        ("paper/", "paper/birds-cards.pdf"),
        ("paper/exam.pdf", "paper/exam.pdf"),
        ("./exam.PDF", "./exam.pdf"),
    ],
)
def test_a_folder_or_a_file_may_be_named(tmp_path: Path, out: str, path: str) -> None:
    """A file's name is taken as it is, a folder keeps the default name."""
    (tmp_path / "paper").mkdir()
    result = good_destination(out, tmp_path)

    assert result.display_path("") == path
    assert result.write([("", PDF)]) == ("",)
    assert (tmp_path / path).read_bytes() == PDF


@pytest.mark.parametrize("out", ["nowhere", "nowhere/", "nowhere/exam.pdf", "exam.txt", "exam.png"])
def test_a_missing_folder_is_not_made(tmp_path: Path, out: str) -> None:
    """A typo in a path would hide the printout; a name without its ending may be either."""
    code, _ = error(resolve_destination(out, tmp_path, "birds-cards", ".pdf", None))

    assert code == "no-such-folder"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("out", ["decks", "decks/birds", "decks/birds/exam.pdf"])
def test_the_folder_of_outputs_is_refused(tmp_path: Path, out: str) -> None:
    """A build would overwrite a printout there; also when it is the current folder."""
    birds = tmp_path / "decks/birds"
    birds.mkdir(parents=True)

    for name, here in ((out, tmp_path), (None, birds)):
        result = resolve_destination(name, here, "birds-cards", ".pdf", tmp_path / "decks")
        assert error(result) == ("not-for-printouts", "`decks/` is for what `cardwright build` writes")


def test_a_printout_is_overwritten_and_another_file_is_not(tmp_path: Path) -> None:
    """Printing again replaces the earlier printout; a text that was called .pdf stays."""
    (tmp_path / "exam.pdf").write_bytes(b"%PDF-1.4 old")
    assert good_destination("exam.pdf", tmp_path).write([("", PDF)]) == ("",)
    assert (tmp_path / "exam.pdf").read_bytes() == PDF

    (tmp_path / "exam-backs.pdf").write_text("my notes")
    result = good_destination("exam.pdf", tmp_path).write([("fronts", PDF), ("backs", PDF)])
    assert error(result) == ("not-a-printout", "`exam-backs.pdf` exists already and is not a PDF")
    assert {path.name for path in tmp_path.iterdir()} == {"exam.pdf", "exam-backs.pdf"}
    assert (tmp_path / "exam-backs.pdf").read_text() == "my notes"


def test_a_pdf_is_not_overwritten_by_a_picture(tmp_path: Path) -> None:
    """Each is recognized by its first bytes."""
    (tmp_path / "exam-01.png").write_bytes(PDF)
    result = good_destination("exam.png", tmp_path, ".png").write([("01", b"\x89PNG\r\n\x1a\n")])

    assert error(result) == ("not-a-printout", "`exam-01.png` exists already and is not a PNG")


def test_an_empty_file_is_overwritten(tmp_path: Path) -> None:
    """Programs that ask for a name make one."""
    (tmp_path / "exam.pdf").touch()

    assert good_destination("exam.pdf", tmp_path).write([("", PDF)]) == ("",)


def test_a_folder_with_the_name_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "birds-cards.pdf").mkdir()

    result = good_destination(None, tmp_path).write([("", PDF)])

    assert error(result) == ("not-a-printout", "`birds-cards.pdf` exists already and is not a PDF")


def test_a_folder_that_cannot_be_written_is_an_error_and_stays_empty(tmp_path: Path) -> None:
    folder = tmp_path / "paper"
    folder.mkdir()
    with read_only(folder):
        code, _ = error(good_destination("paper", tmp_path).write([("fronts", PDF), ("backs", PDF)]))

    assert code == "cannot-write"
    assert list(folder.iterdir()) == []
