"""Checks TeX before MathJax reads it: a formula may use only the macros and environments listed here.

MathJax has macros that load parts of it, run scripts, set attributes or define macros. Those listed here
can do nothing of the kind, whatever is given to them, and no formula made of them can spell another name:
where MathJax or mhchem joins or splits what was written, the argument is restricted. A macro that
isn't listed is refused, dangerous or not.

Source: MathJax 3.2.2, which is Anki's: ts/input/tex/*/*Mappings.ts and *Methods.ts; mhchemParser 4.1.1.
"""

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import lru_cache

from cardwright.diagnostics.phrases import truncate
from cardwright.record import Record

MAX_FORMULA_LENGTH = 4_000
MAX_FORMULA_DEPTH = 40
_MAX_INNER_FORMULAS = 10
# A backslash with the letters or the one character after it, as TexParser.GetCS in MathJax reads it.
_MACRO = re.compile(r"\\(?:[a-zA-Z]+|.)?", re.DOTALL)
_BRACE = re.compile(r"\\[^a-zA-Z]|[{}]")
_TOKEN = re.compile(rf"{_MACRO.pattern}|[{{}}]", re.DOTALL)

# Without: mmlToken, label, ref, eqref, DeclareMathOperator. `of` belongs to `\root`.
_BASE_AND_AMS = """
    lt gt lmoustache rmoustache lgroup rgroup arrowvert Arrowvert bracevert Vert vert uparrow downarrow
    updownarrow Uparrow Downarrow Updownarrow backslash rangle langle rbrace lbrace rceil lceil rfloor
    lfloor lbrack rbrack displaystyle textstyle scriptstyle scriptscriptstyle rm mit oldstyle cal it bf
    bbFont scr frak sf tt mathrm mathup mathnormal mathbf mathbfup mathit mathbfit mathbb Bbb mathfrak
    mathbffrak mathscr mathbfscr mathsf mathsfup mathbfsf mathbfsfup mathsfit mathbfsfit mathtt mathcal
    mathbfcal symrm symup symnormal symbf symbfup symit symbfit symbb symfrak symbffrak symscr symbfscr
    symsf symsfup symbfsf symbfsfup symsfit symbfsfit symtt symcal symbfcal textrm textup textnormal textit
    textbf textsf texttt tiny Tiny scriptsize small normalsize large Large LARGE huge Huge arcsin arccos
    arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup ln log max min Pr
    sec sin sinh sup tan tanh limits nolimits overline underline overbrace underbrace overparen underparen
    overrightarrow underrightarrow overleftarrow underleftarrow overleftrightarrow underleftrightarrow
    overset underset overunderset stackrel stackbin over overwithdelims atop atopwithdelims above
    abovewithdelims brace brack choose frac sqrt root uproot leftroot left right middle llap rlap raise
    lower moveleft moveright enspace quad qquad thinspace negthinspace hskip hspace kern mskip mspace mkern
    rule Rule Space nonscript big Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm biggm
    Biggm mathord mathop mathopen mathclose mathbin mathrel mathpunct mathinner vcenter buildrel hbox text
    mbox fbox boxed framebox strut mathstrut phantom vphantom hphantom smash acute grave ddot tilde bar
    breve check hat vec dot widetilde widehat matrix array pmatrix cases eqalign displaylines cr newline
    hline hdashline eqalignno leqalignno hfill hfil hfilll bmod pmod mod pod iff skew pmb TeX LaTeX not dots
    space begin end nonumber mathchoice alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu
    nu xi omicron pi rho sigma tau upsilon phi chi psi omega varepsilon vartheta varpi varrho varsigma
    varphi S aleph hbar imath jmath ell wp Re Im partial infty prime emptyset nabla top bot angle triangle
    forall exists neg lnot flat natural sharp clubsuit diamondsuit heartsuit spadesuit surd coprod bigvee
    bigwedge biguplus bigcap bigcup int intop iint iiint prod sum bigotimes bigoplus bigodot oint bigsqcup
    smallint triangleleft triangleright bigtriangleup bigtriangledown wedge land vee lor cap cup ddagger
    dagger sqcap sqcup uplus amalg diamond bullet wr div divsymbol odot oslash otimes ominus oplus mp pm
    circ bigcirc setminus cdot ast times star propto sqsubseteq sqsupseteq parallel mid dashv vdash leq le
    geq ge succ prec approx succeq preceq supset subset supseteq subseteq in ni notin owns gg ll sim simeq
    perp equiv asymp smile frown ne neq cong doteq bowtie models notChar Leftrightarrow Leftarrow Rightarrow
    leftrightarrow leftarrow gets rightarrow to mapsto leftharpoonup leftharpoondown rightharpoonup
    rightharpoondown nearrow searrow nwarrow swarrow rightleftharpoons hookrightarrow hookleftarrow
    longleftarrow Longleftarrow longrightarrow Longrightarrow Longleftrightarrow longleftrightarrow
    longmapsto ldots cdots vdots ddots dotsc dotsb dotsm dotsi dotso ldotp cdotp colon Gamma Delta Theta
    Lambda Xi Pi Sigma Upsilon Phi Psi Omega And of
    digamma varkappa varGamma varDelta varTheta varLambda varXi varPi varSigma varUpsilon varPhi varPsi
    varOmega beth gimel daleth backprime hslash varnothing blacktriangle triangledown blacktriangledown
    square Box blacksquare lozenge Diamond blacklozenge circledS bigstar sphericalangle measuredangle
    nexists complement mho eth Finv diagup Game diagdown Bbbk yen circledR checkmark maltese dotplus ltimes
    smallsetminus rtimes Cap doublecap leftthreetimes Cup doublecup rightthreetimes barwedge curlywedge
    veebar curlyvee doublebarwedge boxminus circleddash boxtimes circledast boxdot circledcirc boxplus
    centerdot divideontimes intercal leqq geqq leqslant geqslant eqslantless eqslantgtr lesssim gtrsim
    lessapprox gtrapprox approxeq lessdot gtrdot lll llless ggg gggtr lessgtr gtrless lesseqgtr gtreqless
    lesseqqgtr gtreqqless doteqdot Doteq eqcirc risingdotseq circeq fallingdotseq triangleq backsim thicksim
    backsimeq thickapprox subseteqq supseteqq Subset Supset sqsubset sqsupset preccurlyeq succcurlyeq
    curlyeqprec curlyeqsucc precsim succsim precapprox succapprox vartriangleleft lhd vartriangleright rhd
    trianglelefteq unlhd trianglerighteq unrhd vDash Vdash Vvdash smallsmile shortmid smallfrown
    shortparallel bumpeq between Bumpeq pitchfork varpropto backepsilon blacktriangleleft blacktriangleright
    therefore because eqsim vartriangle Join nless ngtr nleq ngeq nleqslant ngeqslant nleqq ngeqq lneq gneq
    lneqq gneqq lvertneqq gvertneqq lnsim gnsim lnapprox gnapprox nprec nsucc npreceq nsucceq precneqq
    succneqq precnsim succnsim precnapprox succnapprox nsim ncong nshortmid nshortparallel nmid nparallel
    nvdash nvDash nVdash nVDash ntriangleleft ntriangleright ntrianglelefteq ntrianglerighteq nsubseteq
    nsupseteq nsubseteqq nsupseteqq subsetneq supsetneq varsubsetneq varsupsetneq subsetneqq supsetneqq
    varsubsetneqq varsupsetneqq leftleftarrows rightrightarrows leftrightarrows rightleftarrows Lleftarrow
    Rrightarrow twoheadleftarrow twoheadrightarrow leftarrowtail rightarrowtail looparrowleft looparrowright
    leftrightharpoons curvearrowleft curvearrowright circlearrowleft circlearrowright Lsh Rsh upuparrows
    downdownarrows upharpoonleft upharpoonright downharpoonleft restriction multimap downharpoonright
    leftrightsquigarrow rightsquigarrow leadsto dashrightarrow dashleftarrow nleftarrow nrightarrow
    nLeftarrow nRightarrow nleftrightarrow nLeftrightarrow ulcorner urcorner llcorner lrcorner implies
    impliedby iiiint mathring nobreakspace negmedspace negthickspace idotsint dddot ddddot sideset tag notag
    substack injlim projlim varliminf varlimsup varinjlim varprojlim operatorname genfrac tfrac dfrac binom
    tbinom dbinom cfrac shoveleft shoveright xrightarrow xleftarrow lvert rvert lVert rVert
"""
# `bond` and `ca` are read by mhchem within `\ce`.
_MHCHEM = """
    ce pu longrightleftharpoons longRightleftharpoons longLeftrightharpoons longleftrightarrows tripledash
    xleftrightarrow xrightleftharpoons xRightleftharpoons xLeftrightharpoons bond ca
"""
# Of the other parts that MathJax in Anki has loaded, what carries no attributes and copies no argument.
_OTHER_PARTS = """
    bcancel bigtimes boldsymbol bra Bra braket Braket cancel cancelto celsius centernot clap Colonapprox
    colonapprox Coloneq coloneq Coloneqq coloneqq Colonsim colonsim color colorbox cramped crampedclap
    crampedllap crampedrlap crampedsubstack dblcolon degree enclose eqcolon Eqcolon eqqcolon Eqqcolon ket
    Ket ketbra Ketbra lparen mathclap mathllap mathrlap micro ndownarrow nuparrow ohm perthousand rparen set
    Set splitdfrac splitfrac textclap textcolor textllap textrlap xcancel xhookleftarrow xhookrightarrow
    xLeftarrow xleftharpoondown xleftharpoonup xLeftrightarrow xleftrightharpoons xlongequal xmapsto
    xRightarrow xrightharpoondown xrightharpoonup xtofrom xtwoheadleftarrow xtwoheadrightarrow upalpha
    upbeta upgamma updelta upepsilon upzeta upeta uptheta upiota upkappa uplambda upmu upnu upxi upomicron
    uppi uprho upsigma uptau upupsilon upphi upchi uppsi upomega upvarepsilon upvartheta upvarpi upvarrho
    upvarsigma upvarphi Upgamma Updelta Uptheta Uplambda Upxi Uppi Upsigma Upupsilon Upphi Uppsi Upomega
    textasciicircum textasciitilde textasteriskcentered textbackslash textbar textbraceleft textbraceright
    textbullet textdagger textdaggerdbl textellipsis textemdash textendash textexclamdown textgreater
    textless textordfeminine textordmasculine textparagraph textperiodcentered textquestiondown
    textquotedblleft textquotedblright textquoteleft textquoteright textsection textunderscore
    textvisiblespace textacutedbl textasciiacute textasciibreve textasciicaron textasciidieresis
    textasciimacron textgravedbl texttildelow textbaht textcent textcolonmonetary textcurrency textdollar
    textdong texteuro textflorin textguarani textlira textnaira textpeso textsterling textwon textyen
    textcircledP textcompwordmark textcopyleft textcopyright textregistered textservicemark texttrademark
    textbardbl textbigcircle textblank textbrokenbar textdiscount textestimated textinterrobang
    textinterrobangdown textmusicalnote textnumero textopenbullet textpertenthousand textperthousand
    textrecipe textreferencemark textlangle textrangle textlbrackdbl textrbrackdbl textlquill textrquill
    textcelsius textdegree textdiv textdownarrow textfractionsolidus textleftarrow textlnot textmho
    textminus textmu textohm textonehalf textonequarter textonesuperior textpm textrightarrow textsurd
    textthreequarters textthreesuperior texttimes texttwosuperior textuparrow textborn textdied textdivorced
    textmarried textcentoldstyle textdollaroldstyle textzerooldstyle textoneoldstyle texttwooldstyle
    textthreeoldstyle textfouroldstyle textfiveoldstyle textsixoldstyle textsevenoldstyle texteightoldstyle
    textnineoldstyle
"""
_SIGNS = ", : > ; ! _ # $ % & { } | \\ ( )"
MACROS = frozenset(f"\\{name}" for name in f"{_BASE_AND_AMS} {_MHCHEM} {_OTHER_PARTS} {_SIGNS}".split()) | {
    *("\\ ", "\\\n", "\\\u00a0")
}
_ENVIRONMENTS = """
    align align* alignat alignat* aligned alignedat array bmatrix Bmatrix bmatrix* Bmatrix* bsmallmatrix
    Bsmallmatrix bsmallmatrix* Bsmallmatrix* cases cases* CD crampedsubarray dcases dcases* drcases drcases*
    eqnarray eqnarray* equation equation* flalign flalign* gather gather* gathered lgathered matrix matrix*
    multline multline* multlined pmatrix pmatrix* psmallmatrix psmallmatrix* rcases rcases* rgathered
    smallmatrix smallmatrix* split subarray vmatrix Vmatrix vmatrix* Vmatrix* vsmallmatrix Vsmallmatrix
    vsmallmatrix* Vsmallmatrix* xalignat xalignat* xxalignat
"""
ENVIRONMENTS = frozenset(_ENVIRONMENTS.split())

