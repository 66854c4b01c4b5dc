"""Take out of foreign note types what could run or fetch something, unless the user trusts it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from html import escape, unescape

from cardwright.check.name_as_markup import find_markup
from cardwright.importing.collection import AnkiMedia, AnkiNote, AnkiTemplate, AnkiType
from cardwright.importing.findings import Findings
from cardwright.source.css import without_unsafe_css
from cardwright.source.css_imports import inline_imports
from cardwright.source.unsafe_markup import (
    FieldInTag,
    find_unfit_names,
    fits_into_tag,
    scan_template,
    without_unsafe_parts,
)

_LEFT_OUT = "parts of card templates that could run or fetch something, left out without --keep-scripts"
_LEFT_OUT_OF_STYLES = "parts of styles that could run or fetch something, left out without --keep-scripts"
_LARGEST_SHEET = 200_000
"""Of a style sheet that another one imports, in bytes."""


class TypeSafety:
    """Knows which note types of a collection are safe, and makes safe ones of the others."""

    def __init__(
        self, types: Mapping[int, AnkiType], media: Mapping[str, AnkiMedia], *, keeps_scripts: bool
    ) -> None:
        """types: by Anki's ids. media: by name. keeps_scripts: whether the user trusts what they have."""
        self._types = types
        self._media = media
        self._keeps_scripts = keeps_scripts
        self._fields_in_tags = {id_: _fields_in_tags(type_) for id_, type_ in types.items()}
        self._unfit_fields: dict[int, set[str]] = defaultdict(set)
        self._unfit_names: dict[int, set[str]] = defaultdict(set)
        for id_, type_ in types.items():
            names = {"Card": [template.name for template in type_.templates], "Type": [type_.name]}
            in_tags, anywhere = find_unfit_names(names)
            self._unfit_fields[id_].update(in_tags)
            self._unfit_names[id_].update(anywhere)

    def see_note(self, note: AnkiNote) -> None:
        """Take note of the fields of a note that do not fit where templates have them."""
        if any(map(_is_markup, note.tags)):
            self._unfit_names[note.type_id].add("Tags")
        if any(_is_markup(card.deck) for card in note.cards):
            self._unfit_names[note.type_id].update(("Deck", "Subdeck"))
        in_tags = self._fields_in_tags.get(note.type_id)
        if not in_tags:
            return
        values = dict(zip(self._types[note.type_id].fields, note.fields, strict=False))
        values.setdefault("Tags", escape(" ".join(note.tags), quote=False))
        for shown in in_tags:
            html = values.get(shown.field, "")
            # As a build writes the text of the field.
            text = escape(unescape(html), quote=False)
            if "<" in html or not fits_into_tag(text, shown.kind):
                self._unfit_fields[note.type_id].add(shown.field)

    def safe_types(self, ids: Iterable[int], findings: Findings) -> dict[int, AnkiType]:
        """Return note types as the sources may have them, by ids, and count what had to be left out."""
        types = {id_: self._with_sheets(self._types[id_], findings) for id_ in sorted(ids)}
        if self._keeps_scripts:
            return types
        return {id_: self._make_safe(type_, findings) for id_, type_ in types.items()}

    def _make_safe(self, type_: AnkiType, findings: Findings) -> AnkiType:
        css, taken_out = without_unsafe_css(type_.css)
        _count(_LEFT_OUT_OF_STYLES, type_, taken_out.elements(), findings)
        templates = []
        for template in type_.templates:
            sides = []
            for html in (template.front, template.back):
                unfit = self._unfit_fields[type_.id], self._unfit_names[type_.id]
                cleaned, taken_out = without_unsafe_parts(html, *unfit)
                _count(_LEFT_OUT, type_, taken_out.elements(), findings)
                sides.append(cleaned)
            templates.append(AnkiTemplate(template.name, *sides))
        return replace(type_, css=css, templates=tuple(templates))

    def _with_sheets(self, type_: AnkiType, findings: Findings) -> AnkiType:
        """Return a note type with the style sheets of the media that its style imports as a part of it."""
        css = inline_imports(type_.css, self._read_sheet)
        if css == type_.css:
            return type_
        findings.add("styles with the style sheets that they imported as a part of them", type_.name)
        return replace(type_, css=css)

    def _read_sheet(self, name: str) -> str | None:
        """Return a style sheet of the media; None if there is none, or one that nobody would have written."""
        if name not in self._media:
            return None
        with self._media[name].open() as file:
            data = file.read(_LARGEST_SHEET + 1)
        css = data.decode("utf-8-sig", "replace")
        return None if len(data) > _LARGEST_SHEET or "\ufffd" in css else css


@lru_cache(maxsize=4096)
def _is_markup(name: str) -> bool:
    return bool(find_markup(name))


def _fields_in_tags(type_: AnkiType) -> set[FieldInTag]:
    sides = (html for template in type_.templates for html in (template.front, template.back))
    return {shown for html in sides for shown in scan_template(without_unsafe_parts(html)[0]).fields_in_tags}


def _count(text: str, type_: AnkiType, names: Iterable[str], findings: Findings) -> None:
    for name in names:
        shown = name if any(map(str.isalnum, name)) else f"a stray {name}"
        findings.add(text, f"{shown} in {type_.name}")
