"""Write what the program knows of itself into docs/format.md, docs/commands.md and docs/rules.md.

Run it from the project folder: `.venv/bin/python -m scripts.reference_pages`; `make golden` does it as well.

The pages are written by hand but for what stands between `<!-- generated: NAME -->` and `<!-- end -->`.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from scripts import commands_page, format_page, rules_page
from scripts.markdown import anchor, headings

FOLDER = Path("docs")

Block = Callable[[str], str]
"""Returns the Markdown of a generated part. Gets the page around it, with what was generated before."""

_PART = re.compile(r"(<!-- generated: (?P<name>.+?) -->\n).*?(<!-- end -->)", re.DOTALL)
_CONTENTS = "contents"


def contents(page: str) -> str:
    """Return a list of links to the headings of a page, without those of the lowest levels."""
    lines = []
    for level, title in headings(page):
        if level <= 3 and title != "Contents":
            lines.append(f"{'    ' * (level - 2)}- [{title}](#{anchor(title)})")
    return "\n".join(lines)


PAGES: Mapping[str, Mapping[str, Block]] = {
    "format.md": format_page.BLOCKS,
    "commands.md": commands_page.BLOCKS,
    "rules.md": rules_page.BLOCKS,
}


def generate(page: str, blocks: Mapping[str, Block]) -> str:
    """Return a page with its generated parts written anew."""

    def fill(names: Mapping[str, Block]) -> Callable[[re.Match[str]], str]:
        def replacement(match: re.Match[str]) -> str:
            block = names.get(match["name"])
            return match[0] if block is None else f"{match[1]}\n{block(page).strip()}\n\n{match[3]}"

        return replacement

    page = _PART.sub(fill(blocks), page)
    return _PART.sub(fill({_CONTENTS: contents}), page)


def part_names(page: str) -> list[str]:
    """Return the names of the generated parts of a page."""
    return [match["name"] for match in _PART.finditer(page)]


def main() -> None:
    for name, blocks in PAGES.items():
        path = FOLDER / name
        path.write_text(generate(path.read_text(encoding="utf-8"), blocks), encoding="utf-8")


if __name__ == "__main__":
    main()
