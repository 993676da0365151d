"""A simulated user: who looks at a few pictures, marks them by the judgments, and has them ranked again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from ..errors import ContractError, QueryError
from ..plugins.interfaces import Feedback, Marks
from ..progress import progress_bar
from ..resources import Resources
from ..search import TermContext
from ..snapshot import Snapshot, Space
from ..values.types import FloatArray, IntArray
from .compare import compare
from .comparison import Comparison
from .corrections import Correction
from .judgments import Judgments
from .runs import Ranked, Run
from .significance import Test
from .topics import Topic, Topics

__all__ = ["simulate"]

NONE = "none"


def simulate(
    feedback: Iterable[str | Feedback],
    topics: Topics,
    judgments: Judgments,
    resources: Resources,
    *,
    rounds: int,
    shown: int,
    measures: str | Iterable[str] | None,
    space: str | None,
    test: Test,
    correction: Correction,
    seed: int,
    progress: bool,
) -> Comparison:
    """What ``photos.simulate`` does.

    Parameters
    ----------
    feedback, topics, judgments, rounds, shown, measures, space, test, correction, seed, progress
        As of the collection's verb.
    resources : Resources
        Of the open collection.

    Raises
    ------
    QueryError
        More pictures would be shown than are relevant, or a topic asks with no picture.
    """
    strategies = _strategies(feedback, resources)
    _check(topics, judgments, rounds, shown)
    snapshot = resources.snapshots.latest()
    context = TermContext(resources, snapshot)
    of = snapshot.spaces[context.space(space)]
    whole = of.position(snapshot.rows.whole_of_input)
    inputs = np.flatnonzero(whole >= 0)
    vectors = of.vectors[whole[inputs]]
    names = resources.store.inputs.ids_by_key(snapshot.inputs.key[inputs].tolist())
    ids = [names[key] for key in snapshot.inputs.key[inputs].tolist()]
    place = {id: at for at, id in enumerate(ids)}
    looked: dict[str, dict[str, Ranked]] = {name: {} for name in strategies}
    with progress_bar("Simulating", len(topics), unit=" topics", show=progress) as bar:
        for topic in topics:
            asked = _asked(topic, context, snapshot, of)
            grades = judgments.get(topic.id, {})
            relevant = np.array([grades.get(id, 0) > 0 for id in ids])
            hidden = np.array([place[id] for id in topic.exclude if id in place], np.intp)
            for name, strategy in strategies.items():
                seen = _session(strategy, vectors, asked, relevant, hidden, rounds=rounds, shown=shown)
                found = tuple(ids[at] for at in seen.tolist())
                looked[name][topic.id] = Ranked(found, tuple(range(len(found), 0, -1)), len(found))
            bar.update(1)
    budget = rounds * shown
    return compare(
        {name: Run(of_topics, name) for name, of_topics in looked.items()},
        topics,
        judgments,
        measures=f"P@{2 * shown} P@{budget}" if measures is None else measures,
        baselines=[NONE],
        depth=budget,
        test=test,
        correction=correction,
        seed=seed,
    ).showing(resources)


def _strategies(feedback: Iterable[str | Feedback], resources: Resources) -> Mapping[str, Feedback | None]:
    """Each strategy by its name, and the one that does not learn first."""
    if isinstance(feedback, str):
        feedback = [feedback]
    found: dict[str, Feedback | None] = {NONE: None}
    for one in feedback:
        strategy = resources.registry.feedback(one) if isinstance(one, str) else one
        found[strategy.name] = strategy
    if len(found) == 1:
        raise QueryError(f"name a strategy: {', '.join(resources.registry.feedbacks) or 'none is installed'}")
    return found


def _check(topics: Topics, judgments: Judgments, rounds: int, shown: int) -> None:
    if rounds < 2 or shown < 1:
        raise QueryError(f"rounds={rounds!r}, shown={shown!r}: two rounds or more of one picture or more")
    for topic in topics:
        relevant = sum(
            grade > 0 for id, grade in judgments.get(topic.id, {}).items() if id not in topic.exclude
        )
        if rounds * shown > relevant:
            raise QueryError(
                f"{rounds} rounds of {shown} show {rounds * shown} pictures, but only {relevant} are relevant to topic "
                f"{topic.id!r}: whoever found all could not be told from one who found nearly all; show fewer"
            )


def _asked(topic: Topic, context: TermContext, snapshot: Snapshot, space: Space) -> FloatArray:
    """The vector float32 (d,) of what a topic asks with: an input, or a picture."""
    match topic.values:
        case {"input": str(id)}:
            row = snapshot.rows.whole_of_input[[context.input_row(id)]]
            at = int(space.position(row)[0])
            if at >= 0:
                return np.asarray(space.vectors[at], np.float32)
        case {"image": origin}:
            return context.embed(origin, space=space.name)
    raise QueryError(
        f"topic {topic.id!r} asks with no embedded picture; it takes a column 'input' or 'image'"
    )


def _session(
    strategy: Feedback | None,
    vectors: FloatArray,
    query: FloatArray,
    relevant: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    hidden: IntArray,
    *,
    rounds: int,
    shown: int,
) -> IntArray:
    """The positions that a person looked at, in order: so many a round, each once."""
    values = vectors @ query
    seen = np.empty(0, np.intp)
    for turn in range(rounds):
        if turn and strategy is not None:
            marks = Marks(vectors, query, seen[relevant[seen]], seen[~relevant[seen]])
            values = _checked(strategy, strategy.rank_again(marks), len(vectors))
        left = np.array(values, np.float64)
        left[seen] = left[hidden] = -np.inf
        best = np.argsort(-left, kind="stable")[:shown]
        seen = np.concatenate([seen, best[np.isfinite(left[best])]])
    return seen


def _checked(strategy: Feedback, values: object, count: int) -> FloatArray:
    array = np.asarray(values)
    if array.shape != (count,) or array.dtype.kind not in "fiu" or not np.isfinite(array).all():
        shown = f"{array.dtype} of shape {array.shape}"
        raise ContractError(
            f"feedback {strategy.name!r}", f"rank_again() returns {count} finite numbers", shown
        )
    return np.asarray(array, np.float32)
