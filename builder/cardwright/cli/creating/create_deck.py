"""Puts a new deck into the project as `cardwright new` was told to, and says what to do next."""

import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

import click

from cardwright.cli import console
from cardwright.cli.creating.new_deck import deck_files, deck_location, project_files
from cardwright.collection.deck_name import is_same_deck
from cardwright.diagnostics import Diagnostic, Report
from cardwright.diagnostics.phrases import truncate
from cardwright.formats.outputs import output_folder
from cardwright.reader.deck_names import fit_deck_name
from cardwright.reader.schema import schema_text
from cardwright.shell.build_files import write_build
from cardwright.shell.files import SETTINGS_LIMIT, exists, read_regular_file
from cardwright.shell.os_errors import file_diagnostic
from cardwright.shell.project import YAML_EXTENSIONS, FoundDeck, find_decks, read_deck_key
from cardwright.shell.project_folder import SOURCE_FOLDER, find_project
from cardwright.shell.schema_file import SCHEMA_PATH
from cardwright.source.files import DeckLocation, normal_path


def create_deck(typed_name: str, *, is_folder: bool) -> None:
    """Write a new deck, or report what is in its way and exit with 1.

    Errors: a usage error for a name in which nothing can be seen.
    """
    path = PurePath(typed_name)
    name = fit_deck_name(path.stem if path.suffix.lower() in YAML_EXTENSIONS else typed_name)
    if not any(char.isprintable() for char in name):
        raise click.UsageError("the deck needs a name, such as `cardwright new Spanish verbs`")
    found_project = find_project()
    root = Path(found_project or Path.cwd())
    location = deck_location(name, is_folder=is_folder)
    decks = find_decks(root, Report()) if found_project else []
    deck_id = f"{location.name}-{secrets.token_hex(3)}"
    files = deck_files(name, deck_id, location)
    shared_files, lines_about_them = _choose_project_files(root) if is_folder else ({}, [])
    files |= shared_files
    if not os.path.lexists(root / SCHEMA_PATH):
        files[SCHEMA_PATH] = schema_text()
        lines_about_them.append(f"{SCHEMA_PATH} is new: with it, editors explain what you write.")
    report = Report()
    if (obstacle := _find_obstacle(root, name, location, decks)) is not None:
        report.add(obstacle)
        console.fail(report)
    contents = [(path, text.encode()) for path, text in files.items()]
    with write_build(root, contents, dict.fromkeys(files)) as written:
        if console.value_or_report(written, report) is None:
            console.fail(report)
        place = f"{location.folder}/" if is_folder else location.main_path
        console.print_line(f"{place} is the deck “{name}”, with some cards as examples.")
        console.print_line(f"Its id is {deck_id}, by which Anki recognises it.")
        if found_project is None:
            console.print_line(f"{SOURCE_FOLDER}/ was made in {root}, which is your project now.")
        elif root != Path.cwd():
            console.print_line(f"It is in your project, {root}.")
        for line in (*lines_about_them, "", *_next_steps(location, is_only_deck=not decks)):
            console.print_line(line)


def _find_obstacle(
    root: Path, name: str, location: DeckLocation, decks: Sequence[FoundDeck]
) -> Diagnostic | None:
    """Return what is in the way of a new deck, if anything is. decks: of the project."""
    for deck in decks:
        title = read_deck_key(root, deck, "deck")
        has_same_title = is_same_deck(normal_path(title), normal_path(name))
        if has_same_title or normal_path(deck.name).casefold() == location.name.casefold():
            message = f"there is a deck `{truncate(title if has_same_title else deck.name, 44)}` already"
            help_ = "write your cards into its file, or give the new deck another name"
            return file_diagnostic(deck.main_path, "already-there", message, help=help_)
        if location.is_single_file and not deck.is_single_file and deck.folder == SOURCE_FOLDER:
            message = f"all files in {SOURCE_FOLDER}/ belong to one deck"
            help_ = "with `--folder`, the new deck gets a folder of its own"
            return file_diagnostic(deck.main_path, "already-there", message, help=help_)
    own_path = location.main_path if location.is_single_file else location.folder
    for path in (own_path, location.lock_path, output_folder(location.name)):
        if os.path.lexists(root / path) and not _is_empty_folder(root / path):
            message = f"`{truncate(path, 44)}` is there already"
            help_ = "give the new deck another name, or move this away first"
            return file_diagnostic(path, "already-there", message, help=help_)
    return None


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and not any(path.iterdir())


def _choose_project_files(root: Path) -> tuple[dict[str, str], list[str]]:
    """Return the files for git and GitHub that can be written, by path, and what to say about all."""
    repository = next((folder for folder in (root, *root.parents) if exists(folder / ".git")), root)
    files: dict[str, str] = {}
    lines: list[str] = []
    for file in project_files():
        path = file.path
        if file.top_only and repository != root:
            lines.append(f"{path} is left out: it works only at the top of the repository, in {repository}.")
        elif not os.path.lexists(root / path):
            files[path] = file.text
            lines.append(f"{path} is new: {file.purpose}.")
        elif file.key_line not in _lines_of(root / path):
            lines.append(f"{path} is there already and stays as it is. Add to it what you need of this:")
            lines += [f"    {line}" for line in file.text.splitlines()]
    return files, lines


def _lines_of(path: Path) -> list[str]:
    """Return the lines of a file without the white space around them; none if it can't be read."""
    try:
        return [line.strip() for line in read_regular_file(path, SETTINGS_LIMIT).decode().splitlines()]
    except (OSError, UnicodeDecodeError):
        return []


def _next_steps(location: DeckLocation, *, is_only_deck: bool) -> Iterator[str]:
    """Yield what to do next, for someone who has never done it."""
    deck = "" if is_only_deck else f" {location.name}"
    package = f"{output_folder(location.name)}/{location.name}.apkg"
    yield "Next:"
    yield f"  1. Run `cardwright preview{deck}`. It shows the cards in your browser, until Ctrl-C."
    if location.is_single_file:
        yield f"  2. Open {location.main_path} in a text editor. Its comments explain how to write"
    else:
        yield f"  2. Open the files in {location.folder}/ in a text editor. Comments explain how to write"
    yield "     cards. Whenever you save, the browser shows what has changed."
    yield f"  3. In a second terminal, run `cardwright build{deck}`, which writes"
    yield f"     {package} for Anki, and {location.name}.pdf to print."
    yield "  4. In Anki, choose File > Import, then the .apkg file. Do so again after each build:"
    yield "     your progress stays."
    if not location.is_single_file:
        yield "  5. If you use git, commit everything, decks/ too."
