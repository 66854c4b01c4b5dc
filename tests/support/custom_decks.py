"""Decks with custom note types, built again and again by the whole tool."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from cardwright.diagnostics import Source
from cardwright.source.nodes import Scalar
from tests.support.builds import DAY, NOW, DeckBuild, build_deck

MUSCLE: dict[str, Any] = {
    "fields": ["Name", "Origin", "Insertion"],
    "templates": {
        "Origin": {"front": "Where does {{Name}} begin?", "back": "{{FrontSide}}<hr id=answer>{{Origin}}"},
        "Insertion": {
            "front": "{{#Insertion}}Where does {{Name}} end?{{/Insertion}}",
            "back": "{{FrontSide}}<hr id=answer>{{Insertion}}",
        },
    },
}
GAPS: dict[str, Any] = {
    "fields": ["Sentence", "More"],
    "templates": {"Gap": {"front": "{{cloze:Sentence}}", "back": "{{cloze:Sentence}}<br>{{More}}"}},
}
BICEPS = {"id": "biceps", "type": "muscle", "fields": {"Name": "Biceps femoris", "Origin": "Sit bone"}}
SEMI = {
    "id": "semi",
    "type": "muscle",
    "fields": {"Name": "Semitendinosus", "Origin": "Sit bone", "Insertion": "Shin"},
}
GAP = {"id": "gap", "type": "gaps", "fields": {"Sentence": "The {{c1::sciatic}} nerve {{c2::branches}}."}}


@dataclass
class Author:
    """Someone who builds a deck with custom note types again and again, a day apart. media: by path."""

    types: Mapping[str, Any] = field(default_factory=lambda: {"muscle": MUSCLE, "gaps": GAPS})
    last_build: DeckBuild | None = None
    now: int = NOW
    media: Mapping[str, bytes] = field(default_factory=dict)

    def build(self, *cards: Mapping[str, Any], outputs: tuple[str, ...] = ("anki",)) -> DeckBuild:
        self.now += DAY
        sources = {"legs.yaml": self.deck_text(*cards)}
        self.last_build = build_deck(
            sources, self.last_build, now=self.now, outputs=outputs, media=self.media
        )
        return self.last_build

    def release(self, *cards: Mapping[str, Any]) -> bytes:
        """Return the package of a build without problems."""
        build = self.build(*cards)
        assert [code for code in build.codes if code != "note-retired"] == []
        return build.package

    def deck_text(self, *cards: Mapping[str, Any]) -> str:
        header = {"deck": "Legs", "id": "legs", "topic": "Thigh", "note_types": self.types}
        return yaml.safe_dump({**header, "cards": list(cards)}, sort_keys=False, allow_unicode=True)


def scalar(text: str) -> Scalar:
    """Return a template or a style as a block scalar of a YAML file."""
    return Scalar(Source("deck.yaml", text), 0, len(text), text, "|")


def changed(note_type: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a note type with some of its keys replaced."""
    return {**note_type, **changes}
