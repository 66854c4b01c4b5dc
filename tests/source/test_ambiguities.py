"""Warnings of text that was probably meant otherwise, measured on texts as people write them.

A line of `corpus/` is a text; ⏎ stands for the ends of its lines. `meant/` has texts that are meant as
Markdown reads them. `doubtful/` has those that are probably not; the name of the file is the code of the
warning that each has to have.
"""

from collections import Counter
from pathlib import Path

import pytest

from cardwright.collection import content as c
from cardwright.diagnostics import Diagnostic, Report, Severity, Source
from cardwright.source.ambiguity_warnings import AMBIGUITY_WARNINGS
from cardwright.source.markup import MarkupReader
from cardwright.source.nodes import Scalar

CORPUS = Path(__file__).with_name("corpus")


def corpus(folder: str) -> list[tuple[str, str]]:
    """Return each text with the name of its file."""
    return [
        (path.stem, line.replace("⏎", "\n"))
        for path in sorted((CORPUS / folder).glob("*.txt"))
        for line in path.read_text().splitlines()
        if line
    ]


def read(text: str, *, readings: bool = False) -> tuple[c.Content, list[Diagnostic]]:
    report, source = Report(), Source("deck.yaml", text)
    reader = MarkupReader(lambda _path, _scalar: None, lambda _path, _scalar: None, report)
    scalar = Scalar(source, 0, len(text), text, "|" if "\n" in text else "'")
    return reader.read(scalar, readings=readings), list(report)


def warnings(text: str, *, readings: bool = False) -> list[Diagnostic]:
    diagnostics = read(text, readings=readings)[1]
    return [diagnostic for diagnostic in diagnostics if diagnostic.code in AMBIGUITY_WARNINGS]


def shown(text: str) -> str:
    return c.plain_text(read(text)[0])


def test_corpus_is_large_and_varied() -> None:
    texts = [text for folder in ("meant", "doubtful") for _, text in corpus(folder)]

    assert len(corpus("meant")) >= 1_000
    assert len(corpus("doubtful")) >= 1_000
    assert len(set(texts)) == len(texts)


def test_hardly_any_text_that_is_meant_has_a_warning() -> None:
    """At most one in a thousand, of all kinds together."""
    texts = corpus("meant")

    warned = [text for _, text in texts if warnings(text)]
    warned += [text for _, text in corpus("meant-readings") if warnings(text, readings=True)]

    assert len(warned) <= len(texts) // 1_000, warned


@pytest.mark.parametrize("code", sorted({code for code, _ in corpus("doubtful")}))
def test_every_doubtful_text_has_its_warning(code: str) -> None:
    texts = [text for name, text in corpus("doubtful") if name == code]

    readings = code == "reading-without-space"
    silent = [
        text for text in texts if code not in {found.code for found in warnings(text, readings=readings)}
    ]

    assert not silent


def test_every_warning_can_be_read_and_suppressed() -> None:
    """It has a short headline and a next step, and points into the text."""
    seen: Counter[str] = Counter()
    for code, text in corpus("doubtful"):
        for warning in warnings(text, readings=code == "reading-without-space"):
            seen[warning.code] += 1
            assert warning.severity is Severity.WARNING
            assert len(warning.message) <= 72, warning.message
            assert warning.help
            assert warning.span is not None
            assert warning.span.text.strip()
            assert "\ufffc" not in warning.message + warning.help
    of_cloze_texts = {"code-as-hint", "deletion-end-as-text", "nested-deletions"}
    of_other_texts = {"broken-formula", "cloze-outside-cloze", "picture-as-text"} | of_cloze_texts
    of_media = {"missing-file", "sound-without-words"}
    assert set(AMBIGUITY_WARNINGS) - set(seen) == of_other_texts | of_media | {"lines-folded"}
