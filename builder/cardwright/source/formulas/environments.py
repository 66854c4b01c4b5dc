"""Environments, the matrices of plain TeX, and what stands in them: cells, rows, lines, numbers."""

import re
from collections.abc import Callable

from cardwright.source.formulas.diagrams import read_diagram
from cardwright.source.formulas.expansions import expansion
from cardwright.source.formulas.items import Begin, Cell, End, Item, UnreadableTex
from cardwright.source.formulas.lengths import em, whole_length
from cardwright.source.formulas.nodes import make
from cardwright.source.formulas.operators import Value
from cardwright.source.formulas.reader import Handler, Reader
from cardwright.source.formulas.tables import Equation, Lines, OneEquation, Table, WideLines
from cardwright.source.formulas.tags import Tag
from cardwright.source.formulas.tex_text import strip_tex
from cardwright.source.formulas.text import read_words

_Environment = Callable[[Reader, str], Item]
"""Reads the arguments of an environment of this name, and returns what collects its content."""

_Attributes = dict[str, Value]

_ALIGNMENTS = {"l": "left", "c": "center", "r": "right"}
_LINES = {"|": "solid", ":": "dashed"}
_VERTICAL = {"t": "baseline 1", "b": "baseline -1", "c": "axis"}


def _begin(reader: Reader, name: str) -> None:
    environment = reader.raw_argument(name)
    if environment not in _ENVIRONMENTS:
        raise UnreadableTex(f"there is no environment `{environment}`")
    item = _ENVIRONMENTS[environment](reader, environment)
    reader.push(Begin(name=environment))
    reader.push(item)


def _end(reader: Reader, name: str) -> None:
    reader.push(End(name=reader.raw_argument(name)))


# Arrays


def _array(
    fences: tuple[str, str] = ("", ""),
    columns: str = "",
    *,
    optional: str | None = None,
    spacing: tuple[str, str] = ("1em", "4pt"),
    level: int = 0,
    attributes: _Attributes | None = None,
) -> _Environment:
    """Return a table. columns: `l`, `c` and `r` with lines; an argument if empty.

    optional: what the columns are unless they are given in brackets. spacing: of columns and of rows.
    level: the script level of a small one.
    """

    def make_table(reader: Reader, name: str) -> Table:
        given = columns if optional is None else reader.brackets(optional)
        table = Table(fences=fences, level=level)
        table.attributes = {"columnspacing": spacing[0], "rowspacing": spacing[1], **(attributes or {})}
        _set_columns(table, given or reader.raw_argument(name))
        return table

    return make_table


def _set_columns(table: Table, columns: str) -> None:
    """Set how the columns are aligned and which lines are between them."""
    table.attributes["columnalign"] = " ".join(_ALIGNMENTS[sign] for sign in columns if sign in _ALIGNMENTS)
    borders = re.sub(r"[^|:]([|:])+", r"\1", "c" + re.sub("[^clr|:]", "", columns))
    if not re.search("[|:]", borders):
        return
    if borders[0] in _LINES:
        table.frame.append("left")
        table.frame_is_dashed = borders[0] == ":"
    if borders[-1] in _LINES:
        table.frame.append("right")
    table.attributes["columnlines"] = " ".join(_LINES.get(sign, "none") for sign in borders[1:-1])


def _aligned_array(reader: Reader, name: str) -> Table:
    vertical = reader.brackets()
    table = _array()(reader, name)
    assert isinstance(table, Table)
    return _align(table, vertical)


def _align(table: Table, vertical: str | None) -> Table:
    """Set on which line of a table the formula around it stands."""
    if given := strip_tex(vertical or ""):
        table.attributes["align"] = _VERTICAL.get(given, given)
    return table


def _cases(fences: tuple[str, str], *, are_large: bool = False) -> _Environment:
    """Return cases, whose second column is a formula. are_large: they aren't set as in running text."""
    attributes: _Attributes = {"displaystyle": are_large}
    return _array(fences, "ll", spacing=("1em", ".2em"), attributes=attributes)


def _cases_with_words(fences: tuple[str, str], *, are_large: bool = False) -> _Environment:
    spacing: _Attributes = {"rowspacing": ".2em", "columnspacing": "1em", "columnalign": "left"}

    def make_table(_reader: Reader, name: str) -> Table:
        attributes: _Attributes = {**spacing, "displaystyle": are_large}
        return Table(fences=fences, attributes=attributes, words_until=name)

    return make_table


