"""The text of a lock, read."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from cardwright.collection.notetype import BUILT_IN_TYPES, NoteType
from cardwright.diagnostics.diagnostic import Diagnostic, Related
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.report import Report
from cardwright.diagnostics.span import Source, Span
from cardwright.identity import merge
from cardwright.identity.lock import FORMAT, PLAIN, Lock, NoteEntry, NoteTypeEntry
from cardwright.identity.positions import LIMIT

_CONFLICT = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?:[ \r].*)?$", re.MULTILINE)
# What no note type has in its name; see source/ids.py.
_NOT_IN_TYPES = re.compile(r"[\s/\"\\\x00-\x1f]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BIGGEST = 2**63 - 1

_KEEP_RELEASED = "keep the line of the one that learners have, and delete the other"
_RESTORE = "take the lock back from git; without it every note counts as changed once"


def read_lock(source: Source, report: Report) -> Lock | None:
    """The lock in a text; the order of its lines does not matter, and what a merge left twice heals.

    Errors: what is wrong with the text goes to the report, and None is returned.
    """
    if conflict := _CONFLICT.search(source.text):
        report.add(
            Diagnostic(
                code="lock-conflict",
                message="the lock still holds the conflict markers of a merge",
                span=Span(source, conflict.start(), conflict.end()),
                help="delete the marker lines and keep the lines of both sides; their order is free",
            )
        )
        return None
    found = _Reading(source)
    findings = list(found.lines()) or list(found.strangers())
    report.extend(findings)
    if findings:
        return None
    if found.deck_id is None:
        report.add(
            Diagnostic(
                code="lock-damaged",
                message="the lock does not say which deck it belongs to",
                span=Span(source, 0, len(source.line(1))),
                note="its first line is missing",
                help=_RESTORE,
            )
        )
        return None
    return Lock(found.deck_id, found.types, found.notes, found.deck_name, source)


def not_text(found: Diagnostic) -> Diagnostic:
    """What to say of a lock that is no text. found: the first thing that text does not hold."""
    message = "the lock is no text that can be read"
    return replace(found, code="lock-damaged", message=message, note="from here on", help=_RESTORE)


class _Reading:
    """The entries found so far, and the lines they were found in."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.deck_id: str | None = None
        self.deck_name = ""
        self.types: dict[NoteType, NoteTypeEntry] = {}
        self.notes: dict[str, NoteEntry] = {}

    def lines(self) -> Iterator[Diagnostic]:
        """Read every line; what is wrong with some."""
        for number, fields in enumerate(_parsed(self.source.text), 1):
            if fields is None:
                continue
            if isinstance(key := fields.get("key"), str):
                if problem := self._add_note(_entry(key, fields), number):
                    yield problem
                continue
            match fields:
                case {"lock": int(version)} if version > FORMAT:
                    yield self._newer(number)
                    return
                case {"lock": int(), "deck": str(deck_id), "name": str(name)} if self.deck_id in (
                    None,
                    deck_id,
                ):
                    self.deck_id = deck_id
                    self.deck_name = name
                case {"type": str()}:
                    if problem := self._add_type(_type_entry(fields), number):
                        yield problem
                case _:
                    yield self._unreadable(_line_span(self.source, number))

    def strangers(self) -> Iterator[Diagnostic]:
        """Notes of a type that is none of ours and that the lock says nothing of."""
        known = {*BUILT_IN_TYPES, *self.types}
        for key, entry in self.notes.items():
            if entry.type not in known:
                yield self._type_lost(entry.type, self._first("key", key))

    def _add_note(self, entry: NoteEntry | None, number: int) -> Diagnostic | None:
        if entry is None:
            return self._unreadable(_line_span(self.source, number))
        if entry.key in self.notes:
            healed = merge.merge_note_entries(self.notes[entry.key], entry)
            if healed is None:
                return self._note_twice(entry.key, number)
            entry = healed
        self.notes[entry.key] = entry
        return None

    def _add_type(self, entry: NoteTypeEntry | None, number: int) -> Diagnostic | None:
        if entry is None:
            return self._unreadable(_line_span(self.source, number))
        healed = merge.merge_note_type_entries(self.types.get(entry.type, entry), entry)
        if healed is None:
            return self._type_twice(entry.type, number)
        self.types[entry.type] = healed
        return None

    def _note_twice(self, key: str, number: int) -> Diagnostic:
        """Two branches that each gave the key to a note of their own."""
        return Diagnostic(
            code="lock-note-twice",
            message="the lock has two notes with one key",
            span=_line_span(self.source, number),
            note="another guid, or another kind",
            related=(Related(self._first("key", key), "once here"),),
            help=_KEEP_RELEASED,
        )

    def _type_twice(self, note_type: NoteType, number: int) -> Diagnostic:
        """Two branches, one of them built by a version with other fields or templates."""
        return Diagnostic(
            code="lock-type-twice",
            message="the lock has one note type twice, with other fields",
            span=_line_span(self.source, number),
            note="and again here",
            related=(Related(self._first("type", note_type), "once here"),),
            help=_KEEP_RELEASED,
        )

    def _first(self, name: str, value: str) -> Span:
        """The first line of the note with this key, or of this note type; there is one."""
        lines = enumerate(_parsed(self.source.text), 1)
        return next(
            _line_span(self.source, number)
            for number, fields in lines
            # A note's line names its type too.
            if fields and fields.get(name) == value and ("key" in fields) == (name == "key")
        )

    def _type_lost(self, note_type: NoteType, line: Span) -> Diagnostic:
        """One branch took out a note type that it had no note of, and another made one."""
        return Diagnostic(
            code="lock-damaged",
            message=f"the lock has lost its line of the note type `{truncate(note_type, 20)}`",
            span=line,
            note="a note of it",
            help="take that line back from git; it says which fields and templates learners have",
        )

    def _unreadable(self, line: Span) -> Diagnostic:
        return Diagnostic(
            code="lock-damaged",
            message="a line of the lock cannot be read",
            span=line,
            help=_RESTORE,
        )

    def _newer(self, number: int) -> Diagnostic:
        return Diagnostic(
            code="lock-newer",
            message="the lock was written by a newer version of cardwright",
            span=_line_span(self.source, number),
            help="bring cardwright up to date; an older one would lose what the newer wrote",
        )


