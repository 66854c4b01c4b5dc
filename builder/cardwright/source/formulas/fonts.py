"""Fonts, styles and sizes: what holds for an argument, or to the end of a group."""

from dataclasses import replace

from cardwright.source.formulas.items import Style
from cardwright.source.formulas.lengths import em
from cardwright.source.formulas.nodes import make
from cardwright.source.formulas.operators import Value
from cardwright.source.formulas.reader import Handler, Reader

# By name of a font: the variant of MathML, or MathJax's own where MathML has none.
# `math…` sets an argument in it, and so does `sym…`.
_VARIANTS = {
    "rm": "normal", "up": "normal", "normal": "", "bf": "bold", "bfup": "bold", "it": "-tex-mathit",
    "bfit": "bold-italic", "bb": "double-struck", "frak": "fraktur", "bffrak": "bold-fraktur",
    "scr": "script", "bfscr": "bold-script", "sf": "sans-serif", "sfup": "sans-serif",
    "bfsf": "bold-sans-serif", "bfsfup": "bold-sans-serif", "sfit": "sans-serif-italic",
    "bfsfit": "sans-serif-bold-italic", "tt": "monospace", "cal": "-tex-calligraphic",
    "bfcal": "-tex-bold-calligraphic",
}  # fmt: skip
# By macro: the variant for the rest of the group.
_TO_THE_END = {
    "rm": "normal", "mit": "italic", "oldstyle": "-tex-oldstyle", "cal": "-tex-calligraphic",
    "it": "-tex-mathit", "bf": "bold", "bbFont": "double-struck", "scr": "script", "frak": "fraktur",
    "sf": "sans-serif", "tt": "monospace",
}  # fmt: skip
_SIZES = {
    "tiny": 0.5, "Tiny": 0.6, "scriptsize": 0.7, "small": 0.85, "normalsize": 1.0, "large": 1.2,
    "Large": 1.44, "LARGE": 1.73, "huge": 2.07, "Huge": 2.49,
}  # fmt: skip
_STYLES = {
    "displaystyle": (True, 0), "textstyle": (False, 0), "scriptstyle": (False, 1),
    "scriptscriptstyle": (False, 2),
}  # fmt: skip


def _argument_in(variant: str) -> Handler:
    def handle(reader: Reader, name: str) -> None:
        text = reader.raw_argument(name)
        environment = replace(reader.environment, font=variant, letters="[a-zA-Z]+", words=True)
        reader.push(make("TeXAtom", *reader.part(text, environment)))

    return handle


def _rest_in(variant: str) -> Handler:
    def handle(reader: Reader, _name: str) -> None:
        reader.environment.font = variant

    return handle


def _style(**styles: Value) -> Handler:
    def handle(reader: Reader, _name: str) -> None:
        reader.push(Style(styles=styles))

    return handle


def _bold(reader: Reader, name: str) -> None:
    environment = replace(reader.environment, bold=True)
    reader.push(*reader.part(reader.raw_argument(name), environment))


HANDLERS: dict[str, Handler] = {
    **{f"\\math{name}": _argument_in(variant) for name, variant in _VARIANTS.items()},
    **{f"\\sym{name}": _argument_in(variant) for name, variant in _VARIANTS.items()},
    "\\symit": _argument_in("italic"),
    "\\Bbb": _argument_in("double-struck"),
    **{f"\\{name}": _rest_in(variant) for name, variant in _TO_THE_END.items()},
    **{f"\\{name}": _style(mathsize=em(size)) for name, size in _SIZES.items()},
    **{
        f"\\{name}": _style(displaystyle=display, scriptlevel=level)
        for name, (display, level) in _STYLES.items()
    },
    "\\boldsymbol": _bold,
}
