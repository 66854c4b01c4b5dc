"""Where cards are, read back from the PDF: every card size, flip, mode, order, offset and count.

The topic of a card is in the same corner of its front and of its back, so its position shows where the
card is, and whether it is upside down. Here each card has a topic of its own, and names are names of topics.
"""

import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pdfplumber
import pytest

from cardwright import record
from cardwright.collection.print_settings import PrintSettings
from cardwright.layout.card_sizes import CARD_SIZES, CardSize, find_card_sizes
from cardwright.layout.geometry import Box, Flip, Grid, Sheet
from cardwright.layout.imposition import MAX_PILE
from cardwright.layout.plan import Marks, Mode, Order, cut_grid, pair_grid
from tests.support.print_decks import MM_PER_POINT, Word, deck, lay_out_cards, note, page_lines, page_words

TOLERANCE = 0.01  # mm
FLIPS_AND_MODES = list(product(Flip, Mode))
# Numbers of cards: how many times a sheet's number, and how many more; never less than one.
COUNTS = {"1": (0, 1), "P-1": (1, -1), "P": (1, 0), "P+1": (1, 1), "2P+3": (2, 3)}
OFFSETS = [(0.0, 0.0), (1.25, -0.8)]
OTHER_CHOICES = list(product(COUNTS.values(), Order, (False, True), OFFSETS))


@dataclass(frozen=True)
class Case:
    """What is printed. count: as in COUNTS."""

    card_size: CardSize
    flip: Flip
    mode: Mode
    count: tuple[int, int]
    order: Order = Order.ROWS
    rotated: bool = False
    offset: tuple[float, float] = (0.0, 0.0)
    marks: Marks | None = None
    start_at: int = 1

    @property
    def grid(self) -> Grid:
        """The grid of the pieces that are cut out."""
        grid = cut_grid(self.card_size, self.mode)
        assert grid is not None
        return grid

    @property
    def trim_size(self) -> tuple[float, float]:
        return self.card_size.grid.trim_width, self.card_size.grid.trim_height

    @property
    def cards(self) -> int:
        times, more = self.count
        return max(1, times * self.grid.slots + more)

    @property
    def sheets(self) -> int:
        return math.ceil((self.start_at - 1 + self.cards) / self.grid.slots)

    def __str__(self) -> str:
        choices = [self.flip.value, self.mode.value, self.order.value]
        choices += ["rotated"] * self.rotated + ["moved"] * any(self.offset)
        return "-".join([self.card_size.sheet.name, self.card_size.name, *choices, str(self.cards)])


# A custom card size, off the middle of landscape paper.
LANDSCAPE = CardSize("landscape", Sheet("", 297, 210), Grid(3, 2, 9, 12, 80, 90, 84, 93))

# Each card size with each flip and mode; the other choices are distributed, so that all meet all of these.
CASES = [
    Case(card_size, flip, mode, count, order, rotated, offset)
    for row, card_size in enumerate((*CARD_SIZES, LANDSCAPE))
    for column, (flip, mode) in enumerate(FLIPS_AND_MODES)
    for count, order, rotated, offset in [OTHER_CHOICES[(11 * row + 17 * column) % len(OTHER_CHOICES)]]
]


class MemoryCache:
    """Spares measuring the same text again for every sheet of this file; keeps no PDF."""

    def __init__(self) -> None:
        self._answers: dict[str, bytes] = {}

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        return {key: self._answers[key] for key in keys if key in self._answers}

    def put(self, answers: Mapping[str, bytes]) -> None:
        self._answers.update({key: data for key, data in answers.items() if not data.startswith(b"%PDF")})

    def digest(self, path: str) -> str:
        return path


CACHE = MemoryCache()


def draw(case: Case, folder: Path) -> dict[str, bytes]:
    """Return the files by the ends of their names."""
    cards = [note(f"id-{number}", "Where?", "Here", topic=f"card-{number}") for number in range(case.cards)]
    settings = PrintSettings(
        card=case.card_size,
        flip=case.flip,
        mode=case.mode,
        order=case.order,
        rotate_backs=case.rotated,
        offset=case.offset,
        marks=case.marks,
        start_at=case.start_at,
    )
    sheets = lay_out_cards(record.replace(deck(cards), print_settings=settings), folder, cache=CACHE)
    assert sheets.sheets == case.sheets
    return {file.part: file.data for file in sheets.draw()}


