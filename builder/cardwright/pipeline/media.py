"""The media of decks as a whole: files that no card uses, and what all of them weigh."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cardwright.collection.deck import Deck
from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.span import Source, Span
from cardwright.source import media_formats
from cardwright.source.files import DeckFiles, MediaLibrary

HEAVY = 100_000_000
"""In bytes, of all files of a deck; our own judgement, as in source/pictures.py."""


@dataclass(frozen=True, slots=True)
class Used:
    """What the cards of one deck show and play. sizes: in bytes, by path relative to the deck's folder."""

    files: DeckFiles
    deck: Deck
    sizes: Mapping[str, int]


def unused(used: Sequence[Used], library: MediaLibrary) -> Iterator[Diagnostic]:
    """Pictures and sounds in the folders of media that no card names.

    used: decks that were read without a mistake, since a card that was not read uses something too.
        Decks that share their folder are judged only when all of them are there.

    Errors: the warning `unused-media`, at the file itself.
    """
    there = {one.files.main_path for one in used}
    named: dict[str, set[str]] = {}
    for one in used:
        if there.issuperset(one.files.neighbours):
            named.setdefault(one.files.folder, set()).update(one.sizes)
    for folder, paths in named.items():
        for path in library.media_files(folder):
            if media_formats.ending(path) in media_formats.ENDINGS and path not in paths:
                written = f"<{path}>" if " " in path else path
                yield Diagnostic(
                    code="unused-media",
                    message=f"no card uses `{truncate(posixpath.basename(path), 48)}`",
                    span=Span(Source(f"{folder}/{path}", ""), 0, 0),
                    severity=Severity.WARNING,
                    help=f"name it on a card, `![in words]({written})`, or take it out of the folder",
                )


def heavy(used: Sequence[Used]) -> Iterator[Diagnostic]:
    """Decks that are much for a phone.

    Errors: the warning `heavy-deck`.
    """
    for one in used:
        weight = sum(one.sizes.values())
        if weight > HEAVY:
            yield Diagnostic(
                code="heavy-deck",
                message=f"the pictures and sounds of this deck have {weight / 1e6:.0f} MB",
                span=one.deck.span,
                severity=Severity.WARNING,
                help="make them smaller, or two decks of it: every learner's phone keeps them all",
            )
