"""The pictures of cards in docs/ show what the examples above them make."""

import pytest
from PIL import Image

from scripts.pictures.cards import DIGEST, PAGE, Example, examples
from tests.support.paths import ROOT

EXAMPLES = examples((ROOT / PAGE).read_text(encoding="utf-8"))
PICTURES = ROOT / "docs" / "pictures"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_picture_is_of_the_example_as_it_is_now(example: Example) -> None:
    command = f".venv/bin/python -m scripts.pictures {example.name}"
    path = ROOT / example.picture

    assert path.is_file(), f"draw it: {command}"
    with Image.open(path) as picture:
        assert picture.info.get(DIGEST) == example.digest, f"draw it again: {command}"


def test_a_picture_belongs_to_the_example_nearest_above_it() -> None:
    page = """
```yaml
- {q: a, a: b}
```

![One](pictures/card-one.png)

```yaml
- {q: c, a: d}
```

```console
$ cardwright check
```

![Two](pictures/card-two.png)
"""

    assert examples(page) == [
        Example("card-one", "- {q: a, a: b}\n"),
        Example("card-two", "- {q: c, a: d}\n"),
    ]


def test_each_picture_is_shown_once_and_together_they_are_small() -> None:
    files = list(PICTURES.glob("card-*.png"))

    assert sorted(path.stem for path in files) == sorted(example.name for example in EXAMPLES)
    assert sum(path.stat().st_size for path in files) < 1_000_000
