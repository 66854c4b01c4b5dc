"""The Anki output: the package that learners import, that of retired notes, and CHANGES.md."""

from cardwright.formats.anki.package import package
from cardwright.formats.anki.render import RenderedDeck
from cardwright.formats.anki.retired import ReleasedNote, lost_texts, released, retired_package
from cardwright.formats.changes import changes
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
            released_notes |= released(environment.read_output(path) or b"")
        if context.previous_lock is not None:
            context.report.extend(lost_texts(context.previous_lock, lock, released_notes))
    return BuiltOutput(
        {
            main_path: package(deck, rendered, lock),
            retired_path: retired_package(deck, rendered.types, lock, released_notes),
            f"{context.output_folder}/CHANGES.md": changes(deck, lock).encode(),
        }
    )
