"""`cardwright schema`."""

import click

from cardwright.cli import console, project


@click.command()
@click.option("--print", "to_print", is_flag=True, help="Print the description; write nothing.")
def command(to_print: bool) -> None:
    """Help your editor with the keys of cards: complete and explain them, and mark mistakes.

    The command writes cards_source/cardwright.schema.json, which describes
    every key of a deck and a card as JSON Schema. Editors that have the
    language server for YAML use it for each file that names it in its first
    line. Which files don't yet, and what to write there, is printed.

    Keep the file in version control, so that it works for everybody, without
    a network. After an update of cardwright run the command again; `cardwright
    check` reminds you.

    Exits with 0 when the file is up to date, and with 1 when it can't be
    written.

    \b
    Example:
      cardwright schema
      cardwright schema --print > cards.json
    """
    if to_print:
        from cardwright.reader.schema import schema_text

        console.print_escaped(schema_text().removesuffix("\n"))
        return
    root = project.find_root()
    from cardwright.diagnostics import Report
    from cardwright.shell import schema_file

    report = Report()
    written = console.value_or_report(schema_file.write_schema(root), report)
    if written is None:
        console.fail(report)
    console.print_line(f"{schema_file.SCHEMA_PATH}: {'written' if written else 'up to date'}")
    for folder, paths in schema_file.files_without_line(root).items():
        files = paths[0] if len(paths) == 1 else f"the {len(paths)} YAML files in {folder}/"
        line = schema_file.schema_line(paths[0])
        console.print_line(f"\nBegin {files} with this line:\n{line}")
