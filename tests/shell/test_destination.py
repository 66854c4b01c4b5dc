"""Printouts go where their user says, whole, and over nothing that is not one."""

from pathlib import Path

import pytest

from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.shell.destination import Destination, resolve_destination
from tests.support.failing_disks import read_only

PDF = b"%PDF-1.7 new"


def place(out: str | None, here: Path, ending: str = ".pdf") -> Destination:
    found = resolve_destination(out, here, "birds-cards", ending, here / "decks")
    assert isinstance(found, Destination)
    return found


def refusal(found: object) -> tuple[str, str]:
    assert isinstance(found, Diagnostic)
    return found.code, found.message


def test_files_are_called_after_the_deck_in_the_folder_one_is_in(tmp_path: Path) -> None:
    """That is where one looks for them."""
    found = place(None, tmp_path)

    assert found.write([("fronts", PDF), ("backs", PDF)]) == ("fronts", "backs")
    assert {path.name for path in tmp_path.iterdir()} == {"birds-cards-fronts.pdf", "birds-cards-backs.pdf"}
    assert found.display_path("backs") == "birds-cards-backs.pdf"


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
    """A file's name is taken as it is, a folder keeps the usual one."""
    (tmp_path / "paper").mkdir()
    found = place(out, tmp_path)

    assert found.display_path("") == path
    assert found.write([("", PDF)]) == ("",)
    assert (tmp_path / path).read_bytes() == PDF


@pytest.mark.parametrize("out", ["nowhere", "nowhere/", "nowhere/exam.pdf", "exam.txt", "exam.png"])
def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path, out: str) -> None:
    """A slip in a path would hide the printout; a name without its ending may be either."""
    code, _ = refusal(resolve_destination(out, tmp_path, "birds-cards", ".pdf", None))

    assert code == "no-such-folder"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("out", ["decks", "decks/birds", "decks/birds/exam.pdf"])
def test_what_is_built_is_kept_apart(tmp_path: Path, out: str) -> None:
    """A build would write over it or commit it; also when one stands in that folder."""
    birds = tmp_path / "decks/birds"
    birds.mkdir(parents=True)

    for given, here in ((out, tmp_path), (None, birds)):
        found = resolve_destination(given, here, "birds-cards", ".pdf", tmp_path / "decks")
        assert refusal(found) == ("not-for-printouts", "`decks/` is for what `cardwright build` writes")


def test_a_printout_is_written_over_and_another_file_is_not(tmp_path: Path) -> None:
    """Printing again replaces what was printed before; a text that was called .pdf stays."""
    (tmp_path / "exam.pdf").write_bytes(b"%PDF-1.4 old")
    assert place("exam.pdf", tmp_path).write([("", PDF)]) == ("",)
    assert (tmp_path / "exam.pdf").read_bytes() == PDF

    (tmp_path / "exam-backs.pdf").write_text("my notes")
    found = place("exam.pdf", tmp_path).write([("fronts", PDF), ("backs", PDF)])
    assert refusal(found) == ("not-a-printout", "`exam-backs.pdf` exists already and is not a PDF")
    assert {path.name for path in tmp_path.iterdir()} == {"exam.pdf", "exam-backs.pdf"}
    assert (tmp_path / "exam-backs.pdf").read_text() == "my notes"


def test_a_picture_is_no_pdf_and_the_other_way_about(tmp_path: Path) -> None:
    """Each is known by how it begins."""
    (tmp_path / "exam-01.png").write_bytes(PDF)
    found = place("exam.png", tmp_path, ".png").write([("01", b"\x89PNG\r\n\x1a\n")])

    assert refusal(found) == ("not-a-printout", "`exam-01.png` exists already and is not a PNG")


def test_an_empty_file_is_nobodys_work(tmp_path: Path) -> None:
    """Programs that ask for a name make one."""
    (tmp_path / "exam.pdf").touch()

    assert place("exam.pdf", tmp_path).write([("", PDF)]) == ("",)


def test_a_folder_of_that_name_is_told(tmp_path: Path) -> None:
    """It is not a place to write a file to."""
    (tmp_path / "birds-cards.pdf").mkdir()

    found = place(None, tmp_path).write([("", PDF)])

    assert refusal(found) == ("not-a-printout", "`birds-cards.pdf` exists already and is not a PDF")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """And nothing stays behind."""
    folder = tmp_path / "paper"
    folder.mkdir()
    with read_only(folder):
        code, _ = refusal(place("paper", tmp_path).write([("fronts", PDF), ("backs", PDF)]))

    assert code == "cannot-write"
    assert list(folder.iterdir()) == []
