"""The rehearsal: from two packages to what the second does to someone who studies the first."""

import io
from contextlib import redirect_stdout
from pathlib import Path

from cardwright.diagnostics import Diagnostic
from cardwright.formats.outputs import ProgressCallback
from cardwright.rehearsal.compare import RehearsalResult, compare
from cardwright.rehearsal.profile import ANKI_VERSION, AnkiException, Profile, new_profile
from cardwright.rehearsal.snapshot import Snapshot
from cardwright.rehearsal.study import study
from cardwright.shell.os_errors import ReportedError, file_diagnostic
from cardwright.shell.package_guard import check_package
from cardwright.shell.temporary import temporary_folder


def rehearse(
    old: Path, new: Path, progress: ProgressCallback, *, old_name: str, new_name: str
) -> RehearsalResult | Diagnostic:
    """Import a package into a new profile, study it, and import its next release.

    Everything happens in a temporary folder, with the default settings of the import dialog.

    old_name, new_name: the packages, as the user calls them.
    progress: called as cards are studied.

    Returns a diagnostic if one of the packages can't be imported, or if they are not of the same deck.
    """
    for path, name in ((old, old_name), (new, new_name)):
        if diagnostic := check_package(path, name):
            return diagnostic
    try:
        # Anki up to 25.09 prints messages for its developers when something takes long.
        with redirect_stdout(io.StringIO()), temporary_folder() as folder:
            return _rehearse(folder, (old, old_name), (new, new_name), progress)
    except ReportedError as error:
        return error.diagnostic
    except AnkiException as error:
        return _refusal(old_name, "study", str(error))


def _rehearse(
    folder: Path, old: tuple[Path, str], new: tuple[Path, str], progress: ProgressCallback
) -> RehearsalResult | Diagnostic:
    with new_profile(folder / "newcomer") as newcomer:
        newcomer.rename_stock_note_types()
        _import(newcomer, *new)
        new_release = newcomer.take_snapshot()
    with new_profile(folder / "learner") as learner:
        learner.rename_stock_note_types()
        _import(learner, *old)
        old_release = learner.take_snapshot()
        if not _may_be_same_deck(old_release, new_release):
            message = "this package is of another deck: it shares no note with the old one"
            return file_diagnostic(new[1], "another-deck", message, help=f"the old one is {old[1]}")
        study(learner, old_release, new_release, progress)
        before = learner.take_snapshot()
        conflicting = _import(learner, *new)
        full_sync = learner.needs_full_sync()
        after = learner.take_snapshot()
        return compare(
            old_release,
            new_release,
            before,
            after,
            conflicting=conflicting,
            full_sync=full_sync,
            problems=learner.check_database(),
            anki=ANKI_VERSION,
        )


def _import(profile: Profile, package: Path, package_name: str) -> dict[int, str]:
    """Import a package, and return the notes that Anki calls conflicting: id in it, and first field.

    Errors: ReportedError if Anki refuses the package.
    """
    try:
        log = profile.import_package(package)
    except AnkiException as error:
        raise ReportedError(_refusal(package_name, "import", str(error))) from error
    return {note.id.nid: note.fields[0] if note.fields else "" for note in log.conflicting}


def _refusal(package_name: str, action: str, reason: str) -> Diagnostic:
    """Return the diagnostic for a package that Anki refuses. reason: in Anki's words."""
    if "FileTooNew" in reason or "newer version of Anki" in reason:
        message = f"this package was made by an Anki that is newer than {ANKI_VERSION}"
        help_ = "update it: pip install --upgrade anki"
        return file_diagnostic(package_name, "package-too-new", message, help=help_)
    message = f"Anki cannot {action} this package"
    help_ = f"it says: {' '.join(reason.split())}"
    return file_diagnostic(package_name, "unreadable-package", message, help=help_)


def _may_be_same_deck(old: Snapshot, new: Snapshot) -> bool:
    """Return whether two releases share a note type or a note."""
    old_guids = {note.guid for note in old.notes.values()}
    has_shared_type = bool(old.types.keys() & new.types.keys())
    return has_shared_type or any(note.guid in old_guids for note in new.notes.values())
