"""The source format, as specified in `tests/spec/*.md`.

Each section of a page is a test: its YAML is read, and the result is compared with
the fences after it. ```` ```notes ```` shows the notes, ```` ```sheets ```` how their cards are
printed, ```` ```diagnostics ```` the diagnostics as the author sees them, ```` ```advice ````
the output of `check` on a day in 2026, and ```` ```yaml after ```` the files with the missing
ids. `make golden` rewrites the fences, to be read in review.

```` ```file media/x.svg ```` is a media file beside the YAML, at this path.
```` ```lock ```` is the deck's lock.

```` ```yaml released ```` is the release before. Then ```` ```changes ```` shows what CHANGES.md says of
the YAML that follows, built a day later, and ```` ```messages ```` what that build says.

```` ```anki KEY ```` is what a learner made of a note of that release, or else of the YAML: fields by
their names, and tags. ```` ```anki new ```` is a question that was added. Then ```` ```pull ```` shows what
a pull prints, and what it changes in the YAML.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import unified_diff
from pathlib import Path

import pytest

from cardwright import pipeline, reader
from cardwright.check import DECK_RULES, IMPACT_WARNINGS
from cardwright.collection.deck import Deck
from cardwright.collection.suppression import filter_suppressed
from cardwright.diagnostics import Report
from cardwright.diagnostics.emit import text
from cardwright.formats.pdf import settings
from cardwright.formats.pdf.settings import Design
from cardwright.pipeline.load import imported_types, read_lock_file
from cardwright.pulling.describe import text_lines
from cardwright.source.id_insertion import insert_ids
from tests.support.builds import DAY, NOW, build_deck
from tests.support.dump import dump_deck, dump_design
from tests.support.edited_notes import Edited, add_question, export_notes, pull_notes, pulled_sources
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.paths import TESTS

PAGES = TESTS / "spec"
_SECTION = re.compile(r"^## (?P<title>.+?)\n(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
FENCE = re.compile(r"^(?P<marks>`{3,})(?P<info>[^\n`]+)\n(?P<text>.*?)^(?P=marks)$", re.MULTILINE | re.DOTALL)
# Pictures for sections without a `file`: the smallest SVG, and two with a size.
_DEFAULT_MEDIA = {
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


@pytest.mark.parametrize(
    "section", list(sections()), ids=lambda section: f"{section.page.stem}: {section.title}"
)
def test_format_is_as_specified(section: Section) -> None:
    fences = [(match["info"].strip(), match["text"]) for match in FENCE.finditer(section.body)]
    files = [path_and_text(yaml) for info, yaml in fences if info == "yaml"]
    assert files, "a section shows at least one YAML file"
    media = {
        f"cards_source/{info.removeprefix('file ')}": content.rstrip("\n").encode()
        for info, content in fences
        if info.startswith("file ")
    }
    lock = next((content.encode() for info, content in fences if info == "lock"), None)
    actual = _results(dict(files), media or _DEFAULT_MEDIA, lock)
    released = dict(path_and_text(yaml) for info, yaml in fences if info == "yaml released")
    if edits := {info.removeprefix("anki "): text for info, text in fences if info.startswith("anki ")}:
        actual |= _pull(released or dict(files), dict(files), edits, media)
    elif released:
        actual |= _release(released, dict(files), media)

    if os.environ.get("CARDWRIGHT_GOLDEN"):
        _rewrite(section, actual)
        return
    expected = {info: fence for info, fence in fences if not _is_input(info)}

    assert expected, "a section says what its YAML results in"
    assert {info: actual.get(info, "") for info in expected} == expected
    if "diagnostics" not in expected:
        assert actual["diagnostics"] == ""


def path_and_text(yaml: str) -> tuple[str, str]:
    """Return a file's path, from the comment on its first line, and its text."""
    first, _, rest = yaml.partition("\n")
    if match := re.fullmatch(r"# cards_source/(\S+)", first):
        return match[1], rest
    return "deck.yaml", yaml


def _is_input(info: str) -> bool:
    """Return whether a fence is an input and not a result."""
    return info in ("yaml", "yaml released", "lock") or info.startswith(("file ", "anki "))


