"""Formulas: from TeX to the steps by which the template sets them with Typst's own math functions.

Our own reader reads the TeX, so a formula never becomes source text that Typst parses.
"""

from dataclasses import dataclass
from functools import lru_cache

from cardwright.collection.content import Math
from cardwright.formats.pdf.nodes import Json, Node


@dataclass(frozen=True, slots=True)
class FormulaError:
    """A formula that cannot be printed.

    reason: the macro to blame as written, or a few words. is_broken: Anki can't show it, either.
    """

    reason: str
    is_broken: bool = False


def formula_error(formula: Math) -> FormulaError | None:
    """Return why a formula cannot be printed; None if it can."""
    node = parse_formula(formula.tex, display=formula.display)
    return node if isinstance(node, FormulaError) else None


def formula_node(formula: Math) -> Node:
    """Return a formula as a node; one that cannot be printed is empty, since check_side reports it."""
    node = parse_formula(formula.tex, display=formula.display)
    return {"t": "math", "tex": formula.tex, "c": []} if isinstance(node, FormulaError) else node


@lru_cache(maxsize=4096)
def parse_formula(tex: str, *, display: bool = False) -> dict[str, Json] | FormulaError:
    """Return a formula as a node whose children are steps.

    tex: without delimiters. display: whether it has lines of its own.
    """
    # Loaded with the first formula, since many decks have none.
    from cardwright.formats.pdf.mathml import (  # noqa: PLC0415
        UnprintableFormula,
        formula_steps,
        nested_levels,
    )
    from cardwright.source.formulas.items import DeepTex, UnreadableTex  # noqa: PLC0415  likewise
    from cardwright.source.formulas.reader import read_formula  # noqa: PLC0415  likewise

    try:
        steps = formula_steps(read_formula(tex, display=display), display=display)
    except (DeepTex, UnprintableFormula) as error:
        return FormulaError(str(error))
    except UnreadableTex as error:
        return FormulaError(str(error), is_broken=True)
    except RecursionError:
        return FormulaError("it is nested too deeply")
    return {"t": "math", "tex": tex, "levels": nested_levels(steps), "c": steps}
