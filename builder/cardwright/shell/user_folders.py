"""The folders of this user's caches and settings."""

from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_cache_path, user_config_path


def cache_folder(environ: Mapping[str, str]) -> Path | None:
    """Return the folder of our cache, or None when the user wants none.

    CARDWRIGHT_CACHE names another folder than the system's, or is `off` for no cache at all.
    """
    chosen = environ.get("CARDWRIGHT_CACHE")
    if chosen:
        return None if chosen == "off" else Path(chosen).absolute()
    return user_cache_path("cardwright", appauthor=False)


def settings_folder() -> Path:
    """Return the folder of our settings, which follow the user from one Windows machine to the next."""
    return user_config_path("cardwright", appauthor=False, roaming=True)
