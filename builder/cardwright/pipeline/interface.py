"""What a build is given, and what it gives back."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cardwright.collection.deck import Deck
from cardwright.diagnostics.report import Report
from cardwright.source.files import MediaLibrary

if TYPE_CHECKING:
    from cardwright.formats.pdf.cache import Cache
    from cardwright.formats.pdf.engine import AssetDir

# What can be built, by the name that `--only` has for it.
FORMATS = ("anki", "pdf")


class Environment(MediaLibrary, Protocol):
    """What a build needs of the machine, beside the decks' media."""

    def built(self, path: str) -> bytes | None:
        """A file of an earlier build; None when it is not there. path: relative to the project folder."""
        ...

    def stage(self) -> "AbstractContextManager[AssetDir]":
        """A folder for the PDF engine, gone when the block is left."""
        ...

    def font_folder(self, folder: str, path: str) -> str | None:
        """The absolute path of a folder that a deck names for its fonts; None when it is not there.

        folder, path: as for `read`.
        """
        ...

    def system_font_folders(self) -> Sequence[str]:
        """Absolute paths of the folders in which this system keeps its fonts."""
        ...

    def cache(self) -> "Cache":
        """What earlier builds asked the PDF engine, and were answered."""
        ...

    def progress(self, what: str) -> AbstractContextManager[Callable[[int, int], None]]:
        """Something to be told how much is done, of how much, until the block is left."""
        ...


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What a build is asked to do.

    now: seconds since 1970, taken as the time of this release.
    salt: random letters and digits for the id of a deck that has none.
    formats: those of FORMATS that are to be built.
    locked: change neither sources nor lock; what would change them is an error.
    """

    now: int
    salt: str = ""
    formats: tuple[str, ...] = FORMATS
    locked: bool = False


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file to be written. path: relative to the project folder, with `/`."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class DeckSummary:
    """What a build did with one deck.

    new, changed, unchanged, retired: numbers of notes. sheets: of paper; 0 when
    none were built. ids: of those written into the sources.
    """

    deck: Deck
    new: int
    changed: int
    unchanged: int
    retired: int
    cards: int
    sheets: int
    ids: int


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build comes to.

    outputs: in the order in which they are to be written; none with an error.
    removals: paths of files of earlier builds that are to be there no more.
    """

    report: Report
    outputs: tuple[OutputFile, ...] = ()
    removals: tuple[str, ...] = ()
    summaries: tuple[DeckSummary, ...] = ()
