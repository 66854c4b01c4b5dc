"""Decks with diagrams: a few labels on a picture, built by the whole tool."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from tests.support.builds import NOW, DeckBuild, build_deck

LEG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 400">'
    b'<rect x="1" y="1" width="298" height="398" fill="#eee" stroke="#333"/></svg>'
)
MEDIA = {"cards_source/leg/media/leg.svg": LEG}

# The places of five labels, far enough from each other.
PLACES: dict[str, dict[str, Any]] = {
    "biceps": {"name": "Biceps femoris", "rect": [5, 10, 30, 10]},
    "tuber": {"name": "Ischial tuberosity", "ellipse": [60, 10, 30, 10]},
    "semi": {"name": "Semimembranosus", "polygon": [[5, 50], [30, 50], [20, 80]]},
    "calf": {"name": "Gastrocnemius", "rect": [60, 50, 30, 10]},
    "tibia": {"name": "Tibia", "rect": [60, 80, 30, 10]},
}


def card(labels: Sequence[str], **keys: Any) -> dict[str, Any]:
    """Return a diagram with some of the five labels, in this order. keys: other keys of the card."""
    return {
        "id": "thigh",
        "diagram": "media/leg.svg",
        "alt": "The back of a thigh",
        "labels": {label: PLACES[label] for label in labels},
        **keys,
    }


def build_diagrams(
    *cards: Mapping[str, Any],
    previous: DeckBuild | None = None,
    now: int = NOW,
    outputs: Sequence[str] = ("anki",),
    restore_lock: bool = False,
) -> DeckBuild:
    """Build a deck of these cards."""
    deck = {"deck": "Leg", "id": "leg", "topic": "Anatomy", "cards": list(cards)}
    sources = {"leg/deck.yaml": yaml.safe_dump(deck, sort_keys=False)}
    return build_deck(sources, previous, now=now, media=MEDIA, outputs=outputs, restore_lock=restore_lock)
