"""How diagnostics look: the layout of the text, and what the three forms agree on."""

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.diagnostics.diagnostic import Diagnostic, Related, Severity
from cardwright.diagnostics.emit import github, jsonl, text
from cardwright.diagnostics.emit.terminal import escape_controls, terminal_cells
from cardwright.diagnostics.span import Source, Span


def span_of(source: Source, found: str, after: str = "") -> Span:
    """The first place of a text in a source, behind the first place of another."""
    start = source.text.index(found, source.text.index(after))
    return Span(source, start, start + len(found))


def finding(span: Span | None, *related: Related, note: str = "", help: str = "") -> Diagnostic:  # noqa: A002 the field's name
    return Diagnostic("some-code", "something is off", span, note=note, related=related, help=help)


def test_a_finding_shows_headline_place_excerpt_carets_and_help() -> None:
    """The whole layout once, as the README shows it."""
    source = Source("cards_source/deck.yaml", "deck: Birds\nid: birds\nlanguge: en\n")
    diagnostic = Diagnostic(
        code="unknown-key",
        message="a deck has no key `languge`",
        span=span_of(source, "languge"),
        severity=Severity.WARNING,
        note="not read",
        help="did you mean `language`?",
    )

    assert text.render(diagnostic).splitlines() == [
        "warning[unknown-key]: a deck has no key `languge`",
        " --> cards_source/deck.yaml:3:1",
        "  |",
        "3 | languge: en",
        "  | ^^^^^^^ not read",
        "  = help: did you mean `language`?",
    ]


def test_a_second_place_in_the_same_file_joins_the_excerpt_in_reading_order() -> None:
    """Lines that are left out between the two are marked, and the gutter fits the longest line number."""
    source = Source("a.yaml", "- id: one\n" + "# \n" * 8 + "- id: one\n")
    first, again = span_of(source, "one"), span_of(source, "one", after="# ")

    assert text.render(finding(again, Related(first, "first used here"), note="used again")).splitlines()[
        1:
    ] == [
        "  --> a.yaml:10:7",
        "   |",
        " 1 | - id: one",
        "   |       --- first used here",
        "...",
        "10 | - id: one",
        "   |       ^^^ used again",
    ]


def test_two_places_on_one_line_are_underlined_one_below_the_other() -> None:
    """The blame comes first; the line is shown once."""
    source = Source("a.yaml", "{q: 1, q: 2}")
    again, first = Span(source, 7, 8), Span(source, 1, 2)

    assert text.render(finding(again, Related(first, "first"), note="again")).splitlines()[3:] == [
        "1 | {q: 1, q: 2}",
        "  |        ^ again",
        "  |  - first",
    ]


def test_a_place_in_another_file_gets_a_block_of_its_own() -> None:
    """Three colons instead of the arrow: the blame lies with the first block."""
    here, there = Source("b.yaml", "- id: one"), Source("a.yaml", "\n- id: one")

    assert text.render(finding(span_of(here, "one"), Related(span_of(there, "one"), "first"))).splitlines()[
        1:
    ] == [
        " --> b.yaml:1:7",
        "  |",
        "1 | - id: one",
        "  |       ^^^",
        " ::: a.yaml:2:7",
        "  |",
        "2 | - id: one",
        "  |       --- first",
    ]


def test_a_finding_without_a_file_is_headline_and_help() -> None:
    """A full disk lies in no line of a deck."""
    lines = text.render(finding(None, help="make room\nand build again")).splitlines()

    assert lines == ["error[some-code]: something is off", " = help: make room", "         and build again"]


