"""What people write without cardwright: HTML with a box for each card, made into a PDF by WeasyPrint.

Arguments: JSON of cards (see bench/decks.py), and the PDF to write. Pages of fronts and pages of backs
alternate; the columns of the backs are mirrored. Text that doesn't fit its box is made smaller step by step.
"""

import html
import json
import math
import sys
from pathlib import Path
from typing import Any

from weasyprint import HTML

COLUMNS, ROWS = 2, 4
WIDTH, HEIGHT, PADDING = 95, 68, 7  # mm
LEFT, TOP, PITCH_X, PITCH_Y = 9, 9.5, 97, 70
MIN_SCALE = 0.6
MM = 96 / 25.4  # CSS pixels
# Text that is being measured must not be cut off by the end of the paper.
MEASURING_STYLE = "@page { size: 210mm 1200mm }"

STYLE = f"""
@page {{ size: 210mm 297mm; margin: 0 }}
body {{ margin: 0; font-family: "Noto Serif", "Noto Sans", serif }}
.page {{ position: relative; width: 210mm; height: 297mm; break-after: page }}
.card {{ position: absolute; width: {WIDTH}mm; height: {HEIGHT}mm; box-sizing: border-box;
         padding: {PADDING}mm; overflow: hidden; border-left: 2.4mm solid #1e4b75 }}
.head {{ font-size: 7pt; color: #737373; display: flex; justify-content: space-between }}
.question {{ font-size: 1em; font-weight: 600; text-align: center }}
.answer {{ font-size: .97em }} .extra {{ font-size: .69em }} p, ul {{ margin: .5em 0 }}
.source {{ font-size: 6.5pt; color: #737373 }}
"""

Side = tuple[int, bool]  # the number of a card, and whether this is its front


def side_html(card: dict[str, Any], number: int, *, front: bool, scale: float) -> str:
    """Return the HTML of one side, with an anchor at its end."""
    escape = html.escape
    if front:
        text = f'<p class="question">{escape(card["question"])}</p>'
    else:
        points = "".join(f"<li>{escape(point)}</li>" for point in card["points"])
        text = (
            f'<div class="answer"><p><b>{escape(card["answer"])}</b></p>'
            f"{f'<ul>{points}</ul>' if points else ''}</div>"
            f'<p class="extra">{escape(card["extra"])}</p>'
            '<p class="source">A. Author: <i>Anatomy</i> (1918)</p>'
        )
    head = f'<div class="head"><span>Bench</span><span>{card["id"]}</span></div>'
    end = f'<div id="{"f" if front else "b"}{number}"></div>'
    return f'{head}<div style="font-size: {14.5 * scale:.2f}pt">{text}</div>{end}'


def pages_html(
    cards: list[dict[str, Any]], sides: list[Side], scales: dict[Side, float], style: str = ""
) -> str:
    """Return the HTML of some sides. style: CSS in addition to `STYLE`."""
    numbers = sorted({number for number, _ in sides})
    chosen = set(sides)
    parts = [f'<html lang="en"><head><title>Bench</title><style>{STYLE}{style}</style></head><body>']
    for start in range(0, len(numbers), COLUMNS * ROWS):
        for front in (True, False):
            parts.append('<div class="page">')
            for slot, number in enumerate(numbers[start : start + COLUMNS * ROWS]):
                if (number, front) not in chosen:
                    continue
                row, column = divmod(slot, COLUMNS)
                x = LEFT + PITCH_X * (column if front else COLUMNS - 1 - column)
                text = side_html(cards[number], number, front=front, scale=scales.get((number, front), 1.0))
                position = f"left: {x}mm; top: {TOP + PITCH_Y * row}mm"
                parts.append(f'<div class="card" style="{position}">{text}</div>')
            parts.append("</div>")
    return "".join([*parts, "</body></html>"])


def main() -> None:
    source, target = sys.argv[1:]
    cards = json.loads(Path(source).read_text(encoding="utf-8"))
    all_sides = [(number, front) for number in range(len(cards)) for front in (True, False)]
    scales: dict[Side, float] = {}
    unfitted_sides = all_sides
    while unfitted_sides:
        ends: dict[str, float] = {}
        for page in HTML(string=pages_html(cards, unfitted_sides, scales, MEASURING_STYLE)).render().pages:
            ends |= {name: y for name, (_, y, *_) in page.anchors.items()}
        numbers = sorted({number for number, _ in unfitted_sides})
        slots = {number: index % (COLUMNS * ROWS) for index, number in enumerate(numbers)}
        too_long = []
        for number, front in unfitted_sides:
            top = TOP + PITCH_Y * (slots[number] // COLUMNS) + PADDING
            needed_height = ends[f"{'f' if front else 'b'}{number}"] / MM - top
            free_height = HEIGHT - 2 * PADDING
            scale = scales.get((number, front), 1.0)
            if needed_height > free_height and scale > MIN_SCALE:
                new_scale = min(scale * math.sqrt(free_height / needed_height), scale - 0.02)
                scales[number, front] = max(MIN_SCALE, new_scale)
                too_long.append((number, front))
        unfitted_sides = too_long
    HTML(string=pages_html(cards, all_sides, scales)).write_pdf(target)
    print(f"{len(scales)} of {len(all_sides)} sides made smaller")


if __name__ == "__main__":
    main()
