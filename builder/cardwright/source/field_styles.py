"""Tells which elements of a field the style of a note type shows in its own way.

The page around a field is not known here. So whatever depends on it, or on the time of day, the device or the
mouse, counts as if it were so: what is styled alike here looks alike on every card.

Sources: CSS Syntax 3, Selectors 4, CSS Nesting 1.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import tinycss2
from cssselect2 import parser as css_selectors

from cardwright.collection import html_layout
from cardwright.collection.colour import BLACK, WHITE, Colour
from cardwright.record import Record
from cardwright.source.css import has_deep_brackets, parse_colour, written_declarations
from cardwright.source.html_parsing import HtmlElement, HtmlNode, parse_html
from cardwright.source.style_sheets import MAX_NESTING, nested_selector

ElementStyle = tuple[str, ...]
"""What a style says of an element: `styled`, or `boxed` for more than a look of its text, and how."""

# What Anki's own style sheet shows in its own way. Source: Anki, ts/reviewer/reviewer.scss.
_ANKI_STYLE = ".drawing, .latex, .typeGood, .typeBad, .typeMissed, .replay-button { zoom: 1.5 }"

_SHEET = re.compile(r"<style\b[^>]*>(.*?)(?:</style|\Z)", re.DOTALL | re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)(?:</script|\Z)", re.DOTALL | re.IGNORECASE)
_HANDLER = re.compile(r"""\bon[a-z]+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
_TAG = re.compile(r"</?([a-z][a-z0-9]*)", re.IGNORECASE)
_SELECTION = re.compile(
    r"(?:querySelector(?:All)?|getElementsByTagName|closest|matches|find|children|\$|jQuery)"
    r"\(\s*[\"'`]([^\"'`]*)"
)
_SELECTED_NAME = re.compile(r"(?<![\w.#\[:=\"'-])[a-z][a-z0-9]*(?![\w(=-])", re.IGNORECASE)
_LINK_ON_PAGE = re.compile(r"""href\s*=\s*["']?#([\w-]+)""", re.IGNORECASE)
_FIELD = re.compile(r"\{\{[^#^/!]")
_BOXES_OF_CHILDREN = re.compile(r"\b(?:flex|grid|-webkit-box|-webkit-inline-box)\b")
_KEEPS_SPACES = re.compile(r"\bpre|\bbreak-spaces|preserve")
_RIGHT_TO_LEFT = re.compile(r"""\bdir\s*=\s*["']?rtl""", re.IGNORECASE)
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")
_NIGHT = re.compile(r"night_?mode|dark", re.IGNORECASE)

_SEEN_PSEUDO_ELEMENTS = frozenset({None, "before", "after", "marker", "first-letter", "first-line"})
_BY_POSITION = re.compile(r":(?:first-|last-|only-|nth-)|[+~]")
_FROM_THE_END = re.compile(r":(?:last-|only-|nth-last-)")
# What is inherited and looks alike whether one element has it or several beside each other.
_OF_TEXT = re.compile(
    r"--.*|color|font(?:-.*)?|letter-spacing|word-spacing|line-height|text-(?:transform|shadow)|-webkit-text-.*"
)
_INHERITED = re.compile(
    rf"{_OF_TEXT.pattern}|text-(?:align|indent).*|white-space.*|direction|visibility|word-.*|overflow-wrap|hyphens"
)
# What changes nothing on elements without a size, a margin or a border by themselves.
_NO_EFFECT = re.compile(
    r"(?:box-sizing|cursor|user-select|-.*|transition.*|scroll.*|caret-color|pointer-events):.*"
    r"|(?:margin|padding|border|outline)[a-z-]*:(?:(?:0[a-z]*|none|auto)\s*)+"
)
# What browsers say of elements by themselves. Source: HTML Standard, 15.3.
_BROWSER_STYLE = {
    **dict.fromkeys(("b", "strong", "i", "em", "cite", "var", "dfn", "address"), re.compile("font.*")),
    **dict.fromkeys(("code", "kbd", "samp", "tt", "sub", "sup", "small", "big"), re.compile("font.*")),
    **dict.fromkeys(("a", "mark", "font"), re.compile("color|background.*|font.*|text-.*")),
    "center": re.compile("text-align"),
}
_BOXES = html_layout.HEADINGS | html_layout.LISTS | html_layout.CELLS
_BOXES |= {"p", "li", "table", "hr", "pre", "blockquote", "img", "svg", "dl", "dd", "figure"}


