"""The main job, shown: on photographs that installed packages bring, or on a folder of one's own."""

from .bundled import run_bundled
from .photos import run_photos

__all__ = ["run_bundled", "run_photos"]
