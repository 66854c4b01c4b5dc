"""Checks of a side's text that need no engine."""

import unicodedata
from collections.abc import Iterable, Iterator

from cardwright.collection.content import Math, MediaFile
from cardwright.diagnostics import Diagnostic, Severity, Span
from cardwright.diagnostics.phrases import truncate
from cardwright.formats.pdf.formula import FormulaErrors
from cardwright.formats.pdf.graphemes import grapheme_clusters
from cardwright.formats.pdf.nodes import count_dicts, depth, is_plain, nodes_of_type, strings
from cardwright.formats.pdf.sides import Side
from cardwright.formats.pdf.words import ZERO_WIDTH_SPACE
from cardwright.source.broken_formulas import BrokenFormula
from cardwright.source.text import span_of_text

# Typst follows 64 nested rules and 80 nested calls. A level of a side's tree costs up to five; the side
# itself, its parts and their paragraphs are four levels.
_MAX_DEPTH = 14
# A diagram with this many labels takes nearly a gigabyte to draw, since each of its sides has all masks.
_MAX_MASKS = 200
# No script and no emoji needs so many characters for one sign; thousands take the engine gigabytes.
_MAX_CLUSTER = 1000
_MAX_HEADLINE = 72
_SHORTEST_NAME = 8
# Nodes that are several levels by themselves.
_DEEP_TYPES = {"math", "table"}
_TYPES_TO_CHECK = {"math", "img"}
# The first two reverse the text behind them, so that a card would not say what its source shows;
# the engine refuses the third.
_REFUSED = "\u202d\u202e\ufeff"


def check_side(side: Side, formula_errors: FormulaErrors) -> Iterator[Diagnostic]:
    """Find formulas, characters and nesting that cannot be printed.

    Errors: `broken-formula`, `unprintable-math`, `too-many-masks`, `control-character`, `too-many-marks`,
    `nested-too-deeply`.
    """
    for inline in side.inlines if side.types & _TYPES_TO_CHECK else ():
        if isinstance(inline, Math) and (error := formula_errors.get((inline.tex, inline.display))):
            # The message does not name the side, so that a formula on several cards is reported once.
            span = span_of_text(side.card.note.span, inline.tex)
            if error.is_broken:
                broken = BrokenFormula(error.reason)
                yield Diagnostic(broken.code, broken.message, span, help=broken.help)
                continue
            message = f"a formula cannot be printed: {truncate(error.reason, 40)}"
            help_ = "write it in another way, or leave the card off paper with `print: false`"
            yield Diagnostic("unprintable-math", message, span, help=help_)
        elif len(masks := getattr(inline, "masks", ())) > _MAX_MASKS:
            message = f"{len(masks)} masks on one picture are too many for paper"
            help_ = "write `hide: one`, divide the labels among several diagrams, or write `print: false`"
            note = f"each of its cards has all of them; up to {_MAX_MASKS} can be printed"
            yield Diagnostic("too-many-masks", message, side.card.note.span, note=note, help=help_)
    # `isprintable` is false for all of these characters.
    all_plain = is_plain(side.tree)
    texts = () if all_plain else strings(side.own_tree, only_shown=True)
    suspicious = (text for text in texts if not text.isprintable())
    for character in sorted({char for text in suspicious for char in text if _is_unprintable(char)}):
        text = f"has a character that cannot be printed: {describe_character(character)}"
        yield side_diagnostic(side, "control-character", text)
    texts = () if all_plain else strings(side.own_tree)
    long_texts = (text for text in texts if len(text) > _MAX_CLUSTER and not text.isascii())
    longest = max((len(cluster) for text in long_texts for cluster in grapheme_clusters(text)), default=0)
    if longest > _MAX_CLUSTER:
        text, note = f"has a sign of {longest:,} characters", f"up to {_MAX_CLUSTER:,} can be printed"
        yield side_diagnostic(side, "too-many-marks", text, note=note, help_text="write fewer marks on it")
    if _may_be_deep(side) and depth(side.tree) > _MAX_DEPTH:
        yield side_diagnostic(side, "nested-too-deeply", "has text nested too deeply to be printed")


def _may_be_deep(side: Side) -> bool:
    """Tell whether it needs a closer look how deep a side is nested, as for few of them."""
    return bool(side.types & _DEEP_TYPES) or count_dicts(side.tree) > _MAX_DEPTH


def broken_code(side: Side, columns: int) -> Iterator[Diagnostic]:
    """Warn of lines of code that are broken, since they are too wide even in the smallest type.

    columns: how many characters a line has room for.
    """
    for node in nodes_of_type(side.tree, "pre") if "pre" in side.types else ():
        if node["columns"] > columns:
            longest = max(
                "".join(strings(node["c"])).replace(ZERO_WIDTH_SPACE, "").split("\n"), key=len
            ).strip()
            message = f"a line of code has {node['columns']} characters; {columns} fit on a card"
            note = "on paper it goes on on the next line, which spoils a drawing"
            help_ = (
                "break it where you like, or choose wider cards: `cardwright print --list-presets` shows all"
            )
            span = span_of_text(side.card.note.span, longest)
            yield Diagnostic("broken-code", message, span, Severity.WARNING, note=note, help=help_)


def unprinted_styles(sides: Iterable[Side]) -> Iterator[Diagnostic]:
    """Say what paper leaves out of the styles of custom note types, once for each note type.

    It is a warning where something may be read in another order, or seen that Anki hides.
    """
    types = {id(note_type): note_type for side in sides if (note_type := side.card.note.custom_type)}
    for note_type in types.values():
        names, is_serious = ((), False) if note_type.styles is None else note_type.styles.unprinted
        if names:
            listed = truncate(", ".join(f"`{name}`" for name in names), 40)
            message = f"paper does not follow {listed} of `{truncate(note_type.type, 12)}`"
            help_ = "look at a printed card; `print: false` leaves a card off paper"
            severity = Severity.WARNING if is_serious else Severity.NOTE
            yield Diagnostic("style-not-on-paper", message, note_type.span, severity, help=help_)


def side_diagnostic(
    side: Side,
    code: str,
    text: str,
    severity: Severity = Severity.ERROR,
    *,
    note: str = "",
    help_text: str = "",
    quote: str = "",
) -> Diagnostic:
    """Make a diagnostic about a side; its headline names the card, and truncates a long name.

    quote: the text in the card's source to point at; if it is not found, the whole card is pointed at.
    """
    rest = f" {side.name} {text}"
    name = truncate(side.card.name, max(_MAX_HEADLINE - len(rest) - 2, _SHORTEST_NAME))
    span = span_of_text(side.card.note.span, quote)
    return Diagnostic(code, f"`{name}`{rest}", span, severity, note=note, help=help_text)


def picture_span(side: Side, file: MediaFile) -> Span:
    """Return where the source of a side names a picture; else the whole card."""
    # The author wrote the end of the file's path.
    parts = file.path.split("/")
    ends = ("/".join(parts[start:]) for start in range(len(parts)))
    path_in_source = next((end for end in ends if end in side.card.note.span.text), "")
    return span_of_text(side.card.note.span, path_in_source)


def describe_character(character: str) -> str:
    """Name a character that cannot be seen, such as `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


def _is_unprintable(character: str) -> bool:
    """Tell whether a character is a control character, half of a surrogate pair, or refused.

    White space is none of these.
    """
    return character in _REFUSED or (
        unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t"
    )
