"""Pictures and sounds on their way into a package, and onto paper."""

import io
import json
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright import pipeline
from cardwright.collection import notetype
from cardwright.diagnostics import Report, Severity
from cardwright.formats.anki import fields
from cardwright.formats.pdf import tree
from cardwright.formats.pdf.nodes import strings
from cardwright.pipeline.load import load_decks
from cardwright.shell import media, project
from cardwright.source import media_formats, media_reader
from cardwright.source.files import MediaProblem
from tests.support.memory import FakeEnvironment, deck_files

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
SOUND = b"ID3 and so on"
FOLDER = "cards_source/muscles"


def deck(*cards: str) -> dict[str, str | bytes]:
    """cards: as `question, answer`."""
    lines = (f"- {{id: c{number}, q: '{card}', a: x}}\n" for number, card in enumerate(cards))
    return {"muscles/deck.yaml": "deck: Muscles\nid: muscles\ncards:\n" + "".join(lines)}


def shelf(**files: bytes) -> FakeEnvironment:
    """files: of the folder of media; `_` in a name stands for the point before its ending."""
    return FakeEnvironment({f"{FOLDER}/media/{name.replace('_', '.')}": data for name, data in files.items()})


def findings(files: dict[str, str | bytes], around: FakeEnvironment) -> dict[str, str]:
    """Code and headline of what is said of a deck."""
    report = Report()
    load_decks(deck_files(files), around, report)
    return {diagnostic.code: diagnostic.message for diagnostic in report}


def built(files: dict[str, str | bytes], around: FakeEnvironment) -> dict[str, bytes]:
    outcome = pipeline.build(deck_files(files), around, pipeline.BuildOptions(now=1_700_000_000))
    assert [one.message for one in outcome.report] == []
    return {output.path.rsplit(".", 1)[-1]: output.data for output in outcome.files}


def test_each_file_is_packed_once_however_often_it_is_used() -> None:
    """A sound for a word stands on many cards of a deck."""
    said, seen = "![said](media/said.mp3)", "![seen](media/thigh.svg)"
    made = built(deck(said, f"{said} {seen}", f"{said} and {said}"), shelf(said_mp3=SOUND, thigh_svg=SVG))
    package = zipfile.ZipFile(io.BytesIO(made["apkg"]))
    names = json.loads(package.read("media"))

    assert sorted(names.values()) == ["said-903b0c0a2429.mp3", "thigh-900fbe934249.svg"]
    assert {names[number]: package.read(number) for number in names} == {
        "said-903b0c0a2429.mp3": SOUND,
        "thigh-900fbe934249.svg": SVG,
    }


def test_paper_has_the_words_of_a_sound_and_anki_plays_it() -> None:
    """The learner hears it, and whoever holds the card reads what there would be to hear."""
    files = deck("How? ![how it is said](media/said.mp3)")
    (one,) = load_decks(deck_files(files), shelf(said_mp3=SOUND), Report())
    question = one.deck.notes[0].fields[notetype.QUESTION]

    assert fields.render_html(question, {}) == "How? [sound:said-903b0c0a2429.mp3]"
    assert "".join(strings(tree.block_nodes(question)[0])).endswith("\u266a\u00a0how it is said")


@given(st.binary(max_size=50), st.binary(max_size=50), st.text(max_size=80), st.text(max_size=80))
def test_a_name_tells_the_content(one: bytes, other: bytes, name: str, other_name: str) -> None:
    """
    Anki never overwrites a file that it has, so another content needs another name, and the same
    content of the same file keeps its own; and some systems cannot have all names.
    """
    first = media_reader.packaged_name(f"media/{name}.png", ".png", one)
    second = media_reader.packaged_name(f"media/{other_name}.png", ".png", other)

    assert first == media_reader.packaged_name(f"media/elsewhere/{name}.png", ".png", one)
    assert one == other or first != second
    assert set(first) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert len(first) <= 60


def test_a_file_that_no_card_uses_is_told() -> None:
    """
    Either a card lost its picture, or the folder keeps what nobody needs. Working files of other
    programs are nobody's business.
    """
    around = shelf(thigh_svg=SVG, old_png=b"", draft_xcf=b"", said_mp3=SOUND)

    report = Report()
    load_decks(deck_files(deck("![x](media/thigh.svg)")), around, report)

    assert [(one.message, one.severity) for one in report] == [
        ("no card uses `old.png`", Severity.WARNING),
        ("no card uses `said.mp3`", Severity.WARNING),
    ]
    assert [one.span.source.path for one in report if one.span] == [
        f"{FOLDER}/media/old.png",
        f"{FOLDER}/media/said.mp3",
    ]


def test_nothing_is_called_unused_while_a_card_cannot_be_read() -> None:
    """That card may be the one that uses it."""
    files = deck("![x](./media//thigh.svg)")
    broken = {path: f"{text!s}- {{id: z, a: x}}\n" for path, text in files.items()}

    assert "unused-media" not in findings(files, shelf(thigh_svg=SVG))
    assert "unused-media" not in findings(dict(broken), shelf(thigh_svg=SVG, old_svg=SVG))


