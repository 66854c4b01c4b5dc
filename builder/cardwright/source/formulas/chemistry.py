"""Chemistry: the TeX that mhchem writes for `\\ce{…}` and `\\pu{…}`.

`chemistry_reader.py` reads chemistry, `quantities.py` numbers and units; `chemistry_texts.py` knows
what mhchem writes. Source: mhchemParser 4.1.1, which MathJax 3.2.2 has in it.
"""

from cardwright.source.formulas.chemistry_patterns import unify_signs
from cardwright.source.formulas.chemistry_reader import Reader
from cardwright.source.formulas.quantities import write_quantity


def chemistry_to_tex(text: str) -> str:
    """Return the TeX of what stands in `\\ce{…}`. Errors: UnreadableTex."""
    reader = Reader(unify_signs(text))
    written = reader.read()
    return f"{{{written}}}" if written and not reader.has_cells else written


def quantity_to_tex(text: str) -> str:
    """Return the TeX of what stands in `\\pu{…}`. Errors: UnreadableTex."""
    written = write_quantity(unify_signs(text))
    return "" if written == "{}" else written


EXPANSIONS = {"\\ce": chemistry_to_tex, "\\pu": quantity_to_tex}
"""By macro: what gives the TeX of its argument."""
