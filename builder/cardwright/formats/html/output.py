"""The HTML output: the page of a deck."""

from cardwright.formats.outputs import PAGE_ENDING, BuiltOutput, OutputContext
from cardwright.identity.lock import Lock


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
    return BuiltOutput({context.path(PAGE_ENDING): make_page(context.deck, guids).encode()})
