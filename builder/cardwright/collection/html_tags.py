"""The tags that a template may have, by what they mean."""

STRONG = frozenset({"b", "strong"})
EMPHASIS = frozenset({"i", "em", "u"})
STRUCK = frozenset({"s", "del", "strike"})
CODE = frozenset({"code", "kbd", "samp", "tt"})
INLINE = STRONG | EMPHASIS | STRUCK | CODE | {"a", "span", "font", "small", "big"}
LISTS = frozenset({"ul", "ol"})
CELLS = frozenset({"td", "th"})
SECTIONS = frozenset({"thead", "tbody", "tfoot"})
TABLE = CELLS | SECTIONS | {"table", "tr", "caption"}
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
ALONE = frozenset({"br", "hr"})
"""That have no content and no closing tag."""
KNOWN = (
    INLINE | LISTS | TABLE | HEADINGS | ALONE | {"div", "p", "section", "center", "li", "blockquote", "pre"}
)
