"""The reference of the command line, made from the commands: ``python -m toolkit.cli.reference > docs/cli.md``."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from .main import main

__all__ = ["page"]

HEAD = """\
# Command line

Every command, with its arguments and options; this page is made from the commands by `scripts/docs reference`.
How to work with them is in [the guide for the shell](shell.md). COLLECTION is a file such as `photos.db`, or
`postgresql://...`. Results go to standard output, progress and errors to standard error. The exit code
is 0 when all was done, 1 for an error, 2 for a mistyped command.
"""


def page() -> str:
    """The text of the page."""
    return "\n".join([HEAD, *_lines(main, click.Context(main, info_name="toolkit"))])


def _lines(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield f"## {inner.command_path}\n\n{_help(command)}\n"
            yield from _lines(command, inner)
        else:
            yield from _command(command, inner)


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    level = "##" if context.parent is not None and context.parent.parent is None else "###"
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield f"{level} {context.command_path}\n\n```text\n{usage}\n```\n\n{_help(command)}\n"
    if command.epilog:
        yield f"{command.epilog}\n"
    options = [one for one in command.params if isinstance(one, click.Option)]
    if options:
        yield "| option | what it does |\n|---|---|"
        yield from (_option(one, context) for one in options)
        yield ""


def _option(option: click.Option, context: click.Context) -> str:
    written, told = option.get_help_record(context) or ("", "")
    written, told = (" ".join(text.split()).replace("|", "\\|") for text in (written, told))
    return f"| `{written}` | {told} |"


def _help(command: click.Command) -> str:
    """The text of a command's help; what click does not wrap is a block."""
    parts: list[str] = []
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        if paragraph.startswith("\b\n"):
            if parts and parts[-1].endswith("```"):
                parts[-1] = f"{parts[-1].removesuffix('```')}\n{paragraph[2:]}\n```"
            else:
                parts.append(f"```text\n{paragraph[2:]}\n```")
        else:
            parts.append(" ".join(paragraph.split()))
    return "\n\n".join(parts)


if __name__ == "__main__":
    click.echo(page(), nl=False)
