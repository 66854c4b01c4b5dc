"""Where cards lie, read back from the PDF: every preset, flip and mode, every order, offset and count.

The name of a card stands at the same place of its front and of its back, so where it is
found tells where the card is, and whether it stands upside down.
"""

import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import pdfplumber
import pytest

from cardwright.collection.print_settings import PrintSettings
from cardwright.diagnostics.diagnostic import Severity
from cardwright.diagnostics.report import Report
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.layout.card_sizes import CARD_SIZES, CardSize, find_card_sizes
from cardwright.layout.geometry import Box, Flip, Grid, Sheet
from cardwright.layout.imposition import MAX_PILE
from cardwright.layout.plan import Mode, Order, pair_grid
from tests.support.print_decks import MM_PER_POINT, AssetFolder, Word, deck, lay_out_cards, note, page_words

CLOSE = 0.01  # mm
FLIPS_AND_MODES = list(product(Flip, Mode))
# How many cards there are: so many times as a sheet takes, and so many more; never less than one.
COUNTS = {"1": (0, 1), "P-1": (1, -1), "P": (1, 0), "P+1": (1, 1), "2P+3": (2, 3)}
OFFSETS = [(0.0, 0.0), (1.25, -0.8)]
WISHES = list(product(COUNTS.values(), Order, (False, True), OFFSETS))


@dataclass(frozen=True)
class Case:
    """What is printed. count: as in COUNTS."""

    preset: CardSize
    flip: Flip
    mode: Mode
    count: tuple[int, int]
    order: Order = Order.ROWS
    rotated: bool = False
    offset: tuple[float, float] = (0.0, 0.0)

    @property
    def grid(self) -> Grid:
        """Of the pieces that are cut out."""
        if self.mode is not Mode.FOLD:
            return self.preset.grid
        found = pair_grid(self.preset)
        assert found is not None
        return found[0]

    @property
    def cards(self) -> int:
        times, more = self.count
        return max(1, times * self.grid.slots + more)

    @property
    def sheets(self) -> int:
        return math.ceil(self.cards / self.grid.slots)

    def __str__(self) -> str:
        wishes = [self.flip.value, self.mode.value, self.order.value]
        wishes += ["rotated"] * self.rotated + ["moved"] * any(self.offset)
        return "-".join([self.preset.sheet.name, self.preset.name, *wishes, str(self.cards)])


# Cards of an author's own, off the middle of paper that lies on its side.
LYING = CardSize("lying", Sheet("", 297, 210), Grid(3, 2, 9, 12, 80, 90, 84, 93))


def _cases() -> list[Case]:
    """Each preset with each flip and mode; the other wishes are dealt out, so that all meet all of these."""
    return [
        Case(preset, flip, mode, count, order, rotated, offset)
        for row, preset in enumerate((*CARD_SIZES, LYING))
        for column, (flip, mode) in enumerate(FLIPS_AND_MODES)
        for count, order, rotated, offset in [WISHES[(11 * row + 17 * column) % len(WISHES)]]
    ]


CASES = _cases()


