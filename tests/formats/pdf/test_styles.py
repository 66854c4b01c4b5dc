"""Styles, colours, alignment, sizes of pictures, and cells with blocks on printed cards."""

import io
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pytest

from cardwright.collection import content as c
from cardwright.collection.colour import BLACK, READABLE_CONTRAST, WHITE, Colour, contrast
from cardwright.layout.card_geometry import MIN_FONT_SIZE
from cardwright.layout.card_sizes import CARD_SIZES
from tests.formats.pdf.test_content import paragraph, png
from tests.support.print_decks import MM_PER_POINT, deck, note, page_lines, render_sheets
from tests.support.printed_text import Area, Letter, areas, find_text, letters

RED: Colour = (220, 0, 0)
PALE: Colour = (250, 240, 230)
NAVY: Colour = (0, 0, 128)


def styled(element: str, *children: c.Inline | str) -> c.Styled:
    return c.Styled(element, inlines(*children))


def inlines(*children: c.Inline | str) -> c.Inlines:
    return tuple(c.Text(child) if isinstance(child, str) else child for child in children)


def render_back(folder: Path, answer: c.Content, **settings: str) -> bytes:
    return render_sheets(deck([note("card-1", "Q?", answer, topic="T")], **settings), folder)


def back_letters(folder: Path, text: str, answer: c.Content, **settings: str) -> list[Letter]:
    """Return the letters of a text on the back of a card with an answer."""
    return find_text(render_back(folder, answer, **settings), text, page=1)


def trim() -> tuple[float, float]:
    """Return the left and right edge of the first card's back in pt."""
    slot = CARD_SIZES[0].grid.trim(1)
    return slot.x / MM_PER_POINT, (slot.x + slot.width) / MM_PER_POINT


# Subscripts and superscripts


def test_a_subscript_is_smaller_and_lower_and_a_superscript_higher(tmp_path: Path) -> None:
    x, i, comma, y, two = back_letters(
        tmp_path, "xi,y2", paragraph("x", styled("sub", "i"), ",y", styled("sup", "2"))
    )

    assert i.size == two.size == pytest.approx(0.7 * x.size)
    assert i.base_line > x.base_line == comma.base_line == y.base_line > two.base_line


def test_lines_with_subscripts_and_superscripts_are_as_high_as_others(tmp_path: Path) -> None:
    """A text whose lines are at different distances looks restless."""
    lines = [inlines("a"), inlines("b"), inlines("c", styled("sup", "2"), styled("sub", "2")), inlines("d")]
    run = tuple(inline for line in lines for inline in (c.LineBreak(), *line))[1:]
    pdf = render_back(tmp_path, (c.Paragraph(run),))
    large = [letter for letter in letters(pdf, 1) if letter.size > 12]
    steps = [second.base_line - first.base_line for first, second in pairwise(large)]

    assert [letter.text for letter in large] == ["a", "b", "c", "d"]
    assert steps == pytest.approx([steps[0]] * 3)


def test_a_line_of_nothing_but_a_superscript_has_a_height_too(tmp_path: Path) -> None:
    (up,), (down,) = (
        back_letters(tmp_path, text, (*paragraph(styled("sup", "U")), *paragraph("D"))) for text in "UD"
    )

    assert down.base_line - up.base_line > down.size


@pytest.mark.parametrize("card", ["a8", "a7-safe", "a5"])
@pytest.mark.parametrize("scale", ["0.5", "1"])
def test_no_style_makes_text_smaller_than_the_least_size(card: str, scale: str, tmp_path: Path) -> None:
    """Not even one within the other."""
    small = styled("sub", styled("sup", styled("small", styled("kbd", "V"))))
    answer = (*paragraph(small, c.code("W")), c.code_block("X"), c.Heading(3, (small,)))
    pdf = render_back(tmp_path, answer, card=card, scale_font=scale)

    assert all(letter.size >= MIN_FONT_SIZE - 0.001 for letter in letters(pdf, 1) if letter.text in "VWX")


def test_big_text_is_larger(tmp_path: Path) -> None:
    x, y = back_letters(tmp_path, "xy", paragraph("x", styled("big", "y")))

    assert y.size > 1.1 * x.size


