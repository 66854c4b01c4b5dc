"""`cardwright build`."""

from typing import TYPE_CHECKING

import click

from cardwright.cli import console, project
from cardwright.cli.completion import complete_decks
from cardwright.cli.only import only_option

if TYPE_CHECKING:
    from cardwright.cli.building import RehearseBuild


@click.command()
@click.argument("decks", metavar="[DECK]...", nargs=-1, shell_complete=complete_decks)
@click.option("--locked", is_flag=True, help="Fail if an id or the lock would change. For automatic builds.")
@click.option(
    "--restore-lock",
    is_flag=True,
    help="Make a lost, damaged or too old lock anew from the packages in decks/.",
)
@only_option("Build only these")
@click.option(
    "--rehearse",
    is_flag=True,
    help="First try each package on someone who studies the one in decks/; write nothing if that loses "
    "anything. Needs Anki's own importer: `pip install anki`",
)
@click.option("--watch", is_flag=True, help="Build again whenever a source is saved, until Ctrl-C.")
@console.json_option
@console.all_option
def command(
    decks: tuple[str, ...],
    locked: bool,
    restore_lock: bool,
    only: tuple[str, ...] | None,
    rehearse: bool,
    watch: bool,
    output_format: str,
    show_all: bool,
) -> None:
    """Check decks, then write their Anki packages and card sheets.

    Reads the decks in cards_source/ and writes decks/<deck>/<deck>.apkg and
    .pdf. A card without an id gets one written into its source; deck.lock
    remembers what was released, and belongs in version control with the
    sources. A file that wouldn't change is left alone.

    After an error in the sources, or a conflict with what was released,
    nothing is written at all. A text that doesn't fit on its printed card, or
    has a character that no font has, stops the sheets alone: those in decks/
    stay as they were, and the package is written. `print: false` on a card, at
    the top of a file of cards or in deck.yaml keeps cards off paper.

    DECK is the id of a deck, the name of its folder, or a path; without one,
    all decks are built. SOURCE_DATE_EPOCH, if set, is the time of the build.
    So that builds are fast, what they find out is kept in your cache folder,
    which you can empty at any time. CARDWRIGHT_CACHE names another folder;
    `off` does without one.

    Exits with 0 when everything is written, and with 1 when it isn't.

    \b
    Example:
      cardwright build
      cardwright build hamstrings --only anki
      cardwright build --rehearse
      cardwright build --watch
      cardwright build --format json
    """
    if rehearse and only is not None and "anki" not in only:
        raise click.UsageError("--rehearse tries Anki packages, and --only leaves them out")
    if locked and restore_lock:
        raise click.UsageError("--locked lets no lock change, and --restore-lock writes one")
    if watch and rehearse:
        raise click.UsageError("--watch builds at every save, and --rehearse takes long")
    if watch and restore_lock:
        raise click.UsageError("--watch builds at every save, and --restore-lock is for once")
    rehearse_build = _load_rehearse_build() if rehearse else None
    root = project.find_root()
    now = console.build_time()
    if watch:
        from cardwright.cli.watching import watch_decks

        watch_decks(root, decks, outputs=only, locked=locked, output_format=output_format, show_all=show_all)
    run = None
    if not rehearse and not restore_lock:
        run = project.replay_or_begin_run(
            root, "build", decks, only, f"{locked=} {output_format=} {show_all=}"
        )
    # A run that is replayed does without the compiler and its libraries.
    import secrets

    from cardwright.cli.building import build_decks
    from cardwright.pipeline import BuildOptions

    salt = secrets.token_hex(3)
    options = BuildOptions(now=now, salt=salt, outputs=only, locked=locked, restore_lock=restore_lock)
    build_decks(
        root,
        decks,
        options=options,
        run=run,
        rehearse_build=rehearse_build,
        output_format=output_format,
        show_all=show_all,
    )


def _load_rehearse_build() -> "RehearseBuild":
    from functools import partial

    from cardwright.cli.rehearsing import load_rehearse, rehearse_build

    return partial(rehearse_build, rehearse=load_rehearse())
