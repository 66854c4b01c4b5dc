"""`cardwright print` as a user sees it: the files, the output, the exit code."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pikepdf
import pytest

from cardwright.cli import main
from cardwright.cli.print import command as print_command
from cardwright.layout.card_sizes import CARD_SIZES
from cardwright.shell import printers
from cardwright.shell.user_folders import settings_folder
from tests.support.failing_disks import read_only

BIRDS = """\
deck: Birds
id: birds
topic: Night birds
cards:
  - {id: owl, q: Which bird hoots?, a: The owl, tags: [exam]}
  - {id: bat, q: Is a bat a bird?, a: "No", reverse: Which night flyer is no bird?}
  - {id: film, q: Watch the film., a: Seen, print: false}
"""
DUPLEX = "Print on both sides, flip on the long edge, at 100 % (not “fit to page”)."


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project with one deck, and make it the current folder."""
    (tmp_path / "cards_source").mkdir()
    (tmp_path / "cards_source/birds.yaml").write_text(BIRDS)
    monkeypatch.chdir(tmp_path)
    settings_in(tmp_path / "home", monkeypatch)
    return tmp_path


def settings_in(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep settings there, whatever this system goes by."""
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("APPDATA", raising=False)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))


def files_in(root: Path) -> set[str]:
    """Return the paths of all files except the sources."""
    paths = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    return {path for path in paths if not path.startswith("cards_source/")}


def succeeds(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Return the lines that a call prints, which has to succeed."""
    code = main.run(["print", *arguments])
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    return out.splitlines()


def fails(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> str:
    """Return the errors of a call, which has to exit with a code."""
    assert main.run(["print", *arguments]) == code
    out, err = capsys.readouterr()
    assert out == ""
    return err


def count_pages(root: Path, name: str = "birds-cards.pdf") -> int:
    with pikepdf.open(root / name) as pdf:
        return len(pdf.pages)


def test_without_arguments_the_only_deck_is_printed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file is in the current folder, and the output says how to print it."""
    assert succeeds(capsys) == ["Birds: 3 cards on 1 sheet of A4", "  written    birds-cards.pdf", DUPLEX]
    assert files_in(root) == {"birds-cards.pdf"}
    assert count_pages(root) == 2


def test_printing_changes_neither_sources_nor_lock_nor_outputs(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A card without an id is printed with the id that a build would give it."""
    source = root / "cards_source/birds.yaml"
    main.run(["build", "--only", "anki"])
    source.write_text(BIRDS + "  - {q: Which bird is white?, a: The swan}\n")
    capsys.readouterr()
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}

    succeeds(capsys, "--ids", "which-bird-is-white")

    after = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    pdf = root / "birds-cards-id-which-bird-is-white.pdf"
    assert after.keys() - before.keys() == {pdf}
    assert before.items() <= after.items()
    text = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, check=True)
    assert b"which-bird-is-white" in text.stdout


@pytest.mark.usefixtures("root")
def test_selected_cards_are_counted_among_all(capsys: pytest.CaptureFixture[str]) -> None:
    """A typo in the selection is noticed before the paper is used up."""
    assert succeeds(capsys, "birds", "--topic", "night BIRDS", "--tag", "exam")[0] == (
        "Birds: 1 of 3 cards on 1 sheet of A4"
    )
    assert succeeds(capsys, "--ids", "owl, bat")[0] == "Birds: 3 cards on 1 sheet of A4"
    assert succeeds(capsys, "--ids", "owl", "--ids", "bat#2")[0] == "Birds: 3 cards on 1 sheet of A4"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("--topic 'Day birds'", "the deck has no topic `Day birds`"),
        ("--tag exma", "did you mean `exam`?"),
        ("--ids owl,owll", "the deck has no card with the id `owll`"),
        ("--ids film", "`film` is kept off paper by `print: false`"),
        ("--tag exam --ids bat", "of the 1 card chosen by `--tag`, none has the id `bat`"),
    ],
)
def test_an_empty_selection_is_an_error(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: str, expected: str
) -> None:
    err = fails(capsys, 1, *shlex.split(arguments))

    assert expected in err
    assert err.endswith("; nothing was written\n")
    assert files_in(root) == set()


