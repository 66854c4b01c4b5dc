"""Decks with note types of their own, for tests: built again and again by the whole tool."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from cardwright import pipeline
from cardwright.diagnostics.span import Source
from cardwright.pipeline import BuildResult
from cardwright.source.nodes import Scalar
from tests.support.memory import FakeEnvironment, deck_files

MUSCLE: dict[str, Any] = {
    "fields": ["Name", "Origin", "Insertion"],
    "templates": {
        "Origin": {
            "front": "Where does {{Name}} begin?",
            "back": "{{FrontSide}}<hr id=answer>{{Origin}}",
        },
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
    """Someone who releases a deck again and again, and keeps what was built."""

    types: Mapping[str, Any] = field(default_factory=lambda: {"muscle": MUSCLE, "gaps": GAPS})
    files: dict[str, bytes] = field(default_factory=dict)
    now: int = 1_700_000_000

    def builds(self, *cards: Mapping[str, Any], outputs: tuple[str, ...] = ("anki",)) -> BuildResult:
        """Build; a day goes by. What is written is kept."""
        self.now += 86_400
        decks = deck_files({"legs.yaml": self.sources(*cards)}, self.files.get("cards_source/legs.lock"))
        outcome = pipeline.build(
            decks, FakeEnvironment(outputs=self.files), pipeline.BuildOptions(self.now, outputs=outputs)
        )
        self.files |= {output.path: output.data for output in outcome.files}
        for path in outcome.removals:
            self.files.pop(path, None)
        return outcome

    def sources(self, *cards: Mapping[str, Any]) -> str:
        """The deck as one file."""
        deck = {
            "deck": "Legs",
            "id": "legs",
            "topic": "Thigh",
            "note_types": self.types,
            "cards": list(cards),
        }
        return yaml.safe_dump(deck, sort_keys=False, allow_unicode=True)

    def releases(self, *cards: Mapping[str, Any]) -> bytes:
        """The package of a build without a finding."""
        outcome = self.builds(*cards)
        assert [one.code for one in outcome.report if one.code != "note-retired"] == []
        return self.main

    @property
    def main(self) -> bytes:
        return self.files["decks/legs/legs.apkg"]

    @property
    def retired(self) -> bytes:
        return self.files["decks/legs/legs-retired.apkg"]


def scalar(text: str) -> Scalar:
    """A template or a style as a block of a YAML file has it."""
    return Scalar(Source("deck.yaml", text), 0, len(text), text, "|")


def changed(note_type: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A note type with some of its keys written otherwise."""
    return {**note_type, **more}
