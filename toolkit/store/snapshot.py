"""Moved to `toolkit.snapshot`."""

from ..snapshot import *  # noqa: F403
