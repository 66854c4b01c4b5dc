"""Ids: which ones are possible, new ones for cards without an id, and former ones (`was:`)."""

import re
import unicodedata
from collections import abc
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from itertools import chain, count, product

from cardwright.diagnostics import Diagnostic, Report
from cardwright.diagnostics.phrases import truncate
from cardwright.source.mapping_reader import read_scalar
from cardwright.source.nodes import Mapping, Node, Scalar, Sequence

# Nearly every id consists of these; others are checked character by character.
_ASCII_ID = re.compile(r"[A-Za-z0-9._-]+")
# Long enough to recognise a card by, short enough for the margin of a printed card.
_MAX_PROPOSED = 32


def read_id(scalar: Scalar, report: Report, owner: str = "") -> str | None:
    """Return an id in NFC; report one that is not possible and return None.

    An id consists of letters and digits of any script with their marks, `-`, `_`
    and `.`; `/` joins an item or a cell to its card, so authors cannot use it.
    owner: what has the id as its name, such as "note type"; empty if messages speak of an id.
    """
    if _ASCII_ID.fullmatch(scalar.value):
        return scalar.value
    value = unicodedata.normalize("NFC", scalar.value)
    unfit = next((char for char in value if not _is_id_character(char)), None)
    if value and unfit is None:
        return value
    if unfit is None:
        message = f"a {owner} has no name" if owner else "an id is empty"
    else:
        character = f"`{unfit}`" if not unfit.isspace() else "a space" if unfit == " " else "white space"
        subject = f"the {owner or 'id'} `{truncate(value, 24)}`"
        message = f"{subject} has {character} in {'its name' if owner else 'it'}"
    help_ = f"{'a name' if owner else 'an id'} is made of letters, digits, `-`, `_` and `.`"
    if not value and not owner:
        help_ = "leave `id` out, and `cardwright build` writes one in"
    span = scalar.part(unfit) if unfit and unfit.isprintable() else scalar.span
    report.add(Diagnostic("unfit-id", message, span, help=help_))
    return None


def _is_id_character(char: str) -> bool:
    return char in "-_." or unicodedata.category(char)[0] in "LNM"


def is_plain_id(value: str) -> bool:
    """Return whether a value is an id that YAML needs no quotes for."""
    return value[:1].isalnum() and all(_is_id_character(char) for char in value)


def propose_id(text: str, taken: Container[str]) -> str:
    """Return a readable id for a card with this text that is not taken yet."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).lower())
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:_MAX_PROPOSED]
        if len(longer) > _MAX_PROPOSED:
            break
        slug = longer
    slug = "".join(char for char in slug if _is_id_character(char)) or "card"
    candidates = chain([slug], (f"{slug}-{number}" for number in count(2)))
    return next(candidate for candidate in candidates if candidate not in taken)


@dataclass(frozen=True, slots=True)
class FormerNames:
    """The names of a card and its parts in former releases.

    card_ids: former ids of the card, the oldest first.
    parts: former names of items, rows, columns and labels, by their present names.
    """

    card_ids: tuple[Scalar, ...] = ()
    parts: abc.Mapping[str, str] = field(default_factory=dict)

    def former_keys(self, card_id: str, part: str) -> tuple[str, ...]:
        """Return the keys under which a note may have been released, the oldest first.

        part: empty for the only note of a card.
        """
        # A row may have been renamed in one release and its column in another.
        choices = [dict.fromkeys((self.parts.get(name, name), name)) for name in part.split("/")]
        parts = ["/".join(names) for names in product(*choices)]
        card_ids = [former.value for former in self.card_ids] + [card_id]
        keys = [f"{card}/{name}" if name else card for card in card_ids for name in parts]
        return tuple(key for key in keys if key != (f"{card_id}/{part}" if part else card_id))


NO_FORMER_NAMES = FormerNames()
"""The former names of a card without `was:`."""


def read_former_names(node: Node, report: Report) -> FormerNames:
    """Read `was:`: a former id, a mapping from names of parts to their former names, or a list of both."""
    card_ids: list[Scalar] = []
    parts: dict[str, str] = {}
    for item in node.items if isinstance(node, Sequence) else [node]:
        if isinstance(item, Mapping):
            parts |= dict(_read_former_parts(item, report))
        elif (scalar := read_scalar(item, "was", report)) is not None and read_id(scalar, report):
            card_ids.append(scalar)
    return FormerNames(tuple(card_ids), parts)


def _read_former_parts(node: Mapping, report: Report) -> Iterator[tuple[str, str]]:
    for key, value in node.entries.values():
        former = read_scalar(value, key.value, report)
        if former is not None and read_id(former, report):
            yield key.value, former.value