def _parsed(text: str) -> Iterator[dict[str, object] | None]:
    """The object in each line; None for an empty line, an empty object for what is none.

    All lines are parsed at once as one array, which is several times faster than one by
    one; only when that fails, each is tried alone to find the bad ones.
    """
    lines = text.split("\n")
    full = [line for line in lines if line.strip()]
    try:
        objects = json.loads(f"[{','.join(full)}]")
    except (ValueError, RecursionError):
        objects = []
    if len(objects) != len(full):
        objects = [_object(line) for line in full]
    remaining = iter(objects)
    for line in lines:
        if line.strip():
            one = next(remaining)
            yield one if isinstance(one, dict) else {}
        else:
            yield None


def _object(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _entry(key: str, fields: dict[str, object]) -> NoteEntry | None:
    # Written out, because it runs for every note; `match` takes five times as long.
    kind = _type(fields.get("type"))
    guid, number, digest = fields.get("guid"), fields.get("id"), fields.get("digest")
    mod, due, since, retired = (
        fields.get("mod"),
        fields.get("due"),
        fields.get("since"),
        fields.get("retired", ""),
    )
    if not (kind and guid and isinstance(guid, str) and isinstance(digest, str) and isinstance(retired, str)):
        return None
    # A bool is an int to Python, and not to JSON.
    if not (
        isinstance(number, int) and isinstance(mod, int) and isinstance(due, int) and isinstance(since, int)
    ) or bool in (type(number), type(mod), type(due), type(since)):
        return None
    if retired and not _DATE.fullmatch(retired):
        return None
    cards = _cards(fields["cards"]) if "cards" in fields else PLAIN
    if cards is None or not (0 < number < _BIGGEST and 0 <= since <= mod < _BIGGEST and 0 <= due < LIMIT):
        return None
    return NoteEntry(key, kind, guid, number, digest, mod, due, cards, since, retired)


def _type(name: object) -> NoteType | None:
    """The note type of a name; the same object for the same name, of which a lock has few."""
    return _named(name) if name and isinstance(name, str) else None


@cache
def _named(name: str) -> NoteType | None:
    return None if _NOT_IN_TYPES.search(name) else NoteType(name)


def _cards(numbers: object) -> dict[int, str] | None:
    if not isinstance(numbers, dict):
        return None
    cards: dict[int, str] = {}
    for number, digest in numbers.items():
        if not (number.isascii() and number.isdigit() and isinstance(digest, str)):
            return None
        cards[int(number)] = digest
    return cards


def _type_entry(fields: dict[str, object]) -> NoteTypeEntry | None:
    match fields:
        case {
            "type": str(type_name),
            "id": int(id),
            "schema": str(schema),
            "digest": str(digest),
            "mod": int(mod),
        } if 0 < id < _BIGGEST and 0 <= mod < _BIGGEST and bool not in (type(id), type(mod)):
            kind = _type(type_name)
            names, templates = _names(fields.get("fields", [])), _names(fields.get("templates", []))
            if kind is None or names is None or templates is None:
                return None
            return NoteTypeEntry(kind, id, schema, digest, mod, names, templates)
        case _:
            return None


def _names(listed: object) -> tuple[str, ...] | None:
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        return None
    return tuple(listed)


def _line_span(source: Source, number: int) -> Span:
    """A line of the text. number: 1-based, counting ends at LF alone, as the reader does."""
    start = 0
    for _ in range(number - 1):
        start = source.text.index("\n", start) + 1
    end = source.text.find("\n", start)
    text = source.text[start : end if end >= 0 else len(source.text)].rstrip("\r")
    return Span(source, start, start + len(text))
