"""Finds the project folder, and in it the decks."""

import os
import posixpath
from dataclasses import dataclass, field, replace
from pathlib import Path

from cardwright.diagnostics.diagnostic import Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.report import Report
from cardwright.formats.outputs import OUTPUT_FOLDER
from cardwright.shell.os_errors import file_diagnostic, os_error_diagnostic
from cardwright.source.files import DeckFiles

SOURCE_FOLDER = "cards_source"
ENDINGS = (".yaml", ".yml")
MAIN = ("deck.yaml", "deck.yml")


def find_project(start: Path) -> Path | None:
    """The project folder: the nearest one, from `start` upwards, that has `cards_source/`."""
    here = start.resolve()
    return next((folder for folder in (here, *here.parents) if (folder / SOURCE_FOLDER).is_dir()), None)


def decks(root: Path, report: Report) -> list[DeckFiles]:
    """Every deck of a project with its files, sorted by path.

    A folder with `deck.yaml` is a deck, with all YAML files in and below it; a
    YAML file outside such folders is a deck of its own. Hidden files and
    folders are left out, and links to folders are not followed.

    report: takes what could not be read; a deck whose own file is among it is left out.
    """
    scout = _DeckScanner(root, report)
    scout.collect(root / SOURCE_FOLDER, None)
    read = (scout.read(find) for find in scout.finds)
    found = sorted((deck for deck in read if deck is not None), key=lambda deck: deck.main_path)
    _report_shared_names(found, report)
    return _with_neighbours(found, [scout.main_of(find) for find in scout.finds])


@dataclass(frozen=True, slots=True)
class FoundDeck:
    """A deck that was come upon. files: every YAML file of it, `main` included."""

    main: Path
    single: bool
    files: list[Path] = field(default_factory=list)

    @property
    def lock(self) -> Path:
        return self.main.with_suffix(".lock")

    @property
    def name(self) -> str:
        return self.main.stem if self.single else self.main.parent.name


@dataclass(frozen=True, slots=True)
class _DeckScanner:
    """Goes through the folders. finds: the decks come upon so far."""

    root: Path
    report: Report
    finds: list[FoundDeck] = field(default_factory=list)

    def collect(self, folder: Path, owner: FoundDeck | None) -> None:
        """Adds the decks in and below a folder. owner: the deck whose folder this one lies in."""
        files, folders = self._listing(folder)
        mains = [file for file in files if file.name in MAIN]
        if mains:
            owner = FoundDeck(mains[0], single=False)
            self.finds.append(owner)
        for extra in mains[1:]:
            message = "this folder has both a deck.yaml and a deck.yml"
            self.report.add(file_diagnostic(self._shown(extra), "two-deck-files", message))
        for file in files:
            if owner is None:
                self.finds.append(FoundDeck(file, single=True, files=[file]))
            elif file not in mains[1:]:
                owner.files.append(file)
        for inner in folders:
            self.collect(inner, owner)

    def read(self, find: FoundDeck) -> DeckFiles | None:
        read = {self._shown(file): self._content(file) for file in find.files}
        sources = {path: data for path, data in read.items() if data is not None}
        if self._shown(find.main) not in sources:
            return None
        return DeckFiles(
            main_path=self._shown(find.main),
            folder=self._shown(find.main.parent),
            name=find.name,
            is_single_file=find.single,
            sources=sources,
            lock_path=self._shown(find.lock),
            lock=self._content(find.lock) if os.path.lexists(find.lock) else None,
        )

    def main_of(self, find: FoundDeck) -> str:
        """Of a deck that was come upon, its file as shown to the author."""
        return self._shown(find.main)

    def _listing(self, folder: Path) -> tuple[list[Path], list[Path]]:
        """The YAML files and the folders in a folder, each sorted by name."""
        files: list[Path] = []
        folders: list[Path] = []
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            self.report.add(os_error_diagnostic("read", self._shown(folder), error))
            return files, folders
        for entry in entries:
            path = folder / entry.name
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
            elif path.is_dir():
                message = "a link to a folder is not followed; its cards are left out"
                self.report.add(
                    file_diagnostic(self._shown(path), "linked-folder", message, severity=Severity.WARNING)
                )
            elif path.suffix.lower() in ENDINGS and (path.is_file() or not path.exists()):
                # A link that leads nowhere is taken too, to be reported; a pipe or a device is not.
                files.append(path)
        return files, folders

    def _content(self, path: Path) -> bytes | None:
        """The content of a file; None, and a finding, when it cannot be had."""
        try:
            # Excerpts show what is read, so a deck from somewhere must not link to a file elsewhere.
            if not path.resolve(strict=True).is_relative_to((self.root / SOURCE_FOLDER).resolve()):
                message = f"this file is a link that leads out of {SOURCE_FOLDER}"
                self.report.add(file_diagnostic(self._shown(path), "linked-out", message))
                return None
            return path.read_bytes()
        except OSError as error:
            self.report.add(os_error_diagnostic("read", self._shown(path), error))
        except RuntimeError:
            self.report.add(
                file_diagnostic(self._shown(path), "linked-to-itself", "this file is a link to itself")
            )
        return None

    def _shown(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


def _with_neighbours(decks: list[DeckFiles], mains: list[str]) -> list[DeckFiles]:
    """The decks, each knowing those in its folder. mains: of all decks, those that could not be read too."""
    beside: dict[str, list[str]] = {}
    for main in sorted(mains):
        beside.setdefault(posixpath.dirname(main), []).append(main)
    return [
        replace(deck, neighbours=tuple(main for main in beside[deck.folder] if main != deck.main_path))
        if len(beside[deck.folder]) > 1
        else deck
        for deck in decks
    ]


def _report_shared_names(found: list[DeckFiles], report: Report) -> None:
    """Two decks of one name would be written over each other, on some systems in whatever case."""
    first: dict[str, DeckFiles] = {}
    for deck in found:
        earlier = first.setdefault(deck.name.casefold(), deck)
        if earlier is not deck:
            report.add(
                file_diagnostic(
                    deck.main_path,
                    "same-deck-name",
                    f"two decks would be written to {OUTPUT_FOLDER}/{truncate(deck.name)}",
                    help=f"the other one is {earlier.main_path}; rename one of the two",
                )
            )
