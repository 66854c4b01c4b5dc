"""What a build asks of the machine: the time, its fonts, a folder for pictures."""

import time
from pathlib import Path

import pytest

from cardwright.shell.clock import InvalidBuildTime, build_time
from cardwright.shell.environment import temporary_asset_dir
from cardwright.shell.font_folders import find_font_folders


def test_the_time_of_a_build_can_be_given() -> None:
    """So that a build can be repeated to the byte."""
    assert build_time({"SOURCE_DATE_EPOCH": "1700000000"}) == 1_700_000_000


def test_otherwise_the_time_is_that_of_the_clock_in_whole_seconds() -> None:
    before = int(time.time())

    assert before <= build_time({}) <= build_time({"SOURCE_DATE_EPOCH": ""}) <= int(time.time())


@pytest.mark.parametrize("value", ["yesterday", "-1", "1.5", "٣", " 1", "253402300800", "9" * 5000])
def test_anything_but_a_number_of_seconds_is_refused(value: str) -> None:
    with pytest.raises(InvalidBuildTime, match="SOURCE_DATE_EPOCH"):
        build_time({"SOURCE_DATE_EPOCH": value})


@pytest.mark.parametrize(
    ("platform", "folder", "variable"),
    [
        ("linux", ".fonts", "HOME"),
        ("linux", ".local/share/fonts", "HOME"),
        ("linux", "fonts", "XDG_DATA_HOME"),
        ("darwin", "Library/Fonts", "HOME"),
        ("win32", "AppData/Local/Microsoft/Windows/Fonts", "USERPROFILE"),
        ("win32", "Fonts", "WINDIR"),
    ],
)
def test_fonts_are_looked_for_in_the_existing_folders_of_the_system(
    tmp_path: Path, platform: str, folder: str, variable: str
) -> None:
    (tmp_path / folder).mkdir(parents=True)

    font_folders = find_font_folders({variable: str(tmp_path)}, platform)

    assert tmp_path / folder in font_folders
    assert all(font_folder.is_dir() for font_folder in font_folders)


def test_an_asset_dir_is_deleted_afterwards() -> None:
    with temporary_asset_dir() as asset_dir:
        asset_dir.put("media/owl.svg", b"owl")
        folder = Path(asset_dir.folder)

        assert folder.is_absolute()
        assert (folder / "media/owl.svg").read_bytes() == b"owl"

    assert not folder.exists()
