"""Drawings on cards: text in them is legible or warned of, and they stay in place when a card is turned."""

import io
import shutil
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest

from cardwright.collection.content import Image, MediaFile, Paragraph
from cardwright.collection.deck import Deck
from cardwright.diagnostics import Report, Severity
from cardwright.formats.pdf.drawings import Drawings, plain_drawing, without_text_layer
from cardwright.formats.pdf.engine import Engine
from cardwright.formats.pdf.sides import card_sides
from cardwright.pipeline.load import load_decks
from cardwright.shell.environment import LocalAssetDir
from cardwright.source.cache import NullCache
from cardwright.source.drawings.resolve import resolve_drawing
from tests.support import drawings
from tests.support.memory import FakeEnvironment, WriteOnceCache, deck_files
from tests.support.print_decks import (
    SYSTEM_FONTS,
    lay_out_cards,
    layout_report,
    note,
    pdf_text,
    render_sheets,
)
from tests.support.printed_text import Area, areas

SVG = 'xmlns="http://www.w3.org/2000/svg"'
EDGE = (0.0, 0.6, 0.4)


def svg(body: str, attributes: str = 'viewBox="0 0 400 200"') -> bytes:
    return f"<svg {SVG} {attributes}>{body}</svg>".encode()


def drawing(data: bytes) -> MediaFile:
    return MediaFile(f"drawing-{hash(data)}.svg", "media/drawing.svg", data)


@pytest.mark.parametrize(
    ("body", "size"),
    [
        ('<text font-size="20">a</text>', 20),
        ("<text>a</text>", 16),
        ('<text font-size="20">a<tspan font-size="50%">b</tspan></text>', 10),
        ('<text font-size="20"><tspan font-size="5"> </tspan>a</text>', 20),
        ('<g style="font-size: 9pt !important"><text>a</text></g>', 12),
        ('<text style="font: italic bold 14px/1.2 serif">a</text>', 14),
        ('<style>.small, #x { font-size: 8px }</style><text class="big small">a</text>', 8),
        ('<text id="x">a</text><style><![CDATA[/* .a{} */ text#x{font:2em serif}]]></style>', 32),
        ('<style>rect { font-size: 3px }</style><text font-size="16">a</text>', 16),
        ('<g transform="translate(9) scale(.5)"><text font-size="20">a</text></g>', 10),
        ('<g transform="matrix(0 2 -2 0 0 0)"><text font-size="20">a</text></g>', 40),
        ('<svg width="200" height="100" viewBox="0 0 100 50"><text font-size="10">a</text></svg>', 20),
        ('<defs><text font-size="1">a</text></defs><text font-size="11">b</text>', 11),
        ('<text font-size="1" display="none">a</text><text font-size="11">b</text>', 11),
        ('<text font-size="medium">a</text>', 16),
        ('<text font-size="huge">a</text>', 16),
    ],
)
def test_the_smallest_type_of_a_drawing_is_found(body: str, size: float) -> None:
    """Sizes may come from attributes and styles, and are changed by scales."""
    assert plain_drawing(svg(body)).smallest_text == pytest.approx(size / 400)
    scaled = svg(body, 'width="100mm" height="50mm" viewBox="0 0 400 200"')
    assert plain_drawing(scaled).smallest_text == pytest.approx(size / 400, rel=0.01)


@pytest.mark.parametrize("body", ["", "<rect/>", "<title>text</title>", "<text> </text>"])
def test_a_drawing_without_text_has_no_smallest_type(body: str) -> None:
    assert plain_drawing(svg(body)).smallest_text is None


@pytest.mark.parametrize(
    "body",
    [
        f"<style>{'/* ' * 90_000}</style>",
        f"<style>{'a{' * 90_000}</style>",
        f"<style>{'a!' * 90_000}{{font-size:3px}}</style>",
        f'<g transform="{"scale(" * 50_000}"/>',
        f'<text style="font: {"1px" * 50_000}"/>',
        f"<!--{'<style>' * 30_000}-->",
        f'<g font-size="{"9" * 5000}"/>',
    ],
    ids=["comments", "braces", "selector", "transform", "font", "tags", "number"],
)
def test_a_strange_drawing_neither_fails_nor_takes_long(body: str) -> None:
    """Each would take minutes, were its text searched again from each of its places."""
    assert plain_drawing(svg(f"<text>a</text>{body}")).smallest_text == pytest.approx(16 / 400)


