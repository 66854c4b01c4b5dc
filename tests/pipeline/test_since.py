"""What has changed since a release: cards that are new or look different, and those no longer printed."""

import json
import re
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright import record
from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.deck_name import DeckName
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.collection.printed import printed_digest
from cardwright.diagnostics import Report, Source, Span
from cardwright.formats.pdf.sides import card_sides
from cardwright.pipeline.changes_since import (
    Changes,
    Release,
    ReleaseLock,
    ReleasePackage,
    ReleaseTime,
    find_changes,
)
from cardwright.pipeline.load import LoadedDeck, load_decks
from tests.support import custom_decks
from tests.support.builds import DAY, NOW, DeckBuild, build_deck
from tests.support.contents import PICTURE
from tests.support.contents import contents as random_contents
from tests.support.custom_decks import BICEPS, MUSCLE, SEMI
from tests.support.memory import FakeEnvironment, deck_files

HEAD = "deck: Legs\nid: legs\ncards:\n"
OUTER = "  - {id: outer, q: Outer?, a: Biceps femoris, reverse: Which side is biceps femoris on?}\n"
PLAIN_OUTER = "  - {id: outer, q: Outer?, a: Biceps femoris}\n"
INNER = "  - {id: inner, q: Inner?, a: Semimembranosus}\n"
EDITED_INNER = INNER.replace("Inner?", "Which lies inside?")
NERVE = "  - {id: nerve, cloze: 'The {{c1::sciatic}} nerve is {{c2::thick}}'}\n"
THIN_NERVE = "  - {id: nerve, cloze: 'The {{c1::sciatic}} nerve is thick'}\n"

LOCK = "cards_source/legs.lock"


def load(text: str, lock: bytes | None) -> LoadedDeck:
    (loaded,) = load_decks(deck_files({"legs.yaml": text}, lock), FakeEnvironment(), Report())
    return loaded


@dataclass
class Author:
    """Someone who releases a deck now and then."""

    now: int = NOW
    last_build: DeckBuild | None = None

    def releases(self, *cards: str) -> list[Release]:
        """Build, a day later. Returns every way to name this release."""
        self.now += DAY
        build = build_deck({"legs.yaml": HEAD + "".join(cards)}, self.last_build, now=self.now)
        assert not build.result.report.has_errors
        self.last_build = build
        return [
            ReleaseTime("yesterday", self.now + 1),
            ReleaseLock("v1", LOCK, build.lock),
            ReleasePackage("legs-1.apkg", build.package),
        ]

    def changes(self, *cards: str, since: Release) -> tuple[Changes | None, list[str]]:
        """Return the changes and messages while the sources have these cards, without a build."""
        report = Report()
        lock = None if self.last_build is None else self.last_build.lock
        changes = find_changes(load(HEAD + "".join(cards), lock), since, report)
        return changes, [diagnostic.message for diagnostic in report]


WAYS = pytest.mark.parametrize("way", [0, 1, 2], ids=["time", "lock", "package"])


@WAYS
def test_nothing_has_changed_since_the_newest_release(way: int) -> None:
    author = Author()
    since = author.releases(OUTER, INNER)[way]

    assert author.changes(OUTER, INNER, since=since) == (Changes(frozenset(), ()), [])


@WAYS
@pytest.mark.parametrize("built", [False, True], ids=["not yet built", "built"])
def test_new_and_edited_notes_are_found(way: int, built: bool) -> None:
    """A build in between makes no difference: paper is printed before a release, to be proofread."""
    author = Author()
    since = author.releases(OUTER, INNER)[way]
    if built:
        author.releases(OUTER, EDITED_INNER, NERVE)

    changes, messages = author.changes(OUTER, EDITED_INNER, NERVE, since=since)
    assert changes == Changes(frozenset({"inner", "nerve"}), ())
    assert messages == []


@WAYS
def test_cards_removed_by_a_build_are_named_as_printed(way: int) -> None:
    """They are in the pile and would still be learned; a note may have had several."""
    author = Author()
    since = author.releases(OUTER, INNER, NERVE)[way]
    author.releases(INNER)

    changes, _ = author.changes(INNER, since=since)
    assert changes == Changes(frozenset(), ("nerve", "nerve#2", "outer", "outer#2"))


