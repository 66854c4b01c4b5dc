"""Finds the project and the decks that a command is about."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from cardwright.cli import console
from cardwright.shell.project_folder import SOURCE_FOLDER, find_project

# What reads decks is imported once there is a project.
if TYPE_CHECKING:
    from pathlib import Path

    from cardwright.diagnostics import Report
    from cardwright.shell.project import FoundDeck
    from cardwright.shell.replay import Run
    from cardwright.source.files import DeckFiles


def find_root() -> "Path":
    """Return the project folder.

    Errors: a usage error outside of a project.
    """
    root = find_project()
    if root is None:
        folder = os.getcwd()  # noqa: PTH109  see `shell/project_folder.py`
        raise click.UsageError(
            f"no {SOURCE_FOLDER}/ in {folder} or any folder above it; "
            f"go to the folder of your project, or make a first deck here with `cardwright new NAME`"
        )
    from pathlib import Path

    return Path(root)


def replay_or_begin_run(root: "Path", command: str, decks: Sequence[str], *arguments: object) -> "Run":
    """Print what a command printed last and exit as it did, if nothing has changed; or return its new run.

    decks: as typed. arguments: all else on the command line that matters.
    """
    from pathlib import Path

    from cardwright.shell.files import is_folder
    from cardwright.shell.replay import Run

    # What a name means depends on what lies where it leads.
    names = [f"{name}\0{os.path.realpath(name)}\0{is_folder(Path(name))}" for name in decks]
    run = Run(root, (command, str(Path.cwd()), repr(arguments), *names), os.environ)
    if printed := run.replayed():
        console.print_rendered(printed)
        raise SystemExit(printed.code)
    return run


def select_decks(root: "Path", names: Sequence[str], report: "Report") -> "list[DeckFiles]":
    """Read the decks that a user names, each once; without a name, all of the project.

    names: the id of a deck, the name of its folder or file, or a path to it or into it.
    report: takes what can't be read. Decks that are not named are not read, and not reported.

    Errors: a usage error for a name that no deck has, or when the project has no deck at all.
    """
    from cardwright.diagnostics import Report
    from cardwright.shell import project

    project_report = Report()
    all_decks = project.find_decks(root, project_report)
    if not names:
        report.extend(project_report)
    if not all_decks and not project_report.has_errors:
        folder = root / SOURCE_FOLDER
        raise click.UsageError(f"no deck in {folder} yet; `cardwright new NAME` makes one")
    selected_paths = {deck.main_path for name in names for deck in _find_by_name(name, root, all_decks)}
    decks = [deck for deck in all_decks if not names or deck.main_path in selected_paths]
    return project.read_decks(root, decks, all_decks, report)


def _find_by_name(name: str, root: "Path", all_decks: "list[FoundDeck]") -> "list[FoundDeck]":
    from pathlib import Path

    from cardwright.diagnostics.emit.terminal import escape_controls
    from cardwright.diagnostics.phrases import did_you_mean, truncate
    from cardwright.shell import project
    from cardwright.shell.files import is_folder
    from cardwright.source.files import normal_path

    # A link that leads back to itself is no error here; no deck is found there.
    path = Path(os.path.realpath(name))
    folders = [(deck, root / deck.folder) for deck in all_decks]
    decks = (
        [deck for deck in all_decks if path == root / deck.main_path]
        or _innermost(
            [deck for deck, folder in folders if not deck.is_single_file and path.is_relative_to(folder)]
        )
        or [deck for deck in all_decks if normal_path(name) == normal_path(deck.name)]
        or [deck for deck in all_decks if normal_path(name) == project.read_deck_key(root, deck, "id")]
        or [deck for deck, folder in folders if folder.is_relative_to(path) and is_folder(path)]
    )
    if not decks:
        suggestion = did_you_mean(name, (deck.name for deck in all_decks))
        raise click.UsageError(f"no deck is called `{escape_controls(truncate(name))}`; {suggestion}")
    return decks


def _innermost(decks: "list[FoundDeck]") -> "list[FoundDeck]":
    return [max(decks, key=lambda deck: len(deck.folder))] if decks else []
