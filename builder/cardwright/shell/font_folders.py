"""Finds the folders in which this system keeps its fonts."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from cardwright.shell.files import is_folder


def find_font_folders(environ: Mapping[str, str], platform: str = sys.platform) -> list[Path]:
    """Return the font folders of the system that exist, the user's own first.

    platform: as in `sys.platform`.
    Source: fontconfig's default configuration (Linux); Apple, "Mac Help: font
    locations"; Microsoft, "CSIDL_FONTS" and the fonts a user installs since Windows 10 1809.
    """
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or os.sep)
    if platform == "darwin":
        folders = [home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    elif platform == "win32":
        local = Path(environ.get("LOCALAPPDATA") or home / "AppData/Local")
        windows = Path(environ.get("WINDIR") or "C:/Windows")
        folders = [local / "Microsoft/Windows/Fonts", windows / "Fonts"]
    else:
        data = Path(environ.get("XDG_DATA_HOME") or home / ".local/share")
        folders = [data / "fonts", home / ".fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts")]
    return [folder for folder in folders if is_folder(folder)]
