"""Explain in the author's words why libyaml stopped reading, and leave out what it stopped at."""

import re

import yaml

from cardwright.diagnostics import Diagnostic, Related, Source, Span
from cardwright.source.look_alikes import explain_look_alike
from cardwright.source.nodes import Scalar

_ESCAPE = re.compile(r"\\(?:x\w{0,2}|u\w{0,4}|U\w{0,8}|.)")
_ALIAS = re.compile(r"\*[\w-]+ ?")
_LIST_ENTRY = re.compile(r"^( *)- ", re.MULTILINE)
_CODE_FENCE = re.compile(r"(?:`{3,}|~{3,})[^`\r\n]*")
_CONFLICT_MARKER = re.compile(r"^<{7} .*", re.MULTILINE)
# A value that begins with a bracket, on the line of its key.
_BRACKET_VALUE = re.compile(r"\s*(?:- +)*[^\s:'\"]+: +([\[{])")
# The beginning of a line up to the value of its key or entry, if that value has no quotes.
_PLAIN_VALUE_START = re.compile(r"\s*(?:- +)*([^\s:'\"][^:'\"]*: +|- +)")
# A key or a dash without the space that has to follow it.
_MISSING_SPACE = re.compile(r"\s*(?:- +)*([A-Za-z]+:(?=[^\s:/])|-(?=[A-Za-z]+: ))")
# A key that a card in braces often has, behind a text.
_KEY_IN_BRACES = re.compile(
    r"\s(id|q|a|cloze|list|items|table|diagram|type|fields|hint|extra|source|tags|typed): "
)
_COMMENT_WITH_BRACKET = re.compile(r"(?<=\s)#[^\r\n]*[\]}]")
# Where a value in braces or brackets ends: at the next key, or with the line.
_VALUE_END = re.compile(r",\s*[\w-]+:\s|[\]}]\s*(?:$|(?=[,\]}]))|$", re.MULTILINE)
# A value in brackets, within other brackets.
_INNER_BRACKET_VALUE = re.compile(r"[,{]\s*[^\s:'\"{}\[\],]+: +([\[{])[^\[\]{}]*[\]}]\s*\Z")
# What libyaml says about texts that begin with `- `, `? `, `|`, `>`, `&`, `*`, `!` or a bracket.
_BAD_BEGINNINGS = (
    "block sequence entries are not allowed",
    "mapping keys are not allowed",
    "expected comment or line break",
    "expected alphabetic or numeric character",
    "while scanning a tag",
    "expected tag URI",
    "find the expected '>'",
    "while parsing a block node",
)


class YamlFailure:
    """A place where libyaml stopped, and the reason.

    last_scalar: the last scalar that was read completely; a quote that closes too early belongs to it.
    problem, context: libyaml's words for what is wrong and for what it was reading.
    offset: where it stopped, or where it began to look for what it did not find.
    context_offset: where what it was reading began, if it has_context; else the same as offset.
    """

    def __init__(self, source: Source, error: yaml.MarkedYAMLError, last_scalar: Scalar | None) -> None:
        self.source = source
        self.last_scalar = last_scalar
        self.problem, self.context = error.problem or "", error.context or ""
        searched = "could not find expected ':'" in self.problem
        mark = (error.context_mark if searched else error.problem_mark) or error.context_mark
        self.offset = mark.index if mark is not None else 0
        self.has_context = error.context_mark is not None
        self.context_offset = error.context_mark.index if error.context_mark else self.offset

    @property
    def span(self) -> Span:
        length = len(self.source.text)
        return Span(self.source, min(self.offset, length), min(self.offset + 1, length))

    def follows_quoted_scalar(self, text: str) -> bool:
        """Return whether the text goes on right after a closing quote, or after a space or two.

        Within braces, those of the text may be between: `{q: 'What is {x'}?'}`.
        """
        scalar = self.last_scalar
        if scalar is None or scalar.style not in ("'", '"') or not 0 <= self.offset - scalar.end <= 2:
            return False
        between, line = text[scalar.end : self.offset], text[self.offset : _line_end(text, self.offset)]
        return self.offset < len(text) and (
            not between.strip(" ") or (between.strip("}]") == "" and scalar.style in line)
        )


def merge_conflict(source: Source) -> Diagnostic | None:
    """Return an error if the file holds an unfinished merge, so that all of it is in doubt."""
    if (match := _CONFLICT_MARKER.search(source.text)) is None:
        return None
    message = "the file still holds the conflict markers of a merge"
    help_ = "keep the right lines of both sides, and delete the marker lines"
    return Diagnostic("merge-conflict", message, Span(source, *match.span()), help=help_)


