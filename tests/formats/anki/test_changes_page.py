"""`CHANGES.md`: what learners read about each release."""

import re
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.support.builds import DAY, NOW, DeckBuild, build_deck
from tests.support.custom_decks import BICEPS, GAPS, MUSCLE, SEMI, Author
from tests.support.real_anki import new_learner
from tests.support.timed_learner import STAMPS_IMPORTS

HEAD = "deck: Legs\nid: legs\ntopic: Thigh\nsources: {atlas: {title: Atlas}, gray: {title: Gray}}\ncards:\n"
OUTER = "  - {id: outer, q: 'Which is the outer one?', a: Biceps femoris}\n"
INNER = "  - {id: inner, q: 'Which are the inner ones?', a: Semimembranosus, tags: [exam]}\n"
NERVE = "  - {id: nerve, cloze: 'The {{c1::sciatic}} nerve'}\n"


def build(*cards: str, previous: DeckBuild | None = None, day: int = 0, head: str = HEAD) -> DeckBuild:
    sources = {"legs.yaml": head + "".join(cards)}
    built = build_deck(sources, previous, now=NOW + day * DAY, media=MEDIA)
    assert not built.result.report.has_errors, built.messages
    return built


PICTURE = "answer: another picture or sound"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h{}"/></svg>'
MEDIA = {f"cards_source/media/{name}.svg": SVG.format(name[-1]).encode() for name in ("leg1", "leg2")}


def sections(built: DeckBuild) -> list[str]:
    """Return the sections of the releases, without their names."""
    _, *parts = re.split(r"^## (?=\d)", built.changes, flags=re.MULTILINE)
    return [re.sub(r"`[0-9a-f]{8}`", "R", part).strip() for part in parts]


def changed(before: str, after: str, head: str = HEAD) -> list[str]:
    """Return the lines about the change of one note."""
    second = build(OUTER, after, previous=build(OUTER, before, head=HEAD), day=1, head=head)
    _, _, lines = sections(second)[0].partition("### Changed\n\n")
    return lines.split("\n")


def test_a_first_release_says_how_to_get_the_deck() -> None:
    """Nobody has a schedule yet."""
    first = build(OUTER, INNER)

    assert re.sub("`[0-9a-f]{8}`", "`a1b2c3d4`", first.changes) == (
        "# Changes to Legs\n"
        "\n"
        "## If you study this deck\n"
        "\n"
        "1. In Anki choose *File > Import* and `legs.apkg`; the dialog's settings can stay as they are.\n"
        "2. Import later releases in the same way; what they change will be listed here.\n"
        "\n"
        "## 2023-11-14\n"
        "\n"
        "First release, `a1b2c3d4`, with 2 notes.\n"
    )


def test_only_a_package_that_is_there_is_to_be_imported() -> None:
    """Of a note whose text is in no package, there is none that could tag it."""
    second = build(OUTER, previous=build(OUTER, INNER).without(".apkg", ".md"), day=1)

    assert "retired-text-lost" in second.codes
    assert "- `inner`" in second.changes
    assert "legs-retired.apkg" not in second.changes
    assert "no note has been taken out" not in second.changes


