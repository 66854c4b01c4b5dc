"""Large inputs take about as long as their size says; in `bench/growth.py` each kind of input is measured.

Each of these took minutes once, because something was looked at again for each piece. Seconds are generous.
"""

import re
import time
from datetime import date

import pytest

from cardwright import pipeline
from cardwright.diagnostics import Report, Source
from cardwright.source.id_insertion import card_id_insertion
from cardwright.source.ids import IdProposer
from cardwright.source.nodes import Mapping, Sequence
from cardwright.source.yaml_tree import parse_yaml
from tests.support.memory import FakeEnvironment, deck_files

_HEAD = "deck: Legs\nid: legs\ncards:\n"
_SECONDS = 20


def _answer(text: str) -> str:
    lines = "".join(f"      {line}\n" for line in text.split("\n"))
    return f"{_HEAD}  - id: a\n    q: What is long?\n    a: |\n{lines}"


_INPUTS: dict[str, str] = {
    "punctuation": _answer("( " + "(" * 100_000),
    "brackets that close": _answer("a" + "]" * 100_000),
    "spaces": _answer(f"a{' ' * 100_000}b"),
    "joined emoji": _answer("👨\u200d" * 50_000),
    "links that nothing names": _answer(
        "".join(f"[a{number}]: https://a.org\n\n" for number in range(4_000))
    ),
}


@pytest.mark.parametrize("name", _INPUTS)
def test_checking_a_large_input_ends_soon(name: str) -> None:
    files = deck_files({"legs.yaml": _INPUTS[name]})
    start = time.process_time()

    pipeline.check(files, FakeEnvironment(), ("anki",), date(2026, 1, 1))

    assert time.process_time() - start < _SECONDS


def test_numbering_many_ids_with_the_same_words_ends_soon() -> None:
    proposer = IdProposer({"a-muscle-7"})
    start = time.process_time()

    ids = [proposer.propose("A muscle") for _ in range(50_000)]

    assert time.process_time() - start < _SECONDS
    assert ids[0] == "a-muscle"
    assert ids[5:7] == ["a-muscle-6", "a-muscle-8"]


def test_finding_where_ids_go_in_one_line_of_many_cards_ends_soon() -> None:
    text = "[" + ", ".join(["{q: a}"] * 20_000) + "]"
    cards = parse_yaml(Source("legs.yaml", text), Report())
    assert isinstance(cards, Sequence)
    start = time.process_time()

    offsets = [card_id_insertion(card, "x").offset for card in cards.items if isinstance(card, Mapping)]

    assert time.process_time() - start < _SECONDS
    assert offsets == [place.start() for place in re.finditer("q:", text)]


def test_emphasis_in_emphasis_in_emphasis_is_refused_beyond_any_use() -> None:
    def codes(depth: int) -> list[str]:
        text = "*a " * depth + "b" + "*" * depth
        report = pipeline.check(deck_files({"legs.yaml": _answer(text)}), FakeEnvironment(), ("anki",))
        return [diagnostic.code for diagnostic in report]

    assert codes(50) == []
    assert codes(51) == codes(5_000) == ["nested-too-deep"]
