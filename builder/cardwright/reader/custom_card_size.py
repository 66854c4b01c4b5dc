"""Read a custom card size: a mapping under `card:`, or a file of its own."""

import posixpath
import re

from cardwright.diagnostics import Diagnostic, Report
from cardwright.diagnostics.phrases import did_you_mean
from cardwright.layout.card_sizes import CardSize, Material
from cardwright.layout.geometry import SHEETS, Grid, Sheet
from cardwright.layout.layout_problems import LayoutProblem, card_size_problems
from cardwright.layout.plan import CROP_MARK_MARGIN
from cardwright.layout.units import Unit, format_length, parse_length
from cardwright.reader.deck_keys import CARD_SIZE_KEYS, COUNT
from cardwright.source.mapping_reader import MappingReader, describe_value, read_mapping_file
from cardwright.source.nodes import Node, Scalar, Sequence

# Two lengths in mm, horizontal and vertical.
_Lengths = tuple[float, float]

_NAME = "a card size"
_COUNT = re.compile(COUNT, re.ASCII)
_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]+", re.ASCII)


def read_card_size_file(
    path: str, data: bytes, report: Report, paper: Sheet | None = None
) -> CardSize | None:
    """Return the card size that a file describes; None if the file has a mistake.

    path: as shown to the author; it names the card size.
    paper: used unless the file names one.

    Errors: `empty-file`, those of YAML, and those of `read_card_size`.
    """
    help_ = "a card size needs `paper`, `size`, `columns` and `rows`"
    reader = read_mapping_file(path, data, _NAME, report, filled=True, help_if_empty=help_)
    name = posixpath.splitext(posixpath.basename(path))[0]
    return None if reader is None else read_card_size(reader, paper, name)


def read_card_size(
    reader: MappingReader, paper: Sheet | None = None, name: str = "own cards"
) -> CardSize | None:
    """Return the card size that a mapping describes; None if it has a mistake. All mistakes are reported.

    paper: used unless the mapping has its own.

    Defaults: `unit` is mm; `columns` and `rows` are as many as fit; `first` centres the
    cards on the paper; `pitch` is the size, or the size plus `gutter`.

    Errors: `unknown-key`, `missing-key`, `unexpected-value`, `unknown-choice`, `unknown-paper`,
    `not-a-length`, `not-two-lengths`, `not-a-count`, `pitch-and-gutter`, and those of
    `card_size_problems`.
    """
    reader, report = reader.renamed(_NAME), reader.report
    problem_count = len(report)
    reader.allow_only(CARD_SIZE_KEYS)
    unit = reader.enum("unit", Unit.MM)
    sheet = _read_paper(reader, unit, paper)
    reader.require("size")
    size, first, pitch = (_read_lengths(reader, key, unit) for key in ("size", "first", "pitch"))
    gutter = _read_gutter(reader, unit)
    columns, rows = _read_count(reader, "columns"), _read_count(reader, "rows")
    material = reader.enum("stock", Material.PLAIN)
    if "pitch" in reader and "gutter" in reader:
        message = "`pitch` and `gutter` both say how far cards lie apart; keep one"
        report.add(Diagnostic("pitch-and-gutter", message, reader.key_span("gutter")))
    if len(report) > problem_count or size is None or sheet is None:
        return None
    if pitch is None:
        pitch = size if gutter is None else (size[0] + gutter[0], size[1] + gutter[1])
    grid = _make_grid(sheet, size, pitch, first, columns, rows)
    card_size = CardSize(name, sheet, grid, material=material)
    report.extend(_located(problem, reader) for problem in card_size_problems(card_size, unit))
    return None if len(report) > problem_count else card_size


def _make_grid(
    sheet: Sheet,
    size: _Lengths,
    pitch: _Lengths,
    first: _Lengths | None,
    columns: int | None,
    rows: int | None,
) -> Grid:
    """Return the grid; what is None follows from the paper."""
    if columns is None:
        columns = _max_count(sheet.width, None if first is None else first[0], size[0], pitch[0])
    if rows is None:
        rows = _max_count(sheet.height, None if first is None else first[1], size[1], pitch[1])
    if first is None:
        first = (
            (sheet.width - (columns - 1) * pitch[0] - size[0]) / 2,
            (sheet.height - (rows - 1) * pitch[1] - size[1]) / 2,
        )
    return Grid(columns, rows, *(round(length, 4) for length in (*first, *size, *pitch)))


