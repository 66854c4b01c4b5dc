"""`cardwright new`: a deck that can be built at once, and explains the format by its comments."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cardwright.cli import main
from cardwright.cli.creating.new_deck import deck_files, deck_location
from cardwright.diagnostics import Report
from cardwright.pipeline.load import load_decks
from cardwright.reader.deck_names import fit_deck_name
from cardwright.reader.schema import schema_text
from cardwright.shell.schema_file import SCHEMA_NAME, SCHEMA_PATH
from cardwright.source.files import DeckFiles, normal_path
from cardwright.version import VERSION
from tests.support.commands import Result, read_files
from tests.support.failing_disks import read_only
from tests.support.memory import FakeEnvironment
from tests.support.paths import ROOT
from tests.support.real_anki import Imported, new_learner
from tests.support.schemas import find_complaints

NOTES, CARDS = 10, 12

Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """A function that runs `cardwright` with the given arguments."""
    return lambda *arguments: Result(main.run(arguments), *capsys.readouterr())


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def git(project: Path, tmp_path: Path) -> Run:
    """A function that runs git in the project, which is a repository."""
    settings = {"GIT_CONFIG_GLOBAL": str(tmp_path / "none"), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}

    def run_git(*arguments: str) -> Result:
        command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments]
        done = subprocess.run(command, cwd=project, env=settings, capture_output=True, text=True, check=True)
        return Result(done.returncode, done.stdout, done.stderr)

    run_git("init", "--quiet", "--initial-branch=main")
    return run_git


def texts(folder: Path) -> dict[str, str]:
    return {path: data.decode() for path, data in read_files(folder).items()}


def yaml_texts(folder: Path) -> dict[str, str]:
    return {path: text for path, text in texts(folder).items() if path.endswith(".yaml")}


# A deck that can be built at once


@pytest.mark.parametrize("options", [[], ["--folder"]])
def test_the_new_deck_is_built_and_printed_without_a_warning(options: list[str], run: Run) -> None:
    assert run("new", *options, "Months").code == 0

    built = run("build")
    assert built == (0, built.out, "")
    assert f"Months: {NOTES} notes ({NOTES} new), {CARDS} cards on 2 sheets" in built.out
    checked = run("check", "--strict")
    assert checked == (0, "1 deck checked: no problems\n", "")


@pytest.mark.anki
def test_real_anki_takes_the_new_deck(run: Run, project: Path, tmp_path: Path) -> None:
    run("new", "Months")
    run("build", "--only", "anki")

    with new_learner(tmp_path / "learner") as learner:
        package = (project / "decks/months/months.apkg").read_bytes()
        assert learner.import_package(package) == Imported(NOTES, 0, 0, 0)
        assert len(learner.cards()) == CARDS
        assert learner.empty_cards() == []


def test_the_examples_have_each_kind_of_card_that_needs_no_picture(run: Run, project: Path) -> None:
    run("new", "Months")
    cards = yaml.safe_load((project / "cards_source/months.yaml").read_text())["cards"]

    assert {next(iter(card)) for card in cards} == {"q", "cloze", "list", "table"}
    assert {"hint", "extra", "reverse"} <= {key for card in cards for key in card}


@pytest.mark.parametrize("options", [[], ["--folder"]])
def test_each_option_in_a_comment_can_be_switched_on(options: list[str], run: Run, project: Path) -> None:
    """By deleting its `#`, one at a time, and all at once."""
    run("new", *options, "Months")
    sources = yaml_texts(project / "cards_source")
    places = [
        (path, match.start(1))
        for path, text in sources.items()
        for match in re.finditer(r"^ *(#)\w", text, re.MULTILINE)
    ]
    assert len(places) == 10 + len(options)
    for chosen in (*([place] for place in places), places):
        for path, text in sources.items():
            starts = {start for chosen_path, start in chosen if chosen_path == path}
            switched = "".join(char for index, char in enumerate(text) if index not in starts)
            (project / "cards_source" / path).write_text(switched)
            assert find_complaints(switched) == []

        result = run("check", "--strict", "--only", "anki,pdf")

        assert result.code == 0, result.err
        assert "1 deck checked: 1 remark" in result.out  # the ids are missing


def test_the_comments_explain_every_option_that_they_have(run: Run, project: Path) -> None:
    run("new", "--folder", "Months")
    for text in yaml_texts(project / "cards_source").values():
        for line in re.findall(r"^ *#\w.*", text, re.MULTILINE):
            assert "  # " in line or line.startswith(("#description", "#authors"))


# Names


@pytest.mark.parametrize(
    ("typed", "name", "file"),
    [
        (["Spanish", "verbs"], "Spanish verbs", "spanish-verbs.yaml"),
        (["  Spanish   verbs "], "Spanish verbs", "spanish-verbs.yaml"),
        (["Élèves à l'école"], "Élèves à l'école", "élèves-à-l-école.yaml"),
        (["日本語"], "日本語", "日本語.yaml"),
        (["हिन्दी शब्द"], "हिन्दी शब्द", "हिन्दी-शब्द.yaml"),
        (["كلمات"], "كلمات", "كلمات.yaml"),
        (["Anatomy::Bones"], "Anatomy::Bones", "anatomy-bones.yaml"),
        (["Bones: the leg"], "Bones: the leg", "bones-the-leg.yaml"),
        (["AC/DC # 1"], "AC/DC # 1", "ac-dc-1.yaml"),
        (["../../etc"], "../../etc", "etc.yaml"),
        (["'quoted' \"twice\""], "'quoted' \"twice\"", "quoted-twice.yaml"),
        (["null"], "null", "null.yaml"),
        (["CON"], "CON", "con_.yaml"),
        (["lpt1"], "lpt1", "lpt1_.yaml"),
        (["🐦"], "🐦", "cards.yaml"),
        (["Deck"], "Deck", "cards-deck.yaml"),
        (["Collection"], "Collection", "cards-collection.yaml"),
        (["Backup 2024"], "Backup 2024", "cards-backup-2024.yaml"),
        (["cards_source/legs.yaml"], "legs", "legs.yaml"),
        (["x" * 300], "x" * 300, f"{'x' * 60}.yaml"),
    ],
)
def test_a_name_is_what_people_type(typed: list[str], name: str, file: str, run: Run, project: Path) -> None:
    result = run("new", *typed)

    assert result.out.startswith(f"cards_source/{file} is the deck “{name}”")
    assert {*read_files(project)} == {f"cards_source/{file}", SCHEMA_PATH}
    source = yaml.safe_load((project / "cards_source" / file).read_text())
    assert source["deck"] == name
    assert f"Its id is {source['id']}, by which Anki recognises it." in result.out
    assert re.fullmatch(rf"{file.removesuffix('.yaml')}-[0-9a-f]{{6}}", source["id"])
    checked = run("check", "--strict")
    assert (checked.code, "1 deck checked: 1 remark" in checked.out) == (0, True)


@given(st.text(min_size=1), st.booleans())
def test_any_name_makes_a_deck_without_a_mistake(typed: str, is_folder: bool) -> None:
    if not (name := fit_deck_name(typed)):
        return
    location = deck_location(name, is_folder=is_folder)
    head = deck_files(name, f"{location.name}-0", location)[location.main_path].split("\n\n")[0]
    sources = {location.main_path: f"{head}\ncards: [{{q: What hoots?, a: An owl}}]".encode()}
    report = Report()

    files = DeckFiles(location.main_path, location.is_single_file, sources)
    (loaded,) = load_decks([files], FakeEnvironment(), report)

    assert {diagnostic.code for diagnostic in report} <= {"missing-id"}
    assert loaded.deck.name == normal_path(name)
    assert location.name not in ("deck", "collection")
    assert len(f"{location.name}.yaml".encode()) < 255


@pytest.mark.parametrize("typed", [[], [""], ["   "], [":"], ["\u200e\x07"]])
def test_a_deck_needs_a_name(typed: list[str], run: Run, project: Path) -> None:
    result = run("new", *typed)

    assert result.code == 2
    assert "the deck needs a name, such as `cardwright new Spanish verbs`" in result.err
    assert read_files(project) == {}


# What an editor knows of it


@pytest.mark.parametrize(("options", "line"), [([], SCHEMA_NAME), (["--folder"], f"../{SCHEMA_NAME}")])
def test_editors_find_out_what_can_be_written(options: list[str], line: str, run: Run, project: Path) -> None:
    """With the schema beside the cards, which each file names in its first line."""
    run("new", *options, "Months")

    assert (project / SCHEMA_PATH).read_text() == schema_text()
    for text in yaml_texts(project / "cards_source").values():
        assert text.startswith(f"# yaml-language-server: $schema={line}\n")
        assert find_complaints(text) == []
    assert run("schema").out == f"{SCHEMA_PATH}: up to date\n"


def test_a_schema_that_is_there_stays(run: Run, project: Path) -> None:
    (project / "cards_source").mkdir()
    (project / SCHEMA_PATH).write_text("{}")

    result = run("new", "Months")

    assert (project / SCHEMA_PATH).read_text() == "{}"
    assert SCHEMA_PATH not in result.out


# Where it goes


def test_the_first_deck_makes_the_project_and_says_what_comes_next(run: Run, project: Path) -> None:
    result = run("new", "Spanish", "verbs")

    id_ = re.findall("^id: (.*)$", (project / "cards_source/spanish-verbs.yaml").read_text(), re.MULTILINE)[0]
    assert result.out == (
        "cards_source/spanish-verbs.yaml is the deck “Spanish verbs”, with some cards as examples.\n"
        f"Its id is {id_}, by which Anki recognises it.\n"
        f"cards_source/ was made in {project}, which is your project now.\n"
        "cards_source/cardwright.schema.json is new: with it, editors explain what you write.\n"
        "\n"
        "Next:\n"
        "  1. Run `cardwright preview`. It shows the cards in your browser, until Ctrl-C.\n"
        "  2. Open cards_source/spanish-verbs.yaml in a text editor. Its comments explain how to write\n"
        "     cards. Whenever you save, the browser shows what has changed.\n"
        "  3. In a second terminal, run `cardwright build`, which writes\n"
        "     decks/spanish-verbs/spanish-verbs.apkg for Anki, and spanish-verbs.pdf to print.\n"
        "  4. In Anki, choose File > Import, then the .apkg file. Do so again after each build:\n"
        "     your progress stays.\n"
    )


def test_beside_other_decks_the_commands_name_the_new_one(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes into the project above, if there is one."""
    run("new", "Bones")
    (project / "notes").mkdir()
    monkeypatch.chdir(project / "notes")

    result = run("new", "Muscles")

    assert list(yaml_texts(project)) == ["cards_source/bones.yaml", "cards_source/muscles.yaml"]
    assert f"It is in your project, {project}.\n" in result.out
    assert "`cardwright preview muscles`" in result.out
    assert "`cardwright build muscles`" in result.out


