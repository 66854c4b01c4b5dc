"""Notice that the lock of a released deck is lost, and make it anew from the packages of the last build."""

from collections.abc import Iterable, Iterator, Sequence

from cardwright import reader
from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Report, Severity
from cardwright.diagnostics.phrases import count_noun, truncate
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
    """Yield an error for each deck whose lock seems to be lost, or lines of it.

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
        else:
            diagnostic = _incomplete_lock(loaded, environment)
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


def _incomplete_lock(loaded: LoadedDeck, environment: Environment) -> Diagnostic | None:
    """Return an error if notes count as new that an earlier build has put into the package."""
    lost = _lost_notes(loaded.deck, loaded.lock, loaded.files, environment)
    if loaded.lock is None or not lost:
        return None
    message = "the lock has lost lines about notes that were built before"
    path = output_path(loaded.files.name, PACKAGE_ENDING)
    note = f"{path} has `{truncate(lost[0])}`" + (f" and {len(lost) - 1} more" if len(lost) > 1 else "")
    help_ = (
        "bring the lines back from git or a backup, or let `cardwright build --restore-lock` "
        "take them from the package"
    )
    return Diagnostic("lock-incomplete", message, loaded.deck.span, note=note, help=help_)


def _lost_notes(deck: Deck, lock: Lock | None, files: DeckFiles, environment: Environment) -> list[str]:
    """Return the keys of notes in the sources and in the package that the lock doesn't know."""
    if lock is None or lock.deck_id != deck.id:
        return []
    summary = deck.note_summary
    new_keys = {
        key
        for key in summary.keys
        if key not in lock.notes and lock.notes.keys().isdisjoint(summary.former_keys.get(key, ()))
    }
    data = environment.read_output(output_path(files.name, PACKAGE_ENDING)) if new_keys else None
    if data is None:
        return []
    from cardwright.formats.anki.released import read_package  # noqa: PLC0415  few builds have new notes

    known_guids = {entry.guid for entry in lock.notes.values()}
    package = read_package(data)
    keys = {package.key(note) for guid, note in package.notes.items() if guid not in known_guids}
    return sorted(new_keys & keys) if package.deck_id == deck.id else []


def restore_locks(decks: Sequence[DeckFiles], environment: Environment, report: Report) -> list[DeckFiles]:
    """Return the decks, each with what its own lock has lost taken from its packages."""
    return [_restore_lock(deck, environment, report) for deck in decks]


def _restore_lock(files: DeckFiles, environment: Environment, report: Report) -> DeckFiles:
    from cardwright.formats.anki.released import read_package  # noqa: PLC0415  few locks get lost
    from cardwright.formats.anki.restored_lock import (  # noqa: PLC0415  few locks get lost
        add_lost_entries,
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
        if not _lost_notes(parsed_deck.deck, own_lock, files, environment):
            return files
        lock = add_lost_entries(own_lock, lock)
    retired_count = sum(bool(entry.retired) for entry in lock.notes.values())
    retired = f", {retired_count} of them retired" if retired_count else ""
    message = f"the lock is made anew: {count_noun(len(lock.notes), 'note')}{retired}"
    help_ = "keep it in version control, together with the sources"
    report.add(Diagnostic("lock-restored", message, parsed_deck.deck.span, Severity.NOTE, help=help_))
    return replace(files, lock=encode_lock(lock))
