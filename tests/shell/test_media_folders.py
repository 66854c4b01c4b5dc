"""A deck may use the media and fonts in its own folder only."""

import unicodedata
from pathlib import Path

import pytest

from cardwright.shell import media
from cardwright.source.files import MEDIA_LIMIT, FontFolder, MediaProblem
from tests.support.unicode_forms import FORMS, Form

FOLDER = "cards_source/birds"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A deck with one picture, and a secret beside its folder."""
    (tmp_path / FOLDER / "media").mkdir(parents=True)
    (tmp_path / FOLDER / "media/owl.svg").write_bytes(b"owl")
    (tmp_path / "cards_source/secret.txt").write_bytes(b"secret")
    return tmp_path


def test_a_media_file_of_the_deck_is_read(root: Path) -> None:
    assert media.read_media_file(root / FOLDER, "media/owl.svg") == b"owl"
    assert media.read_media_file(root / FOLDER, "./media//owl.svg") == b"owl"


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "media/../../secret.txt",
        "media/../media/owl.svg",
        "/etc/hostname",
        "..",
        "..\\secret.txt",
        "C:\\secret.txt",
        "C:secret.txt",
        "\\\\host\\share\\secret.txt",
        "//host/share",
    ],
)
def test_a_path_that_leads_out_is_refused_as_written(root: Path, path: str) -> None:
    """On every system alike, even if the path comes back in again, or `\\` does not divide folders."""
    assert media.read_media_file(root / FOLDER, path) is MediaProblem.OUTSIDE


@pytest.mark.parametrize("target", ["../../secret.txt", "/etc/hostname", "../.."])
def test_a_link_that_leads_out_is_refused(root: Path, target: str) -> None:
    """A link looks like a file of the deck, and may arrive in one."""
    (root / FOLDER / "media/link").symlink_to(target)

    assert media.read_media_file(root / FOLDER, "media/link") is MediaProblem.OUTSIDE
    assert media.read_media_file(root / FOLDER, "media/link/secret.txt") in (
        MediaProblem.OUTSIDE,
        MediaProblem.MISSING,
    )


def test_a_link_within_the_deck_is_followed(root: Path) -> None:
    (root / FOLDER / "owl").symlink_to("media/owl.svg")

    assert media.read_media_file(root / FOLDER, "owl") == b"owl"


@pytest.mark.parametrize("path", ["media/eule.svg", "media/owl.svg/x", "media", "", "a\0b", "x" * 300])
def test_what_is_not_a_file_is_missing(root: Path, path: str) -> None:
    assert media.read_media_file(root / FOLDER, path) is MediaProblem.MISSING


def test_a_link_to_itself_is_unreadable(root: Path) -> None:
    (root / FOLDER / "loop").symlink_to("loop")

    assert media.read_media_file(root / FOLDER, "loop") is MediaProblem.UNREADABLE


def test_a_media_file_larger_than_anki_syncs_is_refused(root: Path) -> None:
    """The file has a hole, so it takes no room on the disk."""
    with (root / FOLDER / "film.mp4").open("wb") as film:
        film.truncate(MEDIA_LIMIT + 1)

    assert media.read_media_file(root / FOLDER, "film.mp4") is MediaProblem.TOO_LARGE


def test_a_font_folder_is_a_folder_within_the_deck(root: Path) -> None:
    """The engine gets its absolute path."""
    (root / FOLDER / "out").symlink_to("/usr")

    assert media.find_font_folder(root / FOLDER, "media") == FontFolder(
        str((root / FOLDER / "media").resolve())
    )
    assert media.find_font_folder(root / FOLDER, "media/owl.svg") is None
    assert media.find_font_folder(root / FOLDER, "..") is None
    assert media.find_font_folder(root / FOLDER, "out") is None


@pytest.mark.parametrize(
    "links",
    [
        {"a.ttf": "../../secret.txt"},
        {"a.ttf": "/etc/hostname"},
        {"a.ttf": "nowhere"},
        {"a.ttf": "a.ttf"},
        {"sub": "/usr/share/fonts"},
        {"within": "../elsewhere", "../elsewhere/a.ttf": "/etc/hostname"},
    ],
)
def test_links_that_lead_out_of_a_font_folder_are_found(root: Path, links: dict[str, str]) -> None:
    """The engine would follow them, also those in a folder that a link within the deck leads to."""
    (root / FOLDER / "fonts").mkdir()
    (root / FOLDER / "elsewhere").mkdir()
    for name, target in links.items():
        (root / FOLDER / "fonts" / name).symlink_to(target)
    fonts = media.find_font_folder(root / FOLDER, "fonts")

    assert fonts is not None
    assert fonts.links_out == ("elsewhere/a.ttf" if "within" in links else f"fonts/{next(iter(links))}",)


def test_links_within_the_deck_are_fine_in_a_font_folder(root: Path) -> None:
    """Even if they lead in a circle."""
    (root / FOLDER / "fonts").mkdir()
    (root / FOLDER / "fonts/a.ttf").symlink_to("../media/owl.svg")
    (root / FOLDER / "fonts/circle").symlink_to(".")
    fonts = media.find_font_folder(root / FOLDER, "fonts")

    assert fonts is not None
    assert fonts.links_out == ()


@pytest.mark.parametrize("form_on_disk", FORMS)
@pytest.mark.parametrize("name", ["Knöchel", "Trường học", "がぎ", "각", "Ǻ"])
def test_accents_in_names_may_be_encoded_in_two_ways(root: Path, form_on_disk: Form, name: str) -> None:
    """Old Macs write NFD. The folder on the way may be such a name, too."""
    on_disk = unicodedata.normalize(form_on_disk, name)
    (root / FOLDER / "media" / on_disk).mkdir()
    (root / FOLDER / "media" / on_disk / f"{on_disk}.svg").write_bytes(b"ankle")
    for form in FORMS:
        written = unicodedata.normalize(form, name)
        path = f"media/{written}/{written}.svg"

        assert media.read_media_file(root / FOLDER, path) == b"ankle"
        assert media.find_font_folder(root / FOLDER, f"media/{written}") is not None
        assert media.read_media_file(root / FOLDER, f"media/{written}/x.svg") is MediaProblem.MISSING


def test_an_exact_name_comes_before_one_that_is_encoded_otherwise(root: Path) -> None:
    for form in FORMS:
        (root / FOLDER / unicodedata.normalize(form, "é.svg")).write_bytes(form.encode())
    for form in FORMS:
        assert media.read_media_file(root / FOLDER, unicodedata.normalize(form, "é.svg")) == form.encode()


def test_a_link_to_a_name_encoded_otherwise_cannot_lead_out(root: Path) -> None:
    (root / FOLDER / "media" / unicodedata.normalize("NFD", "é")).symlink_to("/etc")

    assert media.read_media_file(root / FOLDER, "media/é/hostname") is MediaProblem.OUTSIDE
