"""Ids: which ones are possible, new ones for cards without an id, and former ones (`was:`)."""

import re
import unicodedata
from collections import abc
from collections.abc import Iterable, Iterator
from itertools import dropwhile, product

from cardwright.diagnostics import Diagnostic, Report
from cardwright.diagnostics.phrases import truncate
from cardwright.record import Record, field
from cardwright.source.mapping_reader import read_scalar
from cardwright.source.nodes import Mapping, Node, Scalar, Sequence

# Nearly every id consists of these; others are checked character by character.
_ASCII_ID = re.compile(r"[A-Za-z0-9._-]+")
# Long enough to recognise a card by, short enough for the margin of a printed card.
_MAX_PROPOSED = 32
# Letters and marks that show nothing, so that two ids with and without them look like one: variation
# selectors, fillers of Hangul, vowels of Khmer that are only thought, a joiner of graphemes.
# Source: Unicode 15.1, DerivedCoreProperties.txt, `Default_Ignorable_Code_Point` within L and M.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
# Signs within words, such as a soft hyphen, and between letters of Persian or Hindi.
_JOINERS = re.compile("[\u00ad\u200c\u200d\u2060]")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
# Not those that enclose another character, such as the key of a telephone.
_LETTERS_AND_MARKS = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No", "Mn", "Mc"})


def read_id(scalar: Scalar, report: Report, owner: str = "", *, is_former: bool = False) -> str | None:
    """Return an id in NFC; report one that is not possible and return None.

    An id consists of letters and digits of any script with their marks, `-`, `_`
    and `.`; `/` joins an item or a cell to its card, so authors cannot use it.
    owner: what has the id as its name, such as "note type"; empty if messages speak of an id.
    is_former: whether it is the id of an earlier release, which may have been possible then.
    """
    if is_ascii_id(scalar.value):
        return scalar.value
    value = unicodedata.normalize("NFC", scalar.value)
    if not is_former and (invisible := _INVISIBLE.search(value)):
        report.add(_invisible_character(scalar, invisible[0], owner))
        return None
    unfit = next((char for char in value if not _is_id_character(char)), None)
    if value and unfit is None:
        return value
    if unfit is None:
        message = f"a {owner} has no name" if owner else "an id is empty"
    else:
        character = f"`{unfit}`" if not unfit.isspace() else "a space" if unfit == " " else "white space"
        subject = f"the {owner or 'id'} `{truncate(value, 24)}`"
        message = f"{subject} has {character} in {'its name' if owner else 'it'}"
    help_ = f"{'a name' if owner else 'an id'} is made of letters, digits, `-`, `_` and `.`"
    if not value and not owner:
        help_ = "leave `id` out, and `cardwright build` writes one in"
        if is_former:
            help_ = "`was` needs what the card or its part was called before; otherwise delete it"
    span = scalar.part(unfit) if unfit and unfit.isprintable() else scalar.span
    report.add(Diagnostic("unfit-id", message, span, help=help_))
    return None


def _invisible_character(scalar: Scalar, char: str, owner: str) -> Diagnostic:
    subject = f"the {owner or 'id'} `{truncate(_INVISIBLE.sub('', scalar.value), 24)}`"
    message = f"{subject} has U+{ord(char):04X}, which cannot be seen"
    name = unicodedata.name(char, "").lower()
    help_ = f"delete this {name}; if the card was released with it, add `was:` with the id as it is now"
    return Diagnostic("unfit-id", message, scalar.span, help=f"delete this {name}" if owner else help_)


def _is_id_character(char: str) -> bool:
    return char in "-_." or unicodedata.category(char)[0] in "LNM"


def is_ascii_id(value: str) -> bool:
    """Return whether a value is an id in ASCII, as most are."""
    return _ASCII_ID.fullmatch(value) is not None


def is_plain_id(value: str) -> bool:
    """Return whether a value is an id that YAML needs no quotes for."""
    return value[:1].isalnum() and all(_is_id_character(char) for char in value)


