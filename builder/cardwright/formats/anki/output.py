"""The Anki output: the package that learners import, that of retired notes, and CHANGES.md."""

from collections import ChainMap
from collections.abc import Mapping
from functools import cache, partial

from cardwright.formats.anki.changes_page import EarlierOutput, render_changes
from cardwright.formats.anki.package import build_package
from cardwright.formats.anki.release_sections import CHANGES_PAGE, is_new_release, release_name
from cardwright.formats.anki.released import ReleasedNote, read_earlier
from cardwright.formats.anki.render import RenderedDeck
from cardwright.formats.anki.retired import build_retired_package
from cardwright.formats.outputs import (
    EARLIER_ENDING,
    PACKAGE_ENDING,
    RETIRED_ENDING,
    BuiltOutput,
    OutputContext,
)
from cardwright.identity.lock import Lock


def build(context: OutputContext, rendered: RenderedDeck, lock: Lock) -> BuiltOutput:
    """Make both packages, the page that says what they mean, and the earlier texts; see `Output.build`."""
    deck = context.deck
    if deck.preset_problems:
        context.report.extend(deck.preset_problems)
        return BuiltOutput({})
    endings = (PACKAGE_ENDING, RETIRED_ENDING)
    main, retired = (cache(partial(read_earlier, context, ending)) for ending in endings)
    released_notes: Mapping[str, ReleasedNote] = {}
    if any(entry.retired for entry in lock.notes.values()):
        # Their texts have left the sources; the packages that were built last still hold them.
        released_notes = ChainMap(main().notes, retired().notes)  # type: ignore[arg-type]  # it is only read
    page_path = f"{context.output_folder}/{CHANGES_PAGE}"
    page = (context.environment.read_output(page_path) or b"").decode("utf-8", "replace")
    retired_package = build_retired_package(deck, rendered.types, lock, released_notes, context.environment)
    earlier = EarlierOutput(page, main, retired)
    name = release_name(lock)
    has_retired = retired_package is not None
    changes = render_changes(deck, rendered, lock, earlier, name=name, has_retired_package=has_retired)
    files = {
        context.path(PACKAGE_ENDING): build_package(deck, rendered, lock, context.environment),
        context.path(RETIRED_ENDING): retired_package,
        page_path: changes.encode(errors="replace"),
    }
    earlier_path = context.path(EARLIER_ENDING)
    earlier_texts = context.environment.read_output(earlier_path) or b""
    if page and is_new_release(page, name):
        from cardwright.formats.anki.earlier_texts import add_earlier_texts  # noqa: PLC0415  few builds change notes

        earlier_texts = add_earlier_texts(earlier_texts, main(), rendered, lock)
    if earlier_texts:
        files[earlier_path] = earlier_texts
    return BuiltOutput(files)
