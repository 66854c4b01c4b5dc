"""Ids: which ones there can be, and a new one for a card that has none."""

import re
import unicodedata
from collections.abc import Container

from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.report import Report
from cardwright.source.nodes import Scalar

# What nearly every id is made of; the rest is looked at character by character.
_PLAIN = re.compile(r"[A-Za-z0-9._-]+")
# Long enough to recognise a card by, short enough for a margin of a printed card.
_LONGEST_NEW = 32


def read_id(written: Scalar, report: Report, of: str = "") -> str | None:
    """An id as written, in NFC, or None after saying what is wrong with it.

    Letters and digits of any script with their marks, `-`, `_` and `.`;
    `/` joins an item or a cell to its card and so is not the author's.
    of: what goes by it as by a name, like `note type`; left out, it is called an id.
    """
    if _PLAIN.fullmatch(written.value):
        return written.value
    value = unicodedata.normalize("NFC", written.value)
    odd = next((char for char in value if not _fits(char)), None)
    if value and odd is None:
        return value
    if odd is None:
        message = f"a {of} has no name" if of else "an id is empty"
    else:
        what = f"`{odd}`" if not odd.isspace() else "a space" if odd == " " else "white space"
        message = f"the {of or 'id'} `{truncate(value, 24)}` has {what} in {'its name' if of else 'it'}"
    advice = f"{'a name' if of else 'an id'} is made of letters, digits, `-`, `_` and `.`"
    if not value and not of:
        advice = "leave `id` out, and `cardwright build` writes one in"
    span = written.part(odd) if odd and odd.isprintable() else written.span
    report.add(Diagnostic("unfit-id", message, span, help=advice))
    return None


def _fits(char: str) -> bool:
    return char in "-_." or unicodedata.category(char)[0] in "LNM"


def is_plain_id(value: str) -> bool:
    """Whether a value is an id that can be written into YAML as it is."""
    return value[:1].isalnum() and all(_fits(char) for char in value)


def propose_id(text: str, taken: Container[str]) -> str:
    """A readable id for a card that says `text`, not among those taken."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).lower())
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:_LONGEST_NEW]
        if len(longer) > _LONGEST_NEW:
            break
        slug = longer
    slug = "".join(char for char in slug if _fits(char)) or "card"
    if slug not in taken:
        return slug
    number = 2
    while f"{slug}-{number}" in taken:
        number += 1
    return f"{slug}-{number}"
