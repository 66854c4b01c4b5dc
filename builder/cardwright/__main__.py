"""Starts the command `cardwright`. Ctrl-C ends it without a traceback, even while it is being imported."""

import os


def _stop_at_once(signal_number: int, _frame: object) -> None:
    """End the process, which has nothing to clean up yet. In an import some exceptions would be lost."""
    os.write(2, b"Stopped.\n")
    os._exit(128 + signal_number)


def main() -> None:
    """Run the command line of the process, and end it with the exit code."""
    from cardwright.cli.main import main as run_command_line  # noqa: PLC0415  the signals come first

    run_command_line()


try:
    # Nothing else is imported before, not even for types.
    import signal

    for _name in ("SIGINT", "SIGTERM", "SIGHUP"):
        # A signal that is ignored, as `nohup` does it, stays so.
        if (_number := getattr(signal, _name, None)) and signal.getsignal(_number) is not signal.SIG_IGN:
            signal.signal(_number, _stop_at_once)
except KeyboardInterrupt:
    _stop_at_once(2, None)

if __name__ == "__main__":
    main()
