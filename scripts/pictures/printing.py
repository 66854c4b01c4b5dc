"""Draw the pictures of docs/printing.md: pages of the hamstring deck, and how to turn and to stack them.

`cardwright print` makes the pages.
"""

import html
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from scripts.pictures.drawing import CARDWRIGHT, PICTURES, take_screenshot

TOPIC = "Injury and its grades"
# In CSS pixels, of which each is two of the picture.
WIDTH, DENSITY = 660, 2
_MARGIN = 16
_PAGE_PPI = 220
_A4_HEIGHT = 297

_HEAD = """<!doctype html><meta charset="utf-8"><style>
* { box-sizing: border-box; }
body { margin: 0; background: #e9edf0; font: 15px/1.3 "DejaVu Sans", sans-serif; color: #37424a; }
.crop { position: relative; overflow: hidden; background: #fff; box-shadow: 0 2px 10px #0003; }
.crop + .crop, .crop + h2, h2 + .crop { margin-top: 12px; }
.crop img { position: absolute; display: block; }
.crop svg { position: absolute; inset: 0; }
h2 { font-size: 15px; font-weight: 600; margin: 0; }
main { padding: 16px; }
text { font: 13px "DejaVu Sans", sans-serif; fill: #9a3412; font-weight: 600; }
.plain text { fill: #37424a; font-weight: 400; font-size: 14px; }
</style>"""


@dataclass(frozen=True)
class Part:
    """A part of a printed page. left, top, width, height: in mm."""

    page: Path
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Label:
    """Words beside what they explain.

    x, y: the place of the words, in mm on the page. points_at: where a line from there ends.
    anchor: which end of the words is at that place, as in SVG.
    """

    text: str
    x: float
    y: float
    points_at: tuple[float, float]
    anchor: str = "start"


def draw() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _draw_sheet(folder)
        _draw_fold(folder)
        _draw_text_pages(folder)
        _draw_calibration(folder)
        _save(folder, "turning", _turning(), 470)
        _save(folder, "stacks", _stacks(), 324)


def _draw_sheet(folder: Path) -> None:
    front, back = _print(folder, "--ids", "names-count,name-long-tendon")
    parts = [
        "<h2>Front</h2>",
        _show(
            Part(front, 5, 3, 200, 78),
            Label("sheet, and its side", 182, 27, (193, 8.8), "end"),
            Label("topic", 22, 28, (20, 18)),
            Label("number of the card", 88, 28, (96.5, 18), "end"),
            Label("colour of the topic", 24, 65, (11, 56)),
            Label("cut here", 92, 72, (105, 65), "end"),
        ),
        "<h2>Back</h2>",
        _show(
            Part(back, 5, 3, 200, 78),
            Label("id of the card", 142, 28, (179, 18), "end"),
            Label("number of the card", 190, 32.5, (193.7, 18), "end"),
            Label("source", 145, 63, (145, 69), "middle"),
        ),
        "<h2>Below the last row of the front</h2>",
        _show(Part(front, 5, 279, 200, 15), Label("ruler", 28, 292, (55, 290))),
    ]
    _save(folder, "sheet", "".join(parts), 690)


def _draw_fold(folder: Path) -> None:
    page, *_ = _print(folder, "--mode", "fold", "--topic", "Names")
    labels = [
        Label("cut here", 40, 72, (40, 78.5), "middle"),
        Label("fold here", 92, 130, (105.5, 124), "end"),
    ]
    _save(folder, "fold", _show(Part(page, 5, 3, 200, 145), *labels), 488)


def _draw_text_pages(folder: Path) -> None:
    page, *_ = _print(folder, "--layout", "quiz", "--topic", TOPIC)
    _save(folder, "quiz", _show(Part(page, 10, 10, 190, 187)), 650)
    page, *_ = _print(folder, "--layout", "list", "--topic", "Names")
    labels = [Label("fold here", 94, 20, (104.5, 14), "end")]
    _save(folder, "list", _show(Part(page, 10, 10, 190, 137), *labels), 485)


def _draw_calibration(folder: Path) -> None:
    _, page = _print(folder, "--calibrate")
    _save(folder, "calibration", _show(Part(page, 20, 138, 170, 122)), 483)


