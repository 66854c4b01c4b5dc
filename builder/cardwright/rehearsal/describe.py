"""The result of a rehearsal as text for a person and as an object for a program."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.diagnostics.phrases import count_noun
from cardwright.rehearsal.compare import Loss, LossKind, RehearsalResult
from cardwright.rehearsal.snapshot import DisplayName

MAX_LINES = 20
"""Names below one heading; the others are only counted."""
MAX_TEXT_LENGTH = 60
"""Characters of a note's text on one line."""

_LOSS_HEADINGS = {
    LossKind.MISSING_NOTE: "Notes that are gone, with their schedules",
    LossKind.MISSING_CARD: "Cards that are gone, with their schedules",
    LossKind.CHANGED_SCHEDULE: "Cards whose schedule has changed",
    LossKind.CHANGED_GUID: "Notes that arrive once more, as new ones: their guid changed, or their id",
    LossKind.CONFLICTING_NOTE: "Notes that no update reaches any more: their note type conflicts",
    LossKind.FORKED_NOTE_TYPE: "Note types that Anki makes a second time: fields or card templates changed",
    LossKind.OVERWRITTEN_EDIT: "Learners' edits that are overwritten, though you did not change these notes",
    LossKind.OVERWRITTEN_LOOK: "Learners' styling that is overwritten, though you did not change it",
    LossKind.UNSEEN_CHANGE: "Notes whose change reaches nobody: their modification time did not move",
    LossKind.UNSEEN_LOOK: "Note types whose new look reaches nobody: their modification time did not move",
    LossKind.UNSEEN_FILE: "Files whose change reaches nobody: a changed file needs a new name",
    LossKind.FULL_SYNC: "A full sync: reviews that another device has not synchronised yet are lost",
    LossKind.DATABASE_PROBLEM: "What Check Database finds in the collection afterwards",
}

# By attribute of `RehearsalResult`.
_OTHER_HEADINGS = {
    "updated": "Updated notes",
    "rewritten": "Notes updated without a change of yours; learners' tags and edits are lost with it",
    "new": "New notes",
    "added_cards": "New cards of existing notes",
    "edits_replaced": "Updated notes, edited before you changed them; your text replaces the edit",
    "changes_held_back": "Notes edited after you changed them; the edit stays until your next change",
    "looks_replaced": "Note types with styling edited before you changed it; yours replaces the edit",
    "empty_cards": "Cards that are empty now; in Anki, Tools > Empty Cards removes them",
    "moved_cards": "Cards in another deck than before; learners' cards stay where they are",
    "retired": "Notes that are no longer in the package; learners keep them",
}

# The attributes with names, which are also the keys of the object.
_NAME_LISTS = (
    "new", "updated", "rewritten", "conflicting", "retired", "new_cards", "empty_cards", "moved_cards",
    "edits_kept", "edits_replaced", "changes_held_back", "looks_kept", "looks_replaced",
)  # fmt: skip


def verdict(result: RehearsalResult) -> str:
    """Return `Nothing is lost.`, or how many things are."""
    count = len(result.losses)
    return {0: "Nothing is lost.", 1: "1 thing is lost."}.get(count, f"{count} things are lost.")


def note_counts(result: RehearsalResult) -> str:
    """Return on one line how many notes are new, updated and so on."""
    counts = {
        "new": len(result.new),
        "updated": len(result.updated),
        "untouched": result.untouched_notes,
        "conflicting": len(result.conflicting),
        "retired": len(result.retired),
    }
    return ", ".join(f"{count} {status}" for status, count in counts.items())


