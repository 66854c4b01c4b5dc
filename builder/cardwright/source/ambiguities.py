"""Warn of text that Markdown probably reads differently from what its author meant."""

import re
from collections.abc import Iterable, Iterator, Sequence

from markdown_it.token import Token

from cardwright.collection import content as c
from cardwright.diagnostics import Diagnostic, Severity, Span
from cardwright.diagnostics.phrases import truncate
from cardwright.source.deletion_scanner import CLOZE_OPEN
from cardwright.source.nodes import Scalar
from cardwright.source.text import warn_of

# The beginning of a line that is a list, a heading or a quotation.
_BLOCK_MARKER = re.compile(r"(?:\d+(?=[.)])|)[-+*.)#>]")
# A line that is meant as what its beginning says: an entry of words, a heading, a sentence that is quoted.
_MEANT_AS_BLOCK = re.compile(
    r"[-*] +(?:(?:[*_~`(\[\"'“‘«„¿¡]|\{\{c\d+::)*[^\W\d_]{2}|[^\W\d_] \w)"
    r"|#{1,6} +(?![a-z])[^\W\d_]{2}|#{2,6} +[<*&\"'“(\[]|>(?! ?\d).*\w.* .*\w"
)
_MEANT_IN_BLOCK_SCALAR = re.compile(r"[-*+#>] *.*[^\W\d_]{2}|1[.)] ")
# A text without this has no emphasis that touches a word on its outside, no name in underscores and no
# backslash.
_DOUBTFUL_SIGN = re.compile(
    r"[^\s*_]\*+[^\s*_,;:!?]|\*\*\w+\*(?!\*)|_\w+_|\*\.|\*\*?/| \*[,;]|\\[!-/:-@\[-`{-~]"
)
# Text without these has no markup that was left in it.
_SIGN = re.compile(r"[*_~^=+%#$\[{\\]|\A:::")
_PICTURE_AFTER_SPACE = re.compile(r"!\[[^\[\]\n]*\] +\([^\s()]+\.\w{2,4}\)")
# A picture with a size as HackMD and Joplin write it.
_PICTURE_WITH_SIZE = re.compile(r"!\[[^\[\]\n]*\]\([^\s()]+ +=([0-9]*%?)(?:x[0-9]*%?)?\)")
# What names a link in brackets. Markdown allows 999 characters.
_LABEL = re.compile(r"\[((?:\\.|[^\[\]\\]){1,999})\]", re.DOTALL)
# A formula as LaTeX and other tools write it.
_DOLLAR_FORMULA = re.compile(r"\$\$?(?:[A-Za-z]|(?=[^$]*[\\^_])[^$\s](?:[^$]*[^$\s])?)\$\$?")


def ambiguities(
    tokens: Sequence[Token], content: c.Content, scalar: Scalar, text: str, *, cloze: bool
) -> Iterator[Diagnostic]:
    """Yield the warnings about a text.

    tokens, content: those of the text. text: the scalar's text, cleaned.
    cloze: whether `{{c1::…}}` is a deletion in this text.
    """
    if _DOUBTFUL_SIGN.search(text):
        from cardwright.source.ambiguous_signs import vanished_signs  # noqa: PLC0415  few texts have such signs

        yield from vanished_signs(tokens, scalar, text)
    if "![" in text:
        from cardwright.source.ambiguous_markup import sizes_as_text  # noqa: PLC0415  the same

        yield from sizes_as_text(tokens, scalar)
    if any(
        child.type in ("text", "text_special") and _SIGN.search(child.content)
        for token in tokens
        if token.children
        for child in token.children
    ):
        from cardwright.source.ambiguous_markup import markup_as_text  # noqa: PLC0415  the same

        yield from _unparsed_markup(content, scalar, cloze=cloze)
        yield from markup_as_text(content, scalar, text)
    if "\n" in text:
        from cardwright.source.ambiguous_lines import doubtful_lines  # noqa: PLC0415  few texts have several lines

        yield from doubtful_lines(tokens, scalar, text)
    else:
        yield from _accidental_block(content, text, scalar)


