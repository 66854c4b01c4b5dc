"""Finds the media in a folder beside a foreign deck."""

import os
from functools import partial
from pathlib import Path
from typing import IO

from cardwright.importing.collection import AnkiMedia
from cardwright.importing.findings import Findings
from cardwright.importing.media_names import media_name, safe_file_name
from cardwright.importing.safe_text import without_surrogates
from cardwright.shell.os_errors import ReportedError, os_error_diagnostic


def read_media_folder(folder: Path, findings: Findings) -> dict[str, AnkiMedia]:
    """Return the files in a folder by their names; none if it isn't there.

    Links and folders in it are left out, as they may lead anywhere.
    """
    media: dict[str, AnkiMedia] = {}
    used_names: set[str] = set()
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return media
    for entry in entries:
        name = media_name(without_surrogates(entry.name))
        if not entry.is_file(follow_symlinks=False):
            findings.add("links or folders among the media, left out", name)
        elif name in media:
            findings.add("media files with the name of another one", name)
        else:
            opener = partial(_open, Path(entry.path))
            media[name] = AnkiMedia(name, safe_file_name(name, used_names), entry.stat().st_size, opener)
    return media


def read_media_tree(folder: Path, findings: Findings) -> dict[str, AnkiMedia]:
    """Return the files in a folder and in those below it; none if it isn't there.

    Each is there by the name under which it can be stored, and by every end of its path, such as `a/b.png`
    and `b.png`; of several that end alike, the first is. Links and hidden files are left out.
    """
    media: dict[str, AnkiMedia] = {}
    used_names: set[str] = set()
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(parent, name)
            if name.startswith(".") or not file.is_file() or file.is_symlink():
                if file.is_symlink():
                    findings.add("links among the media, left out", name)
                continue
            parts = [media_name(without_surrogates(part)) for part in file.relative_to(folder).parts]
            stored_name = safe_file_name(parts[-1], used_names)
            found = AnkiMedia(parts[-1], stored_name, file.stat().st_size, partial(_open, file))
            for start in range(len(parts)):
                media.setdefault("/".join(parts[start:]), found)
            media.setdefault(stored_name, found)
    return media


def _open(file: Path) -> IO[bytes]:
    """Open a file. Errors: ReportedError."""
    try:
        return file.open("rb")
    except OSError as error:
        raise ReportedError(os_error_diagnostic("read", str(file), error)) from error
