"""SECURITY.md promises nothing that no test holds."""

import ast
import re

import pytest

from tests.support.paths import ROOT

TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
SECTION = TEXT.partition("## What is promised\n")[2].partition("\n## ")[0]
PROMISES = re.findall(r"^- \*\*(.+?)\*\*(.*?)(?=^- |\Z)", SECTION, re.MULTILINE | re.DOTALL)


def test_there_are_promises() -> None:
    assert len(PROMISES) >= 9


@pytest.mark.parametrize(("promise", "explanation"), PROMISES, ids=[promise for promise, _ in PROMISES])
def test_a_promise_is_held_by_tests_that_exist(promise: str, explanation: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", explanation)

    assert promise
    assert named
    for path, name in named:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
