"""Builds of a small deck whose cards tests choose, at different times."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from tests.support.builds import DAY, NOW, DeckBuild, build_deck


def legs_text(*cards: Mapping[str, Any], **header: Any) -> str:
    """Return the source of the deck. header: its keys beside `cards`."""
    deck = {"deck": "Legs", "id": "legs", **header, "cards": list(cards)}
    return yaml.safe_dump(deck, sort_keys=False, width=1000)


def build_legs(
    *cards: Mapping[str, Any],
    previous: DeckBuild | None = None,
    days: int = 0,
    restore_lock: bool = False,
    outputs: Sequence[str] = ("anki",),
    **header: Any,
) -> DeckBuild:
    """Build the deck of some cards. days: after the first build. previous, outputs: as for `build_deck`."""
    sources = {"legs.yaml": legs_text(*cards, **header)}
    now = NOW + days * DAY
    return build_deck(sources, previous, now=now, restore_lock=restore_lock, outputs=outputs)
