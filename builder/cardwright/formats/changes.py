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
    elsewhere = [note for note in deck.notes if lock.notes[note.key].former_subdecks]
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
    lines += _instructions(
        deck.folder, retired=bool(retired), labels_removed=labels_removed, elsewhere=bool(elsewhere)
    )
    if not is_first_release:
        lines += _section("New", new, notes)
        lines += _section("Changed", changed, notes)
    lines += _moved_notes(elsewhere, lock)
    lines += _section("Retired", retired, notes)
    return "\n".join([*lines, ""])


def _instructions(name: str, *, retired: bool, labels_removed: bool, elsewhere: bool) -> Iterator[str]:
    """Yield the numbered steps for a learner. name: of the package, without its ending."""
    steps = [
        f"In Anki choose *File > Import* and `{name}.apkg`; the dialog's settings can stay as they are.",
        "Your schedule is kept, and so are cards that were taken out of the deck.",
    ]
    if retired:
        steps.append(
            f"To find those, import `{name}-retired.apkg` too, search for `tag:retired` in the browser, "
            "and suspend or delete what you no longer want."
        )
    if labels_removed:
        steps.append(
            "Some pictures have fewer labels than before: *Tools > Empty Cards* "
            "removes the cards that asked for the others."
        )
    if elsewhere:
        steps.append(
            "Some notes belong to other sub-decks than before. Anki leaves the cards you have "
            "where they are; to move them, see below."
        )
    if len(steps) == 2:
        steps.append("Nothing else: no note has been taken out of the deck.")
    yield from (f"{number}. {step}" for number, step in enumerate(steps, start=1))


def _section(title: str, entries: Iterable[NoteEntry], notes: dict[str, Note]) -> Iterator[str]:
    items = [_list_item(entry, notes.get(entry.key)) for entry in entries]
    if items:
        yield from ("", f"## {title}", "", *items)


def _moved_notes(notes: Iterable[Note], lock: Lock) -> Iterator[str]:
    """Yield the section of notes that were released in other sub-decks before, deck by deck."""
    by_deck: dict[str, list[Note]] = {}
    for note in notes:
        by_deck.setdefault(note.deck_name.full, []).append(note)
    if by_deck:
        yield from ("", "## In other sub-decks", "")
        yield "To move your cards, search for the line with `nid:` in Anki's browser, select what it finds,"
        yield "and choose *Cards > Change Deck*."
    for deck_name, deck_notes in by_deck.items():
        yield from ("", f"### {_escape_markdown(deck_name)}", "")
        yield f"`nid:{','.join(str(lock.notes[note.key].id) for note in deck_notes)}`"
        yield ""
        yield from (_list_item(lock.notes[note.key], note) for note in deck_notes)


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
