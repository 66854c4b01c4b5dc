"""Laws of how pieces are distributed to pages and columns."""

from hypothesis import given
from hypothesis import strategies as st

from cardwright.formats.pdf.running_text.columns import Frame, Piece, Row, Section, compose

FRAME = Frame(height=100, columns=2, gap=1, section_gap=5)


def _section(pieces: list[tuple[float, bool]], start: int, heading_height: float = 8) -> Section:
    return Section(
        heading_height,
        tuple(Piece(start + index, height, full_width) for index, (height, full_width) in enumerate(pieces)),
    )


pieces = st.tuples(st.floats(1, 140), st.booleans())
decks = st.lists(st.lists(pieces, min_size=1, max_size=12), min_size=1, max_size=5)


def _sections(deck: list[list[tuple[float, bool]]]) -> list[Section]:
    sections = []
    start = 0
    for pieces in deck:
        sections.append(_section(pieces, start))
        start += len(pieces)
    return sections


@given(decks, st.floats(0, 60), st.integers(1, 3))
def test_every_piece_is_set_once_and_in_order(
    deck: list[list[tuple[float, bool]]], title_height: float, columns: int
) -> None:
    """Down the columns, row by row, page by page."""
    pages = compose(_sections(deck), Frame(100, columns, 1, 5), title_height)
    order = [number for page in pages for row in page for column in row.columns for number in column]

    assert order == list(range(sum(map(len, deck))))
    assert sum(row.starts_section for page in pages for row in page) == len(deck)


@given(decks, st.floats(0, 60))
def test_no_page_is_overfull(deck: list[list[tuple[float, bool]]], title_height: float) -> None:
    """Rows that aren't breakable stay within the page, with their headings and gaps."""
    sections = _sections(deck)
    heights = {piece.number: piece.height for section in sections for piece in section.pieces}
    for number, page in enumerate(compose(sections, FRAME, title_height)):
        used = title_height if number == 0 else 0.0
        for index, row in enumerate(page):
            used += _above(row, index)
            if row.breakable:
                assert row is page[-1]
                break
            used += max(sum(heights[number] for number in column) + len(column) - 1 for column in row.columns)
        assert used <= 100.001


def _above(row: Row, index: int) -> float:
    if row.starts_section:
        return 8 + (FRAME.section_gap if index else 0)
    return FRAME.gap if index else 0


@given(st.lists(st.floats(1, 20), min_size=2, max_size=9))
def test_columns_differ_by_one_piece_at_most(heights: list[float]) -> None:
    """The first column may be higher, but not by more than one piece."""
    ((row, *_), *_) = compose([_section([(height, False) for height in heights], 0)], Frame(500, 2, 0, 0))
    first, second = (sum(heights[number] for number in column) for column in row.columns)

    assert abs(first - second) <= max(heights) + 0.001
