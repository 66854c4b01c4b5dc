"""Makes the plan of a deck's sheets from the settings for printing."""

from collections.abc import Sequence
from dataclasses import dataclass

from cardwright.collection.print_settings import PrintSettings
from cardwright.diagnostics import Diagnostic, Report, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.layout.card_sizes import CARD_SIZES, CardSize, find_card_sizes
from cardwright.layout.geometry import A4, SHEETS, Flip, Sheet
from cardwright.layout.layout_problems import LayoutProblem, plan_problems, plan_warnings
from cardwright.layout.plan import Order, Overflow, Plan, default_bleed, default_marks, default_mode
from cardwright.layout.units import format_size

# Two columns of text need at least this much paper.
MIN_PAGE = SHEETS["a5"]
_PAGE_KEYS = ("", "paper", "scale-font", "grey")


@dataclass(frozen=True, slots=True)
class Design:
    """How a deck's card sheets look.

    font_scale: the factor for all font sizes.
    grey: whether topics are shown without colour.
    """

    plan: Plan
    font_scale: float = 1.0
    grey: bool = False
    overflow: Overflow = Overflow.ERROR


@dataclass(frozen=True, slots=True)
class PageDesign:
    """How pages of running text look; see Design."""

    sheet: Sheet
    font_scale: float = 1.0
    grey: bool = False


def make_page_design(settings: PrintSettings, report: Report) -> PageDesign | None:
    """Return the design of pages of running text: paper, font scale and colour.

    When no paper was chosen, it is that of the cards.

    Errors: `unknown-paper`, `paper-too-small`, `unknown-choice`, `not-a-scale`; then None.
    """
    problems = [problem for key in _PAGE_KEYS for problem in settings.problems.get(key, ())]
    sheet = settings.paper or _paper_of_card(settings)
    too_small = sheet.width < MIN_PAGE.width or sheet.height < MIN_PAGE.height
    if too_small and "paper" not in settings.problems:
        message = f"pages of text need paper of at least {format_size(MIN_PAGE.width, MIN_PAGE.height)}"
        problems.append(Diagnostic("paper-too-small", message, settings.spans.get("paper")))
    report.extend(problems)
    return None if problems else PageDesign(sheet, settings.scale_font or 1.0, settings.grey or False)


def _paper_of_card(settings: PrintSettings) -> Sheet:
    if isinstance(settings.card, CardSize):
        return settings.card.sheet
    return find_card_sizes(settings.card)[0].sheet if settings.card else A4


def make_design(settings: PrintSettings, report: Report) -> Design | None:
    """Return the design of card sheets; what the settings leave open is chosen to suit the card size.

    Errors: the problems of the settings, `not-on-this-paper`, and those of `plan_problems`; then
    None. Those of `plan_warnings` are warnings. This needs no PDF engine, so that checking a deck
    finds them too.
    """
    before = len(report)
    for problems in settings.problems.values():
        report.extend(problems)
    card_size = _choose_card_size(settings, report)
    if card_size is None or len(report) > before:
        return None
    mode = settings.mode or default_mode(card_size)
    order = settings.order or Order.ROWS
    offset_x, offset_y = settings.offset or (0.0, 0.0)
    plan = Plan(
        card_size=card_size,
        flip=settings.flip or Flip.LONG,
        mode=mode,
        order=order,
        rotate_backs=settings.rotate_backs or False,
        marks=settings.marks or default_marks(card_size, mode, order),
        bleed=default_bleed(card_size, mode) if settings.bleed is None else settings.bleed,
        offset_x=offset_x,
        offset_y=offset_y,
        start_at=settings.start_at or 1,
    )
    report.extend(_diagnostic(problem, settings, Severity.ERROR) for problem in plan_problems(plan))
    if len(report) > before:
        return None
    report.extend(_diagnostic(problem, settings, Severity.WARNING) for problem in plan_warnings(plan))
    overflow = settings.overflow or Overflow.ERROR
    return Design(plan, settings.scale_font or 1.0, settings.grey or False, overflow)


def _diagnostic(problem: LayoutProblem, settings: PrintSettings, severity: Severity) -> Diagnostic:
    return Diagnostic(problem.code, problem.message, settings.spans.get(problem.key), severity)


def _choose_card_size(settings: PrintSettings, report: Report) -> CardSize | None:
    """Return the card size for the chosen paper, or None after reporting that there is none."""
    card, paper = settings.card, settings.paper
    if not settings.problems.keys().isdisjoint({"card", "paper"}):
        return None
    card_sizes = (card,) if isinstance(card, CardSize) else find_card_sizes(card or CARD_SIZES[0].name)
    if paper is None:
        return card_sizes[0]
    # Papers are compared by their sizes, since that of a custom card size may have no name.
    lengths = (paper.width, paper.height)
    on_paper = [size for size in card_sizes if (size.sheet.width, size.sheet.height) == lengths]
    if on_paper or _card_overrides_paper(settings):
        return (*on_paper, *card_sizes)[0]
    report.add(_not_on_paper(paper, settings, [size.sheet for size in card_sizes]))
    return None


def _card_overrides_paper(settings: PrintSettings) -> bool:
    """Tell whether the paper is the deck's, but the card size was chosen on the command line."""
    return "paper" in settings.spans and settings.card is not None and "card" not in settings.spans


def _not_on_paper(paper: Sheet, settings: PrintSettings, card_papers: Sequence[Sheet]) -> Diagnostic:
    """Say that the card size is not for the chosen paper. card_papers: the papers it is for."""
    span = settings.spans.get("paper") or settings.spans.get("card")
    if isinstance(settings.card, CardSize):
        (sheet,) = card_papers
        own = f"{sheet.name} paper" if sheet.name else f"paper of {format_size(sheet.width, sheet.height)}"
        message = f"the cards are for {own}, not for {paper.name}"
        return Diagnostic("not-on-this-paper", message, span)
    names = dict.fromkeys(card_size.name for card_size in CARD_SIZES if card_size.sheet == paper)
    if names and settings.card is not None:
        papers = " or ".join(sheet.name for sheet in card_papers)
        message = f"`{truncate(settings.card)}` is for {papers} paper, not for {paper.name}"
        help_ = f"for {paper.name} there are {', '.join(names)}"
    else:
        message = f"no card size is for {paper.name} paper"
        help_ = "describe your own after `card:`, with `size`, `columns` and `rows`"
    return Diagnostic("not-on-this-paper", message, span, help=help_)
