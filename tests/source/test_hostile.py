"""Hostile and unusual sources: each is read or explained, and none is a crash."""

from collections.abc import Mapping

import pytest

from cardwright import pipeline
from cardwright.diagnostics.emit import github, jsonl, text
from tests.support.memory import FakeEnvironment, deck_files

_CARD = "  - {id: a, q: Outer?, a: Biceps femoris}\n"
_HEAD = "deck: Legs\nid: legs\n"
_DECK = f"{_HEAD}cards:\n{_CARD}"
_LONG = "n" * 100
_SVG = {
    "cards_source/dot.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "cards_source/script.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "cards_source/text.png": b"A thigh.",
}

# By name: the code of a diagnostic, and the text of the only file or all files.
_MISTAKES: dict[str, tuple[str, str | bytes | Mapping[str, str]]] = {
    "a duplicate id": ("duplicate-id", _DECK + _CARD),
    "a card with an id, repeated by an alias": (
        "duplicate-id",
        f"{_HEAD}cards:\n  - &a {{id: a, q: Outer?, a: Biceps}}\n  - *a\n",
    ),
    "a missing answer": ("missing-answer", f"{_HEAD}cards:\n  - {{id: a, q: Outer?}}\n"),
    "an unknown key": ("unknown-key", f"colour: red\n{_DECK}"),
    "an unknown source": ("unknown-source", f"source: clinic\n{_DECK}"),
    "a cloze without a deletion": (
        "cloze-without-deletion",
        f"{_HEAD}cards:\n  - {{id: a, cloze: They flex.}}\n",
    ),
    "a cloze number of 5,000 digits": (
        "cloze-without-deletion",
        f"{_HEAD}cards:\n  - {{id: a, cloze: 'They {{{{c{'9' * 5_000}::flex}}}}.'}}\n",
    ),
    "two decks with one id": ("deck-id-used-twice", {"legs.yaml": _DECK, "arms.yaml": _DECK}),
    "names of 100 letters": (
        "deck-id-used-twice",
        dict.fromkeys(
            (f"{_LONG}.yaml", f"backup-{_LONG}.yaml"),
            f"deck: D\nid: {_LONG}\nsources: {{{_LONG}: x}}\ncards:\n"
            f"  - {{id: {_LONG}, list: x, items: {{{_LONG}: [], {_LONG}2: x}}, show: {_LONG}}}\n"
            f"  - {{id: {_LONG}, cloze: '{{{{c1::{_LONG}}}}} {{{{{_LONG}}}}}', tags: {_LONG}::}}\n"
            f"  - {{id: b, table: {{ask: {{{_LONG}: x}}, rows: {{{_LONG}: [], x: {{{_LONG}3: x}}}}}}}}\n",
        ),
    ),
    "bytes that are not UTF-8": ("not-utf-8", _DECK.encode() + b"# caf\xe9\n"),
    "UTF-16": ("not-utf-8", _DECK.encode("utf-16")),
    "a NUL": ("control-character", _DECK.replace("Outer", "Out\0er")),
    "tabs": ("tab-indentation", _DECK.replace("  - ", "\t- ")),
    "an unclosed quote": ("unclosed-quote", _DECK + '  - {id: b, q: "Inner?, a: x}\n'),
    "an unquoted colon": ("colon-in-text", f"{_HEAD}cards:\n  - id: a\n    q: Nerve: sciatic\n    a: x\n"),
    "a diagram of 501 labels": (
        "too-many-labels",
        f"{_HEAD}cards:\n  - id: a\n    diagram: dot.svg\n    alt: A leg\n    labels:\n"
        + "".join(f"      l{n}: {{name: Label {n}, rect: [1, 1, 1, 1]}}\n" for n in range(501)),
    ),
    "a card template of 60,000 letters": (
        "long-template",
        _DECK
        + "note_types: {w: {fields: [W], templates: {T: {front: '{{W}}', back: "
        + _LONG * 600
        + "}}}}\n",
    ),
    "3,000 brackets": ("nested-too-deep", "[" * 3_000),
    "3,000 braces": ("nested-too-deep", "{a: " * 3_000),
    "3,000 dashes": ("nested-too-deep", "- " * 3_000),
    "a cyclic alias": ("cyclic-alias", f"{_HEAD}cards: &a [*a]\n"),
    "aliases that would fill the memory": (
        "alias-expansion",
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(
            f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n"
            for old, new in zip("abcdefg", "bcdefgh", strict=True)
        ),
    ),
    "a key that is a list": ("key-not-text", "? [a]: b\n"),
    "a key that is a mapping": ("key-not-text", "{{a: b}: c}\n"),
    "duplicate keys": ("duplicate-key", f"deck: Arms\n{_DECK}"),
    "an empty file": ("empty-file", ""),
    "a file of nothing but a comment": ("empty-file", "# later\n"),
    "a deck without cards": ("no-cards", f"{_HEAD}cards: []\n"),
    "a text for a deck": ("unexpected-value", "Legs\n"),
    "a Python tag": ("yaml-tag", _DECK.replace("Outer?", "!!python/name:os.system x")),
    "two documents": ("second-document", f"{_DECK}---\n{_DECK}"),
    "a merge key": ("unknown-key", f"<<: {{a: b}}\n{_DECK}"),
    "a missing picture": ("missing-picture", _DECK.replace("Outer?", '"![x](gone.svg)"')),
    "a picture outside the deck": (
        "picture-outside-deck",
        _DECK.replace("Outer?", '"![x](../../etc/passwd.svg)"'),
    ),
    "a picture at an absolute path": (
        "picture-outside-deck",
        _DECK.replace("Outer?", '"![x](/etc/passwd.svg)"'),
    ),
    "a text called a picture": ("not-a-picture", _DECK.replace("Outer?", '"![x](text.png)"')),
    "a script in a drawing": ("unsafe-svg", _DECK.replace("Outer?", '"![x](script.svg)"')),
    "a missing sound": ("missing-sound", _DECK.replace("Outer?", '"![x](gone.mp3)"')),
    "a formula of 100 KB": ("long-formula", _DECK.replace("Outer?", f"'\\({'x+' * 50_000}\\)'")),
    "10,000 braces in a formula": (
        "long-formula",
        _DECK.replace("Outer?", f"'\\({'{' * 10_000}{'}' * 10_000}\\)'"),
    ),
    "20,000 unclosed deletions": (
        "unclosed-markup",
        _DECK + "  - {id: b, cloze: '" + "{{c1::a " * 20_000 + "}}'}\n",
    ),
    "5,000 deletions within each other": (
        "deletions-too-deep",
        _DECK + "  - {id: b, cloze: '" + "{{c1::a " * 5_000 + "}}" * 5_000 + "'}\n",
    ),
    "20,000 unclosed deletions in code": (
        "unclosed-markup",
        _DECK + "  - {id: b, cloze: '`" + "{{c1::{a " * 20_000 + "}}`'}\n",
    ),
    "20,000 unclosed formulas": ("unclosed-markup", _DECK.replace("Outer?", "'" + "\\(x " * 20_000 + "'")),
    "an unclosed formula": ("unclosed-markup", _DECK.replace("Outer?", "'\\(x'")),
    "a deck that Anki would take for a backup": ("reserved-name", {"collection.yaml": _DECK}),
}

