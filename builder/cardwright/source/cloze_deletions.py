"""Finds cloze deletions in texts whose Markdown is parsed: in prose, in code and in formulas.

A deletion is `{{c1::hidden text}}`, `{{c1::hidden text::hint}}` or `{{c1,2::hidden text}}`. It may go on over
several blocks. Braces that belong together belong to the hidden text. Each code and each formula is read by
itself: a deletion that begins in it ends in it. A backslash before `{{c1::` or `::` makes it text, in code
with deletions as well.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from cardwright.collection import content as c
from cardwright.record import replace
from cardwright.source.deletion_scanner import (
    CLOZE_OPEN,
    CODE,
    OLD_MAX_DEPTH,
    PROSE,
    Change,
    Deletion,
    DeletionScanner,
    changes_of,
)

# Markdown takes away the backslash before a sign of prose. These stand for such a sign, and for the beginning
# of what is text in code, until deletions are read; control characters are in no text.
_ESCAPED = {"{": "\x01", "}": "\x02", ":": "\x03"}
_UNESCAPED = {ord(mark): sign for sign, mark in _ESCAPED.items()}
_MAY_HAVE_ESCAPES = re.compile(r"[\\&`~\t]| {4}")  # where there is a backslash, an entity or code
_BORDER = "\x00"


_OPENINGS = rf"(?:{CLOZE_OPEN.pattern.replace('(', '(?:', 1)})+"
_OWN_LINE = re.compile(rf"((?:\A|\n\n) {{0,3}}{_OPENINGS}[ \t]*)\n(?!\n)")
_END_LINE = re.compile(r"^( {0,3}(?:::[^\n{}]*)?\}\}[ \t]*)\n(?!\n)", re.MULTILINE)
_BEFORE_BLOCK_SIGN = re.compile(
    rf"^( {{0,3}})({_OPENINGS})((?:[-*+]|[0-9]{{1,9}}[.)]|\#{{1,6}}|>)[ \t]+)(?!.*}}}})", re.MULTILINE
)
_FENCE = re.compile(r"```|~~~")


@dataclass(slots=True, eq=False)
class _Wrapper:
    """A wrapper of the content tree, told from others that are equal.

    ruby: the wrapper of the word, if this stands for its reading.
    """

    inline: c.Wrapper
    ruby: "_Wrapper | None" = None


_Level = _Wrapper | tuple[Literal["hidden", "hint"], Deletion]
_Levels = tuple[_Level, ...]
"""What an inline stands in, outermost first."""
_Piece = tuple[_Levels, c.Inline]
_Leaf = tuple[_Levels, c.Inline, int | None]
"""An inline without children, what wraps it, and where prose has it; None if it is no prose."""


def escape_sign(sign: str) -> str:
    """Return what stands for an escaped sign of prose until its deletions are read."""
    return _ESCAPED.get(sign, sign)


def separate_lines(text: str) -> str:
    """Return a text in which Markdown takes the blocks of a deletion for blocks.

    An opening or an end on a line of its own gets an empty line after it, and an opening before the sign of a
    list, a heading or a quotation moves behind it. A text with lines of code stays as it is.
    """
    if "{{c" not in text or "\n" not in text or _FENCE.search(text):
        return text
    text = _END_LINE.sub(r"\1\n\n", _OWN_LINE.sub(r"\1\n\n", text))
    return _BEFORE_BLOCK_SIGN.sub(r"\1\3\2", text)


def read_prose(scanner: DeletionScanner, content: c.Content) -> c.Content:
    """Return a content with its deletions. Its code and formulas have theirs already."""
    prose = _Prose(content)
    deletions = scanner.find(prose.text, PROSE, prose.may_separate)
    if deletions:
        runs = [
            ([part for piece in pieces for part in _code_in_line(piece)], is_changed)
            for pieces, is_changed in _split(prose.leaves, changes_of(deletions))
        ]
        _report_empty(scanner, deletions, (piece for pieces, _ in runs for piece in pieces))
        hints = _hints(pieces for pieces, _ in runs)
        for deletion, hint in hints.items():
            if next(c.deletions((c.Paragraph(hint),)), None):
                scanner.report_in_hint(deletion, "a hint has a deletion in it, which hides nothing")
        content = _rebuild(content, ((_nest(pieces, hints), changed) for pieces, changed in runs))
    value = scanner.scalar.value
    if value.count("{{c") + value.count(",") > OLD_MAX_DEPTH:  # others can't be deep
        scanner.check_depth(max(map(_depth, c.runs(content)), default=0))
    is_escaped = _MAY_HAVE_ESCAPES.search(value)
    return c.map_runs(content, unescape) if is_escaped else content


def read_code(scanner: DeletionScanner, text: str) -> c.Inlines:
    """Return code with its deletions."""
    deletions = scanner.find(text, CODE)
    changes = changes_of(deletions)
    for escape in (match for match in CODE.finditer(text) if match[0][0] == "\\"):
        if deletions or escape[0] != r"\::":
            changes.append((escape.start(), 1, "drop", None))
    changes.sort(key=lambda change: change[0])
    ((pieces, _),) = _split([[((), c.Verbatim(text), 0)]], changes)
    _report_empty(scanner, deletions, pieces)
    # What is left of openings is text, also when the prose is read.
    pieces = [
        (levels, c.Verbatim(inline.text.replace("{{c", f"{_ESCAPED['{']}{{c")))
        if isinstance(inline, c.Verbatim)
        else (levels, inline)
        for levels, inline in pieces
    ]
    return _nest(pieces, _hints([pieces]))


def _report_empty(scanner: DeletionScanner, deletions: Iterable[Deletion], pieces: Iterable[_Piece]) -> None:
    for levels, inline in pieces:
        if levels and _shows_something(inline):
            for level in levels:
                if isinstance(level, tuple) and level[0] == "hidden":
                    level[1].is_shown = True
    for deletion in deletions:
        if not deletion.is_shown:
            scanner.report_hides_nothing(deletion)


def unescape(run: c.Inlines) -> c.Inlines:
    """Return a run with the signs for which `escape_sign` put others."""
    return c.map_inlines(run, _unescape_inline)


def _unescape_inline(inline: c.Inline) -> c.Inlines | None:
    if isinstance(inline, c.Text | c.Verbatim) and not inline.text.isprintable():
        return (type(inline)(inline.text.translate(_UNESCAPED)),)
    if isinstance(inline, c.Cloze) and inline.hint:
        return (replace(inline, children=unescape(inline.children), hint=unescape(inline.hint)),)
    return None


class _Prose:
    """The prose of a content, as one text.

    leaves: of each run. Code and formulas are no prose, except code in HTML, of which Markdown has read the
        inside.
    """

    def __init__(self, content: c.Content) -> None:
        self.leaves: list[list[_Leaf]] = []
        self._places: list[tuple[int, int, _Levels]] = []
        texts: list[str] = []
        position = 0
        for number, run in enumerate(c.runs(content)):
            self.leaves.append([])
            for levels, inline in _leaves(run, ()):
                if isinstance(inline, c.Text) or (isinstance(inline, c.Verbatim) and _is_in_code(levels)):
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
        if not isinstance(inline, c.Wrapper) or (
            isinstance(inline, c.Code) and not CLOZE_OPEN.search(c.inlines_text(inline.children))
        ):
            yield levels, inline
            continue
        wrapper = _Wrapper(inline)
        yield from _leaves(inline.children, (*levels, wrapper))
        if isinstance(inline, c.Ruby):
            yield from _leaves(inline.reading, (*levels, wrapper, _Wrapper(inline, ruby=wrapper)))


def _is_in_code(levels: _Levels) -> bool:
    return any(isinstance(level, _Wrapper) and isinstance(level.inline, c.Code) for level in levels)


def _split(runs: Iterable[Iterable[_Leaf]], changes: Sequence[Change]) -> Iterator[tuple[list[_Piece], bool]]:
    """Yield the pieces of each run, and whether it had any changes or has a hint in it."""
    upcoming = iter(changes)
    change = next(upcoming, None)
    levels: list[_Level] = []
    for run in runs:
        pieces: list[_Piece] = []
        levels = [level for level in levels if isinstance(level, tuple)]
        is_changed = False
        for wrappers, inline, start in run:
            levels = [level for level in levels if isinstance(level, tuple) or level in wrappers]
            for wrapper in wrappers:
                if isinstance(wrapper, _Wrapper) and wrapper not in levels:
                    position = levels.index(wrapper.ruby) + 1 if wrapper.ruby else len(levels)
                    levels.insert(position, wrapper)
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
        yield pieces, is_changed or any(_is_in_hint(piece_levels) for piece_levels, _ in pieces)


def _is_in_hint(levels: _Levels) -> bool:
    return any(isinstance(level, tuple) and level[0] == "hint" for level in levels)


def _code_in_line(piece: _Piece) -> Iterator[_Piece]:
    """Yield a piece of a run; lines of code in a hint become code within a line."""
    levels, inline = piece
    if not isinstance(inline, c.Verbatim) or _is_in_code(levels) or not _is_in_hint(levels):
        yield piece
        return
    for number, line in enumerate(inline.text.split("\n")):
        if number > 0:
            yield levels, c.LineBreak()
        if line:
            yield (*levels, _Wrapper(c.Code(()))), c.Verbatim(line)


def _add_piece(
    pieces: list[_Piece], levels: Iterable[_Level], inline: c.Text | c.Verbatim, start: int, end: int
) -> None:
    if start < end:
        pieces.append((tuple(levels), type(inline)(inline.text[start:end])))


def _change_levels(levels: list[_Level], sign: str, deletion: Deletion) -> None:
    if sign == "open":
        levels.append(("hidden", deletion))
        return
    index = next(n for n, level in enumerate(levels) if isinstance(level, tuple) and level[1] is deletion)
    levels[index : index + 1] = [("hint", deletion)] if sign == "hint" else []


def _hints(runs: Iterable[Sequence[_Piece]]) -> dict[Deletion, c.Inlines]:
    """Return the hints of the deletions that have one."""
    hints: dict[Deletion, c.Inlines] = {}
    for pieces in runs:
        by_deletion: dict[Deletion, list[_Piece]] = {}
        for levels, inline in pieces:
            for index, level in enumerate(levels):
                if isinstance(level, tuple) and level[0] == "hint":
                    by_deletion.setdefault(level[1], []).append((levels[index + 1 :], inline))
        for deletion, hint_pieces in by_deletion.items():
            if hint := _trim(_nest(hint_pieces, {})):
                before = (*hints[deletion], c.Text(" ")) if deletion in hints else ()
                hints[deletion] = (*before, *hint)
    return hints


def _nest(pieces: Iterable[_Piece], hints: dict[Deletion, c.Inlines]) -> c.Inlines:
    """Return inlines with what they stand in around them. A hint goes with what is hidden first."""
    result: list[c.Inline] = []
    for outermost, group in groupby(pieces, key=lambda piece: piece[0][:1]):
        inner = [(levels[1:], inline) for levels, inline in group]
        if not outermost:
            for _, inline in inner:
                _append(result, inline)
        elif isinstance(level := outermost[0], _Wrapper):
            if wrapped := _wrap(level.inline, inner, hints):
                result.append(wrapped)
        elif level[0] == "hidden":
            children = _nest(inner, hints)
            if not level[1].is_shown or any(_shows_something(inline) for _, inline in inner):
                result.append(c.Cloze(level[1].numbers, children, hints.pop(level[1], ())))
            else:
                for inline in children:
                    _append(result, inline)
    return tuple(result)


def _wrap(wrapper: c.Wrapper, pieces: Sequence[_Piece], hints: dict[Deletion, c.Inlines]) -> c.Inline | None:
    """Return what stands in a wrapper, with the wrapper around it; None if nothing does."""
    if not isinstance(wrapper, c.Ruby):
        children = _nest(pieces, hints)
        return replace(wrapper, children=children) if children else None
    word, reading = [], []
    for levels, inline in pieces:
        if levels and isinstance(levels[0], _Wrapper) and levels[0].ruby:
            reading.append((levels[1:], inline))
        else:
            word.append((levels, inline))
    return c.Ruby(_nest(word, hints), _nest(reading, hints))


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
                kept_rows = tuple(
                    new for old, new in zip(rows, new_rows, strict=True) if any(new) or not any(old)
                )
                if any(new_head) or any(map(any, kept_rows)) or not any(map(any, (head, *rows))):
                    blocks.append(c.Table(alignments, new_head if any(new_head) else (), kept_rows))
            case c.ThematicBreak() | c.RawHtml():  # texts have no HTML of their own among their blocks
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
