"""`cardwright doctor`."""

import click

from cardwright.cli import console


@click.command()
@console.json_option
def command(output_format: str) -> None:
    """Say whether everything works that cardwright needs, and what to do if not.

    Looks at Python, the PDF engine and its fonts, Anki's importer, the cache,
    the folder of temporary files, the project you are in with its decks in
    cards_source/, their locks and git, the terminal, the browser and the
    editor. It writes nothing but a word into the cache and a temporary file,
    to see whether that can be done.

    Each line begins with `ok`, with `note` if something is missing that only
    some need, or with `problem`. You can paste all of them into a report:
    your home folder is written as ~, and nothing of your cards is shown.

    Exits with 0 when there is no problem, and with 1 when there is one.

    \b
    Example:
      cardwright doctor
      cardwright doctor --format json
    """
    from cardwright.cli.doctor_checks import Status, run_checks
    from cardwright.cli.main import VERSION_LINE

    findings = run_checks()
    problems = sum(finding.status is Status.PROBLEM for finding in findings)
    code = 1 if problems else 0
    if output_format == "json":
        from cardwright.cli import json_output

        checks = [{**finding._asdict(), "status": finding.status.value} for finding in findings]
        console.print_escaped(json_output.render("doctor", code, version=VERSION_LINE, checks=checks))
        raise SystemExit(code)
    from cardwright.diagnostics.phrases import count_noun

    console.print_line(VERSION_LINE)
    for finding in findings:
        console.print_line(f"{finding.status.value:<9}{finding.name}: {finding.text}")
        if finding.help:
            console.print_line(f"{'':<9}{finding.help}")
    console.print_line(f"{count_noun(problems, 'problem')} found" if problems else "Everything works.")
    raise SystemExit(code)
