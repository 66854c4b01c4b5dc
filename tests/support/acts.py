"""Acts: calls of methods, drawn by hypothesis for random histories of authors and learners."""

from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import strategies as st

_Method = TypeVar("_Method", bound=Callable[..., None])


class Act:
    """A call of a method, not made yet. Its `repr` is code that makes it again."""

    def __init__(self, name: str, arguments: dict[str, Any]) -> None:
        self._name = name
        self._arguments = arguments

    def __repr__(self) -> str:
        arguments = "".join(f", {name}={value!r}" for name, value in self._arguments.items())
        return f"act({self._name!r}{arguments})"

    def call_on(self, machine: object) -> None:
        getattr(machine, self._name)(**self._arguments)


def act(name: str, **arguments: Any) -> Act:
    return Act(name, arguments)


def random(**arguments: st.SearchStrategy[Any]) -> Callable[[_Method], _Method]:
    """Let random histories call this method. arguments: the values that each argument may have."""

    def mark(method: _Method) -> _Method:
        method.acts = _acts(method.__name__, arguments)  # type: ignore[attr-defined] # found by `acts_of`
        return method

    return mark


@st.composite
def _acts(draw: st.DrawFn, name: str, arguments: dict[str, st.SearchStrategy[Any]]) -> Act:
    return Act(name, {argument: draw(strategy) for argument, strategy in arguments.items()})


def acts_of(machine: type) -> st.SearchStrategy[Act]:
    """Return a strategy for any act of a class."""
    methods = (getattr(machine, name) for name in dir(machine))
    return st.one_of([method.acts for method in methods if hasattr(method, "acts")])
