"""The rehearsal: two packages go in, what the second does to who studies the first comes out."""

import io
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.rehearsal.compare import compare
from cardwright.rehearsal.outcome import Rehearsal
from cardwright.rehearsal.profile import ANKI_VERSION, AnkiException, Profile, profile
from cardwright.rehearsal.snapshot import Snapshot
from cardwright.rehearsal.study import study
from cardwright.shell.os_errors import file_diagnostic
from cardwright.shell.package_guard import look_at
from cardwright.shell.progress import ProgressCallback


class _Refused(Exception):
    """Anki does not import a package; the finding says why."""

    def __init__(self, finding: Diagnostic) -> None:
        self.finding = finding


def rehearse(
    old: Path, new: Path, tell: ProgressCallback, *, old_name: str, new_name: str
) -> Rehearsal | Diagnostic:
    """Import a package into a new profile, study it, and import its next release.

    All happens in a temporary folder, and with the import dialog's settings as they are.

    old_name, new_name: what the user calls the packages.
    tell: told how far the studying has come.

    Returns a finding when one of them cannot be imported, or when they are not of one deck.
    """
    for path, name in ((old, old_name), (new, new_name)):
        if finding := look_at(path, name):
            return finding
    try:
        # Ankis up to 25.09 print remarks for their developers when something takes long.
        with (
            redirect_stdout(io.StringIO()),
            TemporaryDirectory(prefix="cardwright-", ignore_cleanup_errors=True) as folder,
        ):
            return _rehearse(Path(folder), (old, old_name), (new, new_name), tell)
    except _Refused as refused:
        return refused.finding
    except AnkiException as error:
        return _refusal(old_name, "study", str(error))


def _rehearse(
    folder: Path, old: tuple[Path, str], new: tuple[Path, str], tell: ProgressCallback
) -> Rehearsal | Diagnostic:
    with profile(folder / "newcomer") as newcomer:
        newcomer.renames_stock_types()
        _import(newcomer, *new)
        second = newcomer.snapshot()
    with profile(folder / "learner") as learner:
        learner.renames_stock_types()
        _import(learner, *old)
        first = learner.snapshot()
        if not _related(first, second):
            message = "this package is of another deck: it shares no note with the old one"
            return file_diagnostic(new[1], "another-deck", message, help=f"the old one is {old[1]}")
        study(learner, first, second, tell)
        before = learner.snapshot()
        refused = _import(learner, *new)
        full_sync = learner.must_sync_in_full()
        after = learner.snapshot()
        return compare(
            first,
            second,
            before,
            after,
            conflicting=refused,
            full_sync=full_sync,
            problems=learner.problems(),
            anki=ANKI_VERSION,
        )


def _import(one: Profile, package: Path, shown: str) -> dict[int, str]:
    """Imports a package. Returns the notes that Anki calls conflicting: id in the package, first field."""
    try:
        log = one.imports(package)
    except AnkiException as error:
        raise _Refused(_refusal(shown, "import", str(error))) from error
    return {note.id.nid: note.fields[0] if note.fields else "" for note in log.conflicting}


def _refusal(shown: str, deed: str, reason: str) -> Diagnostic:
    """deed: what Anki would not do with the package. reason: in its own words."""
    if "FileTooNew" in reason or "newer version of Anki" in reason:
        message = f"this package was made by an Anki that is newer than {ANKI_VERSION}"
        return file_diagnostic(
            shown, "package-too-new", message, help="update it: pip install --upgrade anki"
        )
    told = " ".join(reason.split())
    return file_diagnostic(
        shown, "unreadable-package", f"Anki cannot {deed} this package", help=f"it says: {told}"
    )


def _related(first: Snapshot, second: Snapshot) -> bool:
    """Whether two releases can be of one deck."""
    guids = {note.guid for note in first.notes.values()}
    shared_type = first.types.keys() & second.types.keys()
    return bool(shared_type) or any(note.guid in guids for note in second.notes.values())
