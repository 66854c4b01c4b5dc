"""Import decks of other programs: from their files to new deck folders and a report."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from cardwright.collection.deck_name import SEPARATOR
from cardwright.diagnostics import Report
from cardwright.formats.anki.foreign_html import ForeignText
from cardwright.formats.outputs import ProgressCallback
from cardwright.importing.card_sources import source_card
from cardwright.importing.collection import AnkiCollection, AnkiNote, AnkiType, Finding
from cardwright.importing.deck_folder import DeckFolder, DeckHead, main_types
from cardwright.importing.deck_plan import NoteSummary, PlannedDeck, plan_decks
from cardwright.importing.findings import Findings, FindingsOfCard
from cardwright.importing.media_folder import MediaFolder, tell_damaged
from cardwright.importing.new_folders import check_vacant, move_into_place, staging_folder
from cardwright.importing.read_file import FileKind, file_kind, open_deck
from cardwright.importing.row_folder import RowFolder, summarize_rows
from cardwright.importing.rows import RowTable
from cardwright.importing.source_folder import MakeConverter, SourceFolder
from cardwright.importing.source_types import source_types
from cardwright.importing.table_file import TableOptions
from cardwright.importing.table_inputs import find_table_media, read_table_file
from cardwright.importing.tables import read_tables
from cardwright.importing.tags import count_taken_tags, usable_tags
from cardwright.importing.type_safety import TypeSafety
from cardwright.importing.unreadable import UnreadableDeck
from cardwright.reader.deck_names import fit_deck_name
from cardwright.shell.environment import LocalEnvironment
from cardwright.shell.project_folder import SOURCE_FOLDER
from cardwright.shell.temporary import temporary_folder
from cardwright.shell.write import report_os_errors


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the user asks for.

    into: the name of the new folder; empty for one after each deck.
    is_dry_run: whether only the report is wanted.
    salt: random letters and digits that make the ids of the new decks unique.
    table: what the user says about tables.
    media_folder: with the media that tables name; None for those beside them.
    keeps_scripts: whether the user trusts what card templates run and fetch.
    """

    into: str = ""
    by_tag: bool = False
    is_dry_run: bool = False
    salt: str = ""
    table: TableOptions = field(default_factory=TableOptions)
    media_folder: Path | None = None
    keeps_scripts: bool = False


