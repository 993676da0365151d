"""The part of a collection that is ranked lacks an input that a query names."""

from __future__ import annotations

from ..errors import ToolkitError

__all__ = ["NotInPart"]


class NotInPart(ToolkitError):  # it asks for more; a search catches it
    """An input of the collection is not in the part that is looked at.

    Parameters
    ----------
    input : int
        Its key.
    """

    def __init__(self, input: int) -> None:
        super().__init__("an input that the query names is not in the part of the collection that is ranked")
        self.input = input
