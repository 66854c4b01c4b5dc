"""An `allow:` of the author: it suppresses one rule for a card, a topic or a whole deck."""

from dataclasses import dataclass

from cardwright.diagnostics.span import Span


@dataclass(frozen=True, slots=True)
class Suppression:
    """One name under an `allow:`.

    rule: the code of the diagnostics to leave out.
    span: the name as written.
    within: the card or topic it belongs to; None for the whole deck.
    """

    rule: str
    span: Span
    within: Span | None

    def covers(self, span: Span) -> bool:
        """Return whether this suppression applies to a diagnostic of the deck at `span`."""
        within = self.within
        if within is None:
            return True
        return within.source is span.source and within.start <= span.start < within.end