@WAYS
def test_cards_removed_since_the_last_build_are_named_too(way: int) -> None:
    author = Author()
    since = author.releases(OUTER, INNER)[way]

    changes, _ = author.changes(INNER, since=since)
    assert changes == Changes(frozenset(), ("outer", "outer#2"))


@WAYS
def test_one_card_of_a_note_that_stays_may_be_removed(way: int) -> None:
    """A reverse or a cloze number is gone: the other card is printed again, this one is to be taken out."""
    author = Author()
    since = author.releases(OUTER, NERVE)[way]

    changes, _ = author.changes(PLAIN_OUTER, THIN_NERVE, since=since)
    assert changes == Changes(frozenset({"outer", "nerve"}), ("nerve#2", "outer#2"))


def test_a_note_that_was_added_and_removed_since_is_no_change() -> None:
    author = Author()
    since = author.releases(INNER)[0]
    author.releases(INNER, OUTER)
    author.releases(INNER)

    assert author.changes(INNER, since=since)[0] == Changes(frozenset(), ())


def test_a_renamed_note_is_the_same_card() -> None:
    """Its GUID stays; the printed card shows the id, so it counts as edited and not as removed."""
    author = Author()
    for since in author.releases(INNER)[1:]:
        changes, _ = author.changes(INNER.replace("id: inner", "id: inmost, was: inner"), since=since)
        assert changes is not None
        assert changes.removed_cards == ()


@pytest.mark.parametrize("way", [0, 1, 2])
def test_every_note_of_a_deck_without_a_lock_is_new(way: int) -> None:
    since = Author().releases(INNER)[way]

    changes, messages = Author().changes(OUTER, INNER, since=since)
    assert changes is not None
    assert changes.keys == {"outer", "inner"}
    assert messages == ["the deck has no lock yet, so all of its cards count as new"]


def test_a_revision_before_the_first_lock_has_none_of_the_cards() -> None:
    """A tag on an early commit is no mistake."""
    author = Author()
    author.releases(INNER)

    changes, messages = author.changes(INNER, since=ReleaseLock("v0", LOCK, None))
    assert changes == Changes(frozenset({"inner"}), ())
    assert messages == ["the deck had no lock at v0, so all of it counts as new"]


def test_a_release_of_another_deck_is_an_error() -> None:
    """All of this deck would be new, and all of the other to be taken out."""
    author = Author()
    _, lock, package = author.releases(INNER)
    for since in (lock, package):
        report = Report()

        assert find_changes(load(HEAD.replace("legs", "arms") + INNER, None), since, report) is None
        assert [diagnostic.code for diagnostic in report] == ["release-of-another-deck"]


@pytest.mark.parametrize(
    ("since", "code"),
    [
        (ReleasePackage("legs.apkg", b"PK\x03\x04 nothing"), "not-a-package"),
        (ReleaseLock("v1", "v1:legs.lock", b"{}\n"), "lock-damaged"),
        (ReleaseLock("v1", "v1:legs.lock", b"\xff\xfe"), "lock-damaged"),
    ],
)
def test_an_unreadable_release_is_an_error(since: Release, code: str) -> None:
    """It must not be taken for a release without cards."""
    report = Report()
    lock = build_deck({"legs.yaml": HEAD + INNER}).lock

    assert find_changes(load(HEAD + INNER, lock), since, report) is None
    assert code in {diagnostic.code for diagnostic in report}


card_lists = st.sets(st.sampled_from([OUTER, INNER, NERVE]), min_size=1).map(sorted)


