"""The options of `cardwright import` that say how tables are read."""

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from cardwright.importing.table_file import TableOptions

_Function = TypeVar("_Function", bound=Callable[..., object])

_DELIMITERS = {
    "tab": "\t",
    "\\t": "\t",
    "comma": ",",
    "semicolon": ";",
    "pipe": "|",
    "colon": ":",
    "space": " ",
}
_OPTIONS = (
    click.option("--columns", metavar="KEY,...",
                 help="What the columns of a table fill, such as `q,a,tags,-`."),
    click.option("--note-type", metavar="NAME", default="", help="Columns are fields of this new note type."),
    click.option("--text", "text_format", type=click.Choice(["html", "plain", "markdown"]),
                 help="What the texts of a table are; if left out, it is found out."),
    click.option("--header/--no-header", "has_header", default=None,
                 help="Whether the first row names the columns; if left out, it is found out."),
    click.option("--delimiter", metavar="TEXT",
                 help="What stands between columns: a word such as `tab` or `semicolon`, or any characters."),
    click.option("--encoding", metavar="NAME", help="The encoding, such as cp1252 or Shift-JIS."),
    click.option("--language", metavar="CODE", default="",
                 help="Take columns such as `word:de`, where CODE is `de`."),
)  # fmt: skip


def table_options(function: _Function) -> _Function:
    """Add the options; their values are the arguments of `read_table_options`."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def read_table_options(
    *, columns: str | None, delimiter: str | None, encoding: str | None, note_type: str, **others: Any
) -> "TableOptions":
    """Return what a user says about tables.

    Errors: a usage error for what cannot be meant.
    """
    from cardwright.importing.table_file import TableOptions
    from cardwright.importing.text_encodings import find_charset

    codec = find_charset(encoding) if encoding is not None else ""
    if codec is None:
        raise click.UsageError(
            f"`--encoding` needs the name of an encoding, such as cp1252; found `{encoding}`"
        )
    if delimiter is not None:
        delimiter = _DELIMITERS.get(delimiter.strip().lower() or delimiter, delimiter)
        if not delimiter or set(delimiter) & {'"', "\n", "\r"}:
            raise click.UsageError(
                "`--delimiter` needs what stands between columns: no quotes, no line breaks"
            )
    return TableOptions(
        columns=() if columns is None else _read_columns(columns, note_type),
        delimiter=delimiter or "",
        codec=codec,
        note_type=note_type,
        **others,
    )


def _read_columns(value: str, note_type: str) -> tuple[str, ...]:
    """Return what each column fills: a key, `-`, or the name of a field if there is a note type."""
    from cardwright.diagnostics.emit.terminal import escape_controls
    from cardwright.diagnostics.phrases import did_you_mean, truncate
    from cardwright.importing.column_names import COLUMN_KEYS, LEFT_OUT, ROW_KEYS, key_of_name

    words = [word.strip() or LEFT_OUT for word in value.split(",")]
    if note_type:
        keys = [word.lower() if word.lower() in ROW_KEYS else word for word in words]
        if not any(key not in {*ROW_KEYS, LEFT_OUT} for key in keys):
            raise click.UsageError("`--columns` names no field of the note type")
        for key, number in Counter(key.casefold() for key in keys).items():
            if number > 1 and key not in {"tags", LEFT_OUT}:
                raise click.UsageError(f"`--columns` has `{escape_controls(truncate(key))}` twice")
        return tuple(keys)
    keys = [word if word in {*COLUMN_KEYS, LEFT_OUT} else key_of_name(word) for word in words]
    for word, key in zip(words, keys, strict=True):
        if not key:
            help_ = did_you_mean(word, [*COLUMN_KEYS, LEFT_OUT])
            shown = escape_controls(truncate(word))
            raise click.UsageError(
                f"`--columns` has `{shown}`; {help_}. With `--note-type` it would be the name of a field."
            )
        if keys.count(key) > 1 and key not in {"extra", "tags", LEFT_OUT}:
            raise click.UsageError(f"`--columns` has `{key}` twice")
    if not {"q", "cloze"} & {*keys}:
        raise click.UsageError("`--columns` needs `q` or `cloze`, which say what is asked")
    if not {"a", "cloze"} & {*keys}:
        raise click.UsageError(
            "`--columns` has no `a`; name `cloze` if the texts have deletions such as {{c1::word}}"
        )
    return tuple(keys)