def test_every_style_is_printed(tmp_path: Path) -> None:
    """An element without its style on paper would stop the engine."""
    run = [styled(element, element + " ") for element in sorted(c.STYLE_ELEMENTS)]
    pdf = render_back(tmp_path, (c.Paragraph(tuple(run)),))

    assert find_text(pdf, " ".join(sorted(c.STYLE_ELEMENTS)), 1)


# Underlines, keys and marks


def test_underlined_text_has_a_line_below_it_that_makes_way_for_letters(tmp_path: Path) -> None:
    pdf = render_back(tmp_path, paragraph("a ", styled("u", "ship"), " b"))
    word = find_text(pdf, "ship", 1)
    lines = [
        line
        for line in page_lines(pdf)[1]
        if word[0].base_line < line.y1 / MM_PER_POINT < word[0].base_line + 4
    ]

    assert len(lines) == 2, "it is interrupted by the descender of the p"
    assert min(line.x1 for line in lines) == pytest.approx(word[0].left * MM_PER_POINT, abs=0.1)
    assert max(line.x2 for line in lines) == pytest.approx(word[-1].right * MM_PER_POINT, abs=0.1)


def test_a_key_is_in_the_type_of_code_on_the_line_of_the_text(tmp_path: Path) -> None:
    p, *keys = back_letters(tmp_path, "pCtrl", paragraph("p", styled("kbd", "Ctrl")))

    assert {key.base_line for key in keys} == {p.base_line}
    assert "Mono" in keys[0].font


def test_a_key_with_many_words_is_broken(tmp_path: Path) -> None:
    """A sentence in `<kbd>` would run over the edge of its card."""
    left, right = trim()
    pdf = render_back(tmp_path, paragraph(styled("kbd", "type these words " * 9 + "END")))
    line_ends = [letter for letter in letters(pdf, 1) if "Mono" in letter.font]

    assert len({letter.base_line for letter in line_ends}) > 2
    assert all(left < letter.left and letter.right < right for letter in line_ends)


def background_of(pdf: bytes, text: str) -> Area:
    """Return the area behind a text on the back."""
    word = find_text(pdf, text, 1)
    (area,) = (
        area
        for area in areas(pdf, 1)
        if area.left - 0.1 <= word[0].left
        and word[-1].right <= area.right + 0.1
        and area.top < word[0].base_line < area.bottom
    )
    return area


def test_marked_text_has_a_background_that_is_visible_and_readable(tmp_path: Path) -> None:
    """Of a yellow that even a printer without colours shows."""
    pdf = render_back(tmp_path, paragraph("a ", styled("mark", "word"), " b"))
    background = to_colour(background_of(pdf, "word").colour)

    assert contrast(background, BLACK) > 3 * READABLE_CONTRAST
    assert contrast(background, WHITE) > 1.25


def test_the_background_of_a_text_is_behind_its_formulas_too(tmp_path: Path) -> None:
    """As in Anki; high ones are covered as a whole."""
    formula = c.Math(r"\displaystyle\sum_i x")
    pdf = render_back(tmp_path, paragraph("a ", c.Coloured(None, PALE, (c.Text("word "), formula)), " b"))
    text, sign = background_of(pdf, "word"), background_of(pdf, "∑")

    assert to_colour(text.colour) == to_colour(sign.colour)
    assert sign.bottom - sign.top > 1.5 * (text.bottom - text.top)


def test_in_grey_nothing_is_printed_with_colour(tmp_path: Path) -> None:
    """Grey that is mixed of three colours takes colour, and has coloured edges."""
    answer = paragraph(
        *(styled("mark", "m"), c.Coloured(RED, None, inlines("red")), c.Coloured(RED, PALE, inlines("both"))),
        c.Math(r"\color{red}x \colorbox{yellow}{y} \textcolor{blue}{\rule{1em}{1em}}"),
    )
    display = c.in_paragraph((c.Math(r"\color{red}z", display=True),))
    pdf = render_back(tmp_path, (*answer, *display), grey="true")

    assert {len(letter.colour) for letter in letters(pdf, 1)} == {1}
    assert {len(area.colour) for area in areas(pdf, 1)} == {1}
    assert to_colour(find_text(pdf, "red", 1)[0].colour) != BLACK


# Colours


def to_colour(components: tuple[float, ...]) -> Colour:
    red, green, blue = (
        round(255 * part) for part in (components if len(components) == 3 else components * 3)
    )
    return red, green, blue


