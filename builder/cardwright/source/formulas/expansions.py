"""Macros that stand for other TeX."""

from cardwright.source.formulas.items import sign, token
from cardwright.source.formulas.reader import Handler, Reader
from cardwright.source.formulas.tex_text import join_tex

# By macro: what it stands for, `#1` being its first argument. Source: MathJax 3.2.2.
_EXPANSIONS = {
    " ": "\\text{ }",
    "stackrel": "\\mathrel{\\mathop{#2}\\limits^{#1}}",
    "stackbin": "\\mathbin{\\mathop{#2}\\limits^{#1}}",
    "boxed": "\\fbox{$\\displaystyle{#1}$}",
    "mathstrut": "\\vphantom{(}",
    "iff": "\\;\\Longleftrightarrow\\;",
    "implies": "\\;\\Longrightarrow\\;",
    "impliedby": "\\;\\Longleftarrow\\;",
    "skew": "{{#2{#3\\mkern#1mu}\\mkern-#1mu}{}}",
    "pmb": "\\rlap{#1}\\kern1px{#1}",
    "TeX": "T\\kern-.14em\\lower.5ex{E}\\kern-.115em X",
    "LaTeX": "L\\kern-.325em\\raise.21em{\\scriptstyle{A}}\\kern-.17em\\TeX",
    "pod": "\\mathchoice{\\kern18mu}{\\kern8mu}{\\kern8mu}{\\kern8mu}(#1)",
    "pmod": "\\pod{\\word{mod}\\kern 6mu #1}",
    "mod": "\\mathchoice{\\kern18mu}{\\kern12mu}{\\kern12mu}{\\kern12mu}\\word{mod}\\,\\,#1",
    "varliminf": "\\mathop{\\underline{\\word{lim}}}",
    "varlimsup": "\\mathop{\\overline{\\word{lim}}}",
    "varinjlim": "\\mathop{\\underrightarrow{\\word{lim}}}",
    "longrightleftharpoons": (
        "\\stackrel{\\textstyle{-}\\!\\!{\\rightharpoonup}}{\\smash{{\\leftharpoondown}\\!\\!{-}}}"
    ),
    "longRightleftharpoons": "\\stackrel{\\textstyle{-}\\!\\!{\\rightharpoonup}}{\\smash{\\leftharpoondown}}",
    "longLeftrightharpoons": (
        "\\stackrel{\\textstyle\\vphantom{{-}}{\\rightharpoonup}}{\\smash{{\\leftharpoondown}\\!\\!{-}}}"
    ),
    "longleftrightarrows": "\\stackrel{\\longrightarrow}{\\smash{\\longleftarrow}\\Rule{0px}{.25em}{0px}}",
    "tripledash": (
        "\\vphantom{-}\\raise2mu{\\kern2mu\\tiny\\text{-}\\kern1mu\\text{-}\\kern1mu\\text{-}\\kern2mu}"
    ),
    "varprojlim": "\\mathop{\\underleftarrow{\\word{lim}}}",
}


def expansion(template: str) -> Handler:
    """Return what reads arguments and puts them into a template."""
    parts = template.split("#")
    count = max((int(part[0]) for part in parts[1:]), default=0)

    def handle(reader: Reader, name: str) -> None:
        arguments = [reader.raw_argument(name) for _ in range(count)]
        text = parts[0]
        for part in parts[1:]:
            text = join_tex(join_tex(text, arguments[int(part[0]) - 1]), part[1:])
        reader.expand(text)

    return handle


def _modulo_sign(reader: Reader, _name: str) -> None:
    node = sign("mod", lspace="thickmathspace", rspace="thickmathspace")
    node.keeps_attributes = True
    reader.push(node)


def _word(reader: Reader, name: str) -> None:
    """Read letters that are one name; only the templates here have this macro."""
    reader.push(token("mi", reader.raw_argument(name)))


def _chemistry(reader: Reader, name: str) -> None:
    # Loaded with the first chemistry, since few decks have any.
    from cardwright.source.formulas.chemistry import EXPANSIONS  # noqa: PLC0415

    reader.expand(EXPANSIONS[name](reader.raw_argument(name)))


HANDLERS: dict[str, Handler] = {
    **{f"\\{name}": expansion(template) for name, template in _EXPANSIONS.items()},
    "\\bmod": _modulo_sign,
    "\\ce": _chemistry,
    "\\pu": _chemistry,
    "\\word": _word,
}