def explain_failure(failure: YamlFailure) -> Diagnostic:
    """Return the error that describes a failure."""
    explanations = (
        _code_fence,
        _look_alike,
        _unexpected_colon,
        _key_without_space,
        _unclosed_quote,
        _text_after_quote,
        _tab_indentation,
        _bad_beginning,
        _unknown_escape,
        _colon_after_plain_text,
        _bracket_in_text,
        _comment_in_brackets,
        _unclosed_bracket,
    )
    for explain in explanations:
        if diagnostic := explain(failure):
            return diagnostic
    text = failure.source.text
    line_above = text[: _line_start(text, failure.offset)].rstrip().rpartition("\n")[2]
    help_ = "check the indentation and the `- ` and `:` around it"
    if re.search(r" #.*", line_above):
        help_ = "what follows ` #` in the line above is a comment; quote the text if it belongs to it"
    message = "this line does not fit the lines above it"
    return Diagnostic("not-yaml", message, failure.span, note="reading stopped here", help=help_)


def _code_fence(failure: YamlFailure) -> Diagnostic | None:
    """Explain a line that begins or ends a block of code in Markdown, as around a file in a chat."""
    fence = _CODE_FENCE.match(failure.source.text, _line_start(failure.source.text, failure.offset))
    if fence is None:
        return None
    message = "a code fence of Markdown is no part of a YAML file"
    help_ = "delete this line; or indent it, if it belongs to the text above"
    return Diagnostic("code-fence", message, Span(failure.source, *fence.span()), help=help_)


def _look_alike(failure: YamlFailure) -> Diagnostic | None:
    """Explain a sign that is not the one of YAML, in the line where reading stopped or in the text before."""
    source, scalar = failure.source, failure.last_scalar
    offset = min(failure.offset, len(source.text))
    start = offset if scalar is None else scalar.end if scalar.style else scalar.start
    line_above = _line_start(source.text, _line_start(source.text, offset) - 1)
    return explain_look_alike(
        source, min(start, offset, line_above if start <= line_above else offset), offset
    )


def _unexpected_colon(failure: YamlFailure) -> Diagnostic | None:
    """Explain `q: Nerve: sciatic`: its second colon makes YAML see a mapping inside a text."""
    if "mapping values are not allowed" not in failure.problem:
        return None
    source, offset = failure.source, failure.offset
    line_start = _line_start(source.text, offset)
    line = source.text[line_start : _line_end(source.text, offset)].rstrip("\r\n")
    match = _PLAIN_VALUE_START.match(line)
    if match is not None and line_start + match.end() <= offset:
        return _colon_in_text(source, line_start + match.end(), line_start + len(line), offset)
    if missing_space := _missing_space(source, len(source.text[:line_start].rstrip())):
        return missing_space
    message, help_ = (
        "there is a colon where no key can be",
        "check the indentation of this line, or quote the text",
    )
    return Diagnostic("unexpected-colon", message, Span(source, offset, offset + 1), help=help_)


def _key_without_space(failure: YamlFailure) -> Diagnostic | None:
    if "could not find expected ':'" in failure.problem:
        return _missing_space(failure.source, failure.offset)
    return None


def _unclosed_quote(failure: YamlFailure) -> Diagnostic | None:
    if "unexpected end of stream" not in failure.problem or "quoted" not in failure.context:
        return None
    start = failure.context_offset
    message, span = "a quote is opened and never closed", Span(failure.source, start, start + 1)
    help_ = f"close it with {span.text} where the text ends"
    return Diagnostic("unclosed-quote", message, span, note="opened here", help=help_)


def _text_after_quote(failure: YamlFailure) -> Diagnostic | None:
    scalar, source = failure.last_scalar, failure.source
    if scalar is None or not failure.follows_quoted_scalar(source.text):
        return None
    quote = scalar.style
    escaped = "two single quotes ('')" if quote == "'" else 'a backslash in front (\\")'
    span, note = Span(source, failure.offset, failure.offset + 1), "this follows the closing quote"
    if "\n" in source.text[scalar.start : scalar.end]:
        span, note = Span(source, scalar.start, scalar.start + 1), "opened here"
    message = "a quoted text is closed, and more text follows"
    related = (Related(Span(source, scalar.end - 1, scalar.end), "closed here"),)
    help_ = f"quote the whole text; a {quote} inside it is written as {escaped}"
    return Diagnostic("text-after-quote", message, span, note=note, related=related, help=help_)


