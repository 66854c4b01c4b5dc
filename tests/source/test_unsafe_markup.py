"""What templates and styles of imported note types may hold, and what is taken out of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from cardwright.collection.template import tokenize
from cardwright.source.css import unsafe_css, without_unsafe_css
from cardwright.source.unsafe_markup import (
    find_unfit_names,
    fits_into_tag,
    scan_template,
    without_unsafe_parts,
)

ALLOWED = [
    "{{FrontSide}}\n\n<hr id=answer>\n\n{{Back}}",
    "{{#Add Reverse}}{{Back}}{{/Add Reverse}}",
    "{{Front}}\n\n{{type:Back}}",
    '<div class=\'{{Tags}}\' id="x" data-word="{{Word}}" aria-label="y">{{Word}}</div>',
    '<img src="_logo.png" alt="" width=20><audio controls src="_{{Word}}.mp3"></audio>',
    '<a href="https://example.org/{{Word}}">look up</a> <a href="{{Link}}">{{Word}}</a> <a href="#top">^</a>',
    '<img src="data:image/png;base64,iVBORw0KGgo=">',
    '<input type="text" placeholder="…"><details open><summary>more</summary>x</details>',
    "<front><tags>{{Tags}}</tags></front>",
    "<html><body class=card>{{Front}}</body></html>",
    '<style>.card { background: url("_paper.png") } @media (max-width: 10em) { b { color: red } }</style>',
    '<p style="background: url(_x.png)">x</p>',
    "<!-- nothing --> 3 < 4 & 5 > 4",
    '<svg viewBox="0 0 1 1"><path d="M0 0L1 1"/></svg>',
    '<div class="{{#Hard}}hard{{/Hard}} card">{{Front}}</div>',
    "{{tts en_US voices=Apple_Samantha:Front}} [sound:_x.mp3] \\(x\\)",
]

TAKEN_OUT = {
    "<script>alert(1)</script>b": ("b", ["<script>"]),
    "a<script src=_x.js></script>": ("a", ["<script>"]),
    "a<SCRIPT>x": ("a", ["<script>"]),
    '<b onclick="f()" class=x>a</b>': ("<b class=x>a</b>", ["onclick"]),
    "<b/onclick=f()>a</b>": ("<b>a</b>", ["onclick"]),
    '<img src="https://example.org/x.png" alt=y>': ("<img alt=y>", ["src"]),
    '<img src="//example.org/x.png">': ("<img>", ["src"]),
    '<a href="java&#9;script:alert(1)">a</a>': ("<a>a</a>", ["href"]),
    '<a href="{{Front}}:x">a</a>': ("<a>a</a>", ["href"]),
    '<iframe src="https://example.org">x</iframe>b': ("b", ["<iframe>"]),
    '<link rel="stylesheet" href="https://example.org/x.css">b': ("b", ["<link>"]),
    '<meta http-equiv="refresh" content="0;url=https://example.org">b': ("b", ["<meta>"]),
    "<form action=x>a</form>": ("a", ["<form>", "</form>"]),
    '<p style="background: url(https://example.org)">a</p>': ("<p>a</p>", ["style"]),
    '<p style="color: {{Colour}}">a</p>': ("<p>a</p>", ["style"]),
    "<style>@import url(https://example.org/x.css);</style>b": ("b", ["<style>"]),
    "<style>b { color: {{Colour}} }</style>b": ("b", ["<style>"]),
    "<div class={{Tags}}>a</div>": ("<div>a</div>", ["class"]),
    '<div title="{{Deck}}">a</div>': ("<div>a</div>", ["title"]),
    "<!-- {{Front}} -->a": ("a", ["<!-- -->"]),
    "<!-- never ends {{Front}}": ("", ["<!-- -->"]),
    "a<b title='never ends": ("a", ["<b>"]),
    # What the rest becomes once a part is taken out, or a section is empty.
    "<scr<script></script>ipt>alert(1)": ("ipt>alert(1)", ["<scr<script>", "</script>"]),
    "<scr<!-- {{x}} -->ipt>alert(1)": ("ipt>alert(1)", ["<scr<!-->"]),
    "<{{#x}}{{/x}}script>": ("&lt;{{#x}}{{/x}}script>", ["<"]),
    "a<": ("a&lt;", ["<"]),
    '{{#x}}<b title="{{/x}}<script>alert(1)</script>">a</b>': ("{{#x}}<b>a</b>", ["title"]),
    "{{<img title='}}<script>alert(1)</script><b a='>": ("{{<img title='}}<b>", ["<script>", "a", "='"]),
    "{{=<% %>=}}<%Front%><script>f()</script>": ("{{Front}}", ["<script>"]),
    '<noscript><p title="</noscript><img src=x onerror=f()>">': ('<img src=x>">', ["<noscript>", "onerror"]),
}


def test_names_are_shown_where_they_are_text() -> None:
    """Anki shows the name of a field that a learner asks for, or types in, as it is."""
    template = "{{hint:Father's name}} {{hint:<img src=x onerror=f()>}} {{hint:<b>}} {{hint:<b>}} {{Card}}"

    assert (
        scan_template("{{Card}} {{Type}}", *find_unfit_names({"Card": ["a 'b'"], "Type": ["x"]})).unsafe == ()
    )
    assert without_unsafe_parts(template, *find_unfit_names({"Card": ["<i>"]}))[0] == (
        "{{hint:Father's name}} {{<img src=x onerror=f()>}} {{<b>}} {{<b>}} "
    )


@pytest.mark.parametrize("template", ALLOWED)
def test_what_only_shows_something_stays_as_it_is(template: str) -> None:
    assert without_unsafe_parts(template) == (template, {})


@pytest.mark.parametrize("template", TAKEN_OUT)
def test_what_runs_sends_or_fetches_is_taken_out_by_name(template: str) -> None:
    expected, names = TAKEN_OUT[template]
    cleaned, taken_out = without_unsafe_parts(template)

    assert cleaned == expected
    assert list(taken_out.elements()) == names


@pytest.mark.parametrize(
    ("css", "unsafe"),
    [
        ('@font-face { src: url("_x.ttf"), url(data:font/woff;base64,AA) }', []),
        ("@import url(https://example.org/x.css);", ["@import"]),
        ("b { background: url(//example.org/x.png) }", ["//example.org/x.png"]),
        ("</style><script>", ["</"]),
        ("b { width: expression(f()) }", ["expression(", "f("]),
    ],
)
def test_a_style_names_only_media_files(css: str, unsafe: list[str]) -> None:
    assert list(unsafe_css(css)) == unsafe


@pytest.mark.parametrize(
    ("css", "cleaned"),
    [
        ("a { color: red }", "a { color: red }"),
        (
            "@import url(https://example.org/x.css);\n.card { background: url(http://x.org/y) red; }",
            "\n.card { background: none red; }",
        ),
        ("b { width: expression(f(1)) } c { src: url(_x.ttf) }", "b { width: none } c { src: url(_x.ttf) }"),
        ("b { behavior: url(x.htc); color: red }", "b { none: url(x.htc); color: red }"),
        ("</st<!--yle> a { color: red }", "style> a { color: red }"),
    ],
)
def test_a_style_loses_only_what_it_must_not_have(css: str, cleaned: str) -> None:
    assert without_unsafe_css(css)[0] == cleaned
    assert not list(unsafe_css(cleaned))


def test_a_text_in_a_tag_ends_no_value_and_leads_nowhere_else() -> None:
    assert fits_into_tag("noun &amp; verb", "text")
    assert not fits_into_tag('x" onclick="f()', "text")
    assert not fits_into_tag("<b>x</b>", "text")
    assert fits_into_tag("_knee 1.png", "file")
    assert not fits_into_tag("https&#58;//example.org", "file")
    assert fits_into_tag("https://example.org/a?b=c", "link")
    assert not fits_into_tag("javascript:f()", "link")


PIECES = st.sampled_from(
    [
        *"""
        < > " ' / = <b <b> </b> title= class=x onerror= onclick=f() <script> </script> script> <style>
        </style> <!-- --> <!--> --!> <! <? </ <svg> </svg> <noscript> </noscript> <title> </title> <table>
        <td> <math> <iframe {{A}} {{B}} {{#A}} {{/A}} {{^A}} {{#B}} {{/B}} {{type:A}} {{FrontSide}}
        https://x.org/ _x.png javascript:f() &#58; & ; url( ) { } <template> </template> <textarea>
        </textarea> {{ }} {{=
        """.split(),  # noqa: SIM905  a list of so many strings is hard to read
        *(" ", "\t", "\n", "<a href=", "<img src="),
    ]
)
TEXTS, HTML = ["", "word", "_y.png"], ["", "<b>b</b>", "\" onerror=f() x='", "\u2019"]
# What follows, if a template leaves a comment or a value open.
TRAP = """<p title='-->"><script></script>'>"""


@given(st.lists(PIECES, max_size=14), st.sampled_from(TEXTS), st.sampled_from(HTML))
def test_nothing_runs_whatever_the_fields_hold(pieces: list[str], a: str, b: str) -> None:
    cleaned, _ = without_unsafe_parts("".join(pieces), unfit_fields=["B"])
    page = LexborHTMLParser(f"<div>{_fill_in(cleaned, {'A': a, 'B': b})}</div>{TRAP}")

    assert not scan_template(cleaned, unfit_fields=["B"]).unsafe
    for element in page.css("*"):
        assert element.tag not in {"script", "iframe", "object", "embed", "link", "meta", "base", "form"}
        for name, value in element.attributes.items():
            assert not name.startswith("on")
            assert "javascript:" not in (value or "") or name not in {"src", "href"}
            assert not (name == "src" and "//" in (value or ""))


def _fill_in(template: str, fields: dict[str, str]) -> str:
    """Return what Anki makes of a template; nothing if its sections don't match."""
    open_sections: list[tuple[str, bool]] = []
    parts = []
    for token in tokenize(template):
        name = token.name.rpartition(":")[2]
        match token.kind:
            case "text" | "comment":
                shown = token.raw
            case "replacement":
                shown = fields.get(name, "")
            case "section-end":
                if not open_sections or open_sections.pop()[0] != token.name:
                    return ""
                continue
            case _:
                open_sections.append((token.name, bool(fields.get(name)) == (token.kind == "section")))
                continue
        if all(is_shown for _, is_shown in open_sections):
            parts.append(shown)
    return "" if open_sections else "".join(parts)