def test_a_release_says_what_is_new_what_has_changed_and_what_has_gone() -> None:
    second = build(OUTER.replace("outer one", "*lateral* one"), NERVE, previous=build(OUTER, INNER), day=1)

    first_section, *others = sections(second)
    assert others == ["2023-11-14\n\nFirst release, R, with 2 notes."]
    assert first_section == (
        "2023-11-15\n"
        "\n"
        "Release R. Notes: 1 new, 1 changed, 1 taken out.\n"
        "\n"
        "### New\n"
        "\n"
        "- `nerve`: The \\[sciatic\\] nerve\n"
        "\n"
        "### Changed\n"
        "\n"
        "- `outer`\n"
        "  - question: Which is the ~~outer~~ **lateral** one?\n"
        "\n"
        "### Taken out of the deck\n"
        "\n"
        "- `inner`: Which are the inner ones? — Semimembranosus"
    )
    assert "2. Your schedule is kept" in second.changes
    assert "3. To find those, import `legs-retired.apkg` too" in second.changes


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("a: Flexes", "a: Extends", ["answer: ~~Flexes~~ **Extends**"]),
        ("a: Flexes", "a: Flexes, extra: Quickly", ["extra: **Quickly**"]),
        ("a: Flexes, extra: Quickly", "a: Flexes", ["extra: ~~Quickly~~"]),
        ("a: Flexes, tags: [x, y]", "a: Flexes, tags: [y, z]", ["tags: ~~x~~ y **z**"]),
        ("a: Flexes, source: atlas", "a: Flexes, source: gray", ["sources: ~~Atlas~~ **Gray**"]),
        ("a: It flexes", "a: It **flexes**", ["answer: only the formatting"]),
        ("a: 'One ,two'", "a: 'One, two'", ["answer: only the formatting"]),
        ("a: '[x](https://a.b)'", "a: '[x](https://a.c)'", ["answer: another address of a link"]),
        (
            "a: '![a leg](media/leg1.svg)'",
            "a: '![a leg](media/leg2.svg)'",
            ["answer: another picture or sound"],
        ),
        (
            "a: 'At ![a leg](media/leg1.svg)'",
            "a: 'At ![a knee](media/leg1.svg)'",
            ["answer: At \\[picture: a ~~leg~~ **knee**\\]"],
        ),
        ("a: 'It is \\(x^2\\)'", "a: 'It is \\(x^3\\)'", ["answer: It is ~~x^2~~ **x^3**"]),
        (
            'a: "- one\\n- two\\n- six"',
            'a: "- one\\n- ten\\n- six"',
            ["answer: • one • ~~two~~ **ten** • six"],
        ),
        (
            "a: Flexes",
            "a: Flexes, reverse: {q: What flexes?, a: Muscles}",
            ["reverse question: **What flexes?**", "reverse answer: **Muscles**", "new card: *Reverse*"],
        ),
    ],
)
def test_a_change_is_told_in_words(before: str, after: str, lines: list[str]) -> None:
    note = "  - {{id: one, q: What does it do?, {}}}\n"
    assert changed(note.format(before), note.format(after)) == [
        "- `one`: What does it do?",
        *(f"  - {line}" for line in lines),
    ]


def test_deletions_stand_in_brackets() -> None:
    note = "  - {{id: one, cloze: '{}'}}\n"
    before, after = "It {{c1::flexes}} the knee", "It {{c1::flexes::what?}} the knee and {{c2::turns}} it"

    assert changed(note.format(before), note.format(after)) == [
        "- `one`",
        "  - text: It \\[**1:** flexes **; what?**\\] the knee **and \\[2: turns\\] it**",
        "  - new card: number 2",
    ]


def test_a_card_that_asks_nothing_any_more_can_be_removed() -> None:
    before = "  - {id: one, q: 'What does it do?', a: Flexes, reverse: What flexes?}\n"
    assert changed(before, before.replace(", reverse: What flexes?", ""))[-1] == (
        "  - card without a question now: *Reverse*; *Tools > Empty Cards* removes it"
    )


def test_a_changed_id_is_told_as_such() -> None:
    assert changed(INNER, INNER.replace("id: inner", "id: medial, was: inner")) == [
        "- `medial`: Which are the inner ones?",
        "  - id: ~~inner~~ **medial**",
    ]


def test_a_changed_topic_is_told_once() -> None:
    """Its tag follows from it."""
    lines = changed(INNER, INNER, head=HEAD.replace("topic: Thigh", "topic: Knee"))
    assert lines[1:] == ["  - topic: ~~Thigh~~ **Knee**", "- `inner`: Which are the inner ones?", lines[1]]


