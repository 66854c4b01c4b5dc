"""Draw the pictures in docs/pictures/, or some of them.

Run it after a build, from the project folder: `.venv/bin/python -m scripts.pictures`, with names such as
`overview`, or `card-list` for the picture of one example, for these alone.
"""

import sys

from scripts.pictures import browser_page, cards, first_deck, overview, preview, printing

_DRAWINGS = {
    "overview": overview.draw,
    "preview": preview.draw,
    "browser-page": browser_page.draw,
    "printing": printing.draw,
    "first-deck": first_deck.draw,
}


def main(names: list[str]) -> None:
    examples = [name for name in names if name.startswith("card-")]
    if unknown := {*names} - {*_DRAWINGS, *examples}:
        sys.exit(
            f"There is no {' and no '.join(sorted(unknown))}; there are {', '.join(_DRAWINGS)} and card-…."
        )
    for name, draw in _DRAWINGS.items():
        if name in names or not names:
            print(name)
            draw()
    if examples or not names:
        cards.draw(examples)


if __name__ == "__main__":
    main(sys.argv[1:])
