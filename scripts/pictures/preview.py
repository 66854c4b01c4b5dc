"""Draw docs/pictures/preview.png: a card of the hamstring deck as `cardwright preview` shows it."""

from pathlib import Path

from scripts.pictures.drawing import PICTURES, draw_preview


def draw() -> None:
    draw_preview(Path(), "hamstrings/act-hip", PICTURES / "preview.png", 1260, 930, 1.5)
