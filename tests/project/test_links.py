"""Links and pictures of all documents, and the site that is made of the guide."""

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from scripts.markdown import anchor, headings
from tests.support.paths import ROOT

_GUIDE = ROOT / "docs"
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted(_GUIDE.glob("*.md")), _GUIDE / "llms.txt"]
_MARKDOWN = MarkdownIt("commonmark").enable("table")
_LOADED = re.compile(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=\"?([^\s\">]+)")
# Files that are in the repository, but not on the site.
_NOT_ON_THE_SITE = {"releasing.md"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in _targets(document):
        path, _, fragment = target.partition("#")
        file = (document.parent / unquote(path)).resolve() if path else document
        assert file.exists(), target
        assert not fragment or fragment in _anchors(file), target
        if document.parent == _GUIDE and document.name not in _NOT_ON_THE_SITE:
            assert file.is_relative_to(_GUIDE), f"{target} is not on the site"
            assert file.name not in _NOT_ON_THE_SITE, f"{target} is not on the site"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_picture_says_what_it_shows(document: Path) -> None:
    pictures = [token for token in _inline_tokens(document) if token.type == "image"]

    assert [str(token.attrs["src"]) for token in pictures if len(token.content) < 15] == []


def test_every_picture_is_shown() -> None:
    shown = {(document.parent / target).resolve() for document in DOCUMENTS for target in _targets(document)}

    assert set((_GUIDE / "pictures").iterdir()) <= shown


def test_the_site_is_made_without_a_warning_and_asks_no_network(tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "mkdocs"
    result = subprocess.run(
        [program, "build", "--strict", "--quiet", "--site-dir", tmp_path / "site"],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, result.stderr) == (0, "")
    for page in (tmp_path / "site").glob("*.html"):
        loaded = re.findall(
            r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=\"?([^\s\">]+)", page.read_text()
        )
        assert [address for address in loaded if address.startswith(("http", "//"))] == [], page.name


def _targets(document: Path) -> list[str]:
    """Return the links and pictures of a document that lead to files of the repository."""
    attributes = [
        str(token.attrs.get("href") or token.attrs.get("src", "")) for token in _inline_tokens(document)
    ]
    return [target for target in attributes if target and not re.match(r"[a-z]+:", target)]


@cache
def _inline_tokens(document: Path) -> list[Token]:
    tokens = _MARKDOWN.parse(document.read_text(encoding="utf-8"))
    return [inline for token in tokens for inline in token.children or ()]


@cache
def _anchors(document: Path) -> set[str]:
    return {anchor(title) for _, title in headings(document.read_text(encoding="utf-8"))}
