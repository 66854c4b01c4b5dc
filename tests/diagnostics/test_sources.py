"""The text of a source is there whenever it is asked for, even if its memory was freed meanwhile."""

import pytest

from cardwright.diagnostics import Report, Source, Span
from cardwright.source.text import decode_source


def test_a_forgotten_text_is_decoded_again() -> None:
    data = "\ufeffdeck: 膝\r\ncards: []\n".encode()
    source = decode_source("deck.yaml", data, Report())
    assert source is not None
    text, position = source.text, source.position(12)

    source.forget_text()
    source.forget_text()

    assert Span(source, 6, 7).text == "膝"
    assert (source.text, source.position(12)) == (text, position)


def test_a_text_that_cannot_be_decoded_again_stays() -> None:
    source = Source("deck.yaml", "deck: Birds")

    source.forget_text()

    assert source.text == "deck: Birds"


def test_nothing_else_of_a_source_is_made_up() -> None:
    source = Source("deck.yaml", "deck: Birds")

    with pytest.raises(AttributeError):
        source.txt  # type: ignore[attr-defined]  # noqa: B018  that is the point
