"""Places in chemistry: which parts of an entity have been read last. What a sign means depends on it."""

START = "start"  # before an amount
ARROW = "arrow"  # right behind an arrow
SPACED = "spaced"  # behind a space
OPENED = "opened"  # behind an opening bracket
JOINED = "joined"  # behind a bond
AMOUNT = "amount"
AMOUNT_SPACED = "amount, space"
LEFT_SUPER = "left superscript"
LEFT_SUB = "left subscript"
LEFT_BOTH = "left scripts"
SYMBOL = "symbol"
SUPER = "superscript"
BRACED_SUPER = "superscript in braces"
SUB = "subscript"
SUB_SUPER = "subscript, superscript"
SUB_BRACED_SUPER = "subscript, superscript in braces"
SUPER_SUB = "superscript, subscript"

BEFORE_ENTITY = frozenset({START, SPACED, OPENED})
AMOUNTS = frozenset({AMOUNT, AMOUNT_SPACED})
LEFT_SCRIPTS = frozenset({LEFT_SUPER, LEFT_SUB, LEFT_BOTH})
ENDING_IN_SUPER = frozenset({SUPER, BRACED_SUPER, SUB_SUPER, SUB_BRACED_SUPER})
BEHIND_SCRIPTS = ENDING_IN_SUPER | {SUB, SUPER_SUB}
BEHIND_BRACED_SUPER = frozenset({BRACED_SUPER, SUB_BRACED_SUPER})