_SET_OFF = "leave it out; `\\boxed{…}`, `\\mathbf{…}` or `\\color{red}` set a part off"
_WRITE_OUT = "write out in each formula what it stands for"
_NUMBER = "leave it out; give the equation a name with `\\tag{…}` and refer to it in words"
_CHARACTER = "write the character itself"
_LATIN = "write the Latin letter, which looks the same: `\\mathrm{A}`"
# By macro: what an author who wrote it wants to do instead. These reach outside the formula.
_REACHING_OUT = {
    **dict.fromkeys(("href", "url"), "make a link of words next to the formula: `[words](https://…)`"),
    **dict.fromkeys(("class", "cssId", "style", "data", "bbox", "fcolorbox"), _SET_OFF),
    **dict.fromkeys(("def", "let", "newcommand", "renewcommand", "providecommand"), _WRITE_OUT),
    **dict.fromkeys(("gdef", "edef", "xdef", "global", "futurelet", "csname", "Newextarrow"), _WRITE_OUT),
    **dict.fromkeys(("newenvironment", "renewenvironment", "DeclarePairedDelimiter"), _WRITE_OUT),
    "DeclareMathOperator": "write `\\operatorname{…}` where the operator is used",
    "definecolor": "name the colour where it is used: `\\color{#aa3300}`",
    "includegraphics": "put the picture into the text: `![in words](media/name.svg)`",
    "mmlToken": "write `\\mathrm{…}` or `\\text{…}`",
    "require": "leave it out; `\\ce{…}`, `\\cancel{…}` and most others work without it",
    "unicode": _CHARACTER,
    **dict.fromkeys(("label", "ref", "eqref", "refeq"), _NUMBER),
}
# By macro: the same, for macros that only don't exist here.
_INSTEAD = {
    **dict.fromkeys(("char", "symbol", "'", '"', "`", "^", "~", "=", "."), _CHARACTER),
    **dict.fromkeys(("verb", "texttip", "mathtip", "toggle"), "leave it out; `\\text{…}` has words in it"),
    **dict.fromkeys(("SI", "si", "unit", "num", "ang"), "write `\\pu{3 m/s}`, or `3\\,\\mathrm{m/s}`"),
    **dict.fromkeys(("emph", "textsl", "textsc"), "write `\\textit{…}`"),
    **dict.fromkeys(("bm", "mathbold", "bold"), "write `\\boldsymbol{…}`"),
    **dict.fromkeys(("Alpha", "Beta", "Epsilon", "Zeta", "Eta", "Iota", "Kappa"), _LATIN),
    **dict.fromkeys(("Mu", "Nu", "Omicron", "Rho", "Tau", "Chi"), _LATIN),
    **dict.fromkeys(("R", "N", "Z", "Q", "C"), "write `\\mathbb{R}`, with the letter that you need"),
    **dict.fromkeys(("intertext", "shortintertext"), "end the formula, and write the words before the next"),
    "qty": "write `\\left( … \\right)`, or a quantity as `\\pu{3 m/s}`",
    **dict.fromkeys(("dv", "pdv", "derivative", "dd"), "write `\\frac{d}{dx}` or `\\mathrm{d}x`"),
    **dict.fromkeys(("llbracket", "rrbracket"), "write `[\\![ x ]\\!]`"),
    **dict.fromkeys(("mathds", "mathbbm", "mathbbb"), "write `\\mathbb{…}`"),
    **dict.fromkeys(("abs", "norm"), "write `\\lvert x \\rvert` or `\\lVert x \\rVert`"),
    **dict.fromkeys(("centering", "noindent", "par", "vspace", "bigskip", "medskip"), "leave it out"),
    "prescript": "write `{}^{14}_{6}\\mathrm{C}`, or `\\ce{^{14}_6C}`",
    "-": "leave it out",
    "/": "leave it out",
}
_ENVIRONMENT_INSTEAD = {
    **dict.fromkeys(("tabular", "table"), "write the table as Markdown, or as `array`"),
    **dict.fromkeys(("itemize", "enumerate"), "write the list as text, with formulas in it"),
    **dict.fromkeys(("tikzpicture", "tikzcd", "picture"), "draw it as a picture, or write it as `CD`"),
    **dict.fromkeys(("math", "displaymath", "document", "center"), "leave it out"),
}