class _Rule(Record, frozen=True):
    """A rule of a style sheet, for one of its selectors.

    number: the same for all selectors of a rule. selector: of cssselect2.
    declared: properties and values, in lower case.
    is_positional, counts_from_end: whether it depends on what stands beside an element, or behind it.
    is_for_night: whether it counts then.
    """

    number: int
    selector: Any
    pseudo_element: str | None
    specificity: tuple[int, int, int]
    declared: tuple[tuple[str, str], ...]
    is_positional: bool
    counts_from_end: bool
    is_for_night: bool


_Path = tuple[tuple[HtmlElement, Sequence[HtmlElement]], ...]
"""Elements within each other, outermost first, each with the elements that stand before it."""


class FieldStyles:
    """What the style sheet and the templates of a note type say of the elements in its fields.

    declared: the properties that it sets anywhere.
    has_plain_ink, has_plain_paper: whether by day all text is black, and what it stands on white, unless an
        element in a field has another colour. has_plain_deletions: whether so is what a card asks for.
    keeps_spaces: whether white space may show as it is written.
    """

    def __init__(self, css: str, sides: Iterable[str] = ()) -> None:
        """sides: of its card templates."""
        templates = "\n".join(sides)
        self._rules: list[_Rule] = []
        for sheet in (_ANKI_STYLE, css, *_SHEET.findall(templates)):
            self._read_sheet(sheet)
        self._is_usual = cache(
            lambda name: not self._style(((HtmlElement(name, {}, ()), ()),), is_cloze=True)
        )
        self._ids = frozenset(_LINK_ON_PAGE.findall(templates))
        self._scripts = _Scripts(templates)
        self._styled_names: dict[str, bool] = {}
        self._lays_out_fields = False
        self._by_subject: dict[str, list[_Rule]] = {}
        for rule in self._rules:
            self._by_subject.setdefault(_subject(rule.selector), []).append(rule)
        declarations = [declaration for rule in self._rules for declaration in rule.declared]
        variables = (name for _, value in declarations for name in _VARIABLE.findall(value))
        turned = ("direction",) if _RIGHT_TO_LEFT.search(templates) else ()
        self.declared = frozenset((*dict(declarations), *variables, *turned))
        self.keeps_spaces = any(
            name.startswith("white-space") and _KEEPS_SPACES.search(value)
            for rule in self._rules
            for name, value in (rule.declared if _subject(rule.selector) != "pre" else ())
        )
        names = frozenset(name.lower() for name in _TAG.findall(templates))
        words = frozenset(re.findall(r"[\w-]+", templates)) | _PAGE_NAMES
        around = [rule for rule in self._rules if _may_be_around(rule, names, words)]
        self.has_plain_ink = _is_plain(around, "color", BLACK, is_needed=False)
        self.has_plain_paper = _is_plain(around, "background", WHITE, is_needed=True)
        deletions = [rule for rule in self._rules if _subject(rule.selector).startswith(".cloze")]
        self.has_plain_deletions = all(
            _is_plain(deletions, name, colour, is_needed=False)
            for name, colour in (("color", BLACK), ("background", WHITE))
        )

        self._lays_out_fields = any(map(self._lays_out, _around_fields(parse_html(templates), ())))

    def _lays_out(self, path: _Path) -> bool:
        """Return whether an element of a template makes a box of each element right in it."""
        own = written_declarations(path[-1][0].attributes.get("style", ""))
        by_rules = (
            declaration
            for rule in self._candidates(path[-1][0])
            for declaration in rule.declared
            if _match(rule.selector, path, is_cloze=False) is not False
        )
        declarations = [*by_rules, *((name, value) for name, value, _ in own)]
        return any(name == "display" and _BOXES_OF_CHILDREN.search(value) for name, value in declarations)

    def shows_as_usual(self, names: Iterable[str]) -> bool:
        """Return whether it shows elements without attributes as all cards do. names: of elements."""
        return all(map(self._is_usual, names))

    def find_styled(self, nodes: Sequence[HtmlNode], *, is_cloze: bool) -> dict[int, ElementStyle]:
        """Return what it says of the elements of a field, by `id()`, without those that look as usual."""
        found: dict[int, ElementStyle] = {}
        counts: dict[str, int] = {}

        def walk(nodes: Sequence[HtmlNode], path: _Path) -> None:
            before: list[HtmlElement] = []
            count = sum(isinstance(node, HtmlElement) for node in nodes)
            for node in nodes:
                if isinstance(node, HtmlElement):
                    own = (*path, (node, tuple(before)))
                    if style := self._style(own, is_cloze=is_cloze, count=count):
                        name, key = style
                        if name == "boxed" and node.name not in _LEAVES:
                            counts[key] = counts.get(key, 0) + 1
                            key += f" {counts[key]}"
                        if path and {node.name, path[-1][0].name} <= html_layout.LISTS:
                            key += " beside its entries"  # where a text has it within one
                        found[id(node)] = (name, key)
                    walk(node.children, own)
                    before.append(node)

        walk(nodes, ())
        return found

    def _style(self, path: _Path, *, is_cloze: bool, count: int = 1) -> ElementStyle:
        """Return what it says of an element. count: of all elements beside it, and itself."""
        element, before = path[-1]
        keys = self._scripts.names_of(element)
        if (own_id := element.attributes.get("id", "")) in self._ids:
            keys.append(f"#{own_id}")
        if self._lays_out_fields and len(path) == 1:
            keys.append(f"{element.name}@{len(before)}")
        is_boxed = bool(keys)
        for rule in self._candidates(element):
            answer = _match(rule.selector, path, is_cloze)
            if answer is False or self._changes_nothing(rule, element):
                continue
            place = f"@{len(before)}" if rule.is_positional else ""
            place += f"/{count}" if rule.counts_from_end else ""
            sure = "" if answer else "?"
            keys.append(f"{rule.number}{rule.pseudo_element or ''}{rule.specificity}{place}{sure}")
            is_of_text = all(_OF_TEXT.fullmatch(name) for name, _ in rule.declared)
            is_boxed = is_boxed or not is_of_text or rule.pseudo_element is not None
            is_boxed = is_boxed or element.name not in html_layout.INLINE
        return ("boxed" if is_boxed else "styled", " ".join(dict.fromkeys(keys))) if keys else ()

    def _candidates(self, element: HtmlElement) -> list[_Rule]:
        subjects = ["", element.name, *(f".{name}" for name in element.attributes.get("class", "").split())]
        if own_id := element.attributes.get("id"):
            subjects.append(f"#{own_id}")
        rules = (rule for subject in dict.fromkeys(subjects) for rule in self._by_subject.get(subject, ()))
        return sorted(rules, key=lambda rule: rule.number)

    def _changes_nothing(self, rule: _Rule, element: HtmlElement) -> bool:
        """Return whether a rule about all elements leaves one as it would be without it."""
        if not _is_universal(rule) or element.name in _BOXES:
            return False
        by_browser = _BROWSER_STYLE.get(element.name)
        own = {name for name, _, _ in written_declarations(element.attributes.get("style", ""))}
        return all(
            name not in own
            and not (by_browser and by_browser.fullmatch(name))
            and (
                _NO_EFFECT.fullmatch(f"{name}:{value}") is not None
                or (_INHERITED.fullmatch(name) is not None and self._is_set_by_one_rule(name))
            )
            for name, value in rule.declared
        )

    def _is_set_by_one_rule(self, name: str) -> bool:
        """Return whether what is around a field has a property from one rule for all elements alone."""
        return not any(
            own == name
            for rule in self._rules
            if not _is_universal(rule) and _subject(rule.selector) not in _ABOVE_CARDS
            for own, _ in rule.declared
        )

    def _read_sheet(self, css: str) -> None:
        if not has_deep_brackets(css):
            nodes = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
            self._read_rules(nodes, "", 0, is_for_night=False)

    def _read_rules(self, nodes: Iterable[Any], parent: str, depth: int, *, is_for_night: bool) -> None:
        """Read rules. parent: the selector of the rule around them; empty for none."""
        for node in nodes if depth <= MAX_NESTING else ():
            if node.type not in ("qualified-rule", "at-rule") or node.content is None:
                continue
            selector = parent
            is_night = is_for_night
            if node.type == "qualified-rule":
                selector = nested_selector(node.prelude, parent)
            elif node.lower_at_keyword in _WITHOUT_ELEMENTS:
                continue
            else:
                is_night = is_night or _NIGHT.search(tinycss2.serialize(node.prelude)) is not None
            inner = (
                tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
                if selector
                else tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            )
            self._add_rules(selector, inner, is_for_night=is_night)
            self._read_rules(inner, selector, depth + 1, is_for_night=is_night)

    def _add_rules(self, selector: str, nodes: Iterable[Any], *, is_for_night: bool) -> None:
        declared = tuple(
            (node.lower_name, tinycss2.serialize(node.value).strip().lower())
            for node in nodes
            if node.type == "declaration"
        )
        if not declared:
            return
        try:
            parsed = list(css_selectors.parse(selector))
        except (css_selectors.SelectorError, RecursionError):  # which browsers leave out as well
            return
        number = len(self._rules)
        is_positional = _BY_POSITION.search(selector) is not None
        is_for_night = is_for_night or _NIGHT.search(selector) is not None
        self._rules += (
            _Rule(
                *(number, one.parsed_tree, one.pseudo_element, one.specificity, declared),
                *(is_positional, _FROM_THE_END.search(selector) is not None, is_for_night),
            )
            for one in parsed
            if one.pseudo_element in _SEEN_PSEUDO_ELEMENTS
        )


