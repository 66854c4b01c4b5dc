"""The Anki output: the package that learners import, that of retired notes, and CHANGES.md."""

from functools import cache

from cardwright.formats.anki.changes_page import EarlierOutput, render_changes
from cardwright.formats.anki.package import build_package
from cardwright.formats.anki.released import ReleasedNote, read_package
from cardwright.formats.anki.render import RenderedDeck
from cardwright.formats.anki.retired import build_retired_package, lost_text_warnings
from cardwright.formats.outputs import BuiltOutput, OutputContext
from cardwright.identity.lock import Lock


def build(context: OutputContext, rendered: RenderedDeck, lock: Lock) -> BuiltOutput:
    """Make both packages, and the page that tells learners what they mean; see `Output.build`."""
    deck, environment = context.deck, context.environment
    main_path, retired_path = context.path(".apkg"), context.path("-retired.apkg")
    main = cache(lambda: read_package(environment.read_output(main_path) or b""))
    retired = cache(lambda: read_package(environment.read_output(retired_path) or b""))
    released_notes: dict[str, ReleasedNote] = {}
    if any(entry.retired for entry in lock.notes.values()):
        # Their texts have left the sources; the packages that were built last still hold them.
        released_notes = {**retired().notes, **main().notes}
        if context.previous_lock is not None:
            context.report.extend(lost_text_warnings(context.previous_lock, lock, released_notes))
    page_path = f"{context.output_folder}/CHANGES.md"
    page = (environment.read_output(page_path) or b"").decode("utf-8", "replace")
    return BuiltOutput(
        {
            main_path: build_package(deck, rendered, lock),
            retired_path: build_retired_package(deck, rendered.types, lock, released_notes),
            page_path: render_changes(deck, rendered, lock, EarlierOutput(page, main, retired)).encode(),
        }
    )
