"""Decks with diagrams, for tests: a few labels on a picture, built by the whole tool."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from cardwright.diagnostics.report import Report
from cardwright.pipeline import BuildOptions, BuildResult, build
from tests.support.memory import FakeEnvironment, deck_files

LEG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 400">'
    b'<rect x="1" y="1" width="298" height="398" fill="#eee" stroke="#333"/></svg>'
)
MEDIA = {"cards_source/leg/media/leg.svg": LEG}

# Where each of five labels is; far enough from the others.
PLACES: dict[str, dict[str, Any]] = {
    "biceps": {"name": "Biceps femoris", "rect": [5, 10, 30, 10]},
    "tuber": {"name": "Ischial tuberosity", "ellipse": [60, 10, 30, 10]},
    "semi": {"name": "Semimembranosus", "polygon": [[5, 50], [30, 50], [20, 80]]},
    "calf": {"name": "Gastrocnemius", "rect": [60, 50, 30, 10]},
    "tibia": {"name": "Tibia", "rect": [60, 80, 30, 10]},
}


def card(labels: Sequence[str], **more: Any) -> dict[str, Any]:
    """A diagram with some of the five labels, in this order. more: other keys of the card."""
    return {
        "id": "thigh",
        "diagram": "media/leg.svg",
        "alt": "The back of a thigh",
        "labels": {label: PLACES[label] for label in labels},
        **more,
    }


def built(
    *cards: Mapping[str, Any],
    before: Mapping[str, bytes] | None = None,
    now: int = 1_700_000_000,
    outputs: Sequence[str] = ("anki",),
) -> tuple[dict[str, bytes], Report]:
    """What a build of the deck writes, by the end of its path, and what it says.

    before: what the build before wrote; its lock and its packages are used.
    """
    before = before or {}
    text = yaml.safe_dump(
        {"deck": "Leg", "id": "leg", "topic": "Anatomy", "cards": list(cards)}, sort_keys=False
    )
    files = deck_files({"leg/deck.yaml": text}, before.get("deck.lock"))
    earlier = {f"decks/leg/{name}": data for name, data in before.items()}
    outcome: BuildResult = build(
        files, FakeEnvironment(MEDIA, earlier), BuildOptions(now=now, outputs=tuple(outputs))
    )
    made = {output.path.rsplit("/", 1)[-1]: output.data for output in outcome.files}
    return {**before, **made}, outcome.report