_LEAVES = frozenset({"img", "br", "hr", "wbr"})
_WITHOUT_ELEMENTS = frozenset(
    {"font-face", "page", "property", "keyframes", "-webkit-keyframes", "counter-style"}
)
# What the page of a card has around its text, whatever the template is.
_PAGE_NAMES = frozenset({"card", "qa", "_"})
_PAGE_ELEMENTS = frozenset({"html", "body", "div"})
_ABOVE_CARDS = frozenset({"html", "body", ".card", ".nightMode", ".night_mode", ":root"})


# What is around every field, perhaps with more between it and the field. Source: Anki, qt/aqt/reviewer.py.
_PAGE: _Path = (
    (HtmlElement("html", {}, ()), ()),
    (HtmlElement("body", {"class": "card"}, ()), ()),
    (HtmlElement("div", {"id": "qa"}, ()), ()),
)


def _around_fields(nodes: Iterable[HtmlNode], path: _Path) -> Iterator[_Path]:
    """Yield the elements of a template right around a field, each with those around it."""
    before: list[HtmlElement] = []
    for node in nodes:
        if isinstance(node, HtmlElement):
            yield from _around_fields(node.children, (*path, (node, tuple(before))))
            before.append(node)
        elif isinstance(node, str) and path and _FIELD.search(node):
            yield path


