"""Says what a pull takes over, and what it leaves to the author."""

from collections.abc import Iterator

from cardwright.diagnostics import Span
from cardwright.diagnostics.phrases import count_noun, truncate
from cardwright.formats.anki.field_text import FIELD_WORDS, read_field
from cardwright.formats.word_diff import diff_words
from cardwright.pulling.new_cards import NewNote
from cardwright.pulling.pull import PullResult
from cardwright.pulling.source_edits import Change, Leftover
from cardwright.pulling.three_way import FieldChange, TagChange, Verdict

_INDENT = "  "
_SUMMARY_LENGTH = 60


def text_lines(result: PullResult) -> Iterator[str]:
    """Yield the report of a pull, line by line."""
    for edit in result.taken:
        for change in edit.changes:
            yield f"{_place(edit.span)}: {_name(change)}"
            yield f"{_INDENT}{_summary(change) if isinstance(change, NewNote) else _difference(change)}"
    if result.left:
        yield ""
        yield "Left to you:"
    for leftover in result.left:
        yield from _leftover_lines(leftover)
    if result.left:
        yield ""
    if any(_is_of_unknown_release(leftover.change) for leftover in result.left):
        yield "`--release PACKAGE` says which package the collection had imported last."
    yield _counts_line(result)


def _is_of_unknown_release(change: Change) -> bool:
    if isinstance(change, FieldChange):
        return change.verdict is Verdict.UNKNOWN
    return isinstance(change, TagChange) and change.unsure


def _leftover_lines(leftover: Leftover) -> Iterator[str]:
    change = leftover.change
    yield f"{_place(leftover.span)}: {_name(change)}: {leftover.reason}"
    if isinstance(change, NewNote):
        yield f"{_INDENT}{_summary(change)}"
        return
    if isinstance(change, TagChange):
        yield f"{_INDENT}{_difference(change)}"
        return
    if change.verdict is Verdict.ON_BOTH_SIDES:
        yield f"{_INDENT}released  {_text(change, change.released)}"
    yield f"{_INDENT}sources   {_text(change, change.current)}"
    yield f"{_INDENT}Anki      {_text(change, change.exported)}"
    if leftover.text and leftover.text != _text(change, change.exported):
        lines = leftover.text.split("\n")
        yield f"{_INDENT}to paste  {lines[0]}"
        yield from (f"{_INDENT}          {line}" for line in lines[1:])


def _place(span: Span) -> str:
    position = span.start_position
    return f"{span.source.path}:{position.line}:{position.column}"


def _summary(note: NewNote) -> str:
    """Return the beginnings of a note's texts."""
    texts = (read_field(html, cloze=True).text for html in note.version.values.values())
    return " · ".join(truncate(text, _SUMMARY_LENGTH) for text in texts if text)


def _name(change: Change) -> str:
    if isinstance(change, NewNote):
        return f"new card `{change.key}`"
    field = "tags" if isinstance(change, TagChange) else FIELD_WORDS.get(change.field, change.field)
    return f"{change.key}, {field}"


def _difference(change: FieldChange | TagChange) -> str:
    if isinstance(change, TagChange):
        added = [f"+{tag}" for tag in change.added]
        return " ".join([*added, *(f"-{tag}" for tag in change.removed)])
    difference = diff_words(_text(change, change.current), _text(change, change.exported))
    return difference.line if difference.replacements else "only the look, a picture or a link"


def _text(change: FieldChange, html: str) -> str:
    return read_field(html, cloze=change.cloze).text


def _counts_line(result: PullResult) -> str:
    """Return such as `Legs: 2 changes taken, 1 left to you; 266 of 270 notes are in the export`."""
    counts = result.counts
    taken = sum(len(edit.changes) for edit in result.taken)
    parts = [f"{count_noun(taken, 'change')} taken" if taken else "nothing to take"]
    if result.left:
        parts.append(f"{len(result.left)} left to you")
    line = f"{result.deck.name}: {', '.join(parts)}; {count_noun(counts.exported, 'note')} in the export"
    if counts.older:
        line += f", {counts.older} of them in part as in an earlier release"
    if counts.missing:
        line += f"; {count_noun(counts.missing, 'note')} not in it"
    for name, count in counts.foreign.items():
        line += f"; {count_noun(count, 'note')} of the note type `{name}`, which the deck doesn't have"
    return line
