"""Notice that a lock is lost or older than the packages of the last build, and make it anew from them."""

from collections.abc import Iterable, Iterator, Sequence

from cardwright import reader
from cardwright.diagnostics import Diagnostic, Report, Severity
from cardwright.diagnostics.phrases import count_noun, truncate
from cardwright.formats.anki.release_sections import CHANGES_PAGE, is_new_release, release_name
from cardwright.formats.outputs import (
    PACKAGE_ENDING,
    RETIRED_ENDING,
    Environment,
    output_folder,
    output_path,
)
from cardwright.identity.lock import Lock
from cardwright.identity.lock_text import encode_lock
from cardwright.pipeline.load import LoadedDeck, names_of_media, read_lock_file
from cardwright.record import replace
from cardwright.source.files import DeckFiles


def lost_lock_diagnostics(
    loaded_decks: Iterable[LoadedDeck], environment: Environment
) -> Iterator[Diagnostic]:
    """Yield an error for each deck whose lock seems to be lost.

    Such a build would go on without what the sources don't say: former ids, retired notes, numbers of labels.
    """
    # Decks in one folder have the same stray locks beside them.
    stray_locks: dict[str, Lock | None] = {}
    for loaded in loaded_decks:
        if loaded.files.lock is None:
            diagnostic = (
                _misplaced_lock(loaded, stray_locks, environment)
                or _package_without_lock(loaded, environment)
                or _imported_without_lock(loaded)
            )
            if diagnostic is not None:
                yield diagnostic


def _misplaced_lock(
    loaded: LoadedDeck, stray_locks: dict[str, Lock | None], environment: Environment
) -> Diagnostic | None:
    """Return an error if the lock of a deck has another name, as after its file was renamed.

    stray_locks: those that were read, by path; takes what is read.
    """
    for path, data in loaded.files.stray_locks.items():
        if path not in stray_locks:
            stray_locks[path] = read_lock_file(path, data, Report())
        lock = stray_locks[path]
        if lock is not None and lock.deck_id == loaded.deck.id:
            message = "the deck has another name than its lock"
            help_ = f"rename it to {loaded.files.lock_path}{_outputs_to_rename(path, loaded, environment)}"
            note = f"its lock is {path}"
            return Diagnostic("lock-misplaced", message, loaded.deck.span, note=note, help=help_)
    return None


def _outputs_to_rename(lock_path: str, loaded: LoadedDeck, environment: Environment) -> str:
    """Return what to do with the outputs of a deck whose lock has this path, if it has any by that name."""
    folder, _, file_name = lock_path.rpartition("/")
    old, new = file_name.removesuffix(".lock"), loaded.files.name
    if old == "deck":
        old = folder.rpartition("/")[2]
    if old == new or not environment.output_names(output_folder(old)):
        return ""
    return f", {output_folder(old)} to {output_folder(new)}, and the files in it: {old}.apkg to {new}.apkg …"


def _imported_without_lock(loaded: LoadedDeck) -> Diagnostic | None:
    """Return an error if a deck was imported: the lock alone knew by what Anki knows its notes."""
    if not any(note_type.imported for note_type in loaded.deck.note_types):
        return None
    message = "the deck was imported, and its lock is gone"
    note = "it knew by what Anki knows the notes"
    help_ = (
        f"bring {loaded.files.lock_path} back from git or a backup; without one, "
        "export the deck in Anki, and `cardwright import` it once more"
    )
    return Diagnostic("lock-lost", message, loaded.deck.span, note=note, help=help_)


def _package_without_lock(loaded: LoadedDeck, environment: Environment) -> Diagnostic | None:
    """Return an error if an earlier build has left a package of the deck, or one that can't be read."""
    path = output_path(loaded.files.name, PACKAGE_ENDING)
    data = environment.read_output(path)
    if data is None:
        return None
    from cardwright.formats.anki.released import NO_PACKAGE, read_package  # noqa: PLC0415  few locks get lost

    package = read_package(data)
    # The id of a deck that has none in its sources was in the lock.
    has_new_id = any(missing.owner == "deck" for missing in loaded.missing_ids)
    message = "the deck was built before, and its lock is gone"
    if package is NO_PACKAGE:
        note = f"{path} can't be read either"
        help_ = f"bring both back, {loaded.files.lock_path} too; or delete the package if nobody has it"
    elif package.deck_id and (package.deck_id == loaded.deck.id or has_new_id):
        note = f"{path} has {count_noun(len(package.notes), 'note')} of it"
        help_ = (
            f"bring {loaded.files.lock_path} back from git or a backup, or let "
            "`cardwright build --restore-lock` make it anew from the package; "
            "if nobody has the package, delete it"
        )
    else:
        return None
    return Diagnostic("lock-lost", message, loaded.deck.span, note=note, help=help_)