@pytest.mark.parametrize(
    ("there", "typed", "message", "step"),
    [
        (
            {"cards_source/legs.yaml": "deck: The legs"},
            ["Legs"],
            "there is a deck `legs` already",
            "write your cards into its file, or give the new deck another name",
        ),
        (
            {"cards_source/old/LEGS/deck.yaml": "deck: The legs"},
            ["--folder", "Legs"],
            "there is a deck `LEGS` already",
            "write your cards into its file, or give the new deck another name",
        ),
        (
            {"cards_source/body.yaml": "deck: LEGS"},
            ["Legs"],
            "there is a deck `LEGS` already",
            "write your cards into its file, or give the new deck another name",
        ),
        (
            {"cards_source/legs.yaml": "no deck: ["},
            ["Legs"],
            "there is a deck `legs` already",
            "write your cards into its file, or give the new deck another name",
        ),
        (
            {"cards_source/deck.yaml": "deck: Body"},
            ["Legs"],
            "all files in cards_source/ belong to one deck",
            "with `--folder`, the new deck gets a folder of its own",
        ),
        (
            {"cards_source/legs.lock": ""},
            ["Legs"],
            "`cards_source/legs.lock` is there already",
            "give the new deck another name, or move this away first",
        ),
        (
            {"decks/legs/legs.apkg": ""},
            ["Legs"],
            "`decks/legs` is there already",
            "give the new deck another name, or move this away first",
        ),
        (
            {"cards_source/legs/media/leg.svg": ""},
            ["Legs", "--folder"],
            "`cards_source/legs` is there already",
            "give the new deck another name, or move this away first",
        ),
        (
            {"cards_source": ""},
            ["Legs"],
            "cannot write `legs.yaml`: a file is in the place of a folder",
            "",
        ),
    ],
)
def test_nothing_is_overwritten(
    there: dict[str, str], typed: list[str], message: str, step: str, run: Run, project: Path
) -> None:
    for path, text in there.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text)

    result = run("new", *typed)

    assert result.code == 1
    assert f"]: {message}\n" in result.err
    assert f"help: {step}\n" in result.err or not step
    assert result.err.endswith("1 error; nothing was written\n")
    assert texts(project) == there