def _release(released: dict[str, str], files: dict[str, str], media: dict[str, bytes]) -> dict[str, str]:
    """Return what comes of a build that follows a release, by the info string of the fence."""
    first = build_deck(released, media=media)
    second = build_deck(files, first, now=NOW + DAY, media=media)
    messages = "".join(f"{text.render(diagnostic)}\n" for diagnostic in second.result.report)
    _, latest, *_ = re.split(r"^## .+\n\n(?=.*Release|First)", second.changes, flags=re.MULTILINE)
    return {"changes": latest.rstrip() + "\n", "messages": messages}


def _pull(
    released: dict[str, str], files: dict[str, str], edits: dict[str, str], media: dict[str, bytes]
) -> dict[str, str]:
    """Return what comes of a pull, by the info string of the fence. edits: lines of fields, by key."""
    build = build_deck(released, media=media)
    edited = {key: Edited(*_fields_and_tags(text)) for key, text in edits.items() if key != "new"}
    export = export_notes(build, edited, time=NOW + DAY)
    if "new" in edits:
        fields, tags = _fields_and_tags(edits["new"])
        export = add_question(export, fields, tags or ())
    result = pull_notes(files, build, export, media=media)
    pulled = pulled_sources(files, result)
    lines = list(text_lines(result))
    for path in (path for path in files if pulled[path] != files[path]):
        old, new = files[path].splitlines(), pulled[path].splitlines()
        lines += ["", *unified_diff(old, new, path, path, lineterm="", n=1)]
    return {"pull": "".join(f"{line}\n" for line in lines)}


def _fields_and_tags(text: str) -> tuple[dict[str, str], list[str] | None]:
    parts = dict(line.split(": ", 1) for line in text.splitlines())
    tags = parts.pop("tags", None)
    return parts, None if tags is None else tags.split()


def _results(files: dict[str, str], media: dict[str, bytes], lock: bytes | None) -> dict[str, str]:
    """Return what the files result in, by the info string of the fence that shows it."""
    report = Report()
    decks: list[Deck] = []
    designs: list[Design | None] = []
    files_with_ids = ""
    imported = imported_types(None if lock is None else read_lock_file("deck.lock", lock, report))
    options = reader.ReadingOptions(salt="x1y2z3", imported_types=imported)
    for deck_source in deck_files(files, lock):
        deck_report = Report()
        parsed = reader.read_deck(deck_source, FakeEnvironment(media), deck_report, options)
        if parsed is None:
            report.extend(deck_report)
            continue
        report.extend(parsed.deck.preset_problems)
        for impact_warning in IMPACT_WARNINGS:
            deck_report.extend(impact_warning(parsed.deck))
        report.extend(filter_suppressed(deck_report, parsed.deck.suppressions)[0])
        decks.append(parsed.deck)
        designs.append(settings.make_design(parsed.deck.print_settings, report))
        for source in dict.fromkeys(missing.source for missing in parsed.missing_ids):
            insertions = [missing for missing in parsed.missing_ids if missing.source is source]
            files_with_ids += insert_ids(source, deck_source.sources[source.path], insertions).decode()
    for rule in DECK_RULES:
        report.extend(rule(decks))
    own_media = {} if media is _DEFAULT_MEDIA else media
    checked = pipeline.check(deck_files(files, lock), FakeEnvironment(own_media), (), date(2026, 11, 22))
    return {
        "notes": "".join(dump_deck(deck) for deck in decks),
        "sheets": "\n".join(dump_design(design) for design in designs if design is not None),
        "diagnostics": "".join(f"{text.render(diagnostic)}\n" for diagnostic in report),
        "advice": "".join(f"{text.render(diagnostic)}\n" for diagnostic in checked),
        "yaml after": files_with_ids,
    }


def _rewrite(section: Section, actual: dict[str, str]) -> None:
    def fill(match: re.Match[str]) -> str:
        info = match["info"].strip()
        return match[0] if _is_input(info) else f"{match['marks']}{info}\n{actual[info]}{match['marks']}"

    page = section.page.read_text()
    body = FENCE.sub(fill, section.body)
    section.page.write_text(page.replace(section.body, body, 1))
