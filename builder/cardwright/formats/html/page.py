"""The page of a deck: one file with everything in it, which needs no network and no program but a browser."""

import base64
import hashlib
import json
import re
from collections.abc import Collection, Hashable, Iterable, Mapping
from importlib.resources import files
from itertools import groupby
from typing import TypeVar

from cardwright.collection.content import MediaFile
from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.collection.reference import Citation, Reference
from cardwright.formats.html.page_content import PageContent, attribute, attributes, text
from cardwright.formats.html.page_notes import short_name, write_note
from cardwright.formats.translations import find_translation
from cardwright.record import asdict

_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"})
_Value = TypeVar("_Value", bound=Hashable)


def make_page(deck: Deck, guids: Mapping[str, str]) -> tuple[str, Collection[MediaFile]]:
    """Return the page of a deck, and the media files in it. guids: of its notes, by key."""
    tags = _number(tag for note in deck.notes for tag in note.tags)
    citations = _number(citation for note in deck.notes for citation in note.answer_citations)
    references = {reference: number for number, reference in enumerate(deck.references, 1)}
    words = find_translation(deck.language)
    writer = PageContent()
    sections = []
    for number, (heading, group) in enumerate(groupby(deck.notes, key=lambda note: note.heading), 1):
        notes = [write_note(note, writer, text(words.cards.hint)) for note in group]
        opening = f"<section id=t{number}><h2>{text(heading)}</h2><ul>"
        sections.append("\n".join([opening, *notes, "</ul></section>"]))
    data = {
        "deck": deck.id,
        "rows": _rows(deck.notes, guids, tags, citations),
        "tags": list(tags),
        "citations": [[references[citation.reference], citation.locator] for citation in citations],
    }
    texts = asdict(words.browser)
    script = re.sub(
        r"\bwords\.(\w+)",
        lambda match: _json(texts[match[1]]),
        _minify(_template("page.js"), _JAVASCRIPT_SIGN),
    )
    values = {
        "LANGUAGE": attribute(deck.language),
        "DIRECTION": "rtl" if deck.language.split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr",
        "SCRIPT_HASH": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii"),
        "TITLE": text(deck.name.replace("::", " · ")),
        "STYLE": _minify(_template("page.css"), _CSS_SIGN) + _font(sections),
        "DESCRIPTION": "".join(
            f"<p>{text(part)}</p>" for part in deck.description.split("\n\n") if part.strip()
        ),
        "SECTIONS": "\n".join(sections),
        "SOURCES": _sources(deck.references, words.pages.sources),
        "LICENSE": text(" · ".join(filter(None, [*deck.authors, deck.license]))),
        "DATA": _json(data),
        "SCRIPT": script,
    }
    pieces = _template("page.html").split("@@")
    page = "".join(values[piece] if index % 2 else piece for index, piece in enumerate(pieces))
    return page, writer.files


def _number(values: Iterable[_Value]) -> dict[_Value, int]:
    """Return the number of each value, from 1, in the order in which they come first."""
    return {value: number for number, value in enumerate(dict.fromkeys(values), 1)}


def _rows(
    notes: Iterable[Note],
    guids: Mapping[str, str],
    tags: Mapping[str, int],
    citations: Mapping[Citation, int],
) -> str:
    """Return what the page knows of its notes, with a space between them.

    The row of a note is its name, the numbers of its tags and those of its citations: `EGy1m,3.4,12`.
    Where the numbers are those of the note before, they are left out.
    """
    rows: list[str] = []
    names: set[str] = set()
    before = ["0", "0"]
    for note in notes:
        names.add(name := short_name(guids[note.key], names))
        own = [[tags[tag] for tag in note.tags], [citations[citation] for citation in note.answer_citations]]
        lists = [".".join(map(str, numbers or [0])) for numbers in own]
        new = [now if now != then else "" for now, then in zip(lists, before, strict=True)]
        rows.append(",".join([name, *new]).rstrip(","))
        before = lists
    return " ".join(rows)


def _font(sections: Iterable[str]) -> str:
    """Return the style of formulas, with their font, if a page has any."""
    if not any("<math" in section for section in sections):
        return ""
    from cardwright.source.formulas.core import math_font  # noqa: PLC0415  few decks have formulas

    data = base64.b64encode(math_font()).decode("ascii")
    source = f"src:url(data:font/woff2;base64,{data})"
    return f"@font-face{{font-family:m;{source}}}math{{font-family:m,math;font-size:1.15em}}"


def _template(name: str) -> str:
    return files(__package__).joinpath("template", name).read_text("utf-8")


# A string or a comment of JavaScript or CSS, or what is between them.
_PIECE = re.compile(r"""("[^"\n]*"|`[^`]*`)|/\*.*?\*/|//[^\n]*|([^"`/]+|/)""", re.DOTALL)
# What needs no white space around it, in each of them.
_CSS_SIGN = re.compile(r" ?([{},>~]|;(?! \})|:(?= )) ?|; (?=\})| (?=!)")
_JAVASCRIPT_SIGN = re.compile(r" ?([][{}()=<>?:&|*,;+]) ?")


def _minify(code: str, sign: re.Pattern[str]) -> str:
    """Return our CSS or JavaScript without comments and needless white space."""
    shorter = []
    for match in _PIECE.finditer(code):
        string, between = match.groups("")
        between = re.sub(r"\b0(?=\.\d)", "", re.sub(r"\s+", " ", between))
        shorter.append(string + sign.sub(lambda match: match[1] or "", between))
    return "".join(shorter).strip()


def _json(value: object) -> str:
    """Return a value as JSON within a script element, which `<` would let a text end."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _sources(references: Iterable[Reference], title: str) -> str:
    entries = [f"<li id=s{number}>{_reference(ref)}" for number, ref in enumerate(references, 1)]
    if not entries:
        return ""
    return f"<section id=sources><h2>{text(title.rstrip(':： '))}</h2><ol>{''.join(entries)}</ol></section>"


def _reference(reference: Reference) -> str:
    title = f"<cite>{text(reference.title)}</cite>"
    if reference.url:
        title = f"<a{attributes({'href': reference.url})}>{title}</a>"
    parts = (reference.author, reference.publisher, reference.date, reference.note)
    return ", ".join([title, *(text(part) for part in parts if part)])
