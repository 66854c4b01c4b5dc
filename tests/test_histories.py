"""No edit of an author, in any order, over many releases, costs a learner anything.

Random histories, judged by real Anki; and those that once went wrong, by name. `make
histories` tries many more of them.
"""

import os

from hypothesis import Phase, settings

from tests.histories import History

EXAMPLES = int(os.environ.get("HISTORIES", "60"))

TestHistories = History.TestCase
TestHistories.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=10,
    report_multiple_bugs=False,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
