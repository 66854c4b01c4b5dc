"""Sheets in several files: separate fronts and backs, and big decks in volumes."""

import io
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright import pipeline
from cardwright.formats.pdf.sheets import DrawnFile
from cardwright.formats.pdf.volumes import VOLUME_SIZE, split_into_volumes
from cardwright.layout.card_sizes import CARD_SIZES
from cardwright.layout.imposition import MAX_PILE, cards_per_sheet, impose
from cardwright.layout.plan import Mode, Order, Plan
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.print_decks import bookmarks, deck, lay_out_cards, note, page_texts, page_words

plans = st.builds(
    Plan,
    st.sampled_from([size for size in CARD_SIZES if size.name in ("a7", "a8", "poker")]),
    mode=st.sampled_from((Mode.DUPLEX, Mode.SPLIT, Mode.SINGLE)),
    order=st.sampled_from(Order),
    start_at=st.integers(1, 8),
)


def draw(folder: Path, count: int, **choices: str) -> list[DrawnFile]:
    cards = [note(f"card-{number}", "Q?", topic=f"Topic {number // 300}") for number in range(count)]
    return lay_out_cards(deck(cards, **choices), folder).draw()


def headings(pdf: bytes) -> Iterator[str]:
    """Yield the headings of a file in the order of its structure."""

    def walk(element: pikepdf.Object) -> Iterator[str]:
        if isinstance(element, pikepdf.Array):
            for child in element:
                yield from walk(child)
        elif isinstance(element, pikepdf.Dictionary):
            if str(element.get("/S", "")) in ("/H1", "/H2", "/H3"):
                yield str(element.S)
            if "/K" in element:
                yield from walk(element.K)

    with pikepdf.open(io.BytesIO(pdf)) as file:
        yield from walk(file.Root.StructTreeRoot)


@given(plans, st.integers(1, 3 * VOLUME_SIZE))
def test_volumes_hold_every_page_once_in_whole_sheets_and_piles(plan: Plan, count: int) -> None:
    """A volume is printed and cut by itself; a pile in two of them would not be in order."""
    pages = list(impose(count, plan))
    files = split_into_volumes(pages, plan)

    assert sorted((page.sheet, page.is_back) for file in files for page in file.pages) == sorted(
        (page.sheet, page.is_back) for page in pages
    )
    each = 2 if plan.mode is Mode.SPLIT else 1
    assert [file.first for file in files] == sorted(file.first for file in files)
    assert sum(file.cards for file in files) == each * count
    pile = cards_per_sheet(plan) * (MAX_PILE if plan.order is Order.STACKS else 1)
    for file in files:
        assert file.first == 0 or (file.first + plan.start_at - 1) % pile == 0
        assert {card.number for page in file.pages for card in page.cards} == set(range(file.cards))
        assert file.cards <= 1.1 * max(VOLUME_SIZE, pile)


def test_files_are_numbered_only_when_there_are_several() -> None:
    """Most decks are one file, called as the deck is."""
    plan = Plan(CARD_SIZES[0])
    assert [file.part for file in split_into_volumes(list(impose(VOLUME_SIZE, plan)), plan)] == [""]
    assert [file.part for file in split_into_volumes(list(impose(1000, plan)), plan)] == ["1", "2"]
    split = Plan(CARD_SIZES[0], mode=Mode.SPLIT)
    assert [file.part for file in split_into_volumes(list(impose(8, split)), split)] == ["fronts", "backs"]
    names = [file.part for file in split_into_volumes(list(impose(1000, split)), split)]
    assert names == ["1-fronts", "1-backs", "2-fronts", "2-backs"]


def test_sheets_are_numbered_across_volumes_and_bookmarks_within(tmp_path: Path) -> None:
    """The second file continues where the first one ended, and names the topic it is in the middle of."""
    files = draw(tmp_path, 1000)
    pages = [page for file in files for page in page_texts(file.data)]

    assert len(pages) == 250
    assert all(f"sheet {number // 2 + 1} of 125" in page for number, page in enumerate(pages))
    assert [[(title, len(cards)) for title, cards in bookmarks(file.data)] for file in files] == [
        [("Topic 0", 300), ("Topic 1", 196)],
        [("Topic 1", 104), ("Topic 2", 300), ("Topic 3", 100)],
    ]
    assert bookmarks(files[1].data)[0][1][0].startswith("497 ")


@pytest.mark.parametrize("order", ["rows", "stacks"])
@pytest.mark.parametrize("mode", ["duplex", "split", "fold", "single"])
def test_every_file_has_headings_that_begin_with_a_topic(mode: str, order: str, tmp_path: Path) -> None:
    """PDF/UA wants a first-level heading first, also in a file of backs. Cards are under their topics."""
    cards = [note(f"card-{number}", "Q?", topic=f"Topic {number // 7}") for number in range(20)]

    for drawn in lay_out_cards(deck(cards, mode=mode, order=order), tmp_path).draw():
        assert next(headings(drawn.data)) == "/H1"
        named = [(title, name) for title, names in bookmarks(drawn.data) for name in names]
        is_backs = drawn.part.endswith("backs")
        texts = [f"{number + 1} {f'card-{number}' if is_backs else 'Q?'}" for number in range(20)]
        assert sorted(named) == sorted((f"Topic {number // 7}", text) for number, text in enumerate(texts))


def test_separate_fronts_and_backs_are_the_same_pages_as_together(tmp_path: Path) -> None:
    (both,) = draw(tmp_path / "both", 11)
    fronts, backs = draw(tmp_path / "apart", 11, mode="split")
    together = list(page_words(both.data))

    assert list(page_words(fronts.data)) == together[::2]
    assert list(page_words(backs.data)) == together[1::2]


def test_a_build_removes_sheets_of_an_earlier_size_or_mode() -> None:
    """Old sheets beside the new ones would be printed one day. A killed build may have removed some."""
    text = "deck: Legs\nid: legs\nprint: {mode: split}\ncards:\n  - {id: a, q: Q, a: A}\n"
    old = ["", "-1", "-2-fronts", "-7", "-7-backs", "-fronts", "-0", "-back", "-12345", "-1-notes"]
    environment = FakeEnvironment(outputs={f"decks/legs/legs{part}.pdf": b"%PDF" for part in old})
    options = pipeline.BuildOptions(now=1_700_000_000, outputs=("pdf",))
    result = pipeline.build(deck_files({"legs.yaml": text}), environment, options)

    assert [path for path in result.files if path.endswith(".pdf")] == [
        "decks/legs/legs-fronts.pdf",
        "decks/legs/legs-backs.pdf",
    ]
    assert {*result.removals} == {
        f"decks/legs/legs{part}.pdf" for part in ("", "-1", "-2-fronts", "-7", "-7-backs")
    }
