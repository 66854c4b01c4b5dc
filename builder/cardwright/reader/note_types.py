"""`note_types:` of deck.yaml: the note types that an author brings along."""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Types
from typing import Literal

from cardwright.collection.custom_note_type import CustomNoteType, CustomTemplate
from cardwright.collection.notetype import (
    AUTOMATIC_FIELDS,
    BUILT_IN_TYPES,
    RESERVED_FIELDS,
    SPARE_FIELDS,
    SPARE_TEMPLATES,
    NoteType,
)
from cardwright.collection.readings import READING_FILTERS
from cardwright.collection.template import SPECIAL_FIELDS, Nodes, fields_with_filter, replacements
from cardwright.diagnostics.diagnostic import Diagnostic, Related
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.report import Report
from cardwright.source import decode, ids
from cardwright.source.css import read_css
from cardwright.source.nodes import Mapping, Node, Scalar
from cardwright.source.template_reader import read_template
from cardwright.source.text import clean_line

# What Anki takes for a part of its template language, or of a search for a field.
# Source: Anki, rslib/src/notetype/fields.rs and mod.rs, `fix_field_names`, `invalid_char_for_field`.
_NOT_IN_FIELDS = ':{}"'
_NOT_BEFORE_FIELDS = "#^/!"
_RESERVED = {name.casefold() for name in (*AUTOMATIC_FIELDS, *SPARE_FIELDS, *RESERVED_FIELDS)}
_SPECIAL = {name.casefold() for name in SPECIAL_FIELDS}
_SPARE = "leave it out of the list; cards can fill it in, and templates show it, as it is"
_ABOUT = {
    "source": "it holds what `source:` cites, and templates may show it; give yours another name",
    "topic": "it holds the topic, and templates may show it; give yours another name",
    "key": "it holds the note's id, and templates may show it; give yours another name",
    "retired": "it says when the note left the deck; give yours another name",
    **dict.fromkeys(map(str.casefold, RESERVED_FIELDS), "it is for later versions; give yours another name"),
}
_SPARE_ONES = {name.casefold(): name for name in SPARE_TEMPLATES}


def read_note_types(node: Node, report: Report) -> Types[str, CustomNoteType | None]:
    """The note types by name; None for one that cannot be used, after saying why."""
    given = decode.filled(node, "`note_types`", report)
    if given is None:
        return {}
    found = {}
    first: dict[str, Scalar] = {}
    for key, value in given.entries.values():
        problems = Report()
        name = ids.read_id(key, problems, of="note type")
        if name is not None and (before := first.setdefault(name.casefold(), key)) is not key:
            problems.add(_twice("note-type-twice", f"the note type `{truncate(name)}`", key, before))
        own = None if name is None else _note_type(name, key, value, problems)
        report.extend(problems)
        found[name or key.value] = None if problems.has_errors else own
    return found


def _note_type(name: str, key: Scalar, node: Node, report: Report) -> CustomNoteType | None:
    if name in BUILT_IN_TYPES:
        message = f"`{name}` is the name of a note type that every deck has"
        report.add(Diagnostic("note-type-of-ours", message, key.span, help="give yours another name"))
    what = f"the note type `{truncate(name, 24)}`"
    given = decode.filled(node, what, report)
    if given is None:
        return None
    decode.only(given, ("fields", "templates", "css"), "a note type", report)
    listed = decode.required(given, "fields", what, report)
    described = decode.required(given, "templates", what, report)
    fields = () if listed is None else _fields(listed, what, report)
    known = tuple(dict.fromkeys((*fields, *AUTOMATIC_FIELDS, *SPARE_FIELDS)))
    templates = () if listed is None or described is None else _templates(described, known, report)
    style = given.get("css")
    written = None if style is None else decode.scalar(style, "css", report)
    css = None if written is None else read_css(written, report)
    fronts = tuple(node for one in templates for node in one.front_nodes)
    sides = tuple(node for one in templates for node in (*one.front_nodes, *one.back_nodes))
    clozes, readings = fields_with_filter(fronts, "cloze"), fields_with_filter(sides, *READING_FILTERS)
    if clozes and len(templates) > 1 and isinstance(described, Mapping):
        report.add(_cloze_with_several(described))
    if not fields or not templates:
        return None
    return CustomNoteType(NoteType(name), fields, templates, css or "", clozes, key.span, readings)


def _fields(node: Node, what: str, report: Report) -> tuple[str, ...]:
    """The names of the fields; those too with a mistake in them, so that templates may show them."""
    written = decode.texts(node, "fields", report)
    if not written:
        report.add(Diagnostic("note-type-without-fields", f"{what} has no fields", node.span))
    names = [clean_line(one, report) for one in written]
    first: dict[str, Scalar] = {}
    for name, one in zip(names, written, strict=True):
        before = first.setdefault(name.casefold(), one)
        if problem := _unfit(name, one):
            report.add(problem)
        elif before is not one:
            report.add(_twice("field-twice", f"the field `{truncate(name)}`", one, before))
    return tuple(filter(None, names))


