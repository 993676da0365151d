"""The main job on pictures that come with a package: scikit-learn's handwritten digits, or a folder of one's own."""

from .digits import run_digits
from .photos import run_photos

__all__ = ["run_digits", "run_photos"]
