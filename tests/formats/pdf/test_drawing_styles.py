# ruff: noqa: E501  samples are read most easily on one line
"""Drawings are printed as a browser shows them, or their author hears what is missing on paper.

Each is drawn by Chromium, as Anki shows it, and by the PDF engine; the pictures are compared.
"""

from pathlib import Path

import pytest

from cardwright.diagnostics.phrases import truncate
from cardwright.formats.pdf.drawings import plain_drawing
from cardwright.source.drawings.resolve import resolve_drawing
from tests.support.drawings import (
    contact_sheet,
    difference,
    ink_width,
    pictures_in_browser,
    pictures_on_paper,
    svg,
)

# The colours of one square; the left half of each is a plain attribute, the right half a style.
COLOURS = (
    "rebeccapurple", "TEAL", "#0a08", "#00800080", "transparent", "rgb(0 128 0 / 50%)", "rgba(0,128,0,.5)",
    "rgb(10%, 60%, 30%)", "rgb(50% 128 0)", "rgb(calc(100 + 28) 0 0 / calc(1 / 2))", "rgb(none 128 60)", "hsl(120deg 50% 40% / .7)", "hsl(.3turn, 50%, 40%)",
    "hwb(200 20% 10%)", "lab(50% 40 20)", "lch(50% 40 20)", "oklab(60% -0.1 0.1)", "oklch(70% 0.15 150)",
    "color(srgb 1 0.5 0)", "color(srgb-linear 1 0.2 0)", "color(display-p3 0 0.6 0.2)",
    "color(a98-rgb .5 .2 .1)", "color(rec2020 .5 .2 .1)", "color(prophoto-rgb .5 .4 .1)", "color(xyz .3 .2 .1)",
    "color(xyz-d50 .3 .2 .1 / 50%)", "light-dark(#d5e8d4, #1f2f1e)", "light-dark(rgb(0,128,0), oklch(1 0 0))",
    "color-mix(in srgb, red 30%, blue)", "color-mix(in oklab, white, teal 70%)",
    "color-mix(in oklch, red, blue)", "color-mix(in hsl, red, blue)", "color-mix(red, blue 30%)", "color-mix(in srgb-linear, currentColor 20%, gold)", "currentcolor",
    "CurrentColor", "CanvasText", "var(--ink)", "var(--none, teal)", "var(--none, var(--ink))", "nonsense",
    "rgb(1", "url(#none) teal", "url(#none) currentcolor", "inherit", "initial", "unset", "revert",
)  # fmt: skip
# What a square looks like by its style.
STYLES = (
    "transform: rotate(20deg) scale(0.7)", "transform: translate(20px, -10px)", "transform: translate(10%, 10%)",
    "transform: rotate(20deg); transform-origin: 50% 50%", "transform: rotate(0.05turn)",
    "transform: rotate(20deg); transform-box: fill-box; transform-origin: center",
    "transform: scale(50%); transform-box: fill-box; transform-origin: right bottom",
    "transform: skewX(10deg); transform-origin: top left", "transform: translate3d(10px,5px,0) rotateZ(5deg)",
    "transform: matrix(.5, .1, -.1, .5, 30, 30)", "transform: translate(calc(1em + 10px), 5vw)",
    "rotate: 20deg; transform-origin: 80px 80px", "scale: 0.5; translate: 10px 20px",
    "display: none", "DISPLAY: NONE", "visibility: hidden", "opacity: 50%", "opacity: .3 !important; opacity: 1",
    "fill-opacity: 30%", "fill: teal; fill: nonsense", "fill: red; fill: unset", "clip-path: circle(40%)",
    "clip-path: polygon(50% 0, 100% 100%, 0 100%)", "clip-path: inset(20px 10px round 9px)",
    "clip-path: ellipse(30% 20% at 40px 60px)", "clip-path: inset(10% 20%)", "stroke: red; stroke-width: 20px; clip-path: circle(50%)", "clip-path: url(#no-such)",
    "filter: blur(4px)", "filter: drop-shadow(6px 6px 2px rgb(0 0 0 / 50%))", "filter: url(#no-such)",
    "filter: grayscale(1) brightness(1.4)", "mask: url(#no-such)", "mix-blend-mode: multiply",
    "stroke: currentcolor; stroke-width: .5em", "stroke: red; stroke-width: calc(1px + 0.5em)",
    "stroke: red; stroke-width: 5%", "stroke: red; stroke-width: 8; stroke-dasharray: 10px, 5px",
    "stroke: red; stroke-width: 8px; stroke-linejoin: round", "x: 30px; y: 2em; width: 50%; height: 40px",
    "rx: 30px", "rx: 10%; ry: 40px", "width: 50vw; height: 2rem", "width: 60", "transform: translate(9, 9)", "transform: rotate(9)", "rotate: 9deg; transform-origin: 9 9", "x: 50", "x: calc(10px + 5%)",
    "fill: none; stroke: var(--ink, red)", "stroke: color-mix(in srgb, red, blue); stroke-width: 1mm",
)  # fmt: skip
# What styles a square of the class `a` in a group of the class `g`.
SHEETS = (
    "rect { fill: teal }", "rect { stroke: teal; stroke-width: 9; width: 30 }", ".a { fill: teal } rect { fill: red }", ".a{fill:teal!important} #i{fill:red}",
    "g > rect:first-of-type { fill: teal }", "g rect:not(.b) { fill: teal }", "rect:nth-child(2n+1) { fill: teal }",
    "[class~=a] { fill: teal }", "[id^='i'] { fill: teal }", "svg g .a { fill: teal }",
    ":root { --c: teal } rect { fill: var(--c) }", ":is(g, b) > :where(.a) { fill: teal }",
    "g { fill: teal } rect { fill: inherit }", "g { rect { fill: teal } }", "g { & .a { fill: teal } }",
    "g { &.g { stroke: teal; stroke-width: 9px } }", "RECT { fill: red }", "@media screen { .a { fill: teal } }",
    "@media print { .a { fill: red } }", "@media (prefers-color-scheme: dark) { .a { fill: red } }",
    "@media (max-width: 100px) { .a { fill: red } }", "@supports (fill: red) { .a { fill: teal } }",
    "@supports not (fill: red) { .a { fill: red } }", "@layer x { .a { fill: red } } .a { fill: teal }",
    "/* .a { */ .a { fill: teal; /* } */ stroke: black }", r".\61 { fill: teal }",
    "@namespace s url(http://www.w3.org/2000/svg); s|rect { fill: teal }", ".a { fill: teal",
    ":root { color-scheme: dark } .a { fill: light-dark(red, teal) }", ".a:hover { fill: red }",
    ".a { fill: url(#p) }", ".a { fill: url('#p') }", "rect { stroke: teal; stroke-width: 9 } .b { stroke: red }",
)  # fmt: skip
MONO = 'font-family="DejaVu Sans Mono"'
TEXTS = {
    "font": "<text y='60' style=\"font: italic bold 24px/1.2 'DejaVu Sans Mono'\">Femur</text>",
    "font size in em": f'<text y="60" font-size="2em" {MONO}>Femur</text>',
    "font size in rem": f'<text y="60" font-size="1.5rem" {MONO}>Femur</text>',
    "font size as a word": f'<text y="60" font-size="x-large" {MONO}>Femur</text>',
    "larger": f'<g font-size="30"><text y="60" font-size="larger" {MONO}>Femur</text></g>',
    "no size": f'<text y="60" {MONO}>Femur</text>',
    "quoted family": '<style>text {font-family: "DejaVu Sans Mono", serif; font-size: 20px}</style>'
    '<text y="60">Femur</text>',
    "monospace": '<text y="60" font-size="20" font-family="monospace">Femur</text>',
    "uppercase": f'<text y="60" font-size="24" {MONO} style="text-transform:uppercase">femur</text>',
    "capitalize": f'<text y="60" font-size="20" {MONO} style="text-transform:capitalize">the big one</text>',
    "small capitals": f'<text y="60" font-size="24" {MONO} style="font-variant:small-caps">Femur</text>',
    "spacing": f'<text y="60" font-size="20" {MONO} style="letter-spacing:.3em;word-spacing:5px">a bc</text>',
    "anchor": f'<text x="80" y="60" font-size="20" {MONO} style="text-anchor:middle">middle</text>',
    "baseline": f'<text y="60" font-size="20" {MONO} dominant-baseline="hanging">hang</text>',
    "super": f'<text y="60" font-size="30" {MONO}>x<tspan baseline-shift="super" font-size="60%">2</tspan></text>',
    "sub": f'<text y="60" font-size="30" {MONO}>x<tspan style="baseline-shift:sub">i</tspan></text>',
    "whole text below": f'<text y="60" font-size="30" {MONO} baseline-shift="sub">x</text>',
    "underline": f'<text y="60" font-size="24" {MONO} style="text-decoration: underline">Femur</text>',
    "length": f'<text y="60" font-size="20" {MONO} textLength="140" lengthAdjust="spacingAndGlyphs">Bone</text>',
    "turned letters": f'<text x="10 40 70" y="60" rotate="10 20 30" font-size="30" {MONO}>abc</text>',
    "kept spaces": f'<text y="60" font-size="16" {MONO} xml:space="preserve">a   b</text>',
    "pre": f'<text y="60" font-size="16" {MONO} style="white-space:pre">a   b</text>',
    "weight": f'<text y="60" font-size="20" style="font-weight:600" {MONO}>Femur</text>',
    "oblique": f'<text y="60" font-size="20" style="font-style:oblique 10deg" {MONO}>Femur</text>',
    "lines": f'<text font-size="20" {MONO}><tspan x="0" dy="1.2em">a</tspan><tspan x="0" dy="1.2em">b</tspan></text>',
    "vertical": f'<text x="80" y="10" font-size="20" {MONO} style="writing-mode:vertical-rl">vert</text>',
    "from right to left": f'<text x="150" y="60" font-size="20" direction="rtl" {MONO}>abc</text>',
    "outlined": f'<text y="80" font-size="50" {MONO} fill="white" stroke="teal" stroke-width="8"'
    ' style="paint-order: stroke">Abc</text>',
    "on a path": f'<path id="p" d="M20 120Q80 0 140 120" fill="none"/><text font-size="18" {MONO}>'
    '<textPath href="#p" startOffset="20%">on a path</textPath></text>',
}  # fmt: skip
SQUARE = '<rect width="100" height="100" fill="teal"/>'
PARTS = {
    "circle": '<circle style="cx:80px;cy:5em;r:25%;fill:teal"/>',
    "path": '<path style=\'d: path("M20 20L140 20L80 140Z"); fill: teal\'/>',
    "bad attribute": '<g fill="teal"><rect width="99" height="99" fill="nonsense"/></g>',
    "auto radius": '<rect width="100" height="80" rx="auto" ry="20"/>',
    "attribute in rem": '<rect x="1rem" y="20" width="50vw" height="calc(1rem + 5%)" fill="teal"/>',
    "nested colours": '<g fill="currentColor" color="red"><rect width="99" height="99" color="blue"/></g>',
    "hidden around": f'<g visibility="hidden">{SQUARE}<g style="visibility: visible"><circle r="50"/></g></g>',
    "opacity inherited": f'<g opacity=".5"><g style="opacity: inherit">{SQUARE}</g></g>',
    "origin attribute": '<rect x="60" y="60" width="60" height="60" transform="rotate(20)" transform-origin="80 80"/>',
    "compact transform": f'<g transform="translate(30-.5)scale(.5)">{SQUARE}</g>',
    "not scaling": '<g transform="scale(4)"><path d="M5 5H30V30" fill="none" stroke="teal" stroke-width="4"'
    ' vector-effect="non-scaling-stroke"/></g>',
    "marker": '<marker id="m" viewBox="0 0 10 10" refX="5" refY="5" orient="auto-start-reverse"><path'
    ' d="M0 0L10 5L0 10z" fill="context-stroke"/></marker><path d="M30 80H130" stroke="teal"'
    ' stroke-width="6" style="marker: url(#m)"/>',
    "gradient": '<style>.s{stop-color: light-dark(teal, red)} .e{stop-color: rgb(255 0 0 / .5)}</style>'
    '<linearGradient id="g"><stop class="s"/><stop class="e" offset="1"/></linearGradient>'
    '<rect width="160" height="160" style="fill: url(\'#g\')"/>',
    "shadow filter": '<filter id="f"><feDropShadow dx="9" dy="9" stdDeviation="0" style="flood-color: rgb(255 0 0'
    f' / 70%)"/></filter><g filter="url(#f)">{SQUARE}</g>',
    "mask": f'<mask id="k"><circle cx="50" cy="50" r="50" style="fill: lab(100 0 0)"/></mask><g style="mask:'
    f' url(#k)">{SQUARE}</g>',
    "blend": f'{SQUARE}<circle cx="90" cy="90" r="50" fill="gold" style="mix-blend-mode: multiply"/>',
    "switch": f'<switch><g requiredExtensions="http://x">{SQUARE}</g><circle r="90"/><circle r="150"/></switch>',
    "switch by language": f'<switch><g systemLanguage="de">{SQUARE}</g><circle r="90"/></switch>',
    "wants an extension": f'<g requiredExtensions="http://example.org">{SQUARE}</g><circle r="50"/>',
    "use": '<defs><rect id="r" width="50" height="50"/></defs><use href="#r" fill="teal"/>'
    '<use xlink:href="#r" x="60" y="60" style="fill:orange"/>',
    "use with colours": '<symbol id="s" viewBox="0 0 10 10"><rect width="10" height="10" fill="currentColor"/>'
    '</symbol><use href="#s" width="50" height="50" color="teal"/><use href="#s" x="80" y="80" width="50"'
    ' height="50" style="color:orange"/>',
    "use with variables": '<defs><g id="r" style="fill:var(--c, gray)"><rect width="50" height="50"/></g></defs>'
    '<use href="#r" style="--c:teal"/><use href="#r" x="60" style="--c:orange"/><use href="#r" y="60"/>',
    "drawing in a drawing": '<svg x="20" y="20" width="100" height="50" viewBox="0 0 10 10"'
    ' preserveAspectRatio="none" style="overflow:visible"><circle cx="5" cy="5" r="6" fill="teal"/></svg>',
    "turned drawing": f'<svg x="20" y="20" width="99" height="99" transform="rotate(10)">{SQUARE}</svg>',
    "link": '<a href="#x" style="fill:teal"><rect width="99" height="99"/></a>',
    "size of a part in percent": '<symbol id="s" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4" fill="teal"/></symbol>'
    '<use href="#s" x="9" y="9" width="80%" height="50%"/>',
    **{
        f"dot of a line without length {shape}": '<g fill="none" stroke="teal" stroke-width="60"'
        f' stroke-linecap="round">{shape}</g>'
        for shape in (
            '<line x1="80" y1="80" x2="80" y2="80"/>', '<line x1="80" y1="80" x2="80" y2="80" stroke-linecap="butt"/>',
            '<path d="M80 80h0"/>', '<path d="M80,80 L80,80"/>', '<path d="m80 80l0 0"/>', '<path d="M80 80V80z"/>',
            '<path d="M80 80z"/>', '<path d="M40 80zM120 80z"/>', '<path d="M80 80"/>', '<path d="M80 80h9"/>',
            '<polyline points="80,80 80,80"/>', '<polygon points="80 80 80 80 80 80"/>', '<polyline points="80,80"/>',
        )
    },
    "other medium": f'<style media="print">rect{{fill:red}}</style>{SQUARE}',
    "other language of styles": f'<style type="text/less">rect{{fill:red}}</style>{SQUARE}',
    "entities": "<style><![CDATA[g > rect { fill: red }]]> g &gt; rect { fill: teal }</style>"
    '<g><rect width="99" height="99"/></g>',
    "of another program": f'<x:rect xmlns:x="http://example.org" width="160" height="160"/>{SQUARE}',
}  # fmt: skip
ROOTS = {
    "background": ('viewBox="0 0 160 160" style="background: #ffd url(#x) repeat"', SQUARE),
    "dark background": ('viewBox="0 0 160 160" style="background-color: light-dark(#def, black)"', SQUARE),
    "background beside": ('viewBox="50 50 80 160" style="background: gold"', SQUARE),
    "variables": ('viewBox="0 0 160 160" style="--bg: teal; color: red"', '<circle r="90" style="fill: var(--bg)"/>'),
    "no view box": ("", SQUARE),
    "not displayed": ('viewBox="0 0 160 160" style="display: none"', SQUARE),
    "small units": ('viewBox="0 0 16 16"', '<circle r="10%" cx="8" cy=".5em" style="stroke: red; stroke-width: 1"/>'),
}  # fmt: skip
SAMPLES = {
    **{
        value: svg(
            f'<g fill="gold" color="navy" style="--ink: purple"><rect width="80" height="160" fill="{value}"/>'
            f'<rect x="80" width="80" height="160" style="fill: {value}"/></g>'
        )
        for value in COLOURS
    },
    **{
        style: svg(
            '<rect width="90" height="60" fill="gold"/><rect x="20" y="20" width="100" height="110" color="teal"'
            f' fill="teal" style="{style}"/>'
        )
        for style in STYLES
    },
    **{
        sheet: svg(
            "<defs><linearGradient id='p'><stop stop-color='teal'/></linearGradient></defs>"
            f"<style>{sheet.replace('&', '&amp;')}</style>"
            '<g class="g"><rect id="i" class="a" x="20" y="20" width="100" height="110"/></g>'
        )
        for sheet in SHEETS
    },
    **{name: svg(body) for name, body in {**TEXTS, **PARTS}.items()},
    **{name: svg(body, attributes) for name, (attributes, body) in ROOTS.items()},
}
# What paper cannot show, and what the author hears.
MISSING = {
    '<rect><set attributeName="fill" to="teal"/></rect>': "its animation",
    "<style>@keyframes k {from {fill: teal}} rect {animation: k 1s}</style><rect/>": "its animation (`@keyframes`)",
    '<foreignObject width="9" height="9"><p xmlns="http://www.w3.org/1999/xhtml">a</p></foreignObject>': (
        "a piece of a web page (`<foreignObject>`)"
    ),
    '<rect style="mask: linear-gradient(red, blue)"/>': "a gradient as its mask (`mask`)",
    '<path d="M0 0H9" pathLength="3" stroke-dasharray="1"/>': "its lengths of dashes (`pathLength`)",
    '<g style="clip-path: inset(20px)"><rect/></g>': "a shape it is clipped to (`clip-path`)",
    '<rect width="9" height="9" style="clip-path: inset(1px round 2px 3px)"/>': "a shape it is clipped to (`clip-path`)",
    '<rect style="fill: rgb(from red r g b / 50%)"/>': "a style that isn't understood (`rgb(from`)",
    '<rect style="fill: color-mix(in lab, red, blue)"/>': "a style that isn't understood (`color-mix(in lab`)",
    '<text style="text-shadow: 1px 1px red">a</text>': "a shadow of text (`text-shadow`)",
    '<text style="text-decoration: underline wavy">a</text>': "a wavy, dotted or double line at text",
    '<filter id="f"><feDiffuseLighting/></filter><rect filter="url(#f)"/>': (
        "the exact effect of a filter (`<feDiffuseLighting>`)"
    ),
    '<g transform="scale(9 2)"><path d="M0 0H9" stroke="red" vector-effect="non-scaling-stroke"/></g>': (
        "lines of one width (`vector-effect`)"
    ),
    '<svg viewBox="0 0 9 1" preserveAspectRatio="none"><path d="M0 0H9" stroke="red"'
    ' vector-effect="non-scaling-stroke"/></svg>': "lines of one width (`vector-effect`)",
    "<rect style=\"offset-path: path('M0 0L9 9')\"/>": "a place along a path (`offset-path`)",
    '<path d="M0 0H9" style="clip-path: inset(2px)"/>': "a shape it is clipped to (`clip-path`)",
    '<path d="M0 0H9" style="transform-box: fill-box; rotate: 9deg"/>': "a turn about its own middle (`transform-box`)",
    '<g style="transform: rotateX(40deg)"><rect/></g>': "a transformation (`transform`)",
    "<style>@font-face {font-family: Virgil; src: url(data:font/woff2;base64,AA)} text {font-family: Virgil}</style>"
    "<text>a</text>": "its own font `Virgil`",
    "<style>rect:foo(bar) { fill: red }</style><rect/>": "a style that isn't understood (`rect:foo(bar)`)",
}  # fmt: skip


