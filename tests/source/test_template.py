"""Templates that authors write: what they become, and what they must not have."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.collection import content as c
from cardwright.collection import template
from cardwright.collection.content import Math, Text
from cardwright.collection.template import Element, Replacement, Section, elements
from cardwright.diagnostics import Report, Severity, Source
from cardwright.source.nodes import Scalar
from cardwright.source.template_reader import MAX_TEMPLATE_LENGTH, read_template
from cardwright.source.tex import find_tex_problems
from tests.support.custom_decks import scalar
from tests.support.formulas import find_formulas
from tests.support.plain_words import Page

NAMES = ("Name", "Origin", "Text")


def read(text: str) -> tuple[str, template.Nodes]:
    """Read a back that has no mistakes."""
    report = Report()
    back = read_template(scalar(text), NAMES, "back", report)
    assert not list(report)
    assert back is not None
    return back


def problems(text: str, side: str = "back") -> list[tuple[str, str]]:
    """Return the code of each diagnostic, and the text that it points at."""
    report = Report()
    result = read_template(scalar(text), NAMES, "front" if side == "front" else "back", report)
    assert (result is None) == bool(len(report))
    assert all(len(problem.message) <= 72 and not problem.message.endswith(".") for problem in report)
    return [(problem.code, problem.span.text) for problem in report if problem.span is not None]


def test_a_template_goes_into_the_package_as_written() -> None:
    """Only comments are left out, since older versions of Anki look for fields in them."""
    html, nodes = read(
        '<!-- {{No}} --><div class="x">{{ Name }}</div>\n{{#Origin}}<br/>{{hint:Text}}{{/Origin}}'
    )

    assert html == '<div class="x">{{ Name }}</div>\n{{#Origin}}<br/>{{hint:Text}}{{/Origin}}'
    assert nodes == (
        Element("div", nodes=(Replacement("Name", ()),), attributes=(("class", "x"),)),
        Text("\n"),
        Section("Origin", negated=False, nodes=(Element("br"), Replacement("Text", ("hint",)))),
    )


@pytest.mark.parametrize(
    "text",
    [
        "{{FrontSide}}\n\n<hr id=answer>\n\n{{Origin}}",
        "{{#Origin}}{{Name}}{{/Origin}}",
        "{{Name}}\n\n{{type:Origin}}",
        "{{cloze:Text}}<br>\n{{Origin}}",
        '<div id="image-occlusion-container">{{Name}}</div>',
    ],
)
def test_templates_of_anki_s_own_note_types_are_accepted(text: str) -> None:
    """Source: Anki, rslib/src/notetype/stock.rs."""
    read(text)


def test_constant_text_may_have_entities_and_formulas() -> None:
    """MathJax reads the page when its entities are resolved."""
    _, nodes = read(r"1 &lt; 2 &amp; \(x &lt; y\)&nbsp;&#92;[z\]")

    assert nodes == (Text("1 < 2 & "), Math("x < y"), Text("\u00a0"), Math("z", display=True))


@pytest.mark.parametrize("end", ["[", "[sou", "\\", "&#92;", "[[ty", "[$", "[/lat"])
def test_what_follows_a_constant_piece_cannot_complete_it(end: str) -> None:
    """Anki looks for its own commands, and MathJax for formulas, in the finished page."""
    html, nodes = read(f"a{end}{{{{Name}}}}")

    assert html == f"a{end}<span></span>{{{{Name}}}}"
    assert len(nodes) == 2
    assert read("[a] {{Name}} [b]")[0] == "[a] {{Name}} [b]"


@pytest.mark.parametrize(
    ("text", "code", "blamed_text"),
    [
        ("{{Name}} {{Orig", "unclosed-markup", "{{"),
        ("{{Name}} <!-- {{Origin}}", "unclosed-markup", "<!--"),
        ("{{#Name}}x", "unclosed-section", "{{#Name}}"),
        ("x{{/Name}}", "section-not-open", "{{/Name}}"),
        ("{{^Name}}{{#Text}}{{/Name}}", "crossed-sections", "{{/Name}}"),
        ("{{#Name}}" * 21 + "{{/Name}}" * 21, "deep-sections", "{{#Name}}"),
        ("{{Nmae}}", "unknown-field", "Nmae"),
        ("{{text:Nmae}}", "unknown-field", "Nmae"),
        ("{{hint: Name}}", "unknown-field", " Name"),
        ("{{#Nmae}}x{{/Nmae}}", "unknown-field", "Nmae"),
        ("{{#c1}}x{{/c1}}", "unknown-field", "c1"),
        ("{{#FrontSide}}x{{/FrontSide}}", "unknown-field", "FrontSide"),
        ("{{CardID}}", "unknown-field", "CardID"),
        ("{{}}", "unknown-field", "{{}}"),
        ("{{=<% %>=}}<%Name%>", "unknown-field", "=<% %>="),
        ("{{c1::Name}}", "cloze-in-template", "{{c1::Name}}"),
        ("{{upper:Name}}", "unknown-filter", "upper"),
        ("{{text:Name}}", "unknown-filter", "text"),
        ("{{furigana:Tags}}", "unfit-filter", "furigana"),
        ("{{cloze-only:Text}}", "unknown-filter", "cloze-only"),
        ("{{cloze:hint:Text}}", "unfit-filter", "cloze:hint"),
        ("{{hint:type:Text}}", "unfit-filter", "hint:type"),
        ("{{hint:Tags}}", "unfit-filter", "hint"),
        ("{{hint:FrontSide}}", "unfit-filter", "{{hint:FrontSide}}"),
        ("{{tts <script>:Name}}", "unfit-filter", "tts <script>"),
        ("{{tts en_US voices=a b:Name}}", "unfit-filter", "tts en_US voices=a b"),
        ("{{tts:Name}}", "unknown-filter", "tts"),
        ('<a href="{{Name}}">x</a>', "link-not-web", '<a href="{{Name}}">'),
        ('<a href="https://a.b{{Name}}">x</a>', "link-not-web", '<a href="https://a.b{{Name}}">'),
        ('<a href="{{#Name}}x{{/Name}}">x</a>', "link-not-web", '<a href="{{#Name}}x{{/Name}}">'),
        ('<b style="{{Name}}">x</b>', "field-in-tag", '<b style="{{Name}}">'),
        ('<b onclick="{{Name}}">x</b>', "attribute-not-for-cards", 'onclick="{{Name}}"'),
        ('<b class="{{Deck}}">x</b>', "field-in-tag", "{{Deck}}"),
        ("<div {{#Name}}class=x{{/Name}}>", "field-in-tag", "<div "),
        ("<div class='{{Name}}'>", "field-in-tag", "<div class='"),
        ('<div class="{{#Name}}">x</div>{{/Name}}', "field-in-tag", '<div class="'),
        ("1 < 2", "stray-bracket", "< "),
        ("<!DOCTYPE html>", "stray-bracket", "<!"),
        ("<?php x ?>", "stray-bracket", "<?"),
        ("<script>alert(1)", "tag-not-for-cards", "<script>"),
        ("</script>", "tag-not-for-cards", "</script>"),
        ("<SCRIPT/SRC=//a.b>", "stray-bracket", "<S"),
        ("<script\n src='//a.b'>", "tag-not-for-cards", "<script"),
        ("<style>b{}", "tag-not-for-cards", "<style>"),
        ("<img src=a.png>", "tag-not-for-cards", "<img src=a.png>"),
        ("<svg onload=x>", "tag-not-for-cards", "<svg onload=x>"),
        ("<iframe src=x>", "tag-not-for-cards", "<iframe src=x>"),
        ("x<canvas>2</canvas>", "tag-not-for-cards", "<canvas>"),
        ("<ruby>x<div>y</div></ruby>", "misplaced-element", "<div>"),
        ("x<rt>y</rt>", "misplaced-element", "<rt>"),
        ("<x-y>", "tag-not-for-cards", "<x-y>"),
        ("<p onclick='x()'>", "attribute-not-for-cards", "onclick='x()'"),
        ("<p OnClick=x>", "attribute-not-for-cards", "OnClick=x"),
        ("<p hidden>", "attribute-not-for-cards", "hidden"),
        ("<p href='https://a.b'>", "attribute-not-for-cards", "href='https://a.b'"),
        ("<p src=a>", "attribute-not-for-cards", "src=a"),
        ("<a href='javascript:x'>", "link-not-web", "<a href='javascript:x'>"),
        ("<a href='&#106;avascript:x'>", "link-not-web", "<a href='&#106;avascript:x'>"),
        ("<a href=' java\tscript:x'>", "link-not-web", "<a href=' java\tscript:x'>"),
        ("<a href='data:text/html,x'>", "link-not-web", "<a href='data:text/html,x'>"),
        ("<p style='background: url(x)'>", "css-reaches-out", "<p style='background: url(x)'>"),
        ("<p style='x: ur&#108;(x)'>", "css-reaches-out", "<p style='x: ur&#108;(x)'>"),
        ("[sound:a.mp3]", "order-to-anki", "[sound:"),
        ("[LATEX]x[/latex]", "order-to-anki", "[LATEX]"),
        ("[$]x[/$]", "order-to-anki", "[$]"),
        ("[anki:tts lang=en]", "order-to-anki", "[anki:"),
        ("[[type:Name]]", "order-to-anki", "[[type:"),
        (r"\({{Name}}\)", "unclosed-markup", "\\("),
        (r"\(\href{javascript:x}{y}\)", "math-reaches-out", "\\href"),
        (r"\(x{\) \href{x} \)", "unbalanced-braces", "{"),
        (r"\(x\\) \href{x} \)", "math-reaches-out", "\\href"),
        (r"\(\unknown\)", "unknown-macro", "\\unknown"),
        (r"\(" + "x" * 5000 + r"\)", "long-formula", "\\("),
        ("{<!-- -->{Name}}", "comment-in-markup", "<!--"),
        ("<!<!-- x -->-- y -->", "comment-in-markup", "<!--"),
        ("<b>x", "unclosed-element", "<b>"),
        ("x</b>", "element-not-open", "</b>"),
        ("x</br>", "element-not-open", "</br>"),
        ("<b><i>x</b>", "unclosed-element", "<i>"),
        ("<div><b>x</div>", "unclosed-element", "<b>"),
        ("<b><p>x</b>", "unclosed-element", "<p>"),
        ("{{#Name}}<li>{{/Name}}", "unclosed-element", "<li>"),
        ("<b>{{#Name}}</b>{{/Name}}", "element-not-open", "</b>"),
        ("<li>x", "misplaced-element", "<li>"),
        ("<ul><li>x{{#Name}}<li>y</li>{{/Name}}</ul>", "misplaced-element", "<li>"),
        ("<table><td>x</table>", "misplaced-element", "<td>"),
        ("<table><tr>x</table>", "misplaced-element", "x"),
        ("<table><b>x</b></table>", "misplaced-element", "<b>"),
        ("<tr><td>x", "misplaced-element", "<tr>"),
        ("<h1><b><h2>x</h2></b></h1>", "misplaced-element", "<h2>"),
        ("<div>" * 60 + "</div>" * 60, "deep-elements", "<div>"),
        ("<ul><li>" * 20 + "</ul>" * 20, "deep-elements", "<ul>"),
        ("", "empty-template", ""),
        ("  \n", "empty-template", "  \n"),
        ("<!-- only this -->", "empty-template", "<!-- only this -->"),
    ],
)
def test_a_mistake_is_reported_where_it_stands(text: str, code: str, blamed_text: str) -> None:
    """There is one of each, and whatever would bring a script or reach out of the card."""
    assert (code, blamed_text) in problems(text)


def test_what_a_template_hides_is_noted_and_no_mistake() -> None:
    report = Report()
    assert read_template(scalar("<p style='display : none'>{{Name}}</p>"), NAMES, "back", report) is not None
    (note,) = report
    assert (note.code, note.severity) == ("hidden-in-template", Severity.NOTE)
    assert note.message == "`display : none` hides a part of the card, on paper as well"


def test_a_comment_in_a_formula_is_warned_of() -> None:
    report = Report()
    assert read_template(scalar(r"<p>\(5% x\) {{Name}}</p>"), NAMES, "back", report) is not None
    (warning,) = report
    assert (warning.code, warning.severity) == ("formula-comment", Severity.WARNING)


def test_mistakes_of_a_front() -> None:
    """Anki makes no card of a front that shows no field of the note."""
    assert problems("What is it?", "front") == [("template-without-field", "What is it?")]
    assert problems("{{#Name}}x{{/Name}} {{Tags}}", "front")[0][0] == "template-without-field"
    assert problems("{{Name}}{{FrontSide}}", "front") == [("front-on-front", "{{FrontSide}}")]
    assert problems("What is it?") == []


def test_of_what_holds_no_text_only_its_tag_is_reported() -> None:
    """A script has signs that look like tags and formulas; fields in it are looked at all the same."""
    script = r"<script>if (a < b) { x = '\\(' } {{Name}} c < d</script>"
    assert problems(f"a {script} {{{{Name}}}} <b onclick=x>y</b>") == [
        ("tag-not-for-cards", "<script>"),
        ("attribute-not-for-cards", "onclick=x"),
    ]
    assert problems("<svg/>1 < 2") == [("tag-not-for-cards", "<svg/>"), ("stray-bracket", "< ")]


DRAWING = '<svg class="ring" viewBox="0 0 20 10"><g><path d="M0 0h9" fill="none"/></g></svg>'


def test_a_template_may_have_drawings_of_shapes() -> None:
    """Anki gets them as they are written; paper gets a picture that has the style of the note type."""
    html, nodes = read(f"{{{{Name}}}} {DRAWING}")
    (drawing,) = (element for element in elements(nodes) if element.name == "svg")
    (picture,) = drawing.nodes
    assert DRAWING in html
    assert isinstance(picture, c.Image)
    assert dict(drawing.attributes)["class"] == "ring"
    assert problems("<SVG viewBox='0 0 1 1'/>{{Name}}") == [("tag-not-for-cards", "<SVG viewBox='0 0 1 1'/>")]


@pytest.mark.parametrize(
    "inner",
    [
        "<script>x</script>",
        "<path onclick='x'/>",
        "<foreignObject><p>x</p></foreignObject>",
        "<style>p { color: red }</style>",
        "<image href='x.png'/>",
        "<use href='https://example.org/a.svg#x'/>",
        "<title><b onclick='x'></b></title>",
        "<animate attributeName='x'/>",
        "<a href='javascript:x'><path d='M0 0'/></a>",
        "<path fill='url(https://example.org/a.svg#x)'/>",
        "<path style='fill: url(//example.org)'/>",
        "<path xml:base='https://example.org/' d='M0 0'/>",
        "<path d='M0 0'>",
        "<path d=M0/>",
        "<text>x</text>",
        "<g>x</g>",
        "<s:path xmlns:s='http://www.w3.org/2000/svg'/>",
        "<![CDATA[<b>]]>",
        "<p>x</p>",
        "<svg viewBox='0 0 1 1'><path d='M0 0'/>",
        "&x;",
    ],
)
def test_a_drawing_has_nothing_but_shapes(inner: str) -> None:
    """A browser reads it as part of the page, so nothing in it may do more than draw."""
    found = problems(f"{{{{Name}}}}<svg viewBox='0 0 1 1'>{inner}</svg>")
    assert found
    assert {code for code, _ in found} <= {"drawing-not-for-cards", "element-not-open"}


def test_the_parts_of_a_page_are_like_any_other_block() -> None:
    """Shared decks have their cards in `<main>`, `<header>` and `<footer>`."""
    assert problems("<header>{{Name}}</header><main><article>x</article></main><footer>y</footer>") == []


def test_all_mistakes_are_reported_in_their_order() -> None:
    """The end tag of an element that is refused says nothing new."""
    text = "<script></script>{{A}}<b onclick=x>{{B}}</b> {{#Name}}"

    assert [code for code, _ in problems(text)] == [
        *("tag-not-for-cards", "unknown-field", "attribute-not-for-cards", "unknown-field"),
        "unclosed-section",
    ]
    assert [code for code, _ in problems("<b><i>x</b></i> {{#Name}}<p>{{/Name}}</p>")] == [
        "unclosed-element",
        "unclosed-element",
    ]


def test_a_mistake_is_found_in_every_style_of_yaml() -> None:
    """Quotes are doubled or escaped in some, and blocks are indented."""
    for source, value, style, blamed_text in (
        ('f: "<p class=\\"a\\" onclick=\\"x\\">"', '<p class="a" onclick="x">', '"', 'onclick=\\"x\\"'),
        ("f: '<p class=''a'' onclick=''x''>'", "<p class='a' onclick='x'>", "'", "onclick=''x''"),
        ("f: |\n  <p>\n    <p onclick=x>", "<p>\n  <p onclick=x>", "|", "onclick=x"),
    ):
        report = Report()
        read_template(
            Scalar(Source("deck.yaml", source), 3, len(source), value, style), NAMES, "back", report
        )

        assert [problem.span.text for problem in report if problem.span is not None] == [blamed_text]


@pytest.mark.parametrize(
    "text",
    [
        "x" * (MAX_TEMPLATE_LENGTH + 1),
        "{{" * (MAX_TEMPLATE_LENGTH // 2),
        "<!--" * (MAX_TEMPLATE_LENGTH // 4),
        "<" * MAX_TEMPLATE_LENGTH,
        "<a " * (MAX_TEMPLATE_LENGTH // 3),
        "<a b" + " c" * (MAX_TEMPLATE_LENGTH // 2 - 4),
        "<a b=" + "c" * (MAX_TEMPLATE_LENGTH - 6),
        "\\(" * (MAX_TEMPLATE_LENGTH // 2),
        "{{#Name}}" * (MAX_TEMPLATE_LENGTH // 9),
        "[" * (MAX_TEMPLATE_LENGTH - 7) + "[sound:",
        "<!<!-- -->--" * (MAX_TEMPLATE_LENGTH // 12),
        "<b>" * (MAX_TEMPLATE_LENGTH // 3),
        "<ul><li>" * (MAX_TEMPLATE_LENGTH // 8),
        "<b>" * 40 + "</i></p>" * (MAX_TEMPLATE_LENGTH // 9),
    ],
    ids=range(14),
)
def test_a_template_of_nothing_but_beginnings_is_refused_quickly(text: str) -> None:
    assert problems(text)


@pytest.mark.parametrize("text", ["{{#Name}}", "{{/Name}}", "{{#A}}{{#B}}{{/A}}{{/B}}"])
def test_sections_that_do_not_match_are_bugs_in_templates_of_ours(text: str) -> None:
    with pytest.raises(ValueError, match=r"unclosed|not open"):
        template.parse_template(text)


_PIECES = (
    *("<", ">", "</", "/>", "=", '"', "'", "`", " ", "\n", "\t", "/", "&", ";", "\\", "[", "]", "{", "}"),
    *("<!--", "-->", "<!", "<?", "{{", "}}", "{{Name}}", "{{#Name}}", "{{/Name}}", "{{tts ", ":Name}}"),
    *("script", "<script", "<svg", "<a ", "<p ", "<b>", "</b>", "<div>", "</div>", "img", " src=", " href="),
    *(" style=", "on", " onload=", "onclick", "javascript:", "java", "https://a.b", "&#106;", "&colon;"),
    *("&lt;", "&Tab;", "url(", "\\75rl(", "\x00", "\x0b", "\ufeff", "alert(1)", "[sound:", "[latex]", "\\("),
    *("\\)", "\\href", "\\mmlToken"),
)
hostile_texts = st.lists(st.sampled_from(_PIECES), max_size=14).map("".join)


@given(hostile_texts)
def test_nothing_that_is_accepted_is_a_script_or_becomes_one(text: str) -> None:
    """This holds for any text, and whichever sections are shown."""
    back = read_template(scalar(text), NAMES, "back", Report())
    if back is None:
        return
    html, _ = back
    for page in (html, re.sub(r"\{\{.*?\}\}", "", html, flags=re.DOTALL), html.replace("{{Name}}", "&lt;x")):
        for tag, attributes in Page(page).tags:
            assert tag in {"a", "p", "b", "div", "span"}
            assert not any(name.startswith("on") or name == "src" for name in attributes)
            assert str(attributes.get("href", "https:")).startswith(("https:", "mailto:"))
            assert "url" not in str(attributes.get("style", ""))
        assert not re.search(r"<script|<[^>]*\son\w+\s*=|\[sound:|\[latex\]", page, re.IGNORECASE)
        for formula in (formula for piece in Page(page).pieces for formula in find_formulas(piece)):
            assert not list(find_tex_problems(formula))


@given(hostile_texts)
def test_any_text_is_read_or_reported(text: str) -> None:
    """Nothing is raised at an author, and every diagnostic points into the template."""
    assert all(blamed_text in text for _, blamed_text in problems(text))
