"""Open an export, and pull what it changes into the decks of a project."""

from collections.abc import Container, Iterator, Sequence
from pathlib import Path

from cardwright.diagnostics import Report
from cardwright.formats.anki.earlier_texts import read_earlier_texts
from cardwright.formats.anki.released import NO_PACKAGE, ReleasedPackage, read_package
from cardwright.formats.outputs import EARLIER_ENDING, PACKAGE_ENDING, Environment, output_path
from cardwright.importing.collection import AnkiCollection
from cardwright.importing.read_file import open_deck
from cardwright.pipeline.load import read_lock_file, unit_memory
from cardwright.pulling.new_cards import deck_of
from cardwright.pulling.pull import Packages, PullResult, pull
from cardwright.shell.files import PACKAGE_LIMIT, read_regular_file
from cardwright.shell.os_errors import ReportedError, file_diagnostic, os_error_diagnostic
from cardwright.shell.package_guard import check_package
from cardwright.shell.releases import committed_versions
from cardwright.source.files import DeckFiles

_MAX_PACKAGES = 20
"""So many packages of earlier commits are looked at."""


def pull_export(
    root: Path,
    decks: Sequence[DeckFiles],
    environment: Environment,
    export: tuple[str, Path],
    now: int,
    report: Report,
    *,
    takes_new: bool,
    release: tuple[str, Path] | None = None,
) -> list[PullResult]:
    """Return what an export changes in each of some decks, of those of which it has a note.

    root: the project folder. export: as the user calls it, and where it is. now: in s since 1970.
    report: takes errors, with which nothing may be written. takes_new: as for `pull`.
    release: the package that the exporter had imported last, like `export`; None if it isn't known.
    """
    name, path = export
    results = []
    try:
        had = None if release is None else _read_release(*release)
        with open_deck(name, path) as collection:
            guids = {note.guid for note in collection.notes}
            for files in decks:
                # Of a deck that is asked for alone, it is said that it was never built.
                is_asked_for = files.lock is None and len(decks) == 1
                if not is_asked_for and not _may_concern(files, collection, guids):
                    continue
                packages = _packages(root, files, environment, had)
                result = pull(
                    *(files, environment, collection, packages, now, report),
                    takes_new=takes_new,
                    memory=unit_memory(environment),
                )
                if result is not None and (result.counts.exported or result.taken or result.left):
                    results.append(result)
    except ReportedError as error:
        report.add(error.diagnostic)
    except OSError as error:
        report.add(os_error_diagnostic("read", name, error))
    return results


def _may_concern(files: DeckFiles, collection: AnkiCollection, guids: Container[str]) -> bool:
    """Return whether an export may have a note of a deck, so that it is worth while to read the deck."""
    if files.lock is None:
        return False
    lock = read_lock_file(files.lock_path, files.lock, Report())
    if lock is None:
        return True
    has_deck = any(deck_of(deck.name, lock.deck_name) for deck in collection.decks)
    return has_deck or any(entry.guid in guids for entry in lock.notes.values())


def _read_release(name: str, path: Path) -> ReleasedPackage:
    """Return the content of a package that we built. Errors: ReportedError."""
    if diagnostic := check_package(path, name):
        raise ReportedError(diagnostic)
    package = read_package(read_regular_file(path, PACKAGE_LIMIT))
    if package is NO_PACKAGE:
        message = "no notes can be read in this package"
        help_ = "packages that `cardwright build` wrote can be read"
        raise ReportedError(file_diagnostic(name, "not-a-package", message, help=help_))
    return package


def _packages(
    root: Path, files: DeckFiles, environment: Environment, had: ReleasedPackage | None
) -> Packages:
    package_path, earlier_path = (
        output_path(files.name, ending) for ending in (PACKAGE_ENDING, EARLIER_ENDING)
    )
    last = read_package(environment.read_output(package_path) or b"")
    earlier_texts = read_earlier_texts(environment.read_output(earlier_path) or b"")
    return Packages(last, earlier_texts, lambda: list(_committed_packages(root, package_path)), had)


def _committed_packages(root: Path, path: str) -> Iterator[ReleasedPackage]:
    """Yield the packages that git has of a path, the latest first."""
    packages = map(read_package, committed_versions(root, path, _MAX_PACKAGES))
    return (package for package in packages if package is not NO_PACKAGE)
