"""A deck's card sheets as PDF, from its notes to the bytes of the file."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace
from itertools import compress

from cardwright.collection.deck import Deck
from cardwright.diagnostics.report import Report
from cardwright.formats.pdf import fit, settings
from cardwright.formats.pdf.engine import WORKERS, Engine, map_parallel
from cardwright.formats.pdf.fit import TightSide
from cardwright.formats.pdf.margin import SheetInfo
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.pages import render_pages
from cardwright.formats.pdf.preferences import add_print_preferences
from cardwright.formats.pdf.prepare import prepare
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.pdf.sides import Side, card_sides
from cardwright.formats.pdf.volumes import Volume, split_into_volumes, volume_sides
from cardwright.formats.pdf.words import is_right_to_left
from cardwright.layout.card_geometry import CardGeometry, FontSizes, card_geometry, font_sizes
from cardwright.layout.imposition import impose
from cardwright.layout.plan import Mode, Plan

# A big deck takes memory of its own, which leaves room for one volume at a time.
_FEW_VOLUMES = 4


@dataclass(frozen=True, slots=True)
class DrawnFile:
    """A file of sheets. part: what its name ends with, such as `2-backs`; empty when it is all there is."""

    part: str
    data: bytes


@dataclass(frozen=True, slots=True)
class CardSheets:
    """A deck's sheets, measured and found good, ready to be drawn.

    The stage that they were laid out on must still be there when they are drawn.
    sheets: how many there are, of paper.
    tightest: the cards that have the least room left, the tightest first.
    """

    sheets: int
    tightest: Sequence[TightSide]
    _engine: Engine
    _plan: Plan
    _volumes: Sequence[Volume]
    _content: Callable[[Volume], Json]
    _tell: Callable[[int], None]

    def draw(self) -> list[DrawnFile]:
        """The PDF in its files; see volumes.py."""
        drawn = []
        at_once = WORKERS if len(self._volumes) <= _FEW_VOLUMES else 1
        with map_parallel(self._drawn, self._volumes, at_once) as files:
            for volume, pdf in zip(self._volumes, files, strict=True):
                drawn.append(DrawnFile(volume.part, add_print_preferences(pdf, self._plan)))
                self._tell(len(volume.pages))
        return drawn

    def pictures(self, ppi: int) -> Iterator[bytes]:
        """Each page of the files as PNG, in their order. ppi: pixels per inch."""
        for volume in self._volumes:
            for page in volume.pages:
                yield from self._engine.render_png(self._content(replace(volume, pages=(page,))), ppi)

    def _drawn(self, volume: Volume) -> bytes:
        return self._engine.render_pdf(self._content(volume))


def lay_out_sheets(
    deck: Deck,
    around: RenderContext,
    report: Report,
    *,
    keys: AbstractSet[str] | None = None,
) -> CardSheets | None:
    """The card sheets of a deck, fronts and backs by turns, for printing on both sides.

    keys: of the notes to be printed; None for all that go on paper.

    Returns None when nothing is to be printed, or when there was an error.

    Errors, all of the author's: see settings.py, checks.py, prepare.py, glyphs.py
    and fit.py. They go to the report, as many as can be found together.
    """
    design = settings.chosen(deck.settings, report)
    notes = deck.notes if keys is None else [note for note in deck.notes if note.key in keys]
    found = card_sides(notes, deck.name)
    if design is None or not found:
        return None
    plan = design.plan
    total = len(found)  # two sides are one card, counted twice
    tell = around.progress
    ready = prepare(found, deck, around, report)
    shape = card_geometry(plan)
    setting = {**ready.template_data, **_setting(plan, shape, font_sizes(shape, design.scale))}
    printable = ready.printable_sides
    fits = fit.measure_sides(ready.engine, setting, printable, lambda done: tell(done // 2, total))
    # An answer that stays off the paper may be as long as it likes.
    on_paper = [plan.mode is not Mode.SINGLE or side.name == "front" for side in printable]
    printed, printed_fits = list(compress(printable, on_paper)), list(compress(fits, on_paper))
    problems = list(fit.find_overflows(printed, printed_fits))
    report.extend(problems)
    if ready.has_errors or problems:
        return None

    imposed = list(impose(total // 2, plan))
    count = imposed[-1].sheet
    topics = _topics(found, deck)
    names = [side.card.name for side in found[::2]]
    furniture = SheetInfo(deck.name, count, is_right_to_left(deck.language), design.grey)

    drawn = [{**side.tree, "fit": measured} for side, measured in zip(found, fits, strict=True)]

    def content(volume: Volume) -> Json:
        own = slice(volume.first, volume.first + volume.cards)
        made = render_pages(topics[own], names[own], volume.pages, plan, shape, furniture)
        return {**setting, "sides": volume_sides(volume, drawn, topics), "pages": made}

    drawn_pages = 0

    def tell_pages(more: int) -> None:
        nonlocal drawn_pages
        drawn_pages += more
        tell(total // 2 + total * drawn_pages // (2 * len(imposed)), total)

    return CardSheets(
        count,
        fit.tightest_sides(printed, printed_fits),
        ready.engine,
        plan,
        split_into_volumes(imposed, plan),
        content,
        tell_pages,
    )


def _topics(found: Sequence[Side], deck: Deck) -> list[int]:
    """Of each card the number of its topic in the whole deck, so that cards printed anew have its colour."""
    printed = (note.topic for note in deck.notes if note.printed)
    numbers = {name: number for number, name in enumerate(dict.fromkeys(printed))}
    return [numbers[side.card.note.topic] for side in found[::2]]


def _setting(plan: Plan, shape: CardGeometry, type_sizes: FontSizes) -> dict[str, Json]:
    """What the template of card sheets needs to know besides."""
    sheet = plan.card_size.sheet
    return {
        "paper": {"width": sheet.width, "height": sheet.height},
        "text": {"width": shape.text_width, "height": shape.text_height},
        "sizes": asdict(type_sizes),
    }
