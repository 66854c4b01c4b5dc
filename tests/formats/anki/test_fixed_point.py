"""What we write stays as written when Anki's browser shows a note.

It writes each field anew, as a web engine serialises it. A field that then differs is an edit of the learner
to Anki, and later releases don't reach that note any more.
"""

import re
import unicodedata
from html import unescape
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cardwright.collection import content as c
from cardwright.formats.anki import escape, fields
from cardwright.formats.anki.released import read_package
from tests.support.anki_editor import rewrite_in_editor, serialize
from tests.support.contents import contents
from tests.support.mathjax import to_mathml
from tests.support.paths import ROOT


def html(content: c.Content, *, cloze: bool = False) -> str:
    return fields.render_html(content, {}, cloze=cloze)


def contents_as_html(*, cloze: bool) -> st.SearchStrategy[str]:
    """Return fields of ordinary notes, or of cloze notes."""
    return contents(clozes=cloze).map(lambda content: html(content, cloze=cloze))


FIELDS = contents_as_html(cloze=False) | contents_as_html(cloze=True)


@given(FIELDS)
def test_a_web_engine_serialises_a_field_as_we_write_it(field: str) -> None:
    assert serialize(field) == field


@given(FIELDS)
def test_an_import_keeps_every_character_of_a_field(field: str) -> None:
    """Anki normalises fields, and takes control characters out of them."""
    assert unicodedata.normalize("NFC", field) == field
    assert not any(character < " " and character not in "\t\n" for character in field)


def test_ankis_editor_stores_a_field_as_we_write_it(tmp_path: Path) -> None:
    """The editor also replaces formulas and takes some line breaks out."""
    written: list[str] = []

    @settings(max_examples=300, phases=[Phase.generate], deadline=None, database=None)
    @given(FIELDS)
    def collect(field: str) -> None:
        written.append(field)

    collect()
    rewritten = rewrite_in_editor(written, tmp_path)

    assert [pair for pair in zip(written, rewritten, strict=True) if pair[0] != pair[1]] == []


def test_the_first_deck_is_written_so(tmp_path: Path) -> None:
    package = (ROOT / "decks" / "hamstrings" / "hamstrings.apkg").read_bytes()
    written = [value for note in read_package(package).notes.values() for value in note.values]

    assert written
    assert rewrite_in_editor(written, tmp_path) == [serialize(field) for field in written] == written


FORMULAS = (
    *(
        r"\frac{\sqrt{a}}{b}",
        r"x^{2^{3}}",
        r"\sqrt[3]{{a}}",
        r"\mathrm{{a b}}",
        r"\underbrace{{a}}_{{b}}",
        "a::b",
    ),
    *(r"\{\left\{x\right\}\}", r"{\left\{x\right\}}", r"\color{red}{{x}}", r"\frac{\text{kg}}{\text{m}}"),
    *(
        r"\begin{pmatrix} 1 \\[1ex] 2 \end{pmatrix}",
        r"\substack{a \\[3pt] b}",
        r"\begin{cases}a\\(b)\end{cases}",
    ),
    *(
        r"\begin{aligned} a &= b \\[2pt] c &= d \\ (e) \end{aligned}",
        r"[sound:x] [$]x[/$] [[type:x]]",
        r"a\ ",
    ),
    *(
        r"\text{std::vector{a}}",
        r"\text{{a}}",
        r"\mbox{a{b}}",
        r"\text{[sound:x] a}",
        r"\text{if \(x_{1}\) then}",
    ),
    *(r"\ce{SO4^{2-}}", r"\frac{\ce{H2O}}{\ce{CO2^{2-}}}", r"\ce{A ->[{a}{b}] B}", r"\pu{m s^{-1}}"),
)


def test_a_formula_looks_as_it_was_typed(tmp_path: Path) -> None:
    """What keeps its characters apart has no width; judged by Anki's MathJax."""
    written = [unescape(escape.tex(formula, cloze=True)) for formula in FORMULAS]
    converted = to_mathml([*FORMULAS, *written], tmp_path)
    joiner = r"<mrow[^>]*>\s*<mo>&#x2060;</mo>\s*</mrow>|&#x2060;|\s+"
    shown = [re.sub(joiner, "", mathml) for mathml in converted]

    assert dict(zip(FORMULAS, shown[len(FORMULAS) :], strict=True)) == dict(
        zip(FORMULAS, shown, strict=False)
    )
    assert not re.search(r"([{}:])\1|\[(sound:|\$|\[type)", "".join(written))