def _max_count(paper_length: float, first: float | None, size: float, pitch: float) -> int:
    """Return how many cards fit with the same margin on both sides; at least 1. Lengths are in mm.

    first: the margin; None for one that leaves room for crop marks.
    """
    margin = CROP_MARK_MARGIN if first is None else first
    return max(1, int((paper_length - 2 * margin - size + 0.01) / pitch) + 1) if pitch > 0 else 1


def _read_paper(reader: MappingReader, unit: Unit, default: Sheet | None) -> Sheet | None:
    """Read the name of a paper, or its width and height."""
    node = reader.get("paper")
    if node is None:
        if default is None:
            reader.require("paper", "add `paper: a4` to it")
        return default
    if isinstance(node, Scalar):
        if node.value in SHEETS:
            return SHEETS[node.value]
        message = f"there is no paper called {describe_value(node)}"
        help_ = did_you_mean(node.value, SHEETS)
        reader.report.add(Diagnostic("unknown-paper", message, node.span, help=help_))
        return None
    size = _read_lengths(reader, "paper", unit)
    return None if size is None else Sheet("", *size)


def _read_lengths(reader: MappingReader, key: str, unit: Unit) -> _Lengths | None:
    node = reader.get(key)
    if node is None:
        return None
    if not isinstance(node, Sequence) or len(node.items) != 2:
        value = f"{len(node.items)} of them" if isinstance(node, Sequence) else describe_value(node)
        example = "[63, 88]" if unit is Unit.MM else "[2.5, 3.5]"
        message = f"`{key}` is two lengths, such as {example}; found {value}"
        reader.report.add(Diagnostic("not-two-lengths", message, node.span))
        return None
    horizontal, vertical = (_read_length(item, key, unit, reader.report) for item in node.items)
    return None if horizontal is None or vertical is None else (horizontal, vertical)


def _read_length(node: Node, key: str, unit: Unit, report: Report) -> float | None:
    text = node.value if isinstance(node, Scalar) else ""
    length = parse_length(text, unit)
    if length is None:
        message = f"`{key}` needs lengths such as 63, 63 mm or 2.5 in; found {describe_value(node)}"
        help_ = f"write `{text.replace(',', '.')}`, with a point" if _DECIMAL_COMMA.fullmatch(text) else ""
        report.add(Diagnostic("not-a-length", message, node.span, help=help_))
    return length


def _read_gutter(reader: MappingReader, unit: Unit) -> _Lengths | None:
    """Read both gutters, or the one length that stands for both."""
    node = reader.get("gutter")
    if node is None:
        return None
    if isinstance(node, Scalar):
        length = _read_length(node, "gutter", unit, reader.report)
        gutter = None if length is None else (length, length)
    else:
        gutter = _read_lengths(reader, "gutter", unit)
    for index, length in enumerate(gutter or ()):
        if length < 0:
            span = node.items[index].span if isinstance(node, Sequence) else node.span
            message = f"a gutter of {format_length(length, unit)} lets the cards overlap"
            reader.report.add(Diagnostic("cards-overlap", message, span))
    return gutter


def _read_count(reader: MappingReader, key: str) -> int | None:
    scalar = reader.scalar(key)
    if scalar is None:
        return None
    if _COUNT.fullmatch(scalar.value):
        return int(scalar.value)
    message = f"`{key}` is a number of cards, such as 3; found {describe_value(scalar)}"
    reader.report.add(Diagnostic("not-a-count", message, scalar.span))
    return None


def _located(problem: LayoutProblem, reader: MappingReader) -> Diagnostic:
    """Return the problem at the number that causes it, or else at the first key."""
    keys = (problem.key, "gutter" if problem.key == "pitch" else "size")
    node = next((reader.get(key) for key in keys if key in reader), None)
    if isinstance(node, Sequence) and problem.horizontal is not None:
        node = node.items[0 if problem.horizontal else 1]
    return Diagnostic(problem.code, problem.message, reader.first_span if node is None else node.span)
