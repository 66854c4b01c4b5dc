"""Each output of a deck stands alone: what is wrong with one leaves its files, and the others are built."""

import pytest

from cardwright import pipeline
from cardwright.collection.deck import Deck
from cardwright.diagnostics import Report
from cardwright.formats.registry import Output
from cardwright.pipeline import BuildOptions, BuildResult
from cardwright.pipeline.load import load_decks
from cardwright.record import replace
from tests.support.memory import FakeEnvironment, deck_files

DECK = "deck: Legs\nid: legs\ncards:\n  - {id: knee, q: What bends the knee?, a: The hamstrings}\n"
LONG = DECK.replace("The hamstrings", "very " * 900)
LOCK, PACKAGE, CHANGES, SHEETS = (
    "cards_source/legs.lock",
    "decks/legs/legs.apkg",
    "decks/legs/CHANGES.md",
    "decks/legs/legs.pdf",
)
# Its head is that of a picture, so that only the engine finds out.
BROKEN_PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x09\0\0\0\x09\x08\2\0\0\0"
OLD_SHEETS = {SHEETS: b"old", "decks/legs/legs-1.pdf": b"older"}
OPTIONS = BuildOptions(now=1_700_000_000)


def build(
    text: str,
    options: BuildOptions = OPTIONS,
    *,
    lock: bytes | None = None,
    outputs: dict[str, bytes] = OLD_SHEETS,
    **other_decks: str,
) -> BuildResult:
    """Build the deck in legs.yaml, and others by the names of their files without an ending."""
    decks = deck_files({"legs.yaml": text}, lock)
    decks += deck_files({f"{name}.yaml": other for name, other in other_decks.items()})
    media = {"cards_source/media/broken.png": BROKEN_PICTURE} if "media/" in text else {}
    return pipeline.build(decks, FakeEnvironment(media, outputs), options)


def codes(result: BuildResult) -> list[str]:
    return [diagnostic.code for diagnostic in result.report]


def with_print(settings: str, text: str = DECK) -> str:
    return text.replace("cards:", f"print: {settings}\ncards:")


DEEP = r"\(" + r"\left(" * 20 + r"\right)" * 20 + r"\)"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (LONG, "card-overflow"),
        (DECK.replace("The hamstrings", f"'{DEEP}'"), "unprintable-math"),
        (DECK.replace("The hamstrings", '"Its name: \U0001e900"'), "missing-glyph"),
        (DECK.replace("The hamstrings", "'![x](media/broken.png)'"), "undrawable-picture"),
        (DECK.replace("deck: Legs", "deck: Legs \U0001e900"), "missing-glyph"),
        (with_print("{papr: a4}"), "unknown-key"),
        (with_print("{paper: a44}"), "unknown-paper"),
        (with_print("{paper: [a4]}"), "unexpected-value"),
        (with_print("{flip: over}"), "unknown-choice"),
        (with_print("{bleed: 3}"), "bleed-too-wide"),
        (with_print("{fonts: [nowhere]}"), "missing-font-folder"),
        (with_print("{card: {paper: a4, size: [1, 2]}}"), "card-too-small"),
        (with_print("{card: {size: [60, 60]}}"), "missing-key"),
        (with_print("[a4]"), "unexpected-value"),
        (with_print("no"), "unexpected-value"),
    ],
)
def test_what_concerns_paper_alone_stops_the_sheets_alone(text: str, code: str) -> None:
    result = build(text)

    assert set(codes(result)) == {code}
    assert list(result.files) == [LOCK, PACKAGE, CHANGES]
    assert result.removals == ("decks/legs/legs-retired.apkg",)
    (summary,) = result.summaries
    assert ([output.name for output in summary.built], summary.failed[0].output.name) == (["anki"], "pdf")
    assert summary.failed[0].errors == len(codes(result))
    assert set(summary.failed[0].kept) == set(OLD_SHEETS)
    assert (summary.new, summary.printed) == (1, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (DECK.replace("a:", "answr:"), "unknown-key"),
        (DECK.replace("The hamstrings", "'![x](media/none.svg)'"), "missing-picture"),
        (DECK.replace("a: The", "print: maybe, a: The"), "not-true-or-false"),
        ("deck: [", "unclosed-bracket"),
    ],
)
def test_a_mistake_in_the_sources_stops_everything_of_every_deck(text: str, code: str) -> None:
    """With it, mistakes that concern paper are reported; for decks that are printed, since it takes long."""
    arms = LONG.replace("Legs", "Arms").replace("legs", "arms")
    assert "card-overflow" not in codes(build(text, arms=arms))

    result = build(text, arms=with_print("true", arms))

    assert code in codes(result)
    assert "card-overflow" in codes(result)
    assert (result.files, result.removals, result.summaries) == ({}, (), ())


