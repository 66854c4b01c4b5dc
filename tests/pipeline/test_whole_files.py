"""Cards that are compiled chunk by chunk give what they give when all are read at once."""

import os
from datetime import date
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from cardwright import reader
from cardwright.diagnostics import Report
from cardwright.diagnostics.emit import jsonl
from cardwright.pipeline import BuildOptions, BuildResult, build, check
from cardwright.reader import chunked_cards, chunks
from cardwright.reader.chunked_cards import Unusual
from cardwright.source.files import DeckFiles
from tests.support.builds import NOW
from tests.support.memory import FakeEnvironment, MemoryCache
from tests.support.text_edits import EDIT_LISTS, EDITS, MAIN, NUMBERS, Files, is_source, new_project

EXAMPLES = int(os.environ.get("EDITS", "10"))


def build_files(files: Files, minute: int, cache: MemoryCache | None) -> tuple[BuildResult, list[str]]:
    """Build the deck and check it. Return the result, and the lines of both reports."""
    sources = {path: data for path, data in files.items() if is_source(path) and path.endswith(".yaml")}
    lock = files.get(MAIN.replace(".yaml", ".lock"))
    decks = [DeckFiles(MAIN, is_single_file=False, sources=sources, lock=lock)]
    outputs = {path: data for path, data in files.items() if not is_source(path)}
    environment = FakeEnvironment(files, outputs, cache)
    result = build(decks, environment, BuildOptions(NOW + 60 * minute, outputs=("anki",)))
    report = Report()
    report.extend(result.report)
    report.extend(check(decks, environment, ("anki",), date(2024, 1, 1)))
    return result, [jsonl.render(diagnostic) for diagnostic in report]


def read_at_once(*_arguments: object) -> None:
    raise Unusual


@settings(max_examples=EXAMPLES)
@given(seed=NUMBERS, steps=st.lists(EDIT_LISTS, min_size=1, max_size=5))
def test_an_edited_deck_is_read_in_chunks_as_at_once(
    seed: int, steps: list[list[tuple[str, int, int]]]
) -> None:
    """With chunks of about three cards, those of earlier builds among them."""
    files = new_project(24, seed)
    cache = MemoryCache()
    for minute, edits in enumerate([[], *steps]):
        sound_files = dict(files)
        for name, where, what in edits:
            EDITS[name](files, where, what)
        with (
            mock.patch.object(chunks, "AVERAGE_CHUNK", 3),
            mock.patch.object(chunked_cards, "LITTLE_TEXT", 0),
        ):
            results = [build_files(files, minute, cache) for _ in range(2)]
        with mock.patch.object(reader, "_read_in_chunks", read_at_once):
            expected, expected_report = build_files(files, minute, None)
        for result, report in results:
            assert report == expected_report
            assert (result.files, result.removals) == (expected.files, expected.removals)
            # All but the deck, whose notes need not be read.
            assert [repr(summary).partition("new=")[2] for summary in result.summaries] == [
                repr(summary).partition("new=")[2] for summary in expected.summaries
            ]
        files = sound_files if expected.report.has_errors else {**files, **expected.files}