LOOKS = {
    "plain": svg('<text x="20" y="60" font-size="40">Femur</text>'),
    "styled": svg(
        "<style>svg > g text { fill: #c00; stroke: #00c } .i { font-style: italic }</style>"
        '<g transform="rotate(8)"><text class="i" x="30" y="60" font-size="50">'
        'Fe<tspan fill="#080">mur</tspan></text></g>'
    ),
    "small units": svg(
        '<text x="2" y="6" font-size="4">Femur</text>', 'width="400" height="200" viewBox="0 0 40 20"'
    ),
    "no view box": svg('<text x="20" y="60" font-size="40">Femur</text>', 'width="400" height="200"'),
    "declared": b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- <svg> -->\n'
    + svg('<text x="20" y="60" font-size="40" text-decoration="underline">Femur</text>') + b"\n<!-- end -->",
    "off the origin": svg('<text x="-80" y="10" font-size="40">Femur</text>', 'viewBox="-100 -50 400 200"'),
}  # fmt: skip


@pytest.mark.parametrize("look", LOOKS)
def test_resolved_drawings_are_kept_from_one_build_to_the_next(look: str) -> None:
    """Whatever is known of a drawing, the answer of an earlier build is what would be found again."""
    picture = Image(drawing(LOOKS[look]), "A bone")
    sides = card_sides([note("card-1", (Paragraph((picture,)),))], "")
    cache = WriteOnceCache()
    resolved = [Drawings(sides, store).resolved(picture.file) for store in (NullCache(), cache, cache)]

    assert resolved == [plain_drawing(LOOKS[look])] * 3
    assert len(cache.answers) == 1


@pytest.mark.parametrize("look", LOOKS)
def test_a_drawing_without_text_layer_looks_the_same(look: str, tmp_path: Path) -> None:
    """Its text is no text of the file any more, whatever its units and styles are."""
    asset_dir = LocalAssetDir(str(tmp_path))
    plain = plain_drawing(LOOKS[look]).data
    pictures = []
    for name, data in (("plain.svg", plain), ("untold.svg", without_text_layer(plain))):
        asset_dir.put(name, data)
        pdf = Engine(asset_dir).render_pdf({"src": name}, "picture.typ")
        assert ("Femur" in pdf_text(pdf)) is (name == "plain.svg")
        page = pypdfium2.PdfDocument(pdf)[0]
        pictures.append(page.render(scale=4).to_pil().convert("L").reduce(8).tobytes())

    # Bitmaps are a little softer; nothing is elsewhere.
    assert min(pictures[0]) < 160
    assert max(abs(first - second) for first, second in zip(*pictures, strict=True)) < 40


ONE_TO_A_PAGE = "card: {size: [95, 68], columns: 1, rows: 1, paper: a4}"


FEMUR = '<text x="9" y="60" font-size="19">Femur</text>'


def leg_deck(cards: str, print_: str = ONE_TO_A_PAGE, more: str = FEMUR) -> Deck:
    """Read a deck of cards with the picture `leg.svg`. more: what is in it beside a green rectangle."""
    leg = svg(
        f'<rect width="400" height="200" fill="#009966"/>{more}',
        'width="400" height="200" viewBox="0 0 400 200"',
    )
    header = f"deck: Leg\nid: leg\nsources: {{gray: {{title: {'Anatomy ' * 12}}}}}\nprint: {{{print_}}}\n"
    report = Report()
    environment = FakeEnvironment({"cards_source/leg/media/leg.svg": leg})
    (loaded,) = load_decks(deck_files({"leg/deck.yaml": f"{header}cards:\n{cards}"}), environment, report)
    assert [diagnostic.message for diagnostic in report if diagnostic.severity is Severity.ERROR] == []
    return loaded.deck


def diagram(name: str, more: str = "") -> str:
    return (
        "  - {id: leg, diagram: media/leg.svg, alt: A leg, labels: {"
        f"a: {{name: {name}, rect: [5, 10, 30, 30]}}, b: {{name: Tibia, rect: [60, 60, 30, 30]}}}}{more}}}\n"
    )


def picture_on(pdf: bytes, page: int) -> Area:
    (picture,) = (area for area in areas(pdf, page) if area.colour == pytest.approx(EDGE, abs=0.01))
    return picture


@pytest.mark.parametrize(
    "card",
    [
        diagram("Femur"),
        diagram("The longest of all the bones of the body which lies within the thigh"),
        diagram("Femur", ", hint: It is a long bone"),
        diagram("Femur", ", extra: Seen from the front in an adult"),
        diagram("Femur", ", source: gray, hide: one"),
        diagram("'**Os** _femoris_ \\(x\\)'", ", source: gray, hint: Long, extra: Short"),
    ],
    ids=["plain", "long name", "hint", "extra", "source", "all"],
)
@pytest.mark.parametrize("size", ["[95, 68]", "[63, 88]", "[85, 54]"])
def test_a_picture_does_not_jump_when_its_card_is_turned(card: str, size: str, tmp_path: Path) -> None:
    """It has one size and one place on both sides, whatever stands around it on either."""
    deck = leg_deck(card, f"card: {{size: {size}, columns: 1, rows: 1, paper: a4}}")
    pdf = render_sheets(deck, tmp_path)

    for front in (0, 2):
        on_front, on_back = (picture_on(pdf, page) for page in (front, front + 1))
        assert on_front.right - on_front.left > 100
        for edge in ("left", "top", "right", "bottom"):
            assert getattr(on_front, edge) == pytest.approx(getattr(on_back, edge), abs=0.02)


