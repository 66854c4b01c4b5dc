"""Releases: what an author publishes, what a learner must get of it, and what must be refused."""

import json
from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from tests.support.builds import DeckBuild
from tests.support.deck_model import DeckModel, Identity, NoteContent, build_model
from tests.support.history_actions import random
from tests.support.history_author import AuthorActions, picks

START = 1_000_000_000  # in s since 1970; before any real clock


@dataclass(frozen=True, slots=True)
class ReleasedNote:
    """A note of a release.

    key: that of the cards. guid, id, mod: as in the lock.
    changed_at: the author's clock when the content of the note last changed, or it left or came back.
    moves: how often its mod may have moved until then.
    deck: the name of the deck for its cards.
    """

    content: NoteContent
    key: str
    guid: str
    id: int
    mod: int
    changed_at: int
    moves: int
    deck: str


@dataclass(frozen=True, slots=True)
class Release:
    """What was published at once. retired: the notes that had left the deck, in a package of their own."""

    package: bytes
    language: str
    notes: Mapping[Identity, ReleasedNote]
    retired: "Release | None" = None


NO_RELEASE = Release(b"", "", {})


class ReleaseActions(AuthorActions):
    """A deck with its lock and all its releases.

    locks: those that belong to the packages, up to the last one; none that was lost.
    lost_mods: the mods of notes that were not in the sources when the lock was lost.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.last_build: DeckBuild | None = None
        self.releases: list[Release] = []
        self.locks: list[bytes] = []
        self.lost_mods: dict[Identity, int] = {}
        self._lock_lost = False
        self._last_mod = 0

    def publish(self, drift: int = 0) -> None:
        """Build and publish a release. drift: how far the author's clock is ahead, in s."""
        now = self.now + drift
        last = self.releases[-1] if self.releases else NO_RELEASE
        before = {**(last.retired or NO_RELEASE).notes, **last.notes}
        if self._lock_lost:
            # Without the lock, only an honest clock knows what came before.
            now = max(now, self._last_mod + 1)
            self.forget_lost_history()
        build = build_model(self.deck, self.last_build, now)
        assert build.result.files, build.codes
        lines = [json.loads(line) for line in build.lock.decode().splitlines()]
        entries = {line["key"]: line for line in lines if "key" in line}
        entries_by_id = {line["id"]: line for line in entries.values()}
        self._last_mod = max(line.get("mod", 0) for line in lines)
        notes: dict[Identity, ReleasedNote] = {}
        decks = self.deck.deck_names()
        for identity, key, content in self.deck.notes():
            old = before.get(identity)
            same = identity in last.notes and old is not None and old.content.text == content.text
            changed_at = old.changed_at if old is not None and same else now
            moves = self._moves(identity) + (self._lock_lost or not same)
            notes[identity] = _released_note(entries[key], key, content, changed_at, moves, decks[identity])
        dues = [entries[note.key]["due"] for note in notes.values()]
        assert dues == sorted(set(dues))
        if self._lock_lost:
            self.lost_mods |= {identity: old.mod for identity, old in before.items() if identity not in notes}
            before = {}
        retired_notes = {
            identity: self._retire(old, entries_by_id, now)
            for identity, old in before.items()
            if identity not in notes
        }
        retired_ids = {id_ for id_, line in entries_by_id.items() if "retired" in line}
        assert {note.id for note in retired_notes.values()} == retired_ids
        assert len({line["guid"] for line in entries.values()}) == len(entries)
        if not self._lock_lost and _renamed_alone(last.notes, notes, before):
            assert "renamed-without-was" in build.codes
        self.last_build, self._lock_lost = build, False
        self.locks.append(build.lock)
        for card in self.deck.cards():
            card.released_id = card.id
            for part in card.parts():
                part.released_key = part.key
        language = self.deck.language
        retired = Release(build.retired_package, language, retired_notes) if retired_notes else None
        self.releases.append(Release(build.package, language, notes, retired))

    def _retire(self, old: ReleasedNote, entries: dict[int, dict[str, Any]], now: int) -> ReleasedNote:
        """Return a note that is not in the sources: its last content, marked as retired, in no sub-deck."""
        if "retired" in old.content.tags:
            return replace(old, deck=self.deck.name)
        day = datetime.fromtimestamp(now, UTC).date().isoformat()
        fields = {**old.content.fields, "Retired": day}
        content = NoteContent(fields, old.content.tags | {"retired"}, old.content.cards)
        return _released_note(entries[old.id], old.key, content, now, old.moves + 1, self.deck.name)

    @property
    def known(self) -> Collection[Identity]:
        last = self.releases[-1] if self.releases else NO_RELEASE
        return {*last.notes, *(last.retired or NO_RELEASE).notes}

    def _moves(self, identity: Identity) -> int:
        """Return how often the mod of a note may have moved up to now."""
        releases = [part.notes for release in self.releases for part in (release, release.retired) if part]
        return max((notes[identity].moves for notes in releases if identity in notes), default=0)

    @random()
    def lose_lock(self) -> None:
        if self.last_build is not None and not self._lock_lost:
            self.last_build, self._lock_lost = self.last_build.without(".lock", ".apkg"), True
            self.locks.clear()

    @random(day=st.integers(0, 3 * START))
    def restore_lock(self, day: int) -> None:
        """The packages hold all that the lock says, whatever was edited since."""
        if self.last_build is not None and not self._lock_lost:
            lost = self.last_build.without(".lock")
            kept = build_model(deepcopy(self.deck), self.last_build, day)
            restored = build_model(deepcopy(self.deck), lost, day, restore_lock=True)
            assert restored.files_known_from_packages == kept.files_known_from_packages

    @random(number=picks, day=st.integers(0, 3 * START))
    def take_an_older_lock_back(self, number: int, day: int) -> None:
        """It is refused, and can be caught up, unless all that was released since is as it was."""
        if not self.locks or self.last_build is None:
            return
        older = self.last_build.with_lock(self.locks[number % len(self.locks)])
        kept, refused = (build_model(deepcopy(self.deck), last, day) for last in (self.last_build, older))
        restored = build_model(deepcopy(self.deck), older, day, restore_lock=True)
        assert restored.files_known_from_packages == kept.files_known_from_packages
        if _mods(older.lock) != _mods(self.last_build.lock):
            assert {"lock-older", "lock-incomplete"} & {*refused.codes}
        else:
            assert not {"lock-older", "lock-incomplete"} & {*refused.codes}

    @random(day=st.integers(0, 3 * START))
    def rebuild_without_changes(self, day: int) -> None:
        """Without an edit the bytes are the same on any day."""
        model = deepcopy(self.deck)
        build = build_model(model, self.last_build, self.now)
        assert build_model(model, build, day) == build

    @random(card=picks, mistake=st.sampled_from(["kind", "numbers", "id", "deck"]))
    def make_mistake(self, card: int, mistake: str) -> None:
        """Make a mistake that would cost learners their progress; it is refused and taken back."""
        if self.last_build is None or self._lock_lost:
            return  # only the lock knows what was there before
        model = deepcopy(self.deck)
        wrong = model.cards()[card % len(model.cards())]
        released = self.releases[-1].notes.get((wrong.identity,))
        if released is None or released.content != _contents(model)[wrong.identity,]:
            return
        code = {
            "kind": "card-kind-changed",
            "numbers": "cloze-renumbered",
            "id": "duplicate-id",
            "deck": "deck-id-changed",
        }[mistake]
        match mistake, wrong.kind:
            case "kind", "cloze":
                wrong.kind, wrong.answer = "question", "Answer"
            case "kind", _:
                wrong.kind, wrong.clozes = "cloze", {1: "hidden"}
            case "numbers", "cloze" if len(wrong.clozes) > 1:
                first, second = list(wrong.clozes)[:2]
                swapped = {first: wrong.clozes[second], second: wrong.clozes[first]}
                wrong.clozes = {**wrong.clozes, **swapped}
            case "id", _ if len(model.cards()) > 1:
                next(other for other in model.cards() if other is not wrong).id = wrong.id
            case "deck", _:
                model.id = "other"
            case _:
                return
        build = build_model(model, self.last_build, self.now)
        assert code in build.codes
        assert build.result.files == {}