@given(st.lists(card_lists, min_size=2, max_size=4), card_lists)
def test_the_pile_is_right_after_every_history(releases: list[list[str]], current: list[str]) -> None:
    """Printing what changed and removing what is gone gives the pile that printing everything would."""
    author = Author()
    (time, lock, package), *_ = [author.releases(*cards) for cards in releases]
    names = {OUTER: {"outer", "outer#2"}, INNER: {"inner"}, NERVE: {"nerve", "nerve#2"}}
    before = {name for card in releases[0] for name in names[card]}
    expected = {name for card in current for name in names[card]}
    for since in (time, lock, package):
        changes, _ = author.changes(*current, since=since)
        assert changes is not None
        printed = {name for name in expected if name.split("#")[0] in changes.keys}

        assert (before - set(changes.removed_cards)) | printed == expected


@pytest.mark.parametrize("built", [False, True], ids=["not yet built", "built"])
@pytest.mark.parametrize("way", [0, 1], ids=["lock", "package"])
def test_new_cards_from_a_new_template_of_unchanged_notes_are_found(way: int, built: bool) -> None:
    """A spare template of a custom note type may be filled later."""
    author = custom_decks.Author()
    build = author.build(BICEPS, SEMI)
    since = (ReleaseLock("v1", LOCK, build.lock), ReleasePackage("legs-1.apkg", build.package))[way]
    nerve = {"front": "{{#Insertion}}Which muscle ends at {{Insertion}}?{{/Insertion}}", "back": "{{Name}}"}
    author.types = {"muscle": {**MUSCLE, "templates": {**MUSCLE["templates"], "Spare 1": nerve}}}
    if built:
        build = author.build(BICEPS, SEMI)

    loaded = load(author.deck_text(BICEPS, SEMI), build.lock)
    assert find_changes(loaded, since, Report()) == Changes(frozenset({"semi"}), ())


# What counts: what paper shows.

THIGH = """\
deck: Thigh
id: thigh
cards:
  - id: thigh
    diagram: nerve.png
    alt: A thigh
    hide: all
    labels:
      biceps: {name: Biceps, rect: [10, 10, 20, 20]}
      nerve: {name: Nerve, ellipse: [50, 50, 20, 20]}
"""


@pytest.mark.parametrize(
    ("old", "new", "is_seen"),
    [
        ("alt: A thigh", "alt: The back of a thigh", False),
        ("name: Nerve", "name: Sciatic nerve", True),
        ("hide: all", "hide: one", True),
        ("rect: [10, 10", "rect: [15, 10", True),
        ("labels:", "tags: [exam]\n    labels:", False),
        ("labels:", "hint: It is long.\n    labels:", True),
        ("      nerve: {", "      vein: {name: Vein, rect: [70, 70, 9, 9]}\n      nerve: {", True),
    ],
)
def test_a_diagram_is_printed_again_if_its_picture_looks_different(old: str, new: str, is_seen: bool) -> None:
    assert old in THIGH
    first = build_deck({"legs.yaml": THIGH}, media=MEDIA)
    (loaded,) = load_decks(
        deck_files({"legs.yaml": THIGH.replace(old, new)}, first.lock), FakeEnvironment(MEDIA), Report()
    )

    for since in (ReleaseLock("v1", LOCK, first.lock), ReleasePackage("legs.apkg", first.package)):
        changes = find_changes(loaded, since, Report())
        assert changes is not None
        assert changes.keys == ({"thigh"} if is_seen else frozenset())


MIXED = """\
deck: Legs
id: legs
topic: Thigh
source: gray
sources:
  gray: {title: Anatomy, author: Gray, url: "https://a.example"}
note_types:
  muscle:
    fields: [Name, Origin, Wiki]
    templates:
      Origin: {front: "Where does <b>{{Name}}</b> begin?", back: "{{Origin}}"}
    css: ".card { color: #333 }"
anki: {preset: {new-per-day: 15}}
allow: [preset-travels]
cards:
  - {id: outer, q: "[Outer](https://b.example)?", a: Biceps, tags: [exam], typed: true}
  - {id: nerve, cloze: "![thick](nerve.png) {{c1::sciatic}}", hint: big}
  - {id: said, q: "![Muscle](muscle.mp3)?", a: yes}
  - {id: biceps, type: muscle, fields: {Name: Biceps, Origin: Sit bone, Wiki: Q123}}
  - {id: film, q: Watch it., a: Seen, print: false}
"""
MIXED_KEYS = ["biceps", "nerve", "outer", "said"]
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0"
MEDIA = {"cards_source/nerve.png": PNG, "cards_source/muscle.mp3": b"ID3 muscle"}


