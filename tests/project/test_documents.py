"""Everything that README.md and docs/ show is tried: decks are checked, and commands are run."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, StringIO
from pathlib import Path

import click
import pytest
import yaml
from _pytest.mark.structures import ParameterSet
from PIL import Image

from cardwright.cli.main import cli, run
from cardwright.reader.deck_keys import DECK_KEYS
from tests.support.documents import Block, Copy, Story, apply_diff, commands, matches, stories
from tests.support.pages import SOUND
from tests.support.paths import ROOT

# Pages whose examples other tests try.
_TRIED_ELSEWHERE = {
    "json.md": "tests/cli/test_json_output.py",
    "releasing.md": "scripts/release_check.py",
    "rules.md": "tests/check/test_rules.py",
}
DOCUMENTS = [
    ROOT / "README.md",
    *(page for page in sorted((ROOT / "docs").glob("*.md")) if page.name not in _TRIED_ELSEWHERE),
    *(ROOT / "docs").glob("llms.txt"),
]
STORIES = [story for page in DOCUMENTS for story in stories(page)]
_DRAWING = ROOT / "cards_source" / "hamstrings" / "media" / "back-of-thigh.svg"
# Languages of blocks that show something and are no file of the story.
_SHOWN = {"", "text", "sh", "powershell", "html", "json", "csv", "css", "markdown", "python"}
# What a part can't have, since it is only a part.
_WARNINGS_OF_PARTS = {"missing-id", "unused-source", "unused-file"}
# Pages whose cards are to be imitated: there is no advice on them, either.
_WITHOUT_ADVICE = {"llms.txt"}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: f"{story.page.name}:{story.line}")
def test_the_story_goes_as_it_is_told(story: Story, tmp_path: Path) -> None:
    folder = tmp_path / "story"
    folder.mkdir()
    place, shell = folder, _Shell(tmp_path)
    for step in story.steps:
        if isinstance(step, Copy):
            target = folder / step.target
            target.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (ROOT / step.source).is_dir() else shutil.copyfile
            copy(ROOT / step.source, target)
        elif step.not_run or step.is_mistake:
            continue
        elif step.language == "console":
            place = shell.run(step, place, story.page.name)
        elif step.path and step.language == "diff":
            apply_diff(step.text, folder / step.path)
        elif step.path:
            (folder / step.path).parent.mkdir(parents=True, exist_ok=True)
            (folder / step.path).write_text(step.text, encoding="utf-8", newline="")
        else:
            assert step.language in _SHOWN | {"yaml"}, f"line {step.line}: nothing is done with this block"


def _parts() -> Iterator[ParameterSet]:
    for story in STORIES:
        blocks = list(story.blocks)
        for index, block in enumerate(blocks):
            if block.language == "yaml" and (block.is_mistake or not block.path) and not block.not_run:
                message = next((later for later in blocks[index + 1 :] if later.language == "text"), None)
                page = story.page.name
                yield pytest.param(block, message, page in _WITHOUT_ADVICE, id=f"{page}:{block.line}")


@pytest.mark.parametrize(
    ("expected", "is_shown"),
    [
        ("a\nb\n", True),
        ("a\n", False),
        ("…\n", True),
        ("a\n…\nb", True),
        ("…\na\nb\n…", True),
        ("…a", False),
        ("a…\n…b", True),
        ("b", False),
    ],
)
def test_an_ellipsis_stands_for_what_isnt_shown(expected: str, is_shown: bool) -> None:
    assert matches(expected, "a\nb\n") == is_shown


def test_a_comment_with_a_typing_error_is_told(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("Text.\n\n<!-- mistakes -->\n")

    with pytest.raises(ValueError, match=r"page\.md:3: unknown comment: mistakes"):
        stories(tmp_path / "page.md")


@pytest.mark.parametrize(("block", "message", "without_advice"), list(_parts()))
def test_the_example_is_a_part_of_a_deck(
    block: Block,
    message: Block | None,
    without_advice: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A mistake gets the message that follows it; anything else is without errors and warnings."""
    path = tmp_path / (block.path or "cards_source/example.yaml")
    path.parent.mkdir(parents=True)
    path.write_text(block.text if block.path else _whole_deck(block.text), encoding="utf-8")
    for name in sorted({*re.findall(r"media/([\w./-]+\.\w+)", block.text)}):
        (path.parent / "media").mkdir(exist_ok=True)
        (path.parent / "media" / name).write_bytes(_medium(name))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    out = StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        run(["check", *([] if block.is_mistake else ["--format", "json"])])

    if block.is_mistake:
        assert message is not None, "no block says what is printed about the mistake"
        assert matches(message.text, out.getvalue()), out.getvalue()
        return
    problems = [json.loads(line) for line in out.getvalue().splitlines() if line.startswith("{")]
    assert not [
        f"{problem['code']}: {problem['message']}"
        for problem in problems
        if (without_advice or problem["severity"] != "advice") and problem["code"] not in _WARNINGS_OF_PARTS
    ]


