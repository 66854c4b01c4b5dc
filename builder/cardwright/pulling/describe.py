"""Says what a pull takes over, what it leaves to the author, and what else is different in Anki."""

import re
from collections.abc import Container, Iterator, Sequence
from textwrap import wrap

from cardwright.collection.image_occlusion import OcclusionMasks, read_masks
from cardwright.diagnostics import Span
from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.diagnostics.phrases import count_noun, truncate
from cardwright.formats.anki.field_text import FIELD_WORDS, read_field
from cardwright.formats.word_diff import diff_words
from cardwright.importing.diagram_cards import number_text, shape_numbers
from cardwright.pulling.new_cards import NewNote
from cardwright.pulling.pull import PullResult
from cardwright.pulling.source_edits import Change, Leftover, SourceEdit
from cardwright.pulling.three_way import FieldChange, TagChange, TypeChange, Verdict

_BLOCK_HEADER = re.compile(r"\A[|>].*\n")
_INDENT = "  "
_SUMMARY_LENGTH = 60
_WIDTH = 80
"""Columns of a line, but for what can't be broken."""
_CONTEXT = 8
"""The most words before and after those that differ, where texts stand below each other."""
_MOST_NAMES = 8
"""The most notes that are named in a line."""


def text_lines(result: PullResult) -> Iterator[str]:
    """Yield the report of a pull, line by line."""
    # The fields of the author's note types, and of imported ones, have their own names.
    with_names: set[str] = set()
    if result.taken or result.left:
        with_names = {note.key for note in result.deck.notes if note.custom_type is not None}
    for edit in result.taken:
        for change in edit.changes:
            yield f"{_place(edit.span)}: {_name(change, with_names)}"
            yield from _wrapped(_difference(change) or _difference_of_sources(edit))
    if result.left:
        yield from ["", "Left to you:"] if result.taken else ["Left to you:"]
    for leftover in result.left:
        yield from _leftover_lines(leftover, with_names)
    if result.taken or result.left:
        yield ""
    if any(_is_of_unknown_release(leftover.change) for leftover in result.left):
        yield "`--release PACKAGE` says which package the collection had imported last."
    yield _counts_line(result)
    for remark in _remarks(result):
        yield from _wrapped(remark)


def json_object(result: PullResult) -> dict[str, object]:
    """Return what a program gets to know of a pull."""
    taken = [
        {
            **_change_object(change, edit.span),
            "difference": _difference(change) or _difference_of_sources(edit),
        }
        for edit in result.taken
        for change in edit.changes
    ]
    left = [
        {**_change_object(leftover.change, leftover.span), "reason": leftover.reason, "text": leftover.text}
        for leftover in result.left
    ]
    return {
        "name": result.deck.name,
        "notes": result.counts.exported,
        "taken": taken,
        "left": left,
        "remarks": list(_remarks(result)),
    }


def _change_object(change: Change | TypeChange, span: Span) -> dict[str, object]:
    kinds = {FieldChange: "field", TagChange: "tags", NewNote: "new-card", TypeChange: "note-type"}
    position = span.start_position
    return {
        "kind": kinds[type(change)],
        "key": change.key,
        "field": change.field if isinstance(change, FieldChange) else None,
        "path": span.source.path,
        "line": position.line,
        "column": position.column,
    }


def _is_of_unknown_release(change: Change | TypeChange) -> bool:
    if isinstance(change, FieldChange):
        return change.verdict is Verdict.UNKNOWN
    return isinstance(change, TagChange) and change.unsure


def _leftover_lines(leftover: Leftover, with_names: Container[str]) -> Iterator[str]:
    change = leftover.change
    yield f"{_place(leftover.span)}: {_name(change, with_names)}: {leftover.reason}"
    if isinstance(change, TypeChange):
        return  # the reason says all
    if not isinstance(change, FieldChange):
        yield from _wrapped(_difference(change))
        return
    sides = {"sources": change.current, "Anki": change.exported}
    if change.verdict is Verdict.ON_BOTH_SIDES:
        sides = {"released": change.released, **sides}
    texts = _near_differences([_text(change, html) for html in sides.values()])
    for side, text in zip(sides, texts, strict=True):
        yield from _wrapped(text, f"{side:<10}")
    if leftover.text and leftover.text != _text(change, change.exported):
        lines = [escape_controls(line) for line in leftover.text.split("\n")]
        yield f"{_INDENT}to paste  {lines[0]}"
        yield from (f"{_INDENT}          {line}" for line in lines[1:])


def _near_differences(texts: Sequence[str]) -> list[str]:
    """Return texts with `…` in place of the words that all of them have, far from those that differ."""
    words = [text.split() for text in texts]
    start = _common_beginning(words)
    end = _common_beginning([own[start:][::-1] for own in words])
    cut_start, cut_end = max(0, start - _CONTEXT), max(0, end - _CONTEXT)
    return [
        " ".join(
            ["…"] * (cut_start > 0) + own[cut_start : len(own) - cut_end] + ["…"] * (cut_end > 0),
        )
        for own in words
    ]


