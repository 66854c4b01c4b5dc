"""Every card says the same on paper as in Anki, whose own code renders it here."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from cardwright.diagnostics import Report
from cardwright.formats.pdf.sides import Side, card_sides
from cardwright.pipeline import BuildOptions, build
from cardwright.pipeline.load import load_decks
from cardwright.source.files import DeckFiles
from tests.support.diagram_decks import LEG
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.paths import ROOT
from tests.support.real_anki import CardSides, Learner, new_learner
from tests.support.shown_sides import ShownSide, read_anki_side, read_custom_page, read_printed_side

pytestmark = pytest.mark.anki

SOUND = b"ID3" + bytes(200)
MEDIA = {"cards_source/d/media/leg.svg": LEG, "cards_source/d/media/word.mp3": SOUND}

KINDS = {
    "question": r"""
  - {id: plain, q: What is 2 < 3 & 4?, a: "true, \"it\" is"}
  - {id: there-and-back, q: Dog?, a: Hund, reverse: true, extra: An animal., hint: It barks.}
  - {id: other-way, q: Which muscle bends?, a: The biceps, reverse: What does the biceps do?}
  - {id: own-way, q: Front?, a: Back, reverse: {q: Another?, a: Another answer}}
  - {id: typed, q: Spell it, a: semitendinosus, typed: true, extra: Latin}
  - {id: cited, q: Who says so?, a: A book, source: [book, {web: Page 2}]}
""",
    "cloze": r"""
  - {id: two, cloze: "They {{c1::flex}} the knee and {{c2::extend::how?}} the hip.", extra: More.}
  - {id: nested, cloze: "{{c1::The {{c2::biceps}} femoris}} and {{c1::others}}", hint: Look.}
  - {id: both, cloze: "{{c1,3::one}} and {{c3::three **of**::a *sign*}} and `{{c1::no}}`"}
  - {id: typed, cloze: "It is {{c1::std::map}}.", typed: true}
  - {id: code, cloze: '`{{c1::x {{c2::< 2::*a*}}}}` {{c3::{1, {2}}::`h`}}; {{c1::std\::map}} `\{{c9::a}}`'}
  - {id: formula, cloze: '\({{c1::\frac{a}{b_{c}}}} < x^{{c2::12::a power}} + \sqrt{{c3::d::2}}\)'}
  - {id: both-formulas, cloze: '{{c1::\({{c2::y}}\)::\(a < b\)}}, {{c3::\[z\]}}'}
  - id: over-blocks
    cloze: |
      Two {{c1::paragraphs

      and {{c2::

      ```python
      if a < {{c3::b}}:
          return "}}"
      ```

      - entries
      - more}} of::a **list**
      }}
  - id: blocks
    cloze: |
      1. {{c1::first}}
      2. second {{c2::\(x^2\)}}

      | a | b |
      |---|---|
      | {{c3::c}} | {{c4::![](media/leg.svg)}} |
""",
    "list": r"""
  - {id: shown, list: What may follow?, items: {bruise: a **bruise**, limp: a limp, pain: pain}}
  - {id: alone, list: What may follow?, show: none, items: {bruise: a bruise, limp: a limp}, extra: More.}
  - {id: typed, list: Name one, typed: true, items: {a: first, b: second}}
""",
    "table": r"""
  - id: grade
    hint: Think.
    extra: "**All** of it."
    table:
      ask:
        fibres: "{row}: what has happened?"
        leg: {q: "{row}: can it be used?", reverse: "Which grade is *{cell}*?"}
        pain: {q: "How bad is {row}?", reverse: true}
      rows:
        one: {row: "Grade **1**", fibres: overstretched, leg: usually, pain: "a little\n\nor none"}
        two: {row: Grade 2, fibres: partly torn, pain: "\\(x < 5\\)"}
