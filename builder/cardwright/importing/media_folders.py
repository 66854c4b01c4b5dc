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


def _open(file: Path) -> IO[bytes]:
    """Open a file. Errors: ReportedError."""
    try:
        return file.open("rb")
    except OSError as error:
        raise ReportedError(os_error_diagnostic("read", str(file), error)) from error
