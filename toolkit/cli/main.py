"""The ``toolkit`` command."""

from __future__ import annotations

import importlib
import os
import sys
import warnings
from typing import TYPE_CHECKING, Any

import click

from ..errors import QueryError, ToolkitError
from ..plain_text import printable
from ..remedies import in_shell
from .options import asked_collection
from .suggesting import SuggestingGroup

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["COMMANDS", "main"]

# Each command lives in the module of its name, and only the one that is called is imported.
COMMANDS = (
    *("add", "annotations", "check", "check-index", "compare", "completion", "concepts", "copy", "datasets"),
    *("delete", "demo", "index", "info", "inputs", "lab", "label", "missing", "models"),
    *("names", "near-duplicates", "new-plugin", "originals", "plugins", "predict", "project"),
    *("prune", "queries", "regions", "relocate", "reread", "search", "train", "vectors", "workflow"),
)

VARIABLE = "_TOOLKIT_COMPLETE"  # set by the shell that completes a command


class _Commands(SuggestingGroup):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*COMMANDS, *_of_plugins()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return _of_plugins().get(cmd_name)
        module = importlib.import_module(f".{cmd_name.replace('-', '_')}", __package__)
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        from .provided import provided

        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        names = sorted({*COMMANDS, *provided().get("commands", ())})
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401
        if VARIABLE in os.environ:
            importlib.import_module(".completion", __package__)  # which has click read lines as bash has them
        return super().main(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  (click's own signature)
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # click's own: the reader of the output has closed it
        except (ToolkitError, OSError) as error:
            show_error(error)
            ctx.exit(1)


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rank-toolkit", prog_name="toolkit")
def main() -> None:
    """Rank a collection of images: by concepts in any language, by similarity, with weights and filters."""
    if not sys.warnoptions:
        warnings.showwarning = _show_warning


def show_error(error: ToolkitError | OSError) -> None:
    """Print an error in the words of a shell; a query is shown on lines of its own, a file's name breaks no line."""
    text = in_shell(error.advice, asked_collection()) if isinstance(error, ToolkitError) else str(error)
    lines = text.split("\n") if isinstance(error, QueryError) else [text]
    click.echo("\n".join(map(printable, [f"toolkit: {lines[0]}", *lines[1:]])), err=True)


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    text = message.args[0] if isinstance(message, Warning) and message.args else str(message)
    click.echo(printable(f"toolkit: warning: {in_shell(text, asked_collection())}"), err=True)


def _of_plugins() -> dict[str, click.Command]:
    from ..plugins.registry import default
    from .provided import remember

    registry = default()
    remember(registry)
    return dict(registry.commands)
