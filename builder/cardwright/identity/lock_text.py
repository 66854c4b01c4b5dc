"""Writes and reads the text of a lock: a line for each note, note type and imported media file.

Git may merge two locks line by line. So the order of lines doesn't matter, and two lines for one note
are merged when the lock is read (`merge_note_entries`).
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, TypeVar

import msgspec

from cardwright.collection.notetype import BUILT_IN_TYPES, NoteType
from cardwright.diagnostics import Diagnostic, Related, Report, Source, Span
from cardwright.diagnostics.phrases import truncate
from cardwright.identity.lock import (
    FIRST_CARD_ONLY,
    FORMAT,
    UNKNOWN_DIGEST,
    DescriptionEntry,
    Lock,
    MediaEntry,
    NoteEntry,
    NoteTypeEntry,
    merge_note_entries,
    merge_type_entries,
)
from cardwright.identity.superseded import is_superseded
from cardwright.record import replace

CONFLICT_MARKER = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?:[ \r].*)?$", re.MULTILINE)
# Characters that no name of a note type contains; see source/ids.py.
_NOT_IN_TYPE_NAMES = re.compile(r"[\s/\"\\\x00-\x1f]")

_KEEP_RELEASED = "keep the line of the one that learners have, and delete the other"
_RESTORE = "restore the lock from git, or with `cardwright build --restore-lock` from the package in decks/"

_NOTE_LINE = '\n{"key":'
"""The end of a line, and how the next one begins if it is about a note."""


# Writing


def encode_lock(lock: Lock) -> bytes:
    """Return the text of a lock: JSON Lines, sorted, so that git can merge two locks line by line."""
    header = {"lock": FORMAT, "deck": lock.deck_id, "name": lock.deck_name}
    types = [lock.types[note_type] for note_type in sorted(lock.types)]
    media = [lock.media[path] for path in sorted(lock.media)]
    notes = [_with_ordered_cards(lock.notes[key]) for key in sorted(lock.notes)]
    description = () if lock.description is None else (lock.description,)
    return _ENCODER.encode_lines([header, *description, *types, *media, *notes])


_ENCODER = msgspec.json.Encoder(enc_hook=str)  # `str` turns the names of note types into plain texts


def _with_ordered_cards(entry: NoteEntry) -> NoteEntry:
    """Return an entry whose cards are in order, or left out if there is only the first."""
    cards = entry.cards
    if cards is FIRST_CARD_ONLY:
        return entry
    return entry.replace(cards=FIRST_CARD_ONLY if cards == FIRST_CARD_ONLY else dict(sorted(cards.items())))


# Reading


def read_lock(source: Source, report: Report) -> Lock | None:
    """Read a lock. Its lines may be in any order; duplicate lines, as a git merge leaves them, are merged.

    Errors: problems with the text go to the report, and None is returned.
    """
    if (lock := _read_unmerged_lock(source)) is not None:
        return lock
    if conflict := CONFLICT_MARKER.search(source.text):
        message = "the lock still holds the conflict markers of a merge"
        span = Span(source, conflict.start(), conflict.end())
        help_ = "delete the marker lines and keep the lines of both sides, in any order"
        report.add(Diagnostic("lock-conflict", message, span, help=help_))
        return None
    reader = _LockReader(source)
    reader.read_lines(source.text)
    problems = reader.problems or list(reader.merge_superseded()) or list(reader.check_note_types())
    report.extend(problems)
    if problems:
        return None
    if reader.deck_id is None:
        message = "the lock doesn't say which deck it belongs to"
        span = Span(source, 0, len(source.line(1)))
        note = "its first line is missing"
        report.add(Diagnostic("lock-damaged", message, span, note=note, help=_RESTORE))
        return None
    return reader.lock(reader.deck_id, reader.notes)


def _read_unmerged_lock(source: Source) -> Lock | None:
    """Read a lock with a line for each note, after all others; return None if anything else is there.

    The lines are decoded all at once, several times faster than by `_LockReader`, which reads the same.
    """
    text = source.text
    start = text.find(_NOTE_LINE) + 1
    reader = _LockReader(source)
    reader.read_lines(text[:start])
    if reader.problems or reader.deck_id is None or reader.notes:
        return None
    try:
        entries = _NOTE_DECODER.decode_lines(text[start:])
    except msgspec.DecodeError:
        return None
    notes = {entry.key: entry for entry in entries}
    # The decoder takes two objects in a line, and one in two lines.
    line_counts = {text.count("\n", start), text.count(_NOTE_LINE, start - 1), len(entries), len(notes)}
    is_regular = (
        len(line_counts) == 1
        and text.endswith("\n")
        and all(entry.since <= entry.mod for entry in entries)
        and {entry.type for entry in entries} <= {*BUILT_IN_TYPES, *reader.types}
        and not any(map(is_superseded, notes))
    )
    return reader.lock(reader.deck_id, notes) if is_regular else None


def lock_is_not_text(decoding_error: Diagnostic) -> Diagnostic:
    """Turn the error from decoding a file into one about a lock."""
    message = "the lock is not readable text"
    return replace(decoding_error, code="lock-damaged", message=message, note="from here on", help=_RESTORE)


class _LockReader:
    """Collects the entries of a lock, line by line."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Diagnostic] = []
        self.deck_id: str | None = None
        self.deck_name = ""
        self.types: dict[NoteType, NoteTypeEntry] = {}
        self.media: dict[str, MediaEntry] = {}
        self.description: DescriptionEntry | None = None
        self.notes: dict[str, NoteEntry] = {}
        self._first_lines: dict[tuple[str, str], Span] = {}
        self._clashing: list[tuple[NoteEntry, Span]] = []

    def lock(self, deck_id: str, notes: dict[str, NoteEntry]) -> Lock:
        """Return the lock of all that was read, with these notes."""
        return Lock(deck_id, self.types, notes, self.deck_name, self.source, self.media, self.description)

    def read_lines(self, text: str) -> None:
        """Read the lines of a text, with which the source begins; only LF ends a line here."""
        start = 0
        for line in text.split("\n"):
            if line.strip():
                span = Span(self.source, start, start + len(line.rstrip("\r")))
                if not self._read_line(_parse_object(line), span):
                    return
            start += len(line) + 1

    def _read_line(self, fields: dict[str, Any], span: Span) -> bool:
        """Read a line. Return whether the others can be read too."""
        if isinstance(key := fields.get("key"), str):
            self._first_lines.setdefault(("key", key), span)
            self._add_note(_read_entry(fields, NoteEntry), span)
            return True
        match fields:
            case {"lock": int(version)} if version > FORMAT:
                message = "the lock was written by a newer version of cardwright"
                help_ = "update cardwright; an older version would lose what the newer one wrote"
                self.problems.append(Diagnostic("lock-newer", message, span, help=help_))
                return False
            case {"lock": int(), "deck": str(deck_id), "name": str(name)} if self.deck_id in (None, deck_id):
                self.deck_id, self.deck_name = deck_id, name
            case {"type": str(type_name)}:
                self._first_lines.setdefault(("type", type_name), span)
                self._add_type(_read_entry(fields, NoteTypeEntry), span)
            case {"description": str()}:
                self.description = _read_entry(fields, DescriptionEntry)
                if self.description is None:
                    self._add_unreadable(span)
            case {"media": str(path)}:
                self._first_lines.setdefault(("media", path), span)
                self._add_media(_read_entry(fields, MediaEntry), span)
            case _:
                self._add_unreadable(span)
        return True

    def merge_superseded(self) -> Iterator[Diagnostic]:
        """Merge superseded entries with what another branch still calls by their former key.

        Yield an error for each key that is left with two notes.
        """
        superseded = {entry.guid: key for key, entry in self.notes.items() if is_superseded(key)}

        def merge_stale(entry: NoteEntry) -> bool:
            key = superseded.get(entry.guid, entry.key)
            merged = merge_note_entries(self.notes[key], entry.replace(key=key, digest=UNKNOWN_DIGEST))
            if key == entry.key or merged is None:
                return False
            self.notes[key] = merged
            return True

        for entry in [entry for entry in self.notes.values() if entry.guid in superseded]:
            if merge_stale(entry):
                del self.notes[entry.key]
        for entry, span in self._clashing:
            kept = self.notes.setdefault(entry.key, entry)
            merged = merge_note_entries(kept, entry)
            if merged is not None:
                self.notes[entry.key] = merged
            elif not merge_stale(entry):
                # Two branches each gave the key to a note of their own.
                message = "the lock has two notes with one key"
                note, first = "another guid, or another kind", self._first_lines["key", entry.key]
                yield _duplicate("lock-note-twice", message, span, note, first)

    def check_note_types(self) -> Iterator[Diagnostic]:
        """Yield an error for each note whose note type is neither built in nor in the lock.

        That happens when one branch removes a note type without notes and another adds a note of it.
        """
        present = {*BUILT_IN_TYPES, *self.types}
        for key, entry in self.notes.items():
            if entry.type not in present:
                message = f"the lock has lost its line of the note type `{truncate(entry.type, 20)}`"
                span = self._first_lines["key", key]
                help_ = "restore that line from git; it says which fields and templates learners have"
                yield Diagnostic("lock-damaged", message, span, note="a note of this type", help=help_)

    def _add_note(self, entry: NoteEntry | None, span: Span) -> None:
        if entry is None or entry.since > entry.mod:
            self._add_unreadable(span)
        elif entry.key not in self.notes:
            self.notes[entry.key] = entry
        elif (merged := merge_note_entries(self.notes[entry.key], entry)) is not None:
            self.notes[entry.key] = merged
        else:
            self._clashing.append((entry, span))

    def _add_type(self, entry: NoteTypeEntry | None, span: Span) -> None:
        if entry is None or not _fits_imported(entry):
            self._add_unreadable(span)
        elif (merged := merge_type_entries(self.types.get(entry.type, entry), entry)) is not None:
            self.types[entry.type] = merged
        else:
            # One of two branches was built by a version with other fields or templates.
            message = "the lock has one note type twice, with other fields"
            first = self._first_lines["type", entry.type]
            self.problems.append(_duplicate("lock-type-twice", message, span, "and again here", first))

    def _add_media(self, entry: MediaEntry | None, span: Span) -> None:
        if entry is None:
            self._add_unreadable(span)
        elif self.media.setdefault(entry.media, entry) != entry:
            message, first = (
                "the lock has two lines for one media file",
                self._first_lines["media", entry.media],
            )
            self.problems.append(
                _duplicate("lock-media-twice", message, span, "another name or content", first)
            )

    def _add_unreadable(self, span: Span) -> None:
        message = "a line of the lock can't be read"
        self.problems.append(Diagnostic("lock-damaged", message, span, help=_RESTORE))


