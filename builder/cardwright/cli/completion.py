"""What the Tab key of a shell completes, beside the commands, options and choices that click knows."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cardwright.collection.deck import Deck


def complete_decks(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete the name of a deck, or its id if that is another one."""
    from pathlib import Path

    from cardwright.diagnostics import Report
    from cardwright.shell.project import find_decks, read_deck_key
    from cardwright.shell.project_folder import find_project

    root = find_project()
    if root is None:
        return []
    decks = find_decks(Path(root), Report())
    ids = (read_deck_key(Path(root), deck, "id") for deck in decks)
    return _items([*(deck.name for deck in decks), *filter(None, ids)], incomplete)


def complete_topics(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete a topic of the deck that is named before, or of the only one."""
    from cardwright.pipeline.selection import list_topics

    return _items((topic for deck in _load_decks(ctx) for topic in list_topics(deck)), incomplete)


def complete_tags(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete a tag, for decks as above."""
    from cardwright.pipeline.selection import list_tags

    return _items((tag for deck in _load_decks(ctx) for tag in list_tags(deck)), incomplete)


def complete_ids(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete the last of some ids, which commas separate; for decks as above."""
    from cardwright.pipeline.selection import notes_by_name

    return _list_items((id_ for deck in _load_decks(ctx) for id_ in notes_by_name(deck)), incomplete)


def complete_outputs(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete the last of some outputs, which commas separate."""
    from cardwright.formats.registry import OUTPUT_NAMES

    return _list_items(OUTPUT_NAMES, incomplete)


def complete_rules(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete the code of a rule that has a manual page."""
    from cardwright.check.manual import rule_groups
    from cardwright.source.ambiguity_warnings import AMBIGUITY_WARNINGS

    groups = rule_groups(AMBIGUITY_WARNINGS)
    return _items((code for group in groups for code in group.pages), incomplete)


def complete_card_sizes(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete the name of a card size."""
    from cardwright.layout.card_sizes import CARD_SIZES

    return _items((size.name for size in CARD_SIZES), incomplete)


def complete_papers(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete the name of a paper."""
    from cardwright.layout.geometry import SHEETS

    return _items(SHEETS, incomplete)


def _items(values: Iterable[str], incomplete: str) -> list[str]:
    return [value for value in dict.fromkeys(values) if value.startswith(incomplete)]


def _list_items(values: Iterable[str], incomplete: str) -> list[str]:
    """Return completions of the last value of a list that commas separate."""
    start, comma, last = incomplete.rpartition(",")
    return _items(
        (f"{start}{comma}{value}" for value in values if value not in start.split(",")),
        f"{start}{comma}{last}",
    )


def _load_decks(ctx: click.Context) -> "list[Deck]":
    """Return the deck that is named on the command line, or else all decks; none that can't be read."""
    from cardwright.cli import project
    from cardwright.diagnostics import Report
    from cardwright.pipeline.load import load_decks
    from cardwright.shell.environment import LocalEnvironment

    # Click stops at an option that has no value yet, and leaves the arguments before it as they are.
    name = ctx.params.get("deck") or next(iter(ctx.args), None)
    try:
        root = project.find_root()
        files = project.select_decks(root, [name] if name else [], Report())
    except click.UsageError:
        return []
    environment = LocalEnvironment(root, os.environ, None)
    return [loaded.deck for loaded in load_decks(files, environment, Report(), renders=False)]