NamesByCard = dict[int, list[Word]]


def find_names(pdf: bytes) -> list[NamesByCard]:
    """Return for each page the names on it, by card: a name for each of its sides on that page."""
    pages = []
    for words in page_words(pdf):
        names: NamesByCard = {}
        for word in words:
            if match := re.fullmatch(r"card-(\d+)", word.text):
                names.setdefault(int(match[1]), []).append(word)
        pages.append(names)
    return pages


@dataclass(frozen=True)
class NamePosition:
    """The distances of a name from the left edge and from the top of its card."""

    left: float
    top: float

    def trim(self, name: Word, size: tuple[float, float], *, rotated: bool) -> Box:
        """Return the trim of the card that a name is on. size: its width and height."""
        width, height = size
        if rotated:
            return Box(name.right + self.left - width, name.bottom + self.top - height, width, height)
        return Box(name.left - self.left, name.top - self.top, width, height)


def name_position(name: Word, trim: Box) -> NamePosition:
    return NamePosition(name.left - trim.x, name.top - trim.y)


def assert_same(first: Box, second: Box) -> None:
    assert (first.x, first.y, first.width, first.height) == pytest.approx(
        (second.x, second.y, second.width, second.height), abs=TOLERANCE
    )


def box_on_back(box: Box, case: Case) -> Box:
    """Return where a box of a front is on the back."""
    sheet = case.card_size.sheet
    x, y = box.x, box.y
    # The long edges of landscape paper are above and below.
    if (case.flip is Flip.LONG) is (sheet.height > sheet.width):
        x = sheet.width - box.right
    else:
        y = sheet.height - box.bottom
    return Box(x + case.offset[0], y + case.offset[1], box.width, box.height)


def find_fronts_and_backs(case: Case, folder: Path) -> tuple[list[NamesByCard], list[NamesByCard]]:
    """Return the names on fronts and on backs, page by page; a single-sided deck has no backs."""
    files = draw(case, folder)
    if case.mode is Mode.SPLIT:
        assert list(files) == ["fronts", "backs"]
        return find_names(files["fronts"]), find_names(files["backs"])
    assert list(files) == [""]
    pages = find_names(files[""])
    return (pages, []) if case.mode is not Mode.DUPLEX else (pages[::2], pages[1::2])


def find_trims(case: Case, fronts: Sequence[NamesByCard]) -> tuple[NamePosition, list[dict[int, Box]]]:
    """Return the position of names on their cards, and for each front page the trims by card."""
    position = name_position(fronts[0][0][0], case.card_size.grid.trim(0))
    return position, [
        {card: position.trim(name, case.trim_size, rotated=False) for card, (name,) in page.items()}
        for page in fronts
    ]


def order_after_cutting(case: Case, fronts: Sequence[Mapping[int, Box]]) -> list[int]:
    """Return the order of the cards once the sheets are cut, by where their names are."""
    if case.order is Order.ROWS:
        pages = [sorted(page.items(), key=lambda item: (round(item[1].y, 1), item[1].x)) for page in fronts]
        return [card for page in pages for card, _ in page]
    order: list[int] = []
    for first in range(0, len(fronts), MAX_PILE):
        pile = fronts[first : first + MAX_PILE]
        for slot in (case.grid.trim(number) for number in range(case.grid.slots)):
            order += [
                card
                for page in pile
                for card, trim in page.items()
                if abs(trim.x - slot.x) < 1 and abs(trim.y - slot.y) < 1
            ]
    return order


def test_every_flip_and_mode_meets_every_other_choice() -> None:
    for flip, mode in FLIPS_AND_MODES:
        cases = [case for case in CASES if (case.flip, case.mode) == (flip, mode)]
        assert {case.card_size for case in cases} == {*CARD_SIZES, LANDSCAPE}
        assert {case.count for case in cases} == set(COUNTS.values())
        assert {case.order for case in cases} == set(Order)
        assert {case.rotated for case in cases} == {False, True}
        assert {case.offset for case in cases} == set(OFFSETS)