def outdated_lock_diagnostics(
    loaded_decks: Iterable[tuple[LoadedDeck, Lock | None]], environment: Environment
) -> Iterator[Diagnostic]:
    """Yield an error for each deck whose packages know more than its lock, as when only it was taken back.

    A build would give changed notes a `mod` that learners have already, and go on without former ids, retired
    notes and numbers of labels.

    loaded_decks: each with its lock; for a build, with the one that it would write.
    """
    for loaded, lock in loaded_decks:
        if loaded.lock is None or lock is None or _are_of_last_release(loaded, lock, environment):
            continue
        newer, unknown = _known_to_packages(loaded.lock, loaded.files, environment)
        if newer:
            code, message = "lock-older", "the lock is older than the package of the deck"
            note = f"{newer[0]} of a later release"
            lack = "the newer lock", "what it lacks"
        elif unknown:
            code, message = "lock-incomplete", "the lock has lost lines about notes that were built before"
            note = unknown[0]
            lack = "the lines", "them"
        else:
            continue
        others = len(newer or unknown) - 1
        note += f", and {others} more" if others else ""
        help_ = (
            f"bring {lack[0]} back from git or a backup, or let `cardwright build --restore-lock` "
            f"take {lack[1]} from the package; if nobody has the package, delete it"
        )
        yield Diagnostic(code, message, loaded.deck.span, note=note, help=help_)


def _are_of_last_release(loaded: LoadedDeck, new_lock: Lock, environment: Environment) -> bool:
    """Return whether CHANGES.md was written with a deck's lock, and so it would be now.

    Then the packages need not be read; with an edit, a build reads them anyway. With an older lock, a clock
    that is behind may give other texts the times of the last release.
    """
    data = environment.read_output(f"{output_folder(loaded.files.name)}/{CHANGES_PAGE}")
    if data is None or loaded.lock is None:
        return False
    page = data.decode("utf-8", "replace")
    locks = [new_lock] if loaded.lock == new_lock else [new_lock, loaded.lock]
    return not any(is_new_release(page, release_name(lock)) for lock in locks)


def _known_to_packages(lock: Lock, files: DeckFiles, environment: Environment) -> tuple[list[str], list[str]]:
    """Return what packages have of a later release than the lock, and what it doesn't know; with their paths.

    Without the deck's own package, that of its retired notes says nothing: nobody has either of them.
    """
    newer: list[str] = []
    unknown: list[str] = []
    for ending in (PACKAGE_ENDING, RETIRED_ENDING):
        path = output_path(files.name, ending)
        data = environment.read_output(path)
        if data is None:
            break
        # Most locks are of the last release.
        from cardwright.formats.anki.older_lock import newer_notes, newer_types, unknown_notes  # noqa: PLC0415
        from cardwright.formats.anki.released import read_package  # noqa: PLC0415

        package = read_package(data)
        if package.deck_id != lock.deck_id:
            break
        newer += (f"{path} has `{truncate(key, 40)}`" for key in sorted(newer_notes(package, lock)))
        newer += (f"{path} has the note type `{truncate(name)}`" for name in newer_types(package, lock))
        unknown += (f"{path} has `{truncate(key, 40)}`" for key in sorted(unknown_notes(package, lock)))
    return newer, unknown


def restore_locks(decks: Sequence[DeckFiles], environment: Environment, report: Report) -> list[DeckFiles]:
    """Return the decks, each with what its own lock has lost taken from its packages."""
    return [_restore_lock(deck, environment, report) for deck in decks]


def _restore_lock(files: DeckFiles, environment: Environment, report: Report) -> DeckFiles:
    from cardwright.formats.anki.released import read_package  # noqa: PLC0415  few locks get lost
    from cardwright.formats.anki.restored_lock import (  # noqa: PLC0415  few locks get lost
        catch_up,
        imported_media,
        imported_types,
        restore_lock,
    )

    problems = Report()
    own_lock = None if files.lock is None else read_lock_file(files.lock_path, files.lock, problems)
    if any(problem.code != "lock-damaged" for problem in problems):
        return files
    endings = (PACKAGE_ENDING, RETIRED_ENDING)
    packages = [environment.read_output(output_path(files.name, ending)) or b"" for ending in endings]
    main, retired_notes = map(read_package, packages)
    types = imported_types(main, retired_notes)
    media = imported_media(packages[0], environment, files.folder) if types and main.notes else {}
    options = reader.ReadingOptions(
        locked_id=main.deck_id, imported_types=types, imported_media=names_of_media(media.values())
    )
    # The mistakes in the sources are reported when they are read again, with the lock.
    parsed_deck = reader.read_deck(files, environment, Report(), options)
    lock = None if parsed_deck is None else restore_lock(parsed_deck.deck, main, retired_notes, media)
    if parsed_deck is None or lock is None:
        return files
    if own_lock is not None:
        if not any(_known_to_packages(own_lock, files, environment)):
            return files
        lock = catch_up(own_lock, lock)
    retired_count = sum(bool(entry.retired) for entry in lock.notes.values())
    retired = f", {retired_count} of them retired" if retired_count else ""
    message = f"the lock is made anew: {count_noun(len(lock.notes), 'note')}{retired}"
    help_ = "keep it in version control, together with the sources"
    report.add(Diagnostic("lock-restored", message, parsed_deck.deck.span, Severity.NOTE, help=help_))
    return replace(files, lock=encode_lock(lock))
