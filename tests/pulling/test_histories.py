"""Laws of pulling, whatever an author and two learners do, and in which order."""

import os
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from cardwright.formats.anki.released import read_package
from cardwright.importing.collection import AnkiCollection
from cardwright.pulling.three_way import FieldChange
from cardwright.record import replace
from tests.support.builds import DAY, NOW, DeckBuild, build_deck
from tests.support.edited_notes import export_notes, pull_notes, pulled_sources

EXAMPLES = int(os.environ.get("HISTORIES", "40"))
KEYS = ("one", "two")
FIELDS = {"q": "Question", "a": "Answer", "extra": "Extra"}
Place = tuple[str, str]
"""A note and a key of its card."""
PLACES: list[Place] = [(key, part) for key in KEYS for part in FIELDS]


@dataclass(slots=True)
class Collection:
    """A learner's collection: the fields and the `mod` of notes, by key, as Anki keeps them."""

    deck_id: int
    build: DeckBuild | None = None
    fields: dict[str, dict[str, str]] = field(default_factory=dict)
    mods: dict[str, int] = field(default_factory=dict)

    def import_package(self, build: DeckBuild) -> set[str]:
        """Import a release: a note is updated if its `mod` is greater. Return the keys of those notes."""
        package = read_package(build.package)
        self.build = build
        updated = set()
        for note in package.notes.values():
            key = package.key(note)
            if note.mod > self.mods.get(key, -1):
                self.fields[key] = package.values(note)
                self.mods[key] = note.mod
                updated.add(key)
        return updated

    def export(self) -> AnkiCollection:
        assert self.build is not None
        package = read_package(self.build.package)
        keys = {guid: package.key(note) for guid, note in package.notes.items()}
        export = export_notes(self.build, {}, time=0, deck_id=self.deck_id)
        notes = [
            replace(note, fields=tuple(self.fields[key].values()), mod=self.mods[key])
            for note, key in ((note, keys[note.guid]) for note in export.notes)
        ]
        return AnkiCollection(export.types, export.decks, notes, len(notes), {})

    def text(self, place: Place) -> str:
        return self.fields[place[0]][FIELDS[place[1]]]


class World:
    """An author with a deck, and two learners who have its first release.

    parents: the text that its writer had before, by each text; all texts differ.
    """

    def __init__(self) -> None:
        self.time = NOW
        self.parents: dict[str, str] = {}
        self.texts = {place: self.word() for place in PLACES}
        self.build = build_deck(self.sources(), now=self.time)
        self.learners = [Collection(11), Collection(22)]
        for learner in self.learners:
            learner.import_package(self.build)

    def word(self, parent: str = "") -> str:
        word = f"word{len(self.parents)}"
        self.parents[word] = parent
        return word

    def descends(self, text: str, other: str) -> bool:
        """Return whether the writer of a text had another one, or one that was made of it."""
        while text and text != other:
            text = self.parents[text]
        return bool(text)

    def sources(self) -> dict[str, str]:
        cards = "".join(
            f"  - id: {key}\n" + "".join(f"    {part}: {self.texts[key, part]}\n" for part in FIELDS)
            for key in KEYS
        )
        return {"deck.yaml": f"deck: Words\nid: words\ncards:\n{cards}"}

    def author_edits(self, place: Place) -> None:
        self.texts[place] = self.word(self.texts[place])

    def learner_edits(self, learner: Collection, place: Place) -> None:
        key, part = place
        self.time += 10
        learner.fields[key][FIELDS[part]] = self.word(learner.text(place))
        learner.mods[key] = self.time

    def release(self) -> None:
        self.time += DAY
        self.build = build_deck(self.sources(), self.build, now=self.time)
        assert self.build.files

    def pull(self, learner: Collection) -> list[Place]:
        """Pull, and return the places that are left to the author."""
        sources = self.sources()
        result = pull_notes(sources, self.build, learner.export())
        pulled = pulled_sources(sources, result)["deck.yaml"]
        lines = iter(pulled.split("\n")[3:])
        for key in KEYS:
            assert next(lines) == f"  - id: {key}"
            for part in FIELDS:
                name, _, text = next(lines).strip().partition(": ")
                assert name == part
                self.texts[key, part] = text
        lock = {path: data for path, data in result.files.items() if path.endswith(".lock")}
        self.build = DeckBuild(self.build.result, {**self.build.files, **lock})
        parts = {name: part for part, name in FIELDS.items()}
        changes = [leftover.change for leftover in result.left]
        return [(change.key, parts[change.field]) for change in changes if isinstance(change, FieldChange)]


OTHER_ACTIONS = ["import 0", "import 1", "pull 0", "pull 1", "release"]
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("author"), st.sampled_from(PLACES)),
        st.tuples(st.sampled_from(["first", "second"]), st.sampled_from(PLACES)),
        st.tuples(
            st.sampled_from(["import 0", "import 1", "pull 0", "pull 1", "release"]), st.just(PLACES[0])
        ),
    ),
    max_size=12,
)


@settings(max_examples=EXAMPLES)
@given(ACTIONS)
def test_no_edit_is_lost_without_a_word(actions: list[tuple[str, Place]]) -> None:
    """
    A text takes the place of another only if its writer had that one. All others are left to the author.
    """
    world = World()
    for name, place in actions:
        learner = world.learners[name.endswith("1") or name == "second"]
        if name == "author":
            world.author_edits(place)
        elif name in ("first", "second"):
            world.learner_edits(learner, place)
        elif name == "release":
            world.release()
        elif name.startswith("import"):
            learner.import_package(world.build)
        else:
            before = dict(world.texts)
            left = world.pull(learner)
            for other in PLACES:
                ours, theirs, now = before[other], learner.text(other), world.texts[other]
                if now != ours:
                    assert now == theirs
                    assert world.descends(theirs, ours)
                elif theirs != ours:
                    assert other in left or world.descends(ours, theirs)
            after = dict(world.texts)
            assert (world.pull(learner), world.texts) == (left, after)


@settings(max_examples=EXAMPLES)
@given(st.lists(st.tuples(st.sampled_from([0, 1, 2]), st.sampled_from(PLACES)), min_size=1, max_size=6))
def test_a_pull_changes_nothing_where_it_came_from_and_all_elsewhere(edits: list[tuple[int, Place]]) -> None:
    """
    The author (2) edits other notes than the first learner, and the second learner has the first release.
    """
    world = World()
    first, second = world.learners
    edited = {place[0] for writer, place in edits if writer == 0}
    for writer, place in edits:
        if writer == 0:
            world.learner_edits(first, place)
        elif writer == 2 and place[0] not in edited:
            world.author_edits(place)

    assert world.pull(first) == []
    world.release()

    changed = {place[0] for writer, place in edits if writer == 2} - edited
    assert first.import_package(world.build) == changed
    assert second.import_package(world.build) == changed | edited
    for place, text in world.texts.items():
        assert first.text(place) == second.text(place) == text
