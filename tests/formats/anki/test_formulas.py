"""Formulas in Anki's own MathJax: what is accepted is shown, and what would reach out is refused."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from random import Random

import pytest
from anki.collection import Collection
from anki.notes import Note
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cardwright.collection import content as c
from cardwright.diagnostics import Report
from cardwright.formats.anki import escape, fields
from cardwright.source.markup import MarkupReader
from cardwright.source.template_reader import read_template
from cardwright.source.tex import ENVIRONMENTS, MACROS, find_tex_problems, formula_excess
from tests.support.custom_decks import scalar
from tests.support.formulas import find_formulas
from tests.support.mathjax import Page, Rendered, in_formula, render
from tests.support.plain_words import Page as TextPage

# How macros are used that need more than one argument behind them. Any other is tried as `\name x`.
_DELIMITED = "big Big bigg Bigg bigl Bigl biggl Biggl bigm Bigm biggm Biggm bigr Bigr biggr Biggr"
_TWO_ARGUMENTS = (
    *("frac", "dfrac", "tfrac", "cfrac", "binom", "dbinom", "tbinom", "splitfrac", "splitdfrac"),
    *("overset", "underset", "stackrel", "stackbin", "cancelto", "Ketbra", "ketbra"),
)
_BRACED = "array matrix pmatrix cases eqalign eqalignno leqalignno displaylines crampedsubstack"
_LENGTH = "hskip hspace kern mkern mskip mspace raise lower moveleft moveright"
EXAMPLES = {
    **{f"\\{name}": rf"\{name}( x" for name in _DELIMITED.split()},
    **{f"\\{name}": rf"\{name}{{x}}{{y}}" for name in _TWO_ARGUMENTS},
    **{f"\\{name}": rf"\{name}{{x & y \cr z}}" for name in _BRACED.split()},
    **{f"\\{name}": rf"x \{name} 6mu {{y}}" for name in _LENGTH.split()},
    "\\(": r"\text{if \(x\)}",
    "\\)": r"\text{if \(x\)}",
    "\\Rule": r"\Rule{1em}{1ex}{0.5ex}",
    "\\Space": r"\Space{1em}{1ex}{0.5ex}",
    "\\above": r"{x \above 1pt y}",
    "\\abovewithdelims": r"{x \abovewithdelims () 1pt y}",
    "\\atopwithdelims": r"{x \atopwithdelims () y}",
    "\\begin": r"\begin {matrix} x \end {matrix}",
    "\\bond": r"\ce{A\bond{~}B}",
    "\\buildrel": r"\buildrel x \over =",
    "\\ca": r"\ce{A(\ca$c$)}",
    "\\ce": r"\ce{^{227}_{90}Th+ + 2 H2O ->[\Delta][x] SO4^2- v}",
    "\\color": r"\color{red} x \color[RGB]{1,20,255} y",
    "\\colorbox": r"\colorbox{#ffaa00}{$x$}",
    "\\cr": r"\matrix{x \cr y}",
    "\\enclose": r"\enclose{circle longdiv}{x}",
    "\\end": r"\begin{matrix} x \end{matrix}",
    "\\framebox": r"\framebox[5em][l]{x}",
    "\\genfrac": r"\genfrac{[}{]}{1pt}{0}{x}{y}",
    "\\hdashline": r"\begin{array}{c:c} x & y \\ \hdashline z \end{array}",
    "\\hfil": r"\matrix{\hfil x}",
    "\\hfill": r"\matrix{\hfill x}",
    "\\hfilll": r"\matrix{\hfilll x}",
    "\\hline": r"\begin{array}{|c|} \hline x \\ \hline \end{array}",
    "\\left": r"\left( x \right.",
    "\\leftroot": r"\sqrt[\leftroot{2} 3]{x}",
    "\\limits": r"\sum\limits_x^y",
    "\\mathchoice": r"\mathchoice{a}{b}{c}{d}",
    "\\middle": r"\left( x \middle| y \right)",
    "\\nolimits": r"\sum\nolimits_x^y",
    "\\of": r"\root 3 \of x",
    "\\operatorname": r"\operatorname*{arg\,max}_x \operatorname{sgn} x",
    "\\overunderset": r"\overunderset{x}{y}{=}",
    "\\overwithdelims": r"{x \overwithdelims [] y}",
    "\\pu": r"\pu{1.2e3 kg*m/s^2}",
    "\\right": r"\left[ x \right)",
    "\\root": r"\root 3 \of x",
    "\\rule": r"\rule[1ex]{2em}{0.4pt}",
    "\\shoveleft": r"\begin{multline} x \\ \shoveleft y \\ z \end{multline}",
    "\\shoveright": r"\begin{multline} x \\ \shoveright y \\ z \end{multline}",
    "\\sideset": r"\sideset{_1^2}{_3^4}\prod",
    "\\skew": r"\skew{4}{\hat}{x}",
    "\\tag": r"\begin{align} x &= y \tag{1} \\ &= z \tag*{two} \end{align}",
    "\\text": r"\text{if $x$ and \(y\) cost 5\$}",
    "\\textcolor": r"\textcolor{blue}{x}",
    "\\underbrace": r"\underbrace{x+y}_{z}",
    "\\uproot": r"\sqrt[\uproot{2} 3]{x}",
}
_ARGUMENTS = {
    **dict.fromkeys(("array", "subarray", "crampedsubarray"), "{c}"),
    **dict.fromkeys(("alignat", "alignat*", "alignedat", "xalignat", "xalignat*", "xxalignat"), "{2}"),
}
_ONE_COLUMN = {
    *("equation", "equation*", "gather", "gather*", "gathered", "lgathered", "rgathered"),
    *("multline", "multline*", "multlined", "subarray", "crampedsubarray"),
}

# Parts of MathJax whose names are allowed but for these, which set attributes, define names or link.
REFUSED = {
    "base macro": {r"\mmlToken", r"\label", r"\ref"},
    "ams macro": {r"\DeclareMathOperator", r"\eqref"},
    "mhchem macro": set(),
    "base environment": set(),
    "ams environment": set(),
}
_E = 'href="javascript:hit()"'
_LOAD = 'style="background:url(http://evil.test/x)"'
HOSTILE = [
    # What MathJax offers for it.
    rf"\(\mmlToken{{mi}}[{_E}]{{x}}\)",
    rf"\(\mmlToken{{mtext}}[{_LOAD}]{{xxxx}}\)",
    r"\(\href{javascript:hit()}{x}\)",
    r"\(\style{background:url(http://evil.test/x)}{x}\)",
    r"\(\class{a}{x} \cssId{b}{y}\)",
    r"\(\bbox[background:url(http://evil.test/x)]{x}\)",
    r"\(\fcolorbox{red;background:url(http://evil.test/x)}{blue}{x}\)",
    r"\(\unicode[x;background:url(http://evil.test/x)]{65}\)",
    r"\(\require{physics} \require{http://evil.test/x} \require{../../x}\)",
    r"\(\enclose{circle}[mathbackground=url(http://evil.test/x)]{x} \toggle{x}{y}\endtoggle \texttip{x}{y}\)",
    r"\(\mathtoolsset{showonlyrefs} \newtagform{a}{(}{)} \setOptions{baseURL=javascript:hit()}\)",
    r"\(\label{a} \ref{a} \eqref{a} \refeq{a}\)",
    # Names for it.
    rf"\(\let\sin\mmlToken \sin{{mi}}[{_E}]{{x}}\)",
    rf"\(\def\f{{\mmlToken}} \f{{mi}}[{_E}]{{x}}\)",
    r"\(\newcommand{\f}[1]{\href{javascript:hit()}{#1}} \f{x}\)",
    r"\(\renewcommand{\sin}{\href{javascript:hit()}{x}} \sin\)",
    r"\(\newenvironment{f}{\href{javascript:hit()}{x}}{} \begin{f}\end{f}\)",
    r"\(\DeclareMathOperator{\f}{x} \DeclarePairedDelimiter{\g}{(}{)} \f \g\)",
    r"\(\begingroup\let\sin\href\endgroup \csname href\endcsname{javascript:hit()}{x}\)",
    r"\(\Newextarrow{\f}{5,5}{0x2192} \newcommand\f{\href}\)",
    # Names that are spelt otherwise.
    r"\(\hr^^65f{javascript:hit()}{x}\)",
    r"\(\Href{javascript:hit()}{x} \HREF{javascript:hit()}{x}\)",
    "\\(\\href {javascript:hit()}{x} \\href%\n{javascript:hit()}{x}\\)",
    "\\(\\hr\u00adef{javascript:hit()}{x} \\hr\u200bef{javascript:hit()}{x}\\)",
    "\\(\\\uff48ref{javascript:hit()}{x} \\h\u0280ef{x}{y} \\\u212aern 1em\\)",
    r"\(\@href{javascript:hit()}{x} \href@{x}{y}\)",
    "\\(\\\nhref{javascript:hit()}{x} \\ href{javascript:hit()}{x}\\)",
    r"\(\&#104;ref{javascript:hit()}{x} \hre&#102;{javascript:hit()}{x} &#92;href{javascript:hit()}{x}\)",
    # Where MathJax splits or joins what was written.
    rf"\(\matrix\\mmlToken{{mi}}[{_E}]{{x}}\)",
    rf"\(\cases\\mmlToken{{mi}}[{_E}]{{x}} \eqalign \\mmlToken{{mi}}[{_E}]{{x}}\)",
    rf"\(\mod{{\matrix}}\\mmlToken{{mi}}[{_E}]{{x}}\)",
    rf"\(\pmod\displaylines\\mmlToken{{mi}}[{_E}]{{x}}\)",
    rf"\(\mathop\\mmlToken{{mi}}[{_E}]{{x}}\)",
    rf"\(\text{{\\mmlToken{{mi}}[{_E}]{{x}}}} \text{{$\\mmlToken$}} \text{{\$mmlToken}}\)",
    rf"\(\text{{\(\\mmlToken{{mi}}[{_E}]{{x}}\)}} \fbox{{\\href{{javascript:hit()}}{{x}}}}\)",
    rf"\(\boxed{{$\\mmlToken{{mi}}[{_E}]{{x}}$}} \boxed{{\}}\mmlToken{{mi}}[{_E}]{{x}}\)",
    rf"\(\substack{{\\mmlToken{{mi}}[{_E}]{{x}}}} \stackrel{{\le}}{{t}} \stackrel\le t\)",
    rf"\(\operatorname{{\\mmlToken{{mi}}[{_E}]{{x}}}} \operatorname\le t\)",
    r"\(\cfrac{\le}{t} \skew{\le}{t}{x} \skew 1 \mml {Token}\)",
    rf"\(\begin{{array}}{{\mmlToken{{mi}}[{_E}]{{x}}}} x \end{{array}}\)",
    rf"\(\begin{{array}}[\mmlToken{{mi}}[{_E}]{{x}}]{{c}} x \end{{array}}\)",
    rf"\(\begin\mmlToken{{mi}}[{_E}]{{x}} \begin{{mmlToken}}x\end{{mmlToken}}\)",
    f"\\(x % \\( \\mmlToken{{mi}}[{_E}]{{x}}\n\\mmlToken{{mi}}[{_E}]{{x}}\\)",
    rf"\(\idotsint\\mmlToken \xrightarrow\\mmlToken{{mi}}[{_E}]{{x}}\)",
    rf"\(\left\\mmlToken{{mi}}[{_E}]{{x}}\right. \big\\mmlToken \genfrac\\mmlToken{{}}{{}}{{}}{{}}\)",
    # Where mhchem does.
    rf"\(\ce{{\mmlToken{{mi}}[{_E}]{{x}}}}\)",
    rf"\(\ce{{A^{{\$mmlToken{{mi}}[{_E}]{{x}}$}}}}\)",
    rf"\(\ce{{{{A^\\mmlToken{{mi}}[{_E}]{{x}}}}}}\)",
    rf"\(\ce{{$\\mmlToken{{mi}}[{_E}]{{x}}$}} \pu{{\\mmlToken{{mi}}[{_E}]{{x}}}}\)",
    r"\(\ce{\le$t$} \sin\href \sin{javascript:hit()}{x}\)",
    r"\(\ce{\le${t}$} \ce{A^{{\le}$t$}} \ce{$\ce{\le}t$}\)",
    r"\(\ce{\ne$wcommand{\f}{x}$}\f\)",
    r"\(\ce{{\le->[x]$t$}} \ce{{\le|$t$}} \ce{\ce{\le}$t$}\)",
    r"\(\begin{matrix} \ce{& \le}t\sin\cos \end{matrix} \ce{A \\ \le}t\sin\cos \ce{\hline\le}t\sin\cos\)",
    r"\(\ce\\mmlToken{mi} \ce \le t \mod\ce{A}\)",
    rf"\(\ce{{\ce{{\}}$mmlToken{{mi}}[{_E}]{{x}}$}} }}\)",
    r"\(\ce{\pu{\}{mmlToken}} \ce{A^{{\}$mmlToken$} } \ce{\bond{\}$mmlToken$}\)",
    r"\(\ce{\le\ce{t A}} \,{\sin} \ce{\times\ce{}n A}\)",
    r"\(\ce{A^{\}^h^r^e^f^x^y} }\)",
    r"\(\ce{A^\le^t} \ce{A^{\le}^t} \ce{=^\ne^w}\)",
    # Where the formula ends elsewhere than it seems.
    rf"\(x{{\) \mmlToken{{mi}}[{_E}]{{x}} }}\)",
    rf"\(x\\) \mmlToken{{mi}}[{_E}]{{x}}\)",
    rf"\(x\ \) \mmlToken{{mi}}[{_E}]{{x}}\)",
    rf"\(\text{{\(\) \mmlToken{{mi}}[{_E}]{{x}} }}\)",
    rf"\[x \) \mmlToken{{mi}}[{_E}]{{x}} \]",
    rf"\\(x\) \(y\\\) \mmlToken{{mi}}[{_E}]{{x}} \)",
    rf"**\(x{{** a \) \mmlToken{{mi}}[{_E}]{{x}} }}\)",
    rf"`\(` \mmlToken{{mi}}[{_E}]{{x}} `\)` \\( \mmlToken{{mi}}[{_E}]{{x}} \\)",
    rf"\&#40; \mmlToken{{mi}}[{_E}]{{x}} \&#41;",
    # HTML, addresses and attributes as values.
    r"\(<img src=http://evil.test/x onerror=hit()> x < y\)",
    r"\(\text{</mtext><script>hit()</script>} \text{<a href='javascript:hit()'>x</a>}\)",
    r"\(\color{red;background:url(http://evil.test/x)}x \textcolor{url(http://evil.test/x)}{y}\)",
    r"\(\colorbox{red; background:url(http://evil.test/x)}{x} \color[x]{y}\)",
    rf"\(\cancel[{_LOAD}]{{x}} \cancelto[{_E}]{{x}}{{y}}\)",
    r"\(\mod{\cancel}[mathbackground=url(http://evil.test/x)]{x}\)",
    r"\(\begin{array}[\" onclick=hit() x=]{c} x \end{array}\)",
    r"\(\begin{empheq}[left={\href{javascript:hit()}{x}}]{align} x \end{empheq}\)",
    r"\(\genfrac{}{}{1pt;background:url(http://evil.test/x)}{}{x}{y} \framebox[url(http://evil.test/x)]{x}\)",
    r"\(\rule[url(http://evil.test/x)]{1em}{1em} \tag{<a href=javascript:hit()>x</a>}\)",
    r"\(\tag{a\" onclick=\"hit()} x\)",
]


HOSTILE_DELETIONS = [
    rf"\(\mml{{{{c1::Token}}}}{{mi}}[{_E}]{{x}}\)",
    rf"\(\{{{{c1::mmlToken}}}}{{mi}}[{_E}]{{x}}\)",
    rf"\(\{{{{c1::x::mmlToken}}}}{{mi}}[{_E}]{{x}}\)",
    rf"\(x \{{{{c1::\mmlToken{{mi}}[{_E}]{{x}} }}}}\)",
    rf"\(\{{{{c1::\}}}}mmlToken{{mi}}[{_E}]{{x}}\)",
    rf"\(x {{{{c1::y::\mmlToken{{mi}}[{_E}]{{x}} }}}}\)",
    r"\(\le{{c1::x}}t\sin\cos \l{{c1::e}}t\sin\cos \le{{c1::x::t}}\sin\cos\)",
    r"\(\ne{{c1::wcommand}}{\f}{x} \ne{{c1::x::wcommand}}{\f}{x}\)",
    rf"\(\matrix{{{{c1::{{x}}::\}}}}\mmlToken{{mi}}[{_E}]{{x}}\)",
    rf"\(x{{{{c1::\) \mmlToken{{mi}}[{_E}]{{x}} }}}}\)",
    rf"{{{{c1::\(x}}}} \mmlToken{{mi}}[{_E}]{{x}} \)",
    rf"{{{{c1::x::\(}}}} \mmlToken{{mi}}[{_E}]{{x}} {{{{c1::x::\)}}}}",
    rf"{{{{c1::x::\(y\) \(z}}}} \mmlToken{{mi}}[{_E}]{{x}} \)",
    rf"\(\color{{{{c1::url(x)}}}} \ce{{A{{{{c1::x::\$mmlToken{{mi}}[{_E}]{{x}}$}}}} }}\)",
]


def read(text: str, *, cloze: bool = False) -> str | None:
    """Return the HTML of a text, as Anki gets it; None if it is refused."""
    report = Report()
    content = MarkupReader(lambda *_: None, lambda *_: None, report).read(scalar(text), cloze=cloze)
    return None if report.has_errors else fields.render_html(content, {}, cloze=cloze)


@pytest.fixture(scope="module")
def cloze_note(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Note]:
    """A cloze note of real Anki that has not been added."""
    collection = Collection(str(tmp_path_factory.mktemp("anki") / "collection.anki2"))
    note_type = collection.models.by_name("Cloze")
    assert note_type is not None
    note_type["tmpls"][0].update(qfmt="{{cloze:Text}} {{Text}}", afmt="{{cloze:Text}}")
    collection.models.update_dict(note_type)
    yield collection.new_note(note_type)
    collection.close()


def sides(note: Note, text: str) -> Iterator[str]:
    """Yield what real Anki shows of a text with deletions; nothing if it is refused."""
    if (html := read(text, cloze=True)) is None:
        return
    note["Text"] = html
    for number in note.cloze_numbers_in_fields():
        card = note.ephemeral_card(number - 1).render_output()
        yield from (card.question_text, card.answer_text)


def templates(texts: Sequence[str]) -> Iterator[str]:
    """Yield the HTML of the texts that a template may have, with a field before and behind them."""
    for text in texts:
        if back := read_template(scalar(f"{{{{F}}}}{text}{{{{F}}}}"), ("F",), "back", Report()):
            yield back[0].replace("{{F}}", "x")


def reached_out(rendered: Rendered) -> list[object]:
    """Return what a formula did that only MathJax itself may do."""
    findings: list[object] = [
        attribute
        for attribute in rendered.attributes
        if re.match(r"(?:xlink:)?href$|src|on|action", attribute[1])
        or (attribute[1] == "style" and "url" in attribute[2])
        or (
            attribute[1] == "class"
            and not re.fullmatch(r"(\s*(mjx|MJX|TEX|MathJax|MathML|CtxtMenu)[\w-]*)+\s*", attribute[2])
        )
        or (attribute[1] == "id" and not attribute[2].startswith(("mjx-eqn", "MJX-")))
    ]
    for kind, name, rest in rendered.executed:
        if kind == "environment":
            known = name in ENVIRONMENTS or not re.search("[a-z]", name)
        elif name == "mmlToken":
            known = _INNER_TOKEN.match(rest) is not None
        else:
            known = f"\\{name}" in MACROS or name in _INNER_MACROS
        if not known:
            findings.append((kind, name))
    return findings


# What macros of MathJax and mhchem are made of.
_INNER_TOKEN = re.compile(
    r"\{m[io]\}(?:\[lspace=\"thickmathspace\" rspace=\"thickmathspace\"\])?\{(?:mod|lim)\}"
)
_INNER_MACROS = {"MTThinColon", "centerOver", "~"}


def assert_harmless(page: Page) -> None:
    assert [findings for rendered in page.rendered if (findings := reached_out(rendered))] == []
    assert (page.requests, page.hits) == ([], [])


def test_every_macro_and_environment_is_shown(tmp_path: Path) -> None:
    """Of what MathJax's base, AMS and mhchem parts know, only what could do harm is refused."""
    formulas = [EXAMPLES.get(macro, f"{macro} x") for macro in sorted(MACROS)]
    for name in sorted(ENVIRONMENTS):
        cells = r"x \\ y" if name in _ONE_COLUMN else r"x & y \\ z"
        formulas.append(rf"\begin{{{name}}}{_ARGUMENTS.get(name, '')} {cells} \end{{{name}}}")
    assert [(tex, problem) for tex in formulas for problem in find_tex_problems(tex)] == []

    page = render([in_formula(tex) for tex in formulas], tmp_path)

    failures = {
        tex: rendered.errors or rendered.undefined
        for tex, rendered in zip(formulas, page.rendered, strict=True)
        if rendered.shown != 1 or rendered.left.strip() or rendered.errors or rendered.undefined
    }
    assert failures == {}
    assert_harmless(page)
    for part, refused in REFUSED.items():
        is_macro = part.endswith("macro")
        names = {f"\\{name.lstrip(chr(92))}" if is_macro else name for name in page.known[part]}
        letters = {name for name in names if re.search("[a-zA-Z]", name)}
        assert letters - (MACROS if is_macro else ENVIRONMENTS) == refused


