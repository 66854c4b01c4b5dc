"""What a layout with running text is before it is measured, and what it becomes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.running_text.columns import Row
from cardwright.formats.pdf.sides import Side

Fit = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Measured:
    """fits: of the sides, in order; see flow.typ. headings: heights in mm, of the title first."""

    fits: Sequence[Fit]
    headings: Sequence[float]


@dataclass(frozen=True, slots=True)
class Draft:
    """A layout before it is measured.

    sides: all that is to be set.
    headings: what stands above it, as flow.typ's `topic-heading` takes it.
    content: what the template needs to draw it, besides what every layout has.
    """

    sides: list[Side]
    headings: list[Json]
    content: Callable[[Measured], dict[str, Json]]


def fitted(side: Side, fit: Fit) -> dict[str, Json]:
    """A side's tree with its fit."""
    return {**side.tree, "fit": fit}


def rows(pages: Sequence[Sequence[Row]]) -> list[Json]:
    """The rows of each page, for the template."""
    return [
        [
            {
                "section": row.section,
                "opens": row.opens,
                "columns": row.columns,
                "wide": row.wide,
                "broken": row.broken,
            }
            for row in page
        ]
        for page in pages
    ]


def height(fit: Fit) -> float:
    """Of a side, in mm."""
    need = fit["need"]
    assert isinstance(need, int | float)
    return float(need)
