"""Which pieces go on which page, in columns of about equal height. All lengths in one unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Column = tuple[int, ...]

# A part of the page: if less than this of a section would go on the next page, it begins there instead.
_MIN_REMAINDER = 0.15
_BISECTIONS = 40


@dataclass(frozen=True, slots=True)
class Piece:
    """A text to be placed. full_width: whether it goes across all columns."""

    number: int
    height: float
    full_width: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """The pieces under one heading, one or more. heading_height: 0 for no heading."""

    heading_height: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Columns beside each other on a page.

    section: the number of the section.
    starts_section: whether the section's heading comes before.
    columns: the numbers of the pieces, column by column.
    full_width: whether it is one piece across all columns.
    breakable: whether it is higher than a page, and continues on the next ones.
    """

    section: int
    starts_section: bool
    columns: tuple[Column, ...]
    full_width: bool = False
    breakable: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """The space on a page.

    height: of the page's text. columns: how many there are.
    gap: between pieces of a column, and between rows. section_gap: between sections on a page.
    """

    height: float
    columns: int
    gap: float
    section_gap: float


def compose(sections: Sequence[Section], frame: Frame, title_height: float = 0.0) -> list[list[Row]]:
    """Return the rows of each page. title_height: what is already taken of the first page.

    A section begins below the previous one if it fits there, or if half of the page is free and
    not only a little of it would go on the next page; else it begins a page. A section that fits on a
    page is on two at most. Pieces stay whole and in order, down one column and then the next, and the
    columns of a row are as equal in height as that allows. A piece that is higher than a page
    begins on a new page and continues on the next ones.
    """
    pages: list[list[Row]] = [[]]
    used = title_height
    for number, section in enumerate(sections):
        gap = frame.section_gap if pages[-1] else 0.0
        rows = list(_unbroken_rows(section, number, frame))
        needed = sum(height for _, height in rows)
        excess = used + gap + needed - frame.height
        in_lower_half = used + gap > frame.height / 2
        if pages[-1] and excess > 0 and (in_lower_half or excess < _MIN_REMAINDER * frame.height):
            pages.append([])
            used, gap = 0.0, 0.0
        if used + gap + needed <= frame.height:
            pages[-1] += [row for row, _ in rows]
            used += gap + needed
        else:
            used = _break_section(section, number, frame, pages, used + gap)
    return pages


def _unbroken_rows(section: Section, number: int, frame: Frame) -> Iterator[tuple[Row, float]]:
    """Yield the rows of a section as if a page had no end, each with its height and that of what is above."""
    starts_section = True
    for run in _runs(section.pieces):
        above = section.heading_height if starts_section else frame.gap
        if run[0].full_width:
            yield Row(number, starts_section, _numbers([run]), full_width=True), above + run[0].height
        else:
            columns = _balance(run, frame)
            yield Row(number, starts_section, _numbers(columns)), above + _height(columns, frame)
        starts_section = False


def _break_section(section: Section, number: int, frame: Frame, pages: list[list[Row]], used: float) -> float:
    """Place a section on the last page and on new ones. used: how much of the last page is taken.

    Returns how much of the page that is the last one afterwards is taken.
    """
    starts_section = True
    for run in _runs(section.pieces):
        remaining = run
        while remaining:
            above = section.heading_height if starts_section else frame.gap if pages[-1] else 0.0
            available = frame.height - used - above
            columns = _fill(remaining, available, frame)
            if not columns and pages[-1]:
                pages.append([])
                used = 0.0
                continue
            height = _height(columns, frame) if columns else available
            breakable = not columns
            if breakable:
                columns = [remaining[:1]]
            elif len(_flatten(columns)) == len(remaining):
                columns = _balance(remaining, frame)
                height = _height(columns, frame)
            pages[-1].append(
                Row(number, starts_section, _numbers(columns), remaining[0].full_width, breakable)
            )
            remaining = remaining[len(_flatten(columns)) :]
            used += above + height
            starts_section = False
    return used


def _runs(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield consecutive pieces in columns together, and each full-width piece alone."""
    run: list[Piece] = []
    for piece in pieces:
        if piece.full_width:
            if run:
                yield run
            yield [piece]
            run = []
        else:
            run.append(piece)
    if run:
        yield run


def _balance(pieces: Sequence[Piece], frame: Frame) -> list[list[Piece]]:
    """Return all pieces in columns, the highest of which is as low as possible; found by bisection."""
    heights = [piece.height for piece in pieces]
    low, high = max(heights), sum(heights) + frame.gap * (len(heights) - 1)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if len(_flatten(_fill(pieces, middle, frame))) == len(pieces):
            high = middle
        else:
            low = middle
    return _fill(pieces, high, frame)


def _fill(pieces: Sequence[Piece], height: float, frame: Frame) -> list[list[Piece]]:
    """Fill one column after the other with as many pieces as fit; empty if the first is too high."""
    columns: list[list[Piece]] = []
    used = 0.0
    for piece in pieces:
        if columns and used + frame.gap + piece.height <= height:
            columns[-1].append(piece)
            used += frame.gap + piece.height
        elif len(columns) < frame.columns and piece.height <= height:
            columns.append([piece])
            used = piece.height
        else:
            break
    return columns


def _height(columns: Sequence[Sequence[Piece]], frame: Frame) -> float:
    return max(
        (sum(piece.height for piece in column) + frame.gap * (len(column) - 1) for column in columns),
        default=0.0,
    )


def _numbers(columns: Sequence[Sequence[Piece]]) -> tuple[Column, ...]:
    return tuple(tuple(piece.number for piece in column) for column in columns)


def _flatten(columns: Sequence[Sequence[Piece]]) -> list[Piece]:
    return [piece for column in columns for piece in column]
