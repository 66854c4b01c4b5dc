r"""Escape plain text so that neither HTML nor Anki takes any of it for markup.

Showing a note in Anki's browser writes each field anew, as a web engine serialises it. If that differs, Anki
takes the note for edited, and later updates don't reach that learner. So everything here is written as it
will be serialised. That rules out numeric references such as `&#123;`, which would become the character: what
must not stand together is kept apart instead, by an element in a text, by an invisible character in an
attribute, by a space in a formula.
Source: HTML Standard, 13.3; Anki, ts/routes/editor/rich-text-input/transform.ts.
"""

import re
import unicodedata

# Control characters (Anki separates fields with U+001F) and lone surrogates, which no field can contain.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

# The beginnings of what Anki looks for in brackets: sounds, its own tags, LaTeX, the box to type into.
# Source: Anki, rslib/src/card_rendering/parser.rs, rslib/src/latex.rs, qt/aqt/reviewer.py (`typeAnsPat`).
_BRACKET = r"(?i:\[(?=sound:|/?anki:|/?latex\]|/?\$\$?\]|\[type:))"
# The beginnings of formulas: in a field Anki's editor finds them even in attributes.
# Source: Anki, ts/lib/editable/mathjax-element.svelte.ts.
_FORMULA = r"\\(?=[(\[])"
# Cloze markup, in the text of a cloze note.
_PAIR = r"([{}:])(?=\1)"

# What must not appear unescaped in a text: the above, and HTML's special characters. What follows the end of
# a text is unknown, so what may be the beginning of a command there counts as well.
_IN_TEXT = re.compile(rf"[&<>\xa0]|{_BRACKET}|\[(?=[^\]]{{0,7}}\Z)|{_FORMULA}|\\\Z")
# A single set of characters, which is searched three times as fast, to rule out all of these.
_MARKUP_CHARACTER = re.compile(r"[&<>\[\\\xa0\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\xa0": "&nbsp;"}

# Before Chromium 138 (Qt 6.11, Anki 26.09) engines write `<` and `>` in attributes as they are. Then an
# alternative text that has them counts as edited after all, which is better than to alter it.
_IN_ATTRIBUTE = re.compile(rf'[&<>"\xa0]|{_BRACKET}|{_FORMULA}')
_ENTITIES_IN_ATTRIBUTE = {**_ENTITIES, '"': "&quot;"}
_WORD_JOINER = "\u2060"

DELETION_START, DELETION_PART, DELETION_END = "\x01", "\x02", "\x03"
"""What stands for `{{c`, `::` and `}}` of a deletion until `finish_deletions` writes them."""
# Cloze markup together with that of a deletion.
_PAIR_IN_FIELD = rf"{_PAIR}|[}}:](?=[{DELETION_PART}{DELETION_END}])"


def text(plain: str) -> str:
    """Escape text between HTML tags; that of a cloze note is not finished without `finish_deletions`."""
    if _MARKUP_CHARACTER.search(plain):
        return _IN_TEXT.sub(_escape_in_text, _UNPRINTABLE.sub("", plain))
    return plain


def hint(plain: str) -> str:
    """Escape the hint that a cloze deletion shows instead of its text; Anki puts it in brackets."""
    plain = _UNPRINTABLE.sub("", plain)
    if is_command_in_brackets(plain):
        return f"<span>{text(plain[0])}</span>{text(plain[1:])}"
    return text(plain)


def is_command_in_brackets(hint: str) -> bool:
    """Return whether Anki would take a hint for a command once it has put it in brackets."""
    return re.match(_BRACKET, f"[{hint}]") is not None


def finish_deletions(html: str) -> str:
    """Write the deletions of a field as Anki reads them; keep all other braces and colons apart."""
    html = re.sub(_PAIR_IN_FIELD, r"<span>\g<0></span>", html)
    return html.replace(DELETION_START, "{{c").replace(DELETION_PART, "::").replace(DELETION_END, "}}")