def test_a_renamed_deck_is_told() -> None:
    """Anki leaves cards in the deck where they are."""
    second = build(OUTER, previous=build(OUTER), day=1, head=HEAD.replace("deck: Legs", "deck: Hind *legs*"))

    assert sections(second)[0].partition("\n\n")[2] == (
        "Release R. Notes: 1 as before.\n"
        "\n"
        "The deck was called *Legs*.\n"
        "The cards you have stay there; new ones arrive in *Hind \\*legs\\**. "
        "To have all of them in one deck,\n"
        "rename yours in Anki before you import."
    )


def test_notes_that_have_changed_alike_are_told_together() -> None:
    before = [f"  - {{id: n{number}, q: 'What is muscle {number}?', a: A}}\n" for number in range(300)]
    after = [card.replace("muscle", "sinew") for card in before]
    second = build(*after, previous=build(*before), day=1)

    assert sections(second)[0].partition("### Changed\n\n")[2].split("\n") == [
        "- 300 notes alike: `n0`, `n1`, `n2`, `n3`, `n4`, `n5`, `n6`, `n7` and 292 more. In `n0`:",
        "  - question: What is ~~muscle~~ **sinew** 0?",
    ]


def test_long_lists_are_cut() -> None:
    cards = [f"  - {{id: n{number}, q: 'Which is {number}?', a: A}}\n" for number in range(300)]
    second = build(OUTER, *cards, previous=build(OUTER), day=1)

    assert len(second.changes.split("\n")) < 80
    assert "- and 250 more" in second.changes


def test_a_note_that_comes_back_is_not_new() -> None:
    first = build(OUTER, INNER)
    third = build(OUTER, INNER, previous=build(OUTER, previous=first, day=1), day=2)

    assert (
        "Release R. Notes: 1 back, 1 as before.\n\n### Back in the deck\n\n- `inner`: Which"
        in sections(third)[0]
    )


def test_a_note_that_continues_its_older_history_says_what_became_of_the_copy() -> None:
    """Its id was changed without `was:`, which was added a release later."""
    second = build(OUTER.replace("id: outer", "id: lateral"), previous=build(OUTER), day=1)
    third = build(OUTER.replace("id: outer", "id: lateral, was: outer"), previous=second, day=2)

    assert sections(third)[0].partition("\n\n")[2] == (
        "Release R. Notes: 1 back, 1 taken out.\n"
        "\n"
        "### Back in the deck\n"
        "\n"
        "- `lateral`: Which is the outer one?\n"
        "\n"
        "### Copies taken out of the deck\n"
        "\n"
        "- `lateral`: Which is the outer one? — Biceps femoris\n"
        "\n"
        "These came as new notes although the deck had them before; the older ones are back, with what you\n"
        "had learned. If you have both, delete the copies."
    )


def test_a_build_without_changes_leaves_the_page_as_it_is() -> None:
    second = build(OUTER.replace("Biceps", "Triceps"), previous=build(OUTER), day=1)
    third = build(OUTER.replace("Biceps", "Triceps"), previous=second, day=2)

    assert third.changes == second.changes


def test_each_release_stays_on_the_page() -> None:
    """Whoever skipped one finds it, also of several builds of one second."""
    built = None
    for number in range(30):
        built = build(OUTER.replace("Biceps", f"Biceps{number}"), previous=built)
    assert built is not None
    answers = re.findall(r"answer: ~~Biceps(\d+)~~ \*\*Biceps(\d+)\*\*", built.changes)

    assert answers == [(str(number - 1), str(number)) for number in range(29, 0, -1)]