def text_lines(result: RehearsalResult, old: str, new: str) -> Iterator[str]:
    """Yield the lines of a report: the verdict, the numbers, then the names.

    old, new: the packages, as the user calls them.
    """
    yield verdict(result)
    yield ""
    yield f"A simulated learner, in a collection made for this rehearsal by Anki {result.anki},"
    yield f"  imported     {escape_controls(old)}"
    cards = count_noun(result.card_count, "card")
    yield f"  studied      {cards} with mixed grades; flagged, suspended, moved or buried four fifths of them"
    yield f"  edited       {_edited_parts(result)}"
    yield f"  imported     {escape_controls(new)}, with the dialog's default settings"
    yield ""
    yield f"  notes        {note_counts(result)}"
    yield f"  schedules    {result.kept_schedules} of {result.card_count} kept"
    yield "               (interval, due date, ease, FSRS state, lapses, deck, flag, review log)"
    yield f"  new cards    {len(result.new_cards)}"
    yield f"  empty cards  {len(result.empty_cards)}"
    yield f"  own edits    {_edit_counts(result)}"
    yield f"  full sync    {'asked for' if result.full_sync else 'not asked for'}"
    yield f"  database     {'not in order' if result.problems else 'in order'}"
    for kind, losses in groupby(result.losses, lambda loss: loss.kind):
        yield from _section(_LOSS_HEADINGS[kind], [_loss_line(loss) for loss in losses], "LOST  ")
    rewritten = set(result.rewritten)
    for attribute, heading in _OTHER_HEADINGS.items():
        names = getattr(result, attribute)
        if attribute == "updated":
            names = [name for name in names if name not in rewritten]
        yield from _section(heading, [_name_line(name) for name in names])


def _edited_parts(result: RehearsalResult) -> str:
    """Return what the learner edited: the text of some notes, and the styling of note types."""
    notes = len(result.edits_kept) + len(result.edits_replaced) + _count(result, LossKind.OVERWRITTEN_EDIT)
    looks = len(result.looks_kept) + len(result.looks_replaced) + _count(result, LossKind.OVERWRITTEN_LOOK)
    return f"{count_noun(notes, 'note')}, and the styling of {count_noun(looks, 'note type')}"


def _edit_counts(result: RehearsalResult) -> str:
    lost = _count(result, LossKind.OVERWRITTEN_EDIT)
    return f"{len(result.edits_kept)} kept, {len(result.edits_replaced)} replaced, {lost} lost"


def _count(result: RehearsalResult, kind: LossKind) -> int:
    return sum(loss.kind is kind for loss in result.losses)


def _section(heading: str, lines: Sequence[str], prefix: str = "") -> Iterator[str]:
    if lines:
        yield ""
        yield f"{prefix}{heading} ({len(lines)}):"
        yield from lines[:MAX_LINES]
        if len(lines) > MAX_LINES:
            yield f"  and {len(lines) - MAX_LINES} more"


def _loss_line(loss: Loss) -> str:
    return _name_line(loss.name) + (f": {', '.join(loss.parts)}" if loss.parts else "")


def _name_line(name: DisplayName) -> str:
    """Return the line of a note or card, such as `  grade/one#2  Which grade: usually?`."""
    text = escape_controls(name.text)
    if name.guid and len(text) > MAX_TEXT_LENGTH:
        text = f"{text[: MAX_TEXT_LENGTH - 1]}…"
    card = f"#{name.ordinal + 1}" if name.ordinal else ""
    if name.key:
        return f"  {escape_controls(name.key)}{card}  {text}"
    guid = f"  [guid {escape_controls(name.guid)}{card}]" if name.guid else ""
    return f"  {text}{guid}"


def json_object(result: RehearsalResult, old: str, new: str) -> dict[str, object]:
    """Return the object for `--format json`. Its keys never change; the command's help explains them."""
    losses = [
        {"kind": loss.kind.value, **_name_object(loss.name), "parts": list(loss.parts)}
        for loss in result.losses
    ]
    return {
        "old_package": old,
        "new_package": new,
        "anki": result.anki,
        "lost": len(result.losses),
        "losses": losses,
        "notes": result.note_count,
        "cards": result.card_count,
        "kept": result.kept_schedules,
        "untouched": result.untouched_notes,
        "full_sync": result.full_sync,
        "problems": list(result.problems),
        **{key: [_name_object(name) for name in getattr(result, key)] for key in _NAME_LISTS},
    }


def _name_object(name: DisplayName) -> dict[str, object]:
    card = {} if name.ordinal is None else {"card": name.ordinal + 1}
    return {"key": name.key, "guid": name.guid, "text": name.text, **card}
