"""The ``toolkit`` command."""

from __future__ import annotations

import importlib
import sys
import warnings
from typing import Any

import click

from ..errors import QueryError, ToolkitError
from ..plain_text import printable
from ..plugins.registry import default

__all__ = ["main"]

# Each command lives in the module of its name; only the one that is called is imported.
COMMANDS = {
    "add": "add",
    "check": "check",
    "compare": "compare",
    "concepts": "concepts",
    "demo": "demo",
    "info": "info",
    "lab": "lab",
    "label": "label",
    "names": "names",
    "near-duplicates": "near_duplicates",
    "new-plugin": "new_plugin",
    "plugins": "plugins",
    "prune": "prune",
    "relocate": "relocate",
    "search": "search",
    "train": "train",
    "workflow": "workflow",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*COMMANDS, *default().commands})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return default().commands.get(cmd_name)
        module = importlib.import_module(f".{COMMANDS[cmd_name]}", __package__)
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  (click's own signature)
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # click's own: the reader of the output has closed it
        except (ToolkitError, OSError) as error:
            # A query is shown on lines of its own, with what is wrong marked; a file's name breaks no line.
            lines = str(error).split("\n") if isinstance(error, QueryError) else [str(error)]
            click.echo("\n".join(map(printable, [f"toolkit: {lines[0]}", *lines[1:]])), err=True)
            ctx.exit(1)


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rank-toolkit", prog_name="toolkit")
def main() -> None:
    """Rank a collection of images: by concepts in any language, by similarity, with weights and filters."""
    if not sys.warnoptions:
        warnings.showwarning = _show_warning


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    click.echo(printable(f"toolkit: warning: {message}"), err=True)