@pytest.mark.parametrize("case", [case for case in CASES if case.mode is not Mode.FOLD], ids=str)
def test_every_back_is_behind_its_front(case: Case, tmp_path: Path) -> None:
    """Turned over the chosen edge, each back covers its front, but for the offset; cut cards are in order."""
    fronts, backs = find_fronts_and_backs(case, tmp_path)
    position, trims = find_trims(case, fronts)

    assert len(fronts) == case.sheets
    slots = [case.card_size.grid.trim(slot) for slot in range(case.card_size.grid.slots)]
    for page in trims:
        for trim in page.values():
            assert_same(trim, min(slots, key=lambda slot: abs(slot.x - trim.x) + abs(slot.y - trim.y)))
    assert order_after_cutting(case, trims) == list(range(case.cards))
    assert len(backs) == (0 if case.mode is Mode.SINGLE else case.sheets)
    for front, back in zip(trims, backs, strict=bool(backs)):
        assert front.keys() == back.keys()
        for card, (name,) in back.items():
            back_trim = position.trim(name, case.trim_size, rotated=case.rotated)
            assert_same(back_trim, box_on_back(front[card], case))


@pytest.mark.parametrize("case", [case for case in CASES if case.mode is Mode.FOLD], ids=str)
def test_folded_sides_mirror_each_other_in_a_fold_that_is_drawn(case: Case, tmp_path: Path) -> None:
    """Nothing is turned over, so no printer can shift anything; once folded, the sides cover each other."""
    pairs = pair_grid(case.card_size)
    assert pairs is not None
    grid, vertical = pairs

    def question_first(name: Word) -> float:
        """Return what names are sorted by: the front is the left or upper side, and never upside down."""
        return name.left if vertical else name.top

    (pdf,) = draw(case, tmp_path).values()
    pages = find_names(pdf)
    first_trim = Box(grid.trim(0).x, grid.trim(0).y, *case.trim_size)
    position = name_position(min(pages[0][0], key=question_first), first_trim)
    fronts: list[dict[int, Box]] = []
    for drawn, names in zip(page_lines(pdf), pages, strict=True):
        lines = [(line.x1, line.y1, line.x2, line.y2) for line in drawn]
        fronts.append({})
        for card, both_names in names.items():
            front_name, back_name = sorted(both_names, key=question_first)
            front = position.trim(front_name, case.trim_size, rotated=False)
            fronts[-1][card] = front
            if vertical:
                back = front.moved(front.width, 0)
                fold = (front.right, front.y, front.right, front.bottom)
            else:
                back = front.moved(0, front.height)
                fold = (front.x, front.bottom, front.right, front.bottom)
            rotated = case.rotated is vertical
            assert_same(position.trim(back_name, case.trim_size, rotated=rotated), back)
            assert any(line == pytest.approx(fold, abs=TOLERANCE) for line in lines)

    assert len(pages) == case.sheets
    assert order_after_cutting(case, fronts) == list(range(case.cards))


