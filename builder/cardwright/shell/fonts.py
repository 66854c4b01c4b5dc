"""Where this machine keeps its fonts."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def folders(environment: Mapping[str, str], platform: str = sys.platform) -> list[Path]:
    """The font folders of the system that exist, the user's own first.

    platform: as `sys.platform` names it.
    Source: fontconfig's default configuration (Linux); Apple, "Mac Help: font
    locations"; Microsoft, "CSIDL_FONTS" and the fonts a user installs since Windows 10 1809.
    """
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or os.sep)
    if platform == "darwin":
        places = [home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    elif platform == "win32":
        local = Path(environment.get("LOCALAPPDATA") or home / "AppData/Local")
        places = [
            local / "Microsoft/Windows/Fonts",
            Path(environment.get("WINDIR") or "C:/Windows") / "Fonts",
        ]
    else:
        data = Path(environment.get("XDG_DATA_HOME") or home / ".local/share")
        places = [data / "fonts", home / ".fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts")]
    return [place for place in places if place.is_dir()]
