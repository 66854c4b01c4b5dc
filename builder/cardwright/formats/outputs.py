"""The outputs that can be built of a deck: their registry, what each gets, and what it returns.

A new output is a folder in `formats/`, with a function that checks and one that builds, and a line in
`OUTPUTS`.

Each output stands alone. A mistake that keeps a deck from being understood stops everything: of the
YAML, the cards, the media, the lock; so does a conflict with what was released. What an output reports
of a deck that is understood concerns this output alone: after an error its files stay as they were, and
the other outputs are built. For the card sheets that is all below `print:` in deck.yaml, fonts, and what
the paper has no room or no sign for. For the Anki package it is all below `anki:`; then the lock and the
ids in the sources stay, too.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Report
from cardwright.identity.lock import Lock
from cardwright.source.cache import Cache
from cardwright.source.files import FontFolder, MediaLibrary

if TYPE_CHECKING:
    from cardwright.formats.anki.render import RenderedDeck
    from cardwright.formats.pdf.engine import AssetDir


OUTPUT_FOLDER = "decks"
"""The folder of the project in which the outputs of every deck have a folder of their own."""

PACKAGE_ENDING, RETIRED_ENDING = ".apkg", "-retired.apkg"
"""End the names of a deck's own package, and of that of its retired notes."""


def output_folder(deck: str) -> str:
    """Return the folder of a deck's outputs, relative to the project. deck: as `DeckLocation.name`."""
    return f"{OUTPUT_FOLDER}/{deck}"


def output_path(deck: str, ending: str) -> str:
    """Return the path of a built file that is named after its deck. deck: as for `output_folder`."""
    return f"{output_folder(deck)}/{deck}{ending}"


ProgressCallback = Callable[[int, int], None]
"""Takes the number of steps done, and of all steps."""


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

    def font_folder(self, folder: str, path: str) -> FontFolder | None:
        """Return a folder of fonts that a deck names, or None when there is none.

        folder, path: as for `read`.
        """
        ...

    def system_font_folders(self) -> Sequence[str]:
        """Return the absolute paths of the folders in which this system keeps its fonts."""
        ...

    def cache(self) -> Cache:
        """Return the cache of answers that the PDF engine gave to earlier builds."""
        ...

    def progress(self, label: str) -> AbstractContextManager[ProgressCallback]:
        """Open a progress bar. label: what is being done, such as `Laying out cards`."""
        ...


@dataclass(frozen=True, slots=True)
class OutputContext:
    """The input of one output of one deck.

    source_folder: the folder of the deck's sources, relative to the project.
    previous_lock: the lock as the last build left it; None when there is none yet.
    report: takes what is wrong with the deck for this output alone.
    is_sound: whether nothing is wrong with the sources; if not, some notes may be missing.
    """

    deck: Deck
    source_folder: str
    previous_lock: Lock | None
    environment: Environment
    report: Report
    is_sound: bool = True

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


@dataclass(frozen=True, slots=True)
class BuiltOutput:
    """The files of one output of a deck.

    files: content by path, relative to the project folder, in the order of writing; None for an earlier
        file that is to be removed. After an error in the output's report, only the earlier files; they stay.
    printed: what is on paper; None for an output that has nothing to do with paper.
    """

    files: Mapping[str, bytes | None]
    printed: PrintedCards | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """An output that can be built of every deck.

    name: as `--only` takes it. description: a few words, as in "the card sheets are written".
    keeps_lock: whether the lock and the ids in the sources stay, too, when it cannot be built.
    check_function, build_function: `module:function` within this package. They are imported
        with their first use, because start-up is what users wait for most.
    is_used_function: the same, for an output that takes long to check and that few decks are built for.
    opt_out: what authors write at the top of a deck's own file if they don't want the output.
    """

    name: str
    description: str
    check_function: str
    build_function: str
    keeps_lock: bool = False
    is_used_function: str = ""
    opt_out: str = ""

    def is_used(self, context: OutputContext) -> bool:
        """Tell whether the author seems to use the output; `check` leaves out those that aren't used."""
        return not self.is_used_function or bool(_load(self.is_used_function)(context))

    def check(self, context: OutputContext) -> None:
        """Report what would keep the output from being built; write nothing."""
        _load(self.check_function)(context)

    def build(self, context: OutputContext, rendered: "RenderedDeck", lock: Lock) -> BuiltOutput:
        """Make the files of the output.

        rendered: the notes as Anki will hold them. lock: as this build leaves it.
        """
        built: BuiltOutput = _load(self.build_function)(context, rendered, lock)
        return built


OUTPUTS = (
    Output("anki", "Anki package", "anki.identity:check", "anki.output:build", keeps_lock=True),
    Output(
        "pdf",
        "card sheets",
        "pdf.output:check",
        "pdf.output:build",
        is_used_function="pdf.output:is_used",
        opt_out="print: false",
    ),
)
"""Every output there is, in the order of writing."""

OUTPUT_NAMES = tuple(output.name for output in OUTPUTS)


def _load(function: str) -> Any:
    module, name = function.split(":")
    return getattr(import_module(f"cardwright.formats.{module}"), name)
