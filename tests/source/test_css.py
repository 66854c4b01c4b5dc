"""The style of a custom note type: accepted as written, with the deck's own files, or refused."""

from collections.abc import Mapping
from hashlib import sha256

import pytest

from cardwright.diagnostics import Report
from cardwright.source.media_reader import MediaReader
from cardwright.source.note_type_css import MAX_CSS_LENGTH, read_css
from tests.support.custom_decks import scalar
from tests.support.memory import FakeEnvironment

FONT = b"\x00\x01\x00\x00 a font"
PICTURE = b"GIF89a\x01\x00\x01\x00 a picture"


def read(css: str) -> tuple[str | None, list[str]]:
    """Return the style, and the text that each diagnostic points at."""
    report = Report()
    style = read_css(scalar(css), MediaReader("deck", FakeEnvironment(), report), report)
    assert all(diagnostic.code in ("css-reaches-out", "long-css") for diagnostic in report)
    spans = [diagnostic.span.text for diagnostic in report if diagnostic.span is not None]
    return None if style is None else style.css, spans


def read_with_files(css: str, files: Mapping[str, bytes]) -> tuple[str, list[str], list[str]]:
    """Return the style, the names of its files in the package, and the codes of all diagnostics.

    files: by path in the deck's folder.
    """
    report = Report()
    media = FakeEnvironment({f"deck/{path}": data for path, data in files.items()})
    style = read_css(scalar(css), MediaReader("deck", media, report), report)
    codes = [diagnostic.code for diagnostic in report]
    return ("", [], codes) if style is None else (style.css, [file.name for file in style.files], codes)


def packaged(name: str, data: bytes) -> str:
    stem, _, extension = name.rpartition(".")
    return f"_{stem}-{sha256(data).hexdigest()[:12]}.{extension}"


@pytest.mark.parametrize(
    "css",
    [
        ".card { font: 20px/1.4 'Noto Sans', serif; --line: #ccc; scroll-behavior: smooth }",
        "@media (max-width: 30em) { .card > b::before { content: '\\201C (\\'' } }",
        "@font-face { font-family: X; src: local('Noto Sans') }",
        "@keyframes a { from { color: red } } .nightMode .card { transform: rotate(1deg) }",
        "/* a comment */ .curly { width: calc(1em + 2px) }",
        ".sm\\:flex, .w-1\\/2 { --\\31: \\'x\\' } /* url of a { */ a { b: c }",
        "b { content: '\\75rl(' } /* \\75rl(a) */ i { background: URL ( 'a' ) } \\3c { c: d }",
        "@namespace url(http://www.w3.org/1999/xhtml); a:not(:is(b, i:nth-child(2n of .c))) { d: e }",
        "@supports selector(:has(a)) { @layer x { b { width: round(up, 1.5em, 1px) } } }",
        "@property --a { syntax: '<length>'; inherits: false } b { c: attr(d type(<length>), 1px) }",
        "b { font-variant-alternates: swash(x); color: oklch(0 0 0) }",
        "b { transition: all 1s cubic-bezier(0, 0, 1, 1); unicode-range: U+0025-00FF, u+4?? }",
        "",
    ],
)
def test_style_stays_as_written(css: str) -> None:
    """A style may change how a card looks in any way."""
    assert read(css) == (css, [])


@pytest.mark.parametrize(
    ("css", "blamed"),
    [
        ("b {} @import 'https://a.b/c.css';", "@import"),
        ("b { background: url(https://a.b/c.png) }", "url("),
        ("b { background: url(//a.b/c.png) }", "url("),
        ("b { background: image-set('https://a.b/c' 1x) }", "image-set("),
        ("@font-face { src: url(data:x) }", "url("),
        ("b { width: expression(alert(1)) }", "expression("),
        ("b { x: javascript:alert(1) }", "javascript:"),
        ("b { behavior: x }", "behavior:"),
        ("b { -moz-binding: x }", "-moz-binding:"),
        ("b {} </style><script>", "</"),
        ("b {} <!-- x", "<!--"),
        ("b { background: \\75rl(a.png) }", None),
        ("b { background: \\000075\\72 l(a.png) }", None),
        ("b { background: u\\rl(a.png) }", None),
        ("@\\69mport 'a';", None),
        ("b { background: ur/**/l(a.png) }", "l("),
        ("@im/* */port 'a'", "@im"),
        ("@plugin 'x'", "@plugin"),
        ("b { c: paint(x) }", "paint("),
        ("b { c: element(#x) }", "element("),
        ("b { c: cross-fade('//x', red) }", "cross-fade("),
        ("b { c: src('//x') }", None),
        ("@namespace url(http://a); b { c: url(//x) }", "url("),
        ("b { c: calc(1px + url(//x)) }", "url("),
        ("b:not([c='d' i]):is(.e) { f: url(//x }", "url("),
        ("b { background: u\\\nrl(a.png) }", "rl("),
        ("b { background: \\55 RL(a.png) }", None),
        ("b { background: \\75rl(a b) }", None),
        ("b { background: -webkit-image-set('a' 1x) }", "-webkit-image-set("),
        ("b { background: im\\61ge-set('a' 1x) }", None),
        ("b { --x: \\75rl(a.png); background: var(--x) }", None),
        ("@\\49 MPORT 'a'", None),
        ("@font-face { src/**/: \\73rc('a') }", None),
    ],
)
def test_style_that_leaves_its_element_or_reaches_out_is_refused(css: str, blamed: str | None) -> None:
    """No spelling helps; where the spelling hides what it means, the diagnostic points at the whole style."""
    style, marked_texts = read(css)

    assert style is None
    assert (blamed or css) in marked_texts


