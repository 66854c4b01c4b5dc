"""The files of a new deck: an example of each kind of card, with comments that explain them."""

from importlib import resources

from cardwright.check.reserved_name import is_reserved
from cardwright.importing.deck_plan import new_name
from cardwright.record import Record
from cardwright.shell.project import DECK_FILE_NAMES
from cardwright.shell.project_folder import SOURCE_FOLDER
from cardwright.shell.schema_file import schema_line
from cardwright.source.files import DeckLocation
from cardwright.source.yaml_writing import write_mapping
from cardwright.version import VERSION

_INTRODUCTION = """\
# A deck of study cards. Lines that begin with `#`, like this one, are comments for you; only the
# first is for your editor, which learns from it what can be written here.
"""
_ID_COMMENT = """\
# Anki recognises the deck by its id, so never change it. You may change the name above.
"""


class ProjectFile(Record, frozen=True):
    """A file that serves all decks of a project.

    purpose: what it does, for the user. key_line: the line that matters; a file with it serves as well.
    top_only: whether it only works at the top of a repository.
    """

    path: str
    text: str
    purpose: str
    key_line: str
    top_only: bool = True


def deck_location(name: str, *, is_folder: bool) -> DeckLocation:
    """Return where a new deck goes, whose files and outputs are called after its name."""
    stem = new_name(name, "cards", set()).lower()
    # `deck.yaml` would make a deck of the whole folder, and Anki takes some packages for backups.
    if f"{stem}.yaml" in DECK_FILE_NAMES or is_reserved(stem):
        stem = f"cards-{stem}"
    path = f"{SOURCE_FOLDER}/{stem}"
    return DeckLocation(f"{path}/deck.yaml" if is_folder else f"{path}.yaml", is_single_file=not is_folder)


def deck_files(name: str, deck_id: str, location: DeckLocation) -> dict[str, str]:
    """Return the text of each source file of a new deck, by path."""
    head = _INTRODUCTION + write_mapping({"deck": name}) + _ID_COMMENT + write_mapping({"id": deck_id})
    head += _template("deck.yaml")
    files = {location.main_path: f"{head}\n{_template('cards.yaml')}"}
    if not location.is_single_file:
        files = {
            location.main_path: head + _template("files.yaml"),
            f"{location.folder}/months.yaml": _template("cards.yaml"),
        }
    return {path: f"{schema_line(path)}\n{text}" for path, text in files.items()}


def project_files() -> list[ProjectFile]:
    """Return the files with which git and GitHub look after the decks of a project."""
    return [
        ProjectFile(
            ".gitattributes",
            _template("gitattributes"),
            "with it, git merges the locks of two branches",
            f"{SOURCE_FOLDER}/**/*.lock merge=union",
            top_only=False,
        ),
        ProjectFile(
            ".github/workflows/cardwright.yml",
            _template("workflow.yml").replace("VERSION", VERSION),
            "with it, GitHub checks and builds all decks, and releases what you tag",
            "run: cardwright build --locked",
        ),
        ProjectFile(
            ".pre-commit-config.yaml",
            _template("pre-commit-config.yaml"),
            "with it, `pre-commit` checks the cards before every commit",
            "entry: cardwright check",
        ),
    ]


def _template(name: str) -> str:
    return (resources.files(__package__) / "template" / name).read_text(encoding="utf-8")
