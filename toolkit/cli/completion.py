"""``toolkit completion``."""

from __future__ import annotations

import os
import re
from typing import ClassVar

import click
from click.shell_completion import BashComplete, CompletionItem, add_completion_class, get_completion_class

__all__ = ["Bash", "command"]

NAME, VARIABLE = "toolkit", "_TOOLKIT_COMPLETE"
SHELLS = ("bash", "zsh", "fish")
_BREAK = re.compile(r".*[:=]")  # where bash begins a new word of its own, and replaces only what follows

BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' line reply
    COMPREPLY=()
    compopt -o nosort 2>/dev/null
    while IFS= read -r line; do
        case "${line%%%%,*}" in
            file) compopt -o default ;;
            dir) compopt -o dirnames ;;
            *) printf -v reply '%%s' "${line#*,}"; COMPREPLY+=("$reply") ;;
        esac
    done < <(TOOLKIT_LINE="${COMP_LINE:0:COMP_POINT}" %(complete_var)s=bash_complete "$1")
    [[ ${#COMPREPLY[@]} -eq 1 && "${COMPREPLY[0]}" == *: ]] && compopt -o nospace
    return 0
}
complete -F %(complete_func)s %(prog_name)s
"""


class Bash(BashComplete):
    """Completion for bash, of the line as it was typed: bash itself parts words at ``:`` and ``=``.

    With those left whole, ``concept:do`` and ``timm:resn`` are one word, as they are for the command.
    """

    source_template: ClassVar[str] = BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is typed, and what there is of it."""
        from click.shell_completion import split_arg_string

        line = os.environ.get("TOOLKIT_LINE", "")
        words = split_arg_string(line)[1:]
        if (line[-1:].isspace() and not _is_open(line)) or not words:
            return words, ""
        return words[:-1], words[-1]

    def complete(self) -> str:
        """The replies, a line each, as bash is to put them in."""
        words, incomplete = self.get_completion_args()
        items = self.get_completions(words, incomplete)
        typed = os.environ.get("TOOLKIT_LINE", "")
        quote = _open_quote(typed)
        return "\n".join(f"{item.type},{_replied(item, incomplete, quote)}" for item in items)


def _replied(item: CompletionItem, incomplete: str, quote: str) -> str:
    """What bash replaces its own last word with."""
    value = str(item.value)
    if not quote:
        broken = _BREAK.match(incomplete)
        value = value[broken.end() :] if broken and value.startswith(broken[0]) else value
        return re.sub(r"([^\w:=./,@%+~-])", r"\\\1", value)
    return value.replace(quote, "")


def _open_quote(line: str) -> str:
    """The quote that is open at the end of a line; empty if none is."""
    quote, escaped = "", False
    for character in line:
        if escaped:
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
    return quote


def _is_open(line: str) -> bool:
    return bool(_open_quote(line))


add_completion_class(Bash, "bash")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    r"""Print what makes a SHELL complete commands, options, and the names in a collection.

    \b
    bash, in ~/.bashrc:                     eval "$(toolkit completion bash)"
    zsh, in ~/.zshrc after compinit:        eval "$(toolkit completion zsh)"
    fish, in ~/.config/fish/config.fish:    toolkit completion fish | source
    """
    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(context.find_root().command, {}, NAME, VARIABLE).source())