def test_with_folder_a_deck_goes_beside_one_that_has_the_whole_folder(run: Run, project: Path) -> None:
    (project / "cards_source").mkdir()
    (project / "cards_source/deck.yaml").write_text("deck: Body\ncards: [{q: What bends?, a: The knee}]\n")

    assert run("new", "--folder", "Legs").code == 0
    assert run("check", "--strict").code == 0
    assert "2 decks checked" in run("check").out


def test_nothing_is_written_through_a_link(run: Run, project: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (project / ".github").symlink_to(tmp_path / "elsewhere")

    result = run("new", "--folder", "Legs")

    assert result.code == 1
    assert "error[linked-outputs]: `.github` is a link" in result.err
    assert read_files(tmp_path / "elsewhere") == {}
    assert not (project / "cards_source").exists()


def test_a_folder_that_cannot_be_written_stays_as_it_was(run: Run, project: Path) -> None:
    """Of several files all are written, or none."""
    (project / ".github").mkdir()
    with read_only(project / ".github"):
        result = run("new", "--folder", "Legs")

    assert result.code == 1
    assert "cannot write `cardwright.yml`: " in result.err
    assert [path.name for path in project.iterdir()] == [".github"]


# With --folder: what a project on GitHub needs


def test_a_folder_comes_with_what_git_and_github_need(run: Run, project: Path) -> None:
    result = run("new", "--folder", "Legs")

    assert list(read_files(project)) == [
        ".gitattributes",
        ".github/workflows/cardwright.yml",
        ".pre-commit-config.yaml",
        SCHEMA_PATH,
        "cards_source/legs/deck.yaml",
        "cards_source/legs/months.yaml",
    ]
    assert ".gitattributes is new: with it, git merges the locks of two branches.\n" in result.out
    assert "  5. If you use git, commit everything, decks/ too.\n" in result.out


def test_the_attributes_let_git_merge_every_lock_of_a_deck_and_no_other(run: Run, git: Run) -> None:
    run("new", "--folder", "Legs")
    locks = ["cards_source/legs/deck.lock", "cards_source/legs.lock", "cards_source/a/b/deck.lock", "uv.lock"]

    attributes = git("check-attr", "merge", *locks).out.splitlines()

    assert [line.rsplit(" ", 1)[1] for line in attributes] == ["union", "union", "union", "unspecified"]


def test_the_attributes_keep_git_from_merging_the_lines_of_a_sheet(run: Run, git: Run) -> None:
    run("new", "--folder", "Legs")

    assert git("check-attr", "merge", "decks/legs/legs.pdf").out == "decks/legs/legs.pdf: merge: unset\n"


def workflow_of(project: Path) -> dict[str, Any]:
    workflow = yaml.safe_load((project / ".github/workflows/cardwright.yml").read_text())
    assert isinstance(workflow, dict)
    return workflow


def commands_at(event: str, workflow: dict[str, Any]) -> list[str]:
    """Return what the workflow runs for an event of GitHub, after it has installed cardwright."""
    install, *steps = [step for step in workflow["jobs"]["build"]["steps"] if "run" in step]
    assert install == {"run": f"pip install cardwright=={VERSION}"}
    return [step["run"] for step in steps if step.get("if") in (None, f"github.event_name == '{event}'")]


def test_the_workflow_builds_what_is_proposed_and_passes_for_what_is_committed_with_its_lock(
    run: Run, git: Run, project: Path, tmp_path: Path
) -> None:
    """Its commands run in a shell as GitHub runs them, in a new clone."""
    run("new", "--folder", "Legs")
    deck = project / "cards_source/legs/deck.yaml"
    deck.write_text(f"{deck.read_text()}print: false\n")  # sheets take long
    workflow = workflow_of(project)
    assert commands_at("push", workflow) == ["cardwright check --format github", "cardwright build --locked"]
    assert commands_at("pull_request", workflow) == ["cardwright check --format github", "cardwright build"]
    program = tmp_path / "bin/cardwright"
    program.parent.mkdir()
    program.symlink_to(ROOT / ".venv/bin/cardwright")

    def clone_and_run(name: str, event: str) -> list[int]:
        git("add", "--all")
        git("commit", "--quiet", "--allow-empty", "--message", "Cards")
        git("clone", "--quiet", ".", str(tmp_path / name))
        return [
            subprocess.run(
                ["bash", "-e", "-c", command],
                cwd=tmp_path / name,
                env={"PATH": f"{program.parent}:/usr/bin:/bin", "CARDWRIGHT_CACHE": "off"},
                capture_output=True,
                check=False,
            ).returncode
            for command in commands_at(event, workflow)
        ]

    assert clone_and_run("without-ids", "push") == [0, 1]
    assert clone_and_run("proposed", "pull_request") == [0, 0]
    run("build")
    assert clone_and_run("built", "push") == [0, 0]


@pytest.mark.parametrize("is_there", [False, True])
def test_a_tag_gets_a_release_with_what_is_in_decks(
    is_there: bool, run: Run, project: Path, tmp_path: Path
) -> None:
    """With a program in place of GitHub's `gh`, which writes down what it is asked for."""
    run("new", "--folder", "Legs")
    run("build", "--only", "anki")
    workflow = workflow_of(project)
    job = workflow["jobs"]["release"]
    assert (job["if"], job["needs"]) == ("github.ref_type == 'tag'", "build")
    assert (workflow["permissions"], job["permissions"]) == ({"contents": "read"}, {"contents": "write"})
    checkout, publish = job["steps"]
    assert checkout["uses"].startswith("actions/checkout@")
    assert publish["env"].keys() == {"GH_TOKEN", "TAG", "FILES"}
    program = tmp_path / "bin/gh"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\necho "$@" >>{tmp_path}/log\n[ "$2" != view ] || exit {0 if is_there else 1}\n'
    )
    program.chmod(0o755)

    subprocess.run(
        ["bash", "-e", "-c", publish["run"]],
        cwd=project,
        env={"PATH": f"{program.parent}:/usr/bin:/bin", "TAG": "v1.0", "FILES": "https://x/blob/v1.0"},
        check=True,
    )

    changes = "- [What has changed](https://x/blob/v1.0/decks/legs/CHANGES.md)"
    created = [f"release create v1.0 --verify-tag --notes {changes} --generate-notes"]
    assert (tmp_path / "log").read_text().splitlines() == [
        "release view v1.0",
        *([] if is_there else created),
        "release upload v1.0 decks/legs/legs.apkg --clobber",
    ]


