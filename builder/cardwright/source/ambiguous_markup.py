"""Warn of markup that is text here: emphasis that did not take, and what only other tools read."""

import re
from collections.abc import Iterable, Iterator

from markdown_it.token import Token

from cardwright.collection import content as c
from cardwright.diagnostics import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.source.nodes import Scalar
from cardwright.source.tex import MACROS
from cardwright.source.text import warn_of

# What stands for an inline that is not text.
_OBJECT = "\ufffc"
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_BEFORE = rf"(?<![^\s(\[{{\"'“‘«„‚¿¡—–\-{_OBJECT}])"
_AFTER = rf"(?=$|[\s.,;:!?)\]}}\"'”’»—–\-{_OBJECT}])"
# What follows two asterisks in Python, C, C++ and patterns for file names.
_NOT_CODE = (
    r"(?!kwargs|kwds\b|kw\b|options\b|opts\b|params\b|args|argv|config\b|data\b|ptr|pp\b|[^\W\d_]\b|/"
    r"|\w+\s*[=)(\[_])"
)
_TYPE_BEFORE = re.compile(
    r"(?:\b(?:char|int|void|double|float|long|short|unsigned|const|struct|auto|size_t|return|T)"
    r"|[(=&]|\([^()]*,) *\Z"
)

_TIGHT_PAIR = re.compile(rf"{_BEFORE}(\*\*|~~)(?![\s*~/)])(?:(?!\1|\n).){{0,200}}?[^\s*~/(]\1(?![*~])")
_UNDERSCORE_PAIR = re.compile(r"(?<![A-Za-z0-9_/.])__(?![\s_])(?:(?!__|\ufffc).){0,200}?[^\s_]__(?=[^\W_])")
_SPACED_PAIR = re.compile(
    r"(?:^|(?<=[\s(]))(?:(\*\*|~~) +(?![*~])(?:(?!\1).){0,200}?[^\W\d_]{2}(?:(?!\1).){0,200}?\1"
    rf"|(\*\*|~~)(?=[^\W\d_]{{2}})(?:(?!\2).){{0,200}}? +\2){_AFTER}"
)
_SINGLE_PAIR = re.compile(r"(?<![\w*)\]])\*(?=[(“]?[^\W\d_])[^*\n]*[^\s\w*(]\*(?=[^\W_])")
_UNCLOSED = re.compile(rf"{_BEFORE}\*\*{_NOT_CODE}(?=[^\W\d_]{{2}})[^*]*\Z")
_MISMATCHED = re.compile(
    rf"(?<![^\s(])(?:\*\*{_NOT_CODE}[^\W\d_][^*\n]*[^\W\d_*]\*|\*[^\W\d_][^*\n]*[^\W\d_*]\*\*)(?!\*){_AFTER}"
)

_EMPHASIS = (
    (_TIGHT_PAIR, "put a space behind it"),
    (_UNDERSCORE_PAIR, "only asterisks emphasise a part of a word: write `**` for `__`"),
    (_SPACED_PAIR, "leave no space between the signs and the words within"),
    (_SINGLE_PAIR, "put a space behind it"),
)

