"""The Typst templates of this package, and the constants that they share with its Python code."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from cardwright.formats.pdf.estimate import CODE_WIDTH
from cardwright.formats.pdf.nodes import WEIGHTS, Json, to_json
from cardwright.formats.pdf.words import SCRIPTS_WITHOUT_SPACES
from cardwright.layout.card_geometry import MIN_FONT_SIZE, MIN_PICTURE_TEXT, MIN_READING_SIZE
from cardwright.source.cache import make_key

_IMPORT = re.compile(rb'\bimport "([^"]+)"')
_FORMULA = to_json({"t": "math"})[1:-1]


def source_files(template: str, data: bytes) -> dict[str, bytes]:
    """Return the files that the engine compiles. template: the file to begin with. data: JSON for it.

    Others are left out, as the engine reads all that it gets, which takes milliseconds.
    """
    return {**_files_of(template, with_formulas=_FORMULA in data), "deck.json": data}


@cache
def _files_of(template: str, *, with_formulas: bool) -> Mapping[str, bytes]:
    files = _template_files()
    needed = {"constants.json", template}
    waiting = [template]
    while waiting:
        imported = {name.decode() for name in _IMPORT.findall(files[waiting.pop()])} - needed
        if not with_formulas:
            imported.discard("formula.typ")
        needed |= imported
        waiting += imported
    return {"main.typ": files[template], **{name: files[name] for name in needed - {template}}}


@cache
def digest() -> bytes:
    """Return a digest of all templates and constants."""
    parts = (part for name, data in sorted(_template_files().items()) for part in (name.encode(), data))
    return make_key(*parts).encode()


@cache
def _template_files() -> Mapping[str, bytes]:
    folder = resources.files(__package__) / "template"
    constants: dict[str, Json] = {
        "min_font_size": MIN_FONT_SIZE,
        "min_picture_text": MIN_PICTURE_TEXT,
        "min_reading_size": MIN_READING_SIZE,
        "code_width": CODE_WIDTH,
        "scripts_without_spaces": f"[{SCRIPTS_WITHOUT_SPACES}]",
        "weights": WEIGHTS,
    }
    templates = {file.name: file.read_bytes() for file in folder.iterdir() if file.name.endswith(".typ")}
    return {**templates, "constants.json": to_json(constants)}
