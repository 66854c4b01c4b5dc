"""Whether the code that a command runs is still the same."""

import re
from importlib.metadata import PackageNotFoundError, packages_distributions, requires

from cardwright.shell.installed_code import LIBRARIES, code_folders


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _needed(distribution: str) -> set[str]:
    """Return a distribution and all that it needs, without what is optional."""
    needed = {_normal(distribution)}
    try:
        requirements = requires(distribution)
    except PackageNotFoundError:  # it is for another system, or another Python
        return set()
    for requirement in requirements or ():
        if "extra ==" not in requirement and (match := re.match(r"[\w.-]+", requirement)):
            needed |= _needed(match[0])
    return needed


def test_every_library_that_we_need_is_known() -> None:
    """A new dependency, or a new one of theirs, is code that a command runs."""
    needed = _needed("cardwright")
    modules = {
        module
        for module, distributions in packages_distributions().items()
        if needed.intersection(map(_normal, distributions)) and not module.startswith("_")
    }

    assert modules - {"cardwright"} == set(LIBRARIES)


def test_every_library_is_found() -> None:
    assert len(list(code_folders())) == 1 + len(LIBRARIES)
