"""What click gives to shells that complete a line, mended for values with spaces, colons and commas."""

import os
import re

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    PowerShellComplete,
    add_completion_class,
    split_arg_string,
)


class _Bash(BashComplete):
    """Bash splits words at colons and equals signs too, and takes each completion as it would be typed."""

    source_template = """\
%(complete_func)s() {
    local type value
    COMPREPLY=()
    while IFS=, read -r type value; do
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done < <(COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_WORD="${COMP_WORDS[COMP_CWORD]}" \\
        %(complete_var)s=bash_complete "${1/#\\~/$HOME}")
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        # The letter shows whether the last word has ended: then it is one of its own.
        _, *args, last = split_arg_string(os.environ["COMP_LINE"] + "x")
        self._incomplete = last[:-1]
        return args, self._incomplete

    def format_completion(self, item: CompletionItem) -> str:
        return f"{item.type},{self._typed(item.value)}"

    def _typed(self, value: str) -> str:
        """Return a value as it would be typed, without what stands before the part that Bash replaces."""
        word = os.environ["COMP_WORD"]
        replaced = "" if re.fullmatch("[:=]+", word) else "".join(split_arg_string(word))
        kept = self._incomplete.removesuffix(replaced)
        if kept.startswith("--"):
            kept = kept.partition("=")[2]
        value = value.removeprefix(kept)
        if word.startswith(("'", '"')):
            return value
        return re.sub(r"([^\w@%+=:,./-])", r"\\\1", value)


class _Fish(FishComplete):
    """Fish, with values that have commas."""

    source_template = FishComplete.source_template.replace("string split", "string split --max 1")


class _PowerShell(PowerShellComplete):
    """PowerShell takes each completion as it would be typed."""

    def format_completion(self, item: CompletionItem) -> str:
        if not re.fullmatch(r"[\w./:-]+", item.value):
            item.value = "'" + item.value.replace("'", "''") + "'"
        return super().format_completion(item)


def use_our_shells() -> None:
    """Let click use the classes above."""
    for shell in (_Bash, _Fish, _PowerShell):
        add_completion_class(shell)
