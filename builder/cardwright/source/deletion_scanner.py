"""Finds where cloze deletions begin and end in a text, and what keeps them from being read.

Braces that belong together belong to the hidden text. What `::` stands before is a hint, unless the colons
have a backslash before them, or are part of an address.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from cardwright.collection import content as c
from cardwright.diagnostics import Diagnostic, Report, Severity, Span
from cardwright.diagnostics.phrases import truncate
from cardwright.record import Record
from cardwright.source.nodes import Scalar

# The beginning of a cloze deletion. Numbers with more digits are never meant; Anki's own end at 500.
CLOZE_OPEN = re.compile(r"\{\{c([0-9]{1,9}(?:,[0-9]{1,9})*)::")

MAX_DEPTH = 10
OLD_MAX_DEPTH = 3
"""How many deletions Anki reads within each other, and did before 25.02; one with two numbers counts twice.

Source: measured with 24.11, 25.02 and 26.09; Anki, rslib/src/cloze.rs, `parse_text_with_clozes`.
"""

# What decides where deletions begin and end. In code and formulas, also what a backslash makes text of.
PROSE = re.compile(rf"{CLOZE_OPEN.pattern}|::|\{{|\}}+")
CODE = re.compile(rf"{PROSE.pattern}|\\(?:\{{\{{(?=c[0-9,]+::)|::)")
TEX = re.compile(rf"{PROSE.pattern}|\\(?s:.)")

# An address such as `fe80::1` or `2001:db8::/32`.
_IP_ADDRESS = re.compile(
    r"(?=(?:.*:)?(?=[0-9]*[A-Fa-f])(?=[A-Fa-f]*[0-9])[0-9A-Fa-f]{3,4}(?:[:/]|\Z))[0-9A-Fa-f:]+(?:/[0-9]{1,3})?"
)
# What is hardly an answer and its hint: another `::`, or something like `Vec<int>`, `new()`, `from("x")`,
# `snake_case`, `std::map`, `x :: Int`; in code, all that has no white space.
_CODE_WITH_COLONS = re.compile(
    r"::.*::|\w<[^<>]*>|\w\(\)|\w\(.*[\"']|[A-Za-z]{2}_[A-Za-z]"
    r"|\b(?:std|boost|crate|Self|Vec|HashMap|[Ff]oo)::\w| :: ",
    re.DOTALL,
)
_CODE_IN_CODE = re.compile(r"::\w\S*")
_LAST_WORD = re.compile(r"[^\s{}:]*\s*\Z")


@dataclass(slots=True, eq=False)
class Deletion:
    """A deletion; positions count from the beginning of the text that has it.

    index: how many openings come before its own, escaped ones counted too.
    start, text_start: where its opening, such as `{{c1::`, begins and ends.
    separator: where the `::` before its hint begins; None for no hint.
    end: where its `}}` begins; None while there is none.
    open_braces: how many braces of its text are open.
    is_shown: whether it has any text to hide.
    """

    index: int
    numbers: tuple[int, ...]
    start: int
    text_start: int
    separator: int | None = None
    end: int | None = None
    open_braces: int = 0
    is_shown: bool = False

    def opening(self, text: str) -> str:
        return truncate(text[self.start : self.text_start])

    def hint(self, text: str) -> str:
        return "" if self.separator is None else text[self.separator + 2 : self.end].strip()


Change = tuple[int, int, Literal["open", "hint", "close", "drop"], Deletion | None]
"""Where a sign is that changes what the text after it belongs to, or is dropped, and how long it is."""


class DeletionScanner(Record, frozen=True):
    """Finds the deletions of a text, a code or a formula.

    opening_spans: where the source has the opening of each deletion, in order.
    place: names what the deletions must end in, such as "formula"; empty for a text.
    """

    scalar: Scalar
    report: Report
    opening_spans: Sequence[Span]
    place: str = ""

    def find(
        self,
        text: str,
        signs: re.Pattern[str],
        may_separate: Callable[[int, int], bool] = lambda _start, _position: True,
    ) -> list[Deletion]:
        """Return the deletions of a text, in order; report what keeps others from being read.

        signs: finds what decides where deletions begin and end.
        may_separate: whether a `::` at the second position can begin the hint of a deletion at the first.
        """
        deletions: list[Deletion] = []
        outer: list[Deletion] = []
        unclosed: list[Deletion] = []
        too_deep: list[Deletion] = []
        for deletion in _scan(text, signs, may_separate):
            if deletion.end is None:
                unclosed.append(deletion)
                continue
            while outer and (outer[-1].end or 0) < deletion.start:
                outer.pop()
            if any(other.separator is not None and other.separator < deletion.start for other in outer):
                message = f"`{deletion.opening(text)}` is in a hint, where it hides nothing"
                self.report_in_hint(deletion, message)
            elif sum(len(other.numbers) for other in (*outer, deletion)) > MAX_DEPTH:
                too_deep.append(deletion)
            else:
                outer.append(deletion)
                deletions.append(deletion)
                self._check_numbers(deletion)
                self._check_hint(deletion, text)
        # Once the first of many is put right, the others may be something else.
        if unclosed:
            message = f"`{unclosed[0].opening(text)}` is opened and never closed"
            help_ = f"close it with `}}}}`{f' before the {self.place} ends' if self.place else ''}"
            self.add_error("unclosed-markup", message, unclosed[0], help_)
        if too_deep:
            self.report_too_deep(self._span(too_deep[0]))
        return deletions

    def _check_numbers(self, deletion: Deletion) -> None:
        for number in deletion.numbers:
            if not 1 <= number <= c.LAST_CLOZE:
                message = f"the cloze number {number} is not between 1 and {c.LAST_CLOZE}"
                self.add_error("cloze-number", message, deletion, part=f"c{number}")

    def _check_hint(self, deletion: Deletion, text: str) -> None:
        """Warn of a hint that was probably meant as part of what is hidden."""
        if deletion.separator is None:
            return
        hint = text[deletion.separator : deletion.end]
        before = _LAST_WORD.search(text[deletion.text_start : deletion.separator])
        if CLOZE_OPEN.search(hint) or not (
            _CODE_WITH_COLONS.search((before[0] if before else "") + hint)
            or (self.place == "code" and _CODE_IN_CODE.fullmatch(hint))
        ):
            return
        message = f"`{truncate(hint, 20)}` is a hint, shown in place of the hidden text"
        backslash = "\\\\" if self.scalar.style == '"' else "\\"
        kept = f": {hint[1:]}" if self.place == "formula" else f"{backslash}{hint}"
        help_ = f"write `{truncate(kept)}` if it is hidden as well"
        span = self._span(deletion)
        start = span.source.text.find(hint, span.start, self.scalar.end)
        if start >= 0:
            span = Span(span.source, start, start + len(hint))
        self.report.add(Diagnostic("code-as-hint", message, span, Severity.WARNING, help=help_))

    def report_hides_nothing(self, deletion: Deletion) -> None:
        self.add_error("empty-cloze", "a cloze deletion hides nothing", deletion)

    def report_in_hint(self, deletion: Deletion, message: str) -> None:
        self.add_error("deletion-in-hint", message, deletion, "end the deletion with the hint before it")

    def report_too_deep(self, span: Span) -> None:
        message = f"there are more than {MAX_DEPTH} deletions within each other"
        help_ = "Anki doesn't read more, and a deletion with two numbers counts twice"
        self.report.add(Diagnostic("deletions-too-deep", message, span, help=help_))

    def check_depth(self, depth: int) -> None:
        """Report what not every Anki reads. depth: how many deletions there are within each other."""
        if depth > MAX_DEPTH:
            self.report_too_deep(self.scalar.span)
        elif depth > OLD_MAX_DEPTH:
            message = f"there are {depth} deletions within each other"
            help_ = f"Anki before 25.02 reads {OLD_MAX_DEPTH}, and one with two numbers counts twice"
            self.report.add(
                Diagnostic("nested-deletions", message, self.scalar.span, Severity.WARNING, help=help_)
            )

    def add_error(
        self, code: str, message: str, deletion: Deletion, help_: str = "", *, part: str = ""
    ) -> None:
        self.report.add(Diagnostic(code, message, self._span(deletion).part(part), help=help_))

    def _span(self, deletion: Deletion) -> Span:
        """Return where a deletion begins, or the whole text if its source spells it differently."""
        index = deletion.index
        return self.opening_spans[index] if index < len(self.opening_spans) else self.scalar.span


def _scan(text: str, signs: re.Pattern[str], may_separate: Callable[[int, int], bool]) -> list[Deletion]:
    """Return all that begins like a deletion, in order, with its end if it has one; in one pass."""
    indexes = {match.start(): index for index, match in enumerate(CLOZE_OPEN.finditer(text))}
    found: list[Deletion] = []
    open_deletions: list[Deletion] = []
    for match in signs.finditer(text):
        sign = match[0]
        if match[1] is not None:
            numbers = tuple(sorted({int(number) for number in match[1].split(",")}))
            open_deletions.append(Deletion(indexes[match.start()], numbers, *match.span()))
            found.append(open_deletions[-1])
        elif not open_deletions or sign[0] == "\\":
            continue
        elif sign == "{":
            open_deletions[-1].open_braces += 1
        elif sign == "::":
            deletion = open_deletions[-1]
            is_free = deletion.separator is None and not deletion.open_braces
            if (
                is_free
                and match.start() > deletion.text_start
                and may_separate(deletion.start, match.start())
            ):
                deletion.separator = match.start()
        else:
            _close(open_deletions, match.start(), len(sign))
    for deletion in found:
        if deletion.separator is not None and _IP_ADDRESS.fullmatch(
            text, deletion.text_start, deletion.end or 0
        ):
            deletion.separator = None
    return found


def _close(open_deletions: list[Deletion], position: int, count: int) -> None:
    """Take closing braces for those of hidden texts, and for the ends of deletions. count: of the braces."""
    while open_deletions:
        deletion = open_deletions[-1]
        inner = min(deletion.open_braces, count)
        if inner and count == inner + 1:
            inner -= 1  # an opening brace is hidden without its closing one
        deletion.open_braces -= inner
        position, count = position + inner, count - inner
        if position == deletion.text_start:  # then what is hidden are braces
            inner = max(0, count - len("}}") * len(open_deletions))
            position, count = position + inner, count - inner
        if count < len("}}"):
            return
        deletion.end = position
        open_deletions.pop()
        position, count = position + len("}}"), count - len("}}")


def hidden_spans(text: str) -> list[tuple[int, int]]:
    """Return where deletions begin and end in a raw text, the outermost ones; unclosed ones end with it."""
    spans: list[tuple[int, int]] = []
    for deletion in _scan(text, PROSE, lambda _start, _position: True):
        if not spans or deletion.start >= spans[-1][1]:
            end = len(text) if deletion.end is None else deletion.end + len("}}")
            spans.append((deletion.start, end))
    return spans


def hints_of(text: str) -> list[str]:
    """Return the hints of the deletions in a raw text, which are shown in their place."""
    deletions = _scan(text, PROSE, lambda _start, _position: True)
    return [deletion.hint(text) for deletion in deletions if deletion.end is not None]


def changes_of(deletions: Iterable[Deletion]) -> list[Change]:
    """Return the changes that closed deletions make, in order."""
    changes: list[Change] = []
    for deletion in deletions:
        changes.append((deletion.start, deletion.text_start - deletion.start, "open", deletion))
        if deletion.separator is not None:
            changes.append((deletion.separator, len("::"), "hint", deletion))
        changes.append((deletion.end or 0, len("}}"), "close", deletion))
    return sorted(changes, key=lambda change: change[0])
