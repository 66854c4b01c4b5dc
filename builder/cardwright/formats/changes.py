"""`CHANGES.md`: what a build means for someone who studies the deck."""

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

# A question is recognised by so many characters.
_LONGEST = 100


def changes(deck: Deck, lock: Lock) -> str:
    """The page in Markdown: what to do, then what is new, changed and retired in the last release.

    lock: of this build. The last release is the one in which anything moved last, so
        that an unchanged deck has an unchanged page.
    """
    release = max((entry.mod for entry in lock.notes.values()), default=0)
    notes = {note.key: note for note in deck.notes}
    moved = [lock.notes[note.key] for note in deck.notes if lock.notes[note.key].mod == release]
    new = [entry for entry in moved if entry.since == release]
    changed = [entry for entry in moved if entry.since != release]
    retired = [lock.notes[key] for key in sorted(lock.notes) if lock.notes[key].retired]
    diagrams = [note.key for note in deck.notes if note.diagram is not None]
    emptied = any(lock.notes[key].numbers < lock.notes[key].cards.keys() for key in diagrams)
    day = datetime.fromtimestamp(release, UTC).date().isoformat()
    first = len(new) == len(lock.notes)

    lines = [f"# Changes to {_plain(deck.name)}", ""]
    if first:
        lines.append(f"First released on {day}, with {count_noun(len(new), 'note')}.")
    else:
        told = [
            f"{len(new)} new",
            f"{len(changed)} changed",
            f"{sum(one.mod == release for one in retired)} retired",
        ]
        lines.append(
            f"Released on {day}: {', '.join(told)}; {count_noun(len(notes) - len(moved), 'note')} as before."
        )
    lines += ["", "## If you study this deck", "", *_advice(deck.folder, retired, emptied=emptied)]
    if not first:
        lines += _section("New", new, notes)
        lines += _section("Changed", changed, notes)
    lines += _section("Retired", retired, notes)
    return "\n".join([*lines, ""])


def _advice(name: str, retired: list[NoteEntry], *, emptied: bool) -> Iterator[str]:
    """What to do, by number. emptied: whether a diagram no longer asks for some of its labels."""
    yield f"1. In Anki choose *File > Import* and `{name}.apkg`; the dialog's settings can stay as they are."
    yield "2. Your schedule is kept, and so are cards that were taken out of the deck."
    if retired:
        yield (
            f"3. To find those, import `{name}-retired.apkg` too, search for `tag:retired` in the browser, "
            "and suspend or delete what you no longer want."
        )
    if emptied:
        yield (
            f"{4 if retired else 3}. Some pictures have fewer labels than before: *Tools > Empty Cards* "
            "removes the cards that asked for the others."
        )
    if not retired and not emptied:
        yield "3. Nothing else: no note has been taken out of the deck."


def _section(title: str, entries: Iterable[NoteEntry], notes: dict[str, Note]) -> Iterator[str]:
    listed = [_entry(entry, notes.get(entry.key)) for entry in entries]
    if listed:
        yield from ("", f"## {title}", "", *listed)


def _entry(entry: NoteEntry, note: Note | None) -> str:
    if note is None:
        return f"- `{entry.key}` ({entry.retired})"
    return f"- `{entry.key}`: {_plain(_question(note))}"


def _question(note: Note) -> str:
    """What the note asks, in one line."""
    if note.diagram is not None:
        return note.diagram.alt
    if note.custom_type is not None:
        return _line(next(cards(note)).front)
    field = notetype.TEXT if note.type == NoteType.CLOZE else notetype.QUESTION
    return _line(note.fields[field])


def _line(content: c.Content) -> str:
    """What a content says, its paragraphs and items one behind the other."""
    line = " ".join(c.plain_text(content, _words).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _words(inline: c.Inline) -> str:
    match inline:
        case c.Math(tex, _):
            return tex
        case c.Blank():
            return " … "
        case c.LineBreak():
            return " "
        case _:
            return ""


def _plain(text: str) -> str:
    """Text that says in Markdown what it says."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|~" else char for char in text)
