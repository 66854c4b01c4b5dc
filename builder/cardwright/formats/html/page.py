"""The page of a deck: one file with everything in it, which needs no network and no program but a browser."""

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from importlib.resources import files
from itertools import groupby
from typing import TypeVar

from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.collection.reference import Reference
from cardwright.formats.html.entries import write_entry
from cardwright.formats.html.page_content import PageContent, attribute, attributes, text
from cardwright.formats.translations import find_translation
from cardwright.record import asdict

_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"})
_Value = TypeVar("_Value", bound=Hashable)
_Numbers = tuple[int, ...]


def make_page(deck: Deck, guids: Mapping[str, str]) -> str:
    """Make the page of a deck. guids: of its notes, by key."""
    tags = _number(tag for note in deck.notes for tag in note.tags)
    citations = _number(citation for note in deck.notes for citation in note.answer_citations)
    references = {reference: number for number, reference in enumerate(deck.references, 1)}
    writer = PageContent()
    sections = []
    for number, (heading, group) in enumerate(groupby(deck.notes, key=lambda note: note.heading), 1):
        notes = list(group)
        lists = {
            "data-t": [tuple(tags[tag] for tag in note.tags) for note in notes],
            "data-s": [tuple(citations[citation] for citation in note.answer_citations) for note in notes],
        }
        sections.append(_section(number, heading, notes, lists, guids, writer))
    words = find_translation(deck.language)
    data = {
        "deck": deck.id,
        "tags": list(tags),
        "citations": [[references[citation.reference], citation.locator] for citation in citations],
        "words": asdict(words.browser),
    }
    script = _without_comments(_template("page.js"))
    values = {
        "LANGUAGE": attribute(deck.language),
        "DIRECTION": "rtl" if deck.language.split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr",
        "SCRIPT_HASH": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii"),
        "TITLE": text(deck.name.replace("::", " · ")),
        "STYLE": _without_comments(_template("page.css")),
        "DESCRIPTION": "".join(
            f"<p>{text(part)}</p>" for part in deck.description.split("\n\n") if part.strip()
        ),
        "SECTIONS": "\n".join(sections),
        "SOURCES": _sources(deck.references, words.pages.sources),
        "LICENSE": text(" · ".join(filter(None, [*deck.authors, deck.license]))),
        # `<` would let a text end the script element.
        "DATA": json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        "SCRIPT": script,
    }
    pieces = _template("page.html").split("@@")
    return "".join(values[piece] if index % 2 else piece for index, piece in enumerate(pieces))


def _number(values: Iterable[_Value]) -> dict[_Value, int]:
    """Return the number of each value, from 1, in the order in which they come first."""
    return {value: number for number, value in enumerate(dict.fromkeys(values), 1)}


def _section(
    position: int,
    heading: str,
    notes: Sequence[Note],
    lists: Mapping[str, Sequence[_Numbers]],
    guids: Mapping[str, str],
    writer: PageContent,
) -> str:
    """Write the notes of a topic. lists: of each note; what most of them have, the section has for them."""
    shared = {name: Counter(values).most_common(1)[0][0] for name, values in lists.items()}
    entries = [
        write_entry(
            note,
            guids[note.key],
            {name: values[index] for name, values in lists.items() if values[index] != shared[name]},
            writer,
        )
        for index, note in enumerate(notes)
    ]
    own = {name: " ".join(map(str, value)) for name, value in shared.items() if value}
    opening = f"<section{attributes({'id': f't{position}', **own})}><h2>{text(heading)}</h2>"
    return "\n".join([opening, *entries, "</section>"])


def _template(name: str) -> str:
    return files(__package__).joinpath("template", name).read_text("utf-8")


def _without_comments(code: str) -> str:
    """Return our CSS or JavaScript without comments, indentation and empty lines."""
    code = re.sub(r"/\*.*?\*/|^ *//.*?$", "", code, flags=re.DOTALL | re.MULTILINE)
    return "".join(f"{line.strip()}\n" for line in code.splitlines() if line.strip())


def _sources(references: Iterable[Reference], title: str) -> str:
    entries = [f"<li id=s{number}>{_reference(ref)}</li>" for number, ref in enumerate(references, 1)]
    if not entries:
        return ""
    return f"<section id=sources><h2>{text(title.rstrip(':： '))}</h2><ol>{''.join(entries)}</ol></section>"


def _reference(reference: Reference) -> str:
    title = f"<cite>{text(reference.title)}</cite>"
    if reference.url:
        title = f'<a href="{attribute(reference.url)}" target=_blank rel="noopener noreferrer">{title}</a>'
    parts = (reference.author, reference.publisher, reference.date, reference.note)
    return ", ".join([title, *(text(part) for part in parts if part)])