@pytest.mark.parametrize(
    ("selector", "most"), [("svg:has(a) path", 500), ("g ~ path", 4_000), ("path:nth-of-type(2n)", 4_000)]
)
def test_a_style_for_which_all_elements_are_compared_is_told_in_a_large_drawing(
    selector: str, most: int
) -> None:
    """A few thousand shapes would take minutes."""
    style = f"<style>{selector} {{ fill: red }}</style>"
    large = resolve_drawing(svg(style + "<path/>" * most))
    small = resolve_drawing(svg(style + "<path/>" * 20))

    assert [difference.what for difference in large.differences] == [
        f"a style that isn't understood (`{truncate(selector, 16)}`)"
    ]
    assert small.differences == ()


def test_drawings_look_on_paper_as_in_a_browser(tmp_path: Path) -> None:
    """A contact sheet of those that do not is kept beside the pages of the browser."""
    plain = {name: plain_drawing(data).data for name, data in SAMPLES.items()}
    pairs = zip(
        pictures_in_browser(SAMPLES, tmp_path).items(),
        pictures_on_paper(plain, tmp_path).values(),
        strict=True,
    )
    rows = {
        f"{name} {size}": (in_browser, on_paper)
        for (name, in_browser), on_paper in pairs
        if (size := difference(in_browser, on_paper)) > 42
    }
    if rows:
        contact_sheet(rows).save(tmp_path / "differences.png")

    assert list(rows) == []