def _mods(lock: bytes) -> dict[str, int]:
    """Return the mods of notes by their GUIDs, and of note types."""
    lines = [json.loads(line) for line in lock.splitlines()]
    return {line.get("guid", line.get("type")): line["mod"] for line in lines if "mod" in line}


def _contents(deck: DeckModel) -> dict[Identity, NoteContent]:
    return {identity: content for identity, _, content in deck.notes()}


def _renamed_alone(
    last: Mapping[Identity, ReleasedNote],
    notes: Mapping[Identity, ReleasedNote],
    before: Mapping[Identity, ReleasedNote],
) -> bool:
    """Return whether a card left and came with another id, and with nothing else changed."""

    def texts(identities: Collection[Identity], release: Mapping[Identity, ReleasedNote]) -> set[object]:
        return {
            (
                frozenset({**release[identity].content.fields, "Key": ""}.items()),
                release[identity].content.tags,
            )
            for identity in identities
            if len(identity) == 1
        }

    left = texts(last.keys() - notes.keys(), last)
    return not left.isdisjoint(texts(notes.keys() - before.keys(), notes))


def _released_note(
    entry: dict[str, Any], key: str, content: NoteContent, changed_at: int, moves: int, deck: str
) -> ReleasedNote:
    return ReleasedNote(content, key, entry["guid"], entry["id"], entry["mod"], changed_at, moves, deck)
