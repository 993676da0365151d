"""Groups of commands that say which command was meant."""

from __future__ import annotations

from difflib import get_close_matches

import click

from ..plain_text import printable

__all__ = ["SuggestingGroup"]


class SuggestingGroup(click.Group):
    """A group whose error for a mistyped command names those spelled most like it."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was typed, and what follows it.

        Parameters
        ----------
        ctx : click.Context
            Of the group.
        args : list of str
            What was typed after the group's name.

        Raises
        ------
        UsageError
            There is no such command.
        """
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            near = get_close_matches(name, self.list_commands(ctx))
            hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
            raise click.UsageError(printable(f"No such command {name!r}.{hint}"), ctx)
        return super().resolve_command(ctx, args)
