"""What is registered, by name, from installed plugins and from notebook cells."""

from ...errors import PluginWarning
from .registered import PluginRow
from .registry import Registry, default

__all__ = ["PluginRow", "PluginWarning", "Registry", "default"]