def test_sheets_that_have_never_been_made_are_not_said_to_stay() -> None:
    for text in (LONG, with_print("{fonts: [nowhere]}")):
        assert build(text, outputs={}).summaries[0].failed[0].kept == ()


def test_a_package_is_the_same_with_and_without_sheets() -> None:
    """No learner gets an update because of what is printed."""
    anki = replace(OPTIONS, outputs=("anki",))
    assert dict(build(LONG).files) == dict(build(LONG, anki).files)
    for text in (
        with_print("false"),
        with_print("{paper: letter}"),
        DECK.replace("{id:", "{print: false, id:"),
    ):
        assert build(text, anki).files[PACKAGE] == build(DECK, anki).files[PACKAGE]


def test_one_decks_paper_does_not_stop_the_sheets_of_another() -> None:
    arms = DECK.replace("Legs", "Arms").replace("legs", "arms")
    result = build(LONG, arms=arms)

    assert set(result.files) == {
        *(LOCK, PACKAGE, CHANGES),
        *(path.replace("legs", "arms") for path in (LOCK, PACKAGE, CHANGES, SHEETS)),
    }


@pytest.mark.parametrize("outputs", [("anki", "pdf"), ("pdf",)])
def test_a_conflict_with_what_was_released_stops_everything_of_every_deck(outputs: tuple[str, ...]) -> None:
    """Sheets of cards that no package and no lock knows, without their ids, would be of no use."""
    lock = build(DECK).files[LOCK]
    text = DECK.replace("q: What bends the knee?, a: The hamstrings", "cloze: '{{c1::Knee}}s bend'")
    text += "  - {q: New?, a: 'Yes'}\n"
    arms = LONG.replace("Legs", "Arms").replace("legs", "arms")
    result = build(text, replace(OPTIONS, outputs=outputs), lock=lock, arms=with_print("true", arms))

    assert set(codes(result)) == {"card-kind-changed", "card-overflow"}
    assert (result.files, result.removals, result.summaries) == ({}, (), ())


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ("{preset: {new-per-day: many}}", "not-a-count"),
        ("{preset: {new-per-dy: 9}}", "unknown-key"),
        ("{prest: {new-per-day: 9}}", "unknown-key"),
        ("preset", "unexpected-value"),
    ],
)
def test_what_concerns_anki_alone_stops_the_package_alone(settings: str, code: str) -> None:
    text = DECK.replace("cards:", f"anki: {settings}\ncards:").replace("{id: knee, q", "{q")
    result = build(text)

    assert codes(result) == [code]
    assert list(result.files) == [SHEETS]
    (summary,) = result.summaries
    assert ([output.name for output in summary.built], summary.failed[0].output.name) == (["pdf"], "anki")
    assert (summary.failed[0].kept, summary.ids) == ((), 0)
    # With another mistake in the sources it is reported, too.
    assert code in codes(build(text.replace("a: The", "answr: The")))


def test_with_locked_a_conflict_with_the_lock_stops_everything() -> None:
    """An automatic build is to publish what was released, or nothing."""
    lock = build(DECK).files[LOCK]
    result = build(DECK.replace("id: legs", "id: other"), replace(OPTIONS, locked=True), lock=lock)

    assert "deck-id-changed" in codes(result)
    assert (result.files, result.summaries) == ({}, ())


def test_with_locked_paper_still_stops_the_sheets_alone() -> None:
    lock = build(LONG).files[LOCK]
    result = build(LONG, replace(OPTIONS, locked=True), lock=lock)

    assert codes(result) == ["card-overflow"]
    assert list(result.files) == [PACKAGE, CHANGES]


def test_a_deck_of_which_no_output_can_be_built_keeps_its_lock() -> None:
    """Nothing of it is released, so nothing may count as released."""
    result = build(LONG, replace(OPTIONS, outputs=("pdf",)))

    assert codes(result) == ["card-overflow"]
    assert (result.files, result.removals) == ({}, ())
    assert not result.summaries[0].is_written


