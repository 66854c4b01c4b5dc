"""After a `git merge` of two authors' branches a deck still builds, and costs no learner anything."""

import subprocess
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest

from cardwright.diagnostics import Report
from cardwright.pipeline import BuildOptions, BuildResult, build
from tests.support.builds import DAY, DeckBuild
from tests.support.deck_model import Card, DeckModel, Part, Topic, build_model
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.paths import ROOT
from tests.support.timed_learner import new_timed_learner

pytestmark = pytest.mark.anki

START = 1_000_000_000  # in s since 1970
ATTRIBUTES = (ROOT / ".gitattributes").read_text()

Edit = Callable[[DeckModel], None]

with_and_without_union = pytest.mark.parametrize("union", [True, False], ids=["union", "plain"])
skewed_clocks = pytest.mark.parametrize(
    "skew", [0, DAY, -DAY], ids=["one clock", "theirs ahead", "theirs behind"]
)


class Repository:
    """A clone with one deck in it, whose sources and lock are committed.

    union: whether git is configured, as in this project, to keep both sides of a lock.
    """

    def __init__(self, folder: Path, *, union: bool = True) -> None:
        self.folder = folder
        self.git("init", "--quiet", "--initial-branch=main")
        if union:
            (folder / ".gitattributes").write_text(ATTRIBUTES)
        self.deck = deck()
        self.builds = [self.commit(self.deck, START)]

    def git(self, *arguments: str) -> str:
        """Run git and return its output. Conflicts are no failure."""
        identity = ("-c", "user.name=Author", "-c", "user.email=author@example.org")
        process = subprocess.run(
            ["git", *identity, *arguments], cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert process.returncode in (0, 1), process.stderr
        return process.stdout

    def commit(self, model: DeckModel, now: int) -> DeckBuild:
        """Write and build the deck as an author does, and commit the result."""
        files = {} if self.lock is None else {"cards_source/deck/deck.lock": self.lock}
        built = build_model(model, DeckBuild(BuildResult(Report()), files), now)
        assert built.result.files, built.codes
        for name, text in model.sources().items():
            (self.folder / name).write_text(text)
        (self.folder / "deck.lock").write_bytes(built.lock)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "Edit the deck")
        return built

    def branch(self, name: str, now: int, *edits: Edit) -> None:
        """Commit the edited deck on a branch of its own."""
        self.git("checkout", "--quiet", "-b", name, "main")
        self.builds.append(self.commit(edited(self.deck, *edits), now))

    def merge(self) -> set[str]:
        """Merge both branches into main. Returns the files that are in conflict."""
        self.git("checkout", "--quiet", "main")
        for name in ("ours", "theirs"):
            self.git("merge", "--no-edit", name)
        return set(self.git("diff", "--name-only", "--diff-filter=U").split())

    @property
    def lock(self) -> bytes | None:
        path = self.folder / "deck.lock"
        return path.read_bytes() if path.exists() else None

    def build(self, now: int = START) -> BuildResult:
        """Build the files of the folder."""
        files = {f"deck/{path.name}": path.read_bytes() for path in self.folder.glob("*.yaml")}
        options = BuildOptions(now=now, outputs=("anki",))
        return build(deck_files(files, self.lock), FakeEnvironment(), options)

    def resolve(self, *edits: Edit) -> DeckModel:
        """Resolve the conflict in a file, and keep the lines of both sides of the lock."""
        agreed = edited(self.deck, *edits)
        (self.folder / "pain.yaml").write_text(agreed.sources()["pain.yaml"])
        self.delete_markers()
        return agreed

    def delete_markers(self) -> None:
        """Delete the marker lines, as the error about them says."""
        lines = (self.lock or b"").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith((b"<<<<<<<", b"=======", b">>>>>>>"))]
        (self.folder / "deck.lock").write_bytes(b"".join(kept))

    def assert_all_learners_get(self, model: DeckModel, merged: BuildResult, retired: str = "") -> None:
        """Learners of any earlier release get everything of the merged sources, and lose nothing."""
        package = only_package(merged)
        for number, release in enumerate(self.builds):
            with new_timed_learner(self.folder / "profiles" / str(number)) as learner:
                learner.import_with_log(release.package)
                learner.study(learner.schedules(), [3, 4])
                before = learner.schedules()
                log = learner.import_with_log(package)
                contents = {learner.key(note): learner.note_content(note) for note in learner.deck_notes()}

                assert log.conflicting == 0
                assert {card: learner.schedules()[card] for card in before} == before
                assert not learner.needs_full_sync()
                expected = {key: content for _, key, content in model.notes()}
                assert contents.keys() - expected.keys() <= {retired}
                assert {key: contents[key] for key in expected} == expected


def only_package(result: BuildResult) -> bytes:
    (package,) = (data for path, data in result.files.items() if path.endswith(".apkg"))
    return package


def question(number: int) -> Card:
    return Card(number, "question", f"card-{number:02}", f"ask {number}", answer=f"answer {number}")


def deck() -> DeckModel:
    """Two files of four questions each, and a list."""
    pain = [question(number) for number in range(1, 5)]
    items = [Part(number, f"item-{number}", f"item {number}") for number in range(3)]
    list_card = Card(9, "list", "card-09", "ask 9", items=items, hide_items=True)
    names = [*(question(number) for number in range(5, 9)), list_card]
    topics = [Topic("pain.yaml", "Pain", cards=pain), Topic("names.yaml", "Names", cards=names)]
    return DeckModel(topics=topics, references={})


