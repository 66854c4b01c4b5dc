"""What the outputs of a deck get, and what they return; `formats/registry.py` lists them.

Each output stands alone. A mistake that keeps a deck from being understood stops everything: of the
YAML, the cards, the media, the lock; so does a conflict with what was released. What an output reports
of a deck that is understood concerns this output alone: after an error its files stay as they were, and
the other outputs are built. For the card sheets that is all below `print:` in deck.yaml, fonts, and what
the paper has no room or no sign for. For the Anki package it is all below `anki:`; then the lock and the
ids in the sources stay, too.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple, Protocol

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Report
from cardwright.formats.registry import OUTPUT_FOLDER
from cardwright.identity.lock import Lock
from cardwright.record import Record
from cardwright.source.cache import Cache
from cardwright.source.files import FontFolder, MediaLibrary

if TYPE_CHECKING:
    from cardwright.formats.anki.render import RenderedNotes
    from cardwright.formats.pdf.engine import AssetDir


PACKAGE_ENDING, RETIRED_ENDING, EARLIER_ENDING = ".apkg", "-retired.apkg", "-earlier.jsonl"
"""End the names of a deck's own package, of that of its retired notes, and of earlier texts."""
PAGE_ENDING = ".html"
"""Ends the name of the page that shows a deck in a browser."""


def output_folder(deck: str) -> str:
    """Return the folder of a deck's outputs, relative to the project. deck: as `DeckLocation.name`."""
    return f"{OUTPUT_FOLDER}/{deck}"


def output_path(deck: str, ending: str) -> str:
    """Return the path of a built file that is named after its deck. deck: as for `output_folder`."""
    return f"{output_folder(deck)}/{deck}{ending}"


ProgressCallback = Callable[[int, int], None]
"""Takes the number of steps done, and of all steps."""


class TemporaryFile(Protocol):
    """A file that is needed only while a package is made."""

    @property
    def path(self) -> str:
        """Its absolute path, where there is no file at first."""
        ...

    def parts(self, size: int) -> Iterator[bytes]:
        """Yield what was written to it in parts. size: of each but the last, in bytes."""
        ...


class Environment(MediaLibrary, Protocol):
    """Everything that a build asks of the machine, such as the media of its decks."""

    def read_output(self, path: str) -> bytes | None:
        """Return a file that an earlier build wrote, or None. path: relative to the project folder."""
        ...

    def output_names(self, folder: str) -> Sequence[str]:
        """Return the names of the files in a folder of outputs, sorted. folder: relative to the project."""
        ...

    def asset_dir(self) -> "AbstractContextManager[AssetDir]":
        """Open an empty folder for the PDF engine, which is deleted when the block is left."""
        ...

    def temporary_file(self) -> AbstractContextManager[TemporaryFile]:
        """Open a file that is deleted when the block is left."""
        ...

    def font_folder(self, folder: str, path: str) -> FontFolder | None:
        """Return a folder of fonts that a deck names, or None when there is none.

        folder, path: as for `read`.
        """
        ...

    def system_font_folders(self) -> Sequence[str]:
        """Return the absolute paths of the folders in which this system keeps its fonts."""
        ...

    def cache(self) -> Cache:
        """Return what earlier builds computed."""
        ...

    def run_in_processes(self, work: Callable[[range], bytes], count: int) -> list[bytes] | None:
        """Divide work among several processes, and return what each answers; None if that can't be done.

        work: gets the numbers of its share, of all numbers below `count`. What it changes is lost.
        """
        ...

    def program_digest(self) -> bytes:
        """Return a digest of this program and its libraries."""
        ...

    def progress(self, label: str) -> AbstractContextManager[ProgressCallback]:
        """Open a progress bar. label: what is being done, such as `Laying out cards`."""
        ...


class OutputContext(Record, frozen=True):
    """The input of one output of one deck.

    source_folder: the folder of the deck's sources, relative to the project.
    previous_lock: the lock as the last build left it; None when there is none yet.
    report: takes what is wrong with the deck for this output alone.
    is_sound: whether nothing is wrong with the sources; if not, some notes may be missing.
    rendered: the notes as Anki stores them, if that is known already.
    """

    deck: Deck
    source_folder: str
    previous_lock: Lock | None
    environment: Environment
    report: Report
    is_sound: bool = True
    rendered: "RenderedNotes | None" = None

    @property
    def output_folder(self) -> str:
        """The folder of the deck's outputs, relative to the project."""
        return output_folder(self.deck.folder)

    def path(self, ending: str) -> str:
        """Return the path of a built file that is named after its deck, relative to the project."""
        return output_path(self.deck.folder, ending)


class PrintedCards(NamedTuple):
    """The number of cards that are printed, and of the sheets of paper that this takes."""

    cards: int
    sheets: int


class BuiltOutput(Record, frozen=True):
    """The files of one output of a deck.

    files: content by path, relative to the project folder, in the order of writing; None for an earlier
        file that is to be removed. After an error in the output's report, only the earlier files; they stay.
    printed: what is on paper; None for an output that has nothing to do with paper.
    """

    files: Mapping[str, bytes | None]
    printed: PrintedCards | None = None