_FORMULA_HELP = "put a formula between `\\(` and `\\)`"
# A formula between dollars has a warning of its own.
_DOLLARS = re.compile(r"(?<![\[$])\$+[^$]+\$+(?!\])")
_MACRO = re.compile(r"(?<![A-Za-z:\\/.])\\(?!begin|end|text[bist]|underline)[A-Za-z]{2,}(?![A-Za-z.\\/])")
# Markup that other tools read: its pattern, and what to write here.
_OTHER_TOOLS = (
    (r"!\[\[[^\[\]\n]{1,200}\]\]", "write a picture as `![what it shows](media/picture.png)`"),
    (r"(?<![\w\])}!])\[\[(?=[^\W\d_]{2})[^\[\],=\n]{1,200}\]\](?!\])", "write the words alone, or `[words](https://…)`"),
    (r"\[[^\[\]\n]{1,200}\]\(https?://[^\s()]{1,200} [^()\n]{1,200}\)",
     "write `%20` for a space in an address"),
    (r"(?<!!)\[(?!\d+\])[^\[\]\n]{1,200}\] +\((?:https?://|mailto:)[^\s()]{1,200}\)",
     "leave no space between `]` and `(`"),
    (r"(?:\[[^\[\]\n]{1,200}\] ?|(?<!\])\([^()\n]{1,200}\))\[https?://[^\s\[\]]{1,200}\]",
     "write a link as `[words](https://…)`"),
    (r"\[sound:[^\]\n]{1,200}\]", "write a sound as `![what is heard](media/sound.mp3)`"),
    (r"\[(latex|\$\$?)\].{0,999}?\[/\1\]", _FORMULA_HELP),
    (r"\\begin\{(?:itemize|enumerate|description)\}", "write a list, whose lines begin with `- ` or `1. `"),
    (r"\\begin\{(?:tabular|table)[\w*]*\}", "write a table, whose lines begin with `|`"),
    (r"\\begin\{(?!itemize|enumerate|description|tabular|table)\w+\*?\}", "put it between `\\[` and `\\]`"),
    (r"\\(?:emph|text(?:bf|it|tt|sc|sf)|underline)\{", "write `**bold**`, `*italic*` or `<u>underlined</u>`"),
    (r"(?<=[\w)\]])~[\w+−-]{1,4}~(?![~\w])|(?<=[A-Z])~\d{1,2}[+−-]?~(?!~)", "write `<sub>{}</sub>`"),
    (r"(?<=[\w)\]])\^[\w+−-]{1,6}\^(?![\^\w])|(?<=[A-Z])\^\d?[+−-]\^", "write `<sup>{}</sup>`"),
    (r"(?<![\w=!<>+*/-])==(?=[^\s=])(?=[\W\d_]{0,99}[^\W\d_])(?:(?!==).){1,200}(?<=[^\s=])==(?![0-9A-Za-z=])",
     "write `<mark>{}</mark>`"),
    (r"(?<![\w+])\+\+(?=[^\W\d_]{2})(?:(?!\+\+).){0,200}?(?<=[\w.!?)])\+\+(?![\w+])", "write `<u>{}</u>`"),
    (r"(?<!\S)%%(?=\s?\w)(?:(?!%%).)+%%(?!\S)", "write a comment between the cards, behind a `#`"),
    (r"\A:::+ ?\{?\.?[A-Za-z]\w*", "write a quotation, whose lines begin with `> `"),
    (r"\A\[!\w+\][+-]?", "write its name in `**bold**`"),
    (r"\A\[[ xX]\] (?=\S)", "write `☐` or `☑`"),
    (r"(?<=[\w.,;:!?)\]\"”’»«“])\[\^\d{1,2}\](?!\w)|\A\[\^[\w-]+\]: ?(?=\S)",
     "write the note in brackets, or under `extra:`"),
    (r"(?<![\w\])}])\[(?=[^\[\]\n]{1,200}\]\[)[^\[\]\n]*[^\W\d_] [^\[\]\n]*\]\[[\w -]{0,60}\]",
     "write a link as `[words](https://…)`"),
    (r"\[(b|i|u|s|img|url|color|size|sub|sup|quote|center)(?:=[^\]\n]*)?\].{0,999}?\[/\1\]",
     "write Markdown, such as `**bold**`"),
    (r"\A#{2,6}[^\W\d_]\w+", "put a space behind the `#` of a heading"),
)  # fmt: skip
_MARKUP_OF_OTHER_TOOLS = tuple((re.compile(pattern, re.DOTALL), help_) for pattern, help_ in _OTHER_TOOLS)


# Braces behind a picture that were perhaps meant as its size; behind a space, they need a unit or a name.
_BRACES = re.compile(
    r"\{:?\s*(?:[.\d]+\s*|[.#][\w-]+\s[^{}\n]{1,200}|[\w-]+\s*[=:][^{}\n]{1,200})\}"
    r"| *\{:?\s*(?:[.\d]+\s*(?:%|px|cm|mm|in|em)\s*|(?:width|height|size|scale|w|h)\s*[=:][^{}\n]{1,200})\}"
)
_SIZE = re.compile(r"([0-9]{1,4}(?:\.[0-9]+)?)\s*(%|px|cm|mm|in)?")
# A width at the end of a picture's words, as Obsidian has it.
_WIDTH_IN_WORDS = re.compile(r"\|\s*([0-9]{2,4})(?:x[0-9]{1,4})?\Z")