# What MathJax accepts as a length, and how many em it is. Source: MathJax, ts/input/tex/ParseUtil.ts.
_LENGTH = re.compile(r"\s*[\[{]?\s*[-+]?(\d*[.,]?\d*)\s*(pt|em|ex|mu|px|mm|cm|in|pc)?\s*[\]}]?")
_EM = {"em": 1, "ex": 0.43, "pt": 0.1, "pc": 1.2, "px": 0.1, "in": 7.2, "cm": 2.83, "mm": 0.283, "mu": 1 / 18}
MAX_LENGTH = 100
"""How long a length in a formula may be, in em. A card is 20 to 60 em wide."""
# By macro: how many lengths follow it.
_LENGTHS = {
    **dict.fromkeys(("hskip", "hspace", "kern", "mskip", "mspace", "mkern", "raise", "lower", "moveleft"), 1),
    **dict.fromkeys(("moveright", "above", "framebox", "skew", "uproot", "leftroot", "\\"), 1),
    **dict.fromkeys(("abovewithdelims", "genfrac"), 1),
    **dict.fromkeys(("rule", "Rule", "Space"), 3),
}
_TWO_DELIMITERS = re.compile(r"(?:\s*(?:\{[^{}]*\}|\\[a-zA-Z]+|\\?\S)){2}")

