"""The files of the hamstring deck, read without the compiler."""

import re
from pathlib import Path
from typing import Any

import yaml

from tests.support.paths import ROOT

DECK = ROOT / "cards_source" / "hamstrings"


def load_yaml(path: Path) -> Any:
    """Return the YAML of a file, with every scalar as a text."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def words(text: str) -> list[str]:
    """Return the words in lower case. Apostrophes are dropped, other punctuation separates words."""
    return re.findall(r"[a-z0-9]+", re.sub("['’]", "", text.lower()))
