"""The generated parts of docs/format.md: every key of the source format, with what its value may be."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from cardwright.kinds import KINDS
from cardwright.kinds import card_keys as c
from cardwright.layout.units import LENGTH
from cardwright.reader import deck_keys as d
from cardwright.reader.schema import REQUIRED_BY_KIND
from cardwright.record import Record
from cardwright.source.keys import DAY, FLAG, FORMER_NAME, HTML_KEYS, NAME, Form, Key
from scripts.markdown import anchor, one_of, table

_Keys = Mapping[str, Key]


class Place(Record, frozen=True):
    """A place where keys are written. shown: those that its table lists, if not all that it may have."""

    keys: _Keys
    required: Sequence[str] = ()
    shown: _Keys | None = None


def _kind(name: str, shared: _Keys) -> Place:
    keys = KINDS[name].keys
    own = {key: keys[key] for key in keys if keys[key] is not shared.get(key)}
    # The key that gives the kind its name comes first, and those that other kinds have, too, come last.
    rare = {
        key: own[key] for key in own if sum(own[key] is kind.keys.get(key) for kind in KINDS.values()) == 1
    }
    return Place(keys, (name, *REQUIRED_BY_KIND.get(name, ())), {name: own[name], **rare, **own})


PLACES = {
    "deck": Place(
        d.DECK_KEYS, ["deck"], {k: v for k, v in d.DECK_KEYS.items() if d.TOPIC_KEYS.get(k) is not v}
    ),
    "file of cards": Place(d.TOPIC_KEYS, ["cards"]),
    "print": Place(d.PRINT_SETTING_KEYS),
    "card size": Place(d.CARD_SIZE_KEYS, ["size"]),
    "source": Place(d.REFERENCE_KEYS, ["title"]),
    "note type": Place(d.IMPORTED_NOTE_TYPE_KEYS, ["fields", "templates"]),
    "template": Place(d.TEMPLATE_KEYS, ["front", "back"]),
    "keys": Place(d.TEXT_CARD_KEYS | d.PICTURE_CARD_KEYS),
    "anki": Place(d.ANKI_KEYS),
    "preset": Place(d.PRESET_KEYS),
    "every card": Place(c.SHARED_KEYS),
    "most cards": Place(
        c.COMMON_KEYS, (), {k: v for k, v in c.COMMON_KEYS.items() if k not in c.SHARED_KEYS}
    ),
    "q": _kind("q", c.COMMON_KEYS),
    "reverse": Place(c.REVERSE_KEYS, ["q", "a"]),
    "cloze": _kind("cloze", c.COMMON_KEYS),
    "list": _kind("list", c.COMMON_KEYS),
    "table": _kind("table", c.COMMON_KEYS),
    "table's parts": Place(c.TABLE_PART_KEYS, ["ask", "rows"]),
    "column": Place(c.COLUMN_KEYS, ["q"]),
    "row": Place(c.ROW_NAME_KEYS),
    "diagram": _kind("diagram", c.COMMON_KEYS),
    "label": Place(c.LABEL_KEYS),
    "shape": Place(c.SHAPE_KEYS),
    "type": _kind("type", c.SHARED_KEYS),
    "html": Place(HTML_KEYS, ["html"]),
}


class _Page:
    """A page with the headings over the tables of keys, to which values link."""

    def __init__(self, page: str) -> None:
        self._titles: dict[str, str] = {}
        title = ""
        for line in page.split("\n"):
            if line.startswith("##"):
                title = line.lstrip("#").strip()
            elif line.startswith("<!-- generated: keys of "):
                name = line.removeprefix("<!-- generated: keys of ").removesuffix(" -->")
                self._titles[name] = title

    def link(self, place: str, words: str = "") -> str:
        """Return a link to the keys of a place."""
        title = self._titles[place]
        return f"[{words or title}](#{anchor(title)})"

    def table(self, place: Place) -> str:
        rows = []
        for name, key in (place.keys if place.shown is None else place.shown).items():
            cell = f"`{name}`" + (" (required)" if name in place.required else "")
            form = key.form() if callable(key.form) else key.form
            rows.append((cell, self.value(name, form), key.description))
        return table(("key", "value", "what it is for"), rows)

    def value(self, name: str, form: Form) -> str:
        """Return what a value may be. name: of its key."""
        if name == "allow" and "anyOf" in form:
            return "[rule](rules.md), or list of rules"
        options = [*dict.fromkeys(self._options(form))]
        return ", or ".join(options)

    def _options(self, form: Form, *, many: bool = False) -> Iterator[str]:
        """Yield in words each form that a value may have. many: whether there are several of it."""
        if "anyOf" in form:
            for option in form["anyOf"]:
                yield from self._options(option, many=many)
            return
        if "$ref" in form:
            yield self.link("every card", "cards")
            return
        types = form["type"] if isinstance(form["type"], tuple) else (form["type"],)
        scalars = [type_ for type_ in types if type_ not in ("array", "object")]
        if scalars:
            yield _scalar(form, scalars, many=many)
        if "object" in types:
            yield self._mapping(form, many=many)
        if "array" in types:
            count = f"{form['maxItems']} " if "maxItems" in form else ""
            items = [*dict.fromkeys(self._options(form["items"], many=True))]
            yield f"list{'s' if many else ''} of {count}{'these' if len(items) > 1 else items[0]}"

    def _mapping(self, form: Form, *, many: bool) -> str:
        ending = "s" if many else ""
        properties: Any = form.get("properties", {})
        if not properties:
            of = " or ".join(self._options(form["additionalProperties"], many=True))
            return f"mapping{ending} of names to {of}"
        place = next((name for name, place in PLACES.items() if place.keys == properties), None)
        if place is None:
            return f"mapping{ending}"
        if place == "html":
            return self.link(place, "HTML")
        return self.link(place, f"mapping{ending}")

    def index(self) -> str:
        """Return each key with links to where it is described."""
        found: dict[str, dict[str, None]] = {}
        for name, place in PLACES.items():
            for key in place.keys if place.shown is None else place.shown:
                found.setdefault(key, {})[self.link(name)] = None
        return table(
            ("key", "where"), ((f"`{key}`", ", ".join(found[key])) for key in sorted(found, key=str.casefold))
        )


def _scalar(form: Form, types: Sequence[str], *, many: bool) -> str:
    pattern = form.get("pattern")
    s = "s" if many else ""
    if "enum" in form:
        if len(form["enum"]) > 10:
            return "[name of a card size](printing.md#card-sizes)"
        return one_of(form["enum"])
    if pattern == FLAG["pattern"]:
        return "`true` or `false`"
    if pattern == DAY["pattern"]:
        return f"day{s}"
    if pattern in (NAME["pattern"], FORMER_NAME["pattern"]):
        return f"name{s}"
    if pattern == f"^(?:{LENGTH})$":
        return f"length{s}"
    if pattern == f"^{d.LANGUAGE}$":
        return "code of a language"
    if "integer" in types or pattern is not None:
        whole = "whole " if "integer" in types and "number" not in types else ""
        limits = f" from {form['minimum']:g} to {form['maximum']:g}" if "maximum" in form else ""
        return f"{whole}number{s}{limits}"
    return f"text{s}"


def _keys_of(place: str) -> Callable[[str], str]:
    return lambda page: _Page(page).table(PLACES[place])


BLOCKS: Mapping[str, Callable[[str], str]] = {
    **{f"keys of {place}": _keys_of(place) for place in PLACES},
    "index": lambda page: _Page(page).index(),
}
