"""Finds the decks of a project, and reads them."""

import os
from collections import abc
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path

from cardwright.diagnostics import Diagnostic, Report, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.formats.registry import OUTPUT_FOLDER
from cardwright.record import Record, field
from cardwright.shell.files import LOCK_LIMIT, SOURCE_LIMIT, read_regular_file
from cardwright.shell.os_errors import file_diagnostic, os_error_diagnostic
from cardwright.shell.project_folder import SOURCE_FOLDER
from cardwright.source.files import DeckFiles, DeckLocation, normal_path

YAML_EXTENSIONS = (".yaml", ".yml")
DECK_FILE_NAMES = ("deck.yaml", "deck.yml")


class FoundDeck(DeckLocation, frozen=True):
    """A deck that was found, and not read yet.

    paths: of every YAML file of the deck, the main file included.
    diagnostics: what is wrong with its folder.
    """

    paths: list[str] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def find_decks(root: Path, report: Report) -> list[FoundDeck]:
    """Return every deck of a project, sorted by path, without reading its files.

    A folder with `deck.yaml` is a deck, with all YAML files in and below it; a
    YAML file outside such folders is a deck of its own. Hidden files and
    folders are left out, and links to folders are not followed.

    report: takes what is wrong outside of the decks' own folders.
    """
    finder = _DeckFinder(root, report)
    finder.search(root / SOURCE_FOLDER, None)
    return sorted(finder.decks, key=lambda deck: deck.main_path)


