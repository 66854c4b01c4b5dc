"""Write `CHANGES.md`: what a release means for someone who studies the deck."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.card import cards
from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics.phrases import count_noun
from cardwright.identity.lock import Lock, NoteEntry

_QUESTION_WIDTH = 100
"""The number of characters of a question that are enough to recognise it."""


def render_changes(deck: Deck, lock: Lock) -> str:
    """Return the page in Markdown: what to do, then the new, changed and retired notes of the last release.

    lock: of this build. The last release is the last one in which any note moved, so that an
        unchanged deck has an unchanged page.
    """
    last_release = max((entry.mod for entry in lock.notes.values()), default=0)
    notes = {note.key: note for note in deck.notes}
    moved = [lock.notes[note.key] for note in deck.notes if lock.notes[note.key].mod == last_release]
    new = [entry for entry in moved if entry.since == last_release]
    changed = [entry for entry in moved if entry.since != last_release]
    retired = [lock.notes[key] for key in sorted(lock.notes) if lock.notes[key].retired]
    diagrams = [lock.notes[note.key] for note in deck.notes if note.diagram is not None]
    labels_removed = any(entry.card_numbers < entry.cards.keys() for entry in diagrams)
    day = datetime.fromtimestamp(last_release, UTC).date().isoformat()
    is_first_release = len(new) == len(lock.notes)

    lines = [f"# Changes to {_escape_markdown(deck.name)}", ""]
    if is_first_release:
        lines.append(f"First released on {day}, with {count_noun(len(new), 'note')}.")
    else:
        newly_retired = sum(entry.mod == last_release for entry in retired)
        lines.append(
            f"Released on {day}: {len(new)} new, {len(changed)} changed, {newly_retired} retired; "
            f"{count_noun(len(notes) - len(moved), 'note')} as before."
        )
    lines += ["", "## If you study this deck", ""]
    lines += _instructions(deck.folder, retired=bool(retired), labels_removed=labels_removed)
    if not is_first_release:
        lines += _section("New", new, notes)
        lines += _section("Changed", changed, notes)
    lines += _section("Retired", retired, notes)
    return "\n".join([*lines, ""])


def _instructions(name: str, *, retired: bool, labels_removed: bool) -> Iterator[str]:
    """Yield the numbered steps for a learner. name: of the package, without its ending."""
    yield f"1. In Anki choose *File > Import* and `{name}.apkg`; the dialog's settings can stay as they are."
    yield "2. Your schedule is kept, and so are cards that were taken out of the deck."
    if retired:
        yield (
            f"3. To find those, import `{name}-retired.apkg` too, search for `tag:retired` in the browser, "
            "and suspend or delete what you no longer want."
        )
    if labels_removed:
        yield (
            f"{4 if retired else 3}. Some pictures have fewer labels than before: *Tools > Empty Cards* "
            "removes the cards that asked for the others."
        )
    if not retired and not labels_removed:
        yield "3. Nothing else: no note has been taken out of the deck."


def _section(title: str, entries: Iterable[NoteEntry], notes: dict[str, Note]) -> Iterator[str]:
    items = [_list_item(entry, notes.get(entry.key)) for entry in entries]
    if items:
        yield from ("", f"## {title}", "", *items)


def _list_item(entry: NoteEntry, note: Note | None) -> str:
    if note is None:
        return f"- `{entry.key}` ({entry.retired})"
    return f"- `{entry.key}`: {_escape_markdown(_question(note))}"


def _question(note: Note) -> str:
    """Return what the note asks, in one line."""
    if note.diagram is not None:
        return note.diagram.alt
    if note.custom_type is not None:
        return _one_line(next(cards(note)).front)
    field = notetype.TEXT if note.type == NoteType.CLOZE else notetype.QUESTION
    return _one_line(note.fields[field])


def _one_line(content: c.Content) -> str:
    line = " ".join(c.plain_text(content, _describe).split())
    return line if len(line) <= _QUESTION_WIDTH else line[: _QUESTION_WIDTH - 1] + "…"


def _describe(inline: c.Inline) -> str:
    match inline:
        case c.Math(tex, _):
            return tex
        case c.Blank():
            return " … "
        case c.LineBreak():
            return " "
        case _:
            return ""


def _escape_markdown(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|~" else char for char in text)
