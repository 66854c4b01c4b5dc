"""The texts of a card with the look that each has: read from the content that is printed, and from a browser.

Both are brought to one form: runs of text in order, white space collapsed.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape, unescape
from pathlib import Path

from cardwright.collection import content as c
from tests.support.browser import render_page


@dataclass(frozen=True)
class Run:
    """A text and its look.

    colour, background: hexadecimal; empty for those of the card. size: of the type, in those of the card's.
    script: "sub", "sup" or empty. align: "left", "center", "right".
    """

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    colour: str = ""
    background: str = ""
    size: float = 1.0
    script: str = ""
    align: str = "left"


def joined(runs: Sequence[Run]) -> list[Run]:
    """Return runs without white space, neighbours that look the same as one."""
    result: list[Run] = []
    for run in runs:
        text = "".join(run.text.split())
        if run.script:
            run = replace(run, size=1.0)  # noqa: PLW2901  paper has one size for all indices
        if text and result and replace(result[-1], text="") == replace(run, text=""):
            result[-1] = replace(run, text=result[-1].text + text)
        elif text:
            result.append(replace(run, text=text))
    return result


_PLAIN = Run("")


def printed_runs(content: c.Content, look: Run = _PLAIN) -> Iterator[Run]:  # noqa: C901  a case a block
    """Yield the runs of a content. look: of what is around it."""
    for block in content:
        match block:
            case c.Aligned(alignment, children):
                yield from printed_runs(children, replace(look, align=alignment))
            case c.Quote(children):
                yield from printed_runs(children, look)
            case c.BulletList(entries) | c.OrderedList(_, entries):
                for entry in entries:
                    yield from printed_runs(entry, look)
            case c.Table(alignments, head, rows):
                for row, bold in ((head, True), *((row, False) for row in rows)):
                    for cell, alignment in zip(row, alignments, strict=bool(row)):
                        yield from printed_runs(cell, replace(look, bold=bold, align=alignment or look.align))
            case c.Heading(_, children):
                yield from _inline_runs(children, replace(look, bold=True))
            case c.Paragraph(children):
                yield from _inline_runs(children, look)
            case c.CodeBlock(children):  # its lines begin at one edge, wherever it stands
                yield from _inline_runs(children, replace(look, align="left"))
            case _:
                pass


def _inline_runs(children: c.Inlines, look: Run) -> Iterator[Run]:  # noqa: C901  a case an inline
    for inline in children:
        match inline:
            case c.Text(text) | c.Verbatim(text):
                yield replace(look, text=text)
            case c.Blank():
                yield replace(look, text="[...]")
            case c.Strong(inner):
                yield from _inline_runs(inner, replace(look, bold=True))
            case c.Emphasis(inner):
                yield from _inline_runs(inner, replace(look, italic=True))
            case c.Strikethrough(inner):
                yield from _inline_runs(inner, replace(look, strike=True))
            case c.Styled("u", inner):
                yield from _inline_runs(inner, replace(look, underline=True))
            case c.Styled("sub" | "sup" as script, inner):
                yield from _inline_runs(inner, replace(look, script=script))
            case c.Coloured(colour, background, inner):
                colours = {"colour": colour, "background": background}
                shown = {name: bytes(value).hex() for name, value in colours.items() if value}
                yield from _inline_runs(inner, replace(look, **shown))  # type: ignore[arg-type]  # texts
            case c.Scaled(factor, inner):
                yield from _inline_runs(inner, replace(look, size=factor))
            case c.Ruby(inner, reading):
                yield from _inline_runs((*inner, *reading), look)
            case c.Link(_, inner):
                yield from _inline_runs(inner, replace(look, underline=True))
            case _ if isinstance(inline, c.Wrapper):
                yield from _inline_runs(inline.children, look)
            case _:
                pass


# Asks the browser, which knows best. A text that nobody can see is left out.
_SCRIPT = r"""
function rgba(colour) {
    const context = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    context.clearRect(0, 0, 1, 1); context.fillStyle = colour; context.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
}
const mix = (over, under) => [0, 1, 2].map(i => Math.round(over[i] * over[3] + under[i] * (1 - over[3])));
const hex = colour => colour.map(v => v.toString(16).padStart(2, "0")).join("");
function contrast(one, other) {
    const linear = v => v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;
    const light = c => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]) + 0.05;
    return Math.max(light(one), light(other)) / Math.min(light(one), light(other));
}
function chain(element) {
    const all = [];
    for (let e = element; e; e = e.parentElement) all.push(e);
    return all;
}