def _small(fences: tuple[str, str], columns: str = "", *, optional: str | None = None) -> _Environment:
    return _array(fences, columns, optional=optional, spacing=("0.333em", ".2em"), level=1)


def _plain_matrix(
    fences: tuple[str, str] = ("", ""),
    *,
    has_words: bool = False,
    has_labels: bool = False,
    **attributes: Value,
) -> Handler:
    """Return what reads a table in braces, as plain TeX has it."""

    def handle(reader: Reader, name: str) -> None:
        first = reader.next_character()
        if not first:
            raise UnreadableTex(f"`{name}` needs an argument")
        if first != "{":
            reader.text, reader.position = f"{first}}}{reader.text[reader.position + 1 :]}", -1
        reader.position += 1
        table = Table(fences=fences, in_braces=True, has_labels=has_labels)
        table.words_until = "" if has_words else None
        table.attributes = {"rowspacing": "4pt", "columnspacing": "1em", **attributes}
        reader.push(table)

    return handle


# Equations


def _start_equations(reader: Reader, name: str, *, are_tagged: bool) -> None:
    """Let the equations of an environment have numbers. One that may have some isn't put in another."""
    if are_tagged:
        _check_nesting(reader, name)
    reader.formula.tags.append(Tag(name, is_allowed=are_tagged))


def _check_nesting(reader: Reader, name: str) -> None:
    if reader.has_equations:
        raise UnreadableTex(f"`{name}` stands in or after other equations")
    reader.has_equations = True


def _lines(
    columns: str, spacing: str = "1em", *, are_tagged: bool = False, is_inner: bool = False
) -> _Environment:
    """Return equations in lines. is_inner: they are a part of a formula, and brackets may align them."""

    def make_lines(reader: Reader, name: str) -> Table:
        vertical = reader.brackets() if is_inner else None
        _start_equations(reader, name, are_tagged=are_tagged)
        return _align(Lines(reader=reader, attributes=_equation_attributes(columns, spacing)), vertical)

    return make_lines


def _equation_attributes(columns: str, spacing: str) -> _Attributes:
    return {
        "displaystyle": True,
        "columnalign": " ".join(_ALIGNMENTS[sign] for sign in columns),
        "columnspacing": spacing,
        "rowspacing": "3pt",
    }


def _column_count(reader: Reader, name: str) -> int:
    count = reader.raw_argument(name)
    if not re.fullmatch("[0-9]{0,2}", count):
        raise UnreadableTex(f"`{name}` needs a number of columns below 100")
    return int(count or 0)


def _lines_at(*, are_tagged: bool = False) -> _Environment:
    """Return equations without space between the columns, of which there is a given number of pairs."""

    def make_lines(reader: Reader, name: str) -> Table:
        vertical = None if are_tagged else reader.brackets()
        count = _column_count(reader, name)
        _start_equations(reader, name, are_tagged=are_tagged)
        attributes = _equation_attributes("rl" * count, " ".join(["0em 0em"] * count) or "1em")
        return _align(Lines(reader=reader, attributes=attributes), vertical)

    return make_lines


def _wide_lines(*, are_tagged: bool = False, pads: bool = False, is_counted: bool = False) -> _Environment:
    """Return equations over the whole width. is_counted: the number of pairs of columns is given."""

    def make_lines(reader: Reader, name: str) -> Table:
        columns = 2 * _column_count(reader, name) if is_counted else 0
        _check_nesting(reader, name)
        # MathJax begins two and ends one, so that a number from before is lost and another may follow.
        reader.formula.tags += [Tag(), Tag(name, is_allowed=are_tagged)]
        lines = WideLines(reader=reader, name=name, pads=pads, columns=columns)
        lines.is_centred, lines.narrow_label = not is_counted, is_counted
        lines.attributes = {
            **_equation_attributes("crl" if pads else "rlc", "0em"),
            "width": "100%",
            "columnwidth": "fit auto auto" if pads else "auto auto fit",
            "minlabelspacing": "0" if is_counted else "0.8em",
            "data-width-includes-label": True,
        }
        return lines

    return make_lines


def _one_equation(reader: Reader, name: str) -> Table:
    _start_equations(reader, name, are_tagged=True)
    attributes: _Attributes = {"displaystyle": True, "rowspacing": ".5em", "columnspacing": "100%"}
    attributes.update(
        {"width": "100%", "framespacing": "1em 0", "frame": "", "data-width-includes-label": True}
    )
    return OneEquation(reader=reader, attributes=attributes)


