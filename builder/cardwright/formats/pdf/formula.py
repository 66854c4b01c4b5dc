"""Formulas: from TeX to the nodes that the template sets with Typst's own math functions.

latex2mathml reads the TeX, so a formula never becomes source text that Typst parses.
"""

from dataclasses import dataclass
from functools import lru_cache

from cardwright.formats.pdf.nodes import Nodes


@dataclass(frozen=True, slots=True)
class FormulaError:
    """A formula that cannot be printed. reason: the macro to blame as written, or a few words."""

    reason: str


@lru_cache(maxsize=4096)
def parse_formula(tex: str) -> Nodes | FormulaError:
    """Return the nodes of a formula in reading order. tex: without delimiters."""
    # Loaded with the first formula, since many decks have none.
    from cardwright.formats.pdf.mathml import UnsupportedTex, parse_tex  # noqa: PLC0415

    try:
        return parse_tex(tex)
    except UnsupportedTex as error:
        return FormulaError(str(error))
    except RecursionError:
        return FormulaError("it is nested too deeply")
    except Exception:  # noqa: BLE001  latex2mathml raises a dozen types at TeX that it cannot read
        return FormulaError("it is unfinished")