class _DeckFinder(Record, frozen=True):
    root: Path
    report: Report
    decks: list[FoundDeck] = field(default_factory=list)

    def search(self, folder: Path, owner: FoundDeck | None) -> None:
        """Add the decks in and below a folder. owner: the deck whose folder this one is in."""
        diagnostics: list[Diagnostic] = []
        files, folders = self._list_folder(folder, diagnostics)
        main_files = [file for file in files if file.name in DECK_FILE_NAMES]
        if main_files:
            owner = FoundDeck(self._path(main_files[0]), is_single_file=False)
            self.decks.append(owner)
        for extra in main_files[1:]:
            message = "this folder has both a deck.yaml and a deck.yml"
            diagnostics.append(file_diagnostic(self._path(extra), "two-deck-files", message))
        for file in files:
            path = self._path(file)
            if owner is None:
                self.decks.append(FoundDeck(path, is_single_file=True, paths=[path]))
            elif file not in main_files[1:]:
                owner.paths.append(path)
        if owner is None:
            self.report.extend(diagnostics)
        else:
            owner.diagnostics.extend(diagnostics)
        for subfolder in folders:
            self.search(subfolder, owner)

    def _list_folder(self, folder: Path, diagnostics: list[Diagnostic]) -> tuple[list[Path], list[Path]]:
        """Return the YAML files and the folders in a folder, each sorted by name."""
        files: list[Path] = []
        folders: list[Path] = []
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            diagnostics.append(os_error_diagnostic("read", self._path(folder), error))
            return files, folders
        for entry in entries:
            path = folder / entry.name
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
            elif path.is_dir():
                message = "a link to a folder is not followed; its cards are left out"
                link = self._path(path)
                diagnostics.append(file_diagnostic(link, "linked-folder", message, severity=Severity.WARNING))
            elif path.suffix.lower() in YAML_EXTENSIONS:
                # Links to nowhere, pipes and devices are taken too, to be reported when they are read.
                files.append(path)
        return files, folders

    def _path(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


def read_decks(
    root: Path, decks: Sequence[FoundDeck], all_decks: Sequence[FoundDeck], report: Report
) -> list[DeckFiles]:
    """Read the files of decks.

    all_decks: those of the project, which may share a folder or a name with the decks that are read.
    report: takes what could not be read; a deck whose own file or lock is among it is left out.
    """
    main_paths_by_folder: dict[str, list[str]] = {}
    for deck in all_decks:
        main_paths_by_folder.setdefault(deck.folder, []).append(deck.main_path)
    own_locks = {root / deck.lock_path for deck in all_decks}
    locks_in_folder = cache(lambda folder: _read_stray_locks(root, folder, own_locks))
    deck_files: list[DeckFiles] = []
    for deck in decks:
        report.extend(deck.diagnostics)
        contents = {path: _read_file(root, path, report) for path in deck.paths}
        sources = {path: data for path, data in contents.items() if data is not None}
        if deck.main_path in sources:
            has_lock = os.path.lexists(root / deck.lock_path)
            lock = _read_file(root, deck.lock_path, report) if has_lock else None
            if has_lock and lock is None:
                continue
            stray_locks = {} if has_lock else _stray_locks(root, deck, locks_in_folder)
            neighbours = tuple(path for path in main_paths_by_folder[deck.folder] if path != deck.main_path)
            deck_files.append(
                DeckFiles(deck.main_path, deck.is_single_file, sources, lock, neighbours, stray_locks)
            )
    _report_shared_names(decks, all_decks, report)
    return deck_files


def _stray_locks(
    root: Path, deck: FoundDeck, locks_in_folder: Callable[[Path], abc.Mapping[str, bytes]]
) -> dict[str, bytes]:
    """Return the locks in a deck's folder, and in the one around it, that belong to no deck, by path.

    Such a lock stays behind when an author renames the deck's file, or makes a folder of it.
    """
    folders = {root / deck.folder, (root / deck.folder).parent} - {root}
    return dict(sorted(lock for folder in folders for lock in locks_in_folder(folder).items()))


def _read_stray_locks(root: Path, folder: Path, own_locks: AbstractSet[Path]) -> dict[str, bytes]:
    """Return the locks in a folder that belong to no deck, by path. own_locks: those that do."""
    paths = [path.relative_to(root).as_posix() for path in folder.glob("*.lock") if path not in own_locks]
    contents = {path: _read_file(root, path, Report()) for path in paths}
    return {path: data for path, data in contents.items() if data is not None}


def read_deck_key(root: Path, deck: FoundDeck, key: str) -> str:
    """Return the text that a deck's own file has under a key, or an empty string if it can't be read."""
    from cardwright.source import yaml_tree  # noqa: PLC0415  few decks are named by their ids
    from cardwright.source.nodes import Mapping, Scalar  # noqa: PLC0415  the same
    from cardwright.source.text import decode_source  # noqa: PLC0415  the same

    ignored = Report()
    data = _read_file(root, deck.main_path, ignored)
    source = None if data is None else decode_source(deck.main_path, data, ignored)
    node = None if source is None else yaml_tree.parse_yaml(source, ignored)
    value = node.get(key) if isinstance(node, Mapping) else None
    return value.value if isinstance(value, Scalar) else ""


def _read_file(root: Path, path: str, report: Report) -> bytes | None:
    """Return the content of a file, or None after reporting why it can't be read."""
    try:
        # Excerpts show what is read, so a deck from somewhere must not link to a file elsewhere.
        if not (root / path).resolve(strict=True).is_relative_to((root / SOURCE_FOLDER).resolve()):
            message = f"this file is a link that leads out of {SOURCE_FOLDER}"
            report.add(file_diagnostic(path, "linked-out", message))
            return None
        return read_regular_file(root / path, LOCK_LIMIT if path.endswith(".lock") else SOURCE_LIMIT)
    except OSError as error:
        report.add(os_error_diagnostic("read", path, error))
    except RuntimeError:
        report.add(file_diagnostic(path, "linked-to-itself", "this file is a link to itself"))
    return None


def _report_shared_names(decks: Sequence[FoundDeck], all_decks: Sequence[FoundDeck], report: Report) -> None:
    """Report decks whose outputs would overwrite each other; on some systems case and accents make none."""
    first_by_name: dict[str, FoundDeck] = {}
    for deck in all_decks:
        first = first_by_name.setdefault(normal_path(deck.name).casefold(), deck)
        if first is not deck and (deck in decks or first in decks):
            message = f"two decks would be written to {OUTPUT_FOLDER}/{truncate(deck.name)}"
            help_ = f"the other one is {first.main_path}; rename one of the two"
            report.add(file_diagnostic(deck.main_path, "same-deck-name", message, help=help_))
