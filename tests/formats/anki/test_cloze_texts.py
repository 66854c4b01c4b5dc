"""Random cloze texts: real Anki makes the cards that we expect, and each of them shows what is meant."""

from collections.abc import Iterator
from pathlib import Path

import anki.buildinfo
import pytest
from anki.collection import Collection
from anki.notes import Note
from hypothesis import assume, given
from hypothesis import strategies as st

from cardwright.collection import content as c
from cardwright.collection.card import cloze_numbers, cloze_side
from cardwright.diagnostics import Report, Source
from cardwright.formats.anki import cards
from cardwright.formats.anki.fields import render_html
from cardwright.source.markup import MarkupReader
from cardwright.source.nodes import Scalar
from tests.support.plain_words import Page, content_words

pytestmark = pytest.mark.anki

# Signs that begin or end something, so that random texts are unfinished and ambiguous.
_SIGNS = [
    *(
        "{{c1::",
        "{{c2::",
        "{{c1::",
        "{{c12,3::",
        "}}",
        "}}",
        "}}",
        "::",
        "::",
        "{",
        "}",
        ":",
        "\\::",
        "\\{{c1::",
    ),
    *(
        "`",
        "`",
        "``",
        "\\(",
        "\\)",
        "\\(x^",
        "\\[",
        "\\]",
        "\\frac{a}{b_{c}}",
        "\\\\",
        "^",
        "_",
        "\\text{a b}",
    ),
    *(
        "\n",
        "\n\n",
        "\n- ",
        "\n1. ",
        "\n> ",
        "\n# ",
        "\n```\n",
        "\n\n    ",
        "\n| a | b |\n|---|---|\n| ",
        " | ",
    ),
    *(
        "**",
        "*",
        "[",
        "](https://a.b)",
        "a",
        "b",
        "word",
        "std",
        "<b>",
        "&",
        '"',
        " ",
        " ",
        ".",
        "fe80::1",
        "猫",
    ),
]
random_signs = st.lists(st.sampled_from(_SIGNS), min_size=1, max_size=24).map("".join)


def deletions(inner: st.SearchStrategy[str], hints: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return deletions of one or two numbers, some with a hint."""
    numbers = st.sampled_from(["1", "2", "3", "2,12"])
    endings = st.just("") | hints.map("::{}".format)
    return st.builds("{{{{c{}::{}{}}}}}".format, numbers, inner, endings)


def texts(words: list[str]) -> st.SearchStrategy[str]:
    """Return words with deletions, also within each other."""
    plain = st.lists(st.sampled_from(words), min_size=1, max_size=3).map("".join)

    def extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.lists(inner | deletions(inner, plain), min_size=1, max_size=3).map("".join)

    return st.recursive(plain, extend, max_leaves=5)


_BRACES = [
    "{1, 2}",
    "f({{a}})",
    "{",
    "}",
    "{}",
    ": ",
    "x:y",
    "\\::",
    "<b>",
    "&amp;",
    " a",
    "b ",
    "[",
    '"',
    "fe80::1",
]
code = texts([*_BRACES, "std\\::map", "\\", "\\{{c1::a}}", "*"])
formulas = texts(
    ["x", "^", "_{a}", "\\frac{a}{b_{c}}", "\\sqrt", "<", " & ", "{a}", "12", "\\alpha", "+", "\\{a\\}", ":"]
)
_TAGS = ["<u>", "</u>", "<code>", "</code>", "<ruby>", "<rt>", "</rt></ruby>", "<kbd>k</kbd>", "<br>", "<b>"]
prose = texts(
    [*_BRACES, *_TAGS, "*a*", "**b** ", "~~c~~", "[d](https://a.b)", "\\{{c1::a}}", "猫", "\\\n", "\n"]
)
pieces = st.one_of(
    prose, prose, code.map("`{}`".format), formulas.map("\\({}\\)".format), formulas.map("\\[{}\\]".format)
)
borders = st.sampled_from(
    [" ", "\n\n", "\n- ", "\n    ", "\n> ", "\n\n```\nx: {y}\n```\n\n", "\n\n| a | b |\n|-|-|\n| ", " | "]
)


@st.composite
def whole_texts(draw: st.DrawFn) -> str:
    """Return a text of several blocks, with deletions that begin in one and end in another."""
    parts = draw(st.lists(pieces, min_size=1, max_size=5))
    for number in draw(st.lists(st.integers(1, 3), max_size=2)):
        first = draw(st.integers(0, len(parts) - 1))
        last = draw(st.integers(first, len(parts) - 1))
        parts[first] = f"{{{{c{number}::{parts[first]}"
        parts[last] += "}}"
    text = parts[0]
    for part in parts[1:]:
        text += draw(borders) + part
    return text


@pytest.fixture(scope="module")
def note(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Note]:
    """A cloze note of real Anki that has not been added."""
    path: Path = tmp_path_factory.mktemp("anki") / "collection.anki2"
    collection = Collection(str(path))
    note_type = collection.models.by_name("Cloze")
    assert note_type is not None
    note_type["tmpls"][0].update(qfmt="{{cloze:Text}}", afmt="{{cloze:Text}}")
    collection.models.update_dict(note_type)
    yield collection.new_note(note_type)
    collection.close()


def read(text: str) -> tuple[c.Content, Report]:
    """Return a cloze text as content, and what is reported."""
    report = Report()
    reader = MarkupReader(lambda _path, _scalar: None, lambda _path, _scalar: None, report)
    return reader.read(Scalar(Source("d.yaml", text), 0, len(text), text, ""), cloze=True), report


def words(html: str) -> str:
    """Return what a side shows, without white space and the parentheses of readings."""
    return Page(html.replace("<rp>(</rp>", "").replace("<rp>)</rp>", "")).words


def assert_anki_agrees(note: Note, content: c.Content) -> None:
    """Assert that Anki makes a card of each number, with our question and our answer on it."""
    note["Text"] = render_html(content, {}, cloze=True)
    numbers = cloze_numbers(content)

    assert sorted(note.cloze_numbers_in_fields()) == numbers
    assert [ordinal + 1 for ordinal in cards.cloze_ordinals([note["Text"]])] == (numbers or [1])
    for number in numbers:
        output = note.ephemeral_card(number - 1).render_output()
        front, back = (cloze_side(content, number, hide=hide) for hide in (True, False))
        assert words(output.question_text) == content_words(front, "[...]")
        assert words(output.answer_text) == content_words(back, "[...]")


@pytest.mark.skipif(anki.buildinfo.version < "25.02", reason="before 25.02 Anki read no more than three")
def test_anki_reads_ten_deletions_within_each_other(note: Note) -> None:
    content, report = read("".join(f"{{{{c{n}::{n} " for n in range(1, 11)) + "}}" * 10)

    assert [diagnostic.code for diagnostic in report] == ["nested-deletions"]
    assert_anki_agrees(note, content)


def test_every_anki_reads_three_deletions_within_each_other(note: Note) -> None:
    content, report = read(r"`{{c1::a {{c2::b {{c3::c}}}}}}` {{c4,5::\({{c6::d}}\)}}")

    assert not len(report)
    assert_anki_agrees(note, content)


@given(whole_texts() | random_signs)
def test_anki_shows_any_cloze_text_as_we_do(note: Note, text: str) -> None:
    """What can't be shown is reported."""
    content, report = read(text)
    assume(not report.has_errors and not any(warning.code == "nested-deletions" for warning in report))

    assert_anki_agrees(note, content)