def id_words(text: str) -> list[str]:
    """Return the words of a text as an id has them: letters and digits with their marks, in lower case."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    text = unicodedata.normalize("NFC", _JOINERS.sub("", _INVISIBLE.sub("", text)).lower())
    letters = (char if unicodedata.category(char) in _LETTERS_AND_MARKS else " " for char in text)
    words = ("".join(dropwhile(_is_mark, word)) for word in "".join(letters).split())
    return [word for word in words if word]


class IdProposer:
    """Proposes readable ids, each once. taken: ids that it may not propose."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._last_numbers: dict[str, int] = {}

    def propose(self, text: str) -> str:
        """Return an id for a card with this text; cards with the same first words are numbered."""
        slug = _slug(text) or "card"
        number = self._last_numbers.get(slug, 0) + 1
        while (candidate := slug if number == 1 else f"{slug}-{number}") in self._taken:
            number += 1
        self._last_numbers[slug] = number
        self._taken.add(candidate)
        return candidate


def _slug(text: str) -> str:
    """Return the first words of a text as an id has them; empty if it has none."""
    slug = ""
    # Of a long text only the first words are looked for.
    words = map(re.Match.group, _ASCII_WORD.finditer(text.lower())) if text.isascii() else id_words(text)
    for word in words:
        longer = f"{slug}-{word}" if slug else _truncate_word(word)
        if len(longer) > _MAX_PROPOSED:
            break
        slug = longer
    return slug


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M"


def _truncate_word(word: str) -> str:
    """Return the beginning of a word, in which no letter loses its marks."""
    if len(word) <= _MAX_PROPOSED:
        return word
    end = next((end for end in range(_MAX_PROPOSED, 0, -1) if not _is_mark(word[end])), _MAX_PROPOSED)
    return word[:end]


class FormerNames(Record, frozen=True):
    """The names of a card and its parts in former releases.

    card_ids: former ids of the card, the oldest first. One with `/` is the whole key of a note that was an
        item or a cell of another card.
    parts: former names of items, rows, columns and labels, by their present names.
    part_scalars: where each present name stands, and its former one.
    """

    card_ids: tuple[Scalar, ...] = ()
    parts: abc.Mapping[str, str] = field(default_factory=dict)
    part_scalars: tuple[tuple[Scalar, Scalar], ...] = ()

    @property
    def tells_of_parts(self) -> bool:
        """Whether any name is that of an item, a row, a column or a label."""
        return bool(self.part_scalars) or any("/" in former.value for former in self.card_ids)

    def former_keys(self, card_id: str, part: str) -> tuple[str, ...]:
        """Return the keys under which a note may have been released, the oldest first.

        part: empty for the only note of a card.
        """
        # A row may have been renamed in one release and its column in another.
        choices = [dict.fromkeys((self.parts.get(name, name), name)) for name in part.split("/")]
        parts = ["/".join(names) for names in product(*choices)]
        card_ids = [former.value for former in self.card_ids if not part or "/" not in former.value]
        card_ids.append(card_id)
        keys = [f"{card}/{name}" if name else card for card in card_ids for name in parts]
        return tuple(key for key in keys if key != (f"{card_id}/{part}" if part else card_id))


NO_FORMER_NAMES = FormerNames()
"""The former names of a card without `was:`."""


def read_former_names(node: Node, report: Report) -> FormerNames:
    """Read `was:`: former ids or keys, and mappings from names of parts to their former names."""
    card_ids: list[Scalar] = []
    parts: list[tuple[Scalar, Scalar]] = []
    for item in node.items if isinstance(node, Sequence) else [node]:
        if isinstance(item, Mapping):
            parts += _read_former_parts(item, report)
        elif (scalar := read_scalar(item, "was", report)) is not None and (
            _is_key(scalar.value) or read_id(scalar, report, is_former=True)
        ):
            card_ids.append(scalar)
    return FormerNames(tuple(card_ids), {key.value: former.value for key, former in parts}, tuple(parts))


def _is_key(value: str) -> bool:
    """Return whether a value is the key of an item or a cell: the ids of its card and of its parts."""
    names = value.split("/")
    return len(names) > 1 and all(name and all(map(_is_id_character, name)) for name in names)


def _read_former_parts(node: Mapping, report: Report) -> Iterator[tuple[Scalar, Scalar]]:
    for key, value in node.entries.values():
        former = read_scalar(value, key.value, report)
        if former is not None and read_id(former, report, is_former=True):
            yield key, former