# Names that mhchem might join of an allowed macro and letters, and what they do.
JOINED_BY_CHEMISTRY = {
    *(r"\toggle", r"\texttip"),  # show one of two formulas, or words at the pointer
    *(r"\minCDarrowwidth", r"\minCDarrowheight", r"\cellcolor", r"\overbracket", r"\vdotswithin"),  # look
    *(r"\centerOver", r"\centercolon", r"\singleLine", r"\rootAtTop", r"\rootAtBottom"),  # look
}
_NOT_LOADED = ("physics", "setoptions", "colorv2", "text-base", "autoload")


def test_no_macro_that_chemistry_may_have_begins_a_dangerous_name(tmp_path: Path) -> None:
    """mhchem drops so much of what it reads that any macro and letters behind it may become one name."""
    known = render([in_formula("x")], tmp_path).known
    names = {
        f"\\{name.lstrip(chr(92))}"
        for part, part_names in known.items()
        if part.endswith("macro") and not part.startswith(_NOT_LOADED)
        for name in part_names
    }
    refused = {name for name in names - MACROS if name[1:].isalpha()}
    allowed = {name for name in MACROS if not list(find_tex_problems(rf"\ce{{A {name} {{}}}}"))}

    joined = {name for name in refused if any(name[:end] in allowed for end in range(2, len(name)))}
    assert len(allowed) > 900
    assert joined <= JOINED_BY_CHEMISTRY


