"""What a search came back with: hits, why each is there, and how they are shown."""

from .explanation import Explanation
from .hits import Hits

__all__ = ["Explanation", "Hits"]
