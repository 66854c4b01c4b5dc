"""Names under which foreign media can be stored on any system."""

import posixpath
import re
import unicodedata

MAX_BYTES = 120
"""Of a name in UTF-8; file systems allow 255, of which Anki adds 41 to some."""

_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)")
"""Names that Windows keeps for devices, whatever their ending."""


_PLAIN_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.]*[A-Za-z0-9_])?")
"""Matches most names, which may stay as they are."""


def media_name(name: str) -> str:
    """Return the name by which fields refer to a file: in NFC, as Anki has it."""
    return unicodedata.normalize("NFC", name)


def safe_file_name(name: str, used: set[str]) -> str:
    """Return a name for a file, made of letters, digits, `-`, `_` and `.` alone, and add it to the used ones.

    used: names that other files have, casefolded.
    """
    if _PLAIN_NAME.fullmatch(name) and not _DEVICES.match(name):
        allowed = name
    else:
        allowed = re.sub(r"-+", "-", "".join(char if _is_allowed(char) else "-" for char in media_name(name)))
        # Files that begin with a dot are hidden; Windows leaves out a dot at the end.
        allowed = allowed.lstrip(".-").rstrip(".-") or "file"
        if _DEVICES.match(allowed):
            stem, dot, rest = allowed.partition(".")
            allowed = f"{stem}_{dot}{rest}"
    stem, ending = posixpath.splitext(allowed)
    if len(ending.encode()) > 20:
        stem, ending = allowed, ""
    stem = _shortened(stem.rstrip("-"), MAX_BYTES - len(ending.encode()) - 8)
    safe, number = f"{stem}{ending}", 1
    while safe.casefold() in used:
        # Thousands of names may be without a single letter.
        number = number + 1 if number < 20 else len(used) + number
        safe = f"{stem}-{number}{ending}"
    used.add(safe.casefold())
    return safe


def _is_allowed(char: str) -> bool:
    return char in "-_." or unicodedata.category(char)[0] in "LNM"


def _shortened(text: str, size: int) -> str:
    """Return as much of a text's beginning as has at most so many bytes in UTF-8."""
    return text.encode()[:size].decode(errors="ignore") if size > 0 else ""