def _inner_equation(reader: Reader, name: str) -> Table:
    vertical = reader.brackets("c") or ""
    width = (reader.brackets("") or "") if vertical else ""
    if vertical and vertical not in _VERTICAL:
        width, vertical = vertical, width
    reader.formula.tags.append(Tag(name, is_allowed=True))
    attributes: _Attributes = {"displaystyle": True, "rowspacing": ".5em", "columnwidth": "100%"}
    attributes["width"] = width or "auto"
    return _align(OneEquation(reader=reader, is_inner=True, attributes=attributes), vertical or "c")


def _equation(reader: Reader, name: str) -> Item:
    _start_equations(reader, name, are_tagged=True)
    return Equation(reader=reader)


def _shove(side: str) -> Handler:
    def handle(reader: Reader, name: str) -> None:
        lines = reader.top
        if not isinstance(lines, OneEquation) or lines.nodes:
            raise UnreadableTex(f"`{name}` doesn't begin a line of `multline`")
        lines.shove = side
        gap = reader.brackets()
        nodes = reader.argument(name)
        if gap:
            space = make("mspace", width=gap)
            nodes = [make("mrow", *((space, *nodes) if side == "left" else (*nodes, space)))]
        reader.push(*nodes)

    return handle


# In tables


def _cell(reader: Reader, name: str) -> None:
    reader.push(Cell(name=name))
    table = reader.top
    if isinstance(table, Table) and table.words_until is not None:
        _read_words_of_cell(reader, table.words_until)


def _read_words_of_cell(reader: Reader, environment: str) -> None:
    """Read the cell that follows as words, unless it is in a `\\text{…}` already."""
    end = re.compile(
        r"\\cr[^a-zA-Z]|\\\\" + (rf"|\\end\s*\{{{re.escape(environment)}\}}" if environment else "")
    )
    text, start = reader.text, reader.position
    position, depth, first_group = start, 0, -1
    while position < len(text) and not end.match(text, position):
        character = text[position]
        if character == "}" and depth == 0:
            break
        if character == "&" and depth == 0:
            raise UnreadableTex("the words of a case have a `&` in them")
        depth += {"{": 1, "}": -1}.get(character, 0)
        if character == "}" and depth == 0 and first_group < 0:
            first_group = position
        position += 2 if character == "\\" else 1
    position = min(position, len(text))
    words = text[start:position]
    if not re.match(r"\s*\\text[^a-zA-Z]", words) or first_group != start + len(words.rstrip()) - 1:
        reader.push(*read_words(reader, strip_tex(words), level=0))
        reader.position = position


def _end_row(reader: Reader, name: str) -> None:
    reader.push(Cell(name=name, is_row=True))


def _end_line(reader: Reader, name: str) -> None:
    """Read `\\\\` and `\\newline`, which end a line outside a table, too."""
    length: str | None = None
    if name == "\\\\":
        reader.position += reader.text.startswith("*", reader.position)
        if reader.text.startswith("[", reader.position) and (given := reader.brackets()):
            length = whole_length(given)
            if length is None:
                raise UnreadableTex(f"`\\\\[{given}]` has no length in its brackets")
    reader.push(Cell(name=name, is_row=True, line_break=True))
    if isinstance(reader.top, Table):
        if length:
            reader.top.add_row_spacing(length)
    else:
        if length:
            reader.push(make("mspace", depth=length))
        reader.push(make("mspace", linebreak="newline"))


def _line(style: str) -> Handler:
    def handle(reader: Reader, name: str) -> None:
        if not isinstance(reader.top, Table) or reader.top.nodes:
            raise UnreadableTex(f"`{name}` doesn't stand between rows")
        reader.top.add_line(style)

    return handle


def _fill(reader: Reader, name: str) -> None:
    if not isinstance(reader.top, Table):
        raise UnreadableTex(f"`{name}` stands outside a table")
    reader.top.fills.append(len(reader.top.nodes))


def _tag(reader: Reader, name: str) -> None:
    tag = reader.formula.tags[-1]
    if tag.environment and not tag.is_allowed:
        raise UnreadableTex(f"`{name}` stands in `{tag.environment}`, which has no numbers")
    if tag.text:
        raise UnreadableTex(f"an equation has two `{name}`")
    star = reader.has_star()
    text = strip_tex(reader.raw_argument(name))
    tag.write(text, text if star else f"({text})")


