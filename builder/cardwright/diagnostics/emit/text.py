"""Diagnostics for a person at a terminal: headline, place, excerpt with carets, and a next step."""

from collections.abc import Callable, Iterator
from itertools import groupby

from cardwright.diagnostics import Diagnostic, Span
from cardwright.diagnostics.emit.terminal import escape_controls, escape_line, terminal_cells
from cardwright.record import Record

# Cells of a terminal: a wider line is cut to a window around the marked text.
WIDTH = 100
# Cells that the window shows to the left of the marked text.
LEAD = 30

Paint = Callable[[str, str], str]
"""Colours a text. Arguments: the role of the text, and the text.

Roles: `error`, `warning`, `note`, `advice` (a severity and its carets), `headline`,
`frame` (arrows, line numbers, bars), `label` (the text and underline of a related place).
"""


def plain(_role: str, text: str) -> str:
    """Return the text without colour."""
    return text


class _Mark(Record, frozen=True):
    """A span to underline. sign: `^` for the diagnostic's own span, `-` for a related one."""

    span: Span
    sign: str
    text: str
    role: str


def render(diagnostic: Diagnostic, paint: Paint = plain) -> str:
    """Return the diagnostic as lines of text, without a last line end.

    paint: colours the parts; it never changes the text.
    """
    severity = diagnostic.severity.value
    head = paint(severity, f"{severity}[{diagnostic.code}]")
    lines = [head + paint("headline", f": {escape_controls(diagnostic.message)}")]
    margin = ""
    if diagnostic.span is not None:
        marks = [_Mark(diagnostic.span, "^", diagnostic.note, severity)]
        marks += [_Mark(related.span, "-", related.text, "label") for related in diagnostic.related]
        margin = " " * len(str(max(mark.span.start_position.line for mark in marks)))
        arrow = "-->"
        for group in _group_by_source(marks):
            span = group[0].span
            lines.append(f"{margin}{paint('frame', arrow)} {escape_controls(span.location)}")
            if span.source.text or any(mark.text for mark in group):
                lines.extend(_excerpt(group, len(margin), paint))
            arrow = ":::"
    if diagnostic.help:
        first, *rest = diagnostic.help.split("\n")
        lines.append(f"{margin} {paint('frame', '=')} {paint('headline', 'help')}: {escape_controls(first)}")
        lines.extend(escape_line(f"{margin}         {line}") for line in rest)
    return "\n".join(lines)


def _group_by_source(marks: list[_Mark]) -> list[list[_Mark]]:
    """Return the marks grouped by file, in the order in which the files first appear."""
    groups: dict[str, list[_Mark]] = {}
    for mark in marks:
        groups.setdefault(mark.span.source.path, []).append(mark)
    return list(groups.values())


def _excerpt(marks: list[_Mark], margin_width: int, paint: Paint) -> Iterator[str]:
    """Yield the marked lines of one file from top to bottom, each followed by its underlines."""
    bar = paint("frame", "|")
    yield f"{' ' * margin_width} {bar}"
    previous_number = 0
    by_line = sorted(marks, key=lambda mark: mark.span.start_position.line)
    for number, group in groupby(by_line, key=lambda mark: mark.span.start_position.line):
        if previous_number and number > previous_number + 1:
            yield paint("frame", "...")
        previous_number = number
        previous_line = None
        for mark in group:
            line, underline = _underlined(mark)
            if line != previous_line:
                yield f"{paint('frame', str(number).rjust(margin_width))} {bar} {line}".rstrip()
                previous_line = line
            note = f" {escape_controls(mark.text)}" if mark.text else ""
            indent = " " * (len(underline) - len(underline.lstrip()))
            yield f"{' ' * margin_width} {bar} {indent}{paint(mark.role, underline.lstrip() + note)}"


def _underlined(mark: _Mark) -> tuple[str, str]:
    """Return the line on which a mark starts, cut to a window when it is long, and its underline.

    A mark over several lines has its first line underlined to the end. A mark that is empty, or
    at the end of the line, gets a single sign.
    """
    mark_start, mark_end = mark.span.start_position, mark.span.end_position
    line_start, line_end = mark.span.source.line_bounds(mark_start.line)
    mark_stop = min(mark.span.end, line_end) if mark_end.line == mark_start.line else line_end
    # The rest of a long line is not even measured, because it may have thousands of marks.
    first = max(min(mark.span.start, line_end) - WIDTH, line_start)
    last = min(first + 3 * WIDTH, line_end)
    cells = terminal_cells(mark.span.source.text[first:last])
    start, stop = min(mark.span.start, line_end) - first, min(mark_stop, last) - first
    window_start, window_stop = 0, len(cells)
    if _width(cells) > WIDTH or first > line_start or last < line_end:
        window_start = _walk_left(cells, start, LEAD)
        window_stop = _walk_right(cells, window_start, WIDTH)
        if first + window_stop == line_end:
            window_start = _walk_left(cells, window_stop, WIDTH)
    left_ellipsis = "…" if first + window_start > line_start else ""
    right_ellipsis = "…" if first + window_stop < line_end else ""
    line = left_ellipsis + "".join(text for text, _ in cells[window_start:window_stop]) + right_ellipsis
    indent = len(left_ellipsis) + _width(cells[window_start:start])
    length = max(_width(cells[start : min(stop, window_stop)]), 1)
    is_cut = mark_stop > first + window_stop
    return line, " " * indent + mark.sign * length + ("…" if is_cut else "")


def _width(cells: list[tuple[str, int]]) -> int:
    return sum(width for _, width in cells)


def _walk_left(cells: list[tuple[str, int]], index: int, budget: int) -> int:
    """Return the smallest start from which the text up to `index` is at most `budget` cells wide."""
    while index > 0 and (budget := budget - cells[index - 1][1]) >= 0:
        index -= 1
    return index


def _walk_right(cells: list[tuple[str, int]], index: int, budget: int) -> int:
    """Return the largest end up to which the text from `index` is at most `budget` cells wide."""
    while index < len(cells) and (budget := budget - cells[index][1]) >= 0:
        index += 1
    return index