def test_the_hook_runs_a_check_when_cards_are_committed(run: Run, project: Path) -> None:
    run("new", "--folder", "Legs")
    (repository,) = yaml.safe_load((project / ".pre-commit-config.yaml").read_text())["repos"]
    (hook,) = repository["hooks"]

    assert repository["repo"] == "local"
    assert {"id", "name", "entry", "language"} <= hook.keys()
    program, *arguments = hook["entry"].split()
    assert (program, run(*arguments).code) == ("cardwright", 0)
    assert re.search(hook["files"], "cards_source/legs/deck.yaml")
    assert not re.search(hook["files"], "README.md")


def test_files_for_git_that_are_there_already_stay_and_it_says_what_to_add(run: Run, project: Path) -> None:
    (project / ".gitattributes").write_text("*.png binary\n")

    result = run("new", "--folder", "Legs")

    assert result.code == 0
    assert (project / ".gitattributes").read_text() == "*.png binary\n"
    assert (
        ".gitattributes is there already and stays as it is. Add to it what you need of this:" in result.out
    )
    assert "    cards_source/**/*.lock merge=union\n" in result.out

    (project / ".gitattributes").write_text("cards_source/**/*.lock merge=union\n")
    result = run("new", "--folder", "Arms")
    assert result.code == 0
    assert ".git" not in result.out


def test_below_the_top_of_a_repository_only_what_works_there_is_written(
    run: Run, git: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert git("status").code == 0
    (project / "study").mkdir()
    monkeypatch.chdir(project / "study")

    result = run("new", "--folder", "Legs")

    assert (project / "study/.gitattributes").exists()
    for path in (".github/workflows/cardwright.yml", ".pre-commit-config.yaml"):
        assert not (project / "study" / path).exists()
        line = f"{path} is left out: it works only at the top of the repository, in {project}.\n"
        assert line in result.out


# What leads to it


@pytest.mark.parametrize("command", ["build", "check", "preview", "print"])
def test_without_a_project_or_a_deck_other_commands_point_to_it(
    command: str, run: Run, project: Path
) -> None:
    outside = run(command)
    assert (outside.code, "`cardwright new NAME`" in outside.err) == (2, True)

    if command == "preview":
        return  # it waits for the first deck, and its page says so
    (project / "cards_source").mkdir()
    without_deck = run(command)
    assert (without_deck.code, "`cardwright new NAME` makes one" in without_deck.err) == (2, True)
