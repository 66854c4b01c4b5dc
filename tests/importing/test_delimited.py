"""Cells between delimiters are read as those who write such files mean them."""

import csv
import io
import time
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.diagnostics import Source
from cardwright.importing.delimited import Dialect, find_dialect

# What makes a cell hard to write.
cells = st.text(st.sampled_from("ab é猫\"',;|\t\n\\#0.- "), max_size=8) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=8
)
rows = st.lists(st.lists(cells, min_size=2, max_size=5), min_size=1, max_size=6)


def read(text: str, delimiter: str = "") -> list[tuple[str, ...]]:
    """Return the cells of each row. delimiter: if it is not to be found out."""
    dialect = find_dialect(text, 0, lambda _: 0, delimiter)
    return [record.cells for record in dialect.records(text)] if dialect else []


@given(
    rows,
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
)
def test_what_the_csv_module_writes_is_read_back(
    table: list[list[str]], delimiter: str, line_end: str, quoting: Literal[0, 1, 2]
) -> None:
    """Whatever the dialect; in cells that are not quoted, spaces around them may be."""
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(table)

    assert [list(row) for row in read(file.getvalue(), delimiter)] == table


@given(rows)
def test_quotes_with_backslashes_are_read_back(table: list[list[str]]) -> None:
    """As databases export them."""
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL, doublequote=False, escapechar="\\").writerows(table)
    text = file.getvalue()

    assert [list(record.cells) for record in Dialect(",", has_backslashes=True).records(text)] == table


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        pytest.param("a,b\nc,d\n", [("a", "b"), ("c", "d")], id="commas"),
        pytest.param("a;1,5\nc;2,5", [("a", "1,5"), ("c", "2,5")], id="commas in numbers, no end of line"),
        pytest.param("Yes, sir\tja\nNo, sir\tnein\n", [("Yes, sir", "ja"), ("No, sir", "nein")], id="tabs"),
        pytest.param("a|b, c\nd|e, f\n", [("a", "b, c"), ("d", "e, f")], id="pipes"),
        pytest.param("a - b\nc-d - e\n", [("a", "b"), ("c-d", "e")], id="hyphens that someone typed"),
        pytest.param("a – b\nc – d\n", [("a", "b"), ("c", "d")], id="dashes"),
        pytest.param("a\rb\r", [], id="one column"),
        pytest.param("a,b\rc,d\r", [("a", "b"), ("c", "d")], id="ends of lines of an old Mac"),
        pytest.param('a,"b\nc"\n', [("a", "b\nc")], id="a line break in quotes"),
        pytest.param('a, "b, c"\n', [("a", "b, c")], id="a space before quotes"),
        pytest.param('"a"  ,b\n', [("a", "b")], id="spaces after quotes"),
        pytest.param('"Hola" he said\tx\nb\tc\n', [('"Hola" he said', "x"), ("b", "c")], id="no quoting"),
        pytest.param('5" pipe,x\n6" pipe,y\n', [('5" pipe', "x"), ('6" pipe', "y")], id="inches"),
        pytest.param('"open,b\nc,d\n', [('"open', "b"), ("c", "d")], id="a quote without an end"),
        pytest.param('"a",b\n"open,c', [("a", "b"), ('"open', "c")], id="in the last row"),
        pytest.param('"say ""hi""",b\n', [('say "hi"', "b")], id="doubled quotes"),
        pytest.param('"say \\"hi\\"",b\n', [('say "hi"', "b")], id="quotes with backslashes"),
        pytest.param('"\\"hi\\"",b\n', [('"hi"', "b")], id="a text in quotes, with backslashes"),
        pytest.param('"C:\\","D:\\"\n', [("C:\\", "D:\\")], id="backslashes that mean themselves"),
        pytest.param('"",b\n\n\n,\n', [("", "b"), ("", "")], id="empty lines"),
        pytest.param(
            "a,b,c\nd,e\nf,g,h,i\n", [("a", "b", "c"), ("d", "e"), ("f", "g", "h", "i")], id="ragged"
        ),
        pytest.param("", [], id="nothing"),
        pytest.param("\n\n", [], id="empty lines alone"),
    ],
)
def test_rows_of_a_file(text: str, cells: list[tuple[str, ...]]) -> None:
    assert read(text) == cells


def test_a_delimiter_may_have_several_characters() -> None:
    assert read('a||"b||c"\nd|e||f\n', "||") == [("a", "b||c"), ("d|e", "f")]


def test_a_header_shows_the_delimiter_of_a_text_full_of_others() -> None:
    """Each row has a comma, too."""
    text = "Front;Back\nYes, sir;Ja, gut\n"

    dialect = find_dialect(text, 0, lambda cells: len({"Front", "Back"} & {*cells}))

    assert dialect == Dialect(";")


def test_the_place_of_a_cell_is_known() -> None:
    text = 'a,b\n"c\nd","e" ,f\n'
    source, dialect = Source("words.csv", text), Dialect(",")
    *_, record = dialect.records(text)

    assert [dialect.cell_span(source, record, column).text for column in range(3)] == ['"c\nd"', '"e" ', "f"]
    assert dialect.cell_span(source, record, 9).text == '"c\nd","e" ,f'


@pytest.mark.parametrize(
    "row", ['"x\n', '"x""y\n', '"""x\n', '"x"" "",\n', '"a","b"c\n', '"\\"\n', " " * 50 + "x,"]
)
def test_time_grows_with_the_size_alone(row: str) -> None:
    """Quotes without an end are looked for once."""
    durations = []
    for count in (5_000, 40_000):
        start = time.process_time()
        assert sum(1 for _ in Dialect(",").records(row * count))
        durations.append(time.process_time() - start)

    assert durations[1] < 40 * durations[0] + 0.1
