"""Parameters of rankers: the declaration, and everything that follows from it."""

from .binding import bind, describe, signature
from .parameter import REQUIRED, Kind, Parameter
from .plain_values import plain
from .readers import expected

__all__ = ["REQUIRED", "Kind", "Parameter", "bind", "describe", "expected", "plain", "signature"]
