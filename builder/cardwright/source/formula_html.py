"""HTML in formulas, as texts copied from Anki have it."""

import re
from collections.abc import Iterator

from cardwright.source.tex import TexProblem

_ENTITY = re.compile("&(lt|gt|amp|nbsp);")
# MathJax takes a no-break space for a space.
_SIGNS = {"lt": "<", "gt": ">", "amp": "&", "nbsp": " "}
# A formula may compare what is named like other tags: `a <b> c`.
_TAG = re.compile(r"<br\s*/?>|</[a-z]+>|<(?:div|span)\b[^<>]*>")


def decode_entities(tex: str) -> str:
    """Return TeX with the signs that HTML writes as entities; TeX never means `&lt;`."""
    return _ENTITY.sub(lambda entity: _SIGNS[entity[1]], tex)


def find_tags(tex: str) -> Iterator[TexProblem]:
    """Yield the tags in a formula, each spelling once. tex: as written, with its entities."""
    seen: set[str] = set()
    for tag in _TAG.finditer(tex):
        if tag[0] not in seen:
            seen.add(tag[0])
            message = f"a formula shows `{tag[0]}` as it is written"
            is_break = tag[0].startswith("<br")
            help_ = (
                "leave it out; `\\begin{gathered} x \\\\ y \\end{gathered}` has lines"
                if is_break
                else "leave it out"
            )
            yield TexProblem("tag-as-text", message, help_, tag.start(), tag.end())