def test_all_errors_of_the_options_and_the_deck_are_reported_at_once(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    err = fails(capsys, 1, "--card", "pokr", "--printer", "office", "--tag", "exma", "--out", "nowhere")

    codes = re.findall(r"^error\[(.+?)\]", err, re.MULTILINE)
    assert sorted(codes) == ["no-such-folder", "unknown-card-size", "unknown-printer", "unknown-tag"]
    assert files_in(root) == set()


def test_a_deck_with_errors_is_not_printed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are reported as `check` does."""
    (root / "cards_source/birds.yaml").write_text(BIRDS.replace("a: The owl", "answr: The owl"))

    assert "--> cards_source/birds.yaml:5:" in fails(capsys, 1)
    assert files_in(root) == set()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("--card avery-5371 --paper a4", "`avery-5371` is for letter paper, not for a4"),
        ("--card pokr", "did you mean `poker`?"),
        ("--paper a44", "there is no paper called `a44`"),
        ("--bleed -3", "a bleed of -3 mm; these cards have room for 0 to 1 mm"),
        ("--bleed 9999mm", "a bleed of 9999 mm"),
        ("--offset 40,0", "an offset of 40,0 mm; 15 mm is the most"),
        ("--scale-font 9", "`--scale-font` is a number from 0.5 to 2; found `9`"),
        ("--card a7 --marks crops", "crop marks need "),
        ("--card big.yaml --mode fold", "no two cards of 150 × 200 mm fit on the paper"),
        ("--card gone.yaml", "there is no file `gone.yaml`"),
        ("--card off.yaml", "--> off.yaml:3:10"),
        ("--printer office", "no offset is saved for a printer called `office`"),
        ("--changed v1.0", "`v1.0` is not a date or file, and there is no git here"),
        ("--changed 2026-02-30", "there is no time `2026-02-30`"),
        ("--out nowhere/birds.pdf", "there is no folder `nowhere`"),
        ("--out birds.doc", "end the name in .pdf for a file"),
        ("--mode fold --flip short", "`--flip` is for the other side of the paper"),
        ("--mode single --rotate-backs", "`--rotate-backs` is for the other side of the paper"),
        ("--start-at 9", "there is no cell 9; a sheet of these cards has 8"),
        ("--start-at 5 --mode fold", "there is no cell 5; a sheet of these cards has 4"),
        ("--start-at 11 --card avery-l4785", "there is no cell 11; a sheet of these cards has 10"),
    ],
)
def test_a_printing_error_exits_with_1_and_writes_nothing(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: str, expected: str
) -> None:
    (root / "off.yaml").write_text("paper: a4\nsize: [63, 88]\ncolumns: 9\nrows: 3\n")
    (root / "big.yaml").write_text("paper: a4\nsize: [150, 200]\n")

    err = fails(capsys, 1, *shlex.split(arguments))

    assert expected in err
    assert err.endswith("; nothing was written\n")
    assert files_in(root) == {"big.yaml", "off.yaml"}


def test_own_cards_in_deck_yaml_that_are_for_another_paper_are_pointed_at(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "deck: Birds\nprint: {card: {paper: letter, size: [60, 60]}}\n"
    (root / "cards_source/birds.yaml").write_text(BIRDS.replace("deck: Birds\n", head))

    err = fails(capsys, 1, "--paper", "a4")
    assert "error[not-on-this-paper]: the cards are for letter paper, not for a4" in err
    assert "--> cards_source/birds.yaml:2:9\n" in err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("--flip sideways", "'sideways' is not one of 'long', 'short'"),
        ("--bleed three", "--bleed: `three` is not a length such as 3, 3mm or 0.125in"),
        ("--offset 1", "--offset: `1` is not two lengths in mm such as 0.5,-1.2"),
        ("--scale-font -1", "--scale-font: `-1` is not a number such as 1.2"),
        ("--printer ' '", "--printer needs a name"),
        ("--ids ,", "--ids needs an id"),
        ("--layout list --flip long", "--layout list prints no cards, so there is no use for --flip"),
        ("--layout quiz --fit report", "--layout quiz prints no cards, so there is no use for --fit"),
        ("--fit report --out x.pdf", "--fit report writes no file, so there is no use for --out"),
        ("--fit report --flip long", "so there is no use for --flip"),
        ("--fit report --start-at 2", "so there is no use for --start-at"),
        ("--layout list --start-at 2", "so there is no use for --start-at"),
        ("--start-at 0", "--start-at: `0` is not the number of a cell, which begin with 1"),
        ("--start-at 1.5", "--start-at: `1.5` is not the number of a cell"),
        ("--start-at B2", "--start-at: `B2` is not the number of a cell"),
        ("--list-presets --start-at 2", "so there is no use for --start-at"),
        ("--calibrate birds", "--calibrate prints a test page, so there is no use for a DECK"),
        ("--calibrate --topic x", "--calibrate prints a test page, so there is no use for --topic"),
        ("--list-presets --paper a4", "so there is no use for --paper"),
        ("--list-presets --format github", "so there is no use for --format"),
        ("--fit report --format github", "so there is no use for --format"),
        ("brids", "no deck is called `brids`; did you mean `birds`?"),
    ],
)
def test_a_wrong_call_exits_with_2(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: str, expected: str
) -> None:
    """No option is accepted and then ignored."""
    assert expected in fails(capsys, 2, *shlex.split(arguments))
    assert files_in(root) == set()


def test_of_several_decks_one_has_to_be_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Paper is not printed by the dozen because a name was left out."""
    (root / "cards_source/fish.yaml").write_text(BIRDS.replace("irds", "ish").replace("id: bish", "id: fish"))

    assert "print one deck at a time; here are birds, fish" in fails(capsys, 2)
    assert succeeds(capsys, "fish")[1] == "  written    fish-cards.pdf"


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ('{id: pic, q: "![x](broken.png)", a: x}', "the picture `broken.png` is damaged"),
        ('{id: old, q: "\U00050000?", a: x}', "(U+50000), which no font at hand can show"),
    ],
)
def test_a_broken_picture_or_a_letter_without_a_font_is_an_error(
    root: Path, capsys: pytest.CaptureFixture[str], card: str, expected: str
) -> None:
    (root / "cards_source/broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnot much of a picture")
    (root / "cards_source/birds.yaml").write_text(f"{BIRDS}  - {card}\n")

    assert expected in fails(capsys, 1)
    assert files_in(root) == set()


