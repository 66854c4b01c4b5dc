"""Pages in columns of equal height, and what goes on which page. All lengths in one unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Column = tuple[int, ...]

# Of a page: a few facts at the head of a page look lost.
_SCRAP = 0.15


@dataclass(frozen=True, slots=True)
class Piece:
    """What is to be set: a number by which it is known, and its height.

    wide: whether it goes across all columns.
    """

    number: int
    height: float
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """What belongs under one heading. heading: its height; 0 for none. pieces: one or more."""

    heading: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """What stands beside each other on a page.

    section: of which this is a part, by number. opens: whether its heading comes before.
    columns: the numbers of pieces, column by column.
    wide: whether it is one piece across the page.
    broken: whether it is taller than a page, and runs on to the next ones.
    """

    section: int
    opens: bool
    columns: tuple[Column, ...]
    wide: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """The room on a page.

    height: of a page's text. columns: how many there are.
    gap: between pieces of a column, and between rows. between: between sections on a page.
    """

    height: float
    columns: int
    gap: float
    between: float


def compose(sections: Sequence[Section], frame: Frame, taken: float = 0.0) -> list[list[Row]]:
    """The rows of each page.

    taken: what of the first page is taken by something else.

    A section begins below what is there if it fits, or if half of the page is left and more
    than a scrap of it would go on the next; else on a page of its own. One that would fit on
    a page is on two at most. Pieces stay whole, and
    in order, down one column and then the next; the columns of a row are as equal in height
    as that allows. What is taller than a page begins on a new one and runs on to the next.
    """
    pages: list[list[Row]] = [[]]
    used = taken
    for number, section in enumerate(sections):
        between = frame.between if pages[-1] else 0.0
        whole = list(_rows(section, number, frame))
        need = sum(height for _, height in whole)
        over = used + between + need - frame.height
        late = used + between > frame.height / 2
        if pages[-1] and over > 0 and (late or over < _SCRAP * frame.height):
            pages.append([])
            used, between = 0.0, 0.0
        if used + between + need <= frame.height:
            pages[-1] += [row for row, _ in whole]
            used += between + need
        else:
            used = _long(section, number, frame, pages, used + between)
    return pages


def _rows(section: Section, number: int, frame: Frame) -> Iterator[tuple[Row, float]]:
    """A section on a page without an end: each row with its height and that of what is above it."""
    opens = True
    for run in _runs(section.pieces):
        above = section.heading if opens else frame.gap
        if run[0].wide:
            yield Row(number, opens, _numbers([run]), wide=True), above + run[0].height
        else:
            columns = _balanced(run, frame)
            yield Row(number, opens, _numbers(columns)), above + _height(columns, frame)
        opens = False


def _long(section: Section, number: int, frame: Frame, pages: list[list[Row]], used: float) -> float:
    """Lay a section on the last page, of which so much is used, and on more.

    Returns how much of the page is used that is then the last.
    """
    opens = True
    for run in _runs(section.pieces):
        left = run
        while left:
            above = section.heading if opens else frame.gap if pages[-1] else 0.0
            room = frame.height - used - above
            columns = _filled(left, room, frame)
            if not columns and pages[-1]:
                pages.append([])
                used = 0.0
                continue
            height = _height(columns, frame) if columns else room
            broken = not columns
            if broken:
                columns = [left[:1]]
            elif len(_flat(columns)) == len(left):
                columns = _balanced(left, frame)
                height = _height(columns, frame)
            pages[-1].append(Row(number, opens, _numbers(columns), left[0].wide, broken))
            left = left[len(_flat(columns)) :]
            used += above + height
            opens = False
    return used


def _runs(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Pieces in columns that follow each other together, wide ones alone."""
    run: list[Piece] = []
    for piece in pieces:
        if piece.wide:
            if run:
                yield run
            yield [piece]
            run = []
        else:
            run.append(piece)
    if run:
        yield run


def _balanced(pieces: Sequence[Piece], frame: Frame) -> list[list[Piece]]:
    """All pieces, in columns the tallest of which is as low as can be."""
    heights = [piece.height for piece in pieces]
    low, high = max(heights), sum(heights) + frame.gap * (len(heights) - 1)
    for _ in range(40):
        middle = (low + high) / 2
        if len(_flat(_filled(pieces, middle, frame))) == len(pieces):
            high = middle
        else:
            low = middle
    return _filled(pieces, high, frame)


def _filled(pieces: Sequence[Piece], height: float, frame: Frame) -> list[list[Piece]]:
    """As many pieces as go into the columns one after the other; none when the first is too tall."""
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


def _flat(columns: Sequence[Sequence[Piece]]) -> list[Piece]:
    return [piece for column in columns for piece in column]
