"""Write the sources of a new deck, and read them again as a build would."""

import gc
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from tempfile import SpooledTemporaryFile

from cardwright.diagnostics import Report, Severity
from cardwright.formats.anki.render import RenderedDeck, render_deck
from cardwright.formats.outputs import Environment
from cardwright.importing.card_sources import ConvertField
from cardwright.importing.deck_plan import PlannedDeck, PlannedFile
from cardwright.importing.findings import FindingCounter
from cardwright.importing.media_folder import MediaFolder
from cardwright.pipeline.load import LoadedDeck, load_deck
from cardwright.reader import ReadingOptions
from cardwright.source.ambiguity_warnings import AMBIGUITY_WARNINGS
from cardwright.source.files import DeckFiles
from cardwright.source.ids import IdProposer
from cardwright.source.yaml_writing import Value, write_list_entry, write_mapping

MakeConverter = Callable[[MediaFolder, FindingCounter], ConvertField]
"""Makes what turns the fields of a deck into texts."""

_MEDIA_AT_ONCE = 50_000_000
"""The most bytes of media that are in the memory at once, unless a single card names more."""
_SPOOL_IN_MEMORY = 32_000_000
"""The most bytes of cards that wait in the memory for the others of their file, and not on the disk."""


class SourceFolder(ABC):
    """The folder of a deck while its sources are being written.

    Cards come in any order, and are kept in a file until all are there. A build reads them again before they
    count, but for those of which it is known what it makes of them.

    unreadable: what is wrong with cards that a build would not accept, by the number of their note.
    warnings: numbers of those that `allow:` can suppress, by code.
    """

    def __init__(
        self, folder: Path, path: str, plan: PlannedDeck, media: MediaFolder, taken_ids: Iterable[str] = ()
    ) -> None:
        """folder: exists and is empty. path: its path relative to the folder for decks.

        taken_ids: that no card gets unless it has it already.
        """
        self.folder = folder
        self.path = path
        self.plan = plan
        self.media = media
        self.unreadable: dict[int, str] = {}
        self.warnings: Counter[str] = Counter()
        self._ids = IdProposer(taken_ids)
        self._files = {note.number: file for file in plan.files for note in file.notes}
        self._summaries = {note.number: note for note in plan.notes}
        self._known: set[int] = set()
        self._spool = SpooledTemporaryFile[bytes](_SPOOL_IN_MEMORY, dir=str(folder))
        self._spool_size = 0
        self._places: dict[int, tuple[int, int]] = {}
        self._media_sizes: dict[int, int] = {}
        self._keys: dict[int, str] = {}
        self._unfinished = list(plan.files)

    @abstractmethod
    def head(self) -> Mapping[str, Value]:
        """Return what deck.yaml says, without its files."""

    @abstractmethod
    def head_of_file(self, file: PlannedFile) -> Mapping[str, Value]:
        """Return what a file says of its cards besides their topic, sub-deck and tags."""

    @abstractmethod
    def lock_before_build(self, notes: Collection[int]) -> bytes | None:
        """Return the lock that a build needs to read the cards of some notes."""

    @abstractmethod
    def keep_rendered(self, rendered: RenderedDeck) -> Mapping[int, str]:
        """Take what comes of the cards of a file. Return what is wrong with them, as in `unreadable`."""

    def add_card(self, number: int, entries: Mapping[str, Value], *, id_text: str, key: str = "") -> str:
        """Add the card of a note that the plan has, or put another in its place. Return its id.

        entries: without the id, tags and sub-deck. id_text: what its id is made from, unless there is a key.
        """
        file, summary = self._files[number], self._summaries[number]
        key = key or self._keys.get(number) or self._ids.propose(id_text)
        self._keys[number] = key
        entries = {"id": key, **entries}
        if tags := [tag for tag in summary.tags if tag not in file.tags]:
            entries["tags"] = tags
        if file.subdeck is None:
            entries["subdeck"] = self.plan.subdeck_of(summary)
        text = write_list_entry(entries, 2).encode()
        self._spool.seek(self._spool_size)
        self._spool.write(text)
        self._places[number] = self._spool_size, len(text)
        self._spool_size += len(text)
        self._media_sizes[number] = self.media.take_asked_size()
        self.media.note_damaged(key)
        return key

    def key_of(self, number: int) -> str:
        """Return the id of the card of a note, which was added."""
        return self._keys[number]

    @property
    def card_numbers(self) -> Collection[int]:
        """The numbers of the notes with a card, without those that were left out."""
        return self._places.keys()

    def leave_out(self, number: int) -> None:
        """Write no card for a note."""
        del self._places[number]

    def write_files(self, environment: Environment) -> Iterator[int]:
        """Write the files with cards that are not written yet, and yield the number of notes in each.

        A file with a card that can't be read stays unfinished; `unreadable` says which it is.

        environment: has the folder for decks as its project folder.
        """
        unfinished, self._unfinished = self._unfinished, []
        self.unreadable.clear()
        for file in unfinished:
            notes = [note.number for note in file.notes if note.number in self._places]
            if not notes:
                (self.folder / file.name).unlink(missing_ok=True)
                continue
            head = self._head_of_file(file)
            with (self.folder / file.name).open("wb") as written:
                written.writelines([head, *map(self._card_text, notes)])
            unknown = [number for number in notes if number not in self._known]
            builds = [self._build(file, head, some, environment) for some in self._divide(unknown)]
            if not all(builds):
                self._unfinished.append(file)
            yield len(notes)

    def _divide(self, notes: Sequence[int]) -> Iterator[list[int]]:
        """Yield the notes of a file, as many together as name media that are small enough for the memory."""
        some: list[int] = []
        size = 0
        for number in notes:
            if some and size + self._media_sizes[number] > _MEDIA_AT_ONCE:
                yield some
                some, size = [], 0
            some.append(number)
            size += self._media_sizes[number]
        if some:
            yield some

    def _build(self, file: PlannedFile, head: bytes, notes: Sequence[int], environment: Environment) -> bool:
        """Build some cards of a file, and return whether all of them can be read. head: of the file."""
        texts = [self._card_text(number) for number in notes]
        lock = self.lock_before_build(notes)
        loaded, report = self._load(file.name, b"".join([head, *texts]), lock, environment)
        rendered = None if loaded is None else render_deck(loaded.deck, (), loaded.rendered)
        # Commands run without a garbage collector, and media are in the circles that a build leaves.
        gc.collect(0)
        codes = (diagnostic.code for diagnostic in report)
        self.warnings.update(code for code in codes if code in AMBIGUITY_WARNINGS)
        if rendered is not None:
            unfit = self.keep_rendered(rendered)
            self.unreadable.update(unfit)
            return not unfit
        ends = accumulate((len(text.decode()) for text in texts), initial=len(head.decode()))
        self._find_unreadable(report, f"{self.path}/{file.name}", notes, list(ends))
        return False

    def write_deck_file(self) -> None:
        """Write deck.yaml; no cards can be added any more."""
        self._spool.close()
        names = [file.name for file in self.plan.files if (self.folder / file.name).exists()]
        (self.folder / "deck.yaml").write_text(self._head_text(names), "utf-8", newline="\n")

    def _head_text(self, files: list[str] | None) -> str:
        """Return the text of deck.yaml. files: their names in study order; None to leave the list out."""
        entries: dict[str, Value] = {}
        for key, value in self.head().items():
            if key.startswith("note_type") and files is not None:
                entries.setdefault("files", files)
            entries[key] = value
        if files is not None:
            entries.setdefault("files", files)
        return write_mapping(entries)

    def _find_unreadable(self, report: Report, path: str, notes: Sequence[int], ends: Sequence[int]) -> None:
        """Find the cards of a file that a report has errors about.

        ends: where the head of the file ends, and then each card, in code points.
        """
        for diagnostic in report:
            if diagnostic.severity is not Severity.ERROR:
                continue
            index, span = -1, diagnostic.span
            if span is not None and span.source.path == path:
                index = bisect_right(ends, span.start) - 1
            if not 0 <= index < len(notes):
                raise AssertionError(f"an imported deck cannot be read: {diagnostic}")
            self.unreadable[notes[index]] = diagnostic.message

    def _head_of_file(self, file: PlannedFile) -> bytes:
        head: dict[str, Value] = {}
        if file.topic:
            head["topic"] = file.topic
        if file.subdeck:
            head["subdeck"] = file.subdeck
        head |= self.head_of_file(file)
        if file.tags:
            head["tags"] = list(file.tags)
        return write_mapping(head).encode() + b"cards:\n"

    def _card_text(self, number: int) -> bytes:
        start, length = self._places[number]
        self._spool.seek(start)
        return self._spool.read(length)

    def _load(
        self, name: str, data: bytes, lock: bytes | None, environment: Environment
    ) -> tuple[LoadedDeck | None, Report]:
        """Load the deck with a file as a build would; return None after an error, which is in the report."""
        main_path, path = f"{self.path}/deck.yaml", f"{self.path}/{name}"
        sources = {main_path: self._head_text(None).encode(), path: data}
        files = DeckFiles(main_path, is_single_file=False, sources=sources, lock=lock)
        report = Report()
        options = ReadingOptions(keep_notes=False, run_in_processes=environment.run_in_processes)
        loaded = load_deck(files, environment, report, options)
        return None if report.has_errors else loaded, report