@pytest.mark.parametrize("colour", [WHITE, PALE, (255, 255, 0), (0, 255, 255), RED, NAVY, BLACK])
@pytest.mark.parametrize("background", [None, WHITE, PALE, (255, 255, 0), RED, NAVY, BLACK])
@pytest.mark.parametrize("grey", ["", "true"])
def test_coloured_text_is_readable(
    colour: Colour, background: Colour | None, grey: str, tmp_path: Path
) -> None:
    pdf = render_back(
        tmp_path, paragraph("a ", c.Coloured(colour, background, inlines("word")), " b"), grey=grey
    )
    ink = to_colour(find_text(pdf, "word", 1)[0].colour)
    paper = to_colour(background_of(pdf, "word").colour) if background else WHITE

    assert contrast(ink, paper) > 0.97 * READABLE_CONTRAST, "a little less, since a grey is rounded"
    if contrast(colour, background or WHITE) > READABLE_CONTRAST and not grey:
        assert ink == colour


@pytest.mark.parametrize("background", [WHITE, PALE, (255, 255, 0), RED, NAVY, BLACK])
def test_a_background_is_light_enough_for_the_text_on_it(background: Colour, tmp_path: Path) -> None:
    pdf = render_back(tmp_path, paragraph("a ", c.Coloured(None, background, inlines("word")), " b"))
    ink = to_colour(find_text(pdf, "word", 1)[0].colour)

    assert contrast(ink, to_colour(background_of(pdf, "word").colour)) > 0.97 * READABLE_CONTRAST


def test_a_colour_within_another_is_readable_on_the_background_that_it_has(tmp_path: Path) -> None:
    """As in text from a web page: red on white, in a table with a dark background."""
    inner = c.Coloured(NAVY, None, inlines("inner"))
    pdf = render_back(tmp_path, paragraph(c.Coloured(WHITE, NAVY, (*inlines("outer "), c.Strong((inner,))))))
    ink = to_colour(find_text(pdf, "inner", 1)[0].colour)

    assert contrast(ink, NAVY) > 0.97 * READABLE_CONTRAST


# Alignment


def test_blocks_are_aligned_at_the_edges_and_in_the_middle_of_the_text(tmp_path: Path) -> None:
    answer = tuple(
        c.Aligned(side, paragraph(word))
        for side, word in (("left", "left"), ("center", "middle"), ("right", "right"))
    )
    pdf = render_back(tmp_path, answer)
    left, middle, right = (find_text(pdf, word, 1) for word in ("left", "middle", "right"))
    card_left, card_right = trim()

    assert left[0].left < card_left + 30
    assert right[-1].right > card_right - 40
    assert (middle[0].left + middle[-1].right) / 2 == pytest.approx(
        (left[0].left + right[-1].right) / 2, abs=0.5
    )


def test_left_is_left_where_text_runs_to_the_left(tmp_path: Path) -> None:
    words = {"left": "אבג", "right": "דהו"}
    answer = tuple(c.Aligned(side, paragraph(word)) for side, word in words.items())
    pdf = render_sheets(deck([note("card-1", "Q?", answer)], language="he"), tmp_path)
    left, right = (
        next(letter for letter in letters(pdf, 1) if letter.text == word[0] and letter.size > 7)
        for word in words.values()
    )

    assert left.right < right.left - 100


def test_a_list_in_a_centred_block_keeps_its_entries_at_one_edge(tmp_path: Path) -> None:
    entries = c.BulletList((paragraph("one"), paragraph("another")))
    pdf = render_back(tmp_path, (c.Aligned("center", (*paragraph("middle"), entries)),))
    one, another, middle = (find_text(pdf, word, 1) for word in ("one", "another", "middle"))

    assert one[0].left == another[0].left
    assert one[0].left > sum(trim()) / 2 - 80
    assert abs((middle[0].left + middle[-1].right) - (another[0].left + another[-1].right)) < 40


# Pictures


def picture_sizes(pdf: bytes) -> list[tuple[float, float, float]]:
    """Return left edge, width and height of the pictures on the back, in mm."""
    with pdfplumber.open(io.BytesIO(pdf)) as file:
        return [
            (image["x0"] * MM_PER_POINT, image["width"] * MM_PER_POINT, image["height"] * MM_PER_POINT)
            for image in file.pages[1].images
        ]


