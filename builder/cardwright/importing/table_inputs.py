"""Reads the files of tables, and finds the media that their texts name."""

from collections.abc import Mapping
from pathlib import Path

from cardwright.importing.collection import AnkiMedia
from cardwright.importing.findings import Findings
from cardwright.importing.media_folders import read_media_tree
from cardwright.importing.unreadable import UnreadableDeck

# In bytes. A table is held in memory, and one of 100,000 rows has a tenth of it.
TABLE_LIMIT = 200_000_000
# Where programs put the media of a table: beside it, or in Anki's profile.
_MEDIA_FOLDERS = ("media", "collection.media", "images")


def read_table_file(path: str, file: Path) -> bytes:
    """Return the content of a file. path: as shown to the user.

    Errors: UnreadableDeck if it is too large; OSError if it can't be read.
    """
    with file.open("rb") as opened:
        data = opened.read(TABLE_LIMIT + 1)
    if len(data) > TABLE_LIMIT:
        message = f"the file has more than {TABLE_LIMIT // 1_000_000} MB"
        raise UnreadableDeck(path, message, "divide it into several")
    return data


def find_table_media(file: Path, folder: Path | None, findings: Findings) -> Mapping[str, AnkiMedia]:
    """Return the media of a table as `read_media_tree` does. folder: None for one beside the file."""
    if folder is not None:
        return read_media_tree(folder, findings)
    folders = (file.parent / name for name in _MEDIA_FOLDERS)
    return next((media for folder in folders if (media := read_media_tree(folder, findings))), {})