def _print(folder: Path, *options: str) -> Sequence[Path]:
    """Print and return a picture of each page."""
    deck = () if "--calibrate" in options else ("hamstrings",)
    pdf = folder / "printed.pdf"
    command = [CARDWRIGHT, "print", *deck, *options, "--out", str(pdf)]
    subprocess.run(command, check=True, capture_output=True)
    stem = folder / f"page-{len(list(folder.iterdir()))}"
    subprocess.run(
        ["pdftoppm", "-r", str(_PAGE_PPI), "-png", str(pdf), str(stem)], check=True, capture_output=True
    )
    return sorted(folder.glob(f"{stem.name}-*.png"))


def _show(part: Part, *labels: Label) -> str:
    """Return a part of a page as HTML, with labels in it."""
    width = WIDTH - 2 * _MARGIN
    scale = width / part.width
    with Image.open(part.page) as picture:
        page_width = 25.4 * picture.width / _PAGE_PPI

    def place(x: float, y: float) -> tuple[float, float]:
        return round((x - part.left) * scale, 1), round((y - part.top) * scale, 1)

    shapes = []
    for label in labels:
        (x, y), (end_x, end_y) = place(label.x, label.y), place(*label.points_at)
        text_width = 8.4 * len(label.text)
        left = x - {"start": 0, "middle": text_width / 2, "end": text_width}[label.anchor]
        start_x = min(max(end_x, left), left + text_width)
        start_y = y - 14 if end_y < y - 14 else y + 4 if end_y > y + 4 else y - 5
        shapes += [
            _path(f"M{start_x} {start_y}L{end_x} {end_y}", "#c2410c"),
            f'<circle cx="{end_x}" cy="{end_y}" r="3" fill="#c2410c"/>',
            _text(x, y, label.text, anchor=label.anchor),
        ]
    left, top = place(0, 0)
    picture_style = f"left: {left}px; top: {top}px; width: {page_width * scale:.1f}px"
    return (
        f'<div class="crop" style="width: {width}px; height: {part.height * scale:.0f}px">'
        f'<img src="{part.page.as_uri()}" style="{picture_style}">'
        f'<svg width="100%" height="100%">{"".join(shapes)}</svg></div>'
    )


def _turning() -> str:
    """Return a drawing of a sheet that is turned over its long edge, and over its short edge."""
    rows = (
        ("Long edge: like a page of a book", "2143", True),
        ("Short edge: like a page of a wall calendar", "3412", False),
    )
    shapes = []
    for row, (title, backs, is_long) in enumerate(rows):
        y = 12 + 228 * row
        shapes += [
            _text(16, y + 14, title, "font-weight: 600; font-size: 15px", anchor="start"),
            _small_sheet(60, y + 32, "question", "1234", "front", "#dcebf5"),
            _turn(285, y + 32, is_long=is_long),
            _small_sheet(480, y + 32, "answer", backs, "back", "#f8e6c4"),
        ]
    return _drawing(16, 10, 628, 438, shapes)


_SHEET_WIDTH, _SHEET_HEIGHT = 110, 155.6


