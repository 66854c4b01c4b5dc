"""Formulas: from TeX to the steps by which the template sets them with Typst's own math functions.

Our own reader reads the TeX, so a formula never becomes source text that Typst parses. The steps of a
deck's formulas are added to their nodes all at once, since most of them are known from earlier builds.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TypeAlias

from cardwright.collection.content import Math
from cardwright.formats.pdf.cache import code_digest
from cardwright.formats.pdf.nodes import Json, nodes_of_type
from cardwright.source.cache import Cache, make_key

# What makes the steps of formulas.
_CODE = (
    ("cardwright.source.formulas", ""),
    ("cardwright.formats.pdf", "formula"),
    ("cardwright.formats.pdf", "mathml"),
)


@dataclass(frozen=True, slots=True)
class FormulaError:
    """A formula that cannot be printed.

    reason: the macro to blame as written, or a few words. is_broken: Anki can't show it, either.
    """

    reason: str
    is_broken: bool = False


FormulaErrors: TypeAlias = Mapping[tuple[str, bool], FormulaError]
"""Why formulas cannot be printed, by their TeX and whether they have lines of their own."""


def formula_node(formula: Math) -> dict[str, Json]:
    """Return a formula as a node without the steps, which `add_steps` adds."""
    return {"t": "math", "tex": formula.tex, "display": formula.display, "levels": 0, "c": []}


def add_steps(trees: Iterable[Json], store: Cache) -> FormulaErrors:
    """Add their steps to the formulas in trees. store: those of earlier builds.

    Returns the errors of those that cannot be printed; they stay empty.
    """
    nodes: dict[tuple[str, bool], list[dict[str, Json]]] = {}
    for tree in trees:
        for node in nodes_of_type(tree, "math"):
            nodes.setdefault((node["tex"], node["display"]), []).append(node)
    if not nodes:
        return {}
    keys = {formula: _cache_key(*formula) for formula in nodes}
    known = store.get(list(keys.values()))
    converted: dict[str, bytes] = {}
    errors: dict[tuple[str, bool], FormulaError] = {}
    for formula, same_nodes in nodes.items():
        answer = known.get(keys[formula])
        if answer is None:
            answer = converted[keys[formula]] = _convert(*formula)
        more = json.loads(answer)
        if "reason" in more:
            errors[formula] = FormulaError(**more)
            continue
        for node in same_nodes:
            node.update(more)
    store.put(converted)
    return errors


def _convert(tex: str, display: bool) -> bytes:
    """Return as JSON what a formula's node has beside its TeX, or the error."""
    result = parse_formula(tex, display=display)
    # In ASCII, for halves of surrogate pairs.
    return json.dumps(asdict(result) if isinstance(result, FormulaError) else result).encode()


def _cache_key(tex: str, display: bool) -> str:
    return make_key(
        code_digest(*_CODE), b"display" if display else b"inline", tex.encode(errors="surrogatepass")
    )


def parse_formula(tex: str, *, display: bool = False) -> dict[str, Json] | FormulaError:
    """Return the steps of a formula, and how many levels they have.

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
    return {"levels": nested_levels(steps), "c": steps}