def _no_tag(reader: Reader, _name: str) -> None:
    reader.formula.tags[-1].write("", "")


# By name: the signs around a matrix.
_FENCES = {
    "": ("", ""),
    "p": ("(", ")"),
    "b": ("[", "]"),
    "B": ("{", "}"),
    "v": ("|", "|"),
    "V": ("\u2016", "\u2016"),
}
_PAIRS = "0em 2em"

_ENVIRONMENTS: dict[str, _Environment] = {
    "array": _aligned_array,
    **{f"{name}matrix": _array(fences, "c") for name, fences in _FENCES.items()},
    **{f"{name}matrix*": _array(fences, optional="c") for name, fences in _FENCES.items()},
    **{f"{name}smallmatrix": _small(fences, "c") for name, fences in _FENCES.items()},
    **{f"{name}smallmatrix*": _small(fences, optional="c") for name, fences in _FENCES.items()},
    "subarray": _array(spacing=("0em", "0.1em"), level=1),
    "crampedsubarray": _array(spacing=("0em", "0.1em"), level=1, attributes={"data-cramped": True}),
    "cases": _cases(("{", "")),
    "dcases": _cases(("{", ""), are_large=True),
    "rcases": _cases(("", "}")),
    "drcases": _cases(("", "}"), are_large=True),
    "cases*": _cases_with_words(("{", "")),
    "dcases*": _cases_with_words(("{", ""), are_large=True),
    "rcases*": _cases_with_words(("", "}")),
    "drcases*": _cases_with_words(("", "}"), are_large=True),
    **dict.fromkeys(("align", "align*"), _lines("rl", _PAIRS, are_tagged=True)),
    **dict.fromkeys(("gather", "gather*"), _lines("c", are_tagged=True)),
    **dict.fromkeys(("eqnarray", "eqnarray*"), _lines("rcl", "0em 0.278em", are_tagged=True)),
    "split": _lines("rl", "0em"),
    "aligned": _lines("rl", _PAIRS, is_inner=True),
    "gathered": _lines("c", is_inner=True),
    "lgathered": _lines("l", is_inner=True),
    "rgathered": _lines("r", is_inner=True),
    **dict.fromkeys(("alignat", "alignat*"), _lines_at(are_tagged=True)),
    "alignedat": _lines_at(),
    "flalign": _wide_lines(are_tagged=True),
    "flalign*": _wide_lines(),
    "xalignat": _wide_lines(are_tagged=True, pads=True, is_counted=True),
    "xalignat*": _wide_lines(pads=True, is_counted=True),
    "xxalignat": _wide_lines(is_counted=True),
    **dict.fromkeys(("multline", "multline*"), _one_equation),
    "multlined": _inner_equation,
    **dict.fromkeys(("equation", "equation*"), _equation),
    "CD": read_diagram,
}

HANDLERS: dict[str, Handler] = {
    "\\begin": _begin,
    "\\end": _end,
    "\\matrix": _plain_matrix(),
    "\\array": _plain_matrix(),
    "\\pmatrix": _plain_matrix(("(", ")")),
    "\\cases": _plain_matrix(("{", ""), has_words=True, columnalign="left left", rowspacing=".1em"),
    "\\eqalign": _plain_matrix(
        columnalign="right left", columnspacing=em(5 / 18), rowspacing=".5em", displaystyle=True
    ),
    "\\displaylines": _plain_matrix(columnalign="center", rowspacing=".5em", displaystyle=True),
    **{
        f"\\{name}": _plain_matrix(
            has_labels=True,
            columnalign="right left",
            columnspacing=em(5 / 18),
            rowspacing=".5em",
            displaystyle=True,
            side=side,
        )
        for name, side in (("eqalignno", "right"), ("leqalignno", "left"))
    },
    "\\substack": expansion("\\begin{subarray}{c}#1\\end{subarray}"),
    "\\crampedsubstack": expansion("\\begin{crampedsubarray}{c}#1\\end{crampedsubarray}"),
    "&": _cell,
    "\\cr": _end_row,
    "\\\\": _end_line,
    "\\newline": _end_line,
    "\\hline": _line("solid"),
    "\\hdashline": _line("dashed"),
    **dict.fromkeys(("\\hfill", "\\hfil", "\\hfilll"), _fill),
    "\\shoveleft": _shove("left"),
    "\\shoveright": _shove("right"),
    "\\tag": _tag,
    **dict.fromkeys(("\\notag", "\\nonumber"), _no_tag),
}
