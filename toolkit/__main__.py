"""``python -m toolkit``: the command of this very interpreter, wherever the path leads."""

from .cli import main

main(prog_name="toolkit")
