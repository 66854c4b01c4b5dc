"""SVG drawings as the engine gets them, and what looks different of them on paper.

Loaded with the first drawing.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from cardwright.collection.content import Image, MediaFile
from cardwright.diagnostics import Diagnostic, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.formats.pdf.cache import code_digest
from cardwright.formats.pdf.checks import picture_span
from cardwright.formats.pdf.nodes import nodes_of_type
from cardwright.formats.pdf.sides import Side
from cardwright.formats.pdf.tree import picture_path
from cardwright.source.cache import Cache, make_key
from cardwright.source.drawings.differences import Difference
from cardwright.source.drawings.resolve import ResolvedDrawing, resolve_drawing
from cardwright.source.drawings.values import SANS
from cardwright.source.picture_size import picture_size, svg_root_with_size

# What makes drawings as the engine gets them.
_CODE = (
    ("cardwright.source.drawings", ""),
    ("cardwright.source", "css"),
    ("cardwright.source", "style_sheets"),
    ("cardwright.source", "svg"),
    ("cardwright.formats.pdf", "drawings"),
)

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
# In bytes.
_MAX_ANEW = 4000
# As resolved drawings have them, in whose texts and attributes `<` and `>` are escaped.
_FAMILIES = re.compile(r'(<[^<>]* font-family=")([^"<>]*)')


class Drawings:
    """The drawings of some sides, resolved; those of earlier builds are kept.

    store: what is known from earlier builds.
    """

    def __init__(self, sides: Iterable[Side], store: Cache) -> None:
        files = {file.name: file for _, file in _drawings(sides)}
        keys = {name: make_key(code_digest(*_CODE), file.data) for name, file in files.items()}
        known = store.get(list(keys.values()))
        fresh: dict[str, bytes] = {}
        self._resolved: dict[str, ResolvedDrawing] = {}
        for name, file in files.items():
            answer = known.get(keys[name])
            if answer is None:
                answer = fresh[keys[name]] = _to_bytes(plain_drawing(file.data))
            self._resolved[name] = _from_bytes(answer)
        store.put(fresh)

    def resolved(self, file: MediaFile) -> ResolvedDrawing:
        """Return a drawing whose style is resolved."""
        return self._resolved[file.name]

    def drawn_data(self, picture: Image, own_families: Collection[str]) -> bytes:
        """Return what is drawn of a picture: where masks hide a part, its text is no text.

        own_families: those of the deck, in which its text is set if it has any like it.
        """
        data = self.resolved(picture.file).data
        data = without_text_layer(data) if _hides_parts(picture) else _in_one_piece(data)
        return in_own_fonts(data, own_families)

    def add_text_sizes(self, sides: Iterable[Side]) -> None:
        """Add to the nodes of drawings the size of their smallest type, as a share of their width."""
        for side in sides:
            sizes = {
                picture_path(inline): size
                for inline in side.inlines
                if isinstance(inline, Image)
                and inline.file.name in self._resolved
                and (size := self.resolved(inline.file).smallest_text) is not None
            }
            for node in nodes_of_type(side.tree, "img") if sizes else ():
                if node["src"] in sizes:
                    node["text"] = round(sizes[node["src"]], 5)


def _to_bytes(drawing: ResolvedDrawing) -> bytes:
    differences = [[difference.what, difference.help] for difference in drawing.differences]
    more = json.dumps([drawing.smallest_text, drawing.families, differences])
    return b"%s\n%s" % (more.encode(), drawing.data)


def _from_bytes(answer: bytes) -> ResolvedDrawing:
    more, _, data = answer.partition(b"\n")
    smallest, families, differences = json.loads(more)
    return ResolvedDrawing(
        data,
        smallest,
        tuple(map(tuple, families)),
        tuple(Difference(*difference) for difference in differences),
    )


def drawn_name(picture: Image) -> str:
    """Return the name of what is drawn of a drawing, which changes with it and with how it is resolved."""
    hidden = "untold-" if _hides_parts(picture) else ""
    return f"{hidden}plain-{code_digest(*_CODE)[:12].decode()}-{picture.file.name}"


def _hides_parts(picture: Image) -> bool:
    if type(picture) is Image:
        return False
    from cardwright.formats.pdf.masks import hides_parts  # noqa: PLC0415  few decks have diagrams

    return hides_parts(picture)


def plain_drawing(data: bytes) -> ResolvedDrawing:
    """Return a drawing with plain style, which the engine draws as a browser draws the given one."""
    drawing = resolve_drawing(data)
    data = drawing.data
    size = picture_size(data)
    # Each dot of `<feMorphology>` takes the square of its radius in dots: a minute in fine units.
    if size and size[0] < _UNITS_ACROSS and b" filter=" in data and b"<feMorphology" not in data:
        data = _in_fine_units(data, size)
    return replace(drawing, data=data)


def without_text_layer(data: bytes) -> bytes:
    """Return a drawing that looks the same, but whose text nobody can select, search or hear.

    data: with plain style.
    """
    size = picture_size(data) if b"<text" in data else None
    return data if size is None else _in_fine_units(data, size, _BITMAP_STYLE)


def _in_one_piece(data: bytes) -> bytes:
    """Return a drawing that looks the same and is once in a file, on however many cards it is drawn.

    Of drawings that are no group, each page has all the lines anew; few lines take less than a group does.
    """
    size = picture_size(data) if len(data) > _MAX_ANEW else None
    return data if size is None else _in_fine_units(data, size)


def _in_fine_units(data: bytes, size: tuple[float, float], style: str = "") -> bytes:
    """Return a drawing of the same size within a group that has many units. style: for that group."""
    width, height = _UNITS_ACROSS, _UNITS_ACROSS * size[1] / size[0]
    root = svg_root_with_size(data, width, height).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]:.6g}" height="{size[1]:.6g}"'
        f' viewBox="0 0 {width} {height:.6g}" style="isolation:isolate">{style}{root}</svg>'
    ).encode()


def need_further_fonts(
    sides: Sequence[Side], drawings: Drawings, families: Sequence[str], own_families: Collection[str]
) -> bool:
    """Return whether a drawing names a font that is not at hand, and the deck has nothing like it.

    families: those at hand. own_families: of these, those of the deck.
    """
    known, own = _lower(families), _lower(own_families)
    return any(
        names and names[0].lower() not in known and own.isdisjoint(_lower(names))
        for _, file in _drawings(sides)
        for names in drawings.resolved(file).families
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


def find_lack_of_sans(
    sides: Sequence[Side], drawings: Drawings, families: Sequence[str]
) -> Iterator[Diagnostic]:
    """Yield one warning if drawings are to be set in a font without serifs, and none is at hand.

    families: those at hand. The warning points at the first such drawing.
    """
    known = _lower(families)
    for side, file in _drawings(sides):
        for names in drawings.resolved(file).families:
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


def find_differences(sides: Sequence[Side], drawings: Drawings) -> Iterator[Diagnostic]:
    """Yield a warning for each drawing that looks different on paper, at the first side that has it."""
    files = {file: side for side, file in reversed(list(_drawings(sides)))}
    for file, side in reversed(files.items()):
        drawing = drawings.resolved(file)
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


def _drawings(sides: Iterable[Side]) -> Iterator[tuple[Side, MediaFile]]:
    for side in sides:
        for inline in side.inlines:
            if isinstance(inline, Image) and inline.file.name.endswith(".svg"):
                yield side, inline.file