@pytest.mark.parametrize("their_day", [1, 2])
@pytest.mark.parametrize("style", [[], ["--diff3"]], ids=["merge", "diff3"])
def test_a_merge_in_git_keeps_the_sections_of_both_branches(
    style: list[str], their_day: int, tmp_path: Path
) -> None:
    """Whole ones, also if git took the heading of the same day for common to both."""
    base = build(OUTER, INNER)
    ours = build(OUTER.replace("Biceps", "Triceps"), INNER, previous=base, day=1)
    theirs = build(OUTER, INNER.replace("Semi", "Hemi"), previous=base, day=their_day)
    for name, built in (("ours", ours), ("base", base), ("theirs", theirs)):
        (tmp_path / name).write_text(built.changes)
    command = ["git", "merge-file", "-p", *style, "ours", "base", "theirs"]
    page = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).stdout
    assert b"<<<<<<< ours\n" in page
    merged = replace(ours, files={**ours.files, "decks/legs/CHANGES.md": page})
    after = build(OUTER.replace("Biceps", "Triceps"), INNER.replace("Semi", "Hemi"), previous=merged, day=3)

    _, *kept = sections(after)
    assert kept == [*sections(ours)[:1], *sections(theirs)]
    assert not re.search("^[<=>|]{7}", after.changes, flags=re.MULTILINE)


def test_the_page_does_not_grow_for_ever() -> None:
    """The oldest releases leave it, whole."""
    page = build(OUTER).changes.partition("## 2023")[0]
    older = [f"## 2022-01-{day:02}\n\n{'line' * 9}{chr(10) * 99}end\n" for day in range(30, 0, -1)]
    first = build(OUTER)
    edited = replace(
        first, files={**first.files, "decks/legs/CHANGES.md": (page + "\n".join(older)).encode()}
    )
    second = build(OUTER.replace("Biceps", "Triceps"), previous=edited, day=1)

    assert [section[:10] for section in sections(second)] == [
        "2023-11-15",
        *(f"2022-01-{day:02}" for day in range(30, 21, -1)),
    ]
    assert build(OUTER.replace("Biceps", "Triceps"), previous=second, day=2).changes == second.changes


def test_what_an_author_writes_into_a_section_stays() -> None:
    """So does the removal of a section; line ends may be those of Windows."""
    second = build(OUTER.replace("Biceps", "Triceps"), previous=build(OUTER), day=1)
    page = second.changes.replace("First release", "A first try").replace("\n", "\r\n")
    edited = replace(second, files={**second.files, "decks/legs/CHANGES.md": page.encode()})

    third = build(OUTER.replace("Biceps", "Quadriceps"), previous=edited, day=2)

    assert len(sections(third)) == 3
    assert "A first try" in third.changes
    assert "\r" not in third.changes


def test_a_release_is_told_from_what_learners_have() -> None:
    """A build of the sheets alone moves the lock on, and learners still have the package before it."""
    first = build(OUTER, INNER)
    sheets_alone = build_deck(
        {"legs.yaml": HEAD + OUTER.replace("Biceps", "Triceps") + INNER},
        first,
        now=NOW + DAY,
        outputs=("pdf",),
    )
    third = build(OUTER.replace("Biceps", "Triceps"), INNER, previous=sheets_alone, day=2)

    assert "answer: ~~Biceps~~ **Triceps** femoris" in sections(third)[0]


@pytest.mark.parametrize("package", [None, b"", b"PK\x03\x04 no package"])
def test_without_the_earlier_package_the_lock_tells_what_it_can(package: bytes | None) -> None:
    first = build(OUTER, INNER)
    files: Mapping[str, bytes] = {path: data for path, data in first.files.items() if path.endswith(".lock")}
    if package is not None:
        files = {**files, "decks/legs/legs.apkg": package}
    second = build(OUTER.replace("Biceps", "Triceps"), previous=replace(first, files=files), day=1)

    (section,) = sections(second)
    assert section == (
        "2023-11-15\n"
        "\n"
        "Release R. Notes: 1 changed, 1 taken out.\n"
        "\n"
        "What the changed notes said before is no longer known.\n"
        "\n"
        "### Changed\n"
        "\n"
        "- `outer`: Which is the outer one?\n"
        "\n"
        "### Taken out of the deck\n"
        "\n"
        "- `inner`"
    )


