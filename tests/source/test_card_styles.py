"""Style sheets of custom note types: laws that hold for every style and every template."""

from dataclasses import replace

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from cardwright.collection import content as c
from cardwright.collection.colour import BLACK, Colour, make_readable, to_hex
from cardwright.collection.custom_note_type import CustomNoteType, custom_cards
from cardwright.collection.notetype import NoteType
from cardwright.collection.template import fields_with_filter
from cardwright.formats.anki.note_types import read_template
from cardwright.source.card_styles import CardStyles
from tests.collection.test_custom_cards import DECK, NAMES, htmls, read, values
from tests.support.contents import contents
from tests.support.notes import SPAN
from tests.support.text_runs import Run, joined, printed_runs

_checked = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
Sides = list[tuple[c.Content, c.Content]]

_SELECTORS = (
    *(
        "*",
        "b",
        "p",
        "div > :first-child",
        "li:nth-child(2n)",
        ".x",
        "td, th",
        "pre",
        "ul",
        "table",
        "tr",
        "ruby rt",
    ),
    *(
        ":is(b, i) ~ *",
        "p::before",
        "li::marker",
        "div::after",
        ".cloze",
        ":root",
        "body",
        ".card",
        "#qa",
        "h2",
        "code",
    ),
    *(
        ":not(p)",
        "*:has(b)",
        "a:hover",
        "::-webkit-scrollbar",
        "p:unknown",
        "[class]",
        "&",
        "@media print",
        "blockquote",
    ),
)
_DECLARATIONS = (
    *(
        "display: none",
        "display: block",
        "display: inline",
        "display: flex",
        "display: contents",
        "display: table",
    ),
    *("visibility: hidden", "color: red", "color: white", "color: var(--x)", "--x: blue", "--x: var(--x)"),
    *(
        "background: black",
        "background: linear-gradient(red, blue)",
        "font-size: 0",
        "font-size: 300%",
        "opacity: 0",
    ),
    *(
        "font: bold 2em/1 serif",
        "font-weight: lighter",
        "text-transform: uppercase",
        "text-align: center",
        "all: unset",
    ),
    *(
        "list-style: none",
        "list-style: upper-roman",
        "list-style: '→'",
        "content: 'x' attr(class) counter(n)",
        "}",
    ),
    *(
        "counter-increment: n",
        "counter-reset: n 3",
        "white-space: pre-line",
        "vertical-align: super",
        "clip: rect(0)",
    ),
    *(
        "text-decoration: underline",
        "transform: scale(0)",
        "position: fixed; left: -9999px",
        "margin: -999em",
        "@x",
    ),
    *(
        "font-size: calc(1em / 0)",
        "font-size: calc(",
        "width: 0; overflow: hidden",
        "color: rgb(",
        "opacity: nan",
        "/*",
    ),
)
styles = st.lists(
    st.tuples(st.sampled_from(_SELECTORS), st.lists(st.sampled_from(_DECLARATIONS), max_size=4)), max_size=6
).map(lambda rules: "\n".join(f"{selector} {{ {'; '.join(block)} }}" for selector, block in rules))


def sides(front: str, back: str, fields: dict[str, c.Content], css: str | None) -> Sides:
    """Return the sides of the cards of a note. css: None for a note type without any style."""
    template = read(front, back)
    assume(template is not None)
    assert template is not None
    cloze_fields = fields_with_filter(template.front_nodes, "cloze")
    card_styles = None if css is None else CardStyles(css, read_template("card.css"))
    note_type = CustomNoteType(
        NoteType("own"), NAMES, (template,), "", cloze_fields, SPAN, styles=card_styles
    )
    return [(front, back) for _, front, back in custom_cards(note_type, fields, (), DECK)]


def runs(content: c.Content) -> list[Run]:
    """Return the runs of a content in the colours that are printed. Black on white is what every card has."""
    return joined(list(map(as_printed, printed_runs(content))))


def as_printed(run: Run) -> Run:
    colour, background = run.colour, run.background
    if colour:
        colour = to_hex(make_readable(to_colour(colour), to_colour(background or "ffffff")))[1:]
    elif background:
        background = to_hex(make_readable(to_colour(background), BLACK))[1:]
    if background == "ffffff":
        background = ""
    return replace(run, colour="" if colour == "000000" and not background else colour, background=background)


def to_colour(text: str) -> Colour:
    red, green, blue = bytes.fromhex(text)
    return red, green, blue


def texts(shown: Sides) -> list[str]:
    return ["".join(c.plain_text(side).split()) for card in shown for side in card]


@_checked
@given(htmls, htmls, values)
@example("", "<pre>{{B}}</pre>", {"B": (c.Heading(1, (c.Text("code"),)),)})
@example("", "<pre><h2>{{B}}</h2></pre>", {"B": (c.Paragraph((c.Text("code"),)),)})
def test_a_style_that_styles_nothing_changes_nothing(
    front: str, back: str, fields: dict[str, c.Content]
) -> None:
    """What is printed of a card does not depend on the way by which it is laid out."""
    plain = sides(f"{front}{{{{A}}}}", back, fields, None)
    styled = sides(f"{front}{{{{A}}}}", back, fields, ".none { color: red }")

    for plain_card, styled_card in zip(plain, styled, strict=True):
        for plain_side, styled_side in zip(plain_card, styled_card, strict=True):
            assert runs(styled_side) == runs(plain_side)


@_checked
@given(htmls, htmls, values, contents(clozes=True), styles)
def test_no_style_brings_to_light_or_stops_anything(
    front: str, back: str, fields: dict[str, c.Content], text: c.Content, css: str
) -> None:
    """Any style, however odd, gives some card; what it hides is not said, and nothing is said twice."""
    fields = {**fields, "Text": text}
    shown = sides(f"{front}{{{{cloze:Text}}}}", back, fields, css)

    assert len(shown) == len(sides(f"{front}{{{{cloze:Text}}}}", back, fields, None))


@_checked
@given(htmls, htmls, values, st.sampled_from(["none", "contents; visibility: hidden"]))
def test_a_card_that_is_hidden_says_nothing(
    front: str, back: str, fields: dict[str, c.Content], display: str
) -> None:
    shown = sides(f"{front}{{{{A}}}}", back, fields, f"#qa {{ display: {display} }}")

    assert set("".join(texts(shown))) <= set("\u2002")
