"""What people write without cardwright: each card drawn on a ReportLab canvas.

Arguments: JSON of cards (see bench/decks.py), and the PDF to write. Pages of fronts and pages of backs
alternate; the columns of the backs are mirrored. Text that doesn't fit its box is made smaller step by step.
"""

import html
import json
import math
import sys
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

COLUMNS, ROWS = 2, 4
WIDTH, HEIGHT, PADDING = 95 * mm, 68 * mm, 7 * mm
LEFT, TOP, PITCH_X, PITCH_Y = 9 * mm, 9.5 * mm, 97 * mm, 70 * mm
# In this size, about as many sides have to shrink as on cardwright's sheets, whose font is narrower.
SIZE = 12.5
MIN_SCALE = 0.6
HEAD_SIZE, SOURCE_SIZE = 7, 6.5
GREY, COLOUR = HexColor("#737373"), HexColor("#1e4b75")
Row = tuple[Paragraph, float]  # a paragraph and its height


def side_rows(card: dict[str, Any], *, front: bool, scale: float) -> tuple[list[Row], float]:
    """Return the paragraphs of one side, and the height of all with the gaps between them."""

    def style(name: str, size: float, **options: object) -> ParagraphStyle:
        size *= SIZE * scale
        return ParagraphStyle(name, fontName="Vera", fontSize=size, leading=1.22 * size, **options)

    escape = html.escape
    if front:
        question = style("question", 1, alignment=TA_CENTER)
        paragraphs = [Paragraph(f"<b>{escape(card['question'])}</b>", question)]
    else:
        point = style("point", 0.97, leftIndent=SIZE * scale)
        paragraphs = [
            Paragraph(f"<b>{escape(card['answer'])}</b>", style("answer", 0.97)),
            *(Paragraph(escape(text), point, bulletText="•") for text in card["points"]),
            Paragraph(escape(card["extra"]), style("extra", 0.69)),
        ]
    rows = [(paragraph, paragraph.wrap(WIDTH - 2 * PADDING, HEIGHT)[1]) for paragraph in paragraphs]
    return rows, sum(height for _, height in rows) + gap(scale) * (len(rows) - 1)


def gap(scale: float) -> float:
    return 0.4 * SIZE * scale


def free_height(*, front: bool) -> float:
    """Return the height that the head, and the source of a back, leave."""
    return float(HEIGHT - 2 * PADDING - 1.5 * HEAD_SIZE - (0 if front else 1.5 * SOURCE_SIZE))


def fitted_rows(card: dict[str, Any], *, front: bool) -> tuple[list[Row], float]:
    """Return what `side_rows` does, at the first scale that fits."""
    available, scale = free_height(front=front), 1.0
    rows, needed_height = side_rows(card, front=front, scale=scale)
    while needed_height > available and scale > MIN_SCALE:
        scale = max(MIN_SCALE, min(scale * math.sqrt(available / needed_height), scale - 0.02))
        rows, needed_height = side_rows(card, front=front, scale=scale)
    return rows, needed_height


def draw_side(canvas: Canvas, card: dict[str, Any], x: float, top: float, *, front: bool) -> None:
    """Draw one side. x, top: the upper left corner of the card, in pt from the lower left one of the page."""
    canvas.setFillColor(COLOUR)
    canvas.rect(x if front else x + WIDTH - 2.4 * mm, top - HEIGHT, 2.4 * mm, HEIGHT, stroke=0, fill=1)
    canvas.setStrokeColor(GREY)
    canvas.setLineWidth(0.25)
    canvas.rect(x, top - HEIGHT, WIDTH, HEIGHT)
    left, right, baseline = x + PADDING, x + WIDTH - PADDING, top - PADDING - HEAD_SIZE
    canvas.setFillColor(GREY)
    canvas.setFont("Vera", HEAD_SIZE)
    canvas.drawString(left, baseline, "Bench")
    canvas.drawRightString(right, baseline, card["id"])
    rows, height = fitted_rows(card, front=front)
    y = top - PADDING - 1.5 * HEAD_SIZE - (free_height(front=front) - height) / 2
    for paragraph, paragraph_height in rows:
        paragraph.drawOn(canvas, left, y - paragraph_height)
        y -= paragraph_height + gap(1)
    if not front:
        style = ParagraphStyle("source", fontName="Vera", fontSize=SOURCE_SIZE, textColor=GREY)
        source = Paragraph("A. Author: <i>Anatomy</i> (1918)", style)
        source.wrap(WIDTH - 2 * PADDING, HEIGHT)
        source.drawOn(canvas, left, top - HEIGHT + PADDING)


def main() -> None:
    source, target = sys.argv[1:]
    for name in ("Vera", "VeraBd", "VeraIt", "VeraBI"):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
    pdfmetrics.registerFontFamily("Vera", "Vera", "VeraBd", "VeraIt", "VeraBI")
    cards = json.loads(Path(source).read_text(encoding="utf-8"))
    canvas = Canvas(target, pagesize=A4)
    for start in range(0, len(cards), COLUMNS * ROWS):
        for front in (True, False):
            for slot, card in enumerate(cards[start : start + COLUMNS * ROWS]):
                row, column = divmod(slot, COLUMNS)
                x = LEFT + PITCH_X * (column if front else COLUMNS - 1 - column)
                draw_side(canvas, card, x, A4[1] - TOP - PITCH_Y * row, front=front)
            canvas.showPage()
    canvas.save()


if __name__ == "__main__":
    main()