@dataclass(frozen=True, slots=True)
class WrittenDeck:
    """A deck that was written.

    folder: relative to the folder for decks, with `/`. files: of cards, without deck.yaml.
    kinds: numbers of cards by the key that says their kind. media_size: in bytes.
    """

    folder: str
    name: str
    notes: int
    files: int
    kinds: Mapping[str, int]
    media: int
    media_size: int


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What was read of a file and written. decks, types, media: numbers of those that were read.

    is_table: whether it has rows, of which nobody knows what cards there are in Anki.
    has_ids: as in `AnkiCollection`.
    """

    path: str
    notes: int
    cards: int
    decks: int
    types: int
    media: int
    written: Sequence[WrittenDeck]
    findings: Sequence[Finding]
    is_table: bool = False
    has_ids: bool = True


def import_decks(
    root: Path,
    files: Sequence[Path],
    options: ImportOptions,
    convert: MakeConverter,
    progress: ProgressCallback,
    report: Report,
) -> list[ImportedFile]:
    """Import files into new folders of a project, all or none; none after an error in the report.

    root: the project folder; its folder for decks is made if it isn't there.

    Errors: ReportedError.
    """
    if options.into:
        check_vacant(root, f"{SOURCE_FOLDER}/{options.into}")
    table_files = [file for file in files if file_kind(str(file), file) is FileKind.TABLE]
    if not table_files and (options.media_folder is not None or options.table != TableOptions()):
        with open_deck(str(files[0]), files[0]):
            message = "these options are about tables, and there is none"
        raise UnreadableDeck(
            str(files[0]), message, "leave out the options that say how to read columns and texts"
        )
    with ExitStack() as stack:
        if options.is_dry_run:
            staging = stack.enter_context(temporary_folder())
        else:
            staging = stack.enter_context(staging_folder(root, SOURCE_FOLDER))
        texts = ((str(file), read_table_file(str(file), file)) for file in table_files)
        tables = read_tables(texts, options.table, report)
        if report.has_errors:
            return []
        is_only = len(files) - len(table_files) + len(tables) == 1
        importer = _Importer(root, staging, options, convert, progress, is_only_file=is_only)
        imported_files = []
        for file in files:
            if file not in table_files:
                collection = stack.enter_context(open_deck(str(file), file))
                # What reads the file reports itself what goes wrong there.
                with report_os_errors(SOURCE_FOLDER):
                    imported_files.append(importer.write(str(file), collection))
        imported_files += [importer.write_table(table, report) for table in tables]
        if not options.is_dry_run and not report.has_errors:
            folders = sorted(path for path in staging.iterdir() if path.is_dir())
            move_into_place(root, {folder: f"{SOURCE_FOLDER}/{folder.name}" for folder in folders})
    return imported_files


class _Importer:
    """Writes the decks of collections into new folders.

    staging: where they are written, as if it were the folder for decks.
    is_only_file: whether nothing else is imported with a file.
    """

    def __init__(
        self,
        root: Path,
        staging: Path,
        options: ImportOptions,
        convert: MakeConverter,
        progress: ProgressCallback,
        *,
        is_only_file: bool,
    ) -> None:
        self._root = root
        self._is_only_file = is_only_file
        self._staging = staging
        self._options = options
        self._convert = convert
        self._progress = progress
        self._environment = LocalEnvironment(staging, {"CARDWRIGHT_CACHE": "off"}, None)
        self._used_folders: set[str] = set()

    def write(self, path: str, collection: AnkiCollection) -> ImportedFile:
        """Write the decks of a collection. path: of its file, as shown to the user."""
        findings = Findings()
        deck_names = _DeckNames(findings)
        summaries = []
        card_count = 0
        keeps_scripts = self._options.keeps_scripts
        safety = TypeSafety(collection.types, collection.media, keeps_scripts=keeps_scripts)
        for note in collection.notes:
            summaries.append(_summarize(note, deck_names))
            card_count += len(note.cards)
            safety.see_note(note)
        if not summaries:
            message = "there are no notes in it"
            raise UnreadableDeck(path, message, "export a deck that has cards, in itself or in its sub-decks")
        types = safety.safe_types({note.type for note in summaries}, findings)
        plans = plan_decks(summaries, self._used_folders, by_tag=self._options.by_tag)
        is_only = len(plans) == 1
        folders = [self._deck_folder(plan, collection, types, findings, is_only=is_only) for plan in plans]
        for folder in folders:
            folder.read_types(self._environment)
        kinds = self._write_cards(collection, folders, findings)
        for folder in folders:
            folder.media.copy_travelling()
        _find_odd_media(collection.media, [folder.media for folder in folders], findings)
        done = len(summaries)
        for folder in folders:
            for count in folder.write_files(self._environment):
                done += count
                self._progress(done, 2 * len(summaries))
            self._rewrite_unreadable(folder, collection, findings)
            folder.finish(findings)
        written = [_written(folder, counts) for folder, counts in zip(folders, kinds, strict=True)]
        return ImportedFile(
            *(path, len(summaries), card_count),
            *(len(collection.decks), len(collection.types), len(collection.media)),
            *(written, (*collection.findings, *findings.findings)),
            has_ids=collection.has_ids,
        )

    def _write_cards(
        self, collection: AnkiCollection, folders: Sequence[DeckFolder], findings: Findings
    ) -> list[Counter[str]]:
        """Convert all notes, and return the numbers of cards of each kind for each folder."""
        found = FindingsOfCard(findings)
        converters = [self._convert(folder.media, found) for folder in folders]
        homes = {note.number: index for index, folder in enumerate(folders) for note in folder.plan.notes}
        kinds: list[Counter[str]] = [Counter() for _ in folders]
        for done, note in enumerate(collection.notes):
            self._progress(done, 2 * len(homes))
            index = homes[note.id]
            source_type = folders[index].deck.types[note.type_id]
            card = source_card(note, source_type, converters[index])
            _find_losses(note, found)
            if card.finding:
                found.add(card.finding)
            found.close(folders[index].add(note, card))
            kinds[index][card.kind] += 1
            if note.cards and source_type.shows_nothing(note):
                findings.add("notes whose fronts show nothing, by note type", source_type.anki.name)
        return kinds

    def _rewrite_unreadable(self, folder: DeckFolder, collection: AnkiCollection, findings: Findings) -> None:
        """Write cards that a build would not accept with the HTML of their fields, or leave them out."""
        if not folder.unreadable:
            return
        for note in collection.notes:
            if note.id in folder.unreadable:
                source_type = folder.deck.types[note.type_id]
                folder.add(note, source_card(note, source_type, _keep_html))
        while list(folder.write_files(self._environment)) and folder.unreadable:
            for note_id, message in folder.unreadable.items():
                findings.add(
                    "cards left out, since they can't be built", f"{folder.key_of(note_id)}: {message}"
                )
                folder.leave_out(note_id)

    def write_table(self, table: RowTable, report: Report) -> ImportedFile:
        """Write the decks of a table; report the rows that cannot be cards."""
        findings = Findings()
        path = table.rows[0].span.source.path
        media = find_table_media(Path(path), self._options.media_folder, findings)
        summaries = summarize_rows(table)
        plans = plan_decks(summaries, self._used_folders, by_tag=self._options.by_tag)
        written = []
        done = 0
        for plan in plans:
            folder, folder_path, deck_id = self._new_folder(plan, is_only=len(plans) == 1)
            rows = RowFolder(folder, folder_path, plan, deck_id, table, media)
            for count in rows.write(self._convert, self._environment, findings, report):
                done += count
                self._progress(done, 2 * len(summaries))
            written.append(_written(rows, rows.kinds))
        return ImportedFile(
            *(path, len(summaries), 0, len(plans), len(table.types), len(media)),
            *(written, findings.findings),
            is_table=True,
        )

    def _deck_folder(
        self,
        plan: PlannedDeck,
        collection: AnkiCollection,
        safe_types: Mapping[int, AnkiType],
        findings: Findings,
        *,
        is_only: bool,
    ) -> DeckFolder:
        folder, path, deck_id = self._new_folder(plan, is_only=is_only)
        used_types = {note.type for note in plan.notes}
        types = source_types(type_ for id_, type_ in safe_types.items() if id_ in used_types)
        for deck in collection.decks:
            if deck.description and deck.name.startswith(f"{plan.name}{SEPARATOR}"):
                findings.add("descriptions of sub-decks, which stay in Anki alone", deck.name)
        described = (deck for deck in collection.decks if deck.name == plan.name and deck.description)
        head = DeckHead(deck_id, plan.name, next(described, None), types, main_types(plan.notes, types))
        return DeckFolder(folder, path, plan, head, MediaFolder(folder, collection.media))

    def _new_folder(self, plan: PlannedDeck, *, is_only: bool) -> tuple[Path, str, str]:
        """Make the folder of a deck; return it, its path in the folder for decks, and the deck's id."""
        into = self._options.into
        is_only = is_only and self._is_only_file
        path = plan.folder if not into else into if is_only else f"{into}/{plan.folder}"
        check_vacant(self._root, f"{SOURCE_FOLDER}/{path}")
        folder = self._staging / path
        folder.mkdir(parents=True)
        return folder, path, "-".join(filter(None, (folder.name.lower(), self._options.salt)))


