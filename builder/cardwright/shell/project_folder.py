"""Finds the project folder."""

# Not with pathlib, whose import is a tenth of what a command takes until it knows what to do.
import os

SOURCE_FOLDER = "cards_source"


def find_project(start: str = os.curdir) -> str | None:
    """Return the nearest folder, from `start` or the current one upwards, that has `cards_source/`."""
    folder = os.path.realpath(start)
    while not os.path.isdir(os.path.join(folder, SOURCE_FOLDER)):  # noqa: PTH112, PTH118  see above
        parent = os.path.dirname(folder)  # noqa: PTH120  see above
        if parent == folder:
            return None
        folder = parent
    return folder