_ENVIRONMENT = re.compile(r"\s*\{([^{}\\]*)\}")
# Environments that have the number of their columns after them, which MathJax makes however many they are.
_COLUMNS = re.compile(r"\s*\{x{0,2}align(?:at|edat)\*?\}\s*(?:\[[^\]]*\]\s*)?\{?\s*(\d{3,})")
_COLOR = re.compile(
    r"\s*(?:\[\s*(?:named|rgb|RGB|gray)\s*\]\s*)?\{\s*(?:[a-zA-Z]+|#[0-9a-fA-F]{3,8}|[\d., ]+)\s*\}"
)
_NOTATION = re.compile(r"\s*\{[a-z ]+\}(?!\s*\[)")
# What mhchem takes apart may become any name: it drops `$`, and braces though a backslash belongs to them.
# `\\le` and `\\ne` are the only allowed macros that begin names that must not arise: `\\let`, `\\newcommand`.
_UNSAFE_IN_CHEMISTRY = re.compile(
    r"\\(?![a-zA-Z,;:! _{}%&\\]).?|\\\\(?![\s&]|\\[a-zA-Z]|\}|$)|\\[ln]e(?![a-zA-Z])"
    r"|\\[{}][\s}_^]*(?:\^|[_^]\s*\{\s*\}[\s}_^]*)\s*[a-zA-Z]",
    re.DOTALL,
)
_ESCAPED_BRACE = re.compile(r"\\[{}]")
_TAKEN_APART = re.compile(r"\$|\\(?:ce|pu)(?![a-zA-Z])")
# MathJax reads, or mhchem writes, their argument twice, so that some dozen within each other take minutes.
_CHEMISTRY = frozenset({"\\ce", "\\pu"})
_COPYING = _CHEMISTRY | {"\\pmb", "\\sideset", "\\centernot"}
_MAX_COPYING = 3