def test_a_release_is_told_although_only_the_page_is_left_of_the_one_before() -> None:
    """As after the folder of the outputs got another name, and the package in it did not."""
    lost = build(OUTER, INNER).without(".apkg")
    second = build(OUTER.replace("Biceps", "Triceps"), INNER, previous=lost, day=1)
    again = build(OUTER.replace("Biceps", "Triceps"), INNER, previous=second.without(".apkg"), day=2)

    latest, first = sections(second)
    assert "### Changed\n\n- `outer`: Which is the outer one?" in latest
    assert first.endswith("First release, R, with 2 notes.")
    assert again.changes == second.changes


def test_a_changed_template_is_told_with_the_cards_that_come_and_go() -> None:
    """Learners get them although no note has changed."""
    author = Author({"muscle": MUSCLE})
    author.build(BICEPS, SEMI)
    origin, insertion = MUSCLE["templates"]["Origin"], MUSCLE["templates"]["Insertion"]
    templates = {
        "Origin": {**origin, "front": "{{#Insertion}}Where does {{Name}} begin?{{/Insertion}}"},
        "Insertion": {**insertion, "front": "Where does {{Name}} end?", "back": "At {{Insertion}}"},
    }
    author.types = {"muscle": {**MUSCLE, "templates": templates, "css": ".card { color: teal }"}}

    assert sections(author.build(BICEPS, SEMI))[0].partition("\n\n")[2] == (
        "Release R. Notes: 2 as before.\n"
        "\n"
        "### Look\n"
        "\n"
        "- Changed in notes of the type `muscle`: "
        "front of *Origin*; front and back of *Insertion*; the style\n"
        "  - 1 note has a new card, *Insertion*\n"
        "  - 1 note has no question on *Origin* any more; *Tools > Empty Cards* removes these cards\n"
        "\n"
        "The import brings this to all your cards. If you changed templates or styles yourself, yours\n"
        "are replaced."
    )


COUNT = r"(\d+) (new|changed|back|as before)"
VARIANTS = {
    "outer": ["q: Outer?, a: Biceps", "q: Outer?, a: '**Biceps**'", "q: Outer?, a: Biceps, tags: [exam]"],
    "inner": ["q: Inner?, a: Two", "q: Which?, a: Two", "q: Inner?, a: Two, reverse: Which two?"],
    "nerve": ["cloze: 'The {{c1::sciatic}} nerve'", "cloze: 'The {{c1::sciatic}} {{c2::nerve}}'"],
    "heads": [
        "list: Heads?, items: {a: Long, b: Short}",
        "list: Heads?, items: {a: Long, b: Bent, c: Last}",
    ],
}
decks = st.fixed_dictionaries({key: st.none() | st.sampled_from(texts) for key, texts in VARIANTS.items()})


@pytest.mark.skipif(STAMPS_IMPORTS, reason="before 25.02 Anki stamps updated notes with the real time")
@pytest.mark.anki
@settings(max_examples=10)
@given(st.lists(decks, min_size=2, max_size=5), st.integers(0, 1))
def test_the_numbers_are_those_of_ankis_import(history: list[dict[str, str | None]], days: int) -> None:
    """Of someone who imports each release; and older sections stay to the letter, whatever changes."""
    built: DeckBuild | None = None
    with TemporaryDirectory() as folder, new_learner(Path(folder)) as learner:
        for number, texts in enumerate(history):
            cards = [f"  - {{id: {key}, {text}}}\n" for key, text in texts.items() if text]
            previous = built
            built = build(OUTER.replace("outer", "always"), *cards, previous=previous, day=number * days)
            imported = learner.import_package(built.package)
            if previous is None:
                continue
            latest, *older = sections(built)
            if built.changes.partition("\n## 20")[2] == previous.changes.partition("\n## 20")[2]:
                assert (imported.new, imported.updated) == (0, 0)
                continue
            assert older == sections(previous)
            counts = Counter({words: int(count) for count, words in re.findall(COUNT, latest)})
            assert imported.new == counts["new"]
            assert imported.updated == counts["changed"] + counts["back"]
            assert imported.duplicate == counts["as before"]


