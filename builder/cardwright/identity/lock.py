"""The lock of a deck, `deck.lock`: one line with the identity of each note and note type.

Git may merge two locks line by line. So the order of lines doesn't matter, and two lines for one note
are merged when the lock is read (`merge_note_entries`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from json.encoder import encode_basestring as _quote
from typing import Any

from cardwright.collection.notetype import BUILT_IN_TYPES, NoteType
from cardwright.diagnostics import Diagnostic, Related, Report, Source, Span
from cardwright.diagnostics.phrases import truncate
from cardwright.identity.json_lines import parse_json_lines
from cardwright.identity.positions import POSITION_LIMIT
from cardwright.identity.superseded import is_superseded

FORMAT = 1
"""The version of the lock's text; a lock with a greater one was written by a newer cardwright."""

REMOVED_LABEL = "~"
"""Precedes the key of a label that a diagram no longer has; no key contains it."""

FIRST_CARD_ONLY = {1: ""}
"""The cards of a note that has only its first card; the lock leaves them out."""

UNKNOWN_DIGEST = ""
"""The digest of an entry whose released content isn't known: it differs from that of every content."""

CONFLICT_MARKER = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?:[ \r].*)?$", re.MULTILINE)
# Characters that no name of a note type contains; see source/ids.py.
_NOT_IN_TYPE_NAMES = re.compile(r"[\s/\"\\\x00-\x1f]")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INT64_MAX = 2**63 - 1

_KEEP_RELEASED = "keep the line of the one that learners have, and delete the other"
_RESTORE = "restore the lock from git, or with `cardwright build --restore-lock` from the package in decks/"


@dataclass(frozen=True, slots=True)
class NoteEntry:
    """The identity of a note.

    guid: the id by which Anki recognises the note.
    id: Anki's note id, in ms since 1970; the ids of its cards follow it.
    digest: hash of the content as last released.
    mod: when that content was released, in s since 1970; Anki takes an update only if it is greater.
    due: position among the new cards, 0 to 999,999.
    cards: short digests of what the cards ask for, by card number, as in `NoteState`.
    since: when the note was first released, in s since 1970.
    retired: ISO date on which the note left the sources; empty while it is in them.
    subdeck: with which its cards were last released, as in `DeckName`.
    former_subdecks: others with which they were released before, sorted; learners may have them there.
    monotonic_since: `since` on a clock that never goes back; 0 if it is the same.
    printed: digest of what its cards show on paper, as in `NoteState`; empty if unknown.
    printed_mod: when that last changed, in s since 1970; 0 for at `mod`.
    """

    key: str
    type: NoteType
    guid: str
    id: int
    digest: str
    mod: int
    due: int
    cards: Mapping[int, str]
    since: int
    retired: str = ""
    subdeck: str = ""
    former_subdecks: tuple[str, ...] = ()
    monotonic_since: int = 0
    printed: str = ""
    printed_mod: int = 0

    @property
    def age_key(self) -> int:
        """A number that is smaller than that of every note that was released for the first time later."""
        return max(self.since, self.monotonic_since)

    @property
    def card_numbers(self) -> frozenset[int]:
        """The numbers of the cards that exist; those of removed labels are only remembered."""
        return frozenset(
            number for number, digest in self.cards.items() if not digest.startswith(REMOVED_LABEL)
        )

    @property
    def seen_mod(self) -> int:
        """When what its cards show on paper last changed, in s since 1970."""
        return self.printed_mod or self.mod


@dataclass(frozen=True, slots=True)
class NoteTypeEntry:
    """The identity of a note type: digests and names as in `NoteTypeState`, `mod` in s since 1970."""

    type: NoteType
    id: int
    schema: str
    digest: str
    mod: int
    fields: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lock:
    """The identities of a deck.

    deck_name: as last released; Anki finds decks by name.
    types: those of the notes.
    notes: by key, including retired notes.
    source: the text that the lock was read from; None if it was never written.
    """

    deck_id: str
    types: Mapping[NoteType, NoteTypeEntry]
    notes: Mapping[str, NoteEntry]
    deck_name: str = ""
    source: Source | None = field(default=None, compare=False)

    def header_span(self) -> Span | None:
        """Return where the lock names the deck."""
        return self._find("{" + f'"lock":{FORMAT},"deck":{_quote(self.deck_id)}')

    def note_span(self, key: str) -> Span | None:
        """Return the beginning of a note's line, up to its key, if it is written as `lock_text` writes it."""
        return self._find("{" + f'"key":{_quote(key)}')

    def type_span(self, note_type: NoteType) -> Span | None:
        """Return the beginning of a note type's line, up to its name, as for a note."""
        return self._find("{" + f'"type":"{note_type}"')

    def _find(self, beginning: str) -> Span | None:
        """Return where a line begins like this; its JSON goes on with another key."""
        start = -1 if self.source is None else self.source.text.find(f"{beginning},")
        return None if self.source is None or start < 0 else Span(self.source, start, start + len(beginning))