def test_each_problem_is_reported_once() -> None:
    _, marked_texts = read("a { b: url(//x) url(//y) } @import 'z'; </style>")

    assert sorted(marked_texts) == ["</", "@import", "url("]


def test_a_long_style_is_refused_and_a_tangled_one_is_read_quickly() -> None:
    """Every card that a learner sees would bring the style along."""
    assert read("a" * (MAX_CSS_LENGTH + 1))[0] is None
    assert read("/*" * (MAX_CSS_LENGTH // 2))[0] is not None
    assert read("\\" * MAX_CSS_LENGTH)[0] is not None
    assert read("\\a" + "(" * (MAX_CSS_LENGTH - 2))[0] is None


@pytest.mark.parametrize("address", ["_naskh.ttf", "media/_naskh.ttf", "./media/_naskh.ttf", "_nask%68.ttf"])
def test_a_font_of_the_deck_gets_its_name_in_the_package(address: str) -> None:
    """It begins with `_`, so Anki imports it; and it changes with the font, since Anki replaces no file."""
    css = f"@font-face {{ font-family: N; src: url({address}) format('truetype') }}"
    for name in (address, f"'{address}'", f'"{address}"'):
        style, files, codes = read_with_files(css.replace(address, name), {"media/_naskh.ttf": FONT})
        assert files == [packaged("naskh.ttf", FONT)]
        assert f'src: url("{files[0]}") format("truetype")' in style
        assert codes == []


def test_a_picture_of_the_deck_may_be_a_background() -> None:
    style, files, codes = read_with_files(
        ".card { background: url('media/paper.gif') }", {"media/paper.gif": PICTURE}
    )

    assert (style, codes) == (f'.card {{ background: url("{packaged("paper.gif", PICTURE)}") }}', [])
    assert files == [packaged("paper.gif", PICTURE)]


@pytest.mark.parametrize(
    ("css", "codes"),
    [
        ("b { background: url(none.png) }", ["missing-picture"]),
        ("@font-face { src: url(none.ttf) }", ["missing-font"]),
        ("@font-face { src: url(../fonts/x.ttf) }", ["font-outside-deck"]),
        ("@font-face { src: url(x.exe) }", ["unknown-picture-format"]),
        ("@font-face { src: url(media/fake.ttf) }", ["not-a-font"]),
        ("@import 'none.css';", ["missing-style"]),
        ("@import '../none.css';", ["style-outside-deck"]),
        ("@import 'binary.css';", ["unreadable-style"]),
        ("@import 'bad.css';", ["css-reaches-out"]),
        ("@import 'layers.css' layer(x);", ["css-reaches-out"]),
        ("b { c: d } @import 'good.css';", ["css-reaches-out"]),
    ],
)
def test_a_file_that_cannot_be_used_is_an_error(css: str, codes: list[str]) -> None:
    files = {
        "media/fake.ttf": b"no font",
        "media/binary.css": b"\xff\xfe",
        "media/bad.css": b"b { background: url(https://a.b/c) }",
        "media/good.css": b"b { c: d }",
        "media/layers.css": b"b { c: d }",
    }
    assert read_with_files(css, files)[2] == codes


def test_an_imported_style_sheet_becomes_a_part_of_the_style() -> None:
    """With what it imports itself; in a circle each is read once."""
    files = {
        "media/_a.css": b"@charset 'utf-8'; @import url(sub/b.css) print; a { src: url(x.ttf) }",
        "media/sub/b.css": b'@import "../_a.css"; b { c: url("y.ttf") }',
        "media/x.ttf": FONT,
        "media/sub/y.ttf": FONT,
    }
    style, names, codes = read_with_files("/* mine */ @import '_a.css'; i { j: k }", files)

    assert (sorted(names), codes) == ([packaged("x.ttf", FONT), packaged("y.ttf", FONT)], [])
    assert (
        style.split()
        == (
            f"""@media print {{ b {{ c: url("{packaged("y.ttf", FONT)}") }} }}
        a {{ src: url("{packaged("x.ttf", FONT)}") }} i {{ j: k }}"""
        ).split()
    )
