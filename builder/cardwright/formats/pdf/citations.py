"""Citations in forms of different length, for places with much or little room."""

import dataclasses
from collections.abc import Iterable

from cardwright.collection.reference import Citation
from cardwright.record import replace


def citation_forms(citations: Iterable[Citation]) -> list[list[str]]:
    """Return the lines of citations in all their forms, from whole to shortest; of equal forms only one.

    Lines that come to say the same are one.
    """
    cited = list(citations)
    shortenings = (_whole, _without_remarks, brief_citation, _without_place, _without_origin)
    forms = dict.fromkeys(tuple(dict.fromkeys(map(shorten, cited))) for shorten in shortenings)
    return [list(form) for form in forms]


def brief_citation(citation: Citation) -> str:
    """Return author, title and place; of a work without an author, its publisher as well."""
    reference = citation.reference
    title = reference.title + (f" § {citation.locator}" if citation.locator else "")
    return _join(reference.author, title, "" if reference.author else reference.publisher)


def _whole(citation: Citation) -> str:
    return citation.text


def _without_remarks(citation: Citation) -> str:
    reference = dataclasses.replace(citation.reference, reviewed="", note="")
    return replace(citation, reference=reference).text


def _without_place(citation: Citation) -> str:
    return brief_citation(replace(citation, locator=""))


def _without_origin(citation: Citation) -> str:
    return _join(citation.reference.author, citation.reference.title)


def _join(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
