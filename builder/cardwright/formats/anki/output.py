"""The Anki output: the package that learners import, that of retired notes, and CHANGES.md."""

from cardwright.formats.anki.package import build_package
from cardwright.formats.anki.released import ReleasedNote, read_package
from cardwright.formats.anki.render import RenderedDeck
from cardwright.formats.anki.retired import build_retired_package, lost_text_warnings
from cardwright.formats.changes import render_changes
from cardwright.formats.outputs import BuiltOutput, OutputContext
from cardwright.identity.lock import Lock


def build(context: OutputContext, rendered: RenderedDeck, lock: Lock) -> BuiltOutput:
    """Make both packages, and the page that tells learners what they mean; see `Output.build`."""
    deck, environment = context.deck, context.environment
    main_path, retired_path = context.path(".apkg"), context.path("-retired.apkg")
    released_notes: dict[str, ReleasedNote] = {}
    if any(entry.retired for entry in lock.notes.values()):
        # Their texts have left the sources; the packages that were built last still hold them.
        for path in (retired_path, main_path):
            released_notes |= read_package(environment.read_output(path) or b"").notes
        if context.previous_lock is not None:
            context.report.extend(lost_text_warnings(context.previous_lock, lock, released_notes))
    return BuiltOutput(
        {
            main_path: build_package(deck, rendered, lock),
            retired_path: build_retired_package(deck, rendered.types, lock, released_notes),
            f"{context.output_folder}/CHANGES.md": render_changes(deck, lock).encode(),
        }
    )