def _common_beginning(texts: Sequence[Sequence[str]]) -> int:
    """Return how many words all texts begin with."""
    shortest = min(map(len, texts))
    return next((n for n in range(shortest) if len({text[n] for text in texts}) > 1), shortest)


def _wrapped(text: str, name: str = "") -> list[str]:
    """Return a text with its name in lines of a terminal; one line without text if it is empty."""
    beginning = f"{_INDENT}{name}"
    return wrap(
        escape_controls(text),
        _WIDTH,
        initial_indent=beginning,
        subsequent_indent=" " * len(beginning),
        break_long_words=False,
        break_on_hyphens=False,
    ) or [f"{beginning}(nothing)"]


def _place(span: Span) -> str:
    position = span.start_position
    return f"{span.source.path}:{position.line}:{position.column}"


def _name(change: Change | TypeChange, with_names: Container[str]) -> str:
    """Return what was changed. with_names: keys of the notes whose fields are called by their own names."""
    if isinstance(change, NewNote):
        return f"new card `{change.key}`"
    if isinstance(change, TypeChange):
        return change.key
    if isinstance(change, TagChange):
        return f"{change.key}, tags"
    words = {} if change.key in with_names else FIELD_WORDS
    return f"{change.key}, {escape_controls(words.get(change.field, change.field))}"


def _difference(change: Change | TypeChange) -> str:
    """Return what has changed in one line, or how a new note begins; empty if only the look has changed."""
    match change:
        case NewNote():
            texts = (read_field(html, cloze=True).text for html in change.version.values.values())
            return " · ".join(truncate(text, _SUMMARY_LENGTH) for text in texts if text)
        case TagChange():
            added = [f"+{tag}" for tag in change.added]
            return " ".join([*added, *(f"-{tag}" for tag in change.removed)])
        case TypeChange():
            return change.name
    difference = diff_words(_text(change, change.current), _text(change, change.exported))
    return difference.plain_line if difference.replacements else ""


def _difference_of_sources(edit: SourceEdit) -> str:
    """Return how a text of the sources has changed whose words are the same."""
    old = _BLOCK_HEADER.sub("", edit.span.text).strip("\"'")
    return diff_words(old, edit.text).plain_line if edit.text else "a picture, a link or the look"


def _text(change: FieldChange, html: str) -> str:
    masks = read_masks(html) if change.cloze else None
    return read_field(html, cloze=change.cloze).text if masks is None else _masks_text(masks)


def _masks_text(masks: OcclusionMasks) -> str:
    """Return such as `1: rect 10 20 30 40 / 2: ellipse 50 50 10 10, each hidden alone`."""
    lines = (
        f"{number}: {shape.kind} {' '.join(map(number_text, shape_numbers(shape)))}"
        for number, shapes in masks.shapes.items()
        for shape in shapes
    )
    return f"{' / '.join(lines)}{'' if masks.hides_all else ', each hidden alone'}"


def _counts_line(result: PullResult) -> str:
    """Return such as `Legs: 2 changes taken, 1 left to you; 266 notes in the export`."""
    counts = result.counts
    taken = sum(len(edit.changes) for edit in result.taken)
    parts = [f"{count_noun(taken, 'change')} taken" if taken else "nothing to take"]
    if result.left:
        parts.append(f"{len(result.left)} left to you")
    line = f"{result.deck.name}: {', '.join(parts)}; {count_noun(counts.exported, 'note')} in the export"
    if counts.older:
        line += f", {counts.older} of them in part as in an earlier release"
    return line


def _remarks(result: PullResult) -> Iterator[str]:
    """Yield what comes along with cards, and what is different in Anki and isn't pulled."""
    for name, left_out in result.new_types.items():
        without = f", without what could run or fetch something: {_list(left_out)}" if left_out else ""
        yield f"the note type `{name}` comes along with its cards{without}"
    unpulled = result.unpulled
    if unpulled.missing:
        count, names = count_noun(len(unpulled.missing), "note"), _list(unpulled.missing)
        yield f"{count} not in the export; what was deleted stays here: {names}"
    if unpulled.moved:
        moved = [f"{key} ({deck})" for key, deck in unpulled.moved.items()]
        yield f"moved to another deck there, which is not followed: {_list(moved)}"
    for name, parts in unpulled.types.items():
        yield f"changed in the note type `{name}`, and not pulled: {', '.join(parts)}"
    if unpulled.media:
        yield f"other files of the same names there, which are not pulled: {_list(unpulled.media)}"


def _list(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more
