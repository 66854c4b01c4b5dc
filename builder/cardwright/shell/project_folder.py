"""Finds the project folder."""

from pathlib import Path

SOURCE_FOLDER = "cards_source"


def find_project(start: Path) -> Path | None:
    """Return the nearest folder, from `start` upwards, that has `cards_source/`."""
    start = start.resolve()
    return next((folder for folder in (start, *start.parents) if (folder / SOURCE_FOLDER).is_dir()), None)