def picture(width: str, pixels: tuple[int, int] = (300, 200)) -> c.Image:
    return c.Image(c.MediaFile("p.png", "media/p.png", png(*pixels)), "", width)


def text_width() -> float:
    return CARD_SIZES[0].grid.trim_width - 2 * 7


def test_a_picture_is_as_wide_as_its_author_says(tmp_path: Path) -> None:
    """A pixel is a 96th of an inch, as in browsers; a picture keeps its shape."""
    ((_, width, height),) = picture_sizes(render_back(tmp_path, paragraph(picture("120px"))))

    assert width == pytest.approx(120 / 96 * 25.4, abs=0.1)
    assert height == pytest.approx(width * 2 / 3, abs=0.1)


def test_a_width_in_percent_is_of_the_text(tmp_path: Path) -> None:
    widths = {
        percent: picture_sizes(render_back(tmp_path, paragraph(picture(f"{percent}%"))))[0][1]
        for percent in (25, 50)
    }

    assert 0.47 * text_width() < widths[50] < 0.53 * text_width()
    assert 1.9 < widths[50] / widths[25] < 2.2


@pytest.mark.parametrize("width", ["100%", "5000px"])
@pytest.mark.parametrize("pixels", [(3000, 40), (40, 3000), (20, 20)])
def test_no_picture_is_larger_than_its_card(width: str, pixels: tuple[int, int], tmp_path: Path) -> None:
    ((_, width_mm, height_mm),) = picture_sizes(render_back(tmp_path, paragraph(picture(width, pixels))))

    assert 0 < width_mm <= CARD_SIZES[0].grid.trim_width - 10
    assert 0 < height_mm <= CARD_SIZES[0].grid.trim_height - 10


@pytest.mark.parametrize(("widths", "rows"), [(["50%", "50%"], 1), (["30%"] * 3, 1), (["60%", "60%"], 2)])
def test_pictures_beside_each_other_stay_so_if_they_fit(widths: list[str], rows: int, tmp_path: Path) -> None:
    run = [inline for width in widths for inline in (picture(width, (300, 30)), c.Text(" "))]
    sizes = picture_sizes(render_back(tmp_path, (c.Paragraph(tuple(run)),)))
    lefts = [left for left, _, _ in sizes]

    assert len(sizes) == len(widths)
    assert len(set(lefts)) == len(widths) if rows == 1 else len(set(lefts)) == 1
    assert max(left + width for left, width, _ in sizes) < trim()[1] * MM_PER_POINT


# Tables

BLOCKS_IN_CELLS = c.Table(
    ("", ""),
    (),
    (
        (paragraph("left"), (c.BulletList((paragraph("entry one"), paragraph("entry two"))),)),
        (paragraph("up", c.LineBreak(), "down"), (c.code_block("x = 1\ny = 2"),)),
    ),
)


def test_a_cell_with_a_list_is_as_wide_as_the_list(tmp_path: Path) -> None:
    """And a table without a head has no bold row."""
    pdf = render_back(tmp_path, (BLOCKS_IN_CELLS,))
    one, two, code = (find_text(pdf, text, 1) for text in ("entry one", "entry two", "x = 1"))
    rules = [line for line in page_lines(pdf)[1] if line.y1 == line.y2 and 10 < line.x2 - line.x1 < 90]

    assert one[0].left == two[0].left
    assert one[0].base_line < two[0].base_line < code[0].base_line
    assert find_text(pdf, "up", 1)[0].base_line < find_text(pdf, "down", 1)[0].base_line
    assert max(line.x2 for line in rules) < (two[-1].right + 20) * MM_PER_POINT, "no wider than its text"
    assert not any("Bold" in letter.font for letter in find_text(pdf, "left", 1))


def test_a_picture_in_a_cell_stays_in_it(tmp_path: Path) -> None:
    """However long the text beside it is."""
    table = c.Table(("", ""), (), ((paragraph(picture("")), paragraph("many words " * 12)),))
    pdf = render_back(tmp_path, (table,))
    ((left, width, _),) = picture_sizes(pdf)
    words = [letter for letter in letters(pdf, 1) if letter.size > 7 and letter.text == "m"]

    assert left + width < min(letter.left for letter in words) * MM_PER_POINT