""",
    "diagram": r"""
  - id: all
    diagram: media/leg.svg
    alt: A leg
    hint: Look.
    extra: Three muscles.
    source: book
    labels:
      biceps: {name: "Biceps *femoris*", rect: [5, 10, 30, 10]}
      tuber: {name: "\\(x\\) and a}} {{c2::b}}", ellipse: [60, 10, 30, 10]}
      semi: {name: "<i>Semi</i>", polygon: [[5, 50], [30, 50], [20, 80]]}
  - id: one
    diagram: media/leg.svg
    hide: one
    alt: A leg
    labels: {left: {name: Left, rect: [5, 10, 30, 10]}, right: {name: Right, rect: [60, 10, 30, 10]}}
""",
    "texts": r"""
  - id: blocks
    q: |
      # Heading
      One paragraph, then `code  with   blanks`\
      and a line more.

      - an entry
        1. within
        2. another
      - last

      > quoted
      > > twice
    a: |
      3. three
      4. four

         with a paragraph

      ```python
      if a < b:
          return  "&amp;"
      ```

      ---

      | left | right |
      |:-----|------:|
      | `a`  | ~~b~~ |
  - {id: formulas, q: 'Let \(\frac{a}{b} < c\) and \[x^2\] be; \\(not this\\)', a: '\[\sqrt{x}\]'}
  - {id: media, q: "Listen: ![](media/word.mp3) and ![a leg](media/leg.svg)see", a: "![said](media/word.mp3)"}
  - {id: links, q: "See [the **page**](https://a.b/?c&d) or <https://a.b/a-long-path/to/somewhere>", a: x}
  - {id: leftward, q: "מה זה? (abc)", a: "كتاب 12", extra: "in **עברית** too"}
  - {id: traps, q: "[sound:a.mp3] {{c1::no}} {{Answer}} [latex]x[/latex] &lt; <b>bold</b>", a: "<!-- a -->"}
  - {id: signs, q: "a\u00a0b \u2013 \U0001f9b5 naïve ﬁ …", a: "Donau\u00addampf\u200bschiff 猫は動物"}
  - {id: longest, q: Pneumonoultramicroscopicsilicovolcanoconiosis?, a: /usr/share/a/long/path/indeed.txt}