class TexProblem(Record, frozen=True):
    """Something that a formula must not have. start, end: offsets in the formula."""

    code: str
    message: str
    help: str
    start: int
    end: int


def formula_excess(tex: str) -> str:
    """Return how a formula exceeds the limits, as half a sentence; empty if it does not.

    Beyond the limits, MathJax and the PDF engine take too long.
    """
    if len(tex) > MAX_FORMULA_LENGTH:
        return f"has {len(tex):,} characters; the limit is {MAX_FORMULA_LENGTH:,}"
    if tex.count("{") > MAX_FORMULA_DEPTH:
        depth = deepest = 0
        for token in _TOKEN.findall(tex):
            depth += {"{": 1, "}": -1}.get(token, 0)
            deepest = max(deepest, depth)
        if deepest > MAX_FORMULA_DEPTH:
            return f"is nested {deepest} braces deep; the limit is {MAX_FORMULA_DEPTH}"
    return ""


def find_formula_end(text: str, start: int, closer: str, limit: int | None = None) -> int:
    """Return the offset of the delimiter that closes a formula, as MathJax finds it; -1 if none does.

    It is not in braces, since those of `\\text{…}` may have a formula in them, and not the end of `\\\\)`.
    Where MathJax finds none, it is the first; then the formula has a problem.
    """
    limit = len(text) if limit is None else limit
    first = text.find(closer, start, limit)
    if first < 0:
        return -1
    depth = passed = 0
    for token in _TOKEN.finditer(text, start, min(limit, first + MAX_FORMULA_LENGTH)):
        if token[0] == closer:
            if depth == 0:
                return token.start()
            passed += 1
            if passed == _MAX_INNER_FORMULAS:
                break
        depth = max(0, depth + {"{": 1, "}": -1}.get(token[0], 0))
    return first


