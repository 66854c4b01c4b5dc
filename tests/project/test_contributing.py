"""The examples of CONTRIBUTING.md, followed to the letter in a copy of the package."""

import re
import shutil
import textwrap
import zipfile
from pathlib import Path

import pytest

from tests.support.commands import COMMAND, run_python
from tests.support.documents import apply_diff
from tests.support.paths import PACKAGE, ROOT

_EXAMPLE = re.compile(r"^### Example: (?P<title>.+?)\n(?P<steps>.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^   ```(?P<kind>python|diff|console)\n(?P<lines>.*?)^   ```$", re.MULTILINE | re.DOTALL)
EXAMPLES = {
    match["title"]: match["steps"] for match in _EXAMPLE.finditer((ROOT / "CONTRIBUTING.md").read_text())
}
DECK = "deck: Owls\nid: owls\nlanguage: la\ncards:\n"
CARD = "  - {id: hunt, q: What do owls eat? And when?, a: Mice}\n"
TERM = "  - {id: owl, term: Strix, meaning: a genus of owls}\n"
# For each example the cards, the command that uses what was added, and what it must print or write.
EXPECTED = {
    "add a rule": (CARD, ["check"], "advice[two-questions]: this card asks more than one question"),
    "add a kind of card": (TERM, ["build", "--only", "anki"], "Owls: 1 note (1 new), 2 cards"),
    "add an output": (CARD, ["build", "--only", "text"], "written    decks/owls/owls.txt"),
    "add a command": (CARD, ["decks"], "owls"),
    "add a language": (CARD, ["build", "--only", "anki"], "Owls: 1 note (1 new), 1 card"),
}


def follow(steps: str, folder: Path) -> None:
    """Write the files and apply the changes that an example shows. folder: stands for the repository."""
    for block in _BLOCK.finditer(steps):
        first, _, content = textwrap.dedent(block["lines"]).partition("\n")
        if block["kind"] == "console":
            source, target = first.removeprefix("$ cp ").split()
            shutil.copyfile(folder / source, folder / target)
            continue
        path = folder / first.removeprefix("# ")
        if block["kind"] == "python":
            path.parent.mkdir(exist_ok=True)
            path.write_text(content)
            continue
        apply_diff(content, path)


@pytest.mark.parametrize("title", EXAMPLES)
def test_the_example_works_as_written(title: str, tmp_path: Path) -> None:
    cards, arguments, expected = EXPECTED[title]
    copy = tmp_path / "builder" / "cardwright"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    follow(EXAMPLES[title], tmp_path)
    (tmp_path / "cards_source").mkdir()
    (tmp_path / "cards_source" / "owls.yaml").write_text(DECK + cards)

    result = run_python(COMMAND, *arguments, folder=tmp_path, PYTHONPATH=str(tmp_path / "builder"))

    assert expected in result.out, result.err
    assert "bug in cardwright" not in result.err
    if title == "add a language":
        package = zipfile.ZipFile(tmp_path / "decks" / "owls" / "owls.apkg")
        assert b"Indicium</a>" in package.read("collection.anki2")


def test_every_example_is_tried() -> None:
    assert EXAMPLES.keys() == EXPECTED.keys()


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_path_in_a_document_exists(document: str) -> None:
    text = _EXAMPLE.sub("", (ROOT / document).read_text())
    paths = re.findall(r"`([\w./]+(?:/|\.(?:py|md|txt|toml|yaml)))`", text)
    named = {path for path in paths if "/" in path}

    assert named
    assert not [path for path in named if not (ROOT / path).exists() and not (PACKAGE / path).exists()]
