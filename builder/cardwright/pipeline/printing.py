"""Prints some or all cards of a deck for one purpose, the way the user wants them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum

from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.collection.print_settings import PrintSettings
from cardwright.diagnostics import Diagnostic, Report, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.formats.outputs import Environment
from cardwright.formats.pdf.fit import TightSide
from cardwright.formats.pdf.output import open_render_context
from cardwright.formats.pdf.running_text import RunningText, lay_out_running_text
from cardwright.formats.pdf.settings import Design, PageDesign, make_design, make_page_design
from cardwright.formats.pdf.sheets import CardSheets, lay_out_sheets
from cardwright.layout.plan import Mode, PrintLayout
from cardwright.pipeline.changes_since import Release, find_changes
from cardwright.pipeline.load import LoadedDeck, load_decks
from cardwright.pipeline.selection import Conditions, count_cards, select_notes
from cardwright.source.files import DeckFiles

# Options for the back of the paper, which these modes leave white.
_BACK_OPTIONS = {
    Mode.SINGLE: ("--flip", "--offset", "--printer", "--rotate-backs"),
    Mode.FOLD: ("--flip", "--offset", "--printer"),
}


class Product(Enum):
    """What is made: files for a printer, a picture of each page, or a report of how tight the text is."""

    PDF = "pdf"
    PICTURES = "png"
    FIT = "fit"


@dataclass(frozen=True, slots=True)
class PrintRequest:
    """What the user wants printed.

    settings: those that take the place of the deck's.
    since: print only cards that are new or look different since this release.
    typed_options: the names of the options on the command line, such as `--flip`.
    ppi: pixels per inch of pictures.
    """

    layout: PrintLayout = PrintLayout.CARDS
    product: Product = Product.PDF
    settings: PrintSettings = field(default_factory=PrintSettings)
    conditions: Conditions = field(default_factory=Conditions)
    since: Release | None = None
    typed_options: Sequence[str] = ()
    ppi: int = 150


@dataclass(frozen=True, slots=True)
class Printout:
    """The result of a request.

    cards: how many are printed. all_cards: how many of the deck go on paper.
    sheets: the number of sheets of cards. pages: the number of pages of running text.
    first_answer_page: on which the answers of a quiz begin, if it is one file.
    files: the part of each file's name, such as `fronts`, and its content; drawn one by one.
    tightest: the sides of cards with the least room left; none for running text.
    """

    deck: Deck
    design: Design | PageDesign
    cards: int
    all_cards: int
    sheets: int
    pages: int
    first_answer_page: int | None
    files: Iterator[tuple[str, bytes]]
    tightest: Sequence[TightSide]


@contextmanager
def make_printout(
    files: DeckFiles, environment: Environment, request: PrintRequest, report: Report
) -> Iterator[Printout | None]:
    """Lay out one deck as requested; it can be drawn until the block is left. None after an error.

    Errors, to the report: those of a build, those of selection.py and changes_since.py, and
    `other-side-unused` for an option about the back of paper that stays white there.
    """
    load_report = Report()
    loaded_decks = load_decks([files], environment, load_report, renders=False)
    report.extend(load_report)
    if not loaded_decks or not loaded_decks[0].deck.name:
        yield None
        return
    loaded = loaded_decks[0]
    deck = loaded.deck
    design = _make_design(deck.print_settings.overridden_by(request.settings), request, report)
    notes: Sequence[Note] = ()
    if not load_report.has_errors:
        notes = select_notes(deck, _conditions(loaded, request, report), report)
    if design is None or report.has_errors:
        yield None
        return
    with open_render_context(deck, files.folder, environment, report) as context:
        layout: CardSheets | RunningText | None
        if isinstance(design, Design):
            layout = lay_out_sheets(deck, notes, design, context, report)
        else:
            layout = lay_out_running_text(request.layout, deck, notes, design, context, report)
        if layout is None and not report.has_errors:
            message = "all cards chosen are too long, so there is nothing to print"
            report.add(Diagnostic("nothing-to-print", message, None))
        if layout is None or report.has_errors:
            yield None
            return
        yield Printout(
            deck=deck,
            design=design,
            cards=layout.cards if isinstance(layout, CardSheets) else count_cards(notes),
            all_cards=count_cards(note for note in deck.notes if note.printed),
            sheets=layout.sheets,
            pages=layout.pages if isinstance(layout, RunningText) else 0,
            first_answer_page=layout.first_answer_page if isinstance(layout, RunningText) else None,
            files=_draw_files(layout, request),
            tightest=layout.tightest if isinstance(layout, CardSheets) else (),
        )


def _make_design(
    settings: PrintSettings, request: PrintRequest, report: Report
) -> Design | PageDesign | None:
    if request.layout is not PrintLayout.CARDS:
        return make_page_design(settings, report)
    design = make_design(settings, report)
    mode = Mode.DUPLEX if design is None else design.plan.mode
    for option in request.typed_options:
        if option in _BACK_OPTIONS.get(mode, ()):
            message = f"`{option}` is for the other side of the paper, which stays white here"
            help_ = f"`{mode.value}` prints on one side; leave the option out"
            report.add(Diagnostic("other-side-unused", message, None, help=help_))
    return design


def _conditions(loaded: LoadedDeck, request: PrintRequest, report: Report) -> Conditions:
    """Return the conditions, with the notes that changed since the release if there is one.

    Cards of the release that are no longer printed are reported.
    """
    if request.since is None:
        return request.conditions
    changes = find_changes(loaded, request.since, report)
    if changes is None:
        return request.conditions
    if changes.removed_cards:
        count = len(changes.removed_cards)
        cards, pronoun = ("1 card is", "it") if count == 1 else (f"{count} cards are", "them")
        message = f"{cards} no longer printed since {truncate(request.since.name, 30)}"
        names = ", ".join(f"`{name}`" for name in changes.removed_cards)
        help_ = f"take {pronoun} out of the pile: {names}"
        report.add(Diagnostic("cards-left", message, None, Severity.NOTE, help=help_))
    return replace(request.conditions, changed=changes.keys, since=request.since.name)


def _draw_files(layout: CardSheets | RunningText, request: PrintRequest) -> Iterator[tuple[str, bytes]]:
    if request.product is Product.PDF:
        yield from layout.draw()
    elif request.product is Product.PICTURES:
        for number, picture in enumerate(layout.draw_png(request.ppi), start=1):
            yield f"{number:02}", picture