def _tab_indentation(failure: YamlFailure) -> Diagnostic | None:
    text, offset = failure.source.text, failure.offset
    line = text[_line_start(text, offset) : _line_end(text, offset)]
    is_indented_by_tab = "\t" in line[: len(line) - len(line.lstrip())]
    if "tab" not in failure.problem and not is_indented_by_tab and text[offset : offset + 1] != "\t":
        return None
    tab = text.find("\t", _line_start(text, offset))
    span = Span(failure.source, tab, tab + 1) if tab >= 0 else failure.span
    return Diagnostic("tab-indentation", "a tab is used to indent", span, help="indent with spaces")


def _bad_beginning(failure: YamlFailure) -> Diagnostic | None:
    """Explain a text that begins with a character that has a meaning in YAML."""
    text, offset = failure.source.text, failure.offset
    if "cannot start any token" in failure.problem:
        return needs_quotes(failure.source, offset)
    if any(phrase in f"{failure.context} {failure.problem}" for phrase in _BAD_BEGINNINGS):
        return needs_quotes(failure.source, failure.context_offset)
    line_start = _line_start(text, offset)
    bracket = _BRACKET_VALUE.match(text, line_start, offset)
    if bracket is not None and text[:offset].rstrip()[-1] in "]}":
        return needs_quotes(failure.source, bracket.start(1))
    alias = _ALIAS.search(text, line_start, offset)
    if alias is not None and alias.end() == offset:
        return needs_quotes(failure.source, alias.start())
    return None


def needs_quotes(source: Source, offset: int) -> Diagnostic:
    """Return an error for a text that begins with a special character, which is at the offset."""
    first = source.text[offset : offset + 1]
    name = "a backtick" if first == "`" else f"`{first} `" if first in "-?" else f"`{first}`"
    message = f"a text cannot begin with {name} unless it is quoted"
    help_ = f"put the whole text in quotes{'; a list begins on a line of its own' if first == '-' else ''}"
    return Diagnostic("text-needs-quotes", message, Span(source, offset, offset + 1), help=help_)


def _unknown_escape(failure: YamlFailure) -> Diagnostic | None:
    if "escape" not in failure.problem and "hexdecimal" not in failure.problem:
        return None
    text = failure.source.text
    escape = _ESCAPE.match(text, text.rfind("\\", 0, failure.offset + 1))
    span = failure.span if escape is None else Span(failure.source, escape.start(), escape.end())
    message = f"`{span.text}` has no meaning inside double quotes"
    help_ = "write the text in single quotes, or each backslash twice"
    return Diagnostic("unknown-escape", message, span, help=help_)


def _colon_after_plain_text(failure: YamlFailure) -> Diagnostic | None:
    text, offset, scalar = failure.source.text, failure.offset, failure.last_scalar
    if scalar is None or scalar.style or "\n" in scalar.span.text:
        return None
    if scalar.end != offset or text[offset : offset + 1] != ":":
        return None
    value_end = re.compile(r"[,}\]\r\n]").search(text, offset)
    end = value_end.start() if value_end else len(text)
    return _colon_in_text(failure.source, scalar.start, end, offset, in_braces=True)


def _bracket_in_text(failure: YamlFailure) -> Diagnostic | None:
    """Explain `{q: What is [x]?}`: within braces, a text without quotes has no brackets."""
    source, offset, scalar = failure.source, failure.offset, failure.last_scalar
    if "expected ',' or" not in failure.problem:
        return None
    if inner := _INNER_BRACKET_VALUE.search(source.text, failure.context_offset, offset):
        return needs_quotes(source, inner.start(1))
    is_in_text = (
        scalar is not None
        and not scalar.style
        and source.text[offset : offset + 1] in tuple("[]{}")
        and not source.text[scalar.end : offset].strip()
    )
    if scalar is None or not is_in_text:
        return None
    value_end = _VALUE_END.search(source.text, offset + 1)
    span = Span(source, scalar.start, value_end.start() if value_end else offset + 1)
    message = "a text with a bracket in it has to be quoted within braces"
    related = (Related(failure.span, "this bracket"),)
    help_ = advise_quotes(span.text)
    return Diagnostic("bracket-in-text", message, span, related=related, help=help_)


