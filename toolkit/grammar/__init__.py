"""Queries as one line of text, for the command line."""

from .help import HELP
from .reading import parse
from .writing import to_text

__all__ = ["HELP", "parse", "to_text"]
