"""Pictures and sounds: checked, named, packed for Anki and drawn on paper."""

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


def deck(*questions: str) -> dict[str, str | bytes]:
    """Return the files of a deck. questions: each becomes a card with the answer `x`."""
    lines = (f"- {{id: c{number}, q: '{question}', a: x}}\n" for number, question in enumerate(questions))
    return {"muscles/deck.yaml": "deck: Muscles\nid: muscles\ncards:\n" + "".join(lines)}


def media_folder(**files: bytes) -> FakeEnvironment:
    """Return an environment with files in the media folder; `_` in a name stands for the dot."""
    return FakeEnvironment({f"{FOLDER}/media/{name.replace('_', '.')}": data for name, data in files.items()})


def messages(files: dict[str, str | bytes], environment: FakeEnvironment) -> dict[str, str]:
    """Return the headline of each diagnostic, by code."""
    report = Report()
    load_decks(deck_files(files), environment, report)
    return {diagnostic.code: diagnostic.message for diagnostic in report}


def build(files: dict[str, str | bytes], environment: FakeEnvironment) -> dict[str, bytes]:
    result = pipeline.build(deck_files(files), environment, pipeline.BuildOptions(now=1_700_000_000))
    assert [diagnostic.message for diagnostic in result.report] == []
    return {path.rsplit(".", 1)[-1]: data for path, data in result.files.items()}


def test_each_file_is_packed_once_however_often_it_is_used() -> None:
    """A sound for a word can be on many cards of a deck."""
    sound, picture = "![said](media/said.mp3)", "![seen](media/thigh.svg)"
    files = build(
        deck(sound, f"{sound} {picture}", f"{sound} and {sound}"), media_folder(said_mp3=SOUND, thigh_svg=SVG)
    )
    package = zipfile.ZipFile(io.BytesIO(files["apkg"]))
    names = json.loads(package.read("media"))

    assert sorted(names.values()) == ["said-903b0c0a2429.mp3", "thigh-900fbe934249.svg"]
    assert {names[number]: package.read(number) for number in names} == {
        "said-903b0c0a2429.mp3": SOUND,
        "thigh-900fbe934249.svg": SVG,
    }


def test_paper_has_the_words_of_a_sound_and_anki_plays_it() -> None:
    """A learner hears the sound, and paper says in words what there is to hear."""
    files = deck("How? ![how it is said](media/said.mp3)")
    (loaded,) = load_decks(deck_files(files), media_folder(said_mp3=SOUND), Report())
    question = loaded.deck.notes[0].fields[notetype.QUESTION]

    assert fields.render_html(question, {}) == "How? [sound:said-903b0c0a2429.mp3]"
    assert "".join(strings(tree.block_nodes(question)[0])).endswith("\u266a\u00a0how it is said")


@given(st.binary(max_size=50), st.binary(max_size=50), st.text(max_size=80), st.text(max_size=80))
def test_a_packaged_name_depends_on_content(
    data: bytes, other_data: bytes, name: str, other_name: str
) -> None:
    """Anki never overwrites a file that it has, and some systems can't have every name."""
    first = media_reader.packaged_name(f"media/{name}.png", ".png", data)
    second = media_reader.packaged_name(f"media/{other_name}.png", ".png", other_data)

    assert first == media_reader.packaged_name(f"media/elsewhere/{name}.png", ".png", data)
    assert data == other_data or first != second
    assert set(first) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert len(first) <= 60


def test_a_file_that_no_card_uses_is_reported() -> None:
    """Working files of other programs are ignored."""
    environment = media_folder(thigh_svg=SVG, old_png=b"", draft_xcf=b"", said_mp3=SOUND)
    report = Report()
    load_decks(deck_files(deck("![x](media/thigh.svg)")), environment, report)

    assert [
        (problem.severity, problem.message, problem.span and problem.span.source.path) for problem in report
    ] == [
        (Severity.WARNING, f"no card uses `{name}`", f"{FOLDER}/media/{name}")
        for name in ("old.png", "said.mp3")
    ]


def test_no_file_is_reported_as_unused_while_a_card_cannot_be_read() -> None:
    """That card may use it."""
    files = deck("![x](./media//thigh.svg)")
    broken = {path: f"{text!s}- {{id: z, a: x}}\n" for path, text in files.items()}

    assert "unused-media" not in messages(files, media_folder(thigh_svg=SVG))
    assert "unused-media" not in messages(dict(broken), media_folder(thigh_svg=SVG, old_svg=SVG))