def strip_formula(tex: str) -> str:
    """Return a formula without the white space around it, except in a `\\ ` at its end."""
    stripped = tex.strip()
    backslashes = len(stripped) - len(stripped.rstrip("\\"))
    return stripped + " " * (backslashes % 2)


def find_tex_problems(tex: str) -> Iterator[TexProblem]:
    """Yield what MathJax must not get to see. tex: a formula without its delimiters, or words for one.

    A formula that MathJax will see in several forms has to be checked in each: letters that are put
    next to a macro become part of its name.
    """
    names = _MACRO.findall(tex)
    has_problems = False
    for problem in _find_own_problems(tex, names):
        has_problems = True
        yield problem
    if not (has_problems or _CHEMISTRY.isdisjoint(names)):
        # Loaded with the first chemistry, since few decks have any.
        from cardwright.source.chemistry_problems import find_chemistry_problems  # noqa: PLC0415

        yield from find_chemistry_problems(tex)


def _find_own_problems(tex: str, names: list[str]) -> Iterator[TexProblem]:
    """Yield the problems of TeX that MathJax sees as it is. names: its macros."""
    if not _PLAIN.issuperset(names):
        refused: set[str] = set()
        for macro in _MACRO.finditer(tex):
            name = macro[0]
            if name in _CHECKS:
                yield from _CHECKS[name](tex, macro)
            elif name not in MACROS and name not in refused:
                refused.add(name)
                yield _refused_macro(macro)
    if not _is_balanced(tex) or not _COPYING.isdisjoint(names):
        yield from _find_brace_problems(tex)


def _is_balanced(tex: str) -> bool:
    depth = 0
    for brace in _BRACE.findall(tex):
        if brace == "{":
            depth += 1
        elif brace == "}":
            depth -= 1
            if depth < 0:
                return False
    return depth == 0


def _find_brace_problems(tex: str) -> Iterator[TexProblem]:
    """Yield a brace without its other half: MathJax would look for the end of the formula further on."""
    open_braces: list[int] = []
    copying: list[int] = []  # how many braces were open before each of _COPYING whose argument may go on
    for token in _TOKEN.finditer(tex):
        if token[0] == "{":
            open_braces.append(token.start())
        elif token[0] == "}":
            if not open_braces:
                message = "a formula closes a brace that isn't open"
                yield _problem("unbalanced-braces", message, token, _BRACE_HELP)
                return
            open_braces.pop()
            while copying and copying[-1] > len(open_braces):
                copying.pop()
        elif token[0] in _COPYING:
            while copying and copying[-1] >= len(open_braces):
                copying.pop()
            copying.append(len(open_braces))
            if len(copying) == _MAX_COPYING + 1:
                message = f"`{token[0]}` stands in three others of its kind"
                yield _problem("deep-formula", message, token, "MathJax would take minutes; leave some out")
    if open_braces:
        start = open_braces[-1]
        message = "a formula opens a brace that it doesn't close"
        yield TexProblem("unbalanced-braces", message, _BRACE_HELP, start, start + 1)


