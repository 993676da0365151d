"""Whether a system has seen the answers: a concept trained on the labels that judge it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..query import Query, Term
from ..resources import Resources
from ..search import TermContext
from .judgments import Judgments
from .systems import System
from .topics import Topics

__all__ = ["LeakageWarning", "leaks"]


class LeakageWarning(UserWarning):
    """A system was trained on the labels that judge it."""


def leaks(
    systems: Mapping[str, System], topics: Topics, judgments: Judgments, resources: Resources
) -> tuple[str, ...]:
    """A sentence for each system that ranks by a concept trained on the judgments.

    Parameters
    ----------
    systems, topics, judgments
        Of the experiment.
    resources : Resources
        Of the open collection.
    """
    trained = {model.name for model in resources.store.models.all()} if judgments.from_labels else set()
    if not trained:
        return ()
    context = TermContext(resources, resources.snapshots.latest())
    return tuple(
        f"{name!r} ranks by {', '.join(map(repr, sorted(seen)))}, trained on labels that are among the judgments: "
        "it has seen the answers"
        for name, system in systems.items()
        if (seen := trained & set(_concepts(system, topics, context)))
    )


def _concepts(system: System, topics: Topics, context: TermContext) -> Iterator[str]:
    """The ids of the concepts that a system asks about."""
    if not isinstance(system, Query):
        return
    terms = {term for topic in topics for term in system.fill(topic.values).terms()}
    for term in terms:
        if _names_a_concept(term):
            language = dict(term.options).get("language")
            given = language if isinstance(language, str) else None
            exact = bool(dict(term.options).get("exact", False))
            for one in context.meanings(str(term.subject), language=given, exact=exact):
                yield from (same for concept in one.concepts for same in context.names.same(concept))


def _names_a_concept(term: Term) -> bool:
    return term.ranker == "concept" and isinstance(term.subject, str)
