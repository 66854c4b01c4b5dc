"""What was chosen for the sheets, from words to a plan."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from cardwright.collection.deck import Choice, PrintSettings
from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.phrases import closest_match, truncate
from cardwright.diagnostics.report import Report
from cardwright.formats.pdf.stock import chosen_stock, is_paper
from cardwright.layout import card_sizes, layout_problems, plan
from cardwright.layout.geometry import A4, SHEETS, Flip, Sheet
from cardwright.layout.layout_problems import LayoutProblem
from cardwright.layout.plan import Marks, Mode, Order, Plan
from cardwright.layout.units import format_size, parse_length

_E = TypeVar("_E", bound=Enum)

_SCALES = (0.5, 2.0)
# Two columns of text want no less.
MIN_PAGE = SHEETS["a5"]


@dataclass(frozen=True, slots=True)
class Design:
    """How a deck's sheets are to be.

    scale: what type sizes are multiplied by.
    grey: whether to do without colour.
    """

    plan: Plan
    scale: float = 1.0
    grey: bool = False


@dataclass(frozen=True, slots=True)
class PageDesign:
    """How pages of running text are to be; see Design."""

    sheet: Sheet
    scale: float = 1.0
    grey: bool = False


def chosen_for_pages(settings: PrintSettings, report: Report) -> PageDesign | None:
    """What was chosen that is for other layouts than cards as well: paper, type size and colour.

    The paper is that of the cards when none was chosen by itself.

    Errors: `unknown-paper`, `paper-too-small`, `unknown-choice`, `not-a-scale`; then None.
    """
    before = len(report)
    read = _Reader(settings.choices, report)
    scale, grey = read.scale("scale-font"), read.flag("grey")
    paper = settings.choices.get("paper")
    if paper is not None and not is_paper(paper, report):
        return None
    if paper is not None:
        sheet = SHEETS[paper.text]
    elif settings.stock is not None:
        sheet = settings.stock.sheet
    else:
        card = settings.choices.get("card")
        sheet = next((one.sheet for one in card_sizes.find_card_sizes(card.text if card else "")), A4)
    if sheet.width < MIN_PAGE.width or sheet.height < MIN_PAGE.height:
        size = format_size(MIN_PAGE.width, MIN_PAGE.height)
        message = f"pages of text need paper of at least {size}"
        report.add(Diagnostic("paper-too-small", message, None if paper is None else paper.span))
    return None if len(report) > before else PageDesign(sheet, scale, grey)


def chosen(settings: PrintSettings, report: Report) -> Design | None:
    """The design that was chosen, with what a preset usually wants wherever nothing was.

    Errors: `unknown-paper`, `unknown-card-size`, `not-on-this-paper`, `unknown-choice`,
    `not-a-length`, `not-a-scale`, and the refusals of layout/misfits.py; then None. Its doubts are
    warnings. Needs no PDF engine, so that checking a deck finds them too.
    """
    before = len(report)
    choices = settings.choices
    read = _Reader(choices, report)
    stock = chosen_stock(settings, report)
    flip = read.one_of("flip", Flip, Flip.LONG)
    order = read.one_of("order", Order, Order.ROWS)
    rotated, grey = read.flag("rotate-backs"), read.flag("grey")
    scale = read.scale("scale-font")
    offset_x, offset_y = read.offset("offset")
    mode = read.one_of("mode", Mode, Mode.DUPLEX if stock is None else plan.default_mode(stock))
    marks = read.one_of("marks", Marks, Marks.NONE if stock is None else plan.default_marks(stock, mode))
    bleed = read.length("bleed", 0.0 if stock is None else plan.default_bleed(stock, mode))
    if stock is None or len(report) > before:
        return None
    made = Plan(stock, flip, mode, order, rotated, marks, bleed, offset_x, offset_y)
    report.extend(_misfit(one, choices, Severity.ERROR) for one in layout_problems.plan_problems(made))
    if len(report) > before:
        return None
    report.extend(_misfit(one, choices, Severity.WARNING) for one in layout_problems.plan_warnings(made))
    return Design(made, scale, grey)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Choices as values; what cannot be one is reported, and the default stands in for it."""

    choices: Mapping[str, Choice]
    report: Report

    def one_of(self, key: str, kind: type[_E], default: _E) -> _E:
        written = self.choices.get(key)
        if written is None:
            return default
        names = [str(one.value) for one in kind]
        if written.text not in names:
            self._astray("unknown-choice", key, written, f"is one of {', '.join(names)}", names)
            return default
        return kind(written.text)

    def flag(self, key: str) -> bool:
        written = self.choices.get(key)
        if written is not None and written.text not in ("true", "false"):
            self._astray("unknown-choice", key, written, "is true or false")
        return written is not None and written.text == "true"

    def length(self, key: str, default: float) -> float:
        written = self.choices.get(key)
        if written is None:
            return default
        found = parse_length(written.text)
        if found is None:
            self._astray("not-a-length", key, written, "is a length such as 3, 3 mm or 0.125 in")
            return default
        return found

    def offset(self, key: str) -> tuple[float, float]:
        written = self.choices.get(key)
        if written is None:
            return 0.0, 0.0
        found = [parse_length(part) for part in written.text.split(",")]
        match found:
            case [float(x), float(y)]:
                return x, y
        self._astray("not-a-length", key, written, "is two lengths in mm, such as 0.5,-1.2")
        return 0.0, 0.0

    def scale(self, key: str) -> float:
        written = self.choices.get(key)
        if written is None:
            return 1.0
        least, most = _SCALES
        number = re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", written.text.strip(), re.ASCII)
        value = float(number[0]) if number else math.nan
        if not least <= value <= most:
            self._astray("not-a-scale", key, written, f"is a number from {least:g} to {most:g}")
            return 1.0
        return value

    def _astray(self, code: str, key: str, written: Choice, what: str, names: Iterable[str] = ()) -> None:
        name = f"`{key}`" if written.span else f"`--{key}`"
        message = f"{name} {what}; found `{truncate(written.text, 12)}`"
        near = closest_match(written.text, names)
        help_ = f"did you mean `{near}`?" if near else ""
        self.report.add(Diagnostic(code, message, written.span, help=help_))


def _misfit(misfit: LayoutProblem, choices: Mapping[str, Choice], severity: Severity) -> Diagnostic:
    written = choices.get(misfit.key)
    return Diagnostic(misfit.code, misfit.message, None if written is None else written.span, severity)
