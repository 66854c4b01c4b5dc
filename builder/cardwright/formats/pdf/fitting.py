"""Fits a deck's cards to their size: what becomes of texts that are too long is the author's choice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.diagnostics import Diagnostic, Report, Severity
from cardwright.formats.pdf.checks import broken_code, side_diagnostic, unprinted_styles
from cardwright.formats.pdf.continuation import can_continue, continue_cards
from cardwright.formats.pdf.engine import Engine
from cardwright.formats.pdf.estimate import columns_of_code, make_room
from cardwright.formats.pdf.fit import (
    Fit,
    FittedCard,
    FittedSide,
    estimate_overflow,
    find_small_drawings,
    fit_sides,
    is_overflow,
    is_too_wide,
    overflow_advice,
    overflow_diagnostic,
    shortfall,
    sides_in_doubt,
)
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.prepare import choose_translation, prepare_sides
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.pdf.settings import Design
from cardwright.formats.pdf.sides import Side, card_numbers, card_sides
from cardwright.formats.translations import Translation
from cardwright.layout.card_geometry import card_geometry, font_sizes
from cardwright.layout.plan import Mode, Overflow
from cardwright.record import asdict

# All cards have room for a number of so many digits, so that one card more changes no other.
_MIN_DIGITS = 3
UNMEASURED: Fit = {"height": 0.0, "max_height": 0.0, "width": 0.0, "max_width": 0.0}
"""In place of how a side fits that need not be measured."""


@dataclass(frozen=True, slots=True)
class FittedCards:
    """Cards that fit, in study order.

    engine: with the fonts and the pictures of the cards.
    template_data: what the template needs beside sides and pages.
    numbers: of all cards of the deck, by their names.
    translation: of what is printed beside the cards.
    """

    engine: Engine
    template_data: dict[str, Json]
    cards: list[FittedCard]
    numbers: dict[str, int]
    translation: Translation


def fit_cards(
    deck: Deck,
    notes: Sequence[Note],
    design: Design,
    context: RenderContext,
    report: Report,
    *,
    only_check: bool = False,
) -> FittedCards | None:
    """Fit the cards of some notes of a deck.

    only_check: whether nothing but the report is wanted. Then the engine measures only what may not fit.

    Returns None when nothing is to be printed, or after an error; see `sheets.lay_out_sheets`.
    """
    geometry, paper = card_geometry(design.plan), design.plan.card_size.sheet
    sizes = font_sizes(geometry, design.font_scale)
    room = make_room(geometry, sizes)
    with_backs = design.plan.mode is not Mode.SINGLE
    translation, margin_text = choose_translation(
        deck.language, lambda translation: translation.sheets, context
    )

    def is_refused(side: Side) -> bool:
        return with_backs and design.overflow is Overflow.ERROR and estimate_overflow(side, room) is not None

    sides = card_sides(notes, translation.sheets.asked, is_refused)
    if not sides:
        return None
    sides = sides if with_backs else list(map(_without_back, sides))
    prepared = prepare_sides(sides, deck, context, report, margin_text=margin_text)
    numbers = card_numbers(deck)
    data: dict[str, Json] = {
        **prepared.template_data,
        "paper": {"width": paper.width, "height": paper.height},
        "text": {"width": geometry.text_width, "height": geometry.text_height},
        "digits": max(_MIN_DIGITS, len(str(len(numbers)))),
        "sizes": asdict(sizes),
    }
    # An answer that is not printed may be as long as it likes.
    printed = [side for side in prepared.printable_sides if with_backs or side.name == "front"]
    for side in printed:
        report.extend(broken_code(side, columns_of_code(room)))
    report.extend(unprinted_styles(printed))
    if only_check:
        printed = sides_in_doubt(prepared.engine, data, printed, room)

    def measure(sides: Sequence[Side]) -> list[Fit]:
        return fit_sides(prepared.engine, data, sides, room, show_progress)

    # Each card counts twice, when it is measured and when it is drawn.
    def show_progress(done: int) -> None:
        context.progress(done // 2, len(sides))

    printed_fits = measure(printed)
    report.extend(find_small_drawings(printed, printed_fits))
    fits = dict(zip(map(id, printed), printed_fits, strict=True))
    fitted = [FittedSide(side, fits.get(id(side), UNMEASURED)) for side in sides]
    cards: list[FittedCard] = list(zip(fitted[::2], fitted[1::2], strict=True))
    # A card with another mistake cannot be measured; whether it is too long is told once that is mended.
    printable = set(map(id, prepared.printable_sides))
    long_cards = [
        card
        for card in cards
        if any(is_overflow(side.fit) for side in card) and all(id(side.side) in printable for side in card)
    ]
    if design.overflow is Overflow.CONTINUE:
        results = continue_cards(long_cards, room, measure, with_backs=with_backs)
        found = list(map(_tell_what_became, long_cards, results))
        continued = [[] if isinstance(result, Diagnostic) else result for result in results]
    else:
        tell = _leave_out if design.overflow is Overflow.SKIP else _refuse
        outcomes = can_continue(long_cards, room, measure, with_backs=with_backs)
        found = [
            problem for card, can in zip(long_cards, outcomes, strict=True) for problem in tell(card, can)
        ]
        continued = [[] for _ in long_cards]
    report.extend(found)
    if prepared.has_errors or any(diagnostic.severity is Severity.ERROR for diagnostic in found):
        return None
    in_place = dict(zip(map(id, long_cards), continued, strict=True))
    cards = [new for card in cards for new in in_place.get(id(card), [card])]
    return FittedCards(prepared.engine, data, cards, numbers, translation) if cards else None


def _without_back(side: Side) -> Side:
    """Return a side that needs no room for what a picture has around it on the other side."""
    return side if side.twin is None else replace(side, twin=side.tree)


def _refuse(card: FittedCard, can_go_on: bool) -> Iterator[Diagnostic]:
    """Tell which sides of a card do not fit. can_go_on: whether it could be on several cards."""
    for side in card:
        if is_overflow(side.fit):
            yield overflow_diagnostic(*side, can_go_on=can_go_on)


def _leave_out(card: FittedCard, can_go_on: bool) -> Iterator[Diagnostic]:
    """Tell that a card is not on the sheets. can_go_on: whether it could be on several cards."""
    side, fit = _long_side(card)
    text = f"is too {'wide' if is_too_wide(fit) else 'long'}, so the card is left out"
    note = f"its text {shortfall(fit)}"
    help_ = overflow_advice(side, can_go_on=can_go_on)
    yield side_diagnostic(side, "card-left-out", text, Severity.NOTE, note=note, help_text=help_)


def _tell_what_became(card: FittedCard, result: list[FittedCard] | Diagnostic) -> Diagnostic:
    """Tell that a text goes on on further cards, or why it cannot. result: of `continue_cards`."""
    if isinstance(result, Diagnostic):
        return result
    text = f"is too long for one card and takes {len(result)}"
    return side_diagnostic(_long_side(card).side, "card-continued", text, Severity.NOTE)


def _long_side(card: FittedCard) -> FittedSide:
    return next(side for side in card if is_overflow(side.fit))
