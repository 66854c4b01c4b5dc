"""The HTML output: the page of a deck."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cardwright.diagnostics import Diagnostic, Severity
from cardwright.formats.outputs import PAGE_ENDING, BuiltOutput, OutputContext
from cardwright.identity.lock import Lock

if TYPE_CHECKING:
    from cardwright.collection.content import MediaFile

MANY_BYTES = 30_000_000
"""From this size on, a page is slow to send and to open on phones."""
_MEGABYTE = 1_000_000


def is_used(context: OutputContext) -> bool:
    """Tell whether the page is built with the others: the author asks for it, or it is there already."""
    path = context.path(PAGE_ENDING)
    folder, _, name = path.rpartition("/")
    return context.deck.html or name in context.environment.output_names(folder)


def check(_context: OutputContext) -> None:
    """Report nothing: whatever a deck holds can stand on its page."""


def build(context: OutputContext, _rendered: object, lock: Lock) -> BuiltOutput:
    """Make the page; see `Output.build`."""
    from cardwright.formats.html.page import make_page  # noqa: PLC0415  a build without it is faster

    guids = {key: entry.guid for key, entry in lock.notes.items()}
    page, files = make_page(context.deck, guids)
    data = page.encode()
    if len(data) > MANY_BYTES:
        context.report.add(_large_page(len(data), files))
    return BuiltOutput({context.path(PAGE_ENDING): data})


def _large_page(size: int, files: "Iterable[MediaFile]") -> Diagnostic:
    largest = sorted(files, key=lambda file: (-len(file.data), file.path))[:3]
    message = f"the page of this deck has {size // _MEGABYTE} MB: phones may fail to open it"
    sizes = ", ".join(f"`{file.path}` ({len(file.data) / _MEGABYTE:.1f} MB)" for file in largest)
    return Diagnostic(
        "large-page", message, None, Severity.WARNING, f"the largest files in it: {sizes}",
        help="make pictures and sounds smaller, or build pages of smaller decks",
    )  # fmt: skip
