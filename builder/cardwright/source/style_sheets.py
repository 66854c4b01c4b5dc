"""Style sheets as a browser applies them: rules, selectors, the cascade, and custom properties.

What properties mean is up to the callers, who know what they can draw.

Sources: CSS Syntax 3, CSS Nesting 1, CSS Cascading 5, CSS Variables 1, Media Queries 4, CSS Conditional 3.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

import cssselect2
import tinycss2
from tinycss2 import ast

from cardwright.source.css import has_deep_brackets
from cardwright.source.css_tokens import split_at_commas, without_space
from cardwright.source.media_queries import Medium, media_match

Tokens: TypeAlias = Sequence[Any]
"""Component values of tinycss2, without comments."""

Expand: TypeAlias = Callable[[str, str], Iterable[tuple[str, str]]]
"""Turns a declaration, as name and value, into those of its longhands; into none if the value is invalid."""

MAX_NESTING = 30
"""How deep rules may be nested in each other; deeper ones are left out."""

_MAX_VALUE = 20_000  # characters of a value once its variables are filled in
# Selectors for which each element is compared with many others, and in how large a document that takes about
# a second; in one twice as large it takes four times as long. Measured with cssselect2.
_COMPARISONS = ((re.compile(r":has\("), 500), (re.compile(r"~(?!=)|:nth-(?:last-)?of-type\("), 4_000))
_GROUPING = frozenset({"media", "supports", "layer", "container", "scope", "starting-style"})
_KEPT_ASIDE = frozenset({"font-face", "import"})
_WITHOUT_EFFECT = frozenset({"charset", "page", "property", "keyframes", "-webkit-keyframes"})


@dataclass(frozen=True, slots=True)
class AtRule:
    """An at-rule that styles no element. name: in lower case, such as `font-face`.

    prelude: what stands between the name and the block or semicolon. block: its declarations; empty for none.
    """

    name: str
    prelude: str
    block: str


@dataclass(frozen=True, slots=True)
class Style:
    """The declared values of an element, or of one of its pseudo-elements.

    values: by property, in lower case; the cascade is decided, shorthands and variables are filled in.
    variables: of the element and all around it, by name (`--ink`).
    """

    values: Mapping[str, str]
    variables: Mapping[str, str]


_Layer: TypeAlias = tuple[str, ...]
"""The names of a layer and of those around it, outermost first; empty outside all layers."""
_Declared: TypeAlias = tuple[tuple[Any, ...], str, Tokens]  # rank, name, value


@dataclass(slots=True)
class StyleSheet:
    """The rules of a style sheet that count for a medium.

    expand: see Expand. expand_inline: the same for `style` attributes, if it differs there.
    supports: whether a browser takes a declaration, by name and value, for `@supports`.
    at_rules: `@font-face` and `@import`, in order.
    not_understood: the selectors and at-rules that are left out, as they are written.
    declarations: all of rules that count, as property and value.
    element_count: of the document. In a large one, selectors that would take long are not understood.
    """

    expand: Expand
    medium: Medium = field(default_factory=Medium)
    supports: Callable[[str, str], bool] = lambda _name, _value: True
    expand_inline: Expand | None = None
    at_rules: list[AtRule] = field(default_factory=list)
    not_understood: list[str] = field(default_factory=list)
    declarations: list[tuple[str, str]] = field(default_factory=list)
    element_count: int = 0
    _matcher: Any = field(default_factory=cssselect2.Matcher)
    _layers: dict[_Layer, int] = field(default_factory=dict)
    _namespaces: dict[str | None, str] = field(default_factory=dict)

    def add(self, css: str) -> None:
        """Add rules behind those that are there."""
        if has_deep_brackets(css):
            self.not_understood.append(css)
            return
        nodes = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
        self._add_rules(nodes, parent="", layer=(), depth=0)

    @property
    def is_empty(self) -> bool:
        return not self._matcher.order

    def style_of(
        self, element: Any, inline: str = "", variables: Mapping[str, str] | None = None
    ) -> dict[str, Style]:
        """Return the style of an element under "", and of each pseudo-element that rules name under its name.

        element: a `cssselect2.ElementWrapper`.
        inline: of its `style` attribute.
        variables: of the element around it.
        """
        declared: dict[str, list[_Declared]] = {"": list(_inline_declarations(inline))}
        for specificity, order, pseudo, (layer, declarations) in self._matcher.match(element):
            ranked = declared.setdefault(pseudo or "", [])
            for declaration in declarations:
                rank = self._rank(declaration, layer, (specificity, order))
                ranked.append((rank, _property_name(declaration), declaration.value))
        around = dict(variables or {})
        own = self._cascade(declared.pop(""), around)
        result = {"": own}
        for pseudo, ranked in declared.items():
            result[pseudo] = self._cascade(ranked, own.variables)
        return result

    def _cascade(self, declared: list[_Declared], around: Mapping[str, str]) -> Style:
        declared.sort(key=lambda entry: entry[0])
        own = _resolve_variables(
            {name: value for _, name, value in declared if name.startswith("--")}, around
        )
        variables = {name: value for name, value in {**around, **own}.items() if value is not None}
        values: dict[str, str] = {}
        for (_, is_inline, *_), name, tokens in declared:
            if not name.startswith("--") and (value := fill_in_variables(tokens, variables)) is not None:
                expand = self.expand_inline if is_inline and self.expand_inline else self.expand
                values.update(expand(name, value))
        return Style(values, variables)

    def _rank(self, declaration: ast.Declaration, layer: _Layer, place: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return what decides between declarations: the greatest wins.

        What is in a layer loses against what is beside that layer, unless it is important.
        """
        sign = -1 if declaration.important else 1
        numbers = [sign * self._layers[layer[:end]] for end in range(1, len(layer) + 1)]
        return (declaration.important, 0, (*numbers, sign * math.inf), *place)

    def _add_rules(self, nodes: Iterable[Any], parent: str, layer: _Layer, depth: int) -> None:
        """Add rules. parent: the selector of the rule around them; empty for none."""
        for node in nodes:
            if node.type == "qualified-rule":
                self._add_style_rule(node, parent, layer, depth)
            elif node.type == "at-rule":
                self._add_at_rule(node, parent, layer, depth)

    def _add_style_rule(self, node: ast.QualifiedRule, parent: str, layer: _Layer, depth: int) -> None:
        selector = nested_selector(node.prelude, parent)
        self._add_block(selector, node.content, layer, depth)

    def _add_block(self, selector: str, content: Tokens, layer: _Layer, depth: int) -> None:
        """Add the declarations of a block, and the rules nested in it. selector: of the block."""
        if depth > MAX_NESTING or self._takes_long(selector):
            self.not_understood.append(selector)
            return
        nodes = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
        if declarations := list(_declarations(nodes)):
            try:
                compiled = cssselect2.compile_selector_list(selector, self._namespaces)
            except (cssselect2.SelectorError, RecursionError, SyntaxError, MemoryError):
                self.not_understood.append(selector)
            else:
                self.declarations += (
                    (_property_name(declaration), tinycss2.serialize(declaration.value).strip())
                    for declaration in declarations
                )
                for one in compiled:
                    self._matcher.add_selector(one, (layer, declarations))
        self._add_rules(nodes, selector, layer, depth + 1)

    def _takes_long(self, selector: str) -> bool:
        return any(self.element_count > most and found.search(selector) for found, most in _COMPARISONS)

    def _add_at_rule(self, node: ast.AtRule, parent: str, layer: _Layer, depth: int) -> None:
        name, prelude = node.lower_at_keyword, tinycss2.serialize(node.prelude).strip()
        if name in _KEPT_ASIDE:
            self.at_rules.append(AtRule(name, prelude, tinycss2.serialize(node.content or ())))
        elif name == "namespace":
            self._add_namespace(node.prelude)
        elif name == "layer" and node.content is None:
            for layer_name in prelude.split(","):
                self._layer(layer, layer_name)
        elif name in _GROUPING and node.content is not None:
            if name == "layer":
                layer = self._layer(layer, prelude)
            counts = self._counts(name, node.prelude)
            if counts is None:
                self.not_understood.append(f"@{name} {prelude}")
            elif counts:
                self._add_group(node.content, parent, layer, depth + 1)
        elif name not in _WITHOUT_EFFECT:
            self.not_understood.append(f"@{name}")

    def _counts(self, name: str, prelude: Tokens) -> bool | None:
        """Return whether the rules in a group count; None if that is not known."""
        match name:
            case "media":
                return media_match(tinycss2.serialize(prelude), self.medium)
            case "layer":
                return True
            case "supports":
                return _is_supported(prelude, self.supports)
            case _:
                return None

    def _add_namespace(self, prelude: Tokens) -> None:
        words = without_space(prelude)
        if words and words[-1].type in ("string", "url"):
            self._namespaces[words[0].value if len(words) > 1 else None] = words[-1].value

    def _add_group(self, content: Tokens, parent: str, layer: _Layer, depth: int) -> None:
        if depth > MAX_NESTING:
            self.not_understood.append("{")
        elif parent:
            self._add_block(parent, content, layer, depth)
        else:
            nodes = tinycss2.parse_rule_list(content, skip_comments=True, skip_whitespace=True)
            self._add_rules(nodes, parent, layer, depth)

    def _layer(self, outer: _Layer, name: str) -> _Layer:
        """Return a layer; those that are first named later win.

        name: within the outer one, with dots if it is several layers deep.
        """
        layer = outer
        for part in name.split("."):
            layer = (*layer, part.strip() or str(len(self._layers)))
            self._layers.setdefault(layer, len(self._layers))
        return layer