# Writing


def lock_text(lock: Lock) -> str:
    """Return the text of a lock: JSON Lines, sorted, so that git can merge two locks line by line."""
    header = f'"lock":{FORMAT},"deck":{_quote(lock.deck_id)},"name":{_quote(lock.deck_name)}'
    lines = ["{" + header + "}"]
    lines += (_type_line(lock.types[note_type]) for note_type in sorted(lock.types))
    lines += (_note_line(lock.notes[key]) for key in sorted(lock.notes))
    lines.append("")
    return "\n".join(lines)


def _type_line(entry: NoteTypeEntry) -> str:
    names = ""
    if entry.fields:
        names = f',"fields":{_name_list(entry.fields)},"templates":{_name_list(entry.templates)}'
    return (
        f'{{"type":"{entry.type}","id":{entry.id},"schema":{_quote(entry.schema)},'
        f'"digest":{_quote(entry.digest)},"mod":{entry.mod}{names}}}'
    )


def _name_list(names: Iterable[str]) -> str:
    return f"[{','.join(map(_quote, names))}]"


def _note_line(entry: NoteEntry) -> str:
    optional = ""
    if entry.cards != FIRST_CARD_ONLY:
        cards = ",".join(f'"{number}":{_quote(entry.cards[number])}' for number in sorted(entry.cards))
        optional = f',"cards":{{{cards}}}'
    if entry.retired:
        optional += f',"retired":{_quote(entry.retired)}'
    if entry.subdeck:
        optional += f',"subdeck":{_quote(entry.subdeck)}'
    if entry.former_subdecks:
        optional += f',"former_subdecks":{_name_list(entry.former_subdecks)}'
    if entry.monotonic_since:
        optional += f',"monotonic_since":{entry.monotonic_since}'
    if entry.printed:
        optional += f',"printed":{_quote(entry.printed)}'
    if entry.printed_mod:
        optional += f',"printed_mod":{entry.printed_mod}'
    return (
        f'{{"key":{_quote(entry.key)},"type":"{entry.type}","guid":{_quote(entry.guid)},'
        f'"id":{entry.id},"digest":{_quote(entry.digest)},"mod":{entry.mod},"since":{entry.since},"due":{entry.due}{optional}}}'
    )


# Reading


def read_lock(source: Source, report: Report) -> Lock | None:
    """Read a lock. Its lines may be in any order; duplicate lines, as a git merge leaves them, are merged.

    Errors: problems with the text go to the report, and None is returned.
    """
    if conflict := CONFLICT_MARKER.search(source.text):
        message = "the lock still holds the conflict markers of a merge"
        span = Span(source, conflict.start(), conflict.end())
        help_ = "delete the marker lines and keep the lines of both sides, in any order"
        report.add(Diagnostic("lock-conflict", message, span, help=help_))
        return None
    reader = _LockReader(source)
    problems = list(reader.read_lines()) or list(reader.merge_superseded()) or list(reader.check_note_types())
    report.extend(problems)
    if problems:
        return None
    if reader.deck_id is None:
        message = "the lock doesn't say which deck it belongs to"
        span = Span(source, 0, len(source.line(1)))
        note = "its first line is missing"
        report.add(Diagnostic("lock-damaged", message, span, note=note, help=_RESTORE))
        return None
    return Lock(reader.deck_id, reader.types, reader.notes, reader.deck_name, source)


def lock_is_not_text(decoding_error: Diagnostic) -> Diagnostic:
    """Turn the error from decoding a file into one about a lock."""
    message = "the lock is not readable text"
    return replace(decoding_error, code="lock-damaged", message=message, note="from here on", help=_RESTORE)


