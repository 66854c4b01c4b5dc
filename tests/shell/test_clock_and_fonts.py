"""What is asked of the machine: the time, and where its fonts are."""

import time
from pathlib import Path

import pytest

from cardwright.shell import clock, fonts


def test_the_time_of_a_build_can_be_given() -> None:
    """So that a build can be repeated to the byte."""
    assert clock.build_time({"SOURCE_DATE_EPOCH": "1700000000"}) == 1_700_000_000


def test_without_it_the_clock_is_asked() -> None:
    """In whole seconds: Anki's notes know no smaller ones. An empty variable is none."""
    before = int(time.time())

    assert before <= clock.build_time({}) <= clock.build_time({"SOURCE_DATE_EPOCH": ""}) <= int(time.time())


@pytest.mark.parametrize("written", ["yesterday", "-1", "1.5", "٣", " 1", "253402300800", "9" * 5000])
def test_anything_but_a_number_of_seconds_is_refused(written: str) -> None:
    """A build that quietly took another time would not be the one asked for."""
    with pytest.raises(clock.InvalidBuildTime, match="SOURCE_DATE_EPOCH"):
        clock.build_time({"SOURCE_DATE_EPOCH": written})


@pytest.mark.parametrize(
    ("platform", "folder", "environment"),
    [
        ("linux", ".fonts", "HOME"),
        ("linux", ".local/share/fonts", "HOME"),
        ("linux", "fonts", "XDG_DATA_HOME"),
        ("darwin", "Library/Fonts", "HOME"),
        ("win32", "AppData/Local/Microsoft/Windows/Fonts", "USERPROFILE"),
        ("win32", "Fonts", "WINDIR"),
    ],
)
def test_fonts_are_looked_for_where_the_system_keeps_them(
    tmp_path: Path, platform: str, folder: str, environment: str
) -> None:
    """Only in folders that are there."""
    (tmp_path / folder).mkdir(parents=True)

    found = fonts.folders({environment: str(tmp_path)}, platform)

    assert tmp_path / folder in found
    assert all(place.is_dir() for place in found)