def mixed_changes(
    edits: list[tuple[str, str]], way: int, *, built: bool, media: dict[str, bytes] = MEDIA
) -> Changes:
    """Return what has changed in MIXED since its release. edits: old texts and new ones."""
    first = build_deck({"legs.yaml": MIXED}, media=MEDIA)
    edited = MIXED
    for old, new in edits:
        assert edited.count(old) == 1, old
        edited = edited.replace(old, new)
    lock = first.lock
    if built:
        build = build_deck({"legs.yaml": edited}, first, now=NOW + DAY, media=media)
        assert not build.result.report.has_errors, build.messages
        lock = build.lock
    ways: list[Release] = [
        ReleaseTime("yesterday", NOW + 1),
        ReleaseLock("v1", LOCK, first.lock),
        ReleasePackage("legs-1.apkg", first.package),
    ]
    (loaded,) = load_decks(deck_files({"legs.yaml": edited}, lock), FakeEnvironment(media), Report())
    changes = find_changes(loaded, ways[way], Report())
    assert changes is not None
    return changes


BUILT = pytest.mark.parametrize("built", [False, True], ids=["not yet built", "built"])


@WAYS
@BUILT
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tags: [exam]", "tags: [oral]"),
        (", tags: [exam]", ""),
        (", typed: true", ""),
        ("https://b.example", "https://c.example"),
        ("https://a.example", "https://d.example"),
        ("![thick]", "![a thick one]"),
        ("new-per-day: 15", "new-per-day: 20"),
        ("#333", "#444"),
        ("Q123", "Q456"),
        ("<b>{{Name}}</b>", "<b>{{Name}}</b><!-- its name -->"),
        ("cards:\n", "description: Of the thigh.\nlicense: CC0\nprint: {card: poker, grey: true}\ncards:\n"),
        ("a: Seen", "a: You saw it"),
        ("topic: Thigh\n", "topic: Thigh\nallow: [long-answer]\n"),
        ("a: yes}", "a: yes, reviewed: 2025-03-23}"),
    ],
)
def test_an_edit_that_nobody_sees_on_paper_is_no_change(way: int, built: bool, old: str, new: str) -> None:
    """Tags, answers to be typed in, addresses, descriptions of pictures, options, style, unused fields."""
    edits = [(old, new)] if "long-answer" not in new else [(old, new), ("allow: [preset-travels]\n", "")]
    assert mixed_changes(edits, way, built=built) == Changes(frozenset(), ())


@WAYS
@BUILT
@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ("a: Biceps,", "a: Biceps femoris,", ["outer"]),
        ("[Outer](https://b.example)", "Outer", ["outer"]),  # it was underlined
        ("hint: big", "hint: very big", ["nerve"]),
        ("![Muscle]", "![Biceps]", ["said"]),
        ("topic: Thigh", "topic: Leg", MIXED_KEYS),
        ("title: Anatomy", "title: Anatomy of the body", MIXED_KEYS[1:]),
        ("Where does", "At which bone does", ["biceps"]),
        ("{{Origin}}", "{{Origin}}<br>{{Wiki}}", ["biceps"]),
        ("{{Origin}}", "{{Origin}} {{Tags}}{{Source}}", ["biceps"]),
        ("Sit bone", "Ischial tuberosity", ["biceps"]),
        ("print: false", "print: true", ["film"]),
        ("a: yes}", "a: yes, extra: Often.}", ["said"]),
        ("a: yes}", "a: yes, reverse: true}", ["said"]),
    ],
)
def test_whatever_is_seen_on_paper_is_a_change(
    way: int, built: bool, old: str, new: str, keys: list[str]
) -> None:
    """Also what Anki doesn't store, such as the words of a sound, or stores in the note type."""
    assert mixed_changes([(old, new)], way, built=built) == Changes(frozenset(keys), ())


