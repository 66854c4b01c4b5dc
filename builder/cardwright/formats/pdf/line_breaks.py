"""Where the engine breaks a paragraph: so that its lines are about equally full.

All lengths are in em of the paragraph.
"""

import math
from collections.abc import Sequence
from itertools import accumulate
from operator import add
from typing import NamedTuple

# The engine takes lengths for equal that differ by less than a millionth of a pt. Where this much decides,
# only the engine knows.
TOLERANCE = 1e-4
# Source: Typst, typst-layout/src/inline/linebreak.rs, `raw_ratio` and `raw_cost`: a space may grow by half
# of its width at the cost of 1; beyond that, half an em is as bad. A single word on the last line has the
# cost of a runt, multiplied by what base.typ says.
_STRETCH = 0.5
_EXTRA_STRETCH = 0.5
_MAX_RATIO = 10.0
# Costs that differ by less, in proportion, may be the other way round for the engine, which adds differently.
_EQUAL = 1e-9
_RUNT_COST = (1 + 100 * 1000) ** 2


class Lines(NamedTuple):
    """The lines of a paragraph: how many they are, and the width of the widest."""

    line_count: int
    widest: float


def break_lines(words: Sequence[float], spaces: Sequence[float], width: float) -> Lines | None:
    """Return the lines that a paragraph takes.

    words: the widths of its words. spaces: those of the spaces between them.
    width: of a line.

    Returns None where the engine has to be asked: when a word does not fit on a line, or just fits.
    """
    starts = list(accumulate(words, initial=0.0))
    gaps = list(accumulate(spaces, initial=0.0))
    natural = starts[-1] + gaps[-1]
    if natural < width - TOLERANCE:
        return Lines(1, natural)
    if max(words) > width - TOLERANCE:
        return None
    return _break_into_lines(starts, gaps, width)


def _break_into_lines(starts: Sequence[float], gaps: Sequence[float], width: float) -> Lines | None:
    """Return the lines with the least cost. starts, gaps: the sums of words, or spaces, before each one."""
    last = len(gaps) - 1
    offsets = list(map(add, starts, gaps))  # where each word begins on a single line
    # For the words before each one: the least cost, their lines, and whether no other lines cost the same.
    costs, counts, widest_lines, certain = [0.0], [0], [0.0], [True]
    first = 0
    for index in range(last + 1):
        end = starts[index + 1] + gaps[index]
        while end - offsets[first] > width:
            first += 1
        is_too_wide_with_more = first == 0 or end - offsets[first - 1] > width + TOLERANCE
        if not is_too_wide_with_more or end - offsets[first] > width - TOLERANCE:
            return None
        least, best, is_certain = math.inf, first, True
        for start in range(first, index + 1):
            taken = end - offsets[start]
            if index == last:
                cost = _RUNT_COST if start == last else 1.0
            else:
                room = width - taken
                stretch = (gaps[index] - gaps[start]) * _STRETCH
                if room <= stretch:
                    ratio = room / stretch
                else:
                    ratio = min(1 + (room - stretch) / ((index - start) or 1) / _EXTRA_STRETCH, _MAX_RATIO)
                cost = (1 + 100 * ratio * ratio * ratio) ** 2
            if cost > least:
                break  # A shorter line costs even more.
            cost += costs[start]
            if cost < least * (1 + _EQUAL):
                is_certain = cost < least * (1 - _EQUAL)
                least, best = cost, start
        widest = end - offsets[best]
        costs.append(least)
        counts.append(counts[best] + 1)
        widest_lines.append(max(widest_lines[best], widest))
        certain.append(is_certain and certain[best])
    return Lines(counts[-1], widest_lines[-1]) if certain[-1] else None
