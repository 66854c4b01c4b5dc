"""One thing to say to the author."""

from dataclasses import dataclass
from enum import Enum

from cardwright.diagnostics.span import Span


class Severity(Enum):
    """How bad it is: an error keeps the deck from being built, the others do not.

    Advice is about how well a card will be learned; nothing is broken.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that belongs to the story. text: what is to be seen there, a few words."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding.

    code: kebab-case, names the mistake, reads well after "allow".
    message: the headline. It stands alone, in the author's words, at most 72
        characters, no full stop; says what was found, never "invalid".
    span: the smallest stretch that is to blame; None when no file is (a full disk).
    note: a few words under the carets.
    help: a next step, only when it is sure to help.
    """

    code: str
    message: str
    span: Span | None
    severity: Severity = Severity.ERROR
    note: str = ""
    related: tuple[Related, ...] = ()
    help: str = ""