@pytest.mark.parametrize(("body", "what"), MISSING.items(), ids=MISSING.values())
def test_what_paper_cannot_show_is_known(body: str, what: str) -> None:
    assert [difference.what for difference in resolve_drawing(svg(body)).differences] == [what]


def test_nothing_is_said_of_drawings_that_look_the_same() -> None:
    assert {name for name, data in SAMPLES.items() if resolve_drawing(data).differences} == set()


# What drawing programs name, and the widest difference of widths; Noto Sans is what Chromium takes for others here.
FAMILIES = {
    "Arial": 0.02, "Helvetica, Arial, sans-serif": 0.02, "'Segoe UI', Arial, sans-serif": 0.02, "ArialMT, Arial": 0.02,
    "Roboto, 'Noto Sans', sans-serif": 0.02, "sans-serif": 0.1, "-apple-system, sans-serif": 0.1,
    "Courier New": 0.02, "Courier, monospace": 0.02, "monospace": 0.02, "Consolas, monospace": 0.02,
    "Times New Roman": 0.05, "Times, serif": 0.05,
}  # fmt: skip


def test_text_in_usual_fonts_is_as_wide_on_paper_as_in_a_browser(tmp_path: Path) -> None:
    """So labels fit where their author put them; without a font of the system, too, for the engine's kinds."""
    texts = {
        family: svg(f'<text x="4" y="60" font-size="15" font-family="{family}">Biceps femoris</text>')
        for family in FAMILIES
    }
    plain = {family: plain_drawing(data).data for family, data in texts.items()}
    widths = [
        {family: ink_width(picture) for family, picture in pictures.items()}
        for pictures in (
            pictures_in_browser(texts, tmp_path),
            pictures_on_paper(plain, tmp_path, system_fonts=True),
        )
    ]
    differences = {family: abs(widths[1][family] / widths[0][family] - 1) for family in FAMILIES}

    assert {family: size for family, size in differences.items() if size > FAMILIES[family]} == {}