# A heading without its space, in a text that has more than this line; no colour and no directive of C.
_HEADING = re.compile(r"#(?![0-9A-Fa-f]{3,8}\Z|include|define|if|endif|pragma)[^\W\d_]\w.*")


def markup_as_text(content: c.Content, scalar: Scalar, text: str) -> Iterator[Diagnostic]:
    """Yield a warning for emphasis whose signs are shown, and for each kind of markup of another tool.

    text: the scalar's text, cleaned.
    """
    runs = [
        "".join(
            inline.text if isinstance(inline, c.Text) else _OBJECT
            for inline in c.walk(run)
            if not isinstance(inline, c.Wrapper)
        )
        for run in c.runs(content)
    ]
    if failed := next(_failed_emphasis(runs, text), None):
        shown, help_ = failed[0].split(_OBJECT)[0].strip(), failed[1]
        if colon := re.fullmatch(r"(\W{1,2})(\w.*\w)([.:!?])\1", shown):
            help_ += f", or write `{colon[1]}{colon[2]}{colon[1]}{colon[3]}`"
        part = shown
        if shown not in text:  # there are tags in it
            shown, part = shown.strip("*_~ "), _with_tags(shown, text)
        message = f"`{truncate(shown)}` is shown with its signs"
        yield warn_of("emphasis-as-text", message, scalar, part, help_)
    for run in runs[:-1]:
        if _HEADING.fullmatch(run):
            part = run if run in text else run.split()[0].split(_OBJECT)[0]
            help_ = "put a space behind the `#` of a heading"
            yield warn_of("markup-as-text", f"`{truncate(part)}` is only text here", scalar, part, help_)
    for part, help_ in _other_markup([_DOLLARS.sub(" ", run) for run in runs]):
        if part in text and f"\\{part}" not in text:
            yield warn_of("markup-as-text", f"`{truncate(part)}` is only text here", scalar, part, help_)


def sizes_as_text(tokens: Iterable[Token], scalar: Scalar) -> Iterator[Diagnostic]:
    """Yield a warning for each picture whose size is only text.

    tokens: those of the text.
    """
    for token in tokens:
        children = token.children or []
        for index, child in enumerate(children):
            if child.type != "image":
                continue
            width = _WIDTH_IN_WORDS.search(child.content)
            braces = index + 1 < len(children) and _BRACES.match(children[index + 1].content)
            if width:
                yield _size_as_text(width[0], f"{width[1]}px", scalar)
            if braces:
                size = _SIZE.search(braces[0]) if "height" not in braces[0] else None
                yield _size_as_text(braces[0].strip(), f"{size[1]}{size[2] or ''}" if size else "50%", scalar)


def _size_as_text(part: str, width: str, scalar: Scalar) -> Diagnostic:
    help_ = f"write `{{width={width}}}` right behind the picture"
    return warn_of("markup-as-text", f"`{truncate(part)}` is only text here", scalar, part, help_)


def _with_tags(shown: str, text: str) -> str:
    """Return words as the text has them, with the tags between them; else the words themselves."""
    match = re.search(rf"(?:{_TAG.pattern})*".join(map(re.escape, shown)), text)
    return match[0] if match else shown


def _other_markup(runs: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the first markup of each kind that other tools read, with what to write here."""
    for pattern, help_ in _MARKUP_OF_OTHER_TOOLS:
        if match := next(filter(None, map(pattern.search, runs)), None):
            part = match[0].strip()
            yield part, help_.format(part.strip("~^=+"))
    macros = (macro for run in runs for macro in _MACRO.findall(run) if macro in MACROS)
    if macro := next(macros, ""):
        yield macro, _FORMULA_HELP


def _failed_emphasis(runs: list[str], text: str) -> Iterator[tuple[str, str]]:
    """Yield each emphasis that is shown with its signs, and what to do about it."""
    if "\\*" in text or "\\_" in text or "\\~" in text:
        return  # the author knows of these signs
    for run in runs:
        for pattern, help_ in _EMPHASIS:
            if match := pattern.search(run):
                yield match[0], help_
        unclosed = _UNCLOSED.search(run) if run.count("**") == 1 else None
        if unclosed and not _TYPE_BEFORE.search(run[: unclosed.start()]):
            yield unclosed[0].split()[0], "close it with `**`, or write `\\*\\*` to show them"
    if match := _MISMATCHED.search(text):
        yield _TAG.split(match[0])[0], "write the same signs before and behind the words"
