"""Actions: methods that random histories may call, with the arguments they may get."""

from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import strategies as st

_Method = TypeVar("_Method", bound=Callable[..., None])


class Action:
    """A call of a method, which Hypothesis prints in a form that can be pasted into a test."""

    def __init__(self, name: str, arguments: dict[str, Any]) -> None:
        self._name = name
        self._arguments = arguments

    def __repr__(self) -> str:
        arguments = "".join(f", {name}={value!r}" for name, value in self._arguments.items())
        return f"action({self._name!r}{arguments})"

    def run_on(self, machine: object) -> None:
        getattr(machine, self._name)(**self._arguments)


def action(name: str, **arguments: Any) -> Action:
    return Action(name, arguments)


def random(**arguments: st.SearchStrategy[Any]) -> Callable[[_Method], _Method]:
    """Let random histories call this method. arguments: what it may get."""

    def mark(method: _Method) -> _Method:
        method.actions = _actions(method.__name__, arguments)  # type: ignore[attr-defined] # see `actions_of`
        return method

    return mark


@st.composite
def _actions(draw: st.DrawFn, name: str, arguments: dict[str, st.SearchStrategy[Any]]) -> Action:
    return Action(name, {argument: draw(strategy) for argument, strategy in arguments.items()})


def actions_of(machine: type) -> st.SearchStrategy[Action]:
    """Return a strategy for any one of the actions of a class."""
    methods = (getattr(machine, name) for name in dir(machine))
    return st.one_of([method.actions for method in methods if hasattr(method, "actions")])