def _keep_html(html: str, *_: object) -> ForeignText:
    return ForeignText(html, is_html=True)


def _written(folder: SourceFolder, kinds: Mapping[str, int]) -> WrittenDeck:
    plan, media = folder.plan, folder.media
    return WrittenDeck(
        *(
            folder.path,
            plan.name,
            len(folder.card_numbers),
            len(plan.files),
            kinds,
            len(media.entries),
            media.size,
        )
    )


def _find_odd_media(names: Iterable[str], media: Sequence[MediaFolder], findings: Findings) -> None:
    """Tell which media are missing, damaged or left out. names: of all media of a collection."""
    for name in dict.fromkeys(name for folder in media for name in folder.missing):
        findings.add("media files that cards name, and that are not there; export with media", name)
    for name in dict.fromkeys(name for folder in media for name in folder.unfit):
        findings.add("media files that are damaged, or that paper can't show; Anki may", name)
    copied = {name for folder in media for name in (*folder.copied, *folder.damaged)}
    tell_damaged(media, findings)
    for name in names:
        if name not in copied:
            findings.add("media files that no card names, and that are left out", name)


class _DeckNames(dict[str, str]):
    """The names that decks have here, by those that they have in Anki."""

    def __init__(self, findings: Findings) -> None:
        """findings: takes each name that the sources can't have."""
        super().__init__()
        self._findings = findings

    def __missing__(self, name: str) -> str:
        fitted = self[name] = fit_deck_name(name) or "Imported"
        if unicodedata.normalize("NFC", name) != unicodedata.normalize("NFC", fitted):
            self._findings.add(
                "decks with another name here; cards that are in Anki stay where they are", name
            )
        return fitted


def _find_losses(note: AnkiNote, found: FindingsOfCard) -> None:
    """Count what a note has in Anki, and its card here has not."""
    count_taken_tags(note.tags, found)
    if not note.cards:
        found.add("notes without cards; they have none again until you edit them")
    elif len(note.cards) > 1 and any(card.deck != note.cards[0].deck for card in note.cards):
        found.add("notes whose cards are in several decks; new learners get them all in the first")


def _summarize(note: AnkiNote, deck_names: Mapping[str, str]) -> NoteSummary:
    first = note.cards[0] if note.cards else None
    return NoteSummary(
        note.id,
        "" if first is None else deck_names[first.deck],
        usable_tags(note.tags),
        None if first is None else first.due,
        note.type_id,
    )
