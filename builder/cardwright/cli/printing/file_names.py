"""Names the files of a printout, so that no variant of it overwrites another."""

import re
from hashlib import sha256
from pathlib import PurePath

from cardwright.cli.printing.options import PrintOptions
from cardwright.layout.plan import Marks

# What is longer is cut off; a few digits of its hash then tell it from others.
_MAX_PART = 28
_MAX_STEM = 120
_MARKS = {Marks.CROPS: "crop-marks", Marks.LINES: "cut-lines", Marks.NONE: "no-marks"}


def file_stem(deck: str, options: PrintOptions) -> str:
    """Return what the names of a printout's files begin with: the deck, the layout, and what was chosen.

    deck: the name of the deck's folder below `decks/`.

    The same options give the same name, in whatever order they are typed.
    """
    settings = options.settings
    choices = (
        options.card and _slug(PurePath(options.card).stem),
        options.paper and _slug(options.paper),
        settings.mode and settings.mode.value,
        settings.order and settings.order.value,
        settings.flip and f"{settings.flip.value}-edge",
        settings.rotate_backs is not None and ("backs-rotated" if settings.rotate_backs else "backs-upright"),
        settings.marks and _MARKS[settings.marks],
        settings.bleed is not None and f"bleed-{settings.bleed:g}",
        settings.offset and "offset-{:g},{:g}".format(*settings.offset),
        options.printer and f"on-{_slug(options.printer)}",
        settings.start_at and f"from-cell-{settings.start_at}",
        options.scale_font and f"type-{_slug(options.scale_font)}",
        settings.grey is not None and ("grey" if settings.grey else "colour"),
        settings.overflow and f"overflow-{settings.overflow.value}",
        options.topic and f"topic-{_slug(' '.join(sorted(options.topic)))}",
        options.tag and f"tag-{_slug(' '.join(sorted(options.tag)))}",
        options.ids and f"id-{_slug(' '.join(sorted(options.ids)))}",
        options.changed and f"since-{_slug(PurePath(options.changed).name.removesuffix('.apkg'))}",
    )
    chosen = "-".join(choice for choice in choices if choice)
    return "-".join(filter(None, (deck, options.layout.value, _shorten(chosen, chosen, _MAX_STEM))))


def _slug(text: str) -> str:
    """Return a text as a part of a file's name."""
    slug = re.sub(r"[^\w.]+", "-", text.casefold()).strip("-._")
    return _shorten(slug, text, _MAX_PART) if slug else _hash(text)


def _shorten(slug: str, text: str, length: int) -> str:
    """Return a part of a file's name, cut to a length in bytes. text: what it was made from."""
    data = slug.encode()
    if len(data) <= length:
        return slug
    return f"{data[:length].decode(errors='ignore').rstrip('-._')}-{_hash(text)}"


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:4]
