"""Ways to rank again by what a person marked as relevant and as not."""

from collections.abc import Sequence

from toolkit.plugins import Feedback, hookimpl

from .strategies import LogisticRegression, NearestPositive, Refine, Rocchio

__all__ = ["LogisticRegression", "NearestPositive", "Refine", "Rocchio"]


@hookimpl
def toolkit_feedbacks() -> Sequence[Feedback]:
    """The strategies `rocchio`, `nearest`, `logistic` and `refine`."""
    return [Rocchio(), NearestPositive(), LogisticRegression(), Refine()]