@WAYS
@BUILT
def test_another_picture_of_the_same_name_is_a_change(way: int, built: bool) -> None:
    media = {**MEDIA, "cards_source/nerve.png": PNG + b"\0"}

    assert mixed_changes([], way, built=built, media=media).keys == {"nerve"}


@WAYS
@BUILT
def test_a_sound_that_is_recorded_again_is_no_change(way: int, built: bool) -> None:
    media = {**MEDIA, "cards_source/muscle.mp3": b"ID3 biceps"}

    assert mixed_changes([], way, built=built, media=media).keys == frozenset()


@WAYS
@BUILT
def test_a_card_that_is_kept_off_paper_from_now_on_is_to_be_taken_out(way: int, built: bool) -> None:
    """It was printed of the release; the film never was."""
    assert mixed_changes([("a: yes}", "a: yes, print: false}")], way, built=built) == Changes(
        frozenset(), ("said",)
    )


@WAYS
@BUILT
def test_a_card_that_never_was_on_paper_need_not_be_taken_out(way: int, built: bool) -> None:
    changes = mixed_changes([("  - {id: film, q: Watch it., a: Seen, print: false}\n", "")], way, built=built)

    assert changes == Changes(frozenset(), ())


@WAYS
@BUILT
def test_a_renamed_deck_is_seen_where_it_stands_for_the_topic(way: int, built: bool) -> None:
    author = Author()
    since = author.releases(INNER)[way]
    text = (HEAD + INNER).replace("deck: Legs", "deck: Limbs")
    lock = author.last_build.lock if author.last_build else None
    if built:
        lock = build_deck({"legs.yaml": text}, author.last_build, now=author.now + DAY).lock

    changes = find_changes(load(text, lock), since, Report())
    assert changes is not None
    assert changes.keys == {"inner"}


def test_an_edit_that_was_taken_back_is_no_change_since_a_lock() -> None:
    """Only what the deck's own lock remembers is known of a time or a package, so there it counts."""
    author = Author()
    ways = author.releases(INNER)
    author.releases(EDITED_INNER)
    author.releases(INNER)

    found = [author.changes(INNER, since=since)[0] for since in ways]
    assert found == [Changes(frozenset({"inner"}), ()), Changes(frozenset(), ()), found[0]]


@WAYS
def test_a_lock_of_an_earlier_version_counts_every_edit_until_it_is_built_again(way: int) -> None:
    """Nothing tells what was printed, so each edit counts; a build with this version remembers it."""
    author = Author()
    since = author.releases(INNER)[way]
    old = author.last_build
    assert old is not None
    lock = re.sub(rb',"printed[^,}]*', b"", old.lock)
    assert b"printed" not in lock
    if isinstance(since, ReleaseLock):
        since = ReleaseLock("v1", LOCK, lock)
    tagged = INNER.replace("}", ", tags: [exam]}")

    def keys(text: str, lock: bytes) -> object:
        changes = find_changes(load(HEAD + text, lock), since, Report())
        return changes and changes.keys

    assert keys(INNER, lock) == frozenset()
    assert keys(tagged, lock) == {"inner"}
    author.last_build = replace(old, files={**old.files, LOCK: lock})
    author.releases(INNER)
    assert author.last_build is not None
    assert keys(tagged, author.last_build.lock) == frozenset()
    assert keys(EDITED_INNER, author.last_build.lock) == {"inner"}


SPAN = Span(Source("deck.yaml", "x"), 0, 1)
contents = random_contents(clozes=False)


def with_texts(question: c.Content, answer: c.Content = c.EMPTY, hint: c.Content = c.EMPTY) -> Note:
    fields = {notetype.QUESTION: question, notetype.ANSWER: answer, notetype.HINT: hint}
    return Note("key", SPAN, SPAN, NoteType.QUESTION, fields, deck_name=DeckName("Deck"))


def drawn(note: Note) -> str:
    """Return what Typst gets for the sides of a note, without addresses and descriptions."""
    trees = [side.tree for side in card_sides([note], "Asked?")]
    return re.sub(r'"(url|alt)": ("(\\.|[^"\\])*"|null)', "", json.dumps(trees))