def warnings_of(deck: Deck, folder: Path) -> list[str]:
    report = layout_report(deck, folder)
    assert {diagnostic.severity for diagnostic in report} <= {Severity.WARNING}
    return [f"{diagnostic.message}; {diagnostic.help}" for diagnostic in report]


def test_text_in_a_drawing_is_warned_of_once_where_it_is_too_small(tmp_path: Path) -> None:
    """The next step says how much larger it has to be; larger cards have no warning."""
    card = diagram("Femur", ", source: gray")

    assert warnings_of(leg_deck(card, "card: a6"), tmp_path) == []
    assert warnings_of(leg_deck(card, "card: a7-safe"), tmp_path) == []
    assert warnings_of(leg_deck(card, "card: poker"), tmp_path) == [
        (
            "the smallest text in `leg.svg` is 6.7 pt high on paper; "
            "make its text 1.05 times as large, perhaps with fewer labels, or choose a larger card"
        )
    ]


def test_a_picture_leaves_no_room_for_a_back_that_is_not_printed(tmp_path: Path) -> None:
    """On stickers, for example."""
    card = diagram("Femur", ", source: gray, extra: Seen from the front")
    sizes = [
        area.right - area.left
        for mode in ("duplex", "single")
        for area in [
            picture_on(render_sheets(leg_deck(card, f"{ONE_TO_A_PAGE}, mode: {mode}"), tmp_path / mode), 0)
        ]
    ]

    assert sizes[1] > 1.1 * sizes[0]


def test_a_drawing_beside_text_is_as_large_as_its_own_text_needs(tmp_path: Path) -> None:
    """Unless its author has chosen a width."""
    question = "  - {id: leg, q: 'Which bone is it? ![A leg](media/leg.svg)', a: Femur}\n"
    chosen = "  - {id: leg, q: 'Which bone is it? ![A leg](media/leg.svg){width=50%}', a: Femur}\n"

    assert warnings_of(leg_deck(question, "card: a7-safe"), tmp_path) == []
    (warning,) = warnings_of(leg_deck(chosen, "card: a7-safe"), tmp_path)
    assert warning.startswith("the smallest text in `leg.svg` is 5.")


CARD = "  - {id: leg, q: 'Which bone is it? ![A leg](media/leg.svg)', a: '![A leg](media/leg.svg)'}\n"


def test_a_drawing_that_looks_different_on_paper_is_warned_of_once(tmp_path: Path) -> None:
    more = (
        '<circle r="9"><animate attributeName="r" to="1" dur="1s"/></circle>'
        '<text style="text-shadow: 1px 1px red">Tibia</text>'
    )

    assert warnings_of(leg_deck(CARD, more=more), tmp_path) == [
        "`leg.svg` is printed without its animation; export it as it looks at one moment"
    ]


def test_a_drawing_within_a_drawing_has_plain_style_too(tmp_path: Path) -> None:
    """The engine draws it as it is, and none of its text."""
    style = "<style>rect { fill: light-dark(teal, red) }</style>"
    inner = drawings.svg(f'{style}<rect width="90" height="90"/>')
    with_text = drawings.svg("<text>Tibia</text>")
    address = "data:image/svg+xml;base64,"
    outer, told = (
        drawings.svg(f'<image width="160" height="160" href="{address}{b64encode(data).decode()}"/>')
        for data in (inner, with_text)
    )
    resolved = {"outer": resolve_drawing(outer).data}

    (paper,) = drawings.pictures_on_paper(resolved, tmp_path).values()
    (browser,) = drawings.pictures_in_browser({"outer": outer}, tmp_path).values()

    assert drawings.difference(paper, browser) < 40
    assert [part.what for part in resolve_drawing(told).differences] == ["the text of a drawing within it"]


@pytest.mark.parametrize(
    ("family", "font"), [("'DejaVu Sans', serif", "DejaVuSans"), ("serif", "Libertinus")]
)
def test_a_drawing_is_set_in_the_fonts_that_it_names(family: str, font: str, tmp_path: Path) -> None:
    """Also in those of the system, as Anki does; those that the engine brings along come first."""
    deck = leg_deck(CARD, more=f'<text y="60" font-size="40" style="font-family: {family}">Femur</text>')
    with pdfplumber.open(io.BytesIO(render_sheets(deck, tmp_path, fonts=SYSTEM_FONTS))) as pdf:
        (drawn_in,) = {char["fontname"] for char in pdf.pages[0].chars if char["text"] == "F"}

    assert font in drawn_in


