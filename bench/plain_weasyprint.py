"""What people write without this tool: HTML with a box a card, made a PDF by WeasyPrint.

Arguments: JSON of cards (see bench/decks.py), and the PDF to write. A page of fronts and one of backs by
turns, the columns of the backs the other way round; text that does not fit its box is made smaller step by
step.
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
LEAST = 0.6
MM = 96 / 25.4  # CSS pixels
# What is to be measured must not be cut off by the end of the paper.
MEASURING = "@page { size: 210mm 1200mm }"

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

Side = tuple[int, bool]  # number of the card, and whether its front


def side(card: dict[str, Any], number: int, *, front: bool, scale: float) -> str:
    """The text of one side, with an anchor where it ends."""
    say = html.escape
    if front:
        text = f'<p class="question">{say(card["question"])}</p>'
    else:
        points = "".join(f"<li>{say(point)}</li>" for point in card["more"])
        listed = f"<ul>{points}</ul>" if points else ""
        text = (
            f'<div class="answer"><p><b>{say(card["answer"])}</b></p>{listed}</div>'
            f'<p class="extra">{say(card["extra"])}</p><p class="source">A. Author: <i>Anatomy</i> (1918)</p>'
        )
    head = f'<div class="head"><span>Bench</span><span>{card["id"]}</span></div>'
    end = f'<div id="{"f" if front else "b"}{number}"></div>'
    return f'{head}<div style="font-size: {14.5 * scale:.2f}pt">{text}</div>{end}'


def pages(cards: list[dict[str, Any]], wanted: list[Side], scales: dict[Side, float], style: str = "") -> str:
    """HTML of some sides. style: what they are to have besides."""
    numbers = sorted({number for number, _ in wanted})
    chosen = set(wanted)
    made = [f'<html lang="en"><head><title>Bench</title><style>{STYLE}{style}</style></head><body>']
    for start in range(0, len(numbers), COLUMNS * ROWS):
        for front in (True, False):
            made.append('<div class="page">')
            for slot, number in enumerate(numbers[start : start + COLUMNS * ROWS]):
                if (number, front) not in chosen:
                    continue
                row, column = divmod(slot, COLUMNS)
                x = LEFT + PITCH_X * (column if front else COLUMNS - 1 - column)
                text = side(cards[number], number, front=front, scale=scales.get((number, front), 1.0))
                place = f"left: {x}mm; top: {TOP + PITCH_Y * row}mm"
                made.append(f'<div class="card" style="{place}">{text}</div>')
            made.append("</div>")
    return "".join([*made, "</body></html>"])


def main() -> None:
    source, target = sys.argv[1:]
    cards = json.loads(Path(source).read_text(encoding="utf-8"))
    every = [(number, front) for number in range(len(cards)) for front in (True, False)]
    scales: dict[Side, float] = {}
    left = every
    while left:
        ends: dict[str, float] = {}
        for page in HTML(string=pages(cards, left, scales, MEASURING)).render().pages:
            ends |= {name: y for name, (_, y, *_) in page.anchors.items()}
        places = {number: slot % (COLUMNS * ROWS) for slot, number in enumerate(sorted({n for n, _ in left}))}
        again = []
        for number, front in left:
            top = TOP + PITCH_Y * (places[number] // COLUMNS) + PADDING
            need = ends[f"{'f' if front else 'b'}{number}"] / MM - top
            have = HEIGHT - 2 * PADDING
            scale = scales.get((number, front), 1.0)
            if need > have and scale > LEAST:
                scales[number, front] = max(LEAST, min(scale * math.sqrt(have / need), scale - 0.02))
                again.append((number, front))
        left = again
    HTML(string=pages(cards, every, scales)).write_pdf(target)
    print(f"{len(scales)} of {len(every)} sides made smaller")


if __name__ == "__main__":
    main()
