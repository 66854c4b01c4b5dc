"""The page of a deck with cards of every kind, as the HTML output builds it."""

from collections.abc import Mapping

from tests.support.builds import DeckBuild, build_deck
from tests.support.diagram_decks import LEG

SOUND = b"ID3" + bytes(200)
MEDIA = {"cards_source/leg/media/leg.svg": LEG, "cards_source/leg/media/word.mp3": SOUND}

DECK = """
deck: The leg
id: leg
language: {language}
description: Muscles, bones and words.
html: true
sources:
  atlas: {{title: An atlas, author: A. Writer, date: "2020", url: "https://example.org/atlas?a=1&b=2"}}
  talk: {{title: A talk}}
"""
KINDS = r"""
topic: Kinds
tags: [exam]
cards:
  - id: knee
    q: Which muscles bend the **knee**?
    a: The hamstrings
    hint: At the back.
    source: {atlas: Plate 3}
  - {id: dog, q: Dog?, a: Hund, reverse: true, tags: [words], extra: An animal.}
  - {id: gaps, cloze: "They {{c1::flex}} the knee and {{c2::extend::how?}} the {{c1::hip}}.", source: talk}
  - {id: nested, cloze: "{{c1::The {{c2::biceps}} femoris}}; `{{c3::code}}`"}
  - {id: formula, cloze: '\(x = {{c1::\frac{a}{b}}} + {{c2::c}}\)'}
  - {id: items, list: What may follow?, items: {bruise: a bruise, limp: a limp}}
  - id: grade
    table: {ask: {fibres: "{row}: what happened?"}, rows: {one: {row: Grade 1, fibres: overstretched}}}
  - {id: typed, q: Spell it, a: semitendinosus, typed: true}
  - id: sound
    q: "Listen: ![said](media/word.mp3)"
    a: "![said](media/word.mp3) and ![a leg](media/leg.svg)"
  - id: reading
    q: How is this read?
    a: "<ruby>食<rt>た</rt></ruby>べる, <span style=\"color:red\">naïve</span>"
  - {id: bones, q: "Wo ist der **Schädel**?", a: "| a | b |\n|---|---|\n| 1 | `2` |"}
"""
PICTURES = """
topic: Pictures
cards:
  - id: thigh
    diagram: media/leg.svg
    alt: A thigh
    labels:
      biceps: {name: Biceps femoris, rect: [5, 10, 30, 10]}
      tuber: {name: Ischial tuberosity, ellipse: [60, 10, 30, 10]}
      semi: {name: Semimembranosus, polygon: [[5, 50], [30, 50], [20, 80]]}
"""
LEG_DECK = {"leg/1.yaml": KINDS, "leg/2.yaml": PICTURES}


def build_page(sources: Mapping[str, str], media: Mapping[str, bytes] = MEDIA) -> str:
    """Return the page of a deck. sources: its texts, by path below `cards_source/`."""
    build = build_deck(sources, media=media, outputs=("html",))
    assert not build.result.report.has_errors, build.messages
    (page,) = page_of(build)
    return page


def page_of(build: DeckBuild) -> list[str]:
    return [data.decode() for path, data in build.files.items() if path.endswith(".html")]


def leg_page(language: str = "en") -> str:
    """Return the page of a deck with cards of every kind."""
    return build_page({"leg/deck.yaml": DECK.format(language=language), **LEG_DECK})