def test_options_override_deck_yaml(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Marks and bleed that were chosen for other cards are dropped."""
    head = "deck: Birds\nprint: {paper: letter, card: poker, flip: short, marks: crops, bleed: 0}\n"
    (root / "cards_source/birds.yaml").write_text(BIRDS.replace("deck: Birds\n", head))

    assert succeeds(capsys)[0].endswith(" of US Letter")
    assert "flip on the short edge" in succeeds(capsys)[2]
    assert succeeds(capsys, "--flip", "long")[2] == DUPLEX
    assert succeeds(capsys, "--card", "a7")[0].endswith(" of US Letter")
    assert succeeds(capsys, "--card", "a8")[0].endswith(" of A4")
    assert succeeds(capsys, "--paper", "a4")[0].endswith(" of A4")


def test_a_custom_card_size_comes_from_a_file(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its paper is its own, or that of the command line."""
    (root / "stock.yaml").write_text("unit: in\npaper: letter\nsize: [3, 2]\n")
    (root / "bare.yaml").write_text("size: [63, 88]\n")

    assert succeeds(capsys, "--card", "stock.yaml")[0] == "Birds: 3 cards on 1 sheet of US Letter"
    assert succeeds(capsys, "--card", "./bare.yaml", "--paper", "letter")[0].endswith("US Letter")
    err = fails(capsys, 1, "--card", "stock.yaml", "--paper", "a4")
    assert "the cards are for letter paper, not for a4" in err


@pytest.mark.parametrize(
    ("arguments", "file_names", "expected"),
    [
        (
            "--mode split",
            ["birds-cards-split-fronts.pdf", "birds-cards-split-backs.pdf"],
            "Print the fronts on one side",
        ),
        (
            "--mode split --out x.pdf",
            ["x-fronts.pdf", "x-backs.pdf"],
            "its margin says which sheet it is, and which side.",
        ),
        (
            "--mode split --card a7 --out x.pdf",
            ["x-fronts.pdf", "x-backs.pdf"],
            "Try it with one sheet: a card has the same number on both sides.",
        ),
        ("--mode fold", ["birds-cards-fold.pdf"], "fold it along the dashed line"),
        ("--mode single", ["birds-cards-single.pdf"], "the backs stay white"),
        ("--flip short", ["birds-cards-short-edge.pdf"], "flip on the short edge"),
        ("--rotate-backs", ["birds-cards-backs-rotated.pdf"], "Turn each card over its top edge"),
        ("--rotate-backs --mode fold", ["birds-cards-fold-backs-rotated.pdf"], "over its top edge"),
        ("--order stacks --card big.yaml", ["birds-cards-big-stacks.pdf"], "Cut all sheets at once"),
        ("--card sigel-lp795", ["birds-cards-sigel-lp795.pdf"], "Try it on plain paper first"),
        ("--offset 0.5,-1", ["birds-cards-offset-0.5,-1.pdf"], "moved 0.5 mm to the right and 1 mm up."),
        (
            "--start-at 7",
            ["birds-cards-from-cell-7.pdf"],
            "Sheet 1 is your used one: its cards begin in cell 7",
        ),
        (
            "--grey --scale-font 1.1 --marks none --bleed 0",
            ["birds-cards-no-marks-bleed-0-type-1.1-grey.pdf"],
            DUPLEX,
        ),
        ("--preview", ["birds-cards-01.png", "birds-cards-02.png"], ""),
        ("--layout list", ["birds-list.pdf"], "Fold it along the middle to hide the answers."),
        ("--layout quiz", ["birds-quiz.pdf"], "The answers begin on page 3."),
        ("--layout summary --paper letter", ["birds-summary-letter.pdf"], "on 1 page of US Letter"),
        ("--layout list --preview", ["birds-list-01.png"], "on 1 page of A4"),
        ("--out paper", ["paper/birds-cards.pdf"], DUPLEX),
        ("--out paper/exam.pdf --mode split", ["paper/exam-fronts.pdf", "paper/exam-backs.pdf"], ""),
    ],
)
def test_each_way_of_printing_says_what_to_do(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: str, file_names: list[str], expected: str
) -> None:
    """In order, and only what this way needs."""
    (root / "paper").mkdir()
    (root / "big.yaml").write_text("paper: a4\nsize: [140, 120]\n")

    lines = succeeds(capsys, *shlex.split(arguments))

    assert [line.split()[1] for line in lines if line.startswith("  written")] == file_names
    assert expected in "\n".join(lines)
    assert files_in(root) == {*file_names, "big.yaml"}


LONG_ID = "which-one-is-which-of-all-these-nocturnal-birds"
VARIANTS = [
    *("", "--card poker", "--card a8", "--paper letter", "--mode fold", "--mode single", "--order stacks"),
    *("--order rows", "--flip short", "--flip long", "--rotate-backs", "--no-rotate-backs", "--marks crops"),
    *("--marks lines", "--marks none", "--bleed 0", "--bleed 0.5", "--offset 1,0", "--offset 0,1"),
    *("--start-at 2", "--start-at 3", "--scale-font 1.1", "--scale-font 1.2", "--grey", "--no-grey"),
    *("--topic 'Night birds'", "--tag exam", "--ids owl", "--ids bat", "--ids owl,bat", "--layout list"),
    *("--changed 2001-01-01", "--changed 2001-01-01T12:00"),
    *(f"--ids {LONG_ID}-a", f"--ids {LONG_ID}-b", f"--ids {LONG_ID}-a,owl"),
    *("--overflow skip", "--overflow continue", "--printer office", "--printer home"),
    *("--layout quiz", "--layout list --grey", "--layout list --tag exam", "--card owl.yaml", "--tag owl"),
]


def test_no_variant_overwrites_another(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And each name says which it is; printing one again overwrites it, and nothing else."""
    longer = "".join(f"  - {{id: {LONG_ID}-{end}, q: Which?, a: This}}\n" for end in "ab")
    (root / "cards_source/birds.yaml").write_text(BIRDS.replace("[exam]", "[exam, owl]") + longer)
    (root / "owl.yaml").write_text("paper: a4\nsize: [60, 60]\n")
    for printer in ("office", "home"):
        printers.save_offset(settings_folder(), printer, (1, 0))
    names = []
    for variant in VARIANTS:
        assert main.run(["print", *shlex.split(variant)]) == 0
        names += [line.split()[1] for line in capsys.readouterr().out.splitlines()[1:2]]

    assert len(set(names)) == len(VARIANTS)
    assert max(map(len, names)) <= len("birds-cards-id-.pdf") + 28 + len("-1234")
    assert names[:3] == ["birds-cards.pdf", "birds-cards-poker.pdf", "birds-cards-a8.pdf"]
    assert {name for name in files_in(root) if name.endswith(".pdf")} == set(names)


def test_every_option_that_changes_a_printout_has_a_variant_above() -> None:
    """Whoever adds an option thinks of the file's name."""
    options = {name for parameter in print_command.params for name in parameter.opts if name.startswith("--")}
    others = {"--fit", "--preview", "--out", "--calibrate", "--list-presets", "--format", "--help"}

    assert options - others == {word for variant in VARIANTS for word in variant.split() if word in options}


def test_help_shows_a_word_that_has_to_be_typed_without_brackets(capsys: pytest.CaptureFixture[str]) -> None:
    """Brackets are around what may be left out, or chosen."""
    assert main.run(["print", "--help"]) == 0
    assert "--fit report " in capsys.readouterr().out


@pytest.mark.usefixtures("root")
def test_a_name_does_not_depend_on_the_order_of_options(capsys: pytest.CaptureFixture[str]) -> None:
    calls = [["--ids", "bat,owl", "--grey"], ["--grey", "--ids", "owl", "--ids", "bat"]]

    for call in calls:
        assert succeeds(capsys, *call)[1] == "  written    birds-cards-grey-id-bat-owl.pdf"


def test_a_name_is_short_enough_for_every_disk(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """However many choices there are, and in any script."""
    topic = "夜" * 90
    (root / "cards_source/birds.yaml").write_text(
        BIRDS.replace("Night birds", topic).replace("[exam]", f"[{topic}]")
    )
    options = ["--tag", topic, "--ids", "owl", "--card", "index-3x5-upright", "--marks", "lines", "--grey"]

    succeeds(capsys, "--topic", topic, *options)
    (first,) = files_in(root)
    succeeds(capsys, "--topic", topic, *options, "--flip", "short")
    assert len(files_in(root)) == 2
    assert len(first.encode()) < 150


def test_fit_report_lists_the_tightest_cards_and_writes_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each card by its tighter side."""
    long = "  - {id: long, q: Why?, a: " + "Because of the feathers. " * 24 + "}\n"
    (root / "cards_source/birds.yaml").write_text(BIRDS + long)

    headline, columns, first, *rest = succeeds(capsys, "--fit", "report")

    assert headline == "Birds: of 4 cards the 4 with the least room left"
    assert columns.split() == ["type", "takes", "card"]
    assert re.fullmatch(r"  \d+\.\d pt \(\d\d %\) +\d+\.\d of \d+\.\d mm high +long, back", first)
    assert len(rest) == 3
    assert succeeds(capsys, "--fit", "report", "--ids", "owl")[0] == "Birds: the room on its card"
    assert files_in(root) == set()


def test_preview_writes_pictures_of_150_ppi(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    succeeds(capsys, "--preview")
    data = (root / "birds-cards-02.png").read_bytes()

    assert int.from_bytes(data[16:20]) == pytest.approx(210 / 25.4 * 150, abs=1)


def test_the_offset_of_a_printer_is_saved_and_used(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the printer's name alone, the file is the same as with the offset."""
    succeeds(capsys, "--printer", "office", "--offset", "0.5,-1.25")
    with_offset = (root / "birds-cards-offset-0.5,-1.25-on-office.pdf").read_bytes()
    succeeds(capsys)
    assert (root / "birds-cards.pdf").read_bytes() != with_offset

    assert succeeds(capsys, "--printer", "office")[-1] == (
        "Backs are moved 0.5 mm to the right and 1.25 mm up, as saved for office."
    )
    assert (root / "birds-cards-on-office.pdf").read_bytes() == with_offset
    assert "did you mean `office`?" in fails(capsys, 1, "--printer", "ofice")


def test_a_call_that_fails_saves_no_offset(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fails(capsys, 1, "--printer", "office", "--offset", "0.5,0", "--topic", "x")
    fails(capsys, 1, "--printer", "office", "--offset", "50,0")

    assert files_in(root) == set()


def test_a_broken_file_of_offsets_is_an_error_and_not_overwritten(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is printed with an offset that was not understood."""
    kept = settings_folder() / printers.FILE_NAME
    kept.parent.mkdir(parents=True)
    kept.write_text("{")

    for arguments in (["--printer", "office"], ["--printer", "office", "--offset", "1,1"]):
        err = fails(capsys, 1, *arguments)
        assert "the saved offsets of your printers can't be read" in err
        assert str(kept) in err
    assert kept.read_text() == "{"
    assert files_in(root) == {kept.relative_to(root).as_posix()}


def test_a_folder_that_cannot_be_written_exits_with_1(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No file of a split printout stays behind."""
    (root / "paper").mkdir()
    with read_only(root / "paper"):
        err = fails(capsys, 1, "--mode", "split", "--out", "paper")

    assert "error[cannot-write]: cannot write `birds-cards-…-fronts.pdf`: " in err
    assert files_in(root) == set()


def test_only_printouts_are_overwritten(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing is written into the folder of outputs."""
    (root / "birds-cards.pdf").write_text("my notes")
    (root / "decks").mkdir()

    assert "`birds-cards.pdf` exists already and is not a PDF" in fails(capsys, 1)
    assert (root / "birds-cards.pdf").read_text() == "my notes"
    assert "`decks/` is for what `cardwright build` writes" in fails(capsys, 1, "--out", "decks")


def test_changed_prints_changes_and_names_removed_cards(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the package that was printed from; the rest of the pile is still good."""
    main.run(["build", "--only", "anki"])
    (root / "decks/birds/birds.apkg").rename(root / "printed.apkg")
    newer = BIRDS.replace("Which bird hoots?", "Which bird calls at night?").replace(
        ", reverse: Which night flyer is no bird?", ""
    )
    (root / "cards_source/birds.yaml").write_text(newer + "  - {id: swan, q: White?, a: Swan}\n")
    capsys.readouterr()

    assert main.run(["print", "--changed", "printed.apkg", "--tag", "exam"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Birds: 1 of 3 cards on 1 sheet of A4\n")
    assert "note[cards-left]: 1 card is no longer printed since printed.apkg" in err
    assert "take it out of the pile: `bat#2`" in err

    assert main.run(["print", "--changed", "cards_source/birds.lock"]) == 0
    assert capsys.readouterr().out.startswith("Birds: 3 cards on ")


def test_a_revision_in_git_is_a_release(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Releases are tagged there, and the lock is committed with the sources."""
    main.run(["build", "--only", "anki"])
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "cards_source"], ["commit", "-qm", "v1"], ["tag", "v1.0"]):
        subprocess.run([*git, *command], check=True, cwd=root)
    capsys.readouterr()

    assert "no card is new or looks different since v1.0" in fails(capsys, 1, "--changed", "v1.0")
    (root / "cards_source/birds.yaml").write_text(BIRDS.replace("exam", "oral"))
    assert "no card is new or looks different since v1.0" in fails(capsys, 1, "--changed", "v1.0")
    (root / "cards_source/birds.yaml").write_text(BIRDS.replace("The owl", "An owl"))
    assert succeeds(capsys, "--changed", "v1.0")[0] == "Birds: 1 of 3 cards on 1 sheet of A4"
    assert succeeds(capsys, "--changed", "2001-01-01")[0] == "Birds: 3 cards on 1 sheet of A4"


def test_without_a_lock_all_cards_are_new_with_a_remark(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.run(["print", "--changed", "2026-11-01"]) == 0
    out, err = capsys.readouterr()

    assert out.startswith("Birds: 3 cards on ")
    assert "the deck has no lock yet, so all of its cards count as new" in err
    assert files_in(root) == {"birds-cards-since-2026-11-01.pdf"}


def test_formats_for_machines_have_diagnostics_and_nothing_else(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As with `check`; for JSON see test_json_output.py."""
    assert main.run(["print", "--tag", "exma", "--format", "github"]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("::error ")
    assert "unknown-tag" in out
    assert err == ""

    assert main.run(["print", "--format", "github"]) == 0
    assert capsys.readouterr() == ("", "")
    assert files_in(root) == {"birds-cards.pdf"}


def test_card_sizes_are_listed_outside_of_a_project(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before making a deck, users check whether their paper is among them."""
    monkeypatch.chdir(tmp_path)

    text = "\n".join(succeeds(capsys, "--list-presets"))

    assert all(size.name in text for size in CARD_SIZES)
    assert files_in(tmp_path) == set()


def test_the_test_page_needs_no_project(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sheet, both sides, and how to read it."""
    monkeypatch.chdir(tmp_path)
    settings_in(tmp_path / "home", monkeypatch)

    lines = succeeds(capsys, "--calibrate", "--paper", "letter", "--printer", "my office")

    assert lines[0] == "  written    calibration-letter.pdf"
    assert "`cardwright print --printer 'my office' --offset X,Y`" in lines[-1]
    assert count_pages(tmp_path, "calibration-letter.pdf") == 2
    assert files_in(tmp_path) == {"calibration-letter.pdf"}


@pytest.mark.parametrize(
    ("languages", "title"),
    [
        (["de"], "Testseite für Rückseiten"),
        (["fr", "fr"], "Page d’essai pour les versos"),
        (["de", "fr"], "Test page for backs"),
        (["de", ""], "Test page for backs"),
        (["la"], "Test page for backs"),
        (["[a, list]"], "Test page for backs"),
    ],
)
def test_the_test_page_is_in_the_language_of_the_projects_decks(
    languages: list[str], title: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other mistakes of a deck keep nobody from printing the page."""
    for number, language in enumerate(languages):
        key = f"language: {language}\n" if language else ""
        name = "birds.yaml" if number == 0 else f"{number}.yaml"
        (root / "cards_source" / name).write_text(f"deck: Birds\n{key}cards: a mistake\n")

    succeeds(capsys, "--calibrate")

    with pikepdf.open(root / "calibration-a4.pdf") as pdf:
        assert str(pdf.docinfo["/Title"]) == title


@pytest.mark.usefixtures("root")
def test_the_test_page_of_a_known_printer_uses_its_offset(capsys: pytest.CaptureFixture[str]) -> None:
    """Its scales should then show 0; if they do not, the user adds."""
    succeeds(capsys, "--printer", "office", "--offset", "0.5,-1")

    assert "The page is moved by 0.5,-1 already" in "\n".join(
        succeeds(capsys, "--calibrate", "--printer", "office")
    )
    succeeds(capsys, "--calibrate", "--printer", "office", "--offset", "0.75,-1")
    assert succeeds(capsys, "--printer", "office")[-1].startswith(
        "Backs are moved 0.75 mm to the right and 1 mm up"
    )
    err = fails(capsys, 1, "--calibrate", "--offset", "20,0", "--paper", "a44", "--out", "nowhere")
    assert re.findall(r"^error\[(.+?)\]", err, re.MULTILINE) == [
        "no-such-folder", "offset-too-far", "unknown-paper"
    ]  # fmt: skip


def test_a_printout_is_reproducible(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    succeeds(capsys)
    before = (root / "birds-cards.pdf").read_bytes()
    os.utime(root / "cards_source/birds.yaml", (0, 0))
    succeeds(capsys)

    assert (root / "birds-cards.pdf").read_bytes() == before


def test_what_becomes_of_texts_too_long_can_be_chosen_for_one_printout(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The option takes the place of what deck.yaml says, and sheets are counted as they are printed."""
    long = "".join(f"  - {{id: long-{n}, q: Q?, a: {'many words ' * 150}}}\n" for n in range(4))
    (root / "cards_source/birds.yaml").write_text(f"{BIRDS}{long}print: {{overflow: error}}\n")

    assert "needs" in fails(capsys, 1)
    assert main.run(["print", "--overflow", "continue"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Birds: 7 cards on 2 sheets of A4\n")
    assert err.count("takes 3") == 4
    assert main.run(["print", "--overflow", "skip"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Birds: 3 of 7 cards on 1 sheet of A4\n")
    assert all(f"`long-{number}` back is too long" in err for number in range(4))
    assert "nothing to print" in fails(capsys, 1, "--overflow", "skip", "--ids", "long-1,long-2")
