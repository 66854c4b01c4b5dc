"""What lies around a deck while the PDF engine lays it out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cardwright.formats.pdf.cache import Cache, NullCache

if TYPE_CHECKING:  # the engine is not imported before there is something to lay out
    from cardwright.formats.pdf.engine import AssetDir

ProgressCallback = Callable[[int, int], None]


def _in_silence(_done: int, _total: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class RenderContext:
    """The same for everything that is laid out, cards and pages; good until the stage is gone.

    stage: an empty folder for the deck's pictures while they are drawn.
    font_folders: absolute paths of the folders that the deck names.
    system_font_folders: those that the system keeps fonts in; asked only for
        characters that neither the engine's fonts nor the deck's have.
    progress: is told how many cards are done, of how many; each counts when it
        was measured and again when it was drawn.
    cache: what the engine answered before.
    """

    asset_dir: "AssetDir"
    font_folders: Sequence[str] = ()
    system_font_folders: Sequence[str] = ()
    progress: ProgressCallback = _in_silence
    cache: Cache = field(default_factory=NullCache)
