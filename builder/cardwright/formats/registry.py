"""The registry of the outputs that can be built of a deck.

A new output is a folder in `formats/`, with a function that checks and one that builds, and a line in
`OUTPUTS`. What these functions get and return is in `formats/outputs.py`. Nothing of them is imported
here: the command line needs the names of the outputs before it knows what to do.
"""

from collections.abc import Collection
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from cardwright.formats.anki.render import RenderedDeck
    from cardwright.formats.outputs import BuiltOutput, OutputContext
    from cardwright.identity.lock import Lock

OUTPUT_FOLDER = "decks"
"""The folder of the project in which the outputs of every deck have a folder of their own."""


class Output(NamedTuple):
    """An output that can be built of every deck.

    name: as `--only` takes it. description: a few words, as in "the card sheets are written".
    keeps_lock: whether the lock and the ids in the sources stay, too, when it cannot be built.
    check_function, build_function: `module:function` within this package. They are imported
        with their first use, because start-up is what users wait for most.
    is_used_function: the same, for an output that takes long to check and that few decks are built for.
    only_if_used: whether it is built only for decks whose authors use it, unless it is chosen by name.
    opt_out: what authors write at the top of a deck's own file if they don't want the output.
    """

    name: str
    description: str
    check_function: str
    build_function: str
    keeps_lock: bool = False
    is_used_function: str = ""
    only_if_used: bool = False
    opt_out: str = ""

    def is_used(self, context: "OutputContext") -> bool:
        """Tell whether the author seems to use the output; `check` leaves out those that aren't used."""
        return not self.is_used_function or bool(_load(self.is_used_function)(context))

    def is_wanted(self, context: "OutputContext", names: Collection[str] | None) -> bool:
        """Tell whether a build makes the output. names: of the chosen outputs; None if none is."""
        return (not self.only_if_used or self.is_used(context)) if names is None else self.name in names

    def check(self, context: "OutputContext") -> None:
        """Report what would keep the output from being built; write nothing."""
        _load(self.check_function)(context)

    def build(self, context: "OutputContext", rendered: "RenderedDeck", lock: "Lock") -> "BuiltOutput":
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
    Output(
        "html",
        "page for the browser",
        "html.output:check",
        "html.output:build",
        is_used_function="html.output:is_used",
        only_if_used=True,
    ),
)
"""Every output there is, in the order of writing."""

OUTPUT_NAMES = tuple(output.name for output in OUTPUTS)


def _load(function: str) -> Any:
    module, name = function.split(":")
    return getattr(import_module(f"cardwright.formats.{module}"), name)
