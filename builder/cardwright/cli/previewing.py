"""Serves the preview, as `cardwright preview` was told to."""

import gc
import os
import sys
import threading
import webbrowser
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from cardwright.cli import console, project
from cardwright.diagnostics import Report
from cardwright.previewing.editors import editor_command, open_editor
from cardwright.previewing.printed_cards import PrintedCards
from cardwright.previewing.reading import Live, read_snapshot, with_advice
from cardwright.previewing.server import PreviewServer
from cardwright.shell.project_folder import SOURCE_FOLDER
from cardwright.shell.watching import watch_folder


def preview_decks(
    root: Path, names: Sequence[str], *, now: int, port: int, opens_browser: bool, editor: str
) -> None:
    """Serve the preview, and read the decks again at every change. Ends with a KeyboardInterrupt.

    names: of the decks, as typed; none for all. now: in s since 1970. port: 0 for any that is free.
    editor: the command that opens a source; empty for the user's own.

    Errors: a usage error if the port can't be had, or for a name that no deck has.
    """
    folders = [deck.name for deck in project.select_decks(root, names, Report())] if names else []
    live = Live()

    def open_file(path: str, line: int) -> None:
        open_editor(editor_command(editor, os.environ, root / path, line))

    try:
        server = PreviewServer(port, live, PrintedCards(root), open_file)
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.UsageError(
            f"port {port} can't be had: {reason}; leave --port out for one that is free"
        ) from error
    # The advice on a big deck must not keep the browser waiting for its cards.
    sys.setswitchinterval(0.0005)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    try:
        for number, _ in enumerate(watch_folder(root / SOURCE_FOLDER)):
            live.publish(read_snapshot(root, folders, now, live.snapshot))
            if not number:
                thread.start()
                console.print_line(f"{server.address} shows your cards, until Ctrl-C.")
                if opens_browser and not webbrowser.open(server.address):
                    console.print_line("No browser could be opened; open the address in one.", err=True)
            live.publish(with_advice(live.snapshot, datetime.fromtimestamp(now, UTC).date()))
            # The process looks for no cycles by itself, since a single run has none to speak of.
            gc.collect()
    finally:
        server.is_stopping.set()
        server.server_close()