def _unfit(name: str, written: Scalar) -> Diagnostic | None:
    """What keeps a name from being that of a field."""
    odd = next((char for char in name if char in _NOT_IN_FIELDS), "")
    if not name:
        return Diagnostic("unfit-field", "the name of a field is empty", written.span)
    if not odd and name[0] in _NOT_BEFORE_FIELDS:
        odd = name[0]
    if odd:
        message = f"the field `{truncate(name, 24)}` has `{odd}` in its name"
        return Diagnostic("unfit-field", message, written.part(odd), help="a template could not name it")
    if name.casefold() in _SPECIAL:
        message = f"`{truncate(name)}` is what Anki itself calls something else"
        return Diagnostic("reserved-field", message, written.span, help="give the field another name")
    if name.casefold() in _RESERVED:
        message = f"every note type has a field `{truncate(name)}` already"
        return Diagnostic("reserved-field", message, written.span, help=_ABOUT.get(name.casefold(), _SPARE))
    return None


def _templates(node: Node, known: Sequence[str], report: Report) -> tuple[CustomTemplate, ...]:
    """The card templates, those that can be read; what stands in for spare ones at the end, as in Anki."""
    given = decode.filled(node, "`templates`", report)
    if given is None:
        return ()
    found: list[CustomTemplate] = []
    names: dict[str, Scalar] = {}
    fronts: dict[str, Scalar] = {}
    for key, value in given.entries.values():
        name = clean_line(key, report)
        if problem := _unfit_template(name, key, names.setdefault(name.casefold(), key)):
            report.add(problem)
        what = f"the template `{truncate(name, 24)}`"
        sides = decode.filled(value, what, report)
        if sides is None:
            continue
        decode.only(sides, ("front", "back"), "a template", report)
        front = _side(sides, "front", what, known, report)
        back = _side(sides, "back", what, known, report)
        if front is not None and (first := fronts.setdefault(front[0], key)) is not key:
            report.extend(_same_front(front[1], key, first))
        if front is not None and back is not None:
            found.append(CustomTemplate(name, front[0], back[0], front[1], back[1]))
    spares = [name for name in SPARE_TEMPLATES if name in given.entries]
    if spares == [SPARE_TEMPLATES[1]]:
        message = f"`{SPARE_TEMPLATES[1]}` is used and `{SPARE_TEMPLATES[0]}` is still free"
        report.add(Diagnostic("spare-skipped", message, given.entries[spares[0]][0].span))
    return tuple(sorted(found, key=lambda one: one.name if one.name in SPARE_TEMPLATES else ""))


def _unfit_template(name: str, written: Scalar, first: Scalar) -> Diagnostic | None:
    """What keeps a name from being that of a template. first: that has this name already."""
    if not name:
        return Diagnostic("unfit-template", "the name of a template is empty", written.span)
    if '"' in name:
        message = f'the template `{truncate(name, 24)}` has `"` in its name'
        return Diagnostic("unfit-template", message, written.span)
    if first is not written:
        return _twice("template-twice", f"the template `{truncate(name)}`", written, first)
    spare = _SPARE_ONES.get(name.casefold(), name)
    if name != spare:
        message = f"the spare template is called `{spare}`; found `{truncate(name)}`"
        return Diagnostic("unfit-template", message, written.span)
    return None


def _twice(code: str, what: str, second: Scalar, first: Scalar) -> Diagnostic:
    """To Anki, names that differ in capitals alone are one, of which it changes one.

    Source: Anki, rslib/src/notetype/mod.rs, `ensure_names_unique`; measured with Anki 24.11 to 26.09.
    """
    return Diagnostic(
        code=code,
        message=f"{what} is listed twice",
        span=second.span,
        related=(Related(first.span, "first here"),),
        help="give it another name; to Anki, capitals make no difference",
    )


def _same_front(front: Nodes, second: Scalar, first: Scalar) -> Iterator[Diagnostic]:
    """Anki's editor saves no such note type.

    Source: Anki, rslib/src/notetype/mod.rs, `ensure_template_fronts_unique`.
    """
    if not any(part.field == "Card" for part in replacements(front)):
        message = f"the template `{truncate(second.value, 24)}` asks what another asks"
        related = (Related(first.span, "with the same front"),)
        advice = "ask something else, or show `{{Card}}`; a learner could not change the note type in Anki"
        yield Diagnostic("same-front", message, second.span, related=related, help=advice)


def _side(
    given: Mapping, side: Literal["front", "back"], what: str, known: Sequence[str], report: Report
) -> tuple[str, Nodes] | None:
    node = decode.required(given, side, what, report)
    written = None if node is None else decode.scalar(node, side, report)
    return None if written is None else read_template(written, known, side, report)


def _cloze_with_several(templates: Mapping) -> Diagnostic:
    """Source: Anki, rslib/src/notetype/mod.rs: the cards of a cloze note type come from its one template."""
    second = list(templates.entries.values())[1][0]
    return Diagnostic(
        code="cloze-with-templates",
        message="a note type with cloze deletions has one template only",
        span=second.span,
        note="one too many",
        help="make a note type of its own of it; Anki makes a card for each number of the deletions",
    )
