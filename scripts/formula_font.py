"""Makes the font of formulas on pages for the browser: the signs of Latin Modern Math that formulas have.

Usage: .venv/bin/python -m scripts.formula_font latinmodern-math.otf, after `.venv/bin/pip install brotli`.

The font is in Debian's package `fonts-lmodern`, and in TeX Live. Its licence wants changed copies to have
another name.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent.parent / "builder" / "cardwright" / "source" / "formulas"
NAME = "Cardwright Math"
_RANGES = (
    *((" ", "~"), ("Α", "Ω"), ("α", "ω")),
    # Letters in bold, italics, script, Fraktur and double-struck; capital and small Greek in italics.
    *(("\U0001d400", "\U0001d467"), ("\U0001d49c", "\U0001d4b5"), ("\U0001d504", "\U0001d537")),
    *(("\U0001d538", "\U0001d551"), ("\U0001d6a4", "\U0001d6a5"), ("\U0001d6e2", "\U0001d71b")),
)
_SIGNS = (
    "±·×÷¬°¯´`¨ˆˇ˘˙˚˜ıȷ′″‴…‖†‡•ϑϕϖϰϱϵ\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u030a\u030c\u0332"
    "\u0338\u20d0\u20d1\u20d6\u20d7\u20db\u20e1ℏℓℑℜ℘ℵℂℍℕℙℚℝℤℎℬℰℱℋℐℒℳℛÅ←↑→↓↔↕↖↗↘↙↦⇐⇑⇒⇓⇔⇌⇋↼↽⇀⇁↩↪⟵⟶⟷⟸⟹⟺⟼"
    "∀∁∂∃∄∅∆∇∈∉∋∌∏∐∑−∓∔∕∖∗∘∙√∛∝∞∟∠∡∢∣∤∥∦∧∨∩∪∫∬∭∮∴∵∶∼∽≀≁≃≄≅≇≈≉≍≐≑≔≕≜≝≟≠≡≢≤≥≦≧≨≩≪≫≮≯≰≱≲≳≺≻⊀⊁⊂⊃⊄⊅⊆⊇⊈⊉⊊⊋⊎⊏⊐⊑⊒⊓⊔⊕⊖⊗"
    "⊘⊙⊢⊣⊤⊥⊨⊲⊳⊴⊵⋀⋁⋂⋃⋄⋅⋆⋈⋮⋯⋰⋱⌈⌉⌊⌋⎰⎱⏞⏟⏜⏝⏠⏡⎴⎵□△▽◁▷◯♠♡♢♣♭♮♯⟂⟨⟩⟮⟯⨀⨁⨂⨄⨆⩽⩾⪯⪰"
)


def make(source: str) -> None:
    """Write the font. source: the path of the whole one."""
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = []
    options.hinting = False
    options.drop_tables += ["FFTM", "GPOS", "DSIG"]
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    characters = {code for first, last in _RANGES for code in range(ord(first), ord(last) + 1)}
    subsetter.populate(unicodes=characters | set(map(ord, _SIGNS)))
    subsetter.subset(font)
    _rename(font)
    subset.save_font(font, str(FOLDER / "math.woff2"), options)


def _rename(font: TTFont) -> None:
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = NAME.replace(" ", "") if record.nameID == 6 else NAME
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames = [NAME.replace(" ", "")]
        cff.topDictIndex[0].FamilyName = cff.topDictIndex[0].FullName = NAME


if __name__ == "__main__":
    make(sys.argv[1])