@pytest.mark.anki
def test_the_cards_that_come_and_go_are_those_of_anki(tmp_path: Path) -> None:
    author = Author({"muscle": MUSCLE})
    first = author.build(BICEPS, SEMI)
    origin, insertion = MUSCLE["templates"]["Origin"], MUSCLE["templates"]["Insertion"]
    templates = {
        "Origin": {**origin, "front": "{{#Insertion}}Where does {{Name}} begin?{{/Insertion}}"},
        "Insertion": {**insertion, "front": "Where does {{Name}} end?"},
    }
    author.types = {"muscle": {**MUSCLE, "templates": templates}}
    second = author.build(BICEPS, SEMI)
    with new_learner(tmp_path) as learner:
        learner.import_package(first.package)
        before = learner.cards()
        learner.import_package(second.package)

        assert learner.cards() - before == {("biceps", 1)}
        assert "  - 1 note has a new card, *Insertion*\n" in second.changes
        assert learner.empty_cards() == [("biceps", 0)]
        assert "  - 1 note has no question on *Origin* any more;" in second.changes


def test_a_changed_template_of_cloze_notes_is_told() -> None:
    """Whatever the numbers of their deletions are."""
    author = Author({"gaps": GAPS})
    note = {"id": "gap", "type": "gaps", "fields": {"Sentence": "The {{c2::sciatic}} nerve."}}
    author.build(note)
    author.types = {
        "gaps": {**GAPS, "templates": {"Gap": {"front": "Fill: {{cloze:Sentence}}", "back": "-"}}}
    }

    assert "of the type `gaps`: front and back of *Gap*\n" in sections(author.build(note))[0]


def test_a_lock_may_hold_any_time() -> None:
    first = build(OUTER)
    lock = first.lock.replace(b'"mod":1700000000', b'"mod":9000000000000000000')
    edited = replace(first, files={**first.files, "cards_source/legs.lock": lock})

    assert sections(build(OUTER.replace("Biceps", "Triceps"), previous=edited))[0].startswith("9999-12-31\n")


def test_hostile_texts_are_shown_as_they_stand() -> None:
    hostile = "<img src=x onerror=alert(1)> `[a](javascript:x) ![b](//c)` | ## 2023-01-01 &lt; <!-- "
    note = "  - {{id: one, q: 'What {} it do?', a: '{}', tags: ['<b>', '*x*']}}\n"
    first = build(note.format("does", "A"), INNER.replace("Semimembranosus", f"'{hostile}'"))
    second = build(note.format("would", hostile), previous=first, day=1)
    html = MarkdownIt("commonmark").enable("strikethrough").render(second.changes)

    assert not set(re.findall(r"<(/?\w+|!)", html)) - {
        f"{slash}{tag}"
        for tag in ("h1", "h2", "h3", "ol", "ul", "li", "p", "em", "code", "s", "strong")
        for slash in ("", "/")
    }
    assert "&lt;img src=x onerror=alert(1)&gt; [a](javascript:x) ![b](//c)" in html
    assert len(sections(second)) == 2


def test_a_name_of_a_file_is_no_markup() -> None:
    deck = {"a`b<img src=x>`.yaml": "deck: Legs\nid: legs\ncards: [{id: a, q: Q, a: A}]\n"}
    html = MarkdownIt("commonmark").render(build_deck(deck).changes)

    assert "<img" not in html
    assert "<code>a`b&lt;img src=x&gt;`.apkg</code>" in html