def test_what_a_hostile_text_asks_for_does_not_happen(tmp_path: Path, cloze_note: Note) -> None:
    texts = [html for text in HOSTILE if (html := read(text)) is not None]
    fronts_and_backs = [side for text in HOSTILE_DELETIONS for side in sides(cloze_note, text)]

    page = render([*texts, *fronts_and_backs, *templates(HOSTILE), in_formula("x")], tmp_path)

    assert_harmless(page)


def test_what_is_refused_would_happen_otherwise(tmp_path: Path) -> None:
    """Shows that the test above could fail."""
    texts = [rf"\(\mmlToken{{mi}}[{_E}]{{x}}\)", rf"\(\mmlToken{{mtext}}[{_LOAD}]{{x}}\)"]
    texts += [rf"\(\matrix\\mmlToken{{mi}}[{_E}]{{x}}}}\)", rf"\(\ce{{A^{{\$mmlToken{{mi}}[{_E}]{{x}}$}}}}\)"]

    page = render(texts, tmp_path)

    assert all(reached_out(rendered) for rendered in page.rendered)
    assert page.hits.count("hit") >= 3
    assert "/x" in page.requests
    assert all(read(text) is None for text in texts)


class RandomTex:
    """Writes formulas of macros of all parts of MathJax, and of what might become their names or ends."""

    NAMES = tuple(sorted(MACROS))
    JOINING = (r"\le", r"\ne", r"\re", r"\matrix", r"\cases", r"\mod", r"\stackrel", r"\sqrt", r"\skew")
    DANGEROUS = (
        *(r"\mmlToken", r"\href", r"\class", r"\style", r"\cssId", r"\def", r"\let", r"\newcommand"),
        *(r"\unicode", r"\ref", r"\label", r"\require", r"\bbox", r"\fcolorbox", r"\enclose", r"\texttip"),
    )
    WORDS = (
        *(f"mmlToken{{mi}}[{_E}]{{x}}", "href{javascript:hit()}{x}", "class{a}{x}", "cssId{a}{x}"),
        *(r"wcommand{\sin}{x}", r"ef\sin{x}", r"t\sin\cos", "quire{html}", "x", "1", "t"),
    )
    SIGNS = (
        *(
            "{",
            "}",
            "[",
            "]",
            "$",
            "$",
            "^",
            "_",
            "&",
            "%",
            "\n",
            "#",
            "~",
            "-",
            "=",
            "|",
            "'",
            '"',
            "->",
            "<=>",
        ),
        *(
            r"\\",
            r"\\",
            r"\$",
            r"\{",
            r"\}",
            r"\ ",
            r"\,",
            r"\(",
            r"\)",
            "2+",
            "(aq)",
            "1/2",
            "\u2026",
            "\u00b0C",
        ),
    )
    OPENINGS = (
        *("{", "{", r"\ce{", r"\ce{", r"\ce{", r"\pu{", r"\text{", r"\boxed{", r"\substack{", "A^{", "{A^{"),
        *("$", "->["),
    )

    DELETIONS = (
        *(
            r"\mml{{c1::Token}}",
            r"\hr{{c1::ef}}",
            r"\{{c1::href}}",
            r"\{{c1::x::href}}",
            r"\l{{c1::e}}t\sin\cos",
        ),
        *("{{c1::", "{{c2::", "}}", "::", "::"),
    )

    def __init__(self, random: Random) -> None:
        self.choose = random.choice
        self.signs: tuple[str, ...] = self.SIGNS

    def tex(self, depth: int = 0) -> str:
        return "".join(self.part(depth) for _ in range(self.choose((1, 2, 3, 4, 5))))

    def part(self, depth: int) -> str:
        if self.choose((True, True, False)):
            words, signs = self.WORDS, self.SIGNS
            return self.choose(
                self.choose((self.NAMES, self.JOINING, words, words, signs, signs, self.DANGEROUS))
            )
        if depth == 4:
            return ""
        opening = self.choose(self.OPENINGS)
        closing = {"$": "$", "->[": "]"}.get(opening, "}" * opening.count("{"))
        return f"{opening}{self.tex(depth + 1)}{closing}"

    def accepted(self, count: int) -> list[str]:
        """Return so many formulas that are not refused."""
        formulas: list[str] = []
        while len(formulas) < count:
            tex = self.tex()
            if not formula_excess(tex) and next(find_tex_problems(tex), None) is None:
                formulas.append(tex)
        return formulas

    def sides(self, note: Note, count: int) -> list[str]:
        """Return so many sides of cards with deletions in their formulas."""
        self.signs = (*self.SIGNS, *self.DELETIONS, *self.DELETIONS)
        shown: list[str] = []
        while len(shown) < count:
            shown += sides(note, rf"\({self.tex()} {{{{c1::{self.tex()}}}}}{self.tex()}\)")
        return shown


