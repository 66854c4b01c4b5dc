"""Texts that are HTML: what paper shows of them."""

import pytest

from cardwright.collection import content as c
from cardwright.diagnostics import Report, Source
from cardwright.source.markup import MarkupReader
from cardwright.source.media_reader import FetchedFile
from cardwright.source.nodes import HtmlScalar, Scalar
from tests.support import dump

FILES = {"media/x.png": FetchedFile(c.MediaFile("x-1.png", "media/x.png", b""), is_printable=True)}
FILES["media/x.bmp"] = FetchedFile(c.MediaFile("x-2.bmp", "media/x.bmp", b""))


def fetch(path: str, _scalar: Scalar) -> FetchedFile:
    return FILES.get(path, FetchedFile(None))


def read(html: str, *, cloze: bool = False) -> c.RawHtml:
    report = Report()
    scalar = HtmlScalar(Source("", html), 0, len(html), html, "")
    reader = MarkupReader(lambda *_: None, lambda *_: None, report, fetch)
    (block,) = reader.read(scalar, cloze=cloze)
    assert list(report) == []
    assert isinstance(block, c.RawHtml)
    return block


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ('<span style="font-size: 30px">big</span>', "big"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "a ¶ b"),
        ("a<q>b</q><wbr><abbr title=x>c</abbr>", "abc"),
        ("[latex]x^2[/latex] [$]y^2[/$]", "x^2 ⟨math y^2⟩"),
        (r"\(\frac{1}\)", r"\frac{1}"),
        (r"[$]\newcommand{x}{y}[/$]", r"\newcommand{x}{y}"),
        ("<unknown>a</unknown>", "a"),
        (
            "<b><i><u><s><sub><sup><small><big><mark><kbd>a",
            "a",
        ),
        ('<img src="media/x.bmp" alt="words">', "words"),
    ],
)
def test_paper_shows_the_text(html: str, shown: str) -> None:
    assert dump.content(read(html).children) == shown


def test_pictures_are_named_as_in_anki() -> None:
    block = read('<img src="media/x.png" width="20"><img src="media/x.bmp"><img src="gone.png">')

    assert block.html == '<img src="x-1.png" width="20"><img src="x-2.bmp"><img src="gone.png">'
    assert [file.name for file in block.files] == ["x-1.png", "x-2.bmp"]
    assert next(c.inlines(block.children)) == c.Image(block.files[0], "", "20px")


def test_deletions_are_those_that_anki_finds() -> None:
    html = r"<b>{{c1::a}}</b> {{c2::{x}::h}} \({{c3::y}}\) {{d}} {{c4::<ul><li>b<li>c</ul>}} x::y"
    block = read(html, cloze=True)

    assert {number for deletion in c.deletions(block.children) for number in deletion.numbers} == {1, 2, 3, 4}
    assert "<span>{</span>{d<span>}</span>} " in block.html


def test_what_looks_like_a_deletion_is_text_elsewhere() -> None:
    block = read("{{c1::x}}")

    assert block.html == "<span>{</span>{c1::x}}"
    assert list(c.deletions(block.children)) == []
