"""The generated parts of docs/rules.md: the manual pages of the rules, as `check --explain` prints them."""

from collections.abc import Callable, Mapping

from cardwright.check.manual import RuleGroup, rule_groups
from cardwright.source.ambiguity_warnings import AMBIGUITY_WARNINGS

GROUPS = rule_groups(AMBIGUITY_WARNINGS)


def _rules(group: RuleGroup) -> Callable[[str], str]:
    return lambda _page: "\n\n".join(_rule(code, page, group.allowing) for code, page in group.pages.items())


def _rule(code: str, page: str, allowing: str) -> str:
    lines = [f"### {code}", ""]
    for line in page.split("\n"):
        title = line.removeprefix("## ")
        lines += [f"**{title}**", ""] if title != line else [line]
    if allowing:
        lines += ["", f"{allowing} `allow: [{code}]`."]
    return "\n".join(lines)


def _list(_page: str) -> str:
    lines = []
    for group in GROUPS:
        lines += [f"**{group.title}**", ""]
        for code, page in group.pages.items():
            summary = page.partition("\n")[0]
            lines.append(f"- [{code}](#{code}): {summary}")
        lines.append("")
    return "\n".join(lines)


BLOCKS: Mapping[str, Callable[[str], str]] = {
    "list": _list,
    **{group.title: _rules(group) for group in GROUPS},
}