def normalize(html: str) -> str:
    """Return the HTML of a field in NFC, as Anki's import would make it.

    The long solidus must not become one character with the `>` of the tag before it.
    Source: Anki, rslib/src/notes/mod.rs, `normalize_field`.
    """
    return unicodedata.normalize("NFC", html.replace(">\u0338", f">{_WORD_JOINER}\u0338"))


def _escape_in_text(match: re.Match[str]) -> str:
    # MathJax joins texts across comments, so an element is needed.
    # Source: MathJax 3, HTMLDomStrings, option includeHtmlTags.
    return _ENTITIES.get(match[0]) or f"<span>{match[0]}</span>"


def attribute(plain: str, *, cloze: bool = False) -> str:
    """Escape the value of an HTML attribute in double quotes. cloze: whether the note is a cloze note."""
    plain = _UNPRINTABLE.sub("", plain)
    if cloze:
        plain = re.sub(_PAIR, rf"\g<0>{_WORD_JOINER}", plain)
    return _IN_ATTRIBUTE.sub(_escape_in_attribute, plain)


def _escape_in_attribute(match: re.Match[str]) -> str:
    return _ENTITIES_IN_ATTRIBUTE.get(match[0]) or match[0] + _WORD_JOINER


def media_name(name: str) -> str:
    """Escape the name of a media file, in an attribute or in `[sound:…]`. Imported files may have any."""
    return re.sub(r'[&<>"\xa0]', lambda match: _ENTITIES_IN_ATTRIBUTE[match[0]], name)


def url(address: str, *, cloze: bool = False) -> str:
    """Escape the address of a link as the value of an HTML attribute in double quotes.

    Where a command begins, or `<` and `>` that not all engines escape, it is percent-encoded.
    """
    address = _UNPRINTABLE.sub("", address)
    if cloze:
        address = re.sub(_PAIR, _percent_encode, address)
    return _IN_ATTRIBUTE.sub(_escape_in_url, address)


def _escape_in_url(match: re.Match[str]) -> str:
    return _ENTITIES_IN_ATTRIBUTE[match[0]] if match[0] in '&"\xa0' else _percent_encode(match)


def _percent_encode(match: re.Match[str]) -> str:
    return f"%{ord(match[0]):02X}"


# In formulas.

_FORMULA_IN_FORMULA = re.compile(r"(?<!\\)((?:\\\\)*)\\\((.*?)\\\)", re.DOTALL)
_BACKSLASHES = re.compile(rf"(?<!\\)(\\+)(?=([()\[\]{DELETION_START}]|\Z))")
# The argument of a macro for text, without the brace that ends it.
_TEXT_IN_FORMULA = re.compile(r"\\(?:text(?!color)[a-z]*|[fhm]box|pu)\s*\{(?:[^{}]|\{[^{}]*\})*")
_APART = re.compile(_BRACKET)
_APART_IN_CLOZE = re.compile(rf"{_PAIR_IN_FIELD}|{_BRACKET}")


def tex(formula: str, *, cloze: bool = False) -> str:
    r"""Escape a formula between its delimiters, where backslashes keep their meaning.

    Anki looks for `\(` and `\)` anywhere, for cloze markup even in formulas, and takes tags out of those of
    cloze notes before it looks for sounds. TeX ignores a space, except within text.

    formula: may have deletions, to be finished.
    """
    formula = _FORMULA_IN_FORMULA.sub(r"\1$\2$", formula.strip())
    formula = _BACKSLASHES.sub(_separate_backslash, formula)
    apart = _APART_IN_CLOZE if cloze else _APART
    if apart.search(formula):
        joined = rf"\g<0>{_WORD_JOINER}"
        formula = _TEXT_IN_FORMULA.sub(
            lambda text: re.sub(r"\}\Z", joined, apart.sub(joined, text[0])), formula
        )
        formula = apart.sub(r"\g<0> ", formula)
    return re.sub(r"[&<>\xa0]", lambda match: _ENTITIES[match[0]], formula)


def _separate_backslash(match: re.Match[str]) -> str:
    r"""Keep `\\` of a row's end and what follows it apart; `\\*[1ex]` means what `\\[1ex]` means."""
    backslashes, following = match.groups()
    return backslashes + ("*" if following == "[" and len(backslashes) % 2 == 0 else " ")