def test_a_diagnostic_points_into_the_file_as_it_is_written() -> None:
    """A deck that cannot be written gets no ids, so its lines stay where they are."""
    text = LONG.replace("id: legs\n", "").replace("{id: knee, q:", "{q:")

    for outputs, line in ((("pdf", "anki"), 4), (("pdf",), 3)):
        (diagnostic,) = build(text, replace(OPTIONS, outputs=outputs)).report
        assert diagnostic.span is not None
        assert diagnostic.span.start_position.line == line


def test_without_a_card_to_print_the_old_sheets_are_removed() -> None:
    for text in (with_print("false"), DECK.replace("id: knee", "id: knee, print: false")):
        result = build(text)

        assert codes(result) == []
        assert list(result.files) == [LOCK, PACKAGE, CHANGES]
        assert set(result.removals) == {*OLD_SHEETS, "decks/legs/legs-retired.apkg"}
        assert result.summaries[0].printed == (0, 0)


def test_a_deck_that_is_not_printed_has_no_problems_with_paper() -> None:
    assert codes(build(with_print("false", LONG))) == []


def test_the_nearest_print_decides() -> None:
    """That of the card, else of the topic, else of the deck."""
    card = "  - {id: <name>-<own>, q: What is it?, a: A thing<print>}\n"
    cards = card.replace("<own>", "open").replace("<print>", "")
    for own in ("true", "false"):
        cards += card.replace("<own>", own).replace("<print>", f", print: {own}")

    def topic(name: str, settings: str = "") -> str:
        return f"{settings}cards:\n{cards}".replace("<name>", name)

    for deck_print, expected in (
        ("", ["open-open", "open-true", "off-true", "on-open", "on-true"]),
        ("print: true\n", ["open-open", "open-true", "off-true", "on-open", "on-true"]),
        ("print: {paper: a4}\n", ["open-open", "open-true", "off-true", "on-open", "on-true"]),
        ("print: false\n", ["open-true", "off-true", "on-open", "on-true"]),
    ):
        files = {
            "legs/deck.yaml": f"deck: Legs\nid: legs\n{deck_print}files: [open.yaml, off.yaml, on.yaml]\n",
            "legs/open.yaml": topic("open"),
            "legs/off.yaml": topic("off", "print: false\n"),
            "legs/on.yaml": topic("on", "print: true\n"),
        }
        report = Report()
        (loaded,) = load_decks(deck_files(files), FakeEnvironment(), report)

        assert list(report) == []
        assert [note.key for note in loaded.deck.notes if note.printed] == expected


@pytest.mark.parametrize(
    ("text", "outputs", "is_measured"),
    [
        (LONG, {}, False),
        (LONG, OLD_SHEETS, True),
        (LONG, {"decks/legs/legs-fronts.pdf": b"old"}, True),
        (LONG, {"decks/legs/CHANGES.md": b"old"}, False),
        (with_print("true", LONG), {}, True),
        (with_print("{paper: a4}", LONG), {}, True),
    ],
)
def test_check_measures_paper_for_decks_that_are_printed(
    text: str, outputs: dict[str, bytes], is_measured: bool
) -> None:
    """They have sheets, or say how they are printed. Who asks for sheets by name gets them checked anyhow."""
    files, environment = deck_files({"legs.yaml": text}), FakeEnvironment({}, outputs)
    unused: list[tuple[Output, Deck]] = []
    report = pipeline.check(files, environment, unused=unused)

    assert [diagnostic.code for diagnostic in report] == ["card-overflow"] * is_measured
    assert [(output.name, deck.name) for output, deck in unused] == [("pdf", "Legs")] * (not is_measured)
    assert [diagnostic.code for diagnostic in pipeline.check(files, environment, ("pdf",))] == [
        "card-overflow"
    ]
    assert not len(pipeline.check(files, environment, ("anki",)))


def test_check_takes_no_new_deck_for_another_one() -> None:
    """The id that `build` will write has a part of chance, so it is nobody else's."""
    files = deck_files({"a.yaml": DECK, "b.yaml": DECK.replace("Legs\nid: legs", "Legs!")})

    assert [diagnostic.code for diagnostic in pipeline.check(files, FakeEnvironment(), (), salt="x1")] == [
        "missing-id"
    ]
