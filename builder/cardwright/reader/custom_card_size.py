"""Cards of an author's own measures: a mapping behind `card:`, or a file of their own."""

import posixpath
import re
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import closest_match, did_you_mean, truncate
from cardwright.diagnostics.report import Report
from cardwright.diagnostics.span import Span
from cardwright.layout.card_sizes import CardSize, Material
from cardwright.layout.geometry import SHEETS, Grid, Sheet
from cardwright.layout.layout_problems import LayoutProblem, card_size_problems
from cardwright.layout.plan import CROP_MARK_MARGIN
from cardwright.layout.units import Unit, format_length, parse_length
from cardwright.source import decode, yaml_tree
from cardwright.source.nodes import Mapping, Node, Scalar, Sequence
from cardwright.source.text import clean_line
from cardwright.source.text import decode_source as decode_bytes

CARD_SIZE_KEYS = ("name", "paper", "unit", "size", "columns", "rows", "first", "pitch", "gutter", "stock")

_E = TypeVar("_E", bound=Enum)
_Pair = tuple[float, float]

_WHAT = "a card size"
_COUNT = re.compile(r"[+-]?[0-9]{1,4}", re.ASCII)
_COMMA = re.compile(r"[0-9]+,[0-9]+", re.ASCII)


def read_card_size_file(
    path: str, data: bytes, report: Report, paper: Sheet | None = None
) -> CardSize | None:
    """The cards that a file describes, or None after saying what is wrong with it.

    path: as shown to the author; the cards are called after it unless they have a `name`.
    paper: what they are for when the file names none.

    Errors: `empty-file`, those of YAML, and those of `read_stock`.
    """
    source = decode_bytes(path, data, report)
    if source is None:
        return None
    before = len(report)
    node = yaml_tree.parse_yaml(source, report)
    if node is None:
        if len(report) == before:
            advice = "a card size needs `paper`, `size`, `columns` and `rows`"
            report.add(Diagnostic("empty-file", "the file is empty", Span(source, 0, 0), help=advice))
        return None
    given = decode.filled(node, _WHAT, report)
    stem = posixpath.splitext(posixpath.basename(path))[0]
    return None if given is None else read_card_size(given, report, paper, stem)


def read_card_size(
    given: Mapping, report: Report, paper: Sheet | None = None, name: str = "own cards"
) -> CardSize | None:
    """The cards that a mapping describes, or None after saying what is wrong with it, all of it.

    paper, name: what they are for and what they are called when the mapping does not say.

    What is left out: `unit` is mm; `columns` and `rows` are as many as fit; `first` puts the
    cards into the middle of the paper; `pitch` is the size, or the size and `gutter`.

    Errors: `unknown-key`, `missing-key`, `unexpected-value`, `unknown-choice`, `unknown-paper`,
    `not-a-length`, `not-two-lengths`, `not-a-count`, `pitch-and-gutter`, and the misfits of
    layout/misfits.py; each where it stands.
    """
    before = len(report)
    decode.only(given, CARD_SIZE_KEYS, _WHAT, report)
    read = _Reader(given, report, Unit.MM)
    read = _Reader(given, report, read.one_of("unit", Unit, Unit.MM))
    called = read.name(name)
    sheet = read.paper(paper)
    if "size" not in given.entries:
        decode.required(given, "size", _WHAT, report)
    size, first, pitch, gutter = (
        read.pair("size"), read.pair("first"), read.pair("pitch"), read.gutter()
    )  # fmt: skip
    columns, rows = read.count("columns"), read.count("rows")
    stock = read.one_of("stock", Material, Material.PLAIN)
    if "pitch" in given.entries and "gutter" in given.entries:
        key = given.entries["gutter"][0]
        message = "`pitch` and `gutter` both say how far cards lie apart; keep one"
        report.add(Diagnostic("pitch-and-gutter", message, key.span))
    if len(report) > before or size is None or sheet is None:
        return None
    if pitch is None:
        pitch = size if gutter is None else (size[0] + gutter[0], size[1] + gutter[1])
    preset = CardSize(called, sheet, _grid(sheet, size, pitch, first, columns, rows), material=stock)
    report.extend(read.misfit(one) for one in card_size_problems(preset, read.unit))
    return None if len(report) > before else preset


def _grid(
    sheet: Sheet, size: _Pair, pitch: _Pair, first: _Pair | None, columns: int | None, rows: int | None
) -> Grid:
    """All lengths across and down, in mm. What is left out follows from the paper."""
    if columns is None:
        columns = _fit(sheet.width, None if first is None else first[0], size[0], pitch[0])
    if rows is None:
        rows = _fit(sheet.height, None if first is None else first[1], size[1], pitch[1])
    if first is None:
        first = (
            (sheet.width - (columns - 1) * pitch[0] - size[0]) / 2,
            (sheet.height - (rows - 1) * pitch[1] - size[1]) / 2,
        )
    return Grid(columns, rows, *(round(one, 4) for one in (*first, *size, *pitch)))


