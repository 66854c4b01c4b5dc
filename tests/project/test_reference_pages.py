"""The reference pages of the guide say what the program knows of itself, and leave nothing out."""

import json
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from cardwright.cli.main import cli
from cardwright.kinds.card_keys import allowed_rules
from cardwright.reader.schema import schema_text
from scripts.markdown import anchor, headings
from scripts.reference_pages import PAGES, generate, part_names
from tests.support.paths import ROOT

FOLDER = ROOT / "docs"
_LINK = re.compile(r"\]\((?P<page>[\w-]+\.md)?#(?P<anchor>[\w-]+)\)")


def read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def help_text(*arguments: str) -> str:
    return CliRunner().invoke(cli, [*arguments, "--help"], prog_name="cardwright").output


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_the_program_says(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`.venv/bin/python -m scripts.reference_pages` writes it anew."""
    monkeypatch.chdir(ROOT)
    generated = generate(read(name), PAGES[name])
    if os.environ.get("CARDWRIGHT_GOLDEN"):
        (FOLDER / name).write_text(generated, encoding="utf-8")

    assert read(name) == generated


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_every_generated_part_once(name: str) -> None:
    assert sorted(part for part in part_names(read(name)) if part != "contents") == sorted(PAGES[name])


def test_every_command_and_every_option_has_its_place() -> None:
    page = read("commands.md")
    names = re.findall(r"^  (\w+) {2,}\w", help_text().partition("Commands:")[2], re.MULTILINE)
    assert len(names) > 5
    for name in names:
        section = re.search(rf"^## cardwright {name}\n(.*?)(?=^## )", page, re.MULTILINE | re.DOTALL)
        assert section, name
        options = re.findall(r"--[a-z][a-z-]*", re.sub(r"(?m)^   .*", "", help_text(name)))
        missing = {*options} - {*re.findall(r"--[a-z][a-z-]*", section[1])} - {"--help"}
        assert not missing, name
    assert "`-h`" in page
    assert "`--help`" in page
    assert "`--version`" in page


def test_every_exit_code_has_its_place() -> None:
    codes = re.findall(r"^ {4}(\d+) ", help_text(), re.MULTILINE)
    assert len(codes) > 3
    assert [code for code in codes if f"\n| {code} | " not in read("commands.md")] == []


def schema_keys(form: Any) -> Iterator[tuple[str, str]]:
    """Yield every key of a schema, with what describes it."""
    if isinstance(form, dict):
        for name, key in form.get("properties", {}).items():
            if "description" in key:
                yield name, key["description"]
        for name, key in form.get("definitions", {}).items():
            if name.startswith("key-"):
                yield name.removeprefix("key-"), key["description"]
        for part in form.values():
            yield from schema_keys(part)
    elif isinstance(form, list):
        for part in form:
            yield from schema_keys(part)


def test_every_key_has_its_place_and_is_described() -> None:
    """A key that means different things in different places has a line for each."""
    lines = read("format.md").splitlines()
    keys = set(schema_keys(json.loads(schema_text())))
    assert len(keys) > 80
    for name, description in keys:
        pattern = rf"\| `{re.escape(name)}`(?: \(required\))? \| .+ \| {re.escape(description)} \|"
        assert any(re.fullmatch(pattern, line) for line in lines), name


def test_every_rule_has_its_place() -> None:
    listed = re.findall(
        r"^  ([a-z-]+)  ", CliRunner().invoke(cli, ["check", "--explain"]).output, re.MULTILINE
    )
    titles = {title for _, title in headings(read("rules.md"))}
    assert len(listed) > 30
    assert {*listed, *allowed_rules()} <= titles


@pytest.mark.parametrize("name", PAGES)
def test_links_within_a_page_lead_somewhere(name: str) -> None:
    page = read(name)
    anchors = [anchor(title) for _, title in headings(page)]
    found = {match["anchor"] for match in _LINK.finditer(page) if not match["page"]}
    assert found
    assert found <= {*anchors}
    assert len(anchors) == len({*anchors})
