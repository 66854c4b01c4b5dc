"""Read the names of decks and sub-decks, and put the cards of each sub-deck together."""

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from cardwright.collection.deck_name import SEPARATOR, DeckName, with_parents
from cardwright.diagnostics import Diagnostic, Report
from cardwright.diagnostics.phrases import truncate
from cardwright.source.mapping_reader import MappingReader
from cardwright.source.nodes import Scalar, Sequence
from cardwright.source.text import clean_line

_T = TypeVar("_T")

MAX_LEVELS = 11
"""The greatest number of levels of a whole name; Anki refuses to import more.

Source: Anki, rslib/src/decks/addupdate.rs, `first_existing_parent`.
"""

LOOK_ALIKE = re.compile("(?=:*：)[:：]{2,}|∷")
"""What keyboards for other scripts write for `::`."""

UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
"""What names can't have: it is not seen, or reverses what is. White space is read before."""


def read_deck_name(scalar: Scalar, report: Report) -> str:
    """Return the name of a deck, which may be empty. Errors: `unfit-deck-name`."""
    name = _join_levels(scalar, report)
    if problem := _problem(name, name, "the name"):
        message, help_ = problem
        report.add(Diagnostic("unfit-deck-name", message, scalar.span, help=help_))
    return name


def fit_deck_name(name: str) -> str:
    """Return the name of a deck as Anki may have it; empty if nothing is left of it."""
    levels = LOOK_ALIKE.sub(SEPARATOR, UNSEEN.sub("", name)).split(SEPARATOR)
    kept = [" ".join(level.split()).strip(" :") for level in levels]
    kept = [level for level in kept if level]
    return SEPARATOR.join([*kept[: MAX_LEVELS - 1], " - ".join(kept[MAX_LEVELS - 1 :])]).removesuffix(
        SEPARATOR
    )


def read_subdeck(reader: MappingReader, deck: str) -> DeckName:
    """Return the deck for the cards of a topic, or for one card; an empty `subdeck` is the deck itself.

    deck: the name of the deck in deck.yaml.

    Errors: `unexpected-value`, `unfit-deck-name`.
    """
    node = reader.get("subdeck")
    if node is None:
        return DeckName(deck)
    if isinstance(node, Sequence):
        levels = [item.value for item in node.items if isinstance(item, Scalar) and item.value]
        message, help_ = "`subdeck` needs a text; a list was found", f"write `{SEPARATOR.join(levels)}`"
        reader.report.add(Diagnostic("unexpected-value", message, node.span, help=help_ if levels else ""))
        return DeckName(deck)
    scalar = reader.scalar("subdeck")
    if scalar is None:
        return DeckName(deck)
    span = scalar.span if scalar.end > scalar.start else reader.key_span("subdeck")
    name = DeckName(deck, _join_levels(scalar, reader.report), span)
    problem = _problem(name.subdeck, name.full, "the sub-deck")
    if not scalar.style and name.subdeck in ("~", "null"):
        message = f"`{name.subdeck}` would be the name of the sub-deck"
        problem = message, 'write `subdeck: ""` for the deck itself'
    if problem:
        message, help_ = problem
        reader.report.add(Diagnostic("unfit-deck-name", message, scalar.span, help=help_))
        return DeckName(deck)
    return name


def _join_levels(scalar: Scalar, report: Report) -> str:
    """Return a name without spaces around its `::`, which Anki would remove."""
    return SEPARATOR.join(level.strip() for level in clean_line(scalar, report).split(SEPARATOR))


def _problem(name: str, full_name: str, subject: str) -> tuple[str, str] | None:
    """Return the headline and the help of what is wrong with a name; None if it is empty or Anki keeps it.

    full_name: as Anki shows it, with the deck's name before that of a sub-deck. subject: what has the name.

    Source: Anki, rslib/src/decks/name.rs, `normalized_deck_name_component`.
    """
    levels = name.split(SEPARATOR)
    kept_levels = [level for level in (level.strip(" :") for level in levels) if level]
    help_ = f"write `{SEPARATOR.join(kept_levels)}`" if kept_levels else ""
    if not name:
        return None
    if look_alike := LOOK_ALIKE.search(name):
        message = f"Anki doesn't read `{look_alike[0]}` as `{SEPARATOR}`"
        return message, f"write `{LOOK_ALIKE.sub(SEPARATOR, name)}`"
    if not all(levels):
        return f"{subject} `{truncate(name, 36)}` has an empty level", help_
    if kept_levels != levels:
        return f"{subject} `{truncate(name, 28)}` has a colon too many", help_
    if (count := len(full_name.split(SEPARATOR))) > MAX_LEVELS:
        message = f"this makes a deck of {count} levels, and Anki allows {MAX_LEVELS}"
        return message, "join some of them into one name, such as `Upper - Lower`"
    return None


def group_by_subdeck(notes: Iterable[_T], deck_name: Callable[[_T], DeckName]) -> tuple[_T, ...]:
    """Return the notes with those of each sub-deck together, in the order in which sub-decks appear first.

    The cards of a deck come before those of the decks inside it, as Anki goes through them.
    """
    notes = tuple(notes)
    ranks: dict[str, int] = {}
    sort_keys: dict[str, list[int]] = {"": []}
    for subdeck in (deck_name(note).subdeck for note in notes):
        if subdeck not in sort_keys:
            sort_keys[subdeck] = [ranks.setdefault(name, len(ranks)) for name in with_parents(subdeck)]
    return tuple(sorted(notes, key=lambda note: sort_keys[deck_name(note).subdeck])) if ranks else notes
