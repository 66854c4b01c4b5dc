"""A rehearsal as text for a person and as an object for a machine."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.rehearsal.outcome import Kind, Loss, Named, Rehearsal

# Lines of names under one heading, and characters of a question in one line.
LINES = 20
WIDTH = 60

_LOSSES = {
    Kind.MISSING_NOTE: "Notes that are gone, with their schedules",
    Kind.MISSING_CARD: "Cards that are gone, with their schedules",
    Kind.CHANGED_SCHEDULE: "Cards whose schedule is no longer what it was",
    Kind.CHANGED_GUID: "Notes that arrive as new ones, without their schedule: their guid changed",
    Kind.CONFLICTING_NOTE: "Notes that no update reaches any more: their note type conflicts",
    Kind.FORKED_NOTE_TYPE: "Note types that Anki makes a second time: fields or card templates changed",
    Kind.OVERWRITTEN_EDIT: "Own edits that are overwritten, though you did not change these notes",
    Kind.OVERWRITTEN_LOOK: "Own styling that is overwritten, though you did not change these note types",
    Kind.UNSEEN_CHANGE: "Notes whose change reaches nobody: their modification time did not move",
    Kind.UNSEEN_LOOK: "Note types whose new look reaches nobody: their modification time did not move",
    Kind.UNSEEN_FILE: "Files whose change reaches nobody: a changed one needs a new name",
    Kind.FULL_SYNC: "A full sync: reviews that another device has not synchronised yet go",
    Kind.DATABASE_PROBLEM: "What Check Database finds in the collection afterwards",
}

# What is told beside the losses, by the attributes of `Rehearsal`.
_LISTS = {
    "updated": "Updated notes",
    "rewritten": "Notes updated without a change of yours; tags and edits of learners go with it",
    "new": "New notes",
    "added_cards": "New cards of notes that were there before",
    "edits_replaced": "Own edits of these notes are replaced, since you changed them too",
    "changes_held_back": "Who edited these notes after you did keeps that version until your next change",
    "edits_kept": "Own edits of these notes are kept",
    "looks_replaced": "Own styling of these note types is replaced, since you changed it too",
    "empty_cards": "Cards that are empty now; in Anki, Tools > Empty Cards removes them",
    "retired": "No longer in the package; learners keep them",
}

# The lists of names in the object.
_NAMES = (
    "new", "updated", "rewritten", "conflicting", "retired", "new_cards", "empty_cards", "edits_kept",
    "edits_replaced", "changes_held_back", "looks_kept", "looks_replaced",
)  # fmt: skip


def verdict(done: Rehearsal) -> str:
    """`Nothing is lost.`, or how many things are."""
    count = len(done.losses)
    return {0: "Nothing is lost.", 1: "1 thing is lost."}.get(count, f"{count} things are lost.")


def numbers(done: Rehearsal) -> str:
    """What becomes of the notes, in one line."""
    counts = {
        "new": len(done.new),
        "updated": len(done.updated),
        "untouched": done.untouched,
        "conflicting": len(done.conflicting),
        "retired": len(done.retired),
    }
    return ", ".join(f"{count} {fate}" for fate, count in counts.items())


def text(done: Rehearsal, old: str, new: str) -> Iterator[str]:
    """The lines of the report: the verdict, the numbers, then who is meant.

    old, new: what the user calls the packages.
    """
    yield verdict(done)
    yield ""
    yield f"Studied: {escape_controls(old)}"
    yield f"Imported: {escape_controls(new)}, with the dialog's settings as they are, in Anki {done.anki}"
    yield ""
    yield f"  notes        {numbers(done)}"
    yield f"  schedules    {done.kept} of {done.cards} kept"
    yield "               (interval, due date, ease, FSRS state, lapses, deck, flag, review log)"
    yield f"  new cards    {len(done.new_cards)}"
    yield f"  empty cards  {len(done.empty_cards)}"
    yield f"  own edits    {_edits(done)}"
    yield f"  full sync    {'asked for' if done.full_sync else 'not asked for'}"
    yield f"  database     {'not in order' if done.problems else 'in order'}"
    for kind, losses in groupby(done.losses, lambda loss: loss.kind):
        yield from _section(_LOSSES[kind], [_lost(loss) for loss in losses], "LOST  ")
    rewritten = set(done.rewritten)
    for attribute, heading in _LISTS.items():
        names = getattr(done, attribute)
        if attribute == "updated":
            names = [one for one in names if one not in rewritten]
        yield from _section(heading, [_line(one) for one in names])


def _edits(done: Rehearsal) -> str:
    lost = sum(loss.kind is Kind.OVERWRITTEN_EDIT for loss in done.losses)
    return f"{len(done.edits_kept)} kept, {len(done.edits_replaced)} replaced, {lost} lost"


def _section(heading: str, lines: Sequence[str], mark: str = "") -> Iterator[str]:
    if lines:
        yield ""
        yield f"{mark}{heading} ({len(lines)}):"
        yield from lines[:LINES]
        if len(lines) > LINES:
            yield f"  and {len(lines) - LINES} more"


def _lost(loss: Loss) -> str:
    return _line(loss.name) + (f": {', '.join(loss.parts)}" if loss.parts else "")


def _line(name: Named) -> str:
    """`  grade/one#2  Which grade: usually?`"""
    shown = escape_controls(name.text)
    question = shown if len(shown) <= WIDTH or not name.guid else f"{shown[: WIDTH - 1]}…"
    card = f"#{name.ordinal + 1}" if name.ordinal else ""
    if name.key:
        return f"  {escape_controls(name.key)}{card}  {question}"
    guid = f"  [guid {escape_controls(name.guid)}{card}]" if name.guid else ""
    return f"  {question}{guid}"


def as_object(done: Rehearsal, old: str, new: str) -> dict[str, object]:
    """For `--format json`; its keys stay what they are. The help of the command says what they are."""
    losses = [{"kind": one.kind.value, **_object(one.name), "parts": list(one.parts)} for one in done.losses]
    return {
        "old_package": old,
        "new_package": new,
        "anki": done.anki,
        "lost": len(done.losses),
        "losses": losses,
        "notes": done.notes,
        "cards": done.cards,
        "kept": done.kept,
        "untouched": done.untouched,
        "full_sync": done.full_sync,
        "problems": list(done.problems),
        **{each: [_object(one) for one in getattr(done, each)] for each in _NAMES},
    }


def _object(name: Named) -> dict[str, object]:
    card = {} if name.ordinal is None else {"card": name.ordinal + 1}
    return {"key": name.key, "guid": name.guid, "text": name.text, **card}