@pytest.mark.parametrize(
    ("before", "blamed", "carets"),
    [
        ("id: ", "子猫", "    ^^^^"),
        ("子猫 ", "x", "     ^"),
        ("e\u0301te\u0301 ", "x", "    ^"),
        ("\u1112\u1161\u11ab ", "x", "   ^"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467 ", "x", "   ^"),
        ("\U0001f44d\U0001f3fd ", "x", "   ^"),
        ("\u2764\ufe0f ", "x", "   ^"),
        ("\u0915\u094d\u200d\u0937 ", "x", "   ^"),
        ("\uff71 ", "x", "  ^"),
        ("\t", "x", "    ^"),
        ("a\t", "x", "    ^"),
    ],
    ids=[
        "wide",
        "after wide",
        "combining",
        "jamo",
        "family",
        "skin",
        "heart",
        "joined letters",
        "half",
        "tab",
        "tab stop",
    ],
)
def test_carets_stand_below_what_they_mean(before: str, blamed: str, carets: str) -> None:
    """A column is a code point, a caret is a cell of the screen."""
    source = Source("a.yaml", before + blamed)

    underline = text.render(finding(span_of(source, blamed))).splitlines()[-1]

    assert underline == f"  | {carets}"


def test_nothing_in_an_excerpt_acts_on_the_screen() -> None:
    """
    A deck from the net must not recolour the terminal, nor show its text in another order than it is read.
    """
    source = Source("a\x1b[31m.yaml", "q: \x1b[2J\u202eevil\u2028 x")

    shown = text.render(finding(span_of(source, "x"), note="a\x07b", help="c\x00d"))

    assert "q: <U+001B>[2J<U+202E>evil<U+2028> x" in shown
    assert not [char for char in shown if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Zl")]


def test_a_span_over_several_lines_shows_the_first() -> None:
    """The beginning says where; a whole card below it would push the headline off the screen."""
    source = Source("a.yaml", "- q: one\r\n  a: two\r\n")

    assert text.render(finding(Span(source, 2, 18), note="this card")).splitlines()[3:] == [
        "1 | - q: one",
        "  |   ^^^^^^ this card",
    ]


@pytest.mark.parametrize(
    ("written", "place", "line"),
    [("\n", "2:1", "2 |"), ("a: 1", "1:5", "1 | a: 1"), ("a: 1\n", "2:1", "2 |")],
    ids=["empty line", "no last line end", "behind the last line"],
)
def test_the_end_of_a_file_can_be_pointed_at(written: str, place: str, line: str) -> None:
    """What is missing is missing at the end, and one caret stands there."""
    source = Source("a.yaml", written)

    lines = text.render(finding(Span(source, len(written), len(written)))).splitlines()

    assert lines[1] == f" --> a.yaml:{place}"
    assert lines[3] == line
    assert lines[4].count("^") == 1


def test_an_empty_file_has_no_excerpt() -> None:
    """There is nothing to show of it, nor of one that could not be read."""
    assert text.render(finding(Span(Source("a.yaml", ""), 0, 0))).splitlines()[1:] == [" --> a.yaml:1:1"]


def test_a_long_line_is_cut_to_what_is_pointed_at() -> None:
    """A deck on one line of 10,000 characters still fits the screen, with the place in sight."""
    source = Source("a.yaml", "x " * 5_000 + "HERE" + " y" * 5_000)

    line, underline = text.render(finding(span_of(source, "HERE"))).splitlines()[3:5]

    assert line.startswith("1 | …")
    assert line.endswith("…")
    assert line.index("HERE") == underline.index("^^^^")
    assert len(line) <= len("1 | ") + text.WIDTH + 2


def test_a_mark_longer_than_the_window_says_that_it_goes_on() -> None:
    """Carets do not run past the text above them."""
    source = Source("a.yaml", "x" * 500)

    line, underline = text.render(finding(Span(source, 0, 500))).splitlines()[3:5]

    assert len(line) == len(underline)
    assert underline.endswith("^…")


def test_paint_changes_colours_and_not_a_letter() -> None:
    """What is read in colour is what a pipe gets."""
    source = Source("a.yaml", "q: 1\nq: 2")
    diagnostic = finding(Span(source, 5, 6), Related(Span(source, 0, 1), "first"), note="again", help="stop")

    painted = text.render(diagnostic, lambda role, part: f"<{role}>{part}</{role}>")

    assert re.sub("</?[a-z]+>", "", painted) == text.render(diagnostic)
    assert {"error", "headline", "frame", "label"} <= set(re.findall("<([a-z]+)>", painted))


def test_github_escapes_what_would_end_a_property_or_the_message() -> None:
    """A title or a file name with a comma must not become another property."""
    source = Source("a,b:c%.yaml", "x")
    diagnostic = Diagnostic("code", "50% of\nit", Span(source, 0, 1), Severity.NOTE, help="a: b")

    assert github.render(diagnostic) == (
        "::notice file=a%2Cb%3Ac%25.yaml,line=1,col=1,endColumn=2,title=code::50%25 of%0Ait%0Ahelp: a: b"
    )


def test_github_gets_no_end_column_on_another_line() -> None:
    """It would be read as a column of the first line."""
    source = Source("a.yaml", "x\ny")

    assert "endColumn" not in github.render(finding(Span(source, 0, 3)))


def test_a_finding_without_a_file_has_no_place_in_any_form() -> None:
    """Null is not line 0."""
    told = json.loads(jsonl.render(finding(None)))

    assert told["path"] is told["line"] is told["column"] is None
    assert github.render(finding(None)) == "::error title=some-code::something is off"


lines = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab \t\n\r:é猫\u0301\u200d\U0001f468\ufe0f\u202e\x1b\u2028"), st.characters()
    ),
    max_size=300,
)


