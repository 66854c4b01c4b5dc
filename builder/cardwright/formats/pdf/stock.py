"""Which cards on which paper were chosen."""

from collections.abc import Mapping

from cardwright.collection.deck import Choice, PrintSettings
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import closest_match, did_you_mean, truncate
from cardwright.diagnostics.report import Report
from cardwright.layout import card_sizes
from cardwright.layout.card_sizes import CardSize
from cardwright.layout.geometry import SHEETS
from cardwright.layout.units import format_size


def chosen_stock(settings: PrintSettings, report: Report) -> CardSize | None:
    """The cards and their paper; None after saying what is wrong with them."""
    choices = settings.choices
    if settings.faulty or settings.stock is not None:
        return _own(settings, report)
    card = choices.get("card", Choice(card_sizes.CARD_SIZES[0].name))
    paper = choices.get("paper")
    found = card_sizes.find_card_sizes(card.text)
    known = paper is None or is_paper(paper, report)
    if not found:
        names = [name for one in card_sizes.CARD_SIZES for name in (one.name, *one.aliases)]
        near = closest_match(card.text, names)
        help_ = f"did you mean `{near}`?" if near else "`cardwright print --list-presets` shows all there are"
        message = f"there is no card size called `{truncate(card.text)}`"
        report.add(Diagnostic("unknown-card-size", message, card.span, help=help_))
    if not found or not known:
        return None
    if paper is None:
        return found[0]
    fit = [one for one in found if one.sheet.name == paper.text]
    if fit or _gives_way(paper, choices):
        return (*fit, *found)[0]
    report.add(_elsewhere(paper, choices, " or ".join(one.sheet.name for one in found)))
    return None


def _own(settings: PrintSettings, report: Report) -> CardSize | None:
    """Cards of the author's own measures, if they are for the paper that was chosen beside them."""
    stock, paper = settings.stock, settings.choices.get("paper")
    if paper is None or not is_paper(paper, report) or stock is None:
        return stock
    sheet, wanted = stock.sheet, SHEETS[paper.text]
    same = (sheet.width, sheet.height) == (wanted.width, wanted.height)
    if same or _gives_way(paper, settings.choices):
        return stock
    own = f"{sheet.name} paper" if sheet.name else f"paper of {format_size(sheet.width, sheet.height)}"
    message = f"the cards are for {own}, not for {paper.text}"
    report.add(Diagnostic("not-on-this-paper", message, paper.span))
    return None


def is_paper(paper: Choice, report: Report) -> bool:
    """Whether there is paper of that name; else it is reported."""
    if paper.text in SHEETS:
        return True
    message = f"there is no paper called `{truncate(paper.text)}`"
    help_ = did_you_mean(paper.text, SHEETS)
    report.add(Diagnostic("unknown-paper", message, paper.span, help=help_))
    return False


def _gives_way(paper: Choice, choices: Mapping[str, Choice]) -> bool:
    """Whether the paper is the deck's, and the cards were chosen anew for this one print."""
    card = choices.get("card")
    return paper.span is not None and card is not None and card.span is None


def _elsewhere(paper: Choice, choices: Mapping[str, Choice], papers: str) -> Diagnostic:
    """What to say of cards that are not for the paper that was chosen. papers: that they are for."""
    names = dict.fromkeys(one.name for one in card_sizes.CARD_SIZES if one.sheet.name == paper.text)
    card = choices.get("card")
    if names and card is not None:
        message = f"`{truncate(card.text)}` is for {papers} paper, not for {paper.text}"
        help_ = f"for {paper.text} there are {', '.join(names)}"
    else:
        message = f"no card size is for {paper.text} paper"
        help_ = "describe your own behind `card:`, with `size`, `columns` and `rows`"
    return Diagnostic("not-on-this-paper", message, paper.span or (card.span if card else None), help=help_)