def fonts_drawn_in(deck: Deck, folder: Path, own: Sequence[str] = ()) -> set[str]:
    """Return the fonts of what is drawn on the first page. own: folders of the deck's fonts."""
    sheets = lay_out_cards(deck, folder, font_folders=own, system_font_folders=SYSTEM_FONTS)
    (drawn,) = sheets.draw()
    with pdfplumber.open(io.BytesIO(drawn.data)) as pdf:
        return {char["fontname"].partition("+")[2] for char in pdf.pages[0].chars if char["text"] in "Femur"}


@pytest.mark.parametrize(
    ("family", "font"),
    [
        ("Arial, Helvetica", "LiberationSans"),
        ("system-ui, serif", "LiberationSans"),
        ("Roboto, serif", "LiberationSans"),
        ("'DejaVu Sans', Arial", "DejaVuSans"),
        ("Consolas, serif", "DejaVuSansMono"),
        ("monospace, Arial", "DejaVuSansMono"),
        ("Georgia", "LibertinusSerif-Regular"),
    ],
)
def test_a_usual_family_that_is_missing_is_set_in_one_that_looks_like_it(
    family: str, font: str, tmp_path: Path
) -> None:
    deck = leg_deck("  - {id: leg, q: '![](media/leg.svg)', a: '1'}\n", more=text_in(family))

    assert font in fonts_drawn_in(deck, tmp_path)


def text_in(family: str) -> str:
    return f'<text y="60" font-size="40" style="font-family: {family}">Femur</text>'


@pytest.mark.parametrize("more", ["", "<text y='90' font-family='Liberation Serif'>Tibia</text>"])
def test_the_fonts_of_the_deck_come_before_those_of_the_system(more: str, tmp_path: Path) -> None:
    """Also if the system's are needed for something else, so that paper is alike on all machines."""
    (tmp_path / "fonts").mkdir()
    font = next(file for root in SYSTEM_FONTS for file in Path(root).rglob("DejaVuSans.ttf"))
    shutil.copy(font, tmp_path / "fonts")
    deck = leg_deck("  - {id: leg, q: '![](media/leg.svg)', a: '1'}\n", more=text_in("Arial") + more)

    fonts = fonts_drawn_in(deck, tmp_path / "built", [str(tmp_path / "fonts")])

    assert "DejaVuSans" in fonts
    assert "LiberationSans" not in fonts


def test_an_author_without_any_sans_hears_once_that_labels_have_serifs(tmp_path: Path) -> None:
    deck = leg_deck(CARD, more=text_in("Helvetica") + text_in("sans-serif"))

    assert warnings_of(deck, tmp_path) == [
        (
            "`leg.svg` is printed with serifs, as no font without them is here; put a font such as Open Sans"
            " into a folder of the deck, and name that folder: `print: {fonts: [fonts]}`"
        )
    ]
    assert list(layout_report(deck, tmp_path, fonts=SYSTEM_FONTS)) == []
    for family in ("Georgia", "Consolas", "Foo", "'DejaVu Sans Mono', Arial"):
        assert warnings_of(leg_deck(CARD, more=text_in(family)), tmp_path) == []


def test_a_drawing_may_have_signs_that_only_a_font_of_the_system_has(tmp_path: Path) -> None:
    """Anki shows them; without any such font the author hears what to do."""
    deck = leg_deck(CARD, more='<text y="60" font-size="40">骨</text>')

    assert list(layout_report(deck, tmp_path, fonts=SYSTEM_FONTS)) == []
    with pdfplumber.open(io.BytesIO(render_sheets(deck, tmp_path, fonts=SYSTEM_FONTS))) as pdf:
        assert "骨" in {char["text"] for char in pdf.pages[0].chars}
    (error,) = layout_report(deck, tmp_path)
    assert error.code == "undrawable-picture"
    assert error.help.startswith("install a font")


def test_text_of_a_drawing_in_a_script_that_the_engine_refuses_has_a_next_step(tmp_path: Path) -> None:
    """Cards print this script, drawings only as paths or as a bitmap."""
    deck = leg_deck(CARD, more='<text y="60" font-size="40">नमस्ते</text>')

    (error,) = layout_report(deck, tmp_path, fonts=SYSTEM_FONTS)
    assert error.code == "undrawable-picture"
    assert error.help.startswith("turn its text into paths")