_BRACE_HELP = "a brace that is shown is written `\\{` or `\\}`"


def _problem(code: str, message: str, token: re.Match[str], help_: str) -> TexProblem:
    return TexProblem(code, message, help_, token.start(), token.end())


def _refused_macro(token: re.Match[str]) -> TexProblem:
    name = token[0][1:]
    if not name:
        help_ = "leave it out; MathJax would read the end of the formula as a part of it"
        return _problem("unfinished-macro", "a formula ends with a backslash", token, help_)
    if help_ := _REACHING_OUT.get(name, ""):
        return _problem("math-reaches-out", f"`\\{name}` reaches outside the formula", token, help_)
    message = f"formulas have no macro `{truncate(token[0])}`"
    otherwise = f"write `\\operatorname{{{name}}}` for a name, or write out what it stands for"
    help_ = _INSTEAD.get(name) or _similar(token[0], MACROS, otherwise if name.isalpha() else "leave it out")
    return _problem("unknown-macro", message, token, help_)


@lru_cache(maxsize=1_000)
def _similar(name: str, known: frozenset[str], otherwise: str) -> str:
    """Return a help line for an unknown name. Only those that begin alike are compared, which is fast."""
    word, start = name.removeprefix("\\"), name[:2].lower()
    words = sorted(other.removeprefix("\\") for other in known if other[:2].lower() == start)
    match = get_close_matches(word, words, n=1, cutoff=0.8)
    return f"did you mean `{name[: -len(word)]}{match[0]}`?" if match else otherwise


def _check_environment(tex: str, token: re.Match[str]) -> Iterator[TexProblem]:
    match = _ENVIRONMENT.match(tex, token.end())
    if match is None:
        message = f"`{token[0]}` is not followed by a name in braces"
        yield _problem("unknown-environment", message, token, f"write `{token[0]}{{array}}`, for instance")
    elif match[1] not in ENVIRONMENTS and (token[0] == "\\begin" or f"\\begin{{{match[1]}}}" not in tex):
        help_ = _ENVIRONMENT_INSTEAD.get(match[1].strip("* "))
        help_ = help_ or _similar(
            match[1].strip(), ENVIRONMENTS, "use `aligned`, `array`, `cases` or `matrix`"
        )
        if match[1].strip() in ENVIRONMENTS:
            help_ = "write its name without spaces"
        message = f"formulas have no environment `{truncate(match[1])}`"
        yield TexProblem("unknown-environment", message, help_, match.start(1), match.end(1))
    elif columns := _COLUMNS.match(tex, token.end()):
        message = f"`{match[1]}` has {truncate(columns[1], 20)} columns"
        help_ = "no card is so wide; count the pairs of columns that are written"
        yield TexProblem("huge-length", message, help_, columns.start(1), columns.end(1))


def _check_is_braced(tex: str, token: re.Match[str]) -> Iterator[TexProblem]:
    """Plain TeX's matrices: MathJax cuts the first character off what follows, unless it is a brace."""
    if not tex.startswith("{", skip_space(tex, token.end())):
        help_ = f"write `{token[0]}{{…}}`"
        yield _problem("unclear-argument", f"`{token[0]}` is not followed by a brace", token, help_)


def _check_chemistry(tex: str, token: re.Match[str]) -> Iterator[TexProblem]:
    start = skip_space(tex, token.end())
    if not tex.startswith("{", start):
        yield from _check_is_braced(tex, token)
        return
    end = closing_brace(tex, start)
    help_ = f"end the `{token[0]}{{…}}` before it, and begin another after it"
    if unsafe := _UNSAFE_IN_CHEMISTRY.search(tex, start, end):
        message = f"`{token[0]}{{…}}` has `{truncate(unsafe[0])}` in it"
        yield _problem("unclear-argument", message, unsafe, help_)
    part, brace = (pattern.search(tex, start, end) for pattern in (_TAKEN_APART, _ESCAPED_BRACE))
    if part and brace:
        message = f"`{brace[0]}` and `{part[0]}` stand in one `{token[0]}{{…}}`"
        yield _problem("unclear-argument", message, brace, help_)


