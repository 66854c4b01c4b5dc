"""Reads the decks of a project for the preview, without writing anything."""

import os
import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from cardwright.check.lints import run_lints
from cardwright.diagnostics import Diagnostic, Report, Severity
from cardwright.formats.anki.identity import reconcile_deck
from cardwright.formats.anki.released import read_earlier
from cardwright.formats.outputs import PACKAGE_ENDING, OutputContext
from cardwright.pipeline.load import LoadedDeck, load_decks
from cardwright.previewing.deck_view import DeckView
from cardwright.record import Record
from cardwright.shell import project
from cardwright.shell.environment import LocalEnvironment


class Problem(Record, frozen=True):
    """What there is to say about the sources.

    card: the id of the first card of the note that it is about; empty for none.
    is_advice: whether it comes from `with_advice`.
    """

    diagnostic: Diagnostic
    card: str = ""
    is_advice: bool = False


class Snapshot(Record, frozen=True):
    """All decks at one time, as far as they can be shown.

    decks: a deck with an error is as it was before; without that it is left out.
    has_errors: whether anything has to be mended before all can be shown.
    """

    decks: tuple[DeckView, ...] = ()
    problems: tuple[Problem, ...] = ()
    has_errors: bool = False

    def place(self, card_id: str, problem: str) -> tuple[str, int] | None:
        """Return path and line of a card, or else of the problem with a number; None if there is neither."""
        for deck in self.decks:
            if (card := deck.card(card_id)) is not None:
                return card.path, card.line
        if not (problem.isascii() and problem.isdecimal() and int(problem) < len(self.problems)):
            return None
        span = self.problems[int(problem)].diagnostic.span
        return None if span is None else (span.source.path, span.start_position.line)


def read_snapshot(root: Path, names: Sequence[str], now: int, earlier: Snapshot) -> Snapshot:
    """Read the decks of a project. The advice on cards is that of before, until `with_advice` has followed.

    names: folders of the decks below `decks/`; none for all. now: in s since 1970.
    earlier: the snapshot before.
    """
    report = Report()
    environment = LocalEnvironment(root, os.environ, None)
    all_decks = project.find_decks(root, report)
    found = [deck for deck in all_decks if not names or deck.name in names]
    files = project.read_decks(root, found, all_decks, report)
    loaded_decks = load_decks(files, environment, report)
    diagnostics = tuple(report)
    broken_files = {
        diagnostic.span.source.path
        for diagnostic in diagnostics
        if diagnostic.severity is Severity.ERROR and diagnostic.span is not None
    }
    kept = {deck.folder: deck for deck in earlier.decks}
    loaded_by_name = {loaded.files.name: loaded for loaded in loaded_decks}
    views: list[DeckView] = []
    conflicts: list[Diagnostic] = []
    for deck in found:
        loaded = loaded_by_name.get(deck.name)
        view = None
        if loaded is not None and loaded.deck.name and not broken_files.intersection(deck.paths):
            view, more = _view(loaded, environment, now)
            conflicts += more
        view = view or kept.get(deck.name)
        if view is not None:
            views.append(view)
    has_errors = any(diagnostic.severity is Severity.ERROR for diagnostic in (*diagnostics, *conflicts))
    advice = [problem for problem in earlier.problems if problem.is_advice]
    problems = (*_place_problems([*diagnostics, *conflicts], views), *advice)
    return Snapshot(tuple(views), problems, has_errors)


def _view(
    loaded: LoadedDeck, environment: LocalEnvironment, now: int
) -> tuple[DeckView | None, Sequence[Diagnostic]]:
    """Return a deck as it is shown, and conflicts with what was released."""
    context = OutputContext(
        loaded.deck, loaded.files.folder, loaded.lock, environment, Report(), rendered=loaded.rendered
    )
    rendered, reconciliation = reconcile_deck(loaded.deck, loaded.lock, now, loaded.rendered)
    package = read_earlier(context, PACKAGE_ENDING)
    return DeckView(loaded, rendered, reconciliation.lock, package), reconciliation.diagnostics


def with_advice(snapshot: Snapshot, today: date) -> Snapshot:
    """Return a snapshot with the advice on its cards, as they are now, among the problems."""
    others = [problem for problem in snapshot.problems if not problem.is_advice]
    advice: list[Diagnostic] = []
    for deck in snapshot.decks:
        advice += run_lints(deck.loaded.deck, deck.loaded.used_suppressions, today)
    problems = (*others, *_place_problems(advice, snapshot.decks, is_advice=True))
    return Snapshot(snapshot.decks, problems, snapshot.has_errors)


def _place_problems(
    diagnostics: Iterable[Diagnostic], decks: Sequence[DeckView], *, is_advice: bool = False
) -> Iterator[Problem]:
    """Yield each diagnostic once, with the card that it is about."""
    distinct = dict.fromkeys(diagnostics)
    paths = {diagnostic.span.source.path for diagnostic in distinct if diagnostic.span is not None}
    # To know where its notes are, all of a deck has to be read.
    cards = _cards_by_place([deck for deck in decks if paths.intersection(deck.loaded.files.sources)])
    for diagnostic in distinct:
        yield Problem(diagnostic, _card_at(diagnostic, cards), is_advice)


_CardsByPlace = Mapping[str, Sequence[tuple[int, int, str]]]
"""By path: where each entry begins and ends, in code points, and the id of its first card, in this order."""


def _cards_by_place(decks: Iterable[DeckView]) -> _CardsByPlace:
    cards: dict[str, dict[int, tuple[int, int, str]]] = {}
    for deck in decks:
        first_cards: dict[str, str] = {}
        for card in deck.cards:
            first_cards.setdefault(card.key, card.id)
        for note in deck.loaded.deck.notes:
            span = note.span
            if note.key in first_cards:
                place = (span.start, span.end, first_cards[note.key])
                cards.setdefault(span.source.path, {}).setdefault(span.start, place)
    return {path: [entries[start] for start in sorted(entries)] for path, entries in cards.items()}


def _card_at(diagnostic: Diagnostic, cards: _CardsByPlace) -> str:
    """Return the id of the card that a problem is about; empty for none."""
    if diagnostic.span is None:
        return ""
    start = diagnostic.span.start
    entries = cards.get(diagnostic.span.source.path, ())
    index = bisect_right(entries, start, key=lambda entry: entry[0]) - 1
    return entries[index][2] if index >= 0 and start < entries[index][1] else ""


class Live:
    """The latest snapshot of a project that is being edited, for several threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._snapshot = Snapshot()
        self._version = 0  # goes up with each snapshot

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    def publish(self, snapshot: Snapshot) -> None:
        """Take the place of the snapshot before."""
        with self._changed:
            self._snapshot = snapshot
            self._version += 1
            self._changed.notify_all()

    def wait(self, version: int, timeout: float) -> int:
        """Wait until there is another version than this one, for so many seconds at most. Return it."""
        with self._changed:
            self._changed.wait_for(lambda: self._version != version, timeout)
            return self._version
