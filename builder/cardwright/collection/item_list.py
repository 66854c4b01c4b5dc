"""What the front of a list's item shows of the other items."""

from collections.abc import Sequence

from cardwright.collection.content import Blank, Content, Paragraph, Text

LONGEST_WHOLE_LIST = 50
"""The most items of a list that are all shown on a front; each item more would make every front longer."""

NEIGHBOURS = 3
"""How many items of a longer list a front shows above the blank, and how many below it."""

BLANK_ITEM: Content = (Paragraph((Blank(),)),)
OMITTED_ITEMS: Content = (Paragraph((Text("…"),)),)


def items_with_blank(items: Sequence[Content], index: int) -> tuple[Content, ...]:
    """Return the items with a blank in place of one of them; of a long list those next to the blank."""
    first, end = 0, len(items)
    if len(items) > LONGEST_WHOLE_LIST:
        first, end = max(0, index - NEIGHBOURS), min(end, index + NEIGHBOURS + 1)
    above = (OMITTED_ITEMS,) if first else ()
    below = (OMITTED_ITEMS,) if end < len(items) else ()
    return (*above, *items[first:index], BLANK_ITEM, *items[index + 1 : end], *below)
