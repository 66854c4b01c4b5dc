"""The blocks of README.md and of the pages in docs/, and what comments above them say about running them.

A page is a story in a folder that is empty at first. CONTRIBUTING.md lists the comments, in its section
*The guide*.
"""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_LINE = re.compile(
    r"^(?P<indent> *)(?P<marks>`{3,}|~{3,})(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=indent)(?P=marks) *$"
    r"|^ *<!--(?P<comment>.*?)-->",
    re.MULTILINE | re.DOTALL,
)
_DIRECTIVE = re.compile(
    r"(?P<word>new folder|mistake|fails|end)|(?P<name>not run|file|copy|generated): (?P<value>\S.*?)",
    re.DOTALL,
)
_PATH_LINE = re.compile(r"# (?P<path>[\w./-]*\w\.\w+|\.\w[\w./-]*)")
_COPY = re.compile(r"(?P<source>\S+) -> (?P<target>\S+)")


@dataclass(frozen=True)
class Block:
    """A fenced block.

    language: the first word after the fence, such as `yaml`.
    path: the file that the block is or changes; empty for a part of one.
    text: without the line that names the path.
    line: of the fence in the page, 1-based.
    is_mistake, fails: whether the YAML is wrong on purpose, and whether the last command is to fail.
    not_run: why the block isn't run; empty if it is.
    """

    language: str
    path: str
    text: str
    line: int
    is_mistake: bool = False
    fails: bool = False
    not_run: str = ""


@dataclass(frozen=True)
class Copy:
    """A file of the repository that goes into the folder. Both paths are relative."""

    source: str
    target: str


@dataclass(frozen=True)
class Story:
    """What happens in one folder, from top to bottom. line: where it begins in the page, 1-based."""

    page: Path
    line: int
    steps: list[Block | Copy] = field(default_factory=list)

    @property
    def blocks(self) -> Iterator[Block]:
        return (step for step in self.steps if isinstance(step, Block))


def stories(page: Path) -> list[Story]:
    """Return the stories of a page. Errors: ValueError for a comment that says nothing we know."""
    text = page.read_text(encoding="utf-8")
    found = [Story(page, 1)]
    words, values = set[str](), dict[str, str]()
    for match in _LINE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if match["comment"] is None:
            found[-1].steps.append(_block(match, line, words, values))
            words, values = set(), {}
            continue
        directive = _DIRECTIVE.fullmatch(match["comment"].strip())
        if directive is None:
            raise ValueError(f"{page.name}:{line}: unknown comment: {match['comment'].strip()}")
        if directive["word"] == "new folder":
            found.append(Story(page, line))
        elif directive["word"]:
            words.add(directive["word"])
        elif directive["name"] == "copy":
            if (copy := _COPY.fullmatch(directive["value"])) is None:
                raise ValueError(f"{page.name}:{line}: it is `copy: SOURCE -> TARGET`")
            found[-1].steps.append(Copy(copy["source"], copy["target"]))
        else:
            values[directive["name"]] = directive["value"]
    return [story for story in found if story.steps]


def _block(match: re.Match[str], line: int, words: set[str], values: dict[str, str]) -> Block:
    """Return a block. words, values: the comments above it."""
    language = match["info"].split()[0] if match["info"].strip() else ""
    text = textwrap.dedent(match["text"]) if match["indent"] else match["text"]
    first, _, rest = text.partition("\n")
    path = values.get("file", "")
    if not path and language not in ("console", "text") and (named := _PATH_LINE.fullmatch(first)):
        path, text = named["path"], rest
    return Block(language, path, text, line, "mistake" in words, "fails" in words, values.get("not run", ""))


def apply_diff(diff: str, path: Path) -> None:
    """Change a file. diff: lines that begin with ` `, `-` or `+`; the old lines occur once in the file."""
    lines = [line or " " for line in diff.splitlines()]
    assert all(line[0] in " +-" for line in lines), f"a line of the diff of {path.name} has no mark"
    before, after = ("".join(f"{line[1:]}\n" for line in lines if line[0] in marks) for marks in (" -", " +"))
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, (
        f"{path.name} doesn't have the old lines of the diff once:\n{before}\n{text}"
    )
    path.write_text(text.replace(before, after), encoding="utf-8", newline="")


def commands(console: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a console block with the output that is shown below it."""
    for part in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def matches(expected: str, actual: str) -> bool:
    """Return whether an output is as shown. `…` stands for any text in a line; alone, for any lines."""
    pattern = ""
    for line in expected.rstrip("\n").split("\n"):
        if line.strip() == "…":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*".join(re.escape(part) for part in line.rstrip().split("…")) + r"[ ]*\n"
    return re.fullmatch(pattern, actual.rstrip("\n") + "\n") is not None
