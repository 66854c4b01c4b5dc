"""What a style sheet asks for and paper shows in its own way or not at all."""

from collections.abc import Iterable

# Where each property leaves things as they are, besides `none`, `normal` and the like.
_NO_EFFECT = frozenset(
    {"none", "normal", "auto", "initial", "unset", "inherit", "revert", "0", "0px", "static"}
)
# By property: the values that change what is read, or in which order; all but the neutral ones if empty.
_READ_DIFFERENTLY: dict[str, frozenset[str]] = {
    "float": frozenset(),
    "columns": frozenset(),
    "column-count": frozenset(),
    "order": frozenset(),
    "writing-mode": frozenset({"vertical-rl", "vertical-lr", "sideways-rl", "sideways-lr"}),
    "direction": frozenset({"rtl"}),
    "flex-direction": frozenset({"row-reverse", "column-reverse"}),
    "flex-flow": frozenset({"row-reverse", "column-reverse"}),
    "position": frozenset({"absolute", "fixed"}),
    "mask": frozenset(),
    "mask-image": frozenset(),
    "animation": frozenset(),
    "animation-name": frozenset(),
    "mix-blend-mode": frozenset(),
}
_LOOKS_DIFFERENT = frozenset(
    {
        "box-shadow",
        "text-shadow",
        "outline",
        "letter-spacing",
        "font-variant",
        "filter",
        "transform",
        "rotate",
    }
    | {"background-image"}
)
_SIDE_BY_SIDE = frozenset({"flex", "grid", "inline-flex", "inline-grid"})


def find_unprinted(declarations: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], bool]:
    """Return the properties that paper does not follow, and whether any changes what is read.

    declarations: by property and value.
    """
    names: dict[str, bool] = {}
    for name, value in declarations:
        words = value.lower().split()
        if not words or words[0] in _NO_EFFECT:
            continue
        if name in _READ_DIFFERENTLY:
            if not _READ_DIFFERENTLY[name] or not _READ_DIFFERENTLY[name].isdisjoint(words):
                names[name] = True
        elif name == "border" or name.startswith(
            ("border-left", "border-right", "border-top", "border-bottom")
        ):
            names["border"] = False
        elif name in _LOOKS_DIFFERENT:
            names[name] = False
        elif name == "display" and words[0] in _SIDE_BY_SIDE:
            names[f"display: {words[0]}"] = False
        elif name == "background" and "gradient(" in value:
            names["background"] = False
    return tuple(names), any(names.values())