@pytest.mark.parametrize(
    "page", [*DOCUMENTS, *(ROOT / "docs" / name for name in _TRIED_ELSEWHERE)], ids=lambda page: page.name
)
def test_every_command_in_the_page_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    blocks = [block.text for story in stories(page) for block in story.blocks]
    in_blocks = re.findall(r"^ *(?:\$ )?cardwright (.+)$", "\n".join(blocks), re.MULTILINE)
    for call in [*in_blocks, *re.findall(r"`cardwright ([^`]+)`", text)]:
        words = re.split(r" [|>&#] ?", re.sub("'[^']*'", "…", " ".join(call.split())))[0].split()
        if words[0].startswith(("-", "…", "=", "[")):
            continue
        assert words[0] in cli.list_commands(click.Context(cli)), f"cardwright {words[0]}"
        command = cli.get_command(click.Context(cli), words[0])
        assert command is not None
        known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
        used = {word.split("=")[0].strip("[]") for word in words if re.match(r"\[?--?[a-z]", word)}
        assert used <= known | {"--help", "-h"}, f"cardwright {' '.join(words)}"


class _Shell:
    """Runs the commands of a page one after the other, as in a terminal."""

    def __init__(self, folder: Path) -> None:
        """folder: holds what commands read outside of the project."""
        (folder / "home").mkdir()
        self._environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder / "home"),
            "XDG_CONFIG_HOME": str(folder / "home" / "config"),
            "CARDWRIGHT_CACHE": str(folder / "cache"),
            "COLUMNS": "100",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "GIT_AUTHOR_NAME": "A. Writer",
            "GIT_AUTHOR_EMAIL": "writer@example.org",
            "GIT_COMMITTER_NAME": "A. Writer",
            "GIT_COMMITTER_EMAIL": "writer@example.org",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "init.defaultBranch",
            "GIT_CONFIG_VALUE_0": "main",
        }
        for variable in ("CI", "GITHUB_ACTIONS", "SOURCE_DATE_EPOCH", "VISUAL", "EDITOR"):
            self._environment.pop(variable, None)

    def run(self, block: Block, place: Path, page: str) -> Path:
        """Run the commands of a block in a folder. Return the folder in which they end."""
        shown = list(commands(block.text))
        for index, (command, expected) in enumerate(shown):
            script = f'cd "$0" && {{ {command}\n}}; code=$?; pwd >&3; exit $code'
            read_end, write_end = os.pipe()
            try:
                process = subprocess.run(
                    ["bash", "-c", f"exec 3>&{write_end}; {script}", place],
                    pass_fds=(write_end,),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    env=self._environment,
                    check=False,
                )
                os.close(write_end)
                place = Path(os.read(read_end, 4096).decode().strip())
            finally:
                os.close(read_end)
            where = f"{page}:{block.line}: $ {command}\n{process.stdout}"
            fails = block.fails and index == len(shown) - 1
            assert fails == (process.returncode != 0), f"exit code {process.returncode} of {where}"
            assert not expected.strip() or matches(expected, process.stdout), where
        return place


def _whole_deck(part: str) -> str:
    """Return a part of a deck with what it lacks: cards without a deck, or a deck without cards."""
    if re.match(r"(?:#.*\n)*- ", part):  # a mistake in it may keep it from being read
        return f"deck: Example\nid: example\ncards:\n{part}"
    content = yaml.load(part, yaml.CBaseLoader)
    if not content.keys() <= DECK_KEYS.keys():
        return f"deck: Example\nid: example\ncards:\n  - {part.replace(chr(10), chr(10) + '    ').rstrip()}\n"
    card = (
        "" if "cards" in content else "cards:\n  - {id: knee, q: What bends the knee?, a: The hamstrings}\n"
    )
    head = {"deck": "deck: Example\n", "id": "id: example\n"}
    return "".join(line for key, line in head.items() if key not in content) + part + card


def _medium(name: str) -> bytes:
    """Return a file for an example that names one."""
    extension = name.rsplit(".", 1)[1].lower()
    if extension == "svg":
        return _DRAWING.read_bytes()
    formats = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP", "gif": "GIF"}
    if extension in formats:
        picture = BytesIO()
        Image.new("RGB", (300, 200), "white").save(picture, formats[extension])
        return picture.getvalue()
    return SOUND