@settings(max_examples=2, phases=[Phase.generate])
@given(random=st.randoms(use_true_random=True))
def test_no_formula_that_is_accepted_reaches_out(
    random: Random, cloze_note: Note, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """MathJax is watched at what it makes of random formulas, since it joins and splits what was written."""
    author = RandomTex(random)
    texts = [*map(in_formula, author.accepted(150)), *author.sides(cloze_note, 40)]

    page = render(texts, tmp_path_factory.mktemp("page"))

    reached = zip(texts, map(reached_out, page.rendered), strict=True)
    assert {text: findings for text, findings in reached if findings} == {}
    assert_harmless(page)


_PIECES = (
    "{",
    "}",
    "\\",
    "\\{",
    "\\(",
    "\\)",
    "\\[",
    "\\]",
    "x",
    " ",
    "\\text{",
    "\n",
    "**",
    "`",
    "<b>",
    "\\(x\\)",
)


@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join))
def test_mathjax_finds_the_formulas_that_are_meant(text: str) -> None:
    """So nothing else is read as TeX."""
    report = Report()
    content = MarkupReader(lambda *_: None, lambda *_: None, report).read(scalar(text))
    if report.has_errors:
        return

    meant = [unescape(escape.tex(inline.tex)) for inline in c.inlines(content) if isinstance(inline, c.Math)]
    pieces = TextPage(fields.render_html(content, {})).pieces
    assert [tex for piece in pieces for tex in find_formulas(piece)] == meant
    assert [problem for tex in meant for problem in find_tex_problems(tex)] == []