class _Scripts:
    """The elements that scripts in templates may look for, by what such scripts name."""

    def __init__(self, templates: str) -> None:
        scripts = _SCRIPT.findall(templates)
        code = "\n".join([text for _, text in scripts] + _HANDLER.findall(templates))
        # What a script from a file names isn't known.
        self._runs_files = any("src" in attributes.lower() for attributes, _ in scripts)
        self._words = frozenset(re.findall(r"[\w-]+", code))
        selected = (name for part in _SELECTION.findall(code) for name in _SELECTED_NAME.findall(part))
        self._elements = frozenset(name.lower() for name in (*_TAG.findall(code), *selected))

    def names_of(self, element: HtmlElement) -> list[str]:
        """Return by what names scripts may look for an element."""
        if not self._words and not self._runs_files:
            return []
        names = [element.name] if element.name in self._elements else []
        words = (
            (attribute, word)
            for attribute in ("class", "id")
            for word in element.attributes.get(attribute, "").split()
        )
        names += (f"{key}={word}" for key, word in words if self._runs_files or word in self._words)
        return names


def _is_universal(rule: _Rule) -> bool:
    tree = rule.selector
    is_compound = isinstance(tree, css_selectors.CompoundSelector)
    return is_compound and not tree.simple_selectors and rule.pseudo_element is None


def _subject(selector: Any) -> str:
    """Return a name, class or id that an element must have for a rule to be about it; empty for none."""
    compound = selector.right if isinstance(selector, css_selectors.CombinedSelector) else selector
    names = {type(simple): simple for simple in compound.simple_selectors}
    if css_selectors.IDSelector in names:
        return f"#{names[css_selectors.IDSelector].ident}"
    if css_selectors.ClassSelector in names:
        return f".{names[css_selectors.ClassSelector].class_name}"
    if css_selectors.LocalNameSelector in names:
        return str(names[css_selectors.LocalNameSelector].lower_local_name)
    pseudo_class = names.get(css_selectors.PseudoClassSelector)
    return ":root" if pseudo_class is not None and pseudo_class.name == "root" else ""