def _check_is_chemistry(tex: str, token: re.Match[str]) -> Iterator[TexProblem]:
    for chemistry in re.finditer(r"\\ce\s*(?=\{)", tex[: token.start()]):
        if token.start() < closing_brace(tex, chemistry.end()):
            return
    help_ = "write `\\ce{A\\bond{~}B}`" if token[0] == "\\bond" else "write `\\sim`"
    yield _problem("unknown-macro", f"`{token[0]}` stands outside `\\ce{{…}}`", token, help_)


def skip_space(tex: str, position: int) -> int:
    while tex[position : position + 1].isspace():
        position += 1
    return position


def closing_brace(tex: str, start: int) -> int:
    """Return the offset of the brace that closes the one at `start`; that of the end if none does."""
    depth = 0
    for token in _TOKEN.finditer(tex, start):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if depth == 0:
            return token.start()
    return len(tex)


def _check_color(tex: str, token: re.Match[str]) -> Iterator[TexProblem]:
    if _COLOR.match(tex, token.end()) is None:
        help_ = f"write `{token[0]}{{red}}` or `{token[0]}{{#aa3300}}`"
        yield _problem("unclear-argument", f"`{token[0]}` is not followed by a colour", token, help_)


def _check_notation(tex: str, token: re.Match[str]) -> Iterator[TexProblem]:
    if _NOTATION.match(tex, token.end()) is None:
        message = "`\\enclose` is not followed by notations alone"
        yield _problem("unclear-argument", message, token, "write `\\enclose{circle}{…}`, without brackets")


def _check_no_attributes(tex: str, token: re.Match[str]) -> Iterator[TexProblem]:
    if tex.startswith("[", skip_space(tex, token.end())):
        message = f"`{token[0]}` has attributes in brackets"
        yield _problem("unclear-argument", message, token, f"write `{token[0]}{{…}}`")


def _check_lengths(tex: str, token: re.Match[str]) -> Iterator[TexProblem]:
    """Check that no length is far longer than a card: it would cover or push away what stands around."""
    name = token[0][1:]
    position = token.end()
    if name in ("genfrac", "abovewithdelims") and (delimiters := _TWO_DELIMITERS.match(tex, position)):
        position = delimiters.end()
    if name == "\\" and tex[position : position + 1] != "[":
        return
    for _ in range(_LENGTHS[name]):
        length = _LENGTH.match(tex, position)
        if length is None or not length[0].strip():
            break
        number, unit = length[1].replace(",", "."), length[2] or "mu"
        if number.strip(".") and float(number) * _EM[unit] > MAX_LENGTH:
            message = f"`{token[0]}` has a length of `{truncate(length[1] + (length[2] or ''), 20)}`"
            help_ = f"no card is wider than {MAX_LENGTH}em"
            end = length.end(2 if length[2] else 1)
            yield TexProblem("huge-length", message, help_, length.start(1), end)
        position = length.end()


_CHECKS: dict[str, Callable[[str, re.Match[str]], Iterator[TexProblem]]] = {
    **{f"\\{name}": _check_lengths for name in _LENGTHS},
    **dict.fromkeys(("\\begin", "\\end"), _check_environment),
    **dict.fromkeys(("\\matrix", "\\pmatrix", "\\array", "\\cases"), _check_is_braced),
    **dict.fromkeys(("\\eqalign", "\\eqalignno", "\\leqalignno", "\\displaylines"), _check_is_braced),
    **dict.fromkeys(_CHEMISTRY, _check_chemistry),
    **dict.fromkeys(("\\bond", "\\ca"), _check_is_chemistry),
    **dict.fromkeys(("\\color", "\\textcolor", "\\colorbox"), _check_color),
    **dict.fromkeys(("\\cancel", "\\bcancel", "\\xcancel", "\\cancelto"), _check_no_attributes),
    "\\enclose": _check_notation,
}
_PLAIN = MACROS - _CHECKS.keys()