def test_a_second_pile_is_cut_by_itself(tmp_path: Path) -> None:
    """A guillotine takes only so many sheets at once; each pile gives its own stacks, in order."""
    (card_size,) = find_card_sizes("a4-2")
    case = Case(card_size, Flip.LONG, Mode.DUPLEX, (MAX_PILE, 5), Order.STACKS)
    fronts, _ = find_fronts_and_backs(case, tmp_path)

    assert case.sheets == MAX_PILE + math.ceil(5 / card_size.grid.slots)
    assert order_after_cutting(case, find_trims(case, fronts)[1]) == list(range(case.cards))


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("mode", [Mode.DUPLEX, Mode.SPLIT])
@pytest.mark.parametrize("flip", list(Flip))
def test_a_used_sheet_is_printed_in_its_free_cells_alone(
    flip: Flip, mode: Mode, order: Order, tmp_path: Path
) -> None:
    """On both sides; the cards are in order once the sheets are cut."""
    (card_size,) = find_card_sizes("avery-32010")
    case = Case(card_size, flip, mode, (1, 2), order, start_at=4)
    fronts, backs = find_fronts_and_backs(case, tmp_path)
    origin = case.grid.trim(3 if order is Order.ROWS else 0)
    position = name_position(fronts[0 if order is Order.ROWS else 1][0][0], origin)
    size = (case.grid.trim_width, case.grid.trim_height)
    trims = [
        {card: position.trim(name, size, rotated=False) for card, (name,) in page.items()} for page in fronts
    ]

    assert len(trims[0]) == case.grid.slots - 3
    used = [case.grid.trim(slot) for slot in range(3)]
    assert all(abs(trim.x - cell.x) + abs(trim.y - cell.y) > 1 for trim in trims[0].values() for cell in used)
    assert order_after_cutting(case, trims) == list(range(case.cards))
    for front, back in zip(trims, backs, strict=bool(backs)):
        assert front.keys() == back.keys()
        for card, (name,) in back.items():
            assert_same(position.trim(name, size, rotated=False), box_on_back(front[card], case))


@pytest.mark.parametrize("flip", list(Flip))
def test_offsets_move_backs_exactly_and_nothing_else(flip: Flip, tmp_path: Path) -> None:
    """To the right and down, as seen from the back, whatever the flip; a fold leaves nothing to move."""
    (card_size,) = find_card_sizes("avery-32010")  # is off the middle of its paper

    def moved(mode: Mode, offset: tuple[float, float]) -> tuple[list[NamesByCard], list[NamesByCard]]:
        return find_fronts_and_backs(Case(card_size, flip, mode, COUNTS["P+1"], offset=offset), tmp_path)

    for mode in (Mode.DUPLEX, Mode.SPLIT):
        (fronts, backs), (same_fronts, moved_backs) = moved(mode, (0, 0)), moved(mode, (-2.35, 3.1))
        assert fronts == same_fronts
        for page, moved_page in zip(backs, moved_backs, strict=True):
            for card, (name,) in page.items():
                (moved_name,) = moved_page[card]
                shift = (moved_name.left - name.left, moved_name.top - name.top)
                assert shift == pytest.approx((-2.35, 3.1), abs=TOLERANCE)
    for mode in (Mode.FOLD, Mode.SINGLE):
        assert moved(mode, (0, 0)) == moved(mode, (-2.35, 3.1))


@pytest.mark.parametrize("flip", list(Flip))
@pytest.mark.parametrize("card", ["a4-8-safe", "letter-poker", "avery-32010"])
def test_marks_and_strips_of_a_back_are_behind_those_of_its_front(
    card: str, flip: Flip, tmp_path: Path
) -> None:
    """The marks of both sides point at the same cuts, and a pile shows its topics at one edge."""
    (card_size,) = find_card_sizes(card)
    case = Case(card_size, flip, Mode.DUPLEX, (1, -1), offset=(0.5, -0.25), marks=Marks.CROPS)
    with pdfplumber.open(io.BytesIO(draw(case, tmp_path)[""])) as file:
        lines, strips = (
            [[drawn_box(shape) for shape in getattr(page, kind)] for page in file.pages]
            for kind in ("lines", "rects")
        )

    assert len(lines) == len(strips) == 2
    assert len(strips[0]) == len(strips[1]) >= case.cards
    for front, back in (strips, lines):
        assert all(any(is_behind(on_back, on_front, case) for on_front in front) for on_back in back)
    if card_size.name == "a7-safe":
        assert len(lines[1]) == 24


def drawn_box(shape: Mapping[str, float]) -> Box:
    x, y, right, bottom = (shape[edge] * MM_PER_POINT for edge in ("x0", "top", "x1", "bottom"))
    return Box(x, y, right - x, bottom - y)


def is_behind(on_back: Box, on_front: Box, case: Case) -> bool:
    expected = box_on_back(on_front, case)
    gaps = (on_back.x - expected.x, on_back.y - expected.y, on_back.right - expected.right)
    return max(abs(gap) for gap in gaps) <= TOLERANCE
