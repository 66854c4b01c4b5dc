"""The template, which the package brings along, and the data that it sets."""

from collections.abc import Mapping
from functools import cache
from importlib import resources

from cardwright.formats.pdf.cache import make_key


def files(main: str, data: bytes) -> dict[str, bytes]:
    """What the engine is to compile. main: the file that it begins with. data: JSON that this one reads."""
    return {**_template(), "deck.json": data, "main.typ": _template()[main]}


@cache
def digest() -> bytes:
    """Tells this template from every other."""
    parts = (part for name, data in sorted(_template().items()) for part in (name.encode(), data))
    return make_key(*parts).encode()


@cache
def _template() -> Mapping[str, bytes]:
    folder = resources.files(__package__) / "template"
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name.endswith(".typ")}