def test_decks_in_one_folder_share_its_media(tmp_path: Path) -> None:
    """Built alone, a deck knows nothing of what the deck beside it uses."""
    folder = tmp_path / "cards_source"
    (folder / "media").mkdir(parents=True)
    for name in ("legs", "arms", "unused"):
        (folder / f"media/{name}.svg").write_bytes(SVG)
    for name in ("legs", "arms"):
        text = f"deck: {name}\nid: {name}\ncards:\n- {{id: a, q: '![x](media/{name}.svg)', a: x}}\n"
        (folder / f"{name}.yaml").write_text(text)
    report = Report()
    all_decks = project.find_decks(tmp_path, report)
    decks = project.read_decks(tmp_path, all_decks, all_decks, report)
    files = {str(path.relative_to(tmp_path)): path.read_bytes() for path in folder.glob("media/*")}
    alone, both = Report(), Report()
    load_decks(decks[:1], FakeEnvironment(files), alone)
    load_decks(decks, FakeEnvironment(files), both)

    assert list(report) == list(alone) == []
    assert [one.message for one in both] == ["no card uses `unused.svg`"]


def test_a_folder_of_media_is_listed(tmp_path: Path) -> None:
    """Hidden files are the system's, and a link to a folder may lead anywhere."""
    (tmp_path / "media/left").mkdir(parents=True)
    for name in ("media/b.svg", "media/.DS_Store", "media/left/a.svg", "a.svg"):
        (tmp_path / name).write_bytes(SVG)
    (tmp_path / "media/loop").symlink_to(tmp_path)

    assert media.list_media_files(tmp_path) == ["media/b.svg", "media/left/a.svg"]
    assert media.list_media_files(tmp_path / "media") == []


def test_a_name_in_other_letters_is_told_where_the_system_does_not_mind() -> None:
    """macOS and Windows find `Thigh.svg` as `thigh.svg`; the deck would not build on Linux."""

    class Careless(FakeEnvironment):
        def read(self, folder: str, path: str) -> bytes | MediaProblem:
            return super().read(folder, path.lower())

    around = Careless({f"{FOLDER}/media/thigh.svg": SVG})

    assert findings(deck("![x](media/Thigh.svg)"), around)["name-written-otherwise"] == (
        "`media/Thigh.svg` is called `media/thigh.svg`"
    )


def test_a_big_file_and_a_big_deck_are_told() -> None:
    """Every learner's phone fetches all of it."""
    big = SOUND + bytes(6_000_000)
    found = findings(deck("![x](media/big.mp3)"), shelf(big_mp3=big))

    assert found == {"heavy-sound": "the sound `media/big.mp3` has 6 MB"}

    some = {f"s{number}_mp3": SOUND + bytes(4_900_000) for number in range(21)}
    names = [f"![x](media/{name.replace('_', '.')})" for name in some]
    found = findings(deck(*names), shelf(**some))

    assert found == {"heavy-deck": "the pictures and sounds of this deck take 103 MB"}


@pytest.mark.parametrize("size", [(100_000, 9), (9, 100_000), (12_000, 12_000)])
def test_a_bitmap_with_more_pixels_than_anyone_can_draw_is_refused(size: tuple[int, int]) -> None:
    """A file of a few kB would fill the memory of everyone who looks at the card."""
    data = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", *size)

    assert findings(deck("![x](media/x.png)"), shelf(x_png=data)) == {
        "huge-picture": f"`media/x.png` is {size[0]:,} by {size[1]:,} pixels large"
    }


BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff\xe0": "JPEG",
    b"RIFF\x24\0\0\0WEBPVP8 ": "WebP",
    b"RIFF\x24\0\0\0WAVEfmt ": "WAV",
    b"GIF89a": "GIF",
    b"ID3\x04": "MP3",
    b"\xff\xfb\x90\x64": "MP3",
    b"OggS\0": "Ogg",
    b"\0\0\0\x20ftypM4A ": "M4A",
    b"<!-- x --><svg>": "SVG",
    b"<?xml version='1.0'?>\n<!DOCTYPE svg PUBLIC 'x' 'y'>\n<svg ": "SVG",
    b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>": "SVG",
    b"\0\0\0\x1cftypavif": "",
    b"\xff\xf1\x50\x80": "",
    b"<html><svg>": "",
    b"<!--" * 50_000: "",
    b"<!-- --> " * 50_000: "",
}


@pytest.mark.parametrize("data", BEGINNINGS, ids=lambda data: repr(data[:24]))
def test_a_kind_is_known_by_how_its_files_begin(data: bytes) -> None:
    """Names lie; and no beginning, however long, may keep anyone waiting."""
    found = media_formats.detect_format(data)

    assert (found.name if found else "") == BEGINNINGS[data]


def test_a_picture_that_cannot_be_drawn_is_told_once_where_it_is_named() -> None:
    """It may stand on both sides of a dozen cards, and there is one thing to do about it."""
    cards = deck("![x](media/torn.png)", "again ![x](media/torn.png)")
    report = pipeline.check(deck_files(cards), shelf(torn_png=b"\x89PNG\r\n\x1a\nnot much of a picture"))

    (found,) = report
    assert (found.code, found.message) == ("undrawable-picture", "the picture `torn.png` cannot be drawn")
    assert found.span is not None
    assert found.span.text == "media/torn.png"
