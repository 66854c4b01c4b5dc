"""What commands do to the world outside of a project: nothing."""

import os
from pathlib import Path

from tests.support.commands import run_python
from tests.support.diagram_decks import LEG

DECK = """\
deck: Legs
id: legs
html: true
cards:
  - {id: tex, q: 'What is \\\\(x^2\\\\)?', a: '![A leg](media/leg.svg)', tags: [knee]}
  - {id: web, q: 'See [this](https://example.org/x.png)', a: '<b>an answer</b>'}
"""
COMMANDS = (
    "check",
    "build",
    "print --tag knee --preview",
    "import decks/legs/legs.apkg --into copy",
    "pull decks/legs/legs.apkg legs",
    "schema",
    "new More legs",
    "doctor",
)
# Runs commands, and prints the paths of all that they write or remove, and whatever else they reach for.
REPORT_EFFECTS = """
import os, sys
from cardwright.cli.main import run
effects = set()
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostby", "socket.send",
           "urllib.", "http.client.")
PATHS = {"os.mkdir": 1, "os.rename": 2, "os.link": 2, "os.symlink": 2, "os.remove": 1, "os.rmdir": 1,
         "os.truncate": 1, "os.chmod": 1, "os.utime": 1, "sqlite3.connect": 1}
def notice(event, arguments):
    if event.startswith(NETWORK):
        effects.add(f"{event} {arguments}")
    paths = arguments[: PATHS.get(event, 0)]
    if event == "open" and arguments[2] & WRITES:
        paths = arguments[:1]
    # What is removed with a whole folder has a name relative to that folder, which is named itself.
    is_relative = event in ("os.remove", "os.rmdir", "os.mkdir") and arguments[-1] not in (-1, None)
    if not is_relative:
        effects.update(os.path.realpath(path) for path in paths if not isinstance(path, int))
sys.addaudithook(notice)
codes = [run(arguments.split(" ")) for arguments in sys.argv[1:]]
print(codes, *sorted(effects), sep="\\n", file=sys.stderr)
"""


def test_commands_write_only_to_the_project_the_cache_and_temporary_folders(tmp_path: Path) -> None:
    """And they connect to nothing, whatever addresses are on the cards."""
    project, own = tmp_path / "project", [tmp_path / name for name in ("project", "cache", "temporary")]
    (project / "cards_source/media").mkdir(parents=True)
    (project / "cards_source/media/leg.svg").write_bytes(LEG)
    (project / "cards_source/legs.yaml").write_text(DECK)
    own[2].mkdir()

    result = run_python(
        REPORT_EFFECTS,
        *COMMANDS,
        folder=project,
        CARDWRIGHT_CACHE=str(own[1]),
        TMPDIR=str(own[2]),
        HOME=str(tmp_path / "home"),
        PYTHONDONTWRITEBYTECODE="1",
    )

    start = result.err.index(f"[{', '.join('0' for _ in COMMANDS)}]")
    effects = result.err[start:].splitlines()[1:]
    assert str(project / "decks/legs/legs.apkg") in "\n".join(effects)
    outside = [path for path in effects if not any(Path(path).is_relative_to(folder) for folder in own)]
    assert set(outside) <= {os.devnull}
