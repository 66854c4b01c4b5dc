"""A diagnostic for a person at a terminal: headline, place, excerpt, carets, a next step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.emit.cells import cells, escape_controls
from cardwright.diagnostics.span import Span

# An excerpt wider than this, in cells, is cut to a window around what is pointed at.
WIDTH = 100
# What the window keeps to the left of it.
LEAD = 30

Paint = Callable[[str, str], str]
"""Colours a text. Arguments: its role, and the text.

Roles: `error`, `warning`, `note`, `advice` (a severity and its carets), `headline`,
`frame` (arrows, line numbers, bars), `label` (a second place and its marks).
"""


def plain(_role: str, text: str) -> str:
    """No colour."""
    return text


@dataclass(frozen=True, slots=True)
class _Mark:
    """A stretch to be underlined. sign: `^` for the blame, `-` for a label."""

    span: Span
    sign: str
    text: str
    role: str


def render(diagnostic: Diagnostic, paint: Paint = plain) -> str:
    """The finding as lines of text, without a last line end.

    paint: colours the parts; the text is the same with every paint.
    """
    severity = diagnostic.severity.value
    head = paint(severity, f"{severity}[{diagnostic.code}]")
    lines = [head + paint("headline", f": {escape_controls(diagnostic.message)}")]
    margin = ""
    if diagnostic.span is not None:
        marks = [_Mark(diagnostic.span, "^", diagnostic.note, severity)]
        marks += [_Mark(label.span, "-", label.text, "label") for label in diagnostic.related]
        margin = " " * len(str(max(mark.span.first.line for mark in marks)))
        arrow = "-->"
        for group in _by_source(marks):
            lines.append(margin + paint("frame", arrow) + " " + _place(group[0].span))
            if group[0].span.source.text or any(mark.text for mark in group):
                lines.extend(_excerpt(group, len(margin), paint))
            arrow = ":::"
    if diagnostic.help:
        first, *rest = diagnostic.help.split("\n")
        lines.append(f"{margin} {paint('frame', '=')} {paint('headline', 'help')}: {escape_controls(first)}")
        lines.extend(f"{margin}         {escape_controls(line)}" for line in rest)
    return "\n".join(lines)


def _place(span: Span) -> str:
    return f"{escape_controls(span.source.path)}:{span.first.line}:{span.first.column}"


def _by_source(marks: list[_Mark]) -> list[list[_Mark]]:
    """The marks of each file together, files in the order in which they are first spoken of."""
    groups: dict[str, list[_Mark]] = {}
    for mark in marks:
        groups.setdefault(mark.span.source.path, []).append(mark)
    return list(groups.values())


def _excerpt(marks: list[_Mark], width: int, paint: Paint) -> Iterator[str]:
    """The marked lines of one file, each above its underlines, from top to bottom."""
    bar = paint("frame", "|")
    yield f"{' ' * width} {bar}"
    shown = 0
    by_line = sorted(marks, key=lambda mark: mark.span.first.line)
    for number, group in groupby(by_line, key=lambda mark: mark.span.first.line):
        if shown and number > shown + 1:
            yield paint("frame", "...")
        shown = number
        last = None
        for mark in group:
            line, underline = _underlined(mark)
            if line != last:
                yield f"{paint('frame', str(number).rjust(width))} {bar} {line}".rstrip()
                last = line
            note = f" {escape_controls(mark.text)}" if mark.text else ""
            indent = " " * (len(underline) - len(underline.lstrip()))
            yield f"{' ' * width} {bar} {indent}{paint(mark.role, underline.lstrip() + note)}"


def _underlined(mark: _Mark) -> tuple[str, str]:
    """The line a mark begins on, cut to a window when it is long, and the signs below it.

    Of a stretch over several lines the first line is underlined to its end; an
    empty one, or one at the end of the line, gets a single sign.
    """
    first, last = mark.span.first, mark.span.last
    row = cells(mark.span.source.line(first.line))
    start = min(first.column - 1, len(row))
    stop = min(last.column - 1, len(row)) if last.line == first.line else len(row)
    begin, end = 0, len(row)
    before = after = ""
    if _width(row) > WIDTH:
        begin = _walk_left(row, start, LEAD)
        end = _walk_right(row, begin, WIDTH)
        if end == len(row):
            begin = _walk_left(row, end, WIDTH)
        before = "…" if begin > 0 else ""
        after = "…" if end < len(row) else ""
    line = before + "".join(shown for shown, _ in row[begin:end]) + after
    indent = len(before) + _width(row[begin:start])
    signs = max(_width(row[start : min(stop, end)]), 1)
    return line, " " * indent + mark.sign * signs + ("…" if stop > end else "")


def _width(row: list[tuple[str, int]]) -> int:
    return sum(width for _, width in row)


def _walk_left(row: list[tuple[str, int]], place: int, budget: int) -> int:
    """The leftmost place from which the text up to `place` takes at most `budget` cells."""
    while place > 0 and (budget := budget - row[place - 1][1]) >= 0:
        place -= 1
    return place


def _walk_right(row: list[tuple[str, int]], place: int, budget: int) -> int:
    """The rightmost place up to which the text from `place` takes at most `budget` cells."""
    while place < len(row) and (budget := budget - row[place][1]) >= 0:
        place += 1
    return place
