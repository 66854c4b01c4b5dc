"""Caches and settings are where the system keeps those of all programs."""

from pathlib import Path

import pytest

from cardwright.shell.user_folders import cache_folder, settings_folder

pytestmark = pytest.mark.skipif("sys.platform != 'linux'", reason="platformdirs knows the other systems")


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    for variable in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(variable, raising=False)


@pytest.mark.parametrize(
    ("variable", "cache", "settings"),
    [
        (None, "/home/ann/.cache", "/home/ann/.config"),
        ("/var/ann", "/var/ann", "/var/ann"),
        # The XDG specification has relative paths ignored.
        ("relative", "/home/ann/.cache", "/home/ann/.config"),
    ],
)
def test_the_folders_of_the_system(
    monkeypatch: pytest.MonkeyPatch, variable: str | None, cache: str, settings: str
) -> None:
    if variable is not None:
        monkeypatch.setenv("XDG_CACHE_HOME", variable)
        monkeypatch.setenv("XDG_CONFIG_HOME", variable)

    assert cache_folder({}) == Path(cache, "cardwright")
    assert settings_folder() == Path(settings, "cardwright")


def test_the_user_may_choose_another_cache_folder_or_none() -> None:
    assert cache_folder({"CARDWRIGHT_CACHE": "/tmp/mine"}) == Path("/tmp/mine")
    assert cache_folder({"CARDWRIGHT_CACHE": "off"}) is None
