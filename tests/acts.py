"""Acts: methods that random histories may call, with the arguments they may get."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from hypothesis import strategies as st

_Method = TypeVar("_Method", bound=Callable[..., None])


@dataclass(frozen=True, slots=True)
class Act:
    """One call, to be made. Its text is what would make it again."""

    name: str
    arguments: dict[str, Any]

    def __repr__(self) -> str:
        given = "".join(f", {name}={value!r}" for name, value in self.arguments.items())
        return f"act({self.name!r}{given})"

    def on(self, machine: object) -> None:
        getattr(machine, self.name)(**self.arguments)


def act(name: str, **arguments: Any) -> Act:
    return Act(name, arguments)


def random(**arguments: st.SearchStrategy[Any]) -> Callable[[_Method], _Method]:
    """Let random histories call this method. arguments: what it may get."""

    def mark(method: _Method) -> _Method:
        name = method.__name__
        chosen = st.fixed_dictionaries(arguments)
        method.acts = chosen.map(lambda given: Act(name, given))  # type: ignore[attr-defined] # found by `acts_of`
        return method

    return mark


def acts_of(machine: type) -> st.SearchStrategy[Act]:
    """Any one act of a class."""
    methods = (getattr(machine, name) for name in dir(machine))
    return st.one_of([method.acts for method in methods if hasattr(method, "acts")])
