"""How far something has come, as a bar that shows itself only where a person waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Never

if TYPE_CHECKING:
    from tqdm import tqdm

__all__ = ["progress_bar"]

SECONDS = 2  # what takes no longer shows no bar


def progress_bar(title: str, total: int | None, *, unit: str = "it", show: bool = True) -> tqdm[Never]:
    """A bar to be used in a ``with`` block: in a notebook a widget, elsewhere a line of standard error.

    Parameters
    ----------
    title : str
        What is done, such as ``"Adding"``.
    total : int or None
        How many there are, if that is known; ``bar.update(n)`` says that n more are done.
    unit : str
        What is counted, with a space before it.
    show : bool
        False shows nothing.

    Examples
    --------
    >>> with progress_bar("Adding", 3, unit=" images") as bar:
    ...     bar.update(3)
    ...     bar.n
    3
    """
    from tqdm.auto import tqdm

    return tqdm(total=total, desc=title, unit=unit, delay=SECONDS, disable=not show)
