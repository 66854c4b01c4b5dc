"""What an author gives out, what of it a learner has a right to, and what must be refused."""

import json
from copy import deepcopy
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.acts import random
from tests.author import Identity, Said, Sources, built
from tests.history_author import Authoring, picks


@dataclass(frozen=True, slots=True)
class Release:
    """What was given out once.

    said, keys, ids, mods: what the notes say, are called, and are stamped with.
    changed: the author's clock when the note last came to say something else, or came back.
    moves: how often its mod may have moved until then.
    """

    package: bytes
    language: str
    said: dict[Identity, Said]
    keys: dict[Identity, str]
    ids: dict[Identity, int]
    mods: dict[Identity, int]
    changed: dict[Identity, int]
    moves: dict[Identity, int]


START = 1_000_000_000  # in s since 1970; before any real clock


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

    def releases_deck(self, drift: int = 0) -> None:
        """drift: how far the author's clock is ahead, in s."""
        now = self.now + drift
        last = self.releases[-1] if self.releases else Release(b"", "", {}, {}, {}, {}, {}, {})
        if self._lost:
            # Without a memory, only an honest clock knows what came before.
            now = max(now, 1 + max(max(one.mods.values()) for one in self.releases))
        made = built(self.sources, self.lock, now)
        assert made.lock is not None, made.codes
        assert made.package is not None
        notes = list(self.sources.notes())
        said = {identity: one for identity, _, one in notes}
        keys = {identity: key for identity, key, _ in notes}
        entries = _entries(made.lock)
        dues = [entries[key]["due"] for key in keys.values()]
        assert dues == sorted(set(dues))
        ids = {identity: entries[key]["id"] for identity, key in keys.items()}
        mods = {identity: entries[key]["mod"] for identity, key in keys.items()}
        changed, moves = {}, {}
        for identity, one in said.items():
            same = last.said.get(identity) == one
            changed[identity] = last.changed[identity] if same else now
            moves[identity] = self._moves(identity) + (not same or self._lost)
        if self._lost:
            old = [one.mods for one in self.releases]
            self.forgotten |= {
                one: max(mods.get(one, 0) for mods in old) for mods in old for one in mods if one not in said
            }
        self.lock, self._lost = made.lock, False
        release = Release(made.package, self.sources.language, said, keys, ids, mods, changed, moves)
        self.releases.append(release)

    def _moves(self, identity: Identity) -> int:
        return max((one.moves.get(identity, 0) for one in self.releases), default=0)

    @random()
    def loses_lock(self) -> None:
        if self.lock is not None:
            self.lock, self._lost = None, True

    @random(day=st.integers(0, 3 * START))
    def builds_again(self, day: int) -> None:
        """Nothing edited, on any day: the same bytes."""
        last = deepcopy(self.sources)
        first = built(last, self.lock, self.now)
        again = built(last, first.lock, day)
        assert (again.lock, again.package) == (first.lock, first.package)

    @random(card=picks, mistake=st.sampled_from(["kind", "numbers", "id", "deck"]))
    def makes_mistake(self, card: int, mistake: str) -> None:
        """One that would cost learners their progress is refused, and the author takes it back."""
        if self.lock is None:
            return  # nobody remembers what it was
        wrong = deepcopy(self.sources)
        one = wrong.cards()[card % len(wrong.cards())]
        unedited = dict(self.releases[-1].said) if self.releases else {}
        if (one.number,) not in unedited or unedited[one.number,] != dict(_said(wrong))[one.number,]:
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
        made = built(wrong, self.lock, self.now)
        assert code in made.codes
        assert (made.lock, made.package) == (None, None)


def _said(sources: Sources) -> list[tuple[Identity, Said]]:
    return [(identity, said) for identity, _, said in sources.notes()]


def _entries(lock: bytes) -> dict[str, dict[str, int]]:
    lines = [json.loads(line) for line in lock.decode().splitlines()]
    return {line["key"]: line for line in lines if "key" in line}