@st.composite
def findings(draw: st.DrawFn) -> Diagnostic:
    """Any finding about any text, with labels in the same file and in another."""
    here, there = Source("a/b.yaml", draw(lines) + "."), Source("c.yaml", draw(lines))

    def span(source: Source) -> Span:
        start = draw(st.integers(0, len(source.text)))
        return Span(source, start, draw(st.integers(start, len(source.text))))

    others = draw(st.lists(st.sampled_from([here, there]), max_size=3))
    related = tuple(Related(span(source), draw(lines)) for source in others)
    severity = draw(st.sampled_from(Severity))
    return Diagnostic("code", draw(lines), span(here), severity, draw(lines), related, draw(lines))


@given(findings())
def test_all_forms_agree_on_the_place(diagnostic: Diagnostic) -> None:
    """
    What an editor jumps to, GitHub marks and a person reads is one place; JSON and GitHub take one line.
    """
    told = jsonl.render(diagnostic)
    place = json.loads(told)
    at_github = re.search(r"file=([^,]+),line=(\d+),col=(\d+)", github.render(diagnostic))
    at_terminal = re.search(r"--> (.+?):(\d+):(\d+)", text.render(diagnostic).split("\n")[1])

    assert at_github is not None
    assert at_terminal is not None
    assert at_github.groups() == at_terminal.groups()
    assert at_github.groups() == (place["path"], str(place["line"]), str(place["column"]))
    assert told.isascii()
    assert "\n" not in told
    assert not re.search("[\r\n]", github.render(diagnostic))


@given(findings())
def test_every_excerpt_fits_the_screen_and_has_a_caret(diagnostic: Diagnostic) -> None:
    """Whatever the text, something is pointed at, below a line that is not endless."""
    rendered = text.render(diagnostic).split("\n")

    assert any(re.match(r" *\| .*\^", line) for line in rendered)
    excerpts = [line.split(" | ", 1)[1] for line in rendered if re.match(r" *\d+ \| ", line)]
    assert all(sum(width for _, width in terminal_cells(line)) <= text.WIDTH + 2 for line in excerpts)


@given(lines)
def test_each_character_has_a_place_on_the_screen(line: str) -> None:
    """Columns can be counted through the cells, and what is shown is shown the same when shown again."""
    assert len(terminal_cells(line)) == len(line)
    assert escape_controls(escape_controls(line)) == escape_controls(line)