def test_decks_in_one_folder_share_its_media(tmp_path: Path) -> None:
    """A deck that is built alone doesn't know what the deck beside it uses."""
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
    load_decks(decks[:1], FakeEnvironment(files), report)
    assert list(report) == []

    load_decks(decks, FakeEnvironment(files), report)
    assert [problem.message for problem in report] == ["no card uses `unused.svg`"]


def test_hidden_files_and_linked_folders_are_not_listed(tmp_path: Path) -> None:
    """Hidden files belong to the system, and a link may lead anywhere."""
    (tmp_path / "media/left").mkdir(parents=True)
    for name in ("media/b.svg", "media/.DS_Store", "media/left/a.svg", "a.svg"):
        (tmp_path / name).write_bytes(SVG)
    (tmp_path / "media/loop").symlink_to(tmp_path)

    assert media.list_media_files(tmp_path) == {"media/b.svg": "", "media/left/a.svg": ""}
    assert media.list_media_files(tmp_path / "media") == {}


def test_a_name_in_other_letters_is_reported() -> None:
    """macOS and Windows find `Thigh.svg` as `thigh.svg`; the deck would not build on Linux."""

    class CaseInsensitive(FakeEnvironment):
        def read(self, folder: str, path: str) -> bytes | MediaProblem:
            return super().read(folder, path.lower())

    environment = CaseInsensitive({f"{FOLDER}/media/thigh.svg": SVG})

    assert messages(deck("![x](media/Thigh.svg)"), environment)["name-written-otherwise"] == (
        "`media/Thigh.svg` is called `media/thigh.svg`"
    )


def test_a_heavy_file_and_a_heavy_deck_are_reported() -> None:
    """Every learner's phone fetches all of it."""
    big = SOUND + bytes(6_000_000)
    reported = messages(deck("![x](media/big.mp3)"), media_folder(big_mp3=big))

    assert reported == {"heavy-sound": "the sound `media/big.mp3` takes 6 MB"}

    sounds = {f"s{number}_mp3": SOUND + bytes(4_900_000) for number in range(21)}
    names = [f"![x](media/{name.replace('_', '.')})" for name in sounds]
    reported = messages(deck(*names), media_folder(**sounds))

    assert reported == {"heavy-deck": "the pictures and sounds of this deck take 103 MB"}


@pytest.mark.parametrize("size", [(100_000, 9), (9, 100_000), (12_000, 12_000)])
def test_a_bitmap_with_too_many_pixels_is_refused(size: tuple[int, int]) -> None:
    """A file of a few kB would fill the memory of everybody who looks at the card."""
    data = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", *size)

    assert messages(deck("![x](media/x.png)"), media_folder(x_png=data)) == {
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
def test_a_format_is_detected_by_how_files_begin(data: bytes) -> None:
    """Extensions can be wrong; and even a tangled beginning is read in a moment."""
    detected = media_formats.detect_format(data)

    assert (detected.name if detected else "") == BEGINNINGS[data]


@pytest.mark.parametrize(
    ("name", "data"),
    {
        "a_png": b"\x89PNG\r\n\x1a\nnot much of a picture",
        "b_png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0",
        "c_gif": b"GIF89a",
        "d_jpg": b"\xff\xd8\xff\xe0\0\x10JFIF",
        "e_webp": b"RIFF\0\0\0\0WEBPVP8X",
    }.items(),
)
def test_a_damaged_picture_is_a_mistake_even_where_nothing_is_printed(name: str, data: bytes) -> None:
    cards = deck(f"![x](media/{name.replace('_', '.')})")
    (diagnostic,) = pipeline.check(deck_files(cards), media_folder(**{name: data}), ("anki",))

    assert (diagnostic.code, diagnostic.severity) == ("damaged-picture", Severity.ERROR)


def test_a_picture_that_cannot_be_drawn_is_reported_once() -> None:
    """It may be on both sides of a dozen cards."""
    cards = deck("![x](media/torn.png)", "again ![x](media/torn.png)")
    environment = media_folder(torn_png=b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x09\0\0\0\x09and no more")
    (diagnostic,) = pipeline.check(deck_files(cards), environment)

    assert diagnostic.code == "undrawable-picture"
    assert diagnostic.message == "the picture `torn.png` cannot be drawn"
    assert diagnostic.span is not None
    assert diagnostic.span.text == "media/torn.png"
