"""The command line: one file a command.

Exit codes: 0 done, 1 an error of the toolkit (its message on standard error), 2 the command was mistyped.
Results go to standard output, progress and errors to standard error.
"""

from .main import main

__all__ = ["main"]
