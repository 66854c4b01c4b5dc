"""The project and the decks that a command is about."""

from collections.abc import Iterable
from pathlib import Path

import click

from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.diagnostics.phrases import did_you_mean, truncate
from cardwright.diagnostics.report import Report
from cardwright.shell import project
from cardwright.source import yaml_tree
from cardwright.source.files import DeckFiles
from cardwright.source.nodes import Mapping, Scalar
from cardwright.source.text import decode_source


def find_root() -> Path:
    """The project folder.

    Errors: a usage error outside of one.
    """
    here = Path.cwd()
    found = project.find_project(here)
    if found is None:
        raise click.UsageError(
            f"no {project.SOURCE_FOLDER}/ in {here} or any folder above it; "
            f"go to your project, or make the folder and put a deck into it"
        )
    return found


def select_decks(root: Path, wanted: Iterable[str], report: Report) -> list[DeckFiles]:
    """The decks that are asked for, each once, or all of the project.

    wanted: the id of a deck, the name of its folder or file, or a path to it or into it.
    report: takes what could not be read.

    Errors: a usage error for what is no deck, or when there is none at all.
    """
    decks = project.decks(root, report)
    if not decks and not report.has_errors:
        raise click.UsageError(
            f"no deck in {root / project.SOURCE_FOLDER} yet; a YAML file with `deck:` makes one"
        )
    words = list(wanted)
    if not words:
        return decks
    picked = {one.main_path: one for word in words for one in _named(word, root, decks)}
    return [deck for deck in decks if deck.main_path in picked]


def _named(word: str, root: Path, decks: list[DeckFiles]) -> list[DeckFiles]:
    path = Path(word).resolve()
    found = (
        [deck for deck in decks if path == root / deck.main_path]
        or _deepest(
            [deck for deck in decks if not deck.is_single_file and path.is_relative_to(root / deck.folder)]
        )
        or [deck for deck in decks if word == deck.name]
        or [deck for deck in decks if word == _id(deck)]
        or [deck for deck in decks if (root / deck.folder).is_relative_to(path) and path.is_dir()]
    )
    if not found:
        name = escape_controls(truncate(word))
        raise click.UsageError(
            f"no deck is called `{name}`; {did_you_mean(word, (deck.name for deck in decks))}"
        )
    return found


def _deepest(decks: list[DeckFiles]) -> list[DeckFiles]:
    """Of decks that lie in one another, the innermost."""
    return [max(decks, key=lambda deck: len(deck.folder))] if decks else []


def _id(deck: DeckFiles) -> str:
    """The id a deck's file gives it, as far as the file can be read; empty for none."""
    unread = Report()
    source = decode_source(deck.main_path, deck.sources[deck.main_path], unread)
    node = None if source is None else yaml_tree.parse_yaml(source, unread)
    written = node.get("id") if isinstance(node, Mapping) else None
    return written.value if isinstance(written, Scalar) else ""
