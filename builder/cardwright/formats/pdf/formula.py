"""Formulas: TeX to the tree that the template sets with Typst's own math functions.

TeX is read by latex2mathml, so a formula never becomes source text that Typst parses.
"""

from dataclasses import dataclass
from functools import lru_cache

from cardwright.formats.pdf.nodes import Nodes


@dataclass(frozen=True, slots=True)
class FormulaError:
    """What of a formula cannot be set: a macro as written, or a few words."""

    what: str


@lru_cache(maxsize=4096)
def parse_formula(tex: str) -> Nodes | FormulaError:
    """The parts of a formula in reading order. tex: without delimiters."""
    # A deck without formulas does not wait for what it does not use.
    from cardwright.formats.pdf.mathml import Unknown, Unspellable, parse_tex  # noqa: PLC0415

    try:
        return parse_tex(tex)
    except (Unknown, Unspellable) as unknown:
        return FormulaError(str(unknown))
    except RecursionError:
        return FormulaError("it is nested too deeply")
    except Exception:  # noqa: BLE001  it raises a dozen types, IndexError among them, at TeX it cannot read
        return FormulaError("it is unfinished")