function look(view, element, pseudo) {
    const style = view.getComputedStyle(element, pseudo), around = chain(element), body = view.document.body;
    const owners = pseudo ? [null, ...around] : around, card = view.getComputedStyle(body);
    const styles = owners.map(owner => owner ? view.getComputedStyle(owner) : style);
    let opacity = 1, ground = [255, 255, 255], cardGround = ground, background = "";
    for (let i = styles.length - 1; i >= 0; i--) {
        opacity *= parseFloat(styles[i].opacity);
        const own = rgba(styles[i].backgroundColor);
        if (own[3] > 0) {
            ground = mix(own, ground);
            if (owners[i] !== body && owners[i] !== body.parentElement) background = hex(ground);
        }
        if (owners[i] === body) cardGround = ground;
    }
    const own = rgba(style.webkitTextFillColor), ink = rgba(card.color), channels = ink.slice(0, 3);
    own[3] *= opacity;
    const lines = styles.map(s => s.textDecorationLine).join(" ");
    const block = styles.find(s => !s.display.startsWith("inline") && s.display !== "contents");
    const [start, end] = block.direction === "rtl" ? ["right", "left"] : ["left", "right"];
    const sides = {start, end, justify: "left"};
    // Grey text is printed in black, and so is that of a dark card.
    const isPlain = Math.max(...channels) - Math.min(...channels) <= 40 || cardGround[1] < 110;
    const isVisible = contrast(mix(own, ground), ground) >= 1.12;
    const isCard = isPlain && hex(own.slice(0, 3)) === hex(channels) && own[3] === 1;
    return {
        bold: parseInt(style.fontWeight) >= 600, italic: style.fontStyle !== "normal",
        underline: lines.includes("underline"), strike: lines.includes("line-through"),
        colour: isCard ? "" : hex(mix(own, ground)),
        background: background === hex(cardGround) ? "" : background,
        size: Math.round(100 * parseFloat(style.fontSize) / parseFloat(card.fontSize)) / 100,
        script: styles.map(s => ({sub: "sub", super: "sup"})[s.verticalAlign]).find(s => s) ?? "",
        align: sides[block.textAlign] ?? block.textAlign.replace("-webkit-", ""),
        seen: style.visibility === "visible" && own[3] >= 0.1 && isVisible && parseFloat(style.fontSize) >= 2,
    };
}
const changes = {
    uppercase: t => t.toUpperCase(), lowercase: t => t.toLowerCase(),
    capitalize: t => t.replace(/(?<![\p{L}\p{N}'’])\p{L}/gu, l => l.toUpperCase()), none: t => t,
};
function runs(view) {
    const found = [];
    function add(text, element, pseudo) {
        const {seen, ...attributes} = look(view, element, pseudo);
        const change = changes[view.getComputedStyle(element, pseudo).textTransform];
        if (seen) found.push({text: change(text), ...attributes});
    }
    function generated(element, name) {
        const style = view.getComputedStyle(element, name);
        const {display} = view.getComputedStyle(element);
        const shown = style.display !== "none" && (element.getClientRects().length || display === "contents");
        if (shown && /^["']/.test(style.content)) add(JSON.parse(style.content), element, name);
    }
    function walk(node) {
        if (node.nodeType === 3) {
            const range = view.document.createRange();
            range.selectNodeContents(node);
            for (const e of chain(node.parentElement)) {
                const box = e.getBoundingClientRect(), s = view.getComputedStyle(e);
                const isEmpty = s.display !== "inline" && (box.width < 2 || box.height < 2);
                if (isEmpty && s.overflow !== "visible") return;
            }
            const boxes = [...range.getClientRects()].filter(b =>
                b.width >= 1 && b.height >= 1 && b.right > -100 && b.bottom > -100 && b.left < 5000);
            if (boxes.length) add(node.data, node.parentElement);
            return;
        }
        if (node.nodeType !== 1 || node.localName === "style" || node.localName === "script") return;
        generated(node, "::before");
        node.childNodes.forEach(walk);
        generated(node, "::after");
    }
    walk(view.document.getElementById("qa"));
    return found;
}
const frames = [...document.querySelectorAll("iframe")];
const answer = frames.map(frame => runs(frame.contentWindow));
frames.forEach(frame => frame.remove());
document.getElementById("out").textContent = JSON.stringify(answer);
"""


def browser_runs(pages: Sequence[str], folder: Path) -> list[list[Run]]:
    """Return the runs of each page, as a window of 800 by 600 px shows it. folder: an empty one."""
    frames = "".join(f'<iframe width="800" height="600" srcdoc="{escape(page)}"></iframe>' for page in pages)
    page = folder / "pages.html"
    page.write_text(
        f'<!doctype html><meta charset="utf-8">{frames}<pre id="out"></pre>'
        f"<script>onload = () => {{ {_SCRIPT} }}</script>",
        encoding="utf-8",
    )
    output = re.search(r'<pre id="out">(.+?)</pre>', render_page(page), re.DOTALL)
    assert output is not None, "the page did not finish"
    answers = json.loads(unescape(output[1]))
    return [[Run(**attributes) for attributes in found] for found in answers]


def look_alike(printed: Sequence[Run], shown: Sequence[Run]) -> bool:
    """Return whether two cards show the same. Colours may differ as much as paper and Anki's window do."""
    return len(printed) == len(shown) and all(
        replace(one, colour="", background="", size=1) == replace(other, colour="", background="", size=1)
        and (one.script or abs(one.size - min(other.size, 2.5)) < 0.04)
        and _is_near(one.colour or "000000", other.colour or "000000")
        and _is_near(one.background or "ffffff", other.background or "ffffff")
        for one, other in zip(printed, shown, strict=True)
    )


def _is_near(colour: str, other: str) -> bool:
    pairs = zip(bytes.fromhex(colour), bytes.fromhex(other), strict=True)
    return all(abs(a - b) <= 10 for a, b in pairs)