""",
}
CUSTOM_TYPES = r"""
deck: Deck
id: d
topic: Thigh
note_types:
  muscle:
    fields: [Name, Origin, Insertion, Picture]
    templates:
      Origin:
        front: |
          <!-- asks -->
          <h2>{{Name}}</h2> Where does <i>it</i> begin?
          {{#Picture}}<p>{{Picture}}</p>{{/Picture}}
        back: "{{FrontSide}}<hr id=answer>{{Origin}}{{^Insertion}}<br>It ends nowhere.{{/Insertion}}"
      Insertion:
        front: "{{#Insertion}}Where does {{Name}} end? ({{Card}}){{/Insertion}}"
        back: |
          <table><tr><th>Name</th><th>End</th></tr>
          <tr><td>{{Name}}</td><td>{{Insertion}}</td></tr></table>
  gaps:
    fields: [Text, More]
    templates: {Gap: {front: "Fill: {{cloze:Text}}", back: "{{cloze:Text}}<ul><li>{{More}}</li></ul>"}}
  readings:
    fields: [Text]
    templates: {Gap: {front: "{{kana:cloze:Text}}", back: "{{kanji:cloze:Text}}"}}
cards:
  - {id: a, type: muscle, fields: {Name: Biceps **femoris**, Origin: '\(x < 5\)', Insertion: "- a\n- b"}}
  - {id: b, type: muscle, fields: {Name: "<b>{{Origin}}", Origin: "a\n\nb", Picture: "![](media/leg.svg)"}}
  - {id: r, type: readings, fields: {Text: "{{c1::日本[にほん]}}へ 行[い]く*{{c2::今日[きょう]::いつ}}*"}}
  - {id: c, type: gaps, fields: {Text: "{{c1::One}} and {{c2::`two`::hint}}", More: "see [it](https://a.b)"}}
"""
HEADER = """
deck: Deck
id: d
topic: A **topic** & more
sources: {book: {title: Anatomy, author: A. Author, date: 1918}, web: {title: Web, url: "https://a.b/?c&d"}}
cards:
"""


def build_package(files: list[DeckFiles], environment: FakeEnvironment) -> bytes:
    """Return the Anki package that a build writes."""
    result = build(files, environment, BuildOptions(now=1_700_000_000, outputs=("anki",)))
    return next(data for path, data in result.files.items() if path.endswith(".apkg"))


def printed_cards(files: list[DeckFiles], environment: FakeEnvironment) -> list[tuple[Side, Side]]:
    """Return front and back of every printed card, in order."""
    (loaded,) = load_decks(files, environment, Report())
    sides = card_sides(loaded.deck.notes, "Asked?")
    return list(zip(sides[::2], sides[1::2], strict=True))


def assert_same(front: Side, back: Side, sides: CardSides) -> None:
    """Assert that text and masks of a card are the same on paper and in Anki."""
    paper_front, paper_back = read_printed_side(front), read_printed_side(back)
    question, answer = read_anki_side(sides.front), read_anki_side(sides.back)

    assert as_printed(question, "question") == (paper_front.words, paper_front.masks)
    # On the back Anki repeats the question, which paper has on the front.
    expected = dict(paper_back.words)
    if front.card.note.type == "question":
        expected["question"] = paper_front.words["question"]
    assert as_printed(answer, "answer") == (expected, paper_back.masks)


def as_printed(shown: ShownSide, side: str) -> tuple[dict[str, str], object]:
    """Return what Anki shows, in the parts that a printed side has. side: the middle part's name."""
    words = dict(shown.words)
    if side == "answer" and "answer" not in words:
        # The answer of a cloze note is its whole text with nothing hidden.
        words["answer"] = words.pop("question")
    if picture := words.pop("picture", ""):
        words[side] = f"{words.get(side, '')} {picture}".strip()
    return words, shown.masks


def assert_all_same(learner: Learner, cards: list[tuple[Side, Side]]) -> None:
    """Assert that the printed cards are those of Anki, in the same order, and say the same."""
    assert learner.new_cards() == [(front.card.note.key, front.card.ordinal) for front, _ in cards]
    for front, back in cards:
        assert_same(front, back, learner.sides(front.card.note.key, front.card.ordinal))


@pytest.mark.parametrize("kind", KINDS)
def test_paper_and_anki_say_the_same(tmp_path: Path, kind: str) -> None:
    """Question, answer, extra, hint, source and topic; what is hidden, and where masks are."""
    files = deck_files({"d/deck.yaml": HEADER + KINDS[kind]})
    environment = FakeEnvironment(MEDIA)
    with new_learner(tmp_path) as learner:
        learner.import_package(build_package(files, environment))
        assert_all_same(learner, printed_cards(files, environment))


def test_custom_templates_say_the_same(tmp_path: Path) -> None:
    """On paper the front isn't repeated on the back."""
    files = deck_files({"d/deck.yaml": CUSTOM_TYPES})
    environment = FakeEnvironment(MEDIA)
    cards = printed_cards(files, environment)
    with new_learner(tmp_path) as learner:
        learner.import_package(build_package(files, environment))
        assert learner.new_cards() == [(front.card.note.key, front.card.ordinal) for front, _ in cards]
        for front, back in cards:
            sides = learner.sides(front.card.note.key, front.card.ordinal)
            question = read_printed_side(front).words["question"]
            answer = read_printed_side(back).words["answer"]
            assert read_custom_page(sides.front) == question
            assert read_custom_page(sides.back).removeprefix(question).strip() == answer


def test_the_hamstring_deck_says_the_same(tmp_path: Path) -> None:
    folder = ROOT / "cards_source" / "hamstrings"
    files = deck_files(
        {f"hamstrings/{path.name}": path.read_bytes() for path in sorted(folder.glob("*.yaml"))},
        (folder / "deck.lock").read_bytes(),
    )
    environment = FakeEnvironment(_media(folder))
    cards = printed_cards(files, environment)
    with new_learner(tmp_path) as learner:
        learner.import_package(build_package(files, environment))
        assert_all_same(learner, cards)
    assert len(cards) > 300


def _media(folder: Path) -> Mapping[str, bytes]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_bytes() for path in sorted((folder / "media").iterdir())
    }
