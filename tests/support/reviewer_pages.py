"""The pages of a card in Anki's programs, with Anki's styles and scripts, and cardwright's without any."""

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from cardwright.formats.anki.card_sides import shown_sides
from cardwright.formats.anki.reviewer_html import Media, reviewer_sides
from cardwright.formats.anki.reviewer_page import card_style, reviewer_page
from cardwright.source.picture_size import picture_size
from tests.support.anki_programs import all_programs
from tests.support.anki_templates import note_type_of

if TYPE_CHECKING:  # when it runs, anki.cards can only be imported by anki.collection
    from anki.cards import Card

PROGRAMS = {program.name: program for program in all_programs() if program.name in ("isLin", "droid")}
"""The programs whose pages cardwright has as well: on the desktop, and on the phone."""

MEDIA_FOLDER = "media/"
SCRIPTS_FOLDER = "_anki/js/"
_TYPED = re.compile(r"\[\[type:(.+?)\]\]")
_PLAY = re.compile(r"\[anki:play:[qa]:[0-9]+\]")
# Source: Anki, qt/aqt/sound.py, `av_refs_to_play_icons`.
_PLAY_BUTTON = """
<a class="replay-button soundLink" href=# draggable="false">
    <svg class="playImage" viewBox="0 0 64 64" version="1.1">
        <circle cx="32" cy="32" r="29" />
        <path d="M56.502,32.301l-37.502,20.101l0.329,-40.804l37.173,20.703Z" />
    </svg>
</a>"""
# A page is done when formulas are set, pictures are there, and masks are drawn.
_DONE = """
addEventListener("load", async () => {
  if (window.MathJax) { await MathJax.startup.promise; await MathJax.typesetPromise(); }
  const box = document.querySelector("#image-occlusion-container");
  while (box && !box.style.aspectRatio) await new Promise(done => setTimeout(done, 20));
  await new Promise(requestAnimationFrame);
  document.documentElement.dataset.done = "";
});
"""


def anki_page(card: "Card", *, is_back: bool, night: bool, phone: bool) -> str:
    """Return a side of a card as Anki's program shows it, when nothing has been typed in."""
    output = card.render_output()
    html = _PLAY.sub(_PLAY_BUTTON, output.answer_text if is_back else output.question_text)
    html = _with_typing(card, html, is_back=is_back)
    needed = ["reviewer.js"] if "<canvas" in html else []
    if "\\(" in html or "\\[" in html:
        needed += ["mathjax.js", "vendor/mathjax/tex-chtml-full.js"]
    scripts = "".join(f'<script src="/{SCRIPTS_FOLDER}{name}"></script>' for name in needed)
    program = PROGRAMS["droid" if phone else "isLin"]
    page = program.page(output.css, scripts + html, _DONE, f"/{MEDIA_FOLDER}", night=night)
    return page.replace("card card1", f"card card{card.ord + 1}")


def _with_typing(card: "Card", html: str, *, is_back: bool) -> str:
    """Return a side with what is typed in. Source: Anki, qt/aqt/reviewer.py, `typeAnsFilter`."""
    place = _TYPED.search(card.render_output().question_text)
    if place is None:
        return _TYPED.sub("", html)
    name = place[1].rpartition(":")[2]
    right = card.note()[name]
    if "cloze:" in place[1]:
        right = card.col.extract_cloze_for_typing(right, card.ord + 1)
    style = "font-family: 'Arial'; font-size: 20px"
    if not right:
        return _TYPED.sub("", html)
    if not is_back:
        return _TYPED.sub(f'\n<center>\n<input type=text id=typeans style="{style};">\n</center>\n', html)
    line = "<hr id=answer>" if "<hr id=answer>" in html else ""
    answer = f'{line}\n<div style="{style}">{card.col.compare_answer(right, "")}</div>'
    return _TYPED.sub(lambda _: answer, html.replace("<hr id=answer>", "") if _TYPED.search(html) else html)


def page_without_anki(card: "Card", *, is_back: bool, night: bool, phone: bool, site: str) -> str:
    """Return the same made by cardwright. site: the address of the folder of its media."""
    folder = Path(card.col.media.dir())

    def size(name: str) -> tuple[float, float] | None:
        return picture_size((folder / name).read_bytes())

    media = Media(lambda name: f"/{MEDIA_FOLDER}{quote(name)}", size)
    note, note_type, deck_name = card.note(), note_type_of(card), card.col.decks.name(card.did)
    sides = shown_sides(note_type, note.fields, tags=note.tags, deck_name=deck_name, ordinal=card.ord)
    html = reviewer_sides(sides, note_type, note.fields, card.ord, media)[is_back]
    style = card_style(note_type.css, media)
    return reviewer_page(
        html, style, card.ord, night=night, phone=phone, media_source=f"{site}/{MEDIA_FOLDER}", title="a card"
    )
