"""What an author gives out, what of it a learner has a right to, and what must be refused."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from tests.support.acts import random
from tests.support.author import Identity, Said, Sources, built
from tests.support.history_author import Authoring, picks

START = 1_000_000_000  # in s since 1970; before any real clock


@dataclass(frozen=True, slots=True)
class Given:
    """A note as it was given out.

    key, id, mod: as in the lock.
    changed: the author's clock when the note last came to say something else, left, or came back.
    moves: how often its mod may have moved until then.
    """

    said: Said
    key: str
    id: int
    mod: int
    changed: int
    moves: int


@dataclass(frozen=True, slots=True)
class Release:
    """What was given out once. retired: the notes that had left by then, in a package of their own."""

    package: bytes
    language: str
    notes: Mapping[Identity, Given]
    retired: "Release | None" = None


NOTHING = Release(b"", "", {})


class Releasing(Authoring):
    """A deck with its lock and all its releases.

    forgotten: the mods of notes that were not in the sources when the lock was lost.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.lock: bytes | None = None
        self.releases: list[Release] = []
        self.forgotten: dict[Identity, int] = {}
        self._lost = False
        self._latest = 0
        self._decks: Mapping[str, bytes] = {}

    def releases_deck(self, drift: int = 0) -> None:
        """drift: how far the author's clock is ahead, in s."""
        now = self.now + drift
        last = self.releases[-1] if self.releases else NOTHING
        before = {**(last.retired or NOTHING).notes, **last.notes}
        if self._lost:
            # Without a memory, only an honest clock knows what came before.
            now = max(now, self._latest + 1)
        made = built(self.sources, self.lock, now, self._decks)
        assert made.lock is not None, made.codes
        lines = [json.loads(line) for line in made.lock.decode().splitlines()]
        entries = {line["key"]: line for line in lines if "key" in line}
        self._latest = max(line.get("mod", 0) for line in lines)
        notes: dict[Identity, Given] = {}
        for identity, key, said in self.sources.notes():
            old = before.get(identity)
            same = identity in last.notes and old is not None and old.said == said
            changed = old.changed if old is not None and same else now
            moves = self._moves(identity) + (self._lost or not same)
            notes[identity] = _given(entries[key], said, changed, moves)
        dues = [entries[one.key]["due"] for one in notes.values()]
        assert dues == sorted(set(dues))
        if self._lost:
            self.forgotten |= {one: old.mod for one, old in before.items() if one not in notes}
            before = {}
        gone = {one: self._retired(old, entries, now) for one, old in before.items() if one not in notes}
        assert {one.key for one in gone.values()} == {key for key in entries if "retired" in entries[key]}
        self.lock, self._lost, self._decks = made.lock, False, made.decks
        for card in self.sources.cards():
            card.released = card.id
            for part in card.parts():
                part.released = part.key
        language = self.sources.language
        retired = Release(made.retired, language, gone) if gone else None
        self.releases.append(Release(made.package, language, notes, retired))

    def _retired(self, old: Given, entries: dict[str, dict[str, Any]], now: int) -> Given:
        """A note that is not in the sources: what it said last, marked."""
        if "retired" in old.said.tags:
            return old
        day = datetime.fromtimestamp(now, UTC).date().isoformat()
        fields = {**old.said.fields, "Retired": f"Taken out of the deck on {day}."}
        said = Said(fields, old.said.tags | {"retired"}, old.said.cards)
        return _given(entries[old.key], said, now, old.moves + 1)

    def _moves(self, identity: Identity) -> int:
        """How often the mod of a note may have moved up to now."""
        given = [one.notes for release in self.releases for one in (release, release.retired) if one]
        return max((notes[identity].moves for notes in given if identity in notes), default=0)

    @random()
    def loses_lock(self) -> None:
        if self.lock is not None:
            self.lock, self._lost = None, True

    @random(day=st.integers(0, 3 * START))
    def builds_again(self, day: int) -> None:
        """Nothing edited, on any day: the same bytes."""
        last = deepcopy(self.sources)
        first = built(last, self.lock, self.now, self._decks)
        assert built(last, first.lock, day, first.decks) == first

    @random(card=picks, mistake=st.sampled_from(["kind", "numbers", "id", "deck"]))
    def makes_mistake(self, card: int, mistake: str) -> None:
        """One that would cost learners their progress is refused, and the author takes it back."""
        if self.lock is None:
            return  # nobody remembers what it was
        wrong = deepcopy(self.sources)
        one = wrong.cards()[card % len(wrong.cards())]
        given = self.releases[-1].notes.get((one.number,))
        if given is None or given.said != dict(_said(wrong))[one.number,]:
            return
        code = {
            "kind": "card-kind-changed",
            "numbers": "cloze-renumbered",
            "id": "duplicate-id",
            "deck": "deck-id-changed",
        }[mistake]
        match mistake, one.kind:
            case "kind", "cloze":
                one.kind, one.answer = "question", "Answer"
            case "kind", _:
                one.kind, one.holes = "cloze", {1: "hole"}
            case "numbers", "cloze" if len(one.holes) > 1:
                first, second = list(one.holes)[:2]
                one.holes = {**one.holes, first: one.holes[second], second: one.holes[first]}
            case "id", _ if len(wrong.cards()) > 1:
                next(other for other in wrong.cards() if other is not one).id = one.id
            case "deck", _:
                wrong.id = "other"
            case _:
                return
        made = built(wrong, self.lock, self.now, self._decks)
        assert code in made.codes
        assert (made.lock, made.decks) == (None, {})


def _said(sources: Sources) -> list[tuple[Identity, Said]]:
    return [(identity, said) for identity, _, said in sources.notes()]


def _given(entry: dict[str, Any], said: Said, changed: int, moves: int) -> Given:
    return Given(said, entry["key"], entry["id"], entry["mod"], changed, moves)
