"""Packages as other tools make them: plain genanki, without keys, one `mod` for all notes."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import genanki

TYPE_ID = 1_607_392_319


def plain_package(
    path: Path,
    notes: Mapping[str, Sequence[str]],
    *,
    fields: Sequence[str] = ("Front", "Back"),
    stamp: int = 1_600_000_000,
    style: str = "",
    media: Sequence[Path] = (),
) -> Path:
    """Write a package. notes: values of the fields by GUID. stamp: `mod` of all notes, in s since 1970."""
    model = genanki.Model(
        TYPE_ID,
        "Plain",
        css=style,
        fields=[{"name": name} for name in fields],
        templates=[{"name": "Card", "qfmt": f"{{{{{fields[0]}}}}}", "afmt": f"{{{{{fields[1]}}}}}"}],
    )
    deck = genanki.Deck(2_059_400_110, "Plain")
    for guid, values in notes.items():
        deck.add_note(genanki.Note(model=model, fields=list(values), guid=guid))
    genanki.Package(deck, [str(file) for file in media]).write_to_file(str(path), timestamp=stamp)
    return path
