"""A message to the author about one problem."""

from dataclasses import dataclass
from enum import Enum

from cardwright.diagnostics.span import Span


class Severity(Enum):
    """How serious a diagnostic is. Only an error keeps the deck from being built.

    Advice is about how well a card can be learned; nothing is broken.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Related:
    """A further place that belongs to a diagnostic. text: a few words about it, such as "first used here"."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem, described to the author.

    code: the name of the mistake in kebab case; it reads well after `allow:`.
    message: the headline, at most 72 characters without a full stop. It makes sense on its
        own and says what was found in the author's words, never just "invalid".
    span: the smallest part of the text that causes the problem; None when no file does (the disk is full).
    note: a few words, shown next to the carets.
    help: a next step; empty unless it is sure to help.
    """

    code: str
    message: str
    span: Span | None
    severity: Severity = Severity.ERROR
    note: str = ""
    related: tuple[Related, ...] = ()
    help: str = ""
