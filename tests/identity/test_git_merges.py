"""Two authors, two branches, one `git merge`: a deck that builds, and costs nobody anything."""

import subprocess
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest

from cardwright.pipeline import BuildOptions, BuildResult, build
from tests.support.author import Built, Card, Part, Sources, Topic, built
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.paths import ROOT
from tests.support.student import student

pytestmark = pytest.mark.anki

DAY = 86_400
START = 1_000_000_000  # in s since 1970
ATTRIBUTES = (ROOT / ".gitattributes").read_text()

both_ways = pytest.mark.parametrize("union", [True, False], ids=["union", "plain"])


class Repository:
    """A clone with one deck in it, whose sources and lock are committed.

    union: whether git has been told, as in this project, to keep both sides of a lock.
    """

    def __init__(self, folder: Path, *, union: bool) -> None:
        self.folder = folder
        self.git("init", "--quiet", "--initial-branch=main")
        if union:
            (folder / ".gitattributes").write_text(ATTRIBUTES)

    def git(self, *arguments: str) -> str:
        """Run git; what it says. Conflicts are no failure."""
        identity = ("-c", "user.name=Author", "-c", "user.email=author@example.org")
        done = subprocess.run(
            ["git", *identity, *arguments], cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode in (0, 1), done.stderr
        return done.stdout

    def commits(self, sources: Sources, now: int) -> Built:
        """Write and build the deck as an author does, and commit what there is then."""
        made = built(sources, self.lock, now)
        assert made.lock is not None, made.codes
        for name, text in sources.files().items():
            (self.folder / name).write_text(text)
        (self.folder / "deck.lock").write_bytes(made.lock)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "Edit the deck")
        return made

    def branches(self, name: str) -> None:
        self.git("checkout", "--quiet", "-b", name, "main")

    def merges(self, *names: str) -> set[str]:
        """Merge branches into main. Returns the files that are in conflict."""
        self.git("checkout", "--quiet", "main")
        for name in names:
            self.git("merge", "--no-edit", name)
        return set(self.git("diff", "--name-only", "--diff-filter=U").split())

    @property
    def lock(self) -> bytes | None:
        path = self.folder / "deck.lock"
        return path.read_bytes() if path.exists() else None

    def builds(self, now: int) -> BuildResult:
        """Build what lies in the folder."""
        files = {f"deck/{path.name}": path.read_bytes() for path in self.folder.glob("*.yaml")}
        return build(
            deck_files(files, self.lock), FakeEnvironment(), BuildOptions(now=now, outputs=("anki",))
        )

    def deletes_markers(self) -> None:
        """Keep the lines of both sides, as the finding about them says."""
        lines = (self.lock or b"").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith((b"<<<<<<<", b"=======", b">>>>>>>"))]
        (self.folder / "deck.lock").write_bytes(b"".join(kept))


def question(number: int) -> Card:
    return Card(number, "question", f"card-{number:02}", f"ask {number}", answer=f"answer {number}")


def deck() -> Sources:
    """Two files of four questions each, and a list."""
    pain = [question(number) for number in range(1, 5)]
    items = [Part(number, f"item-{number}", f"item {number}") for number in range(3)]
    listed = Card(9, "list", "card-09", "ask 9", items=items, alone=True)
    names = [*(question(number) for number in range(5, 9)), listed]
    topics = [Topic("pain.yaml", "Pain", cards=pain), Topic("names.yaml", "Names", cards=names)]
    return Sources(topics=topics, references={})


def ours(sources: Sources) -> None:
    """One branch: a card reworded, one added at the end of a file, one deleted, one moved."""
    pain, names = sources.topics
    pain.cards[0].answer = "our answer"
    pain.cards.append(question(11))
    names.cards.insert(0, names.cards.pop(1))


def theirs(sources: Sources) -> None:
    """The other: neighbours of those in the lock, and a new item."""
    pain, names = sources.topics
    pain.cards[1].answer = "their answer"
    names.cards[-1].items.append(Part(3, "item-3", "item 3"))
    names.cards[-1].hint = "their hint"
    names.cards.append(question(12))


def edited(sources: Sources, *edits: Callable[[Sources], None]) -> Sources:
    copy = deepcopy(sources)
    for edit in edits:
        edit(copy)
    return copy


def package(outcome: BuildResult) -> bytes:
    (found,) = (output.data for output in outcome.files if output.path.endswith(".apkg"))
    return found


def assert_all_get(
    sources: Sources, merged: BuildResult, folder: Path, *earlier: Built, retired: str = ""
) -> None:
    """Whoever studies an earlier release gets all that the merged sources say, and loses nothing."""
    for number, release in enumerate(earlier):
        with student(folder / str(number)) as learner:
            assert release.package is not None
            learner.takes(release.package)
            learner.studies(learner.rows(), [3, 4])
            before = learner.rows()
            log = learner.takes(package(merged))
            says = {learner.key(note): learner.says(note) for note in learner.notes()}

            assert log.conflicting == 0
            assert {card: learner.rows()[card] for card in before} == before
            assert not learner.profile.needs_full_sync()
            present = {key: said for _, key, said in sources.notes()}
            assert says.keys() - present.keys() <= {retired}
            assert {key: says[key] for key in present} == present


