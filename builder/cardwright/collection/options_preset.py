"""Anki's deck options, as a deck may bring them along."""

from dataclasses import dataclass

from cardwright.diagnostics import Span


@dataclass(frozen=True, slots=True)
class OptionsPreset:
    """A preset of deck options; None stands for what Anki's own new presets have.

    span: the key `preset` of deck.yaml.
    name: as the deck options show it; None for the deck's name.
    new_per_day, reviews_per_day: cards, 0 to 9999.
    desired_retention: the share of cards that is to be remembered when they come up, 0.7 to
        0.99; nothing to learners who do not schedule with FSRS.
    """

    span: Span
    name: str | None = None
    new_per_day: int | None = None
    reviews_per_day: int | None = None
    desired_retention: float | None = None
