"""What libyaml says when it stops, in the author's words."""

import re

import yaml

from cardwright.diagnostics.diagnostic import Diagnostic, Related
from cardwright.diagnostics.span import Source, Span
from cardwright.source.nodes import Scalar

_ESCAPE = re.compile(r"\\(?:x\w{0,2}|u\w{0,4}|U\w{0,8}|.)")
_ALIAS = re.compile(r"\*[\w-]+ ?")
_ENTRY = re.compile(r"^( *)- ", re.MULTILINE)
_CONFLICT = re.compile(r"^<{7} .*", re.MULTILINE)
# A value that begins with a bracket, on the line of its key.
_BRACKET = re.compile(r"\s*(?:- +)*[^\s:'\"]+: +([\[{])")
_TIGHT = re.compile(r"\s*(?:- +)*([A-Za-z]+:(?=[^\s:/])|-(?=[A-Za-z]+: ))")
# What libyaml says of texts that begin with `- `, `? `, `|`, `>`, `&`, `*`, `!` or a bracket.
_BEGINNINGS = (
    "block sequence entries are not allowed",
    "mapping keys are not allowed",
    "expected comment or line break",
    "expected alphabetic or numeric character",
    "expected tag URI",
    "find the expected '>'",
    "while parsing a block node",
)


def conflict(source: Source) -> Diagnostic | None:
    """A merge that was not finished, which leaves nothing of the file as it was meant."""
    found = _CONFLICT.search(source.text)
    if found is None:
        return None
    return Diagnostic(
        code="merge-conflict",
        message="the file still holds the conflict markers of a merge",
        span=Span(source, found.start(), found.end()),
        help="keep what is right of the two sides, and delete the marker lines",
    )


def explain(source: Source, error: yaml.MarkedYAMLError, before: Scalar | None) -> Diagnostic:
    """One diagnostic for the place where libyaml stopped.

    before: the last scalar it read whole; a quote closed too late is blamed on it.
    """
    text = source.text
    at = place(error)
    context = error.context_mark.index if error.context_mark else at
    problem = error.problem or ""
    here = Span(source, min(at, len(text)), min(at + 1, len(text)))
    if "mapping values are not allowed" in problem:
        return _colon(source, at)
    if "could not find expected ':'" in problem and (tight := _without_space(source, at)):
        return tight
    if "unexpected end of stream" in problem and "quoted" in (error.context or ""):
        return Diagnostic(
            code="unclosed-quote",
            message="a quote is opened and never closed",
            span=Span(source, context, context + 1),
            note="opened here",
            help=f"close it with {text[context]} where the text ends",
        )
    if before is not None and before.style in ("'", '"') and _follows(text, before, at):
        return _quote_too_early(source, before, at)
    if "tab" in problem or _tab_indents(text, at) or text[at : at + 1] == "\t":
        tab = text.find("\t", _line_start(text, at))
        return Diagnostic(
            code="tab-indentation",
            message="a tab is used to indent",
            span=Span(source, tab, tab + 1) if tab >= 0 else here,
            help="indent with spaces",
        )
    if (bare := _bare(text, error, at, context)) is not None:
        return needs_quotes(source, bare)
    if "escape" in problem or "hexdecimal" in problem:
        escape = _ESCAPE.match(text, text.rfind("\\", 0, at + 1))
        span = here if escape is None else Span(source, escape.start(), escape.end())
        return Diagnostic(
            code="unknown-escape",
            message=f"`{span.text}` stands for nothing inside double quotes",
            span=span,
            help="write the text in single quotes, or the backslash twice",
        )
    plain = before is not None and not before.style and "\n" not in before.span.text
    if before is not None and plain and before.end == at and text[at : at + 1] == ":":
        ending = re.compile(r"[,}\]\r\n]").search(text, at)
        return _quote_this(source, before.start, ending.start() if ending else len(text), at)
    if "expected ',' or" in problem or (error.context or "").startswith("while parsing a flow"):
        bracket = max(text.rfind("[", 0, context + 1), text.rfind("{", 0, context + 1), 0)
        return Diagnostic(
            code="unclosed-bracket",
            message=f"a `{text[bracket : bracket + 1]}` is opened and not closed where it should be",
            span=Span(source, bracket, bracket + 1),
            note="opened here",
            related=(Related(here, "reading stopped here"),),
            help="close it; a text that begins with a bracket needs quotes",
        )
    line_above = text[: _line_start(text, at)].rstrip().rpartition("\n")[2]
    ended = re.search(r" #.*", line_above)
    return Diagnostic(
        code="not-yaml",
        message="this line does not fit the lines above it",
        span=here,
        note="reading stopped here",
        help="what follows ` #` in the line above is a comment; quote the text if it belongs to it"
        if ended
        else "check the indentation and the `- ` and `:` around it",
    )


def _bare(text: str, error: yaml.MarkedYAMLError, at: int, context: int) -> int | None:
    """The beginning of a text without quotes that YAML takes for something else."""
    if "cannot start any token" in (error.problem or ""):
        return at
    if any(words in f"{error.context} {error.problem}" for words in _BEGINNINGS):
        return context
    line = _line_start(text, at)
    if (bracket := _BRACKET.match(text, line, at)) and text[:at].rstrip()[-1] in "]}":
        return bracket.start(1)
    if (alias := _ALIAS.search(text, line, at)) and alias.end() == at:
        return alias.start()
    return None


