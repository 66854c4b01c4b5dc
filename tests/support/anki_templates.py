"""Sides of cards as real Anki makes them, and as cardwright does without it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardwright.collection.notetype import NoteType
from cardwright.formats.anki.card_sides import CardSides, shown_sides
from cardwright.formats.anki.note_types import AnkiNoteType, Field, Template
from cardwright.formats.anki.sound_tags import Played, Sound, Speech
from cardwright.record import replace
from cardwright.rehearsal.profile import Profile, new_profile

if TYPE_CHECKING:  # when it runs, anki.cards can only be imported by anki.collection
    from anki.cards import Card
    from anki.template import TemplateRenderOutput

FIELDS = ("Front", "Back", "Extra")
TYPE_NAME, DECK_NAME, TEMPLATE_NAME = "A <type>", "(Deck)", "Card 1"
_HINT_ID = re.compile(r"hint[0-9a-f]{16}")
_NEW_IN_LINKS = " draggable=false"  # since 25.02
_ISOLATES = re.compile("[\u2068\u2069]")


class AnkiTemplates:
    """Shows notes with the fields `FIELDS` by any templates."""

    def __init__(self, profile: Profile) -> None:
        self._collection = profile.collection
        self._types = {is_cloze: self._add_type(is_cloze=is_cloze) for is_cloze in (False, True)}

    def _add_type(self, *, is_cloze: bool) -> Any:
        models = self._collection.models
        model = models.new(f"{TYPE_NAME} {is_cloze}")
        model["type"] = int(is_cloze)
        for name in FIELDS:
            models.add_field(model, models.new_field(name))
        template = models.new_template(TEMPLATE_NAME)
        template["qfmt"] = template["afmt"] = "{{cloze:Front}}" if is_cloze else "{{Front}}"
        models.add_template(model, template)
        return models.get(models.add(model).id)  # type: ignore[arg-type]  # a NewType of int

    def sides(
        self,
        front: str,
        back: str,
        fields: Mapping[str, str],
        *,
        tags: Sequence[str] = (),
        ordinal: int = 0,
        is_cloze: bool = False,
    ) -> CardSides:
        """Return the sides of a card as Anki makes them. front, back: the card template."""
        from anki.cards import Card  # noqa: PLC0415  see above
        from anki.template import TemplateRenderContext  # noqa: PLC0415  likewise

        model = self._types[is_cloze]
        note = self._collection.new_note(model)
        for name, html in fields.items():
            note[name] = html
        note.tags = list(tags)
        card = Card(self._collection)
        card.ord = ordinal
        template = {**model["tmpls"][0], "qfmt": front, "afmt": back}
        context = TemplateRenderContext.from_card_layout(note, card, model, template, fill_empty=False)
        return rendered_sides(context.render())


def rendered_sides(output: "TemplateRenderOutput") -> CardSides:
    """Return the sides of a card that Anki has rendered."""
    return _comparable_sides(
        CardSides(
            output.question_text,
            output.answer_text,
            tuple(map(_played, output.question_av_tags)),
            tuple(map(_played, output.answer_av_tags)),
        )
    )


def comparable(html: str) -> str:
    """Return a side without the ids of its hints, and without the invisible signs in Anki's messages.

    Anki makes those ids by a hash that Python hasn't.
    """
    return _ISOLATES.sub("", _HINT_ID.sub("hint", html)).replace(_NEW_IN_LINKS, "")


def _played(tag: Any) -> Played:
    return Sound(tag.filename) if hasattr(tag, "filename") else Speech(tag.field_text, tag.lang)


def sides_without_anki(
    front: str,
    back: str,
    fields: Mapping[str, str],
    *,
    tags: Sequence[str] = (),
    ordinal: int = 0,
    is_cloze: bool = False,
) -> CardSides:
    """Return what `AnkiTemplates.sides` does, made by cardwright."""
    templates = (Template(1, TEMPLATE_NAME, front, back),) * (1 if is_cloze else ordinal + 1)
    note_type = _note_type(f"{TYPE_NAME} {is_cloze}", FIELDS, templates, is_cloze=is_cloze)
    values = [fields.get(name, "") for name in FIELDS]
    return _comparable_sides(shown_sides(note_type, values, tags=tags, deck_name=DECK_NAME, ordinal=ordinal))


def card_without_anki(card: "Card") -> CardSides:
    """Return the sides of a card of a collection, made by cardwright."""
    note, deck_name = card.note(), card.col.decks.name(card.did)
    return _comparable_sides(
        shown_sides(note_type_of(card), note.fields, tags=note.tags, deck_name=deck_name, ordinal=card.ord)
    )


def note_type_of(card: "Card") -> AnkiNoteType:
    """Return the note type of a card of a collection."""
    model = card.note_type()
    templates = tuple(Template(0, part["name"], part["qfmt"], part["afmt"]) for part in model["tmpls"])
    names = [field["name"] for field in model["flds"]]
    note_type = _note_type(model["name"], names, templates, is_cloze=bool(model["type"]))
    return replace(note_type, css=model["css"])


def _note_type(
    name: str, fields: Sequence[str], templates: tuple[Template, ...], *, is_cloze: bool
) -> AnkiNoteType:
    type_ = NoteType.CLOZE if is_cloze else NoteType.QUESTION
    return AnkiNoteType(type_, 1, name, tuple(Field(0, field, "") for field in fields), templates, "")


def _comparable_sides(sides: CardSides) -> CardSides:
    sounds = (tuple(map(_comparable_sound, played)) for played in (sides.front_sounds, sides.back_sounds))
    return CardSides(comparable(sides.front), comparable(sides.back), *sounds)


def _comparable_sound(played: Played) -> Played:
    return replace(played, name=comparable(played.name)) if isinstance(played, Sound) else played


@contextmanager
def anki_templates(folder: Path) -> Iterator[AnkiTemplates]:
    """Start Anki. folder: an empty one."""
    with new_profile(folder) as profile:
        yield AnkiTemplates(profile)