def _small_sheet(x: float, y: float, word: str, numbers: str, side: str, fill: str) -> str:
    """Return a sheet with four cards. word, numbers: what is on them, as one reads. fill: their colour."""
    middle = x + _SHEET_WIDTH / 2
    shapes = [
        _rectangle(x, y, _SHEET_WIDTH, _SHEET_HEIGHT, stroke="#37424a"),
        _text(middle, y + _SHEET_HEIGHT + 17, side),
    ]
    for index, number in enumerate(numbers):
        left, top = x + 7 + 49 * (index % 2), y + 7 + 71.8 * (index // 2)
        shapes += [
            _rectangle(left, top, 47, 69.8, fill=fill),
            _text(left + 23.5, top + 24, word, "font-size: 10px"),
            _text(left + 23.5, top + 50, number, "font-size: 20px; font-weight: 600"),
        ]
    return "".join(shapes)


def _turn(x: float, y: float, *, is_long: bool) -> str:
    """Return a sheet halfway through its turn, the edge over which it turns, and an arrow around that."""
    right, bottom = x + _SHEET_WIDTH, y + _SHEET_HEIGHT
    if is_long:
        sheet = f"M{x} {y}L{x + 46} {y + 20}V{bottom + 20}L{x} {bottom}z"
        edge = f"M{x} {y - 8}V{bottom + 8}"
        arrow = f"M{right} {y + 60}C{right - 6} {y + 4} {x - 74} {y + 4} {x - 80} {y + 60}"
    else:
        sheet = f"M{x} {y}H{right}L{right + 24} {y + 60}H{x + 24}z"
        edge = f"M{x - 8} {y}H{right + 8}"
        arrow = (
            f"M{right + 14} {bottom - 6}C{right + 64} {y + 90} {right + 54} {y + 10} {right + 16} {y - 12}"
        )
    return (
        _path(f"M{x} {y}H{right}V{bottom}H{x}z", "#8a959d", 'stroke-dasharray="3 3"')
        + _path(sheet, "#37424a", 'fill="#fff" fill-opacity="0.9"')
        + _path(edge, "#c2410c", 'stroke-width="3.5"')
        + _path(arrow, "#0b6077", _ARROW_HEAD)
    )


def _stacks() -> str:
    """Return a drawing of a pile of seven sheets, the stacks that it is cut into, and these on each other."""
    titles = (
        (24, "Seven sheets,", "the first on top"),
        (254, "Cut them into", "eight stacks"),
        (490, "Put together in", "reading order"),
    )
    bold = "font-weight: 600"
    shapes = [_text(left, 18, first, bold, anchor="start") for left, first, _ in titles]
    shapes += [_text(left, 37, second, bold, anchor="start") for left, _, second in titles]
    x, y, width, height = 24, 58, 150, 212
    shapes += [_rectangle(x + 3 * number, y + 3 * number, width, height) for number in range(6, -1, -1)]
    cuts = [
        f"M{x + 75} {y - 8}v{height + 14}",
        *(f"M{x - 8} {y + 53 * row}h{width + 14}" for row in (1, 2, 3)),
    ]
    shapes += [_path(cut, "#c2410c", 'stroke-dasharray="5 3"') for cut in cuts]
    for index in range(8):
        cards = f"{7 * index + 1}–{min(7 * index + 7, 55)}"
        column, row = index % 2, index // 2
        left, top = 254 + 92 * column, y - 4 + 58 * row
        shapes += [
            _text(x + 37.5 + 75 * column, y + 31 + 53 * row, cards),
            *(_rectangle(left + 1.5 * number, top + 1.5 * number, 70, 42) for number in range(6, -1, -1)),
            _text(left + 35, top + 26, cards),
            _rectangle(510, y + 6 + 26 * index, 104, 22),
            _text(562, y + 22 + 26 * index, cards),
        ]
    shapes += [_path(f"M{left} {y + 106}h36", "#0b6077", _ARROW_HEAD) for left in (202, 456)]
    return _drawing(12, 0, 628, 292, shapes)


_ARROW_HEAD = 'stroke-width="2.5" marker-end="url(#arrow)"'


def _drawing(left: float, top: float, width: float, height: float, shapes: Sequence[str]) -> str:
    arrow = (
        '<marker id="arrow" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0 0L10 5L0 10z" fill="#0b6077"/></marker>'
    )
    box = f'width="{width}" height="{height}" viewBox="{left} {top} {width} {height}"'
    return f'<svg class="plain" {box}><defs>{arrow}</defs>{"".join(shapes)}</svg>'


def _rectangle(
    x: float, y: float, width: float, height: float, *, fill: str = "#fff", stroke: str = "#8a959d"
) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}" stroke="{stroke}"/>'


def _path(path: str, stroke: str, attributes: str = "") -> str:
    return f'<path {attributes} fill="none" stroke-width="1.5" stroke="{stroke}" d="{path}"/>'


def _text(x: float, y: float, text: str, style: str = "", *, anchor: str = "middle") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" style="{style}">{html.escape(text)}</text>'


def _save(folder: Path, name: str, body: str, height: int) -> None:
    """Draw a picture. body: in HTML. height: in CSS pixels."""
    page, target = folder / f"{name}.html", PICTURES / f"{name}.png"
    page.write_text(f"{_HEAD}<main>{body}</main>", encoding="utf-8")
    take_screenshot(page, target, folder, WIDTH, height, DENSITY)