@given(contents, contents, contents, st.data())
def test_no_change_of_what_is_drawn_is_missed(
    question: c.Content, answer: c.Content, hint: c.Content, data: st.DataObject
) -> None:
    other = [data.draw(st.just(content) | contents) for content in (question, answer, hint)]
    first, second = with_texts(question, answer, hint), with_texts(*other)

    if drawn(first) != drawn(second):
        assert printed_digest(first) != printed_digest(second)


X, Y = (c.Text("x"),), (c.Text("y"),)
OTHER_PICTURE = record.replace(PICTURE, name="thigh-999999999999.svg")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (c.Strong(X), c.Emphasis(X)),
        (c.Styled("u", X), c.Styled("sub", X)),
        (c.Coloured((1, 2, 3), None, X), c.Coloured((200, 2, 3), None, X)),
        (c.Ruby(X, X), c.Ruby(X, Y)),
        (c.code("x"), c.Text("x")),
        (c.Math("x"), c.Math("x", display=True)),
        (c.Link("https://a", X), c.Link("https://b", X)),
        (c.Link("https://a", X), c.Text("x")),
        (c.Image(PICTURE, "x"), c.Image(PICTURE, "y")),
        (c.Image(PICTURE, "x"), c.Image(PICTURE, "x", "50%")),
        (c.Image(PICTURE, "x"), c.Image(OTHER_PICTURE, "x")),
        (c.Sound(PICTURE, "x"), c.Sound(PICTURE, "y")),
        (c.Sound(PICTURE, "x"), c.Sound(OTHER_PICTURE, "x")),
        (c.Heading(1, X), c.Heading(2, X)),
        (c.Heading(1, X), c.Paragraph(X)),
        (c.OrderedList(1, ((c.Paragraph(X),),)), c.OrderedList(2, ((c.Paragraph(X),),))),
        (c.Aligned("left", (c.Paragraph(X),)), c.Aligned("right", (c.Paragraph(X),))),
        (c.code_block("x", "c"), c.code_block("x", "d")),
        (c.code_block("x"), c.code_block("y")),
        (c.Table(("",), (), (((c.Paragraph(X),),),)), c.Table(("left",), (), (((c.Paragraph(X),),),))),
    ],
)
def test_a_digest_differs_exactly_where_sides_do(
    first: c.Inline | c.Block, second: c.Inline | c.Block
) -> None:
    notes = [
        with_texts((part,) if isinstance(part, c.Block) else (c.Paragraph((part,)),))
        for part in (first, second)
    ]

    assert len(set(map(printed_digest, notes))) == len(set(map(drawn, notes)))


@pytest.mark.parametrize("way", [0, 1], ids=["lock", "package"])
def test_a_release_of_another_branch_is_no_earlier_state_of_this_one(way: int) -> None:
    """The card was edited there at one time and here at another, and tagged here since."""
    author = Author()
    author.releases(INNER)
    there = Author(author.now + DAY, author.last_build)
    since = there.releases(EDITED_INNER)[1 + way]
    author.releases(INNER.replace("Inner?", "Which is inside?"))
    author.now = there.now
    tagged = INNER.replace("Inner?", "Which is inside?").replace("}", ", tags: [exam]}")
    author.releases(tagged)

    changes, _ = author.changes(tagged, since=since)
    assert changes is not None
    assert changes.keys == {"inner"}


@WAYS
@BUILT
def test_a_card_that_takes_back_an_older_identity_is_the_card_that_was_printed(way: int, built: bool) -> None:
    """It was built once without `was:`, so its GUID is another one now; the pile has a card of this name."""
    author = Author()
    author.releases(INNER)
    renamed = INNER.replace("id: inner", "id: inmost")
    since = author.releases(renamed)[way]
    repaired = renamed.replace("id: inmost", "id: inmost, was: inner")
    if built:
        author.releases(repaired)

    changes, _ = author.changes(repaired, since=since)
    assert changes is not None
    assert changes.removed_cards == ()
