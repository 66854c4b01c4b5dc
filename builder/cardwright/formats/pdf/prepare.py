"""Prepares sides before they are measured: checks them, stores their pictures and chooses fonts."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from cardwright.collection.content import Image, MediaFile
from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Report, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.formats.pdf import checks, fonts, glyphs
from cardwright.formats.pdf.engine import Engine
from cardwright.formats.pdf.fonts import FontFamilies, Placements, Shown
from cardwright.formats.pdf.formula import add_steps
from cardwright.formats.pdf.glyphs import PLAIN, StyledText
from cardwright.formats.pdf.nodes import Json, TextStyle, is_plain, nodes_of_type
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.pdf.sides import Side
from cardwright.formats.pdf.tree import picture_path
from cardwright.formats.pdf.words import is_right_to_left
from cardwright.formats.translations import ENGLISH, Texts, Translation, find_translation
from cardwright.record import Record, astuple

if TYPE_CHECKING:  # few decks have drawings
    from cardwright.formats.pdf.drawings import Drawings

# Latin, Greek and Cyrillic, which the bundled fonts have, and punctuation; the engine need not be asked.
_BUNDLED_LETTERS = re.compile("[\u0000-\u04ff\u2000-\u206f\u2212]*")

_NO_FONT = "could not be displayed"
_FONT_HELP = "install a font that has these signs, or turn its text into paths when you export it"
# Of some scripts, the engine can't tell in a drawing which letters a sign stands for: Devanagari, Tamil.
_NO_LETTERS = "text with missing codepoints"
_PATHS_HELP = "turn its text into paths when you export it, or export a PNG: this script prints only as those"


class PreparedSides(Record, frozen=True):
    """Sides that were checked, and the engine that renders them.

    printable_sides: those whose text and pictures are fine; characters may still be missing.
    template_data: what every template needs beside the sides.
    has_errors: whether an error was reported.
    """

    engine: Engine
    printable_sides: list[Side]
    template_data: dict[str, Json]
    has_errors: bool


def prepare_sides(
    sides: Sequence[Side],
    deck: Deck,
    context: RenderContext,
    report: Report,
    *,
    margin_text: str = "",
    name_style: TextStyle = PLAIN,
) -> PreparedSides:
    """Check sides, store their pictures and choose fonts for them.

    margin_text: what is printed beside the sides and the deck's name. name_style: of that name.

    Errors: see checks.py and glyphs.py; and `undrawable-picture`. An error on one side does not
    keep the others from being checked. Warnings: `drawing-differs`.
    """
    engine = Engine(context.asset_dir, context.font_folders, context.cache)
    formula_errors = add_steps((side.tree for side in sides if "math" in side.types), context.cache)
    problems = [(side, problem) for side in sides for problem in checks.check_side(side, formula_errors)]
    drawings = _resolve_drawings(sides, context)
    problems += _store_pictures(sides, drawings, context, engine)
    unprintable = {id(side) for side, _ in problems}
    printable = [side for side in sides if id(side) not in unprintable]
    own_families = engine.families_on_disk
    margin_texts = [(name_style, deck.name), (PLAIN, margin_text)]
    with_signs = [side for side in printable if not is_plain(side.tree)]  # all bundled fonts have ASCII
    engine, families, placements = choose_fonts(engine, with_signs, margin_texts, deck.language, context)
    diagnostics = [
        *(problem for _, problem in problems),
        *glyphs.glyph_diagnostics(with_signs, deck, name_style, placements, own_families),
    ]
    report.extend(diagnostics)
    if drawings is not None:
        engine = _prepare_drawings(printable, drawings, engine, own_families, context, report)
    has_errors = any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
    return PreparedSides(engine, printable, _template_data(deck, families), has_errors)


def _resolve_drawings(sides: Sequence[Side], context: RenderContext) -> "Drawings | None":
    """Resolve the drawings on some sides, and add to their nodes what is known of them; None without any."""
    with_pictures = (side for side in sides if "img" in side.types)
    if not any(
        isinstance(i, Image) and i.file.name.endswith(".svg") for side in with_pictures for i in side.inlines
    ):
        return None
    from cardwright.formats.pdf.drawings import Drawings  # noqa: PLC0415  few decks have drawings

    drawings = Drawings(sides, context.cache)
    drawings.add_text_sizes(sides)
    return drawings


def _store_pictures(
    sides: Sequence[Side], drawings: "Drawings | None", context: RenderContext, engine: Engine
) -> Iterator[tuple[Side, Diagnostic]]:
    """Put each picture into the asset dir once.

    Errors: `undrawable-picture` for each side with a picture that the engine cannot draw. Sides
    with the same picture share one diagnostic, which points at the first of them.
    """
    errors: dict[str, Diagnostic | None] = {}
    for side in (side for side in sides if "img" in side.types):
        for image in (inline for inline in side.inlines if isinstance(inline, Image)):
            path = picture_path(image)
            if path not in errors:
                data = image.file.data
                if drawings is not None and image.file.name.endswith(".svg"):
                    data = drawings.drawn_data(image, engine.families_on_disk)
                context.asset_dir.put(path, data)
                reason = engine.picture_error(path)
                if reason and _NO_FONT in reason:
                    reason = _with_all_fonts(engine, context).picture_error(path)
                errors[path] = _undrawable(side, image.file, reason) if reason else None
            if (error := errors[path]) is not None:
                yield side, error


def _prepare_drawings(
    sides: Sequence[Side],
    resolved: "Drawings",
    engine: Engine,
    own_families: Collection[str],
    context: RenderContext,
    report: Report,
) -> Engine:
    """Warn of drawings that look different on paper; return an engine with the fonts that they name.

    Anki shows a drawing in the fonts of the system, so paper does, too, unless the deck has similar ones.
    own_families: those of the deck.
    """
    from cardwright.formats.pdf import drawings  # noqa: PLC0415  few decks have drawings

    report.extend(drawings.find_differences(sides, resolved))
    images = (node for side in sides if "img" in side.types for node in nodes_of_type(side.tree, "img"))
    paths = {node["src"] for node in images if "text" in node}
    needs_more = drawings.need_further_fonts(sides, resolved, engine.families, own_families)
    if needs_more or any(map(engine.picture_error, sorted(paths))):
        engine = _with_all_fonts(engine, context)
    report.extend(drawings.find_lack_of_sans(sides, resolved, engine.families))
    return engine


def _with_all_fonts(engine: Engine, context: RenderContext) -> Engine:
    return engine.with_fonts([*context.font_folders, *context.system_font_folders])


def _undrawable(side: Side, file: MediaFile, reason: str) -> Diagnostic:
    message = f"the picture `{truncate(file.path.rsplit('/', 1)[-1])}` cannot be drawn"
    help_ = _FONT_HELP if _NO_FONT in reason else _PATHS_HELP if _NO_LETTERS in reason else ""
    return Diagnostic("undrawable-picture", message, checks.picture_span(side, file), note=reason, help=help_)


def choose_translation(
    language: str, group: Callable[[Translation], Texts], context: RenderContext
) -> tuple[Translation, str]:
    """Return our words in a language, or in English if no font at hand can show them.

    An author must not get an error for words that are ours. group: those that are to be printed.

    Returns with them the text that other fonts than the bundled ones are needed for, if any.
    """
    translation = find_translation(language)
    text = "".join(astuple(group(translation)))
    if _BUNDLED_LETTERS.fullmatch(text):
        return translation, ""
    engine = Engine(context.asset_dir, context.font_folders, context.cache)
    *_, placements = choose_fonts(engine, (), [(PLAIN, text)], language, context)
    is_shown = _all_shown_as(Shown.ALTERED, placements)
    return (translation, text) if is_shown else (find_translation(ENGLISH), "")


def _all_shown_as(shown: Shown, placements: Placements) -> bool:
    """Tell whether everything is shown in this way or a better one."""
    return all(placement.shown >= shown for pieces in placements.values() for placement in pieces.values())


def choose_fonts(
    engine: Engine,
    sides: Sequence[Side],
    margin_texts: Sequence[StyledText],
    language: str,
    context: RenderContext,
) -> tuple[Engine, FontFamilies, Placements]:
    """Choose fonts for the sides from as few folders as possible, and find how they show everything."""
    families, placements = _place_texts(engine, sides, margin_texts, ())
    for use_all_folders in (False, True):
        if _all_shown_as(Shown.WHOLE, placements):
            break
        if use_all_folders:
            engine = engine.with_fonts([*context.font_folders, *context.system_font_folders])
        further = fonts.choose_fallback_families(engine, placements, language)
        fallback = tuple(dict.fromkeys((*families.fallback, *further)))
        if fallback != families.fallback:
            families, placements = _place_texts(engine, sides, margin_texts, fallback)
    return engine, families, placements


def _place_texts(
    engine: Engine, sides: Sequence[Side], margin_texts: Sequence[StyledText], fallback: tuple[str, ...]
) -> tuple[FontFamilies, Placements]:
    placements = glyphs.place_texts(engine, sides, margin_texts, FontFamilies(fallback))
    signs, placements = fonts.choose_families_of_signs(engine, placements, fallback)
    return FontFamilies(fallback, signs), placements


def _template_data(deck: Deck, families: FontFamilies) -> dict[str, Json]:
    return {
        "title": deck.name,
        "author": list(deck.authors),
        **language_data(deck.language),
        "fonts": {**{kind: families.of(kind) for kind in ("text", "math", "code")}, "whole": families.whole},
    }


def language_data(tag: str) -> dict[str, Json]:
    """Return what the templates know of a language. tag: BCP 47."""
    language, _, subtags = tag.partition("-")
    region = next((tag for tag in subtags.split("-") if re.fullmatch("[A-Za-z]{2}", tag)), None)
    return {
        "lang": language.lower() if re.fullmatch("[A-Za-z]{2,3}", language) else "und",
        "region": region,
        "rtl": is_right_to_left(tag),
    }
