"""The source format, as specified in `tests/spec/*.md`.

Each section of a page is a test: its YAML is read, and what comes of it is held
against the fence behind it. ```` ```notes ```` shows the notes, ```` ```sheets ```` how their
cards go on paper, ```` ```diagnostics ```` the findings as the author sees them,
```` ```advice ```` what `check` has to say on a day in 2026,
```` ```yaml after ```` the files once ids are written in. `make golden` writes the fences
anew, to be read in review.

```` ```file media/x.svg ```` is a media file beside the YAML, where its path says.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from cardwright import pipeline, reader
from cardwright.check import DECK_RULES, IMPACT_WARNINGS
from cardwright.check.suppression import filter_suppressed
from cardwright.collection.deck import Deck
from cardwright.diagnostics.emit import text
from cardwright.diagnostics.report import Report
from cardwright.formats.pdf import settings
from cardwright.formats.pdf.settings import Design
from cardwright.source import id_insertion
from tests.support import dump
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.paths import TESTS

PAGES = TESTS / "spec"
_SECTION = re.compile(r"^## (?P<title>.+?)\n(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(
    r"^(?P<marks>`{3,})(?P<info>[^\n`]+)\n(?P<text>.*?)^(?P=marks)$", re.MULTILINE | re.DOTALL
)
# Pictures for the pages that need one: the smallest SVG, and two that say how large they are.
_DOT = {
    "cards_source/media/dot.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "cards_source/media/leg.svg": b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 40"/>',
    "cards_source/media/huge.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="100000" height="9"/>',
}


@dataclass(frozen=True)
class Section:
    page: Path
    title: str
    body: str


def sections() -> Iterator[Section]:
    for page in sorted(PAGES.glob("*.md")):
        for match in _SECTION.finditer(page.read_text()):
            yield Section(page, match["title"], match["body"])


@pytest.mark.parametrize("section", list(sections()), ids=lambda one: f"{one.page.stem}: {one.title}")
def test_the_format_is_as_specified(section: Section) -> None:
    """A page says what each text means; nobody has to guess, and no change goes unseen."""
    fences = [(match["info"].strip(), match["text"]) for match in _FENCE.finditer(section.body)]
    files = [_file(source) for info, source in fences if info == "yaml"]
    assert files, "a section shows at least one YAML file"
    media = {
        f"cards_source/{info.removeprefix('file ')}": content.rstrip("\n").encode()
        for info, content in fences
        if info.startswith("file ")
    }
    actual = _outcome(dict(files), media or _DOT)

    if os.environ.get("CARDWRIGHT_GOLDEN"):
        _rewrite(section, actual)
        return
    expected = {info: wanted for info, wanted in fences if not _is_given(info)}

    assert expected, "a section says what is to come of its YAML"
    assert {info: actual.get(info, "") for info in expected} == expected
    if "diagnostics" not in expected:
        assert actual["diagnostics"] == ""


def _file(source: str) -> tuple[str, str]:
    """A file's path, from the comment on its first line, and its text."""
    first, _, rest = source.partition("\n")
    if match := re.fullmatch(r"# cards_source/(\S+)", first):
        return match[1], rest
    return "deck.yaml", source


def _is_given(info: str) -> bool:
    """Whether a fence says what there is, and not what comes of it."""
    return info == "yaml" or info.startswith("file ")


def _outcome(files: dict[str, str], media: dict[str, bytes]) -> dict[str, str]:
    report = Report()
    decks: list[Deck] = []
    designs: list[Design | None] = []
    after = ""
    for one in deck_files(files):
        read = Report()
        reading = reader.read_deck(one, FakeEnvironment(media), read, salt="x1y2z3")
        if reading is None:
            report.extend(read)
            continue
        for rule in IMPACT_WARNINGS:
            read.extend(rule([reading.deck]))
        report.extend(filter_suppressed(read, reading.deck.suppressions)[0])
        decks.append(reading.deck)
        designs.append(settings.chosen(reading.deck.settings, report))
        for source in dict.fromkeys(insertion.source for insertion in reading.missing_ids):
            made = [insertion for insertion in reading.missing_ids if insertion.source is source]
            after += id_insertion.insert_ids(source, one.sources[source.path], made).decode()
    for rule in DECK_RULES:
        report.extend(rule(decks))
    found = [text.render(diagnostic) for diagnostic in report]
    given = {} if media is _DOT else media
    checked = pipeline.check(deck_files(files), FakeEnvironment(given), (), date(2026, 11, 22))
    return {
        "notes": "".join(dump.deck(deck) for deck in decks),
        "sheets": "\n".join(dump.sheets(design) for design in designs if design is not None),
        "diagnostics": "".join(f"{one}\n" for one in found),
        "advice": "".join(f"{text.render(diagnostic)}\n" for diagnostic in checked),
        "yaml after": after,
    }


def _rewrite(section: Section, actual: dict[str, str]) -> None:
    def fill(match: re.Match[str]) -> str:
        info = match["info"].strip()
        return match[0] if _is_given(info) else f"{match['marks']}{info}\n{actual[info]}{match['marks']}"

    page = section.page.read_text()
    body = _FENCE.sub(fill, section.body)
    section.page.write_text(page.replace(section.body, body, 1))
