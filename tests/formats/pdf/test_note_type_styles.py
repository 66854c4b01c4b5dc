"""The styles of custom note types on paper, compared with Anki's rendering in a browser."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from cardwright.collection import content as c
from cardwright.collection.card import cards
from cardwright.diagnostics import Report, Severity
from cardwright.formats.pdf.drawings import plain_drawing
from cardwright.pipeline.load import load_decks
from cardwright.source.card_styles import CardStyles
from tests.formats.pdf.test_content import png
from tests.formats.test_outputs_agree import build_package
from tests.support.anki_programs import all_programs
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.print_decks import deck, layout_report, note, pdf_text, render_sheets
from tests.support.printed_text import find_text
from tests.support.real_anki import new_learner
from tests.support.text_runs import browser_runs, joined, look_alike, printed_runs

FIELDS = {
    "Word": "Knochen",
    "Text": "The *long* **bone** of the leg",
    "More": "- one\n- two",
    "Gaps": "The {{c1::*sciatic*}} nerve {{c2::branches::does what}} here",
    "Rest": "> quoted\n\nSee <mark>[it](https://example.org)</mark>, `code`, H<sub>2</sub>O"
    ' <span style="color: #c00">red</span>\n\n| a | b |\n|--:|---|\n| c | d |',
}

_SECTION = re.compile(
    r"^## (?P<name>[^\n]+)\n+(?:```css(?P<css_only> only)?\n(?P<css>.*?)```\n+)?```html\n(?P<html>.*?)```",
    re.MULTILINE | re.DOTALL,
)


def read_deck(cases: list[re.Match[str]]) -> str:
    """Return a deck with a note type and a note for each case."""
    types: dict[str, Any] = {}
    for number, case in enumerate(cases):
        templates = {
            "One": {"front": case["html"], "back": case["html"] if "cloze:" in case["html"] else "-"}
        }
        types[f"type-{number}"] = {"fields": list(FIELDS), "templates": templates}
        if case["css"]:
            types[f"type-{number}"] |= {"css": case["css"], "css_only": bool(case["css_only"])}
    notes = [{"id": f"note-{number}", "type": name, "fields": FIELDS} for number, name in enumerate(types)]
    header = {"deck": "Styles", "id": "styles", "note_types": types, "cards": notes}
    return yaml.safe_dump(header, sort_keys=False, allow_unicode=True)


@pytest.mark.anki
def test_paper_shows_what_anki_shows(tmp_path: Path) -> None:
    """All that is seen of each card in `styled_cards.md`, with its look, and nothing else."""
    cases = list(_SECTION.finditer(Path(__file__).with_name("styled_cards.md").read_text("utf-8")))
    files, environment, report = deck_files({"d/deck.yaml": read_deck(cases)}), FakeEnvironment({}), Report()
    (loaded,) = load_decks(files, environment, report)
    assert not [diagnostic for diagnostic in report if diagnostic.severity is Severity.ERROR]
    program = all_programs()[0]
    with new_learner(tmp_path) as learner:
        learner.import_package(build_package(files, environment))
        sides = []
        for case, note in zip(cases, loaded.deck.notes, strict=True):
            css = learner.card(note.key).render_output().css
            for card in cards(note):
                anki_sides = learner.sides(note.key, card.ordinal)
                for content, html in ((card.front, anki_sides.front), (card.back, anki_sides.back)):
                    body_class = program.body_class.replace("card1", f"card{card.ordinal + 1}")
                    page = replace(program, body_class=body_class).page(css, html)
                    sides.append((case[0], joined(list(printed_runs(content))), page))
    (tmp_path / "browser").mkdir()

    all_runs = browser_runs([page for *_, page in sides], tmp_path / "browser")
    wrong = [
        "\n  ".join([case, "paper:", *map(str, printed), "Anki:", *map(str, shown)])
        for (case, printed, _), runs in zip(sides, all_runs, strict=True)
        if not look_alike(printed, shown := joined(runs))
    ]
    assert not wrong, "\n\n".join(wrong)


def back_of(html: str, css: str, text: str = "x") -> c.Content:
    """Return what the back of a card shows. css: the whole style of its note type."""
    templates = {"One": {"front": "{{Text}}", "back": html}}
    note_type = {"fields": ["Text"], "templates": templates, "css": css, "css_only": True}
    notes = [{"id": "a", "type": "own", "fields": {"Text": text}}]
    source = yaml.safe_dump({"deck": "D", "id": "d", "note_types": {"own": note_type}, "cards": notes})
    report = Report()
    (loaded,) = load_decks(deck_files({"d/deck.yaml": source}), FakeEnvironment({}), report)
    assert not list(report)
    (card,) = cards(loaded.deck.notes[0])
    return card.back


LIST = "<ul><li>a</li><li>b</li></ul>"
NUMBERS = "<ol start=9><li>a</li><li>b</li></ol>"


@pytest.mark.parametrize(
    ("css", "html", "marks"),
    [
        ("ul { list-style: none }", LIST, ["", ""]),
        ("ul { list-style-type: square }", LIST, ["▪", "▪"]),
        ("li { list-style: '→ ' }", LIST, ["→", "→"]),
        ("li::marker { content: counter(list-item) ')' }", LIST, ["1)", "2)"]),
        ("li::marker { content: none }", LIST, ["", ""]),
        ("ol { list-style: upper-roman }", NUMBERS, ["IX.", "X."]),
        ("ol { list-style-type: lower-alpha }", NUMBERS, ["i.", "j."]),
        ("ol { list-style-type: decimal-leading-zero }", NUMBERS, ["09.", "10."]),
        ("ul { list-style-type: decimal }", LIST, ["1.", "2."]),
        ("li:first-child { list-style: circle }", LIST, ["◦", "•"]),
        ("li + li { display: block }", LIST, ["•", ""]),
        ("div { list-style: upper-alpha }", f"<div>{NUMBERS}</div>", None),
        ("ol { list-style-type: decimal }", NUMBERS, None),
        ("li { color: red }", LIST, None),
        ("b { color: red }", '<ol type="i"><li>a</li><li>b</li></ol>', ["i.", "ii."]),
    ],
)
def test_lists_have_the_marks_of_their_style(css: str, html: str, marks: list[str] | None) -> None:
    (shown,) = back_of(html, css)
    assert isinstance(shown, c.BulletList | c.OrderedList)
    assert (list(shown.marks) if isinstance(shown, c.MarkedList) else None) == marks


@pytest.mark.parametrize(
    ("css", "html", "text"),
    [
        ("p::before { content: open-quote } p::after { content: close-quote }", "<p>a</p>", "“a”"),
        (
            "div { counter-reset: n 4 } p { counter-increment: n } p::before { content: counter(n) '. ' }",
            "<div><p>a</p><p>b</p></div>",
            "5. a 6. b",
        ),
        (
            "p { counter-increment: n } p::before { content: counter(n, lower-roman) } .x { display: none }",
            "<div><p>a</p><p class=x>b</p><p>c</p></div>",
            "ia iic",
        ),
        ("p::before { content: 'a\\A b'; white-space: pre }", "<p>c</p>", "abc"),
        ("p::before { content: linear-gradient(red, blue) 'a' / 'said' }", "<p>b</p>", "ab"),
    ],
)
def test_generated_text(css: str, html: str, text: str) -> None:
    assert " ".join(c.plain_text(back_of(html, css)).split()) == text


def test_a_style_can_tell_pictures_apart_by_their_files() -> None:
    """As decks of flags do, which show a blurred flag with a name on it in the question."""
    css = ".front > img[src*='-blur'] + img, img[alt='secret'] { display: none }"
    files = {f"cards_source/d/media/{name}.png": png(3, 2) for name in ("fiji", "fiji-blur")}
    text = "![](media/fiji-blur.png)![](media/fiji.png){width=50%}![secret](media/fiji.png)"
    templates = {"One": {"front": "<div class=front>{{Text}}</div>", "back": "{{Text}}"}}
    note_type = {"fields": ["Text"], "templates": templates, "css": css}
    notes = [
        {"id": "a", "type": "own", "fields": {"Text": "![](media/fiji.png) ![](media/fiji.png)"}},
        {"id": "b", "type": "own", "fields": {"Text": text}},
    ]
    source = yaml.safe_dump({"deck": "D", "id": "d", "note_types": {"own": note_type}, "cards": notes})
    (loaded,) = load_decks(deck_files({"d/deck.yaml": source}), FakeEnvironment(files), Report())
    shown = [
        [inline.file.path.rpartition("/")[2] for inline in c.inlines(side) if isinstance(inline, c.Image)]
        for note in loaded.deck.notes
        for card in cards(note)
        for side in (card.front, card.back)
    ]
    assert shown == [["fiji.png"] * 2, ["fiji.png"] * 2, ["fiji-blur.png"], ["fiji-blur.png", "fiji.png"]]


def test_notes_that_differ_in_their_texts_alone_keep_their_own_links() -> None:
    """Their pages are styled once, and each has its texts and addresses."""
    templates = {"One": {"front": "{{Text}}", "back": "<b>{{Text}}</b>"}}
    note_type = {"fields": ["Text"], "templates": templates, "css": "b { color: red }"}
    notes = [
        {"id": name, "type": "own", "fields": {"Text": f"[{name}](https://example.org/{name})"}}
        for name in ("a", "b")
    ]
    source = yaml.safe_dump({"deck": "D", "id": "d", "note_types": {"own": note_type}, "cards": notes})
    (loaded,) = load_decks(deck_files({"d/deck.yaml": source}), FakeEnvironment({}), Report())
    links = [
        (inline.url, c.inlines_text(inline.children))
        for note in loaded.deck.notes
        for card in cards(note)
        for inline in c.inlines((*card.front, *card.back))
        if isinstance(inline, c.Link)
    ]
    assert links == [(f"https://example.org/{name}", name) for name in "aabb"]


HIDING = (
    "display: none",
    "visibility: hidden",
    "opacity: 0",
    "opacity: 0%",
    "font-size: 0",
    "font: 0/0 a",
    "color: transparent",
    "color: #0000",
    "color: white; background: white",
    "background: #222; color: #222",
    "color: rgb(255 255 255)",
    "-webkit-text-fill-color: transparent",
    "position: absolute; left: -9999px",
    "position: fixed; inset: -100vh auto auto 0",
    "text-indent: -999em",
    "margin-left: -1000px",
    "display: block; height: 0; overflow: hidden",
    "display: inline-block; max-width: 0; overflow: clip",
    "clip-path: inset(50%)",
    "clip-path: circle(0)",
    "position: absolute; clip: rect(1px, 1px, 1px, 1px)",
    "transform: scale(0)",
    "transform: scaleX(0) translateX(3px)",
    "transform: rotateY(90deg)",
    "transform: rotateY(.5turn); backface-visibility: hidden",
    "transform: matrix(0, 0, 0, 0, 0, 0)",
    "translate: -200vw",
    "scale: 0",
    "filter: blur(8px)",
    "filter: opacity(0)",
    "content-visibility: hidden",
    "-webkit-text-security: disc",
    "color: transparent; text-shadow: 0 0 9px black",
    "--x: none; display: var(--x)",
    "visibility: collapse",
    "display: NONE !important; display: block",
)


@pytest.mark.parametrize("declarations", HIDING)
def test_a_question_that_hides_its_answer_does_not_print_it(declarations: str) -> None:
    """Not even where it only gets hard to read, and not in a list of bookmarks."""
    back = back_of("<p>Q <span class=a><b>Answer</b></span> Q</p>", f".a {{ {declarations} }}")

    assert "Answer" not in repr(back)
    assert "Q" in c.plain_text(back)


def test_sizes_colours_weights_and_marks_are_printed(tmp_path: Path) -> None:
    css = """
        .card { font-size: 20px }
        .big { font-size: 30px; color: #c00000 }
        .bold { font-weight: bold }
        .pale { background: #ffe08a }
        ul { list-style: upper-roman }
    """
    front = "<p>plain <span class=big>big</span> <span class=bold>bold</span></p><p class=pale>pale</p>"
    templates = {"One": {"front": f"{front}{{{{More}}}}", "back": "-"}}
    note_type = {"fields": ["More"], "templates": templates, "css": css}
    notes = [{"id": "a", "type": "own", "fields": {"More": "- one\n- two"}}]
    source = yaml.safe_dump({"deck": "D", "id": "d", "note_types": {"own": note_type}, "cards": notes})
    (loaded,) = load_decks(deck_files({"d/deck.yaml": source}), FakeEnvironment({}), Report())
    pdf = render_sheets(loaded.deck, tmp_path)
    plain, big, bold = (find_text(pdf, text)[0] for text in ("plain", "big", "bold"))

    assert big.size == pytest.approx(1.5 * plain.size)
    assert big.colour == pytest.approx((0.753, 0, 0), abs=0.01)
    assert "Bold" in bold.font
    assert "Bold" not in plain.font
    assert find_text(pdf, "I.one")
    assert find_text(pdf, "II.two")


@pytest.mark.parametrize(
    ("css", "found"),
    [
        ("", None),
        (".card { color: red; margin: 1em; border-radius: 3px } p { padding: 2px; float: none }", None),
        (
            "p { border-left: 2px solid red } div { display: flex }",
            ("note", "paper does not follow `border`, `display: flex` of `own`"),
        ),
        (".a { float: left }", ("warning", "paper does not follow `float` of `own`")),
        ("@media print { .a { float: left } }", None),
    ],
)
def test_what_paper_does_not_follow_is_told_once(
    css: str, found: tuple[str, str] | None, tmp_path: Path
) -> None:
    """As a warning where something may be read in another order."""
    note_type = {
        "fields": ["A"],
        "templates": {"One": {"front": "{{A}}", "back": "-"}},
        **({"css": css} if css else {}),
    }
    notes = [{"id": name, "type": "own", "fields": {"A": name}} for name in ("one", "two")]
    source = yaml.safe_dump({"deck": "D", "id": "d", "note_types": {"own": note_type}, "cards": notes})
    (loaded,) = load_decks(deck_files({"d/deck.yaml": source}), FakeEnvironment({}), Report())
    told = [(each.severity.value, each.message) for each in layout_report(loaded.deck, tmp_path)]

    assert told == ([] if found is None else [found])


def test_a_list_that_goes_on_on_another_card_keeps_its_marks(tmp_path: Path) -> None:
    entries = tuple(c.plain(f"Entry {number} of a list that is long. " * 4) for number in range(1, 9))
    marked = c.MarkedList(entries, tuple(f"{number}a" for number in range(1, 9)))
    pdf = render_sheets(deck([note("card-1", "Q?", (marked,))], overflow="continue"), tmp_path)
    shown = pdf_text(pdf)

    assert [f"{number}a" in shown for number in range(1, 9)] == [True] * 8
    assert "2/2" in shown


def test_a_drawing_of_a_template_is_drawn_in_the_style_of_its_note_type() -> None:
    """As the empty flag of a deck of flags, whose outline is all that its style leaves of it."""
    css = ".flag { color: #900 } .flag > path { fill: none; stroke: currentColor } .no { display: none }"
    path = '<path d="M2 2h36v16H2z"/>'
    html = "".join(f'<svg class="{name}" viewBox="0 0 40 20">{path}</svg>' for name in ("flag", "no"))
    (shown,) = [inline for inline in c.inlines(back_of(html, css)) if isinstance(inline, c.Image)]
    data = plain_drawing(shown.file.data).data
    assert b'fill="none"' in data
    assert b'stroke="#990000"' in data or b'stroke="#900"' in data or b'color="#990000"' in data, data


@pytest.mark.parametrize(
    "style",
    [
        *("block-size: 0; overflow: clip", "max-inline-size: 0; overflow: hidden", "zoom: 0.01", "zoom: 1%"),
        *("line-height: 0; overflow: hidden", "height: 0; overflow-block: hidden"),
    ],
)
def test_what_leaves_no_room_hides(style: str) -> None:
    assert c.plain_text(back_of("<p>{{Text}}</p>y", f"p {{ {style} }}")).split() == ["y"]


def test_rules_that_paper_does_not_know_are_told() -> None:
    """What they hide would be printed."""
    css = "@scope (.card) { p { display: none } } @container (min-width: 1px) { p { color: red } }"
    names, changes_meaning = CardStyles(f"{css} p::selection {{ color: red }} @keyframes x {{}}").unprinted
    assert (names, changes_meaning) == (("@scope (.card)", "@container (min-width: 1px)"), True)
