"""Write `CHANGES.md`: what the releases of a deck mean for someone who studies it.

The page begins with what to do and goes on with a section for each release, the latest first. Only the
latest can be made from the packages; the others are kept as they stand, with all that an author has
changed in them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime

from cardwright.collection.deck import Deck
from cardwright.diagnostics.phrases import count_noun
from cardwright.formats.anki.release_sections import split_sections
from cardwright.formats.anki.released import ReleasedPackage
from cardwright.formats.anki.render import RenderedDeck, RenderedNote
from cardwright.formats.outputs import PACKAGE_ENDING, RETIRED_ENDING
from cardwright.formats.word_diff import code_span, escape_markdown
from cardwright.identity.lock import Lock
from cardwright.record import Record

_KEPT_LINES = 1000
"""Lines of earlier releases that stay; whole sections only."""

_LAST_TIME = 253_402_300_799
"""The end of the year 9999, in s since 1970; a lock may hold any time."""


class EarlierOutput(Record, frozen=True):
    """What the build before left. page: CHANGES.md. package, retired: read a package when called."""

    page: str
    package: Callable[[], ReleasedPackage]
    retired: Callable[[], ReleasedPackage]


def render_changes(
    deck: Deck,
    rendered: RenderedDeck,
    lock: Lock,
    earlier: EarlierOutput,
    *,
    name: str,
    has_retired_package: bool,
) -> str:
    """Return the page in Markdown.

    lock: of this build, reconciled with `rendered`. name: as `release_name` gives it.
    has_retired_package: whether this build has a package of retired notes. Without one there may be some
        even so: those whose texts are lost.

    A section says the name of its release, which follows from the lock. So a build without changes leaves
    the page as it is, and packages are compared only when there is something to tell.
    """
    sections = split_sections(earlier.page)
    if not sections or name not in sections[0]:
        section = _make_section(name, rendered, lock, earlier, is_only=not sections)
        sections = [section, *sections] if section else sections
    lines = [f"# Changes to {escape_markdown(deck.name)}", "", "## If you study this deck", ""]
    is_first = len(sections) == 1 and _is_first_release(lock)
    lines += _instructions(deck, lock, is_first=is_first, has_retired_package=has_retired_package)
    lines += _moved_notes(rendered, lock)
    return "\n\n".join(["\n".join(lines), *_limit(sections)]) + "\n"


def _limit(sections: Sequence[str]) -> Iterator[str]:
    """Yield the latest section, and as many of the others as have room."""
    lines = 0
    for number, section in enumerate(sections):
        lines += section.count("\n") + 2 if number else 0
        if lines <= _KEPT_LINES:
            yield section


def _make_section(
    name: str, rendered: RenderedDeck, lock: Lock, earlier: EarlierOutput, *, is_only: bool
) -> str:
    """Return the section of this build; empty if it changes nothing. is_only: whether there are no others."""
    note_times = [entry.mod for entry in lock.notes.values()]
    package = earlier.package()
    is_imported = is_only and not package.notes and any(entry.imported for entry in lock.types.values())
    if is_imported or (_is_first_release(lock) and (is_only or not package.notes)):
        count = count_noun(len(lock.notes), "note")
        return f"{_heading(note_times)}First release, {name}, with {count}."
    # A first build does without it.
    from cardwright.formats.anki import changes_section  # noqa: PLC0415

    if section := changes_section.compare_releases(name, rendered, lock, package, earlier.retired()):
        return _heading([*note_times, *(entry.mod for entry in lock.types.values())]) + section
    if is_only or not package.notes:
        return _heading(note_times) + changes_section.list_last_changes(
            name, rendered, lock, earlier.retired()
        )
    return ""


def _heading(times: Iterable[int]) -> str:
    """Return the heading of a section: the day of the latest of some times, in s since 1970."""
    time = min(max(times, default=0), _LAST_TIME)
    return f"## {datetime.fromtimestamp(time, UTC).date().isoformat()}\n\n"


def _is_first_release(lock: Lock) -> bool:
    return len({time for entry in lock.notes.values() for time in (entry.since, entry.mod)}) <= 1


def _instructions(deck: Deck, lock: Lock, *, is_first: bool, has_retired_package: bool) -> Iterator[str]:
    """Yield the numbered steps for a learner."""
    endings = (PACKAGE_ENDING, RETIRED_ENDING)
    package, retired = (code_span(f"{deck.folder}{ending}") for ending in endings)
    steps = [f"In Anki choose *File > Import* and {package}; the dialog's settings can stay as they are."]
    if is_first:
        steps.append("Import later releases in the same way; what they change will be listed here.")
    else:
        steps.append("Your schedule is kept, and so are cards that were taken out of the deck.")
    if has_retired_package:
        steps.append(
            f"To find those, import {retired} too, search for `tag:retired` in the browser, "
            "and suspend or delete what you no longer want."
        )
    present = [entry for entry in lock.notes.values() if not entry.retired]
    diagrams = (entry for entry in present if entry.has_labels)
    if any(entry.card_numbers < entry.cards.keys() for entry in diagrams):
        steps.append(
            "Some pictures have fewer labels than before: *Tools > Empty Cards* "
            "removes the cards that asked for the others."
        )
    if any(entry.former_subdecks for entry in present):
        steps.append(
            "Some notes belong to other sub-decks than before. Anki leaves the cards you have "
            "where they are; to move them, see below."
        )
    if len(steps) == 2 and not is_first and not any(entry.retired for entry in lock.notes.values()):
        steps.append("Nothing else: no note has been taken out of the deck.")
    yield from (f"{number}. {step}" for number, step in enumerate(steps, start=1))


def _moved_notes(rendered: RenderedDeck, lock: Lock) -> Iterator[str]:
    """Yield the section of notes that were released in other sub-decks before, deck by deck."""
    by_deck: dict[str, list[RenderedNote]] = {}
    for note in rendered.notes:
        if lock.notes[note.state.key].former_subdecks:
            by_deck.setdefault(note.state.deck_name.full, []).append(note)
    if not by_deck:
        return
    from cardwright.formats.anki.changes_section import list_notes  # noqa: PLC0415  few decks have any

    yield from ("", "## In other sub-decks", "")
    yield "To move your cards, search for the line with `nid:` in Anki's browser, select what it finds,"
    yield "and choose *Cards > Change Deck*."
    for deck_name, notes in by_deck.items():
        yield from ("", f"### {escape_markdown(deck_name)}", "")
        yield f"`nid:{','.join(str(lock.notes[note.state.key].id) for note in notes)}`"
        yield ""
        yield from list_notes(notes, rendered)