def _fit(room: float, first: float | None, size: float, pitch: float) -> int:
    """How many cards fit, as far from one edge of the paper as from the other; one at least.

    first: where they begin; None: so that crop marks have room.
    """
    margin = CROP_MARK_MARGIN if first is None else first
    return max(1, int((room - 2 * margin - size + 0.01) / pitch) + 1) if pitch > 0 else 1


@dataclass(frozen=True, slots=True)
class _Reader:
    """Values of the mapping's keys; None for what is left out, and for what was reported.

    unit: that bare numbers are counted in.
    """

    given: Mapping
    report: Report
    unit: Unit

    def name(self, default: str) -> str:
        written = self._scalar("name")
        return (clean_line(written, self.report) if written is not None else "") or default

    def one_of(self, key: str, kind: type[_E], default: _E) -> _E:
        written = self._scalar(key)
        if written is None:
            return default
        names = [str(one.value) for one in kind]
        if written.value not in names:
            message = f"`{key}` is one of {', '.join(names)}; found {_found(written)}"
            near = closest_match(written.value, names)
            help_ = f"did you mean `{near}`?" if near else ""
            self.report.add(Diagnostic("unknown-choice", message, written.span, help=help_))
            return default
        return kind(written.value)

    def paper(self, default: Sheet | None) -> Sheet | None:
        """By name, or by width and height."""
        node = self.given.get("paper")
        if node is None:
            if default is None:
                decode.required(self.given, "paper", _WHAT, self.report, "add `paper: a4` to it")
            return default
        if isinstance(node, Scalar):
            if node.value in SHEETS:
                return SHEETS[node.value]
            message = f"there is no paper called {_found(node)}"
            help_ = did_you_mean(node.value, SHEETS)
            self.report.add(Diagnostic("unknown-paper", message, node.span, help=help_))
            return None
        size = self.pair("paper")
        return None if size is None else Sheet("", *size)

    def pair(self, key: str) -> _Pair | None:
        """Two lengths, in mm, across and down."""
        node = self.given.get(key)
        if node is None:
            return None
        if not isinstance(node, Sequence) or len(node.items) != 2:
            found = f"{len(node.items)} of them" if isinstance(node, Sequence) else _found(node)
            example = "[63, 88]" if self.unit is Unit.MM else "[2.5, 3.5]"
            message = f"`{key}` is two lengths, such as {example}; found {found}"
            self.report.add(Diagnostic("not-two-lengths", message, node.span))
            return None
        across, down = (self._length(one, key) for one in node.items)
        return None if across is None or down is None else (across, down)

    def gutter(self) -> _Pair | None:
        """In mm, across and down; written once when both are the same."""
        node = self.given.get("gutter")
        if isinstance(node, Scalar):
            both = self._length(node, "gutter")
            pair = None if both is None else (both, both)
        else:
            pair = self.pair("gutter")
        for number, one in enumerate(pair or ()):
            if one < 0:
                at = node.items[number] if isinstance(node, Sequence) else node
                assert at is not None
                message = f"a gutter of {format_length(one, self.unit)} lets the cards overlap"
                self.report.add(Diagnostic("cards-overlap", message, at.span))
        return pair

    def count(self, key: str) -> int | None:
        written = self._scalar(key)
        if written is None:
            return None
        if not _COUNT.fullmatch(written.value):
            message = f"`{key}` is a number of cards, such as 3; found {_found(written)}"
            self.report.add(Diagnostic("not-a-count", message, written.span))
            return None
        return int(written.value)

    def misfit(self, misfit: LayoutProblem) -> Diagnostic:
        """Where the number stands that is to blame; else where the cards are described."""
        node: Node = self.given
        for key in (misfit.key, "gutter" if misfit.key == "pitch" else "size"):
            if key in self.given.entries:
                node = self.given.entries[key][1]
                break
        if isinstance(node, Sequence) and misfit.horizontal is not None:
            node = node.items[0 if misfit.horizontal else 1]
        if node is self.given:
            return Diagnostic(misfit.code, misfit.message, next(iter(self.given.entries.values()))[0].span)
        return Diagnostic(misfit.code, misfit.message, node.span)

    def _length(self, node: Node, key: str) -> float | None:
        text = node.value if isinstance(node, Scalar) else ""
        found = parse_length(text, self.unit)
        if found is None:
            message = f"`{key}` needs lengths such as 63, 63 mm or 2.5 in; found {_found(node)}"
            help_ = f"write `{text.replace(',', '.')}`, with a point" if _COMMA.fullmatch(text) else ""
            self.report.add(Diagnostic("not-a-length", message, node.span, help=help_))
        return found

    def _scalar(self, key: str) -> Scalar | None:
        node = self.given.get(key)
        return None if node is None else decode.scalar(node, key, self.report)


def _found(node: Node) -> str:
    if isinstance(node, Scalar):
        return f"`{truncate(node.value, 16)}`" if node.value else "nothing"
    return "a mapping" if isinstance(node, Mapping) else "a list"
