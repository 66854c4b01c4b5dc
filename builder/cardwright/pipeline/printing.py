"""Some or all cards of a deck, printed for one purpose, as whoever asks wants them."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Literal

from cardwright.collection.deck import Choice, Deck
from cardwright.collection.note import Note
from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.report import Report
from cardwright.formats.outputs import Environment
from cardwright.formats.pdf import settings
from cardwright.formats.pdf.fit import TightSide
from cardwright.formats.pdf.output import open_render_context
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.pdf.running_text import RunningText, lay_out_running_text
from cardwright.formats.pdf.settings import Design, PageDesign
from cardwright.formats.pdf.sheets import CardSheets, lay_out_sheets
from cardwright.layout.card_sizes import CardSize
from cardwright.layout.plan import Mode
from cardwright.pipeline.changes_since import Release, find_changes
from cardwright.pipeline.load import LoadedDeck, load_decks
from cardwright.pipeline.selection import Conditions, count_cards, select_notes
from cardwright.source.files import DeckFiles

# What deck.yaml says of these was said for its own card size and mode.
_FITTED = ("marks", "bleed")
_REFITTED = frozenset({"card", "paper", "mode"})
# Options that say how the other side of the paper is printed, where nothing is.
_USELESS = {
    Mode.SINGLE: ("--flip", "--offset", "--printer", "--rotate-backs"),
    Mode.FOLD: ("--flip", "--offset", "--printer"),
}


class Product(Enum):
    """What is to come of it: files for a printer, a picture of each page, or how tight the text is."""

    PDF = "pdf"
    PICTURES = "png"
    FIT = "fit"


@dataclass(frozen=True, slots=True)
class PrintRequest:
    """What is asked for.

    layout: of cards, or of running text.
    choices: those that take the place of deck.yaml's, by key.
    stock: cards of the user's own measures.
    since: only cards new or edited since then.
    given: the options that stand on the command line, as they are typed.
    ppi: pixels per inch of pictures.
    """

    layout: Literal["cards", "list", "quiz", "summary"] = "cards"
    product: Product = Product.PDF
    choices: Mapping[str, Choice] = field(default_factory=dict)
    stock: CardSize | None = None
    conditions: Conditions = field(default_factory=Conditions)
    since: Release | None = None
    given: Sequence[str] = ()
    ppi: int = 150


@dataclass(frozen=True, slots=True)
class Printout:
    """What came of a request.

    design: of the cards, or of the pages of another layout.
    cards, all_cards: how many are printed, and how many of the deck go on paper.
    sheets: of cards. pages: of running text.
    files: the end of each file's name, such as `fronts`, with its content; drawn one by one.
    tightest: the cards with the least room left; of cards alone.
    """

    deck: Deck
    design: Design | PageDesign
    cards: int
    all_cards: int
    sheets: int
    pages: int
    files: Iterator[tuple[str, bytes]]
    tightest: Sequence[TightSide]


@contextmanager
def make_printout(
    files: DeckFiles, workshop: Environment, request: PrintRequest, report: Report
) -> Iterator[Printout | None]:
    """One deck as asked for, good until the block is left; None after an error.

    Errors, to the report: those of a build, those of selection.py and since.py, and
    `other-side-unused` for an option about the other side of paper that stays white there.
    """
    reading = Report()
    found = load_decks([files], workshop, reading)
    report.extend(reading)
    if not found or not found[0].deck.name:
        yield None
        return
    loaded = _with_choices(found[0], request)
    design = _design(loaded.deck, request, report)
    notes: Sequence[Note] = ()
    if not reading.has_errors:
        notes = select_notes(loaded.deck, _conditions(loaded, request, report), report)
    if design is None or report.has_errors:
        yield None
        return
    with open_render_context(loaded.deck, files.folder, workshop, report) as around:
        made = _laid_out(loaded.deck, request, frozenset(note.key for note in notes), around, report)
        if made is None or report.has_errors:
            yield None
            return
        yield Printout(
            deck=loaded.deck,
            design=design,
            cards=count_cards(notes),
            all_cards=count_cards(note for note in loaded.deck.notes if note.printed),
            sheets=made.sheets,
            pages=made.pages if isinstance(made, RunningText) else 0,
            files=_drawn(made, request),
            tightest=made.tightest if isinstance(made, CardSheets) else (),
        )


def _with_choices(loaded: LoadedDeck, request: PrintRequest) -> LoadedDeck:
    """The deck with what was asked for in place of its own settings."""
    own = loaded.deck.settings
    kept = dict(own.choices)
    if request.choices.keys() & _REFITTED:
        kept = {key: choice for key, choice in kept.items() if key not in _FITTED}
    chosen = replace(own, choices={**kept, **request.choices})
    if "card" in request.choices:
        chosen = replace(chosen, stock=request.stock, faulty=False)
    return replace(loaded, deck=replace(loaded.deck, settings=chosen))


def _design(deck: Deck, request: PrintRequest, report: Report) -> Design | PageDesign | None:
    if request.layout != "cards":
        return settings.chosen_for_pages(deck.settings, report)
    design = settings.chosen(deck.settings, report)
    mode = Mode.DUPLEX if design is None else design.plan.mode
    for option in request.given:
        if option in _USELESS.get(mode, ()):
            message = f"`{option}` is for the other side of the paper, which stays white here"
            advice = f"`{mode.value}` prints on one side; leave the option out"
            report.add(Diagnostic("other-side-unused", message, None, help=advice))
    return design


def _conditions(loaded: LoadedDeck, request: PrintRequest, report: Report) -> Conditions:
    """With the notes that have changed, if that matters; what left the deck is told."""
    if request.since is None:
        return request.conditions
    found = find_changes(loaded, request.since, report)
    if found is None:
        return request.conditions
    if found.left:
        one = len(found.left) == 1
        said = truncate(request.since.said, 30)
        message = f"{'1 card has' if one else f'{len(found.left)} cards have'} left the deck since {said}"
        names = ", ".join(f"`{name}`" for name in found.left)
        advice = f"take {'it' if one else 'them'} out of the pile: {names}"
        report.add(Diagnostic("cards-left", message, None, Severity.NOTE, help=advice))
    return replace(request.conditions, changed=found.keys, since=request.since.said)


def _laid_out(
    deck: Deck, request: PrintRequest, keys: AbstractSet[str], around: RenderContext, report: Report
) -> CardSheets | RunningText | None:
    if request.layout == "cards":
        return lay_out_sheets(deck, around, report, keys=keys)
    return lay_out_running_text(request.layout, deck, around, report, keys=keys)


def _drawn(made: CardSheets | RunningText, request: PrintRequest) -> Iterator[tuple[str, bytes]]:
    if request.product is Product.PDF:
        for drawn in made.draw():
            yield drawn.part, drawn.data
    elif request.product is Product.PICTURES:
        for number, picture in enumerate(made.pictures(request.ppi), start=1):
            yield f"{number:02}", picture