_UNUSUAL: dict[str, str | bytes] = {
    "a byte order mark": b"\xef\xbb\xbf" + _DECK.encode(),
    "CRLF": _DECK.replace("\n", "\r\n"),
    "CR alone": _DECK.replace("\n", "\r"),
    "no line end at the end": _DECK.rstrip("\n"),
    "U+2028 within a text": _DECK.replace("Outer?", '"Out\u2028er?"'),
    "a document start": f"%YAML 1.2\n---\n{_DECK}...\n",
    "quotes, hashes and colons in quotes": _DECK.replace("Outer?", "'it''s #1: \"outer\"'"),
    "a text of 100,000 words": _DECK.replace("Outer?", "word " * 100_000),
    "a picture": _DECK.replace("Outer?", '"![x](dot.svg)"'),
}


def _build(sources: Mapping[str, str] | Mapping[str, str | bytes]) -> pipeline.BuildResult:
    options = pipeline.BuildOptions(now=1_700_000_000, outputs=("anki",))
    return pipeline.build(deck_files(sources), FakeEnvironment(_SVG), options)


@pytest.mark.parametrize("name", _MISTAKES)
def test_mistake_is_reported_and_nothing_is_built(name: str) -> None:
    code, sources = _MISTAKES[name]

    outcome = _build({"legs.yaml": sources} if isinstance(sources, str | bytes) else sources)

    assert code in {diagnostic.code for diagnostic in outcome.report}
    assert outcome.files == {}
    for diagnostic in outcome.report:
        assert diagnostic.span is not None
        assert len(diagnostic.message) <= 72
        assert not diagnostic.message.endswith(".")
        assert diagnostic.span.location in text.render(diagnostic)
        assert jsonl.render(diagnostic)
        assert github.render(diagnostic)


@pytest.mark.parametrize("name", _UNUSUAL)
def test_unusual_but_correct_file_is_built(name: str) -> None:
    outcome = _build({"legs.yaml": _UNUSUAL[name]})

    assert [diagnostic.message for diagnostic in outcome.report] == []
    assert list(outcome.files) == [
        "cards_source/legs.lock",
        "decks/legs/legs.apkg",
        "decks/legs/CHANGES.md",
    ]


def test_all_mistakes_are_reported_at_once() -> None:
    """Other cards are checked despite a bad card, and other files despite a bad file."""
    files = {
        "legs.yaml": f"{_HEAD}cards:\n  - {{id: a, q: A: b}}\n"
        "  - id: b\n    q: C: d\n    a: x\n  - {id: c, q: x}\n",
        "arms.yaml": _DECK.replace("legs", "arms")
        .replace("Legs", "Arms")
        .replace("a: Biceps femoris", "b: Biceps"),
    }

    report = pipeline.check(deck_files(files), FakeEnvironment(), outputs=())

    assert [diagnostic.code for diagnostic in report] == [
        "missing-answer",
        "unknown-key",
        "colon-in-text",
        "colon-in-text",
        "missing-answer",
    ]
