"""A deck as pages of running text: a list to read and to fold, a quiz to fill in, or a summary."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.diagnostics import Report
from cardwright.formats.outputs import ProgressCallback
from cardwright.formats.pdf import fit
from cardwright.formats.pdf.engine import Engine
from cardwright.formats.pdf.nodes import Json, TextStyle
from cardwright.formats.pdf.pages import TOPIC_COLOURS, TOPIC_GREYS
from cardwright.formats.pdf.preferences import add_print_preferences
from cardwright.formats.pdf.prepare import choose_translation, prepare_sides
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.pdf.running_text import draft
from cardwright.formats.pdf.running_text.draft import Draft, TextArea, Topic
from cardwright.formats.pdf.running_text.list_ import draft_list
from cardwright.formats.pdf.running_text.quiz import draft_quiz
from cardwright.formats.pdf.running_text.summary import draft_summary
from cardwright.formats.pdf.settings import PageDesign
from cardwright.formats.pdf.sheets import DrawnFile
from cardwright.formats.translations import PageTexts
from cardwright.layout.geometry import Flip
from cardwright.layout.plan import PrintLayout
from cardwright.record import Record, asdict

# Font sizes in pt.
_TITLE_SIZE = 20.0
_TOPIC_SIZE = 12.5


class _File(Record, frozen=True):
    """One PDF file. part: as in DrawnFile. data: for the template. pages: how many it has.

    first_answer_page: on which the answers of a quiz begin, 1-based; None in other layouts.
    """

    part: str
    data: Mapping[str, Json]
    pages: int
    first_answer_page: int | None


class RunningText(Record, frozen=True):
    """A deck's pages, measured and ready to be drawn as long as their asset dir exists."""

    _engine: Engine
    _template: str
    _files: Sequence[_File]
    _progress: ProgressCallback

    @property
    def pages(self) -> int:
        """The number of pages in all files."""
        return sum(file.pages for file in self._files)

    @property
    def sheets(self) -> int:
        """The number of sheets of paper, printed on both sides."""
        return sum((file.pages + 1) // 2 for file in self._files)

    @property
    def first_answer_page(self) -> int | None:
        """The page on which the answers of a quiz begin; None if there are several files, or no quiz."""
        return self._files[0].first_answer_page if len(self._files) == 1 else None

    def draw(self) -> list[DrawnFile]:
        """Draw the PDF files; a deck of more than one volume has several, called `1`, `2` …"""
        drawn = []
        for file in self._files:
            pdf = self._engine.render_pdf(file.data, self._template)
            drawn.append(DrawnFile(file.part, add_print_preferences(pdf, Flip.LONG)))
        self._progress(1, 1)
        return drawn

    def draw_png(self, ppi: int) -> Iterator[bytes]:
        """Yield each page of the files as PNG, in order. ppi: pixels per inch."""
        for file in self._files:
            yield from self._engine.render_png(file.data, ppi, self._template)


def lay_out_running_text(
    layout: PrintLayout,
    deck: Deck,
    notes: Sequence[Note],
    design: PageDesign,
    context: RenderContext,
    report: Report,
) -> RunningText | None:
    """Lay out some notes of a deck as pages; for notes, None and errors see `sheets.lay_out_sheets`.

    Errors: `card-overflow` for what is too wide for its column in the smallest type;
    what is too high continues on the next page.
    """
    topics = draft.deck_topics(deck, notes)
    if not topics:
        return None
    area = TextArea(design.sheet, design.font_scale, TOPIC_GREYS if design.grey else TOPIC_COLOURS)

    translation, margin_text = choose_translation(
        deck.language, lambda translation: translation.pages, context
    )
    texts = translation.pages
    drafts = _drafts(layout, topics, area, texts)
    all_sides = [side for volume in drafts for side in volume.sides]
    prepared = prepare_sides(
        all_sides, deck, context, report, margin_text=margin_text, name_style=TextStyle(weight="semibold")
    )
    shared_data = {**prepared.template_data, **_shared_data(area, texts)}
    engine, sides = prepared.engine, prepared.printable_sides
    total = 2 * sum(len(volume.sides) for volume in drafts)
    fits = fit.measure_sides(
        engine, shared_data, sides, lambda done: context.progress(done, total), "measure-text.typ"
    )
    overflows = list(fit.find_overflows(sides, fits))
    report.extend(overflows)
    report.extend(fit.find_small_drawings(sides, fits))
    if prepared.has_errors or overflows:
        return None

    remaining_fits = iter(fits)
    files = []
    for number, volume in enumerate(drafts, start=1):
        headings: list[Json] = [{"name": deck.name, "title": True}, *volume.headings]
        heading_measures = engine.measure({**shared_data, "sides": headings}, "measure-headings.typ")
        heading_heights = [measure["height"] for measure in heading_measures]
        volume_fits = list(islice(remaining_fits, len(volume.sides)))
        name = f"{number}/{len(drafts)}" if len(drafts) > 1 else ""
        data = {
            **shared_data,
            **volume.template_data(volume_fits, heading_heights),
            "volume": name,
            "grey": design.grey,
            "sides": [{}],
        }
        (page_count,) = engine.measure(data, f"{layout.value}.typ")
        part = str(number) if name else ""
        files.append(_File(part, data, page_count["pages"], page_count["answers"]))
    return RunningText(engine, f"{layout.value}.typ", files, context.progress)


def _drafts(layout: PrintLayout, topics: Sequence[Topic], area: TextArea, texts: PageTexts) -> list[Draft]:
    """Return a draft for each volume."""
    volumes = draft.split_into_volumes(topics)
    if layout is PrintLayout.LIST:
        return [draft_list(volume, area) for volume in volumes]
    if layout is PrintLayout.SUMMARY:
        return [draft_summary(volume, area, texts) for volume in volumes]
    drafts: list[Draft] = []
    for volume in volumes:
        questions_before = sum(len(earlier.sides) for earlier in drafts) // 2
        drafts.append(draft_quiz(volume, area, texts, first=questions_before + 1))
    return drafts


def _shared_data(area: TextArea, texts: PageTexts) -> dict[str, Json]:
    """Return what the templates of all three layouts need beside the deck's data."""
    return {
        "paper": {"width": area.sheet.width, "height": area.sheet.height},
        "margin": {"x": draft.MARGIN_X, "top": draft.MARGIN_TOP, "bottom": draft.MARGIN_BOTTOM},
        "sizes": {
            "title": area.font_size(_TITLE_SIZE),
            "topic": area.font_size(_TOPIC_SIZE),
            "small": area.font_size(8),
        },
        "words": asdict(texts),
    }