def _may_be_around(rule: _Rule, names: frozenset[str], words: frozenset[str]) -> bool:
    """Return whether a rule may be about what is around a field. names, words: in templates."""
    subject = _subject(rule.selector)
    if rule.pseudo_element is not None or rule.is_for_night:
        return False
    if subject[:1] in (".", "#"):
        return subject[1:] in words and not subject.startswith(".cloze")
    return subject in names | _PAGE_ELEMENTS or subject in ("", ":root")


def _is_plain(rules: Iterable[_Rule], name: str, plain: Colour, *, is_needed: bool) -> bool:
    """Return whether rules set a colour to one alone. is_needed: whether they have to set it."""
    values = {
        value.removesuffix("!important").strip()
        for rule in rules
        for own, value in rule.declared
        if own in (name, f"{name}-color")
    }
    values -= {"inherit", "transparent", "none", "unset", "currentcolor"}
    return (bool(values) or not is_needed) and all(parse_colour(value) == plain for value in values)


def _both(answers: Iterable[bool | None]) -> bool | None:
    result: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        result = result and answer
    return result


def _any(answers: Iterable[bool | None]) -> bool | None:
    result: bool | None = False
    for answer in answers:
        if answer:
            return True
        result = None if answer is None else result
    return result


def _match(selector: Any, path: _Path, is_cloze: bool) -> bool | None:
    """Return whether a selector is about an element; None if that depends on what is not known.

    is_cloze: whether there may be deletions around elements, which are elements as well on a card.
    """
    if not isinstance(selector, css_selectors.CombinedSelector):
        return _both(_match_simple(simple, path, is_cloze) for simple in selector.simple_selectors)
    own = _match(selector.right, path, is_cloze)
    if own is False:
        return False
    before = path[-1][1]
    match selector.combinator:
        case " ":
            inner = (_match(selector.left, path[:end], is_cloze) for end in range(1, len(path)))
            outer = (_match(selector.left, _PAGE[:end], is_cloze) for end in range(1, len(_PAGE) + 1))
            around = _any((*inner, True if True in outer else None))
        case ">":
            around = _match(selector.left, path[:-1], is_cloze) if len(path) > 1 else None
        case combinator:
            first = max(0, len(before) - 1) if combinator == "+" else 0
            beside = ((*path[:-1], (before[index], before[:index])) for index in range(first, len(before)))
            around = _any(_match(selector.left, each, is_cloze) for each in beside)
            around = None if around is False and len(path) == 1 else around
    around = None if around is False and is_cloze else around
    return _both((own, around))


def _match_simple(simple: Any, path: _Path, is_cloze: bool) -> bool | None:
    element = path[-1][0]
    attributes = element.attributes
    match simple:
        case css_selectors.LocalNameSelector():
            return bool(element.name == simple.lower_local_name)
        case css_selectors.ClassSelector():
            return simple.class_name in attributes.get("class", "").split()
        case css_selectors.IDSelector():
            return bool(attributes.get("id") == simple.ident)
        case css_selectors.AttributeSelector():
            return _match_attribute(simple, attributes)
        case css_selectors.NamespaceSelector():
            return True
        case css_selectors.NegationSelector():
            inner = _any(_match(one.parsed_tree, path, is_cloze) for one in simple.selector_list)
            return None if inner is None else not inner
        case css_selectors.MatchesAnySelector() | css_selectors.SpecificityAdjustmentSelector():
            return _any(_match(one.parsed_tree, path, is_cloze) for one in simple.selector_list)
        case css_selectors.PseudoClassSelector():
            return False if simple.name == "root" else None
        case _:
            return None


def _match_attribute(simple: Any, attributes: Mapping[str, str]) -> bool:
    """Return whether an attribute is as a selector says, in whatever case."""
    written = attributes.get(simple.lower_name)
    if written is None or simple.operator is None:
        return written is not None
    value, wanted = written.lower(), simple.value.lower()
    tests: Mapping[str, Callable[[], bool]] = {
        "=": lambda: value == wanted,
        "~=": lambda: wanted in value.split(),
        "|=": lambda: value == wanted or value.startswith(f"{wanted}-"),
        "^=": lambda: value.startswith(wanted),
        "$=": lambda: value.endswith(wanted),
        "*=": lambda: wanted in value,
    }
    return bool(wanted) and tests[simple.operator]()
