"""A deck's card sheets as PDF, from its notes to the bytes of the file."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from builder.collection.deck import Deck
from builder.diagnostics.report import Report
from builder.formats.pdf import checks, fit, fonts, glyphs, pictures, settings
from builder.formats.pdf.engine import Engine, Stage
from builder.formats.pdf.faces import Side, sides
from builder.formats.pdf.fonts import Fonts
from builder.formats.pdf.nodes import Json
from builder.formats.pdf.pages import pages
from builder.formats.pdf.preferences import with_print_preferences
from builder.layout.preset import Preset

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Layout:
    """A deck's sheets, measured and found good, ready to be drawn.

    sheets: how many there are, of paper.
    """

    sheets: int
    _engine: Engine
    _content: Json
    _tell: Tell
    _total: int

    def draw(self) -> bytes:
        """The PDF; the stage it was laid out on must still be there."""
        pdf = self._engine.draw(self._content)
        self._tell(self._total, self._total)
        return with_print_preferences(pdf)


def lay_out(
    deck: Deck,
    stage: Stage,
    report: Report,
    *,
    font_folders: Sequence[str] = (),
    system_font_folders: Sequence[str] = (),
    progress: Tell | None = None,
) -> Layout | None:
    """The card sheets of a deck, fronts and backs by turns, for printing on both sides.

    stage: an empty folder for the deck's pictures while they are drawn.
    font_folders: absolute paths of the folders that the deck names.
    system_font_folders: those that the system keeps fonts in; asked only for
        characters that neither the engine's fonts nor the deck's have.
    progress: is told how many cards are done, of how many; each counts when it
        was measured and again when it was drawn.

    Returns None when nothing is to be printed, or when there was an error.

    Errors, all of the author's: see settings.py, checks.py, glyphs.py, pictures.py
    and fit.py. They go to the report, as many as can be found together.
    """
    preset = settings.chosen(deck.settings, report)
    found = sides(deck.notes, deck.name)
    if preset is None or not found:
        return None
    total = len(found)  # two sides are one card, counted twice
    tell = progress or _in_silence
    engine = Engine(stage, font_folders)
    findings = [(side, problem) for side in found for problem in checks.problems(side)]
    findings += pictures.place(found, stage, engine)
    report.extend(problem for _, problem in findings)
    # What is wrong with some cards must not keep the others from being looked at.
    faulty = {id(side) for side, _ in findings}
    sound = [side for side in found if id(side) not in faulty]

    everywhere = [*font_folders, *system_font_folders]
    engine, families, absent = _fonts(engine, sound, deck, everywhere, stage)
    setting = _setting(deck, preset, families)
    fits = fit.measure(engine, setting, sound, lambda done: tell(done // 2, total))
    problems = [*glyphs.reports(sound, deck, absent), *fit.overflows(sound, fits)]
    report.extend(problems)
    if findings or problems:
        return None

    made = pages([side.card.note.topic for side in found[::2]], preset, deck.name)
    drawn: list[Json] = [{**side.tree, "fit": measured} for side, measured in zip(found, fits, strict=True)]
    return Layout(len(made) // 2, engine, {**setting, "sides": drawn, "pages": made}, tell, total)


def _in_silence(_done: int, _total: int) -> None:
    pass


def _fonts(
    engine: Engine, found: Sequence[Side], deck: Deck, folders: Sequence[str], stage: Stage
) -> tuple[Engine, Fonts, glyphs.Missing]:
    """The fonts that the sides need, from as few places as will do, and what is missing even so."""
    families = Fonts()
    absent = glyphs.missing(engine, found, deck.name, families)
    for last in (False, True):
        signs = sorted({sign for signs in absent.values() for sign in signs})
        if not signs:
            break
        engine = Engine(stage, folders) if last else engine
        families = Fonts((*families.more, *fonts.choose(engine, signs, deck.language)))
        absent = glyphs.missing(engine, found, deck.name, families)
    return engine, families, absent


def _setting(deck: Deck, preset: Preset, families: Fonts) -> dict[str, Json]:
    """What the template needs to know besides the cards."""
    grid, sheet = preset.grid, preset.sheet
    language, _, rest = deck.language.partition("-")
    region = next((part for part in rest.split("-") if re.fullmatch("[A-Za-z]{2}", part)), None)
    return {
        "title": deck.name,
        "author": list(deck.authors),
        "lang": language.lower() if re.fullmatch("[A-Za-z]{2,3}", language) else "und",
        "region": region,
        "fonts": {kind: families.of(kind) for kind in ("text", "math", "code")},
        "paper": {"width": sheet.width, "height": sheet.height},
        "text": {
            "width": grid.trim_width - 2 * preset.padding_x,
            "height": grid.trim_height - 2 * preset.padding_y,
        },
    }
