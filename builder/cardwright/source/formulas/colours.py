"""Colours in formulas: `\\color` and its kin."""

import re
from dataclasses import replace

from cardwright.source.formulas.items import Style, UnreadableTex
from cardwright.source.formulas.nodes import make
from cardwright.source.formulas.operators import Value
from cardwright.source.formulas.reader import Handler, Reader
from cardwright.source.formulas.text import read_words

# The colours of dvips; all other names are those of CSS. Source: MathJax 3.2.2.
_NAMES = """
    Apricot FBB982 Aquamarine 00B5BE Bittersweet C04F17 Black 221E1F Blue 2D2F92 BlueGreen 00B3B8
    BlueViolet 473992 BrickRed B6321C Brown 792500 BurntOrange F7921D CadetBlue 74729A CarnationPink F282B4
    Cerulean 00A2E3 CornflowerBlue 41B0E4 Cyan 00AEEF Dandelion FDBC42 DarkOrchid A4538A Emerald 00A99D
    ForestGreen 009B55 Fuchsia 8C368C Goldenrod FFDF42 Gray 949698 Green 00A64F GreenYellow DFE674
    JungleGreen 00A99A Lavender F49EC4 LimeGreen 8DC73E Magenta EC008C Mahogany A9341F Maroon AF3235
    Melon F89E7B MidnightBlue 006795 Mulberry A93C93 NavyBlue 006EB8 OliveGreen 3C8031 Orange F58137
    OrangeRed ED135A Orchid AF72B0 Peach F7965A Periwinkle 7977B8 PineGreen 008B72 Plum 92268F
    ProcessBlue 00B0F0 Purple 99479B RawSienna 974006 Red ED1B23 RedOrange F26035 RedViolet A1246B
    Rhodamine EF559F RoyalBlue 0071BC RoyalPurple 613F99 RubineRed ED017D Salmon F69289 SeaGreen 3FBC9D
    Sepia 671800 SkyBlue 46C5DD SpringGreen C6DC67 Tan DA9D76 TealBlue 00AEB3 Thistle D883B7
    Turquoise 00B4CE Violet 58429B VioletRed EF58A0 White FFFFFF WildStrawberry EE2967 Yellow FFF200
    YellowGreen 98CC70 YellowOrange FAA21A
"""
_COLORS = {name: f"#{code}" for name, code in re.findall(r"([A-Za-z]+) ([0-9A-F]{6})", _NAMES)}
# By model: how many numbers it has, what one is written as, and how much is full strength.
_MODELS = {
    "rgb": (3, r"\d+(?:\.\d*)?|\.\d+", 1),
    "RGB": (3, r"\d+", 255),
    "gray": (1, r"\d+(?:\.\d*)?|\.\d+", 1),
}
_PADDING: dict[str, Value] = {"width": "+10px", "height": "+5px", "depth": "+5px", "lspace": "5px"}


def _color(name: str, model: str, color: str) -> str:
    """Return a colour as CSS writes it. model: how it is given; empty for a name."""
    if model in {"", "named"}:
        return _COLORS.get(color, color)
    count, number, full = _MODELS.get(model, (0, "", 1))
    parts = re.split(r"\s*,\s*", color.strip())
    if len(parts) != count or not all(re.fullmatch(number, part, re.ASCII) for part in parts):
        raise UnreadableTex(f"`{name}[{model}]` is followed by no such colour")
    values = [float(part) for part in parts]
    if max(values) > full:
        raise UnreadableTex(f"`{name}[{model}]` has a number above {full}")
    codes = [f"{int(value * 255 / full):02x}" for value in values]
    return "#" + "".join(codes * (3 // count))


def _set_color(reader: Reader, name: str) -> None:
    color = _color(name, reader.brackets("") or "", reader.raw_argument(name))
    reader.environment.color = color
    reader.push(Style(styles={"mathcolor": color}))


def _color_argument(reader: Reader, name: str) -> None:
    color = _color(name, reader.brackets("") or "", reader.raw_argument(name))
    nodes = reader.part(reader.raw_argument(name), replace(reader.environment, color=color))
    reader.push(make("mstyle", *nodes, mathcolor=color))


def _color_box(reader: Reader, name: str) -> None:
    color = _color(name, "", reader.raw_argument(name))
    nodes = read_words(reader, reader.raw_argument(name))
    reader.push(make("mpadded", *nodes, mathbackground=color, **_PADDING))


HANDLERS: dict[str, Handler] = {
    "\\color": _set_color,
    "\\textcolor": _color_argument,
    "\\colorbox": _color_box,
}
