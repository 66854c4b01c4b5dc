"""SVG drawings as the engine gets them, and what looks different of them on paper.

Loaded with the first drawing.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from cardwright.collection.content import Image, MediaFile
from cardwright.diagnostics import Diagnostic, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.formats.pdf.checks import picture_span
from cardwright.formats.pdf.sides import Side
from cardwright.source.drawings.resolve import ResolvedDrawing, resolve_drawing
from cardwright.source.drawings.values import SANS
from cardwright.source.picture_size import picture_size, svg_root_with_size

# Typst draws text in an SVG as text, but what has a filter as a bitmap of four pixels to a unit; in an
# isolated group units are those of the group. So the whole drawing is put into one of so many units, which is
# fine enough for any printer; what is not text keeps its outlines.
# Source: krilla-svg, crates/krilla-svg/src/filter.rs, `raster_scale`, measured.
_UNITS_ACROSS = 500
_BITMAP_STYLE = (
    '<filter id="bitmap-of-text" x="-10%" y="-25%" width="120%" height="150%"'
    ' color-interpolation-filters="sRGB"><feOffset/></filter>'
    "<style>text{filter:url(#bitmap-of-text)}</style>"
)
# As resolved drawings have them, in whose texts and attributes `<` and `>` are escaped.
_FAMILIES = re.compile(r'(<[^<>]* font-family=")([^"<>]*)')


@lru_cache(maxsize=256)
def with_plain_style(file: MediaFile) -> MediaFile:
    """Return a drawing that the engine draws as a browser draws the given one."""
    data = resolve_drawing(file.data).data
    size = picture_size(data)
    # Each dot of `<feMorphology>` takes the square of its radius in dots: a minute in fine units.
    if size and size[0] < _UNITS_ACROSS and b" filter=" in data and b"<feMorphology" not in data:
        data = _in_fine_units(data, size)
    return MediaFile(f"plain-{hashlib.sha256(data).hexdigest()[:12]}-{file.name}", file.path, data)


def smallest_text(file: MediaFile) -> float | None:
    """Return the size of the smallest type in a drawing as a share of its width; None if there is no text."""
    return resolve_drawing(file.data).smallest_text if file.name.endswith(".svg") else None


@lru_cache(maxsize=256)
def without_text_layer(file: MediaFile) -> MediaFile:
    """Return a drawing that looks the same, but whose text nobody can select, search or hear.

    file: with plain style.
    """
    size = picture_size(file.data) if b"<text" in file.data else None
    if size is None:
        return file
    return MediaFile(f"untold-{file.name}", file.path, _in_fine_units(file.data, size, _BITMAP_STYLE))


def _in_fine_units(data: bytes, size: tuple[float, float], style: str = "") -> bytes:
    """Return a drawing of the same size within a group that has many units. style: for that group."""
    width, height = _UNITS_ACROSS, _UNITS_ACROSS * size[1] / size[0]
    root = svg_root_with_size(data, width, height).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]:.6g}" height="{size[1]:.6g}"'
        f' viewBox="0 0 {width} {height:.6g}" style="isolation:isolate">{style}{root}</svg>'
    ).encode()


def need_further_fonts(sides: Sequence[Side], families: Sequence[str], own_families: Collection[str]) -> bool:
    """Return whether a drawing names a font that is not at hand, and the deck has nothing like it.

    families: those at hand. own_families: of these, those of the deck.
    """
    known, own = _lower(families), _lower(own_families)
    return any(
        names and names[0].lower() not in known and own.isdisjoint(_lower(names))
        for _, file in _drawings(sides)
        for names in resolve_drawing(file.data).families
    )


def in_own_fonts(data: bytes, own_families: Collection[str]) -> bytes:
    """Return a drawing whose text is set in fonts of the deck where these are, or look like, what it names.

    So it is the same on each machine, whatever fonts that has. data: with plain style.
    """
    own = _lower(own_families)

    def own_first(match: re.Match[str]) -> str:
        names = sorted(match[2].split(", "), key=lambda name: name.strip("'").lower() not in own)
        return match[1] + ", ".join(names)

    return _FAMILIES.sub(own_first, data.decode()).encode() if own else data


def find_lack_of_sans(sides: Sequence[Side], families: Sequence[str]) -> Iterator[Diagnostic]:
    """Yield one warning if drawings are to be set in a font without serifs, and none is at hand.

    families: those at hand. The warning points at the first such drawing.
    """
    known = _lower(families)
    for side, file in _drawings(sides):
        for names in resolve_drawing(file.data).families:
            if SANS[-1] in names and known.isdisjoint(_lower(names[: names.index(SANS[-1]) + 1])):
                name = truncate(file.path.rpartition("/")[2], 22)
                yield Diagnostic(
                    "drawing-differs",
                    f"`{name}` is printed with serifs, as no font without them is here",
                    picture_span(side, file),
                    Severity.WARNING,
                    note=f"it names `{truncate(names[0], 22)}`; its labels may need more room than in Anki",
                    help="put a font such as Open Sans into a folder of the deck, and name that folder: "
                    "`print: {fonts: [fonts]}`",
                )
                return


def _lower(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)


def find_differences(sides: Sequence[Side]) -> Iterator[Diagnostic]:
    """Yield a warning for each drawing that looks different on paper, at the first side that has it."""
    files = {file: side for side, file in reversed(list(_drawings(sides)))}
    for file, side in reversed(files.items()):
        drawing = resolve_drawing(file.data)
        if drawing.differences:
            yield _difference(side, file, drawing)


def _difference(side: Side, file: MediaFile, drawing: ResolvedDrawing) -> Diagnostic:
    first, *others = drawing.differences
    name = truncate(file.path.rpartition("/")[2], 22)
    message = f"`{name}` is printed without {first.what}"
    note = f"and without {', '.join(other.what for other in others)}" if others else ""
    return Diagnostic(
        "drawing-differs", message, picture_span(side, file), Severity.WARNING, note=note, help=first.help
    )


def _drawings(sides: Sequence[Side]) -> Iterator[tuple[Side, MediaFile]]:
    for side in sides:
        for inline in side.inlines:
            if isinstance(inline, Image) and inline.file.name.endswith(".svg"):
                yield side, inline.file