def _duplicate(code: str, message: str, span: Span, note: str, first: Span) -> Diagnostic:
    related = (Related(first, "first here"),)
    return Diagnostic(code, message, span, note=note, related=related, help=_KEEP_RELEASED)


def _parse_object(line: str) -> dict[str, Any]:
    """Return the JSON object of a line; an empty dict if there is anything else."""
    try:
        parsed = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _fits_imported(entry: NoteTypeEntry) -> bool:
    """Return whether what Anki has of an imported note type has a part for each field and template."""
    parts = (("flds", entry.fields), ("tmpls", entry.templates)) if entry.imported else ()
    return all(
        isinstance(stored := entry.imported.get(key), list)
        and len(stored) == len(names)
        and all(isinstance(part, dict) for part in stored)
        for key, names in parts
    )


_Entry = TypeVar("_Entry", NoteEntry, NoteTypeEntry, MediaEntry, DescriptionEntry)


def _read_entry(fields: dict[str, Any], entry_class: type[_Entry]) -> _Entry | None:
    """Return the entry of a line, without what a newer version added; None if any value is wrong."""
    known = {name: fields[name] for name in entry_class.__struct_fields__ if name in fields}
    try:
        return msgspec.convert(known, entry_class, dec_hook=_decode_type, str_keys=True)
    except msgspec.ValidationError:
        return None


def _decode_type(_: type, name: str) -> NoteType:
    return _note_type(name)


@cache
def _note_type(name: str) -> NoteType:
    """Return the note type of a name, always the same object, since a lock has few types and many notes."""
    if not name or _NOT_IN_TYPE_NAMES.search(name):
        raise ValueError
    return NoteType(name)


_NOTE_DECODER = msgspec.json.Decoder(NoteEntry, dec_hook=_decode_type)
