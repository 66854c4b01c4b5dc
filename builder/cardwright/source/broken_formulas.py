"""Finds formulas in whose place Anki shows an error."""

from cardwright.collection.card import formula_side
from cardwright.collection.content import Math
from cardwright.diagnostics.phrases import truncate
from cardwright.record import Record


class BrokenFormula(Record, frozen=True):
    """What is wrong with a formula. error: a few words. hidden: the cloze number whose front it is on."""

    error: str
    hidden: int | None = None
    code = "broken-formula"
    help = "mend it; Anki shows an error in its place, too"

    @property
    def message(self) -> str:
        return f"a formula is broken: {truncate(self.error, 50)}"

    @property
    def note(self) -> str:
        return "" if self.hidden is None else f"while deletion {self.hidden} is hidden"


def find_breakage(formula: Math) -> BrokenFormula | None:
    """Return why MathJax can't show a formula, or one of its fronts; None if it shows all.

    formula: without other problems.
    """
    # Loaded with the first formula, since many decks have none.
    from cardwright.source.formulas.reader import error_shown  # noqa: PLC0415

    if error := error_shown(formula.tex, display=formula.display):
        return BrokenFormula(error)
    for number in sorted({number for deletion in formula.deletions for number in deletion.numbers}):
        front = formula_side(formula, {number})
        if error := error_shown(front.tex, display=front.display):
            return BrokenFormula(error, number)
    return None