def needs_quotes(source: Source, at: int) -> Diagnostic:
    """A text begins with a character that is YAML's. at: its offset."""
    first = source.text[at : at + 1]
    shown = "a backtick" if first == "`" else f"`{first} `" if first in "-?" else f"`{first}`"
    return Diagnostic(
        code="text-needs-quotes",
        message=f"a text cannot begin with {shown} unless it is quoted",
        span=Span(source, at, at + 1),
        help="put the whole text in quotes; a list begins on a line of its own"
        if first == "-"
        else "put the whole text in quotes",
    )


def place(error: yaml.MarkedYAMLError) -> int:
    """The offset at which libyaml stopped, or at which it began to look for what it did not find."""
    sought = "could not find expected ':'" in (error.problem or "")
    mark = (error.context_mark if sought else error.problem_mark) or error.context_mark
    return mark.index if mark is not None else 0


def without_entry(text: str, error: yaml.MarkedYAMLError, before: Scalar | None) -> str | None:
    """The text with the list entry around the error blanked out, offsets kept.

    None when the error is in no list entry: then nothing can be left out.
    """
    at = place(error)
    unclosed = "end of stream" in (error.problem or "") or "parsing a flow" in (error.context or "")
    if unclosed and error.context_mark is not None:
        at = error.context_mark.index
    elif before is not None and before.style in ("'", '"') and _follows(text, before, at):
        at = before.start
    starts = [match for match in _ENTRY.finditer(text, 0, _line_end(text, at)) if match.start() <= at]
    if not starts:
        return None
    outer = min(len(match[1]) for match in starts)
    start = next(match.start() for match in reversed(starts) if len(match[1]) == outer)
    outside = re.compile(rf"^ {{0,{outer}}}[^\s#]", re.MULTILINE)
    after = outside.search(text, _line_end(text, start))
    if after is not None and after.start() <= at:
        # The entry is whole; what is to blame stands behind it.
        start = after.start()
        after = outside.search(text, _line_end(text, at))
    end = after.start() if after else len(text)
    if not text[start:end].strip():
        return None
    return text[:start] + re.sub(r"[^\r\n]", " ", text[start:end]) + text[end:]


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _follows(text: str, scalar: Scalar, at: int) -> bool:
    """Whether only spaces, or nothing, lie between a scalar and a place where the text goes on."""
    return at < len(text) and 0 <= at - scalar.end <= 2 and not text[scalar.end : at].strip(" ")


def _colon(source: Source, at: int) -> Diagnostic:
    """`q: Nerve: sciatic`: the second colon makes YAML see a mapping inside a text."""
    text = source.text
    line_start = _line_start(text, at)
    line = text[line_start : _line_end(text, at)].rstrip("\r\n")
    match = re.match(r"\s*(?:- +)*([^\s:'\"][^:'\"]*: +|- +)", line)
    if match is None or line_start + match.end() > at:
        above = text[:line_start].rstrip()
        return _without_space(source, _line_start(text, len(above))) or Diagnostic(
            code="unexpected-colon",
            message="a colon stands where no key can be",
            span=Span(source, at, at + 1),
            help="check the indentation of this line, or quote the text",
        )
    start = line_start + match.end()
    return _quote_this(source, start, line_start + len(line), at)


def _without_space(source: Source, at: int) -> Diagnostic | None:
    """A key or a dash that YAML takes for a text, since no space follows. at: in its line."""
    found = _TIGHT.match(source.text, _line_start(source.text, at))
    if found is None:
        return None
    what = "a dash" if found[1] == "-" else "the colon of a key"
    return Diagnostic(
        code="missing-space",
        message=f"{what} needs a space behind it",
        span=Span(source, found.end() - 1, found.end()),
    )


def _quote_this(source: Source, start: int, end: int, colon: int) -> Diagnostic:
    value = source.text[start:end].rstrip()
    quoted = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return Diagnostic(
        code="colon-in-text",
        message="a text with a colon and a space in it has to be quoted"
        if colon + 1 < start + len(value)
        else "a text with a colon at its end has to be quoted",
        span=Span(source, start, start + len(value)),
        related=(Related(Span(source, colon, colon + 1), "this colon"),),
        help=f"quote it: {quoted}",
    )


def _quote_too_early(source: Source, before: Scalar, at: int) -> Diagnostic:
    quote = before.style
    twice = "two single quotes ('')" if quote == "'" else 'a backslash in front (\\")'
    several = "\n" in source.text[before.start : before.end]
    return Diagnostic(
        code="text-after-quote",
        message="a quoted text is closed, and more text follows",
        span=Span(source, before.start, before.start + 1) if several else Span(source, at, at + 1),
        note="opened here" if several else "this follows the closing quote",
        related=(Related(Span(source, before.end - 1, before.end), "closed here"),),
        help=f"quote the whole text; a {quote} inside it is written as {twice}",
    )


def _tab_indents(text: str, at: int) -> bool:
    line = text[text.rfind("\n", 0, at) + 1 : _line_end(text, at)]
    return "\t" in line[: len(line) - len(line.lstrip())]
