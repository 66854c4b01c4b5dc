"""How diagnostics are printed: the layout of the text, and what all three formats agree on."""

import json
import re
import unicodedata
from typing import SupportsIndex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.diagnostics import Diagnostic, Related, Severity, Source, Span
from cardwright.diagnostics.emit import github, jsonl, text
from cardwright.diagnostics.emit.terminal import escape_controls, escape_line, terminal_cells


def find_span(source: Source, text: str, after: str = "") -> Span:
    """Return the span of a text's first occurrence after the first occurrence of another text."""
    start = source.text.index(text, source.text.index(after))
    return Span(source, start, start + len(text))


def make_diagnostic(span: Span | None, *related: Related, note: str = "", advice: str = "") -> Diagnostic:
    return Diagnostic("some-code", "something is off", span, note=note, related=related, help=advice)


def render_lines(span: Span | None, *related: Related, note: str = "", advice: str = "") -> list[str]:
    """Return the lines of a diagnostic below its headline."""
    return text.render(make_diagnostic(span, *related, note=note, advice=advice)).splitlines()[1:]


def test_a_diagnostic_has_headline_place_excerpt_carets_and_help() -> None:
    source = Source("cards_source/deck.yaml", "deck: Birds\nid: birds\nlanguge: en\n")
    diagnostic = Diagnostic(
        code="unknown-key",
        message="a deck has no key `languge`",
        span=find_span(source, "languge"),
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


def test_a_related_place_in_the_same_file_joins_the_excerpt() -> None:
    """Lines between the two are replaced by dots; the margin fits the longest line number."""
    source = Source("a.yaml", "- id: one\n" + "# \n" * 8 + "- id: one\n")
    first, second = find_span(source, "one"), find_span(source, "one", after="# ")

    assert render_lines(second, Related(first, "first used here"), note="used again") == [
        "  --> a.yaml:10:7",
        "   |",
        " 1 | - id: one",
        "   |       --- first used here",
        "...",
        "10 | - id: one",
        "   |       ^^^ used again",
    ]


def test_two_places_on_one_line_are_underlined_one_below_the_other() -> None:
    source = Source("a.yaml", "{q: 1, q: 2}")
    second, first = Span(source, 7, 8), Span(source, 1, 2)

    assert render_lines(second, Related(first, "first"), note="again")[2:] == [
        "1 | {q: 1, q: 2}",
        "  |        ^ again",
        "  |  - first",
    ]


def test_a_related_place_in_another_file_gets_its_own_excerpt() -> None:
    source, other = Source("b.yaml", "- id: one"), Source("a.yaml", "\n- id: one")

    assert render_lines(find_span(source, "one"), Related(find_span(other, "one"), "first")) == [
        " --> b.yaml:1:7",
        "  |",
        "1 | - id: one",
        "  |       ^^^",
        " ::: a.yaml:2:7",
        "  |",
        "2 | - id: one",
        "  |       --- first",
    ]


def test_a_diagnostic_without_a_place_is_headline_and_help() -> None:
    """A full disk is no fault of any line."""
    diagnostic = make_diagnostic(None, advice="make room\nand build again")

    assert text.render(diagnostic).splitlines() == [
        "error[some-code]: something is off",
        " = help: make room",
        "         and build again",
    ]


WIDTHS = {
    "wide": ("id: ", "子猫", "    ^^^^"),
    "after wide": ("子猫 ", "x", "     ^"),
    "combining": ("e\u0301te\u0301 ", "x", "    ^"),
    "jamo": ("\u1112\u1161\u11ab ", "x", "   ^"),
    "family": ("\U0001f468\u200d\U0001f469\u200d\U0001f467 ", "x", "   ^"),
    "skin tone": ("\U0001f44d\U0001f3fd ", "x", "   ^"),
    "heart": ("\u2764\ufe0f ", "x", "   ^"),
    "joined letters": ("\u0915\u094d\u200d\u0937 ", "x", "   ^"),
    "half": ("\uff71 ", "x", "  ^"),
    "tab": ("\t", "x", "    ^"),
    "tab stop": ("a\t", "x", "    ^"),
}


@pytest.mark.parametrize(("before", "marked", "carets"), WIDTHS.values(), ids=WIDTHS)
def test_carets_are_below_the_marked_text(before: str, marked: str, carets: str) -> None:
    """A column counts code points, a caret fills a cell of the terminal."""
    source = Source("a.yaml", before + marked)

    assert render_lines(find_span(source, marked))[-1] == f"  | {carets}"


def test_nothing_in_an_excerpt_controls_the_terminal() -> None:
    """A downloaded deck must not recolour the terminal or reorder its text."""
    source = Source("a\x1b[31m.yaml", "q: \x1b[2J\u202eevil\u2028 x")

    rendered = text.render(make_diagnostic(find_span(source, "x"), note="a\x07b", advice="c\x00d"))

    assert "q: <U+001B>[2J<U+202E>evil<U+2028> x" in rendered
    assert not [
        char for char in rendered if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Zl")
    ]


def test_a_span_over_several_lines_shows_the_first() -> None:
    source = Source("a.yaml", "- q: one\r\n  a: two\r\n")

    assert render_lines(Span(source, 2, 18), note="this card")[2:] == [
        "1 | - q: one",
        "  |   ^^^^^^ this card",
    ]


@pytest.mark.parametrize(
    ("content", "position", "line"),
    [("\n", "2:1", "2 |"), ("a: 1", "1:5", "1 | a: 1"), ("a: 1\n", "2:1", "2 |")],
    ids=["empty line", "no last line end", "after the last line"],
)
def test_the_end_of_a_file_can_be_marked(content: str, position: str, line: str) -> None:
    lines = render_lines(Span(Source("a.yaml", content), len(content), len(content)))

    assert lines[0] == f" --> a.yaml:{position}"
    assert lines[2] == line
    assert lines[3].count("^") == 1


def test_an_empty_file_has_no_excerpt() -> None:
    """The same goes for a file that could not be read."""
    assert render_lines(Span(Source("a.yaml", ""), 0, 0)) == [" --> a.yaml:1:1"]


def test_a_long_line_is_cut_around_the_marked_text() -> None:
    source = Source("a.yaml", "x " * 5_000 + "HERE" + " y" * 5_000)

    line, underline = render_lines(find_span(source, "HERE"))[2:4]

    assert line.startswith("1 | …")
    assert line.endswith("…")
    assert line.index("HERE") == underline.index("^^^^")
    assert len(line) <= len("1 | ") + text.WIDTH + 2


def test_an_underline_is_cut_where_its_line_is_cut() -> None:
    line, underline = render_lines(Span(Source("a.yaml", "x" * 500), 0, 500))[2:4]

    assert len(line) == len(underline)
    assert underline.endswith("^…")


def test_paint_does_not_change_the_text() -> None:
    source = Source("a.yaml", "q: 1\nq: 2")
    related = Related(Span(source, 0, 1), "first")
    diagnostic = make_diagnostic(Span(source, 5, 6), related, note="again", advice="stop")

    painted = text.render(diagnostic, lambda role, part: f"<{role}>{part}</{role}>")

    assert re.sub("</?[a-z]+>", "", painted) == text.render(diagnostic)
    assert {"error", "headline", "frame", "label"} <= set(re.findall("<([a-z]+)>", painted))


def test_github_commands_escape_properties_and_message() -> None:
    """Otherwise a comma in a file name would start another property."""
    source = Source("a,b:c%.yaml", "x")
    diagnostic = Diagnostic("code", "50% of\nit", Span(source, 0, 1), Severity.NOTE, help="a: b")

    assert github.render(diagnostic) == (
        "::notice file=a%2Cb%3Ac%25.yaml,line=1,col=1,endColumn=2,title=code::50%25 of%0Ait%0Ahelp: a: b"
    )


def test_github_gets_no_end_column_on_another_line() -> None:
    """GitHub would take it for a column of the first line."""
    source = Source("a.yaml", "x\ny")

    assert "endColumn" not in github.render(make_diagnostic(Span(source, 0, 3)))


def test_a_diagnostic_without_a_place_has_none_in_any_format() -> None:
    json_object = json.loads(jsonl.render(make_diagnostic(None)))

    assert json_object["path"] is json_object["line"] is json_object["column"] is None
    assert github.render(make_diagnostic(None)) == "::error title=some-code::something is off"


lines = st.lists(
    st.one_of(
        st.sampled_from("ab \t\n\r:é猫\u0301\u200d\U0001f468\ufe0f\u202e\x1b\u2028"),
        st.sampled_from(["::error ", "##[error]", "##vso[x]", "\n::", "\n \u00a0::stop-commands::x"]),
        st.characters(),
    ),
    max_size=300,
).map("".join)


@st.composite
def diagnostics(draw: st.DrawFn) -> Diagnostic:
    """Draw a diagnostic about any text, with related places in the same file and in another."""
    source, other_source = Source("a/b.yaml", draw(lines) + "."), Source("c.yaml", draw(lines))

    def draw_span(source: Source) -> Span:
        start = draw(st.integers(0, len(source.text)))
        return Span(source, start, draw(st.integers(start, len(source.text))))

    related_sources = draw(st.lists(st.sampled_from([source, other_source]), max_size=3))
    related = tuple(Related(draw_span(source), draw(lines)) for source in related_sources)
    severity = draw(st.sampled_from(Severity))
    return Diagnostic("code", draw(lines), draw_span(source), severity, draw(lines), related, draw(lines))


@given(diagnostics())
def test_all_formats_agree_on_the_place(diagnostic: Diagnostic) -> None:
    """JSON and GitHub commands also stay on one line."""
    json_line, command = jsonl.render(diagnostic), github.render(diagnostic)
    json_object = json.loads(json_line)
    place_in_command = re.search(r"file=([^,]+),line=(\d+),col=(\d+)", command)
    place_in_text = re.search(r"--> (.+?):(\d+):(\d+)", text.render(diagnostic).split("\n")[1])

    assert place_in_command is not None
    assert place_in_text is not None
    assert place_in_command.groups() == place_in_text.groups()
    assert place_in_command.groups() == tuple(str(json_object[key]) for key in ("path", "line", "column"))
    assert json_line.isascii()
    assert "\n" not in json_line
    assert not re.search("[\r\n]", command)


@given(diagnostics())
def test_every_excerpt_fits_the_screen_and_has_a_caret(diagnostic: Diagnostic) -> None:
    rendered = text.render(diagnostic).split("\n")

    assert any(re.match(r" *\| .*\^", line) for line in rendered)
    excerpts = [line.split(" | ", 1)[1] for line in rendered if re.match(r" *\d+ \| ", line)]
    assert all(sum(width for _, width in terminal_cells(line)) <= text.WIDTH + 2 for line in excerpts)


@given(lines)
def test_escaped_text_stays_the_same_when_escaped_again(line: str) -> None:
    assert len(terminal_cells(line)) == len(line)
    assert escape_controls(escape_controls(line)) == escape_controls(line)


def is_workflow_command(line: str) -> bool:
    """Whether a line may be one to GitHub's runner, which has two ways of reading them."""
    return line.lstrip().startswith("::") or "##[" in line


@given(diagnostics())
def test_only_our_own_commands_reach_github(diagnostic: Diagnostic) -> None:
    """Authors' words come from the internet too; whoever checks them must not run their commands."""
    diagnostic_lines = text.render(diagnostic).split("\n")

    assert not any(
        is_workflow_command(line) for line in diagnostic_lines if not line.lstrip().startswith("::: ")
    )
    assert "##[" not in jsonl.render(diagnostic)
    assert re.fullmatch(r"::[a-z]+ ([a-zA-Z]+=[^,:]*,?)+::[^\r\n]*", command := github.render(diagnostic))
    assert "##[" not in command


@given(lines)
def test_a_line_of_its_own_is_no_command(line: str) -> None:
    assert not is_workflow_command(escape_line(line))
    assert escape_line(escape_line(line)) == escape_line(line)


@given(diagnostics())
def test_no_format_controls_the_terminal(diagnostic: Diagnostic) -> None:
    """Marks that reorder or hide text would let a diagnostic say what it doesn't."""
    for rendered in (text.render(diagnostic), github.render(diagnostic), jsonl.render(diagnostic)):
        characters = {*rendered} - {"\n", "\u200c", "\u200d"}
        assert not [
            char for char in characters if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        ]


@given(lines)
def test_json_is_exact(line: str) -> None:
    assert json.loads(jsonl.to_line([line])) == [line]


@pytest.mark.parametrize("marked", ["x", "\0", "猫", "\u0301", "\t"])
def test_many_diagnostics_about_one_long_line_take_no_longer_than_as_many_lines(marked: str) -> None:
    """Each shows a few words of it."""

    def characters_looked_at(line_end: str) -> int:
        source = Source("a.yaml", (marked * 10 + line_end) * 2_000)
        spans = [Span(source, start, start + 1) for start in range(0, len(source.text), 100)]
        looked_at = 0

        class CountedText(str):
            __slots__ = ()

            def __getitem__(self, key: SupportsIndex | slice) -> str:
                nonlocal looked_at
                part = super().__getitem__(key)
                looked_at += len(part)
                return part

        source.text = CountedText(source.text)
        for span in spans:
            rendered = text.render(make_diagnostic(span))
            assert len(rendered) < 5_000
        return looked_at

    assert characters_looked_at("") < 100 * characters_looked_at("\n")
