"""A deck as pages of running text: a list to read and to fold, a quiz to fill in, or a summary."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Literal

from cardwright.collection.deck import Deck
from cardwright.diagnostics.report import Report
from cardwright.formats.pdf import fit, settings
from cardwright.formats.pdf.engine import Engine
from cardwright.formats.pdf.fonts import PLAIN_TEXT
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.pages import TOPIC_COLOURS, TOPIC_GREYS
from cardwright.formats.pdf.preferences import add_duplex_preferences
from cardwright.formats.pdf.prepare import Prepared, prepare
from cardwright.formats.pdf.render_context import ProgressCallback, RenderContext
from cardwright.formats.pdf.running_text import list_, quiz, summary
from cardwright.formats.pdf.running_text.draft import Draft, Measured
from cardwright.formats.pdf.running_text.sides import MARGIN_BOTTOM, MARGIN_TOP, MARGIN_X, TextArea
from cardwright.formats.pdf.running_text.topics import Topic, topics, volumes
from cardwright.formats.pdf.running_text.translations import ENGLISH, PageTexts, are_shown, page_texts
from cardwright.formats.pdf.sheets import DrawnFile

TextLayout = Literal["list", "quiz", "summary"]

# Type sizes in pt.
_TITLE = 20.0
_TOPIC = 12.5


@dataclass(frozen=True, slots=True)
class _File:
    """part: as Drawn's. content: what the template sets. pages: how many come of it."""

    part: str
    content: Mapping[str, Json]
    pages: int


@dataclass(frozen=True, slots=True)
class RunningText:
    """A deck's pages, measured and found good, ready to be drawn.

    The stage that they were laid out on must still be there when they are drawn.
    """

    _engine: Engine
    _main: str
    _files: Sequence[_File]
    _tell: ProgressCallback

    @property
    def pages(self) -> int:
        """How many there are in all files."""
        return sum(file.pages for file in self._files)

    @property
    def sheets(self) -> int:
        """How many sheets of paper, printed on both sides."""
        return sum((file.pages + 1) // 2 for file in self._files)

    def draw(self) -> list[DrawnFile]:
        """The PDF; a deck of more notes than topics.VOLUME is in several files, called `1`, `2` …"""
        drawn = []
        for file in self._files:
            pdf = self._engine.render_pdf(file.content, self._main)
            drawn.append(DrawnFile(file.part, add_duplex_preferences(pdf)))
        self._tell(1, 1)
        return drawn

    def pictures(self, ppi: int) -> Iterator[bytes]:
        """Each page of the files as PNG, in their order. ppi: pixels per inch."""
        for file in self._files:
            yield from self._engine.render_png(file.content, ppi, self._main)


def lay_out_running_text(
    kind: TextLayout,
    deck: Deck,
    around: RenderContext,
    report: Report,
    *,
    keys: AbstractSet[str] | None = None,
) -> RunningText | None:
    """Pages of a deck; for the arguments, None and errors see `sheets.lay_out`.

    The card that asks a note the other way round, and the cards of one cloze, are one
    question here: beside each other they would give each other away.

    Errors: `card-overflow` for what is too wide for its column in the smallest type;
    what is too long goes on on the next page.
    """
    design = settings.chosen_for_pages(deck.settings, report)
    found = topics(deck, keys)
    if design is None or not found:
        return None
    tell = around.progress
    room = TextArea(design.sheet, design.scale, TOPIC_GREYS if design.grey else TOPIC_COLOURS)

    def ready_with(words: PageTexts) -> tuple[list[Draft], Prepared, Report]:
        problems = Report()
        made = _drafts(kind, found, room, words)
        ready = prepare(
            [side for draft in made for side in draft.sides],
            deck,
            around,
            problems,
            margin=words.text,
        )
        return made, ready, problems

    words = page_texts(deck.language)
    made, ready, problems = ready_with(words)
    if not are_shown(words, ready.missing_glyphs.get(PLAIN_TEXT, frozenset())):
        # What is not the author's text must not be the author's mistake.
        words = ENGLISH
        made, ready, problems = ready_with(words)
    report.extend(problems)
    setting = {**ready.template_data, **_setting(room, words)}
    total = 2 * sum(len(draft.sides) for draft in made)
    fits = fit.measure_sides(
        ready.engine, setting, ready.printable_sides, lambda done: tell(done, total), "measure.typ"
    )
    overflows = list(fit.find_overflows(ready.printable_sides, fits))
    report.extend(overflows)
    if ready.has_errors or overflows:
        return None

    left = iter(fits)
    files = []
    for number, draft in enumerate(made, start=1):
        above: list[Json] = [{"name": deck.name, "title": True}, *draft.headings]
        headings = _numbers(ready.engine, {**setting, "sides": above}, "heading.typ", "height")
        own = draft.content(Measured(list(islice(left, len(draft.sides))), headings))
        volume = f"{number}/{len(made)}" if len(made) > 1 else ""
        content = {**setting, **own, "volume": volume, "sides": [{}]}
        (pages,) = _numbers(ready.engine, content, f"{kind}.typ", "pages")
        files.append(_File(str(number) if volume else "", content, round(pages)))
    return RunningText(ready.engine, f"{kind}.typ", files, tell)


def _drafts(kind: TextLayout, found: Sequence[Topic], room: TextArea, words: PageTexts) -> list[Draft]:
    """A draft for each file."""
    files = volumes(found)
    if kind == "list":
        return [list_.draft(some, room) for some in files]
    if kind == "summary":
        return [summary.draft(some, room, words) for some in files]
    made: list[Draft] = []
    for some in files:
        asked = sum(len(draft.sides) for draft in made) // 2
        made.append(quiz.draft(some, room, words, first=asked + 1))
    return made


def _setting(room: TextArea, words: PageTexts) -> dict[str, Json]:
    """What the template needs to know besides, for every kind of pages."""
    return {
        "paper": {"width": room.sheet.width, "height": room.sheet.height},
        "margin": {"x": MARGIN_X, "top": MARGIN_TOP, "bottom": MARGIN_BOTTOM},
        "sizes": {"title": room.size(_TITLE), "topic": room.size(_TOPIC), "small": room.size(8)},
        "words": asdict(words),
    }


def _numbers(engine: Engine, content: Mapping[str, Json], main: str, what: str) -> list[float]:
    """Of each of the content's sides the number that a template answers."""
    found = (answer[what] for answer in engine.measure(content, main))
    return [float(number) for number in found if isinstance(number, int | float)]