class _LockReader:
    """Collects the entries of a lock, line by line."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.deck_id: str | None = None
        self.deck_name = ""
        self.types: dict[NoteType, NoteTypeEntry] = {}
        self.notes: dict[str, NoteEntry] = {}
        self._clashing: list[tuple[NoteEntry, int]] = []

    def read_lines(self) -> Iterator[Diagnostic]:
        """Read all lines and yield the problems with them."""
        for number, fields in enumerate(parse_json_lines(self.source.text), 1):
            if fields is None:
                continue
            problem = None
            if isinstance(key := fields.get("key"), str):
                problem = self._add_note(_read_note_entry(key, fields), number)
            else:
                match fields:
                    case {"lock": int(version)} if version > FORMAT:
                        message = "the lock was written by a newer version of cardwright"
                        help_ = "update cardwright; an older version would lose what the newer one wrote"
                        yield Diagnostic("lock-newer", message, self._line_span(number), help=help_)
                        return
                    case {"lock": int(), "deck": str(deck_id), "name": str(name)} if self.deck_id in (
                        None,
                        deck_id,
                    ):
                        self.deck_id, self.deck_name = deck_id, name
                    case {"type": str()}:
                        problem = self._add_type(_read_type_entry(fields), number)
                    case _:
                        problem = self._unreadable(number)
            if problem is not None:
                yield problem

    def merge_superseded(self) -> Iterator[Diagnostic]:
        """Merge superseded entries with what another branch still calls by their former key.

        Yield an error for each key that is left with two notes.
        """
        superseded = {entry.guid: key for key, entry in self.notes.items() if is_superseded(key)}

        def merge_stale(entry: NoteEntry) -> bool:
            key = superseded.get(entry.guid, entry.key)
            merged = merge_note_entries(self.notes[key], replace(entry, key=key, digest=UNKNOWN_DIGEST))
            if key == entry.key or merged is None:
                return False
            self.notes[key] = merged
            return True

        for entry in [entry for entry in self.notes.values() if entry.guid in superseded]:
            if merge_stale(entry):
                del self.notes[entry.key]
        for entry, number in self._clashing:
            kept = self.notes.setdefault(entry.key, entry)
            merged = merge_note_entries(kept, entry)
            if merged is not None:
                self.notes[entry.key] = merged
            elif not merge_stale(entry):
                # Two branches each gave the key to a note of their own.
                message = "the lock has two notes with one key"
                first_line = self._first_line("key", entry.key)
                note = "another guid, or another kind"
                yield self._duplicate(number, first_line, "lock-note-twice", message, note)

    def check_note_types(self) -> Iterator[Diagnostic]:
        """Yield an error for each note whose note type is neither built in nor in the lock.

        That happens when one branch removes a note type without notes and another adds a note of it.
        """
        present = {*BUILT_IN_TYPES, *self.types}
        for key, entry in self.notes.items():
            if entry.type not in present:
                message = f"the lock has lost its line of the note type `{truncate(entry.type, 20)}`"
                span = self._first_line("key", key)
                help_ = "restore that line from git; it says which fields and templates learners have"
                yield Diagnostic("lock-damaged", message, span, note="a note of this type", help=help_)

    def _add_note(self, entry: NoteEntry | None, number: int) -> Diagnostic | None:
        if entry is None:
            return self._unreadable(number)
        if entry.key in self.notes:
            merged = merge_note_entries(self.notes[entry.key], entry)
            if merged is None:
                self._clashing.append((entry, number))
                return None
            entry = merged
        self.notes[entry.key] = entry
        return None

    def _add_type(self, entry: NoteTypeEntry | None, number: int) -> Diagnostic | None:
        if entry is None:
            return self._unreadable(number)
        merged = _merge_type_entries(self.types.get(entry.type, entry), entry)
        if merged is None:
            # One of two branches was built by a version with other fields or templates.
            message = "the lock has one note type twice, with other fields"
            first_line = self._first_line("type", entry.type)
            return self._duplicate(number, first_line, "lock-type-twice", message, "and again here")
        self.types[entry.type] = merged
        return None

    def _duplicate(self, number: int, first_line: Span, code: str, message: str, note: str) -> Diagnostic:
        related = (Related(first_line, "first here"),)
        return Diagnostic(
            code, message, self._line_span(number), note=note, related=related, help=_KEEP_RELEASED
        )

    def _unreadable(self, number: int) -> Diagnostic:
        message = "a line of the lock can't be read"
        return Diagnostic("lock-damaged", message, self._line_span(number), help=_RESTORE)

    def _first_line(self, name: str, value: str) -> Span:
        """Return the first line of the note with this key, or of this note type; there is one."""
        return next(
            self._line_span(number)
            for number, fields in enumerate(parse_json_lines(self.source.text), 1)
            # The line of a note names its type too.
            if fields and fields.get(name) == value and ("key" in fields) == (name == "key")
        )

    def _line_span(self, number: int) -> Span:
        """Return a line by its 1-based number; only LF ends a line here, as in the reader."""
        text = self.source.text
        start = 0
        for _ in range(number - 1):
            start = text.index("\n", start) + 1
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else len(text)].rstrip("\r")
        return Span(self.source, start, start + len(line))


def _read_note_entry(key: str, fields: dict[str, Any]) -> NoteEntry | None:
    # Written out, because it runs for every note; `match` takes five times as long.
    get: Callable[..., Any] = fields.get
    note_type = _read_type_name(get("type"))
    guid, id_, digest, mod, due = get("guid"), get("id"), get("digest"), get("mod"), get("due")
    since, retired, subdeck = get("since"), get("retired", ""), get("subdeck", "")
    monotonic, printed, printed_mod = get("monotonic_since", 0), get("printed", ""), get("printed_mod", 0)
    texts, numbers = (guid, digest, retired, subdeck, printed), (id_, mod, due, since, monotonic, printed_mod)
    # A bool is an int in Python, but not in JSON.
    if {*map(type, texts)} != {str} or {*map(type, numbers)} != {int}:
        return None
    if not note_type or not guid or (retired and not ISO_DATE.fullmatch(retired)):
        return None
    cards = _read_cards(fields["cards"]) if "cards" in fields else FIRST_CARD_ONLY
    former_subdecks = _read_names(fields["former_subdecks"]) if "former_subdecks" in fields else ()
    if cards is None or former_subdecks is None or not (0 <= due < POSITION_LIMIT and 0 < id_ < _INT64_MAX):
        return None
    if not (0 <= since <= mod < _INT64_MAX and 0 <= monotonic < _INT64_MAX and 0 <= printed_mod < _INT64_MAX):
        return None
    return NoteEntry(
        *(key, note_type, guid, id_, digest, mod, due, cards, since, retired, subdeck, former_subdecks),
        *(monotonic, printed, printed_mod),
    )


def _read_type_name(name: object) -> NoteType | None:
    return _note_type(name) if name and isinstance(name, str) else None


@cache
def _note_type(name: str) -> NoteType | None:
    """Return the note type of a name, always the same object, since a lock has few types and many notes."""
    return None if _NOT_IN_TYPE_NAMES.search(name) else NoteType(name)


def _read_cards(digests: object) -> dict[int, str] | None:
    if not isinstance(digests, dict):
        return None
    cards: dict[int, str] = {}
    for number, digest in digests.items():
        if not (number.isascii() and number.isdigit() and isinstance(digest, str)):
            return None
        cards[int(number)] = digest
    return cards


def _read_type_entry(fields: dict[str, object]) -> NoteTypeEntry | None:
    match fields:
        case {
            "type": str(type_name),
            "id": int(id_),
            "schema": str(schema),
            "digest": str(digest),
            "mod": int(mod),
        } if 0 < id_ < _INT64_MAX and 0 <= mod < _INT64_MAX and bool not in (type(id_), type(mod)):
            note_type = _read_type_name(type_name)
            names, templates = _read_names(fields.get("fields", [])), _read_names(fields.get("templates", []))
            if note_type is None or names is None or templates is None:
                return None
            return NoteTypeEntry(note_type, id_, schema, digest, mod, names, templates)
        case _:
            return None


def _read_names(names: object) -> tuple[str, ...] | None:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    return tuple(names)


# Merging


def merge_note_entries(first: NoteEntry, second: NoteEntry) -> NoteEntry | None:
    """Merge two lines for one key, as a git merge leaves them; return None if they are two notes.

    Learners may have either line, or neither. So the entry with the greater `mod` wins. If both are
    equal and the contents differ, the content counts as unknown, and the next build moves `mod`
    above both. Neither the order of the lines nor their number makes a difference.

    What was last printed is known only if both agree on it.
    """
    if (first.guid, first.type) != (second.guid, second.type):
        return None
    newer, older = (first, second) if first.mod >= second.mod else (second, first)
    subdeck = max(first.subdeck, second.subdeck)
    subdecks = {first.subdeck, second.subdeck, *first.former_subdecks, *second.former_subdecks}
    same_print = bool(first.printed) and first.printed == second.printed
    merged = replace(
        newer,
        id=min(first.id, second.id),
        since=min(first.since, second.since),
        monotonic_since=min(first.monotonic_since, second.monotonic_since),
        subdeck=subdeck,
        former_subdecks=tuple(sorted(subdecks - {subdeck})),
        printed=first.printed if same_print else "",
        printed_mod=max(first.seen_mod, second.seen_mod) if same_print else 0,
    )
    cards = dict(first.cards)
    for number, digest in second.cards.items():
        cards[number] = min(digest, cards.get(number, digest))
    if older.mod < newer.mod:
        # The lock alone holds the numbers of labels, so the older branch's numbers are kept too.
        return replace(merged, cards=cards) if first.type == NoteType.DIAGRAM else merged
    same = (first.digest, first.retired) == (second.digest, second.retired)
    return replace(
        merged,
        digest=first.digest if same else UNKNOWN_DIGEST,
        retired=first.retired if same else "",
        due=min(first.due, second.due),
        cards=cards,
    )


def _merge_type_entries(first: NoteTypeEntry, second: NoteTypeEntry) -> NoteTypeEntry | None:
    """Merge two lines for one note type; return None if they differ in what must never change."""
    if (first.type, first.id, first.schema) != (second.type, second.id, second.schema):
        return None
    if first.mod == second.mod and first.digest != second.digest:
        return replace(first, digest=UNKNOWN_DIGEST)
    return max(first, second, key=lambda entry: entry.mod)
