"""Tables become decks that can be built, whoever wrote them."""

import contextlib
import csv
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from cardwright.cli import main
from cardwright.importing.anki_package import open_package
from cardwright.rehearsal.profile import Profile, new_profile
from tests.support.anki_exports import add_note, add_own_type
from tests.support.commands import read_files
from tests.support.real_anki import Learner, new_learner

PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def sources(project: Path, deck: str) -> dict[str, str]:
    """Return the files of an imported deck, without the random end of its id."""
    files = read_files(project / "cards_source" / deck)
    return {path: re.sub(r"(?m)^(id: .*)-[0-9a-f]{6}$", r"\1", data.decode()) for path, data in files.items()}


def test_a_table_becomes_the_deck_that_a_person_would_write(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("words.csv").write_text(
        "Question;Answer;Notes;Tags\n"
        'What is *this*?;"A <b>; or\nnot";seen & done;x y\n'
        "A {{c1::cat::animal}} purrs;;;x\n"
        "Nothing?;;;\n",
        encoding="utf-8",
    )

    assert main.run(["import", "words.csv"]) == 0

    assert sources(project, "words") == {
        "deck.yaml": "deck: words\nid: words\nfiles: [cards.yaml]\n",
        "cards.yaml": (
            "tags: [x]\n"
            "cards:\n"
            "  - id: what-is-this\n"
            "    q: What is \\*this*?\n"
            "    a: |\n      A \\<b>; or\\\n      not\n"
            "    extra: seen & done\n"
            "    tags: [y]\n"
            "  - id: a-purrs\n"
            "    cloze: A {{c1::cat::animal}} purrs\n"
        ),
    }
    printed = capsys.readouterr()
    assert "words.csv: 2 rows" in printed.out
    assert "words.csv:5:1" in printed.err
    assert "the row has no answer" in printed.err
    assert main.run(["build", "--only", "anki"]) == 0
    assert capsys.readouterr().err == ""


def test_markdown_stays_as_it_is(project: Path) -> None:
    Path("words.tsv").write_text("a **b**\t`c`\n", encoding="utf-8")

    assert main.run(["import", "words.tsv", "--text", "markdown"]) == 0

    assert sources(project, "words")["cards.yaml"].endswith('q: a **b**\n    a: "`c`"\n')


def test_markdown_that_is_no_card_is_told_with_its_row(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("words.tsv").write_text("a\tb\n![x](no.png)\tc\n", encoding="utf-8")

    assert main.run(["import", "words.tsv", "--text", "markdown"]) == 0

    err = capsys.readouterr().err
    assert "words.tsv:2:1" in err
    assert "the row makes a card that cannot be built" in err
    assert "no.png" not in sources(project, "words")["cards.yaml"]


def test_ids_and_guids_of_a_table_are_kept(project: Path) -> None:
    Path("words.csv").write_text("id,guid,q,a\n,g1,one,eins\none,g(2,two,zwei\n", encoding="utf-8")

    assert main.run(["import", "words.csv"]) == 0

    cards = sources(project, "words")["cards.yaml"]
    assert "- id: one-2\n    q: one\n    a: eins\n    guid: g1\n" in cards
    assert "- id: one\n    q: two\n    a: zwei\n    guid: g(2\n" in cards


def test_lessons_are_sub_decks_with_files_of_their_own(project: Path) -> None:
    Path("French.csv").write_text("q,a,deck\nun,1,Lesson 1\ndeux,2,Lesson 2\n", encoding="utf-8")

    assert main.run(["import", "French.csv"]) == 0

    files = sources(project, "french")
    assert files["deck.yaml"].startswith("deck: French\n")
    assert files["lesson-1.yaml"].startswith("topic: Lesson 1\nsubdeck: Lesson 1\n")


def test_pictures_beside_a_table_are_taken_along(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("media").mkdir()
    Path("media/one.svg").write_bytes(PICTURE)
    Path("words.csv").write_text('<img src="one.svg">,1\n<img src="two.svg">,2\n', encoding="utf-8")

    assert main.run(["import", "words.csv"]) == 0

    files = sources(project, "words")
    assert 'q: "![](media/one.svg)"' in files["cards.yaml"]
    assert files["media/one.svg"].encode() == PICTURE
    out = capsys.readouterr().out
    assert "1 × files that texts show, and that aren't there; `--media` names their folder" in out
    assert "two.svg" in out


def test_pictures_are_found_in_folders_below_and_by_their_names_alone(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("media/birds/one.svg", "media/fish/two 2.svg", "media/fish/one.svg", "media/a.mp3"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(PICTURE if name.endswith("svg") else b"ID3")
    Path("birds.csv").write_text(
        "Question,Answer,Picture,Audio\n"
        '"<img src=""media/birds/one.svg"">",a,fish/one.svg,a.mp3\n'
        "b <b>,\"<img src='two%202.svg'>\",no.svg,media\\a.mp3\n",
        encoding="utf-8",
    )

    assert main.run(["import", "birds.csv"]) == 0

    cards = sources(project, "birds")["cards.yaml"]
    assert 'q: "![](media/one.svg)"' in cards
    assert "extra: |\n      ![](media/one-2.svg)\\\n      ![](media/a.mp3)\n" in cards
    assert 'a: "![](media/two-2.svg)"' in cards
    assert "extra: |\n      no.svg\\\n      ![](media/a.mp3)\n" in cards
    assert "4 media files" in capsys.readouterr().out
    assert main.run(["build", "--only", "anki"]) == 0


def test_pictures_of_markdown_are_taken_along(project: Path) -> None:
    Path("images").mkdir()
    Path("images/one.svg").write_bytes(PICTURE)
    Path("words.tsv").write_text("![x](images/one.svg)\tb\n", encoding="utf-8")

    assert main.run(["import", "words.tsv", "--text", "markdown"]) == 0

    assert 'q: "![x](media/one.svg)"' in sources(project, "words")["cards.yaml"]


def test_a_picture_that_is_not_there_names_its_card(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("words.csv").write_text('"<img src=""big cell.png"">","A <i>cell</i>"\n', encoding="utf-8")

    assert main.run(["import", "words.csv"]) == 0

    assert "since a file in them can't be shown\n      big-cell\n" in capsys.readouterr().out
    assert "- id: big-cell\n" in sources(project, "words")["cards.yaml"]


def test_fields_of_a_new_note_type(project: Path, tmp_path: Path) -> None:
    Path("geo.csv").write_text("Country,Capital,tags\nFrance,Paris,eu\nMonaco,,\n", encoding="utf-8")

    assert main.run(["import", "geo.csv", "--note-type", "geo"]) == 0
    assert main.run(["build", "--only", "anki"]) == 0

    assert (
        "type: geo\n    fields:\n      Country: France\n      Capital: Paris\n"
        in sources(project, "geo")["cards.yaml"]
    )
    with new_learner(tmp_path / "learner") as learner:
        learner.import_package(Path("decks/geo/geo.apkg").read_bytes())
        sides = [
            learner.collection.get_card(card).render_output() for card in learner.collection.find_cards("")
        ]
    assert sorted(words(side.question_text) for side in sides) == ["France", "Monaco"]
    assert sorted(words(side.answer_text) for side in sides) == ["France Paris", "Monaco"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--columns q,x", "`--columns` has `x`; choose from: `q`, `a`, `cloze`"),
        ("--columns qestion,a", "`--columns` has `qestion`"),
        ("--columns q,q", "`--columns` has `q` twice"),
        ("--columns a,tags", "`--columns` needs `q` or `cloze`"),
        ("--columns q,tags", "`--columns` has no `a`; name `cloze` if the texts have deletions"),
        ("--columns A,a,B --note-type geo", "`--columns` has `a` twice"),
        ("--columns guid,- --note-type geo", "`--columns` names no field of the note type"),
        ("--encoding klingon", "`--encoding` needs the name of an encoding, such as cp1252; found `klingon`"),
        ("--delimiter '\"'", "`--delimiter` needs what stands between columns"),
    ],
)  # fmt: skip
def test_options_that_cannot_be_meant(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: str, message: str
) -> None:
    Path("words.csv").write_text("a,b\n", encoding="utf-8")

    assert main.run(["import", "words.csv", *(word.strip("'") for word in arguments.split())]) == 2

    assert message in " ".join(capsys.readouterr().err.split())
    assert [path.name for path in project.iterdir()] == ["words.csv"]


def test_a_mistake_in_one_file_keeps_all_from_being_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("words.csv").write_text("a,b\n", encoding="utf-8")
    Path("empty.csv").write_bytes(b"")

    assert main.run(["import", "words.csv", "empty.csv"]) == 1

    assert "empty.csv:1:1" in capsys.readouterr().err
    assert not (project / "cards_source").exists()


SIGNS = [
    *"a*_`#>|-<&[](){}$\\!~^=:;,.\"'%@1 ", "Haus", "猫", "é", "😀", "\n", "\n\n", "**", "__", "```", "1. ",
    "- ", "# ", "<b>", "</b>", "<br>", "&amp;", "&nbsp;", "![](x.png)", "[a](b)", "http://x.y", ": ",
    "漢字[かんじ]", "a_b_c", "null", "<!--", "~~", "==", "\u00a0", "=1+1",
]  # fmt: skip


@settings(max_examples=5)
@given(st.lists(st.lists(st.sampled_from(SIGNS), max_size=7).map("".join), min_size=20, max_size=40))
def test_plain_text_is_shown_sign_by_sign(texts: list[str]) -> None:
    """White space apart, which HTML does not show."""
    cells = [f"{number} {text}" for number, text in enumerate(texts)]
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        with Path("words.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(
                [("guid", "q", "a"), *((number, cell, cell) for number, cell in enumerate(cells))]
            )
        assert main.run(["import", "words.csv", "--text", "plain"]) == 0
        assert main.run(["build", "--only", "anki"]) == 0
        with open_package("words", Path("decks/words/words.apkg")) as package:
            shown = {note.guid: [words(field) for field in note.fields[:2]] for note in package.notes}

    assert shown == {str(number): [" ".join(cell.split())] * 2 for number, cell in enumerate(cells)}


def test_answers_that_cannot_be_typed_are_shown(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Anki compares what is typed with the words of an answer of any shape."""
    Path("words.txt").write_text(
        "#separator:tab\n#html:true\n#notetype:Basic (type in the answer)\n"
        "one\teins\ntwo lines\ta<br>b\na picture\t<img src=x.png>\n",
        encoding="utf-8",
    )

    assert main.run(["import", "words.txt"]) == 0

    printed = capsys.readouterr()
    assert printed.err == ""
    assert (
        "2 × cards without `typed`, which their texts don't allow\n      two-lines, a-picture\n"
        in printed.out
    )
    assert sources(project, "words")["cards.yaml"].count("typed: true") == 1
    assert main.run(["build", "--only", "anki"]) == 0


def test_no_deck_without_cards_is_written(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("words.csv").write_text("![x](no.png)\tc\n", encoding="utf-8")

    assert main.run(["import", "words.csv", "--text", "markdown"]) == 1

    err = capsys.readouterr().err
    assert "the row makes a card that cannot be built" in err
    assert "error[no-rows]: no row of the deck can be a card" in err
    assert not (project / "cards_source").exists()


def test_options_for_tables_need_a_table(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with new_profile(project / "profile") as profile:
        add_note(profile, "Basic", {"Front": "a", "Back": "b"})
        profile.collection.export_collection_package("all.colpkg", include_media=False, legacy=True)
        profile.collection.reopen()

    assert main.run(["import", "all.colpkg", "--columns", "q,a"]) == 1

    assert "these options are about tables, and there is none" in capsys.readouterr().err


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Profile]:
    """Somebody with notes of several kinds, whose texts are odd in a table."""
    with new_profile(tmp_path_factory.mktemp("profile")) as profile:
        add_note(
            profile, "Basic", {"Front": "What is <b>2</b> &amp; 3?", "Back": "5<br>five: 5"}, "Maths::Sums"
        )
        add_note(profile, "Basic", {"Front": '"quoted"\tand a tab', "Back": "# no comment"}, "Maths::Sums")
        add_note(profile, "Basic", {"Front": "# hash", "Back": "a, b; c|d"}, "Maths")
        add_note(profile, "Basic (and reversed card)", {"Front": "two", "Back": "zwei"}, "Maths::Words")
        add_note(
            profile, "Basic (optional reversed card)", {"Front": "three", "Back": "drei"}, "Maths::Words"
        )
        add_note(
            profile, "Cloze", {"Text": "{{c1::a::hint}} and {{c3::b}}", "Back Extra": "c"}, "Maths::Words"
        )
        add_note(profile, "Basic", {"Front": r"\(x_1 &lt; x_2\)", "Back": "*star* _line_"}, "Maths")
        add_own_type(profile)
        yield profile


@pytest.mark.anki
@pytest.mark.parametrize("with_html", [True, False])
def test_notes_that_anki_exports_as_text_show_the_same(
    project: Path, profile: Profile, tmp_path: Path, *, with_html: bool
) -> None:
    profile.collection.export_note_csv(
        out_path=str(project / "Maths.txt"),
        limit=None,
        with_html=with_html,
        with_tags=True,
        with_deck=True,
        with_notetype=True,
        with_guid=True,
    )

    assert main.run(["import", "Maths.txt"]) == 0
    assert main.run(["build", "--only", "anki"]) == 0

    original = shown(Learner(profile, tmp_path))
    with new_learner(tmp_path / "learner") as learner:
        for package in project.glob("decks/*/*.apkg"):
            learner.import_package(package.read_bytes())
        assert shown(learner) == original


@pytest.mark.anki
def test_cards_that_anki_exports_as_text_show_the_same(
    project: Path, profile: Profile, tmp_path: Path
) -> None:
    profile.collection.export_card_csv(out_path=str(project / "cards.txt"), limit=None, with_html=True)

    assert main.run(["import", "cards.txt"]) == 0
    assert main.run(["build", "--only", "anki"]) == 0

    with new_learner(tmp_path / "learner") as learner:
        learner.import_package(Path("decks/cards/cards.apkg").read_bytes())
        fronts = {front for front, _ in shown(learner).values()}
    assert fronts == {front for front, _ in shown(Learner(profile, tmp_path)).values()}


def shown(learner: Learner) -> dict[tuple[str, int], tuple[str, str]]:
    """Return the words on the front, and the deck, of each card by GUID and ordinal."""
    result = {}
    for card_id in learner.collection.find_cards(""):
        card = learner.collection.get_card(card_id)
        deck = learner.collection.decks.name(card.did)
        result[card.note().guid, card.ord] = (words(card.render_output().question_text), deck)
    return result


def words(html: str) -> str:
    """Return what HTML shows, on one line, without our topic in the corner."""
    page = LexborHTMLParser(re.sub("(<br>|</?(?:div|p)>)", r" \1", html))
    for element in page.css("style, script, .topic"):
        element.decompose()
    return " ".join(page.text().split())
