"""What the PDF output needs beside a deck."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cardwright.formats.outputs import ProgressCallback
from cardwright.source.cache import Cache, NullCache

if TYPE_CHECKING:  # the engine is not imported before there is something to lay out
    from cardwright.formats.pdf.engine import AssetDir


@dataclass(frozen=True, slots=True)
class RenderContext:
    """What a deck is laid out with; valid as long as its asset dir exists.

    asset_dir: an empty folder for the deck's pictures while they are rendered.
    font_folders: absolute paths of the folders that the deck names.
    system_font_folders: those in which the system keeps fonts; used only for
        characters that neither the engine's fonts nor the deck's have.
    progress: called with how many cards are done, and of how many; each card counts
        once when it is measured and once when it is rendered.
    cache: earlier answers of the engine.
    """

    asset_dir: "AssetDir"
    font_folders: Sequence[str] = ()
    system_font_folders: Sequence[str] = ()
    progress: ProgressCallback = lambda _done, _total: None
    cache: Cache = field(default_factory=NullCache)
