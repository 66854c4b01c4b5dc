"""What an author wants to hear no more: one rule, on a card, in a topic or in a whole deck."""

from dataclasses import dataclass

from cardwright.diagnostics.span import Span


@dataclass(frozen=True, slots=True)
class Suppression:
    """One name under an `allow:`.

    rule: the code of the findings that are not to be told.
    span: the name as written.
    within: the card or the topic that it stands in; None when it is the deck's.
    """

    rule: str
    span: Span
    within: Span | None

    def covers(self, place: Span) -> bool:
        """Whether a finding of the deck at this place is silenced."""
        within = self.within
        if within is None:
            return True
        return within.source is place.source and within.start <= place.start < within.end
