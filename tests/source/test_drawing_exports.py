"""Drawings as common programs export them by default: taken, or refused with advice for that program.

The drawings in `exports/` are our own, written as those programs write them.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from cardwright.source import svg
from tests.support.drawings import difference, pictures_in_browser

FOLDER = Path(__file__).parent / "exports"


@dataclass(frozen=True, slots=True)
class Rest:
    """What cards get of a drawing, and what not.

    omissions: what the author is told of.
    """

    kept: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    omissions: tuple[str, ...] = ()


EDITED = {
    "illustrator-saved-with-its-own-data": Rest(
        kept=("<text", ".st0{fill:#C8102E", 'xmlns="http://www.w3.org/2000/svg"', "svg11.dtd"),
        left_out=("<!ENTITY", "&ns_", "foreignObject", "<i:aipgf", "KLUv"),
        omissions=(),
    ),
    "drawio-with-a-label-of-one-line": Rest(
        kept=("<text x=", "light-dark(", ">Biceps &amp; triceps</text>"),
        left_out=("foreignObject", "cannot display"),
        omissions=(),
    ),
    "drawio-with-labels-of-several-lines": Rest(
        kept=(
            '<tspan x="60" dy="-14.4">Musculus quadriceps</tspan>',
            '<tspan x="60" dy="14.4">femoris, caput</tspan><tspan x="60" dy="14.4">longum</tspan>',
            '<tspan x="200" dy="-7.2" font-weight="bold">Musculus biceps</tspan>',
            '<tspan x="340" dy="0">One</tspan><tspan x="340" dy="14.4">two</tspan>',
            '<tspan x="480" dy="-14.4">One</tspan><tspan x="480" dy="14.4">two</tspan>',
        ),
        left_out=("foreignObject", "..."),
        omissions=("formats within labels",),
    ),
    "drawio-with-an-empty-label": Rest(kept=(), left_out=("foreignObject",), omissions=()),
    "drawio-with-a-picture-of-the-label": Rest(
        kept=("<image xlink",), left_out=("foreignObject",), omissions=()
    ),
    "figma-with-a-blurred-background": Rest(
        kept=("<rect",),
        left_out=("foreignObject",),
        omissions=("an effect of a web page (`<foreignObject>`)",),
    ),
    "excalidraw-with-fonts-on-the-web": Rest(
        kept=(".a { fill: red }", "Hello"),
        left_out=("https://excalidraw", "@font-face"),
        omissions=("a font from elsewhere (`Virgil`)", "a font from elsewhere (`Cascadia`)"),
    ),
    "mermaid-without-labels-in-html": Rest(
        kept=("Alice", "#my-svg .node"),
        left_out=("cdnjs",),
        omissions=("a style sheet from elsewhere (`@import`)",),
    ),
    "inkscape-with-text-in-a-frame": Rest(
        kept=(), left_out=(), omissions=("text in a frame of Inkscape's (`<flowRoot>`)",)
    ),
    "an-old-program-with-latin-1": Rest(kept=("Knöchel", 'encoding="UTF-8"'), left_out=(), omissions=()),
}
REFUSED = [
    (
        "refused-drawio-with-an-index",
        "a label that only web pages show",
        "in draw.io, turn off Word Wrap and Formatted Text of all labels, or export a PNG",
    ),
    (
        "refused-drawio-with-a-linked-picture",
        "a reference to `https://x.org/a.png`",
        "in draw.io, tick Embed Images when you export",
    ),
    (
        "refused-drawio-that-opens-the-drawing",
        "an event handler (`onclick`)",
        "in draw.io, use File > Export As > SVG, not Embed",
    ),
    (
        "refused-mermaid",
        "a label that only web pages show",
        "set `htmlLabels: false` in Mermaid's configuration, or export a PNG",
    ),
    (
        "refused-inkscape-with-a-linked-picture",
        "a reference to `../photo.jpg`",
        "in Inkscape, use Extensions > Images > Embed Images",
    ),
    ("refused-plantuml-that-reacts", "a script (`<script>`)", "leave out `!pragma svginteractive`"),
]


@pytest.mark.parametrize("name", EDITED)
def test_what_cards_cannot_show_is_left_out_of_the_file(name: str) -> None:
    """So Anki and paper show the same."""
    expected = EDITED[name]

    drawing = svg.read_drawing("x.svg", (FOLDER / f"{name}.svg").read_bytes())

    assert drawing.problems == ()
    assert [omission.description for omission in drawing.omissions] == list(expected.omissions)
    text = drawing.data.decode()
    assert [part for part in expected.kept if part not in text] == []
    assert [part for part in expected.left_out if part in text] == []
    assert svg.read_drawing("x.svg", drawing.data).data == drawing.data


@pytest.mark.parametrize(
    "name",
    [
        path.stem
        for path in sorted(FOLDER.iterdir())
        if path.stem not in EDITED and "refused" not in path.stem
    ],
)
def test_plain_drawings_keep_their_bytes(name: str) -> None:
    """Anki takes a drawing for another one if a byte of it changes."""
    data = (FOLDER / f"{name}.svg").read_bytes()

    assert svg.read_drawing("x.svg", data) == svg.Drawing(data, (), ())


@pytest.mark.parametrize(("name", "description", "advice"), REFUSED)
def test_an_export_is_refused_with_advice_for_its_program(name: str, description: str, advice: str) -> None:
    data = (FOLDER / f"{name}.svg").read_bytes()

    problem, *_ = svg.read_drawing("x.svg", data).problems

    assert (problem.description, problem.help) == (description, advice)


def test_a_browser_shows_what_is_left_as_it_shows_the_whole(tmp_path: Path) -> None:
    """Anki is a browser, so nothing that its learners would see is lost."""
    # The picture of a label is a dot in these drawings; and a browser shows no picture in Latin-1 at all.
    others = {"drawio-with-a-picture-of-the-label", "an-old-program-with-latin-1"}
    names = [name for name in EDITED if name not in others]
    exports = {name: (FOLDER / f"{name}.svg").read_bytes() for name in names}
    rest = {f"rest of {name}": svg.read_drawing("x.svg", data).data for name, data in exports.items()}

    pictures = pictures_in_browser(exports | rest, tmp_path)

    differences = {name: difference(pictures[name], pictures[f"rest of {name}"]) for name in names}
    assert {name: value for name, value in differences.items() if value > 40} == {}
    assert [name for name in names if len(set(pictures[name].tobytes())) == 1] == []