def misplaced_readings(content: c.Content, scalar: Scalar) -> Iterator[Diagnostic]:
    """Yield a warning for each reading that stands over more than its word, for want of a space."""
    from cardwright.collection.readings import overlong_words  # noqa: PLC0415  few decks have readings

    for inline in c.inlines(content):
        if isinstance(inline, c.Text):
            for words, word, reading in overlong_words(inline.text):
                message = f"the reading `{truncate(reading, 20)}` stands over `{truncate(words, 20)}`"
                help_ = f"put a space before its word: `{words.removesuffix(word)} {word}[{reading}]`"
                yield warn_of("reading-without-space", message, scalar, f"{words}[{reading}]", help_)


def unused_definitions(labels: Iterable[str], scalar: Scalar, text: str) -> Iterator[Diagnostic]:
    """Yield a warning for each definition of a link that no link uses, so that it is shown nowhere.

    labels: those of the definitions, as Markdown compares them. text: the scalar's text, cleaned.
    """
    from markdown_it.common.utils import normalizeReference  # noqa: PLC0415  few texts have definitions

    uses: dict[str, list[str]] = {}
    for use in _LABEL.finditer(text):
        uses.setdefault(normalizeReference(use[1]), []).append(use[0])
    position = scalar.start
    for label in labels:
        if len(uses.get(label, ())) == 1:
            (definition,) = uses[label]
            message = f"nothing refers to `{truncate(definition)}`, so its line is not shown"
            help_ = "delete the colon behind it to show the line"
            # Definitions come in the order of the text.
            found = scalar.source.text.find(definition, position, scalar.end)
            position = max(position, found)
            span = scalar.span if found < 0 else Span(scalar.source, found, found + len(definition))
            yield Diagnostic("definition-not-shown", message, span, Severity.WARNING, help=help_)


def _unparsed_markup(content: c.Content, scalar: Scalar, *, cloze: bool) -> Iterator[Diagnostic]:
    """Yield a warning for each cloze deletion, picture or formula that was read as text.

    cloze: whether `{{c1::…}}` is a deletion in this text.
    """
    for inline in c.inlines(content):
        if not isinstance(inline, c.Text):
            continue
        # Who writes it with backslashes knows that it is text.
        if not cloze and (match := CLOZE_OPEN.search(inline.text)) and match[0] in scalar.value:
            message = f"`{truncate(match[0])}` is only text on this card"
            help_ = "a card with deletions begins with `cloze:`"
            yield warn_of("cloze-outside-cloze", message, scalar, match[0], help_)
        has_space = _PICTURE_AFTER_SPACE.search(inline.text)
        if has_space or ("![" in inline.text and re.search(r"(?<!\\)\]\(", scalar.value)):
            help_ = "put a path with spaces in it in <angle brackets>"
            if has_space:
                help_ = "leave no space between `]` and `(`"
            elif size := _PICTURE_WITH_SIZE.search(inline.text):
                width = size[1] or "50%"
                help_ = f"write its width in braces behind it: `![in words](path){{width={width}}}`"
            yield warn_of("picture-as-text", "a picture was read as text", scalar, "![", help_)
        if (match := _DOLLAR_FORMULA.search(inline.text)) and "\\$" not in scalar.value:
            message = f"`{truncate(match[0])}` is text"
            help_ = "put a formula between `\\(` and `\\)`"
            yield warn_of("dollars-as-text", message, scalar, match[0], help_)


def _accidental_block(content: c.Content, line: str, scalar: Scalar) -> Iterator[Diagnostic]:
    """Yield a warning if a text of one line became a list, a heading or a quotation.

    line: the text without the white space around it.
    """
    match content:
        case (c.BulletList(),) | (c.OrderedList(),):
            block = "a list"
        case (c.Heading(),):
            block = "a heading"
        case (c.Quote(),):
            block = "a quotation"
        case _:
            return
    if _MEANT_AS_BLOCK.match(line) or (scalar.style in ("|", ">") and _MEANT_IN_BLOCK_SCALAR.match(line)):
        return
    marker = _BLOCK_MARKER.match(line)
    if marker is None:  # HTML made the block
        return
    backslash = "\\\\" if scalar.style == '"' else "\\"
    message = f"`{marker[0]}` at the beginning makes this text {block}"
    help_ = f"write `{marker[0][:-1]}{backslash}{marker[0][-1]}` to show it as text"
    yield warn_of("line-as-markup", message, scalar, marker[0], help_)
