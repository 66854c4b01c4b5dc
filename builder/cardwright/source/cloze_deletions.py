"""Finds cloze deletions in texts whose Markdown is parsed: in prose, in code and in formulas.

A deletion is `{{c1::hidden text}}`, `{{c1::hidden text::hint}}` or `{{c1,2::hidden text}}`. It may go on over
several blocks. Braces that belong together belong to the hidden text. Each code and each formula is read by
itself: a deletion that begins in it ends in it. A backslash before `{{c1::` or `::` makes it text, in code
with deletions as well.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from cardwright.collection import content as c
from cardwright.collection.card import formula_side
from cardwright.diagnostics import Diagnostic, Report, Severity, Span
from cardwright.diagnostics.phrases import truncate
from cardwright.source.nodes import Scalar
from cardwright.source.tex import find_tex_problems

# The beginning of a cloze deletion. Numbers with more digits are never meant; Anki's own end at 500.
CLOZE_OPEN = re.compile(r"\{\{c([0-9]{1,9}(?:,[0-9]{1,9})*)::")

MAX_DEPTH = 10
"""How many deletions Anki reads within each other; one with two numbers counts twice.

Source: measured; Anki, rslib/src/cloze.rs, `parse_text_with_clozes`.
"""

# What decides where deletions begin and end. In code and formulas, also what a backslash makes text of.
_PROSE = re.compile(rf"{CLOZE_OPEN.pattern}|::|\{{|\}}+")
_CODE = re.compile(rf"{_PROSE.pattern}|\\(?:\{{\{{(?=c[0-9,]+::)|::)")
_TEX = re.compile(rf"{_PROSE.pattern}|\\(?s:.)")

# Markdown takes away the backslash before a sign of prose. These stand for such a sign until deletions are
# read; control characters are in no text.
_ESCAPED = {"{": "\x01", "}": "\x02", ":": "\x03"}
_UNESCAPED = {ord(mark): sign for sign, mark in _ESCAPED.items()}
_BORDER = "\x00"

# An address such as `fe80::1` or `2001:db8::/32`.
_IP_ADDRESS = re.compile(
    r"(?=(?:.*:)?(?=[0-9]*[A-Fa-f])(?=[A-Fa-f]*[0-9])[0-9A-Fa-f]{3,4}(?:[:/]|\Z))[0-9A-Fa-f:]+(?:/[0-9]{1,3})?"
)
# What is hardly an answer and its hint: another `::`, or something like `Vec<int>`, `new()`, `open(path)`,
# `snake_case`, `std::map`, `x :: Int`.
_CODE_WITH_COLONS = re.compile(r"::.*::|\w<\w|\w\(\)|\w\([^)]*[^)s]\)$|\w_\w|\bstd::| :: ", re.DOTALL)
_LAST_WORD = re.compile(r"[^\s{}:]*\s*\Z")

# What takes only the next sign, or takes a bracket for more than one.
_TAKES_ONE_SIGN = re.compile(r"(?:[\^_\[]|\\[A-Za-z]+\s*[0-9]?)\s*\Z")
_MACRO_AT_END = re.compile(r"\\[A-Za-z]+\Z")
_LONGEST_MACRO = 80
_CELL_OR_LINE_END = re.compile(r"(?<!\\)&|\\\\")
_TAKES_DELIMITER = re.compile(r"\\(?:left|right|middle|[Bb]igg?[lrm]?)\s*\{?\Z")
_TEXT_MACRO = re.compile(r"\\(?:text(?!color)[a-z]*|[fhm]box)\s*\Z")
_WORDS = re.compile(r"[^\\^_{}$&#%~]*[^\W\d_]{2}[^\\^_{}$&#%~]*")


_OPENINGS = rf"(?:{CLOZE_OPEN.pattern.replace('(', '(?:', 1)})+"
_OWN_LINE = re.compile(rf"((?:\A|\n\n) {{0,3}}{_OPENINGS}[ \t]*)\n(?!\n)")
_BEFORE_BLOCK_SIGN = re.compile(
    rf"^( {{0,3}})({_OPENINGS})((?:[-*+]|[0-9]{{1,9}}[.)]|\#{{1,6}}|>)[ \t]+)(?!.*}}}})", re.MULTILINE
)
_FENCE = re.compile(r"```|~~~")


@dataclass(slots=True, eq=False)
class _Deletion:
    """A deletion; positions count from the beginning of the text that has it.

    index: how many openings come before its own, escaped ones counted too.
    start, text_start: where its opening, such as `{{c1::`, begins and ends.
    separator: where the `::` before its hint begins; None for no hint.
    end: where its `}}` begins; None while there is none.
    open_braces: how many braces of its text are open.
    is_shown: whether it has any text to hide.
    """

    index: int
    numbers: tuple[int, ...]
    start: int
    text_start: int
    separator: int | None = None
    end: int | None = None
    open_braces: int = 0
    is_shown: bool = False

    def hint(self, text: str) -> str:
        return "" if self.separator is None else text[self.separator + 2 : self.end].strip()


@dataclass(slots=True, eq=False)
class _Wrapper:
    """A wrapper of the content tree, told from others that are equal."""

    inline: c.Wrapper


_Level = _Wrapper | tuple[Literal["hidden", "hint"], _Deletion]
_Levels = tuple[_Level, ...]
"""What an inline stands in, outermost first."""
_Piece = tuple[_Levels, c.Inline]
_Change = tuple[int, int, Literal["open", "hint", "close", "drop"], _Deletion | None]
"""Where a sign is that changes the level of what follows or is dropped, and how long it is."""


def escape_sign(sign: str) -> str:
    """Return what stands for an escaped sign of prose until its deletions are read."""
    return _ESCAPED.get(sign, sign)


def separate_lines(text: str) -> str:
    """Return a text in which Markdown takes the blocks of a deletion for blocks.

    An opening on a line of its own gets an empty line after it, and one before the sign of a list, a heading
    or a quotation moves behind it. A text with lines of code stays as it is.
    """
    if "{{c" not in text or "\n" not in text or _FENCE.search(text):
        return text
    return _BEFORE_BLOCK_SIGN.sub(r"\1\3\2", _OWN_LINE.sub(r"\1\n\n", text))


@dataclass(frozen=True, slots=True)
class DeletionReader:
    """Reads the deletions of a text, a code or a formula.

    opening_spans: where the source has the opening of each deletion, in order.
    place: names what the deletions must end in, such as "formula"; empty for a text.
    """

    scalar: Scalar
    report: Report
    opening_spans: Sequence[Span]
    place: str = ""

    def read_prose(self, content: c.Content) -> c.Content:
        """Return a content with its deletions. Its code and formulas have theirs already."""
        prose = _Prose(content)
        deletions = self._find(prose.text, _PROSE, prose.may_separate)
        if not deletions and not any(mark in prose.text for mark in _ESCAPED.values()):
            return content
        runs = list(_split(prose.leaves, _changes(deletions)))
        self._report_empty(deletions, (piece for pieces, _ in runs for piece in pieces))
        has_hints = any(deletion.separator is not None for deletion in deletions)
        hints = _hints(pieces for pieces, _ in runs) if has_hints else {}
        for deletion, hint in hints.items():
            if next(c.deletions((c.Paragraph(hint),)), None):
                self._report_in_hint(deletion, "a hint has a deletion in it, which hides nothing")
        result = _rebuild(content, ((_nest(pieces, hints), changed) for pieces, changed in runs))
        openings, commas = map(self.scalar.value.count, ("{{c", ","))
        if openings + commas > MAX_DEPTH and max(map(_depth, c.runs(result)), default=0) > MAX_DEPTH:
            self._report_too_deep(self.scalar.span)
        return result

    def read_code(self, text: str) -> c.Inlines:
        """Return code with its deletions."""
        deletions = self._find(text, _CODE)
        changes = _changes(deletions)
        for escape in (match for match in _CODE.finditer(text) if match[0][0] == "\\"):
            if deletions or escape[0] != r"\::":
                changes.append((escape.start(), 1, "drop", None))
        changes.sort(key=lambda change: change[0])
        ((pieces, _),) = _split([[((), c.Verbatim(text), 0)]], changes)
        self._report_empty(deletions, pieces)
        return _nest(pieces, _hints([pieces]))

    def read_formula(self, tex: str, *, display: bool) -> c.Math:
        """Return a formula with its deletions."""
        deletions = self._find(tex, _TEX)
        result, position = "", 0
        starts: dict[_Deletion, int] = {}
        ends: dict[_Deletion, int] = {}
        grouped: set[_Deletion] = set()
        for place, length, sign, deletion in _changes(deletions):
            assert deletion is not None
            result = _join_tex(result, tex[position:place])
            position = place + length
            if sign == "open":
                hidden = tex[deletion.text_start : deletion.end]
                if _TAKES_ONE_SIGN.search(result[-_LONGEST_MACRO:]) and not _CELL_OR_LINE_END.search(hidden):
                    grouped.add(deletion)
                    result += "{"
                elif result.endswith("\\\\"):
                    result += " "  # or the bracket of `[...]` would hold the distance to the next line
                starts[deletion] = len(result)
            elif sign == "hint":
                ends[deletion] = len(result)
                position = deletion.end or 0
            else:
                ends.setdefault(deletion, len(result))
                result += "}" if deletion in grouped else ""
        result = _join_tex(result, tex[position:])
        for deletion in deletions:
            if not result[starts[deletion] : ends[deletion]].strip():
                self._report_hides_nothing(deletion)
        math_deletions = []
        for deletion in deletions:
            start, end, hint = starts[deletion], ends[deletion], deletion.hint(tex)
            if _WORDS.fullmatch(hint) and not _TEXT_MACRO.search(result, 0, _open_brace(result[:start])):
                hint = rf"\text{{{hint}}}"
            math_deletions.append(c.MathDeletion(deletion.numbers, start, end, hint))
        formula = c.Math(result, display, tuple(math_deletions))
        self._check_fronts(formula, deletions)
        return formula

    def _check_fronts(self, formula: c.Math, deletions: Sequence[_Deletion]) -> None:
        """Report a deletion without which the rest is no formula, unless the whole is none anyway."""
        if any(find_tex_problems(formula.tex)):
            return
        checked: set[tuple[int, ...]] = set()
        for deletion, part in zip(deletions, formula.deletions, strict=True):
            hidden = formula.tex[part.start : part.end]
            is_broken = _TAKES_DELIMITER.search(formula.tex[: part.start]) or any(
                len(re.findall(rf"\\{opening}\b", hidden)) != len(re.findall(rf"\\{closing}\b", hidden))
                for opening, closing in (("left", "right"), ("begin", "end"))
            )
            if part.numbers not in checked and not is_broken:
                checked.add(part.numbers)
                fronts = (formula_side(formula, {number}) for number in part.numbers)
                is_broken = any(problem for front in fronts for problem in find_tex_problems(front.tex))
            if is_broken:
                message = "a formula can't be shown while a part of it is hidden"
                help_ = "hide a part that could be left out, with all that belongs to its braces"
                self._add_error("deletion-breaks-formula", message, deletion, help_)
                return

    def _find(
        self,
        text: str,
        signs: re.Pattern[str],
        may_separate: Callable[[int, int], bool] = lambda _start, _position: True,
    ) -> list[_Deletion]:
        """Return the deletions of a text, in order; report what keeps others from being read.

        signs: finds what decides where deletions begin and end.
        may_separate: whether a `::` at the second position can begin the hint of a deletion at the first.
        """
        deletions: list[_Deletion] = []
        outer: list[_Deletion] = []
        is_unclosed_reported = False
        for deletion in _scan(text, signs, may_separate):
            opening = truncate(text[deletion.start : deletion.text_start])
            if deletion.end is None:
                if not is_unclosed_reported:  # once the first is closed, the others may be something else
                    message = f"`{opening}` is opened and never closed"
                    help_ = f"close it with `}}}}`{f' before the {self.place} ends' if self.place else ''}"
                    self._add_error("unclosed-markup", message, deletion, help_)
                is_unclosed_reported = True
                continue
            while outer and (outer[-1].end or 0) < deletion.start:
                outer.pop()
            if any(other.separator is not None and other.separator < deletion.start for other in outer):
                self._report_in_hint(deletion, f"`{opening}` is in a hint, where it hides nothing")
            elif sum(len(other.numbers) for other in (*outer, deletion)) > MAX_DEPTH:
                self._report_too_deep(self._span(deletion))
            else:
                outer.append(deletion)
                deletions.append(deletion)
                self._check_numbers(deletion)
                self._check_hint(deletion, text)
        return deletions

    def _check_numbers(self, deletion: _Deletion) -> None:
        for number in deletion.numbers:
            if not 1 <= number <= c.LAST_CLOZE:
                message = f"the cloze number {number} is not between 1 and {c.LAST_CLOZE}"
                self._add_error("cloze-number", message, deletion, part=f"c{number}")

    def _check_hint(self, deletion: _Deletion, text: str) -> None:
        """Warn of a hint that was probably meant as part of what is hidden."""
        if deletion.separator is None:
            return
        hint = text[deletion.separator : deletion.end]
        before = _LAST_WORD.search(text[deletion.text_start : deletion.separator])
        if CLOZE_OPEN.search(hint) or not _CODE_WITH_COLONS.search((before[0] if before else "") + hint):
            return
        message = f"`{truncate(hint, 20)}` is a hint, shown in place of the hidden text"
        backslash = "\\\\" if self.scalar.style == '"' else "\\"
        kept = f": {hint[1:]}" if self.place == "formula" else f"{backslash}{hint}"
        help_ = f"write `{truncate(kept)}` if it is hidden as well"
        span = self._span(deletion)
        start = span.source.text.find(hint, span.start, self.scalar.end)
        if start >= 0:
            span = Span(span.source, start, start + len(hint))
        self.report.add(Diagnostic("code-as-hint", message, span, Severity.WARNING, help=help_))

    def _report_empty(self, deletions: Iterable[_Deletion], pieces: Iterable[_Piece]) -> None:
        for levels, inline in pieces:
            if levels and _shows_something(inline):
                for level in levels:
                    if isinstance(level, tuple) and level[0] == "hidden":
                        level[1].is_shown = True
        for deletion in deletions:
            if not deletion.is_shown:
                self._report_hides_nothing(deletion)

    def _report_hides_nothing(self, deletion: _Deletion) -> None:
        self._add_error("empty-cloze", "a cloze deletion hides nothing", deletion)

    def _report_in_hint(self, deletion: _Deletion, message: str) -> None:
        self._add_error("deletion-in-hint", message, deletion, "end the deletion with the hint before it")

    def _report_too_deep(self, span: Span) -> None:
        message = f"there are more than {MAX_DEPTH} deletions within each other"
        help_ = "Anki doesn't read more, and a deletion with two numbers counts twice"
        self.report.add(Diagnostic("nested-deletions", message, span, help=help_))

    def _add_error(
        self, code: str, message: str, deletion: _Deletion, help_: str = "", *, part: str = ""
    ) -> None:
        self.report.add(Diagnostic(code, message, self._span(deletion).part(part), help=help_))

    def _span(self, deletion: _Deletion) -> Span:
        """Return where a deletion begins, or the whole text if its source spells it differently."""
        index = deletion.index
        return self.opening_spans[index] if index < len(self.opening_spans) else self.scalar.span


class _Prose:
    """The prose of a content, as one text.

    leaves: of each run, the inlines that have no children, with what they stand in and, if they are text,
        where they begin in `text`. What is in a code is no prose, and neither is a formula.
    """

    def __init__(self, content: c.Content) -> None:
        self.leaves: list[list[tuple[_Levels, c.Inline, int | None]]] = []
        self._places: list[tuple[int, int, _Levels]] = []
        texts: list[str] = []
        position = 0
        for number, run in enumerate(c.runs(content)):
            self.leaves.append([])
            for levels, inline in _leaves(run, ()):
                if isinstance(inline, c.Text):
                    self.leaves[-1].append((levels, inline, position))
                    self._places.append((position, number, levels))
                    texts.append(inline.text)
                    position += len(inline.text) + len(_BORDER)
                else:
                    self.leaves[-1].append((levels, inline, None))
        self.text = _BORDER.join(texts)

    def may_separate(self, start: int, position: int) -> bool:
        """Return whether a `::` stands in the same wrappers as the beginning of its deletion.

        One that stands in a wrapper within the deletion belongs to what is hidden.
        """
        (_, first_run, first_levels), (_, run, levels) = self._place(start), self._place(position)
        return levels == (first_levels if run == first_run else ())

    def _place(self, position: int) -> tuple[int, int, _Levels]:
        return self._places[bisect_right(self._places, position, key=lambda place: place[0]) - 1]


def _leaves(children: c.Inlines, levels: _Levels) -> Iterator[_Piece]:
    for inline in children:
        if isinstance(inline, c.Wrapper) and not isinstance(inline, c.Code):
            yield from _leaves(inline.children, (*levels, _Wrapper(inline)))
        else:
            yield levels, inline


def _scan(text: str, signs: re.Pattern[str], may_separate: Callable[[int, int], bool]) -> list[_Deletion]:
    """Return all that begins like a deletion, in order, with its end if it has one; in one pass."""
    indexes = {match.start(): index for index, match in enumerate(CLOZE_OPEN.finditer(text))}
    found: list[_Deletion] = []
    open_deletions: list[_Deletion] = []
    for match in signs.finditer(text):
        sign = match[0]
        if match[1] is not None:
            numbers = tuple(sorted({int(number) for number in match[1].split(",")}))
            open_deletions.append(_Deletion(indexes[match.start()], numbers, *match.span()))
            found.append(open_deletions[-1])
        elif not open_deletions or sign[0] == "\\":
            continue
        elif sign == "{":
            open_deletions[-1].open_braces += 1
        elif sign == "::":
            deletion = open_deletions[-1]
            is_free = deletion.separator is None and not deletion.open_braces
            if (
                is_free
                and match.start() > deletion.text_start
                and may_separate(deletion.start, match.start())
            ):
                deletion.separator = match.start()
        else:
            _close(open_deletions, match.start(), len(sign))
    for deletion in found:
        if deletion.separator is not None and _IP_ADDRESS.fullmatch(
            text, deletion.text_start, deletion.end or 0
        ):
            deletion.separator = None
    return found


def _close(open_deletions: list[_Deletion], position: int, count: int) -> None:
    """Take closing braces for those of hidden texts, and for the ends of deletions. count: of the braces."""
    while open_deletions:
        deletion = open_deletions[-1]
        inner = min(deletion.open_braces, count)
        if inner and count == inner + 1:
            inner -= 1  # an opening brace is hidden without its closing one
        deletion.open_braces -= inner
        position, count = position + inner, count - inner
        if position == deletion.text_start:  # then what is hidden are braces
            inner = max(0, count - len("}}") * len(open_deletions))
            position, count = position + inner, count - inner
        if count < len("}}"):
            return
        deletion.end = position
        open_deletions.pop()
        position, count = position + len("}}"), count - len("}}")


def _changes(deletions: Iterable[_Deletion]) -> list[_Change]:
    """Return the changes that closed deletions make, in order."""
    changes: list[_Change] = []
    for deletion in deletions:
        changes.append((deletion.start, deletion.text_start - deletion.start, "open", deletion))
        if deletion.separator is not None:
            changes.append((deletion.separator, len("::"), "hint", deletion))
        changes.append((deletion.end or 0, len("}}"), "close", deletion))
    return sorted(changes, key=lambda change: change[0])


def _split(
    runs: Iterable[Iterable[tuple[_Levels, c.Inline, int | None]]], changes: Sequence[_Change]
) -> Iterator[tuple[list[_Piece], bool]]:
    """Yield the pieces of each run, and whether it had any changes."""
    upcoming = iter(changes)
    change = next(upcoming, None)
    levels: list[_Level] = []
    for run in runs:
        pieces: list[_Piece] = []
        levels = [level for level in levels if isinstance(level, tuple)]
        is_changed = False
        for wrappers, inline, start in run:
            levels = [level for level in levels if isinstance(level, tuple) or level in wrappers]
            levels += [wrapper for wrapper in wrappers if wrapper not in levels]
            if start is None or not isinstance(inline, c.Text | c.Verbatim):
                pieces.append((tuple(levels), inline))
                continue
            position = start
            while change is not None and change[0] < start + len(inline.text):
                place, length, sign, deletion = change
                _add_piece(pieces, levels, inline, position - start, place - start)
                if deletion is not None:
                    _change_levels(levels, sign, deletion)
                position, is_changed = place + length, True
                change = next(upcoming, None)
            _add_piece(pieces, levels, inline, position - start, len(inline.text))
        yield pieces, is_changed


def _add_piece(
    pieces: list[_Piece], levels: Iterable[_Level], inline: c.Text | c.Verbatim, start: int, end: int
) -> None:
    if start < end:
        text = inline.text[start:end]
        piece = c.Text(text.translate(_UNESCAPED)) if isinstance(inline, c.Text) else c.Verbatim(text)
        pieces.append((tuple(levels), piece))


def _change_levels(levels: list[_Level], sign: str, deletion: _Deletion) -> None:
    if sign == "open":
        levels.append(("hidden", deletion))
        return
    index = next(n for n, level in enumerate(levels) if isinstance(level, tuple) and level[1] is deletion)
    levels[index : index + 1] = [("hint", deletion)] if sign == "hint" else []


def _hints(runs: Iterable[Sequence[_Piece]]) -> dict[_Deletion, c.Inlines]:
    """Return the hints of the deletions that have one."""
    hints: dict[_Deletion, c.Inlines] = {}
    for pieces in runs:
        by_deletion: dict[_Deletion, list[_Piece]] = {}
        for levels, inline in pieces:
            for index, level in enumerate(levels):
                if isinstance(level, tuple) and level[0] == "hint":
                    by_deletion.setdefault(level[1], []).append((levels[index + 1 :], inline))
        for deletion, hint_pieces in by_deletion.items():
            if hint := _trim(_nest(hint_pieces, {})):
                before = (*hints[deletion], c.Text(" ")) if deletion in hints else ()
                hints[deletion] = (*before, *hint)
    return hints


def _nest(pieces: Iterable[_Piece], hints: dict[_Deletion, c.Inlines]) -> c.Inlines:
    """Return inlines with what they stand in around them. A hint goes with what is hidden first."""
    result: list[c.Inline] = []
    for outermost, group in groupby(pieces, key=lambda piece: piece[0][:1]):
        inner = [(levels[1:], inline) for levels, inline in group]
        if not outermost:
            for _, inline in inner:
                _append(result, inline)
        elif isinstance(level := outermost[0], _Wrapper):
            if children := _nest(inner, hints):
                result.append(replace(level.inline, children=children))
        elif level[0] == "hidden":
            children = _nest(inner, hints)
            if not level[1].is_shown or any(_shows_something(inline) for _, inline in inner):
                result.append(c.Cloze(level[1].numbers, children, hints.pop(level[1], ())))
            else:
                for inline in children:
                    _append(result, inline)
    return tuple(result)


def _append(result: list[c.Inline], inline: c.Inline) -> None:
    """Append an inline; text joins the text before it."""
    match result[-1:], inline:
        case [c.Text(before)], c.Text(text):
            result[-1] = c.Text(before + text)
        case [c.Verbatim(before)], c.Verbatim(text):
            result[-1] = c.Verbatim(before + text)
        case _:
            result.append(inline)


def _rebuild(  # noqa: C901  a case for each type
    content: c.Content, runs: Iterator[tuple[c.Inlines, bool]]
) -> c.Content:
    """Return the content with new runs, without those that had nothing but signs of deletions.

    runs: each with whether it has changed.
    """
    blocks: list[c.Block] = []
    for block in content:
        match block:
            case c.Paragraph() | c.Heading() | c.CodeBlock():
                children, is_changed = next(runs)
                if is_changed:
                    children = _trim(children)
                if children or not is_changed:
                    blocks.append(replace(block, children=children))
            case c.BulletList(entries) | c.OrderedList(_, entries):
                if kept := _rebuild_all(entries, runs):
                    blocks.append(replace(block, entries=kept))
            case c.Quote(children) | c.Aligned(_, children):
                if (new_children := _rebuild(children, runs)) or not children:
                    blocks.append(replace(block, children=new_children))
            case c.Table(alignments, head, rows):
                new_head, *new_rows = [tuple(_rebuild(cell, runs) for cell in row) for row in (head, *rows)]
                kept_rows = (new for old, new in zip(rows, new_rows, strict=True) if any(new) or not any(old))
                blocks.append(c.Table(alignments, new_head if any(new_head) else (), tuple(kept_rows)))
            case c.ThematicBreak():
                blocks.append(block)
    return tuple(blocks)


def _rebuild_all(
    entries: Iterable[c.Content], runs: Iterator[tuple[c.Inlines, bool]]
) -> tuple[c.Content, ...]:
    rebuilt = [(entry, _rebuild(entry, runs)) for entry in entries]
    return tuple(new for old, new in rebuilt if new or not old)


def _depth(children: c.Inlines) -> int:
    """Return how many deletions are within each other."""
    return max((_inline_depth(inline) for inline in children), default=0)


def _inline_depth(inline: c.Inline) -> int:
    if isinstance(inline, c.Math):
        return max((_formula_depth(inline, deletion) for deletion in inline.deletions), default=0)
    if not isinstance(inline, c.Wrapper):
        return 0
    return _depth(inline.children) + (len(inline.numbers) if isinstance(inline, c.Cloze) else 0)


def _formula_depth(formula: c.Math, inner: c.MathDeletion) -> int:
    around = (other for other in formula.deletions if other.start <= inner.start and inner.end <= other.end)
    return sum(len(deletion.numbers) for deletion in around)


def _shows_something(inline: c.Inline) -> bool:
    """Return whether an inline without children shows anything but white space."""
    if isinstance(inline, c.Text | c.Verbatim):
        return not inline.text.isspace()
    return not isinstance(inline, c.LineBreak)


def _trim(children: c.Inlines) -> c.Inlines:
    """Return a line without white space and line breaks at its ends."""
    return _trim_end(_trim_start(children))


def _trim_start(children: c.Inlines) -> c.Inlines:
    while children and (first := _trim_edge(children[0], str.lstrip, _trim_start)) != children[:1]:
        children = (*first, *children[1:])
        if first:
            break
    return children


def _trim_end(children: c.Inlines) -> c.Inlines:
    while children and (last := _trim_edge(children[-1], str.rstrip, _trim_end)) != children[-1:]:
        children = (*children[:-1], *last)
        if last:
            break
    return children


def _trim_edge(
    edge: c.Inline, strip: Callable[[str], str], trim: Callable[[c.Inlines], c.Inlines]
) -> c.Inlines:
    """Return the first or last inline of a line without white space at the line's end."""
    match edge:
        case c.Text(text):
            return (c.Text(stripped),) if (stripped := strip(text)) else ()
        case c.LineBreak():
            return ()
        case c.Strong() | c.Emphasis() | c.Strikethrough() | c.Link() | c.Cloze():
            return (replace(edge, children=children),) if (children := trim(edge.children)) else ()
        case _:
            return (edge,)


def _join_tex(before: str, after: str) -> str:
    """Return TeX in two parts as one; the name of a macro ends with the first."""
    space = " " if after[:1].isalpha() and _MACRO_AT_END.search(before[-_LONGEST_MACRO:]) else ""
    return f"{before}{space}{after}"


def _open_brace(tex: str) -> int:
    """Return where the innermost open brace of TeX is; 0 if none is open."""
    depth = 0
    for position in range(len(tex) - 1, -1, -1):
        if tex[position] in "{}" and not tex.endswith("\\", 0, position):
            depth += {"{": 1, "}": -1}[tex[position]]
            if depth > 0:
                return position
    return 0