def _comment_in_brackets(failure: YamlFailure) -> Diagnostic | None:
    """Explain `{q: x, a: #1}`: the comment has the bracket that would close."""
    text, start = failure.source.text, failure.last_scalar.end if failure.last_scalar else 0
    comment = _COMMENT_WITH_BRACKET.search(text, start, _line_end(text, start))
    if "while parsing a flow" not in failure.context or comment is None or failure.offset < comment.end():
        return None
    message = "`#` after a space begins a comment, which has the closing bracket"
    span = Span(failure.source, comment.start(), comment.end())
    return Diagnostic("comment-in-brackets", message, span, help="quote the text that has the `#`")


def _unclosed_bracket(failure: YamlFailure) -> Diagnostic | None:
    if "expected ',' or" not in failure.problem and not failure.context.startswith("while parsing a flow"):
        return None
    text, end = failure.source.text, failure.context_offset + 1
    bracket = max(text.rfind("[", 0, end), text.rfind("{", 0, end), 0)
    span = Span(failure.source, bracket, bracket + 1)
    message = f"a `{span.text}` is opened and not closed where it should be"
    related = (Related(failure.span, "reading stopped here"),)
    help_ = "close it; a text that begins with a bracket needs quotes"
    return Diagnostic("unclosed-bracket", message, span, note="opened here", related=related, help=help_)


def _missing_space(source: Source, offset: int) -> Diagnostic | None:
    """Return an error if the line of the offset has a key or a dash without the space that YAML needs."""
    match = _MISSING_SPACE.match(source.text, _line_start(source.text, offset))
    if match is None:
        return None
    message = f"{'a dash' if match[1] == '-' else 'the colon of a key'} needs a space after it"
    return Diagnostic("missing-space", message, Span(source, match.end() - 1, match.end()))


def _colon_in_text(
    source: Source, start: int, end: int, colon: int, *, in_braces: bool = False
) -> Diagnostic:
    value = source.text[start:end].rstrip()
    message = "a text with a colon at its end has to be quoted"
    if colon + 1 < start + len(value):
        message = "a text with a colon and a space in it has to be quoted"
    span, related = (
        Span(source, start, start + len(value)),
        Related(Span(source, colon, colon + 1), "this colon"),
    )
    help_ = advise_quotes(value)
    if in_braces and (key := _KEY_IN_BRACES.search(value)):
        help_ += f"; or put a comma before `{key[1]}:`"
    return Diagnostic("colon-in-text", message, span, related=(related,), help=help_)


def advise_quotes(text: str) -> str:
    """Return the help line that shows a text in quotes, instead of those of a word processor around it."""
    straight = re.sub(r"\A[“”„‘‚](.+)[”“’‘]\Z", r"\1", text, flags=re.DOTALL)
    escaped = straight.replace("\\", "\\\\").replace('"', '\\"')
    return f'quote it{" with straight quotes" if straight != text else ""}: "{escaped}"'


def blank_out_entry(text: str, failure: YamlFailure) -> str | None:
    """Return the text with the outermost list entry at the failure replaced by spaces, offsets kept.

    text: the source's text, with the entries of earlier failures blanked out.
    Returns None if the failure is in no list entry, so that nothing can be left out.
    """
    offset = failure.offset
    is_unclosed = "end of stream" in failure.problem or "parsing a flow" in failure.context
    if "parsing a flow node" in failure.context and failure.last_scalar is not None:
        offset = failure.last_scalar.start
    elif is_unclosed and failure.has_context:
        offset = failure.context_offset
    elif failure.last_scalar is not None and failure.follows_quoted_scalar(text):
        offset = failure.last_scalar.start
    entries = [
        match for match in _LIST_ENTRY.finditer(text, 0, _line_end(text, offset)) if match.start() <= offset
    ]
    if not entries:
        return None
    indent = min(len(match[1]) for match in entries)
    start = next(match.start() for match in reversed(entries) if len(match[1]) == indent)
    next_line_outside = re.compile(rf"^ {{0,{indent}}}[^\s#]", re.MULTILINE)
    after = next_line_outside.search(text, _line_end(text, start))
    if after is not None and after.start() <= offset:
        # The entry ends before the failure, so what follows it is at fault.
        start = after.start()
        after = next_line_outside.search(text, _line_end(text, offset))
    end = after.start() if after else len(text)
    if not text[start:end].strip():
        return None
    return text[:start] + re.sub(r"[^\r\n]", " ", text[start:end]) + text[end:]


def _line_start(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1


def _line_end(text: str, offset: int) -> int:
    """Return the offset after the line's end."""
    end = text.find("\n", offset)
    return len(text) if end < 0 else end + 1