class _Remembering:
    """A cache, so that the same text is not measured again for every sheet of this file."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        return {key: self._known[key] for key in keys if key in self._known}

    def put(self, answers: Mapping[str, bytes]) -> None:
        self._known.update({key: data for key, data in answers.items() if not data.startswith(b"%PDF")})

    def digest(self, path: str) -> str:
        return path


CACHE = _Remembering()


def printed(case: Case, folder: Path) -> dict[str, bytes]:
    """The files, by the end of their names."""
    report = Report()
    cards = [note(f"card-{number}", "Where?", "Here") for number in range(case.cards)]
    settings = PrintSettings(
        card=case.preset,
        flip=case.flip,
        mode=case.mode,
        order=case.order,
        rotate_backs=case.rotated,
        offset=case.offset,
    )
    made = replace(deck(cards), print_settings=settings)
    layout = lay_out_cards(made, RenderContext(AssetFolder(str(folder)), cache=CACHE), report)
    assert [one.message for one in report if one.severity is Severity.ERROR] == []
    assert layout is not None
    assert layout.sheets == case.sheets
    return {drawn.part: drawn.data for drawn in layout.draw()}


Places = dict[int, list[Word]]


def read(pdf: bytes) -> list[Places]:
    """For each page, by card, where its name stands: once for each of its sides on that page."""
    pages = []
    for page in page_words(pdf):
        places: Places = {}
        for word in page:
            if found := re.fullmatch(r"card-(\d+)", word.text):
                places.setdefault(int(found[1]), []).append(word)
        pages.append(places)
    return pages


@dataclass(frozen=True)
class Corner:
    """Where names stand on their cards: so far from the right edge and from the top."""

    right: float
    top: float

    def trim(self, word: Word, size: tuple[float, float], *, rotated: bool) -> Box:
        """The card that a name stands on."""
        width, height = size
        if rotated:
            return Box(word.left - self.right, word.bottom + self.top - height, width, height)
        return Box(word.right + self.right - width, word.top - self.top, width, height)


def corner(word: Word, trim: Box) -> Corner:
    return Corner(trim.right - word.right, word.top - trim.y)


def same(one: Box, other: Box) -> None:
    assert (one.x, one.y, one.width, one.height) == pytest.approx(
        (other.x, other.y, other.width, other.height), abs=CLOSE
    )


def behind(box: Box, case: Case) -> Box:
    """Where a box of a front comes to lie on the back."""
    sheet = case.preset.sheet
    x, y = box.x, box.y
    # The long edges of paper that lies on its side are above and below.
    if (case.flip is Flip.LONG) is (sheet.height > sheet.width):
        x = sheet.width - box.right
    else:
        y = sheet.height - box.bottom
    return Box(x + case.offset[0], y + case.offset[1], box.width, box.height)


def sides(case: Case, folder: Path) -> tuple[list[Places], list[Places]]:
    """The fronts and the backs, page by page; the backs of a single-sided deck are none."""
    files = printed(case, folder)
    if case.mode is Mode.SPLIT:
        assert list(files) == ["fronts", "backs"]
        return read(files["fronts"]), read(files["backs"])
    assert list(files) == [""]
    pages = read(files[""])
    return (pages, []) if case.mode is not Mode.DUPLEX else (pages[::2], pages[1::2])


def in_order(case: Case, fronts: Sequence[Mapping[int, Box]]) -> list[int]:
    """The cards as they come once the sheets are cut, by where they were found."""
    pieces = [sorted(page.items(), key=lambda one: (round(one[1].y, 1), one[1].x)) for page in fronts]
    if case.order is Order.ROWS:
        return [card for page in pieces for card, _ in page]
    cut: list[int] = []
    for first in range(0, len(pieces), MAX_PILE):
        pile = fronts[first : first + MAX_PILE]
        slots = [case.grid.trim(slot) for slot in range(case.grid.slots)]
        for slot in slots:
            cut += [
                card
                for page in pile
                for card, trim in page.items()
                if abs(trim.x - slot.x) < 1 and abs(trim.y - slot.y) < 1
            ]
    return cut


def test_the_wishes_meet_every_flip_and_mode() -> None:
    """Dealt out so that nothing is tried with some modes only."""
    for flip, mode in FLIPS_AND_MODES:
        met = [one for one in CASES if (one.flip, one.mode) == (flip, mode)]
        assert {one.preset for one in met} == {*CARD_SIZES, LYING}
        assert {one.count for one in met} == set(COUNTS.values())
        assert {one.order for one in met} == set(Order)
        assert {one.rotated for one in met} == {False, True}
        assert {one.offset for one in met} == set(OFFSETS)


@pytest.mark.parametrize("case", [one for one in CASES if one.mode is not Mode.FOLD], ids=str)
def test_every_back_is_behind_its_front(case: Case, tmp_path: Path) -> None:
    """
    Turn the sheet over the chosen edge: each back covers its own front, moved by the offset alone. Cut
    it: the cards come in order. Where backs stay white there are none.
    """
    preset = case.preset
    size = (preset.grid.trim_width, preset.grid.trim_height)
    fronts, backs = sides(case, tmp_path)
    (first,) = fronts[0][0]
    place = corner(first, preset.grid.trim(0))
    trims = [
        {card: place.trim(word, size, rotated=False) for card, (word,) in page.items()} for page in fronts
    ]

    assert len(fronts) == case.sheets
    slots = [preset.grid.trim(slot) for slot in range(preset.grid.slots)]
    for page in trims:
        for trim in page.values():
            same(trim, min(slots, key=lambda slot: abs(slot.x - trim.x) + abs(slot.y - trim.y)))
    assert in_order(case, trims) == list(range(case.cards))
    assert len(backs) == (0 if case.mode is Mode.SINGLE else case.sheets)
    for front, back in zip(trims, backs, strict=bool(backs)):
        assert front.keys() == back.keys()
        for card, (word,) in back.items():
            there = behind(front[card], case)
            same(place.trim(word, size, rotated=case.rotated), there)


@pytest.mark.parametrize("case", [one for one in CASES if one.mode is Mode.FOLD], ids=str)
def test_folded_sides_mirror_each_other_in_a_fold_that_is_drawn(case: Case, tmp_path: Path) -> None:
    """
    Nothing is turned over, so no printer can shift anything; cut out and folded, the sides cover each
    other.
    """
    found = pair_grid(case.preset)
    assert found is not None
    grid, upright = found
    size = (case.preset.grid.trim_width, case.preset.grid.trim_height)
    (pdf,) = printed(case, tmp_path).values()
    pages = read(pdf)
    first = grid.trim(0)
    rotated = case.rotated is upright
    # The front is the left or upper one, and stands upright always.
    front = min(pages[0][0], key=lambda word: word.left if upright else word.top)
    place = corner(front, Box(first.x, first.y, *size))
    pairs: list[dict[int, Box]] = []
    with pdfplumber.open(io.BytesIO(pdf)) as book:
        for page, places in zip(book.pages, pages, strict=True):
            drawn = [
                tuple(line[edge] * MM_PER_POINT for edge in ("x0", "top", "x1", "bottom"))
                for line in page.lines
            ]
            pairs.append({})
            for card, both in places.items():
                there, here = sorted(both, key=lambda word: word.left if upright else word.top)
                one = place.trim(there, size, rotated=False)
                pairs[-1][card] = one
                if upright:
                    other = one.moved(one.width, 0)
                    fold = (one.right, one.y, one.right, one.bottom)
                else:
                    other = one.moved(0, one.height)
                    fold = (one.x, one.bottom, one.right, one.bottom)
                same(place.trim(here, size, rotated=rotated), other)
                assert any(line == pytest.approx(fold, abs=CLOSE) for line in drawn)

    assert len(pages) == case.sheets
    assert in_order(case, pairs) == list(range(case.cards))


def test_a_second_pile_is_cut_by_itself(tmp_path: Path) -> None:
    """More sheets than a guillotine takes at once: each pile gives its own stacks, in order."""
    (preset,) = find_card_sizes("a4-2")
    slots = preset.grid.slots
    case = Case(preset, Flip.LONG, Mode.DUPLEX, (MAX_PILE, 5), Order.STACKS)
    fronts, _ = sides(case, tmp_path)
    (first,) = fronts[0][0]
    place = corner(first, preset.grid.trim(0))
    size = (preset.grid.trim_width, preset.grid.trim_height)
    trims = [
        {card: place.trim(word, size, rotated=False) for card, (word,) in page.items()} for page in fronts
    ]

    assert case.sheets == MAX_PILE + math.ceil(5 / slots)
    assert in_order(case, trims) == list(range(case.cards))


@pytest.mark.parametrize("flip", list(Flip))
def test_offsets_move_backs_exactly_and_nothing_else(flip: Flip, tmp_path: Path) -> None:
    """To the right and down, looking at the back, whatever the flip; with a fold there is nothing to move."""
    (preset,) = find_card_sizes("avery-32010")  # lies off the middle of its paper

    def moved(mode: Mode, offset: tuple[float, float]) -> tuple[list[Places], list[Places]]:
        return sides(Case(preset, flip, mode, COUNTS["P+1"], offset=offset), tmp_path)

    for mode in (Mode.DUPLEX, Mode.SPLIT):
        (fronts, backs), (same_fronts, others) = moved(mode, (0, 0)), moved(mode, (-2.35, 3.1))
        assert fronts == same_fronts
        for page, other in zip(backs, others, strict=True):
            for card, (word,) in page.items():
                (there,) = other[card]
                shift = (there.left - word.left, there.top - word.top)
                assert shift == pytest.approx((-2.35, 3.1), abs=CLOSE)
    for mode in (Mode.FOLD, Mode.SINGLE):
        assert moved(mode, (0, 0)) == moved(mode, (-2.35, 3.1))


@pytest.mark.parametrize("flip", list(Flip))
@pytest.mark.parametrize("card", ["a4-8-safe", "letter-poker", "avery-32010"])
def test_marks_and_colours_of_a_back_lie_behind_those_of_its_front(
    card: str, flip: Flip, tmp_path: Path
) -> None:
    """The marks of both sides point at the same cuts, and a pile shows its topics at one edge."""
    (preset,) = find_card_sizes(card)
    case = Case(preset, flip, Mode.DUPLEX, (1, -1), offset=(0.5, -0.25))
    with pdfplumber.open(io.BytesIO(printed(case, tmp_path)[""])) as book:
        front, back = book.pages
        lines, strips = (
            [[_box(one) for one in getattr(page, kind)] for page in (front, back)]
            for kind in ("lines", "rects")
        )

    assert len(strips[0]) == len(strips[1]) == case.cards
    for drawn in (strips, lines):
        assert all(any(_is_behind(here, there, case) for there in drawn[0]) for here in drawn[1])
    if preset.name == "a7-safe":
        assert len(lines[1]) == 24


def _box(drawn: Mapping[str, float]) -> Box:
    x, y, right, bottom = (drawn[edge] * MM_PER_POINT for edge in ("x0", "top", "x1", "bottom"))
    return Box(x, y, right - x, bottom - y)


def _is_behind(here: Box, there: Box, case: Case) -> bool:
    turned = behind(there, case)
    gaps = (here.x - turned.x, here.y - turned.y, here.right - turned.right)
    return max(abs(gap) for gap in gaps) <= CLOSE