@lru_cache(maxsize=4096)
def _inline_declarations(inline: str) -> tuple[_Declared, ...]:
    """Return what a `style` attribute declares; in a drawing many elements have the same one."""
    if not inline or has_deep_brackets(inline):
        return ()
    nodes = tinycss2.parse_blocks_contents(inline, skip_comments=True, skip_whitespace=True)
    return tuple(
        ((declaration.important, 1, (), (), 0), _property_name(declaration), declaration.value)
        for declaration in _declarations(nodes)
    )


def fill_in_variables(value: Tokens | str, variables: Mapping[str, str]) -> str | None:
    """Return a value with each `var()` replaced; None if one has no value, which makes the whole invalid.

    variables: with their own variables filled in already.
    """
    tokens = tinycss2.parse_component_value_list(value) if isinstance(value, str) else value
    text = _substitute(tokens, variables)
    return None if text is None or len(text) > _MAX_VALUE else text.strip()


def _resolve_variables(declared: Mapping[str, Tokens], around: Mapping[str, str]) -> dict[str, str | None]:
    """Return the values of custom properties, which may name each other; None for one without a value."""
    resolved: dict[str, str | None] = {}

    def resolve(name: str, path: tuple[str, ...]) -> str | None:
        if name in resolved or name not in declared:
            return resolved.get(name, around.get(name))
        if name in path or len(path) > MAX_NESTING:
            return None
        keyword = tinycss2.serialize(declared[name]).strip().lower()
        if keyword in ("inherit", "unset"):
            return around.get(name)
        text = (
            None
            if keyword == "initial"
            else _substitute(declared[name], lambda other: resolve(other, (*path, name)))
        )
        resolved[name] = None if text is None or len(text) > _MAX_VALUE else text.strip()
        return resolved[name]

    for name in declared:
        resolved[name] = resolve(name, ())
    return resolved


