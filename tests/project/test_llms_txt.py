"""docs/llms.txt, from which programs write cards: it names everything, and its mistakes can be mended.

`test_documents.py` tries its examples.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from cardwright.check.lints import LINT_CODES
from cardwright.cli.main import cli, run
from cardwright.diagnostics import Severity
from cardwright.kinds import KINDS
from cardwright.reader.schema import schema_text
from tests.support.documents import stories
from tests.support.paths import ROOT

PAGE = ROOT / "docs" / "llms.txt"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = [block for story in stories(PAGE) for block in story.blocks]
MISTAKES = [index for index, block in enumerate(BLOCKS) if block.is_mistake]


def _keys(schema: Any) -> Iterator[str]:
    """Yield every key that the JSON Schema of decks, topics and cards knows."""
    if isinstance(schema, Mapping):
        for name, value in schema.items():
            if name == "properties":
                yield from value
            yield from _keys(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from _keys(item)


def _is_named(word: str) -> bool:
    """Return whether a word is in code: in an example, or between backticks."""
    code = [block.text for block in BLOCKS if not block.is_mistake] + re.findall(r"`[^`\n]+`", TEXT)
    return any(re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", part) for part in code)


def test_the_page_has_room_in_any_context() -> None:
    assert len(TEXT.splitlines()) < 400


def test_the_page_begins_as_llmstxt_org_says() -> None:
    assert re.match(r"# cardwright\n\n(> .+\n)+\n", TEXT)


@pytest.mark.parametrize("key", sorted({*_keys(yaml.safe_load(schema_text()))}))
def test_the_page_names_the_key(key: str) -> None:
    assert _is_named(key)


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_has_a_section_on_the_kind(kind: str) -> None:
    assert re.search(rf"^\*\*`{kind}`", TEXT, re.MULTILINE)


@pytest.mark.parametrize("rule", LINT_CODES)
def test_the_page_names_the_rule(rule: str) -> None:
    assert f"`{rule}`" in TEXT


@pytest.mark.parametrize("command", cli.list_commands(click.Context(cli)))
def test_the_page_names_the_command(command: str) -> None:
    assert f"`cardwright {command}" in TEXT


@pytest.mark.parametrize("severity", [severity.value for severity in Severity])
def test_the_page_names_the_severity(severity: str) -> None:
    assert f"`{severity}`" in TEXT


def test_the_files_of_the_page_are_decks_without_problems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for block in BLOCKS:
        if block.path:
            (tmp_path / block.path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / block.path).write_text(block.text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert run(["check", "--strict"]) == 0
    assert run(["build"]) == 0
    assert (tmp_path / "decks" / "planets" / "planets.apkg").exists()


def test_there_are_ten_mistakes() -> None:
    assert len(MISTAKES) == 10


@pytest.mark.parametrize("index", MISTAKES, ids=lambda index: BLOCKS[index].line)
def test_each_mistake_has_its_message_and_is_mended(index: int) -> None:
    mistake, message, mended = BLOCKS[index : index + 3]

    assert (mistake.language, message.language, mended.language) == ("yaml", "text", "yaml")
    assert not mended.is_mistake
    assert re.search(r"^(error|warning)\[[\w-]+\]: ", message.text, re.MULTILINE)
    assert "  = help: " in message.text