def edited(model: DeckModel, *edits: Edit) -> DeckModel:
    copy = deepcopy(model)
    for edit in edits:
        edit(copy)
    return copy


def edit_ours(model: DeckModel) -> None:
    """One branch: a card reworded, one added at the end of a file, one moved."""
    pain, names = model.topics
    pain.cards[0].answer = "our answer"
    pain.cards.append(question(11))
    names.cards.insert(0, names.cards.pop(1))


def edit_theirs(model: DeckModel) -> None:
    """The other branch: edits of neighbouring lines in the lock, and a new item."""
    pain, names = model.topics
    pain.cards[1].answer = "their answer"
    names.cards[-1].items.append(Part(3, "item-3", "item 3"))
    names.cards[-1].hint = "their hint"
    names.cards.append(question(12))


def answer(text: str) -> Edit:
    """Return an edit of the first card's answer."""

    def edit(model: DeckModel) -> None:
        model.topics[0].cards[0].answer = text

    return edit


@with_and_without_union
@skewed_clocks
def test_two_branches_that_add_and_edit_cards_become_one_deck(tmp_path: Path, union: bool, skew: int) -> None:
    """Git merges the sources; the lock merges by itself, or after the marker lines are deleted."""
    repository = Repository(tmp_path, union=union)
    repository.branch("theirs", START + 20 * DAY + skew, edit_theirs)
    repository.branch("ours", START + 20 * DAY, edit_ours)
    conflicts = repository.merge()
    if union:
        assert conflicts == set()
    else:
        assert conflicts == {"deck.lock"}
        assert [diagnostic.code for diagnostic in repository.build().report] == ["lock-conflict"]
        repository.delete_markers()
    merged = repository.build(START + 60 * DAY)

    both = edited(repository.deck, edit_theirs, edit_ours)
    assert {name: (tmp_path / name).read_text() for name in both.sources()} == both.sources()
    repository.assert_all_learners_get(both, merged)


@pytest.mark.parametrize("chosen", ["ours", "theirs", "neither"])
@skewed_clocks
def test_a_card_edited_on_both_branches_gets_the_chosen_answer(
    tmp_path: Path, chosen: str, skew: int
) -> None:
    """Learners of either branch get it, whichever branch was later."""
    repository = Repository(tmp_path)
    repository.branch("theirs", START + 20 * DAY + skew, answer("theirs"))
    repository.branch("ours", START + 20 * DAY, answer("ours"))
    assert "pain.yaml" in repository.merge()
    agreed = repository.resolve(answer(chosen))

    repository.assert_all_learners_get(agreed, repository.build())


@with_and_without_union
@pytest.mark.parametrize("kept", [True, False])
def test_a_card_deleted_on_one_branch_and_edited_on_the_other(
    tmp_path: Path, union: bool, kept: bool
) -> None:
    """If the authors keep it, everybody gets the edit; if not, it is retired for everybody."""

    def delete(model: DeckModel) -> None:
        del model.topics[0].cards[0]

    repository = Repository(tmp_path, union=union)
    repository.branch("theirs", START + 20 * DAY, delete)
    repository.branch("ours", START + 20 * DAY, answer("ours"))
    repository.merge()
    agreed = repository.resolve(answer("ours") if kept else delete)

    repository.assert_all_learners_get(agreed, repository.build(), retired="" if kept else "card-01")


@with_and_without_union
def test_an_id_changed_on_one_branch_and_its_card_edited_on_the_other(tmp_path: Path, union: bool) -> None:
    """With `was`, the card is still the one that learners study."""

    def rename(model: DeckModel) -> None:
        card = model.topics[0].cards[0]
        card.id, card.former_ids = "bone", ["card-01"]

    repository = Repository(tmp_path, union=union)
    repository.branch("theirs", START + 20 * DAY, rename)
    repository.branch("ours", START + 30 * DAY, answer("ours"))
    repository.merge()
    agreed = repository.resolve(rename, answer("ours"))

    repository.assert_all_learners_get(agreed, repository.build())


def test_one_id_for_a_new_card_on_either_branch_is_explained(tmp_path: Path) -> None:
    """The later branch gives its card another id; the lock then needs no repair."""

    def add(text: str, id_: str = "new") -> Edit:
        return lambda model: model.topics[0].cards.append(Card(20, "question", id_, text, answer=text))

    repository = Repository(tmp_path)
    repository.branch("theirs", START + 20 * DAY, add("theirs"))
    repository.branch("ours", START + 30 * DAY, add("ours"))
    repository.merge()
    both = edited(repository.deck, add("ours"), add("theirs"))
    (tmp_path / "pain.yaml").write_text(both.sources()["pain.yaml"])
    refused = repository.build(START + 40 * DAY)
    agreed = edited(repository.deck, add("ours"), add("theirs", "newer"))
    (tmp_path / "pain.yaml").write_text(agreed.sources()["pain.yaml"])
    merged = repository.build(START + 40 * DAY)

    assert [diagnostic.code for diagnostic in refused.report] == ["duplicate-id"]
    repository.builds = repository.builds[-1:]  # of our branch
    repository.assert_all_learners_get(agreed, merged)