@both_ways
@pytest.mark.parametrize("skew", [0, DAY, -DAY], ids=["one clock", "theirs ahead", "theirs behind"])
def test_two_branches_that_add_and_edit_cards_become_one_deck(tmp_path: Path, union: bool, skew: int) -> None:
    """
    Git merges the sources; the lock merges by itself, or after the marker lines are deleted.
    Learners of the release before, and of either branch, get everything.
    """
    repository = Repository(tmp_path, union=union)
    sources = deck()
    base = repository.commits(sources, START)
    repository.branches("theirs")
    their = repository.commits(edited(sources, theirs), START + 20 * DAY + skew)
    repository.branches("ours")
    our = repository.commits(edited(sources, ours), START + 20 * DAY)
    conflicts = repository.merges("ours", "theirs")
    if not union:
        assert conflicts == {"deck.lock"}
        assert [finding.code for finding in repository.builds(START).report] == ["lock-conflict"]
        repository.deletes_markers()
    else:
        assert conflicts == set()
    merged = repository.builds(START + 60 * DAY)

    both = edited(sources, theirs, ours)
    assert {name: (tmp_path / name).read_text() for name in both.files()} == both.files()
    assert_all_get(both, merged, tmp_path / "profiles", base, our, their)


def answers(text: str) -> Callable[[Sources], None]:
    """An edit of the first card's answer."""

    def edit(sources: Sources) -> None:
        sources.topics[0].cards[0].answer = text

    return edit


@pytest.mark.parametrize("chosen", ["ours", "theirs", "neither"])
@pytest.mark.parametrize("skew", [0, DAY, -DAY], ids=["one clock", "theirs ahead", "theirs behind"])
def test_a_card_edited_on_both_branches_says_what_the_authors_agree_on(
    tmp_path: Path, chosen: str, skew: int
) -> None:
    """
    To learners of either branch, whichever branch was later.
    """
    repository = Repository(tmp_path, union=True)
    sources = deck()
    base = repository.commits(sources, START)
    repository.branches("theirs")
    their = repository.commits(edited(sources, answers("theirs")), START + 20 * DAY + skew)
    repository.branches("ours")
    our = repository.commits(edited(sources, answers("ours")), START + 20 * DAY)
    assert "pain.yaml" in repository.merges("ours", "theirs")
    agreed = edited(sources, answers(chosen))
    (tmp_path / "pain.yaml").write_text(agreed.files()["pain.yaml"])
    repository.deletes_markers()
    merged = repository.builds(START)

    assert_all_get(agreed, merged, tmp_path / "profiles", base, our, their)


@both_ways
@pytest.mark.parametrize("kept", [True, False])
def test_a_card_deleted_on_one_branch_and_edited_on_the_other(
    tmp_path: Path, union: bool, kept: bool
) -> None:
    """
    If the authors keep it, everybody gets the edit; if not, it is retired for everybody.
    """

    def delete(sources: Sources) -> None:
        del sources.topics[0].cards[0]

    repository = Repository(tmp_path, union=union)
    sources = deck()
    base = repository.commits(sources, START)
    repository.branches("theirs")
    their = repository.commits(edited(sources, delete), START + 20 * DAY)
    repository.branches("ours")
    our = repository.commits(edited(sources, answers("ours")), START + 20 * DAY)
    repository.merges("ours", "theirs")
    agreed = edited(sources, answers("ours") if kept else delete)
    (tmp_path / "pain.yaml").write_text(agreed.files()["pain.yaml"])
    repository.deletes_markers()
    merged = repository.builds(START)

    retired = "" if kept else "card-01"
    assert_all_get(agreed, merged, tmp_path / "profiles", base, our, their, retired=retired)


@both_ways
def test_an_id_rewritten_on_one_branch_and_its_card_edited_on_the_other(tmp_path: Path, union: bool) -> None:
    """
    With `was`, the card is still the one that learners study.
    """

    def rename(sources: Sources) -> None:
        card = sources.topics[0].cards[0]
        card.id, card.was = "bone", ["card-01"]

    repository = Repository(tmp_path, union=union)
    sources = deck()
    base = repository.commits(sources, START)
    repository.branches("theirs")
    their = repository.commits(edited(sources, rename), START + 20 * DAY)
    repository.branches("ours")
    our = repository.commits(edited(sources, answers("ours")), START + 30 * DAY)
    repository.merges("ours", "theirs")
    agreed = edited(sources, rename, answers("ours"))
    (tmp_path / "pain.yaml").write_text(agreed.files()["pain.yaml"])
    repository.deletes_markers()
    merged = repository.builds(START)

    assert_all_get(agreed, merged, tmp_path / "profiles", base, our, their)


def test_one_id_for_a_new_card_on_either_branch_is_explained(tmp_path: Path) -> None:
    """
    The later branch gives its card another id; the lock then needs no help.
    """

    def add(text: str, id_: str = "new") -> Callable[[Sources], None]:
        def edit(sources: Sources) -> None:
            sources.topics[0].cards.append(Card(20, "question", id_, text, answer=text))

        return edit

    repository = Repository(tmp_path, union=True)
    sources = deck()
    repository.commits(sources, START)
    repository.branches("theirs")
    repository.commits(edited(sources, add("theirs")), START + 20 * DAY)
    repository.branches("ours")
    our = repository.commits(edited(sources, add("ours")), START + 30 * DAY)
    repository.merges("ours", "theirs")
    both = edited(sources, add("ours"), add("theirs"))
    (tmp_path / "pain.yaml").write_text(both.files()["pain.yaml"])
    refused = repository.builds(START + 40 * DAY)
    agreed = edited(sources, add("ours"), add("theirs", "newer"))
    (tmp_path / "pain.yaml").write_text(agreed.files()["pain.yaml"])
    merged = repository.builds(START + 40 * DAY)

    assert [finding.code for finding in refused.report] == ["duplicate-id"]
    assert_all_get(agreed, merged, tmp_path / "profiles", our)