def _substitute(tokens: Tokens, variables: Mapping[str, str] | Callable[[str], str | None]) -> str | None:
    """Return the text of tokens with each `var()` and `env()` replaced; None if one has no value."""
    find = variables if callable(variables) else variables.get
    pieces: list[str] = []
    length = 0
    for token in tokens:
        if token.type == "function" and token.lower_name in ("var", "env"):
            piece = _variable(token, find)
        elif token.type == "function" or token.type.endswith("block"):
            piece = _substitute_inside(token, find)
        else:
            piece = "" if token.type == "comment" else token.serialize()
        if piece is None:
            return None
        pieces.append(piece)
        length += len(piece)
        if length > _MAX_VALUE:
            return None
    return "".join(pieces)


def _substitute_inside(token: Any, find: Callable[[str], str | None]) -> str | None:
    is_function = token.type == "function"
    inner = _substitute(token.arguments if is_function else token.content, find)
    opening = f"{token.name}(" if is_function else token.type[0]
    return None if inner is None else f"{opening}{inner}{')' if is_function else token.type[1]}"


def _variable(token: ast.FunctionBlock, find: Callable[[str], str | None]) -> str | None:
    arguments = [argument for argument in token.arguments if argument.type != "comment"]
    words = without_space(arguments)
    value = find(words[0].value) if words and words[0].type == "ident" and token.lower_name == "var" else None
    comma = next((place for place, argument in enumerate(arguments) if argument == ","), None)
    if value is None and comma is not None:
        return _substitute(arguments[comma + 1 :], find)
    return value


def _declarations(nodes: Iterable[Any]) -> Iterator[ast.Declaration]:
    return (node for node in nodes if node.type == "declaration")


def _property_name(declaration: ast.Declaration) -> str:
    name: str = declaration.name
    return name if name.startswith("--") else name.lower()


def nested_selector(prelude: Tokens, parent: str) -> str:
    """Return the selector of a rule as it is without the rule around it."""
    text = tinycss2.serialize(prelude).strip()
    if not parent:
        # Outside any rule, `&` is the root.
        return re.sub(r"&", ":scope", text) if "&" in text else text
    selectors: list[str] = []
    for selector in split_at_commas(prelude):
        has_parent = any(part == "&" for part in selector)
        written = "".join(f":is({parent})" if part == "&" else part.serialize() for part in selector)
        selectors.append(written.strip() if has_parent else f":is({parent}) {written.strip()}")
    return ", ".join(selectors)


def _is_supported(condition: Tokens, supports: Callable[[str, str], bool]) -> bool:
    """Return whether a browser supports something: all but values that are invalid."""
    parts = without_space(condition)
    words = {part.lower_value for part in parts if part.type == "ident"}
    answers = [_is_part_supported(part, supports) for part in parts if part.type != "ident"]
    if "not" in words:
        return not all(answers)
    return any(answers) if "or" in words else all(answers)


def _is_part_supported(part: Any, supports: Callable[[str, str], bool]) -> bool:
    if part.type == "function":
        return part.lower_name != "selector" or _is_selector(tinycss2.serialize(part.arguments))
    if part.type != "() block":
        return True
    declaration = tinycss2.parse_one_declaration(part.content, skip_comments=True)
    if declaration.type != "declaration":
        return _is_supported(part.content, supports)
    return supports(_property_name(declaration), tinycss2.serialize(declaration.value).strip())


def _is_selector(text: str) -> bool:
    try:
        cssselect2.compile_selector_list(text)
    except (cssselect2.SelectorError, RecursionError, SyntaxError, MemoryError):
        return False
    return True
