"""The `where` filter: what is known about the input and its annotations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

import numpy as np
import numpy.typing as npt

from toolkit.plugins import (
    Arguments,
    Context,
    FloatArray,
    GeoPoint,
    IntArray,
    Json,
    Parameter,
    QueryError,
    Snapshot,
    UnknownNameError,
)

from .between import numbers_within
from .containment import containing
from .geography import near, within_box
from .sources import matching_sources
from .taken import taken_within

__all__ = ["Where"]

Mask = npt.NDArray[np.bool_]


class Where:
    """Keeps the rows for which every condition holds.

    Conditions on the input: ``metadata``, ``between``, ``dataset``, ``status``, ``near``, ``within``, ``taken``,
    ``created_*`` and ``modified_*``. Conditions on an annotation of the row, all on one and the same: ``source``,
    ``annotation_status``, ``annotation_info``. ``region=True`` keeps regions only, False whole inputs only.
    """

    name = "where"
    is_filter = True
    help = "Only inputs and annotations with these properties."
    parameters: Sequence[Parameter] = (
        Parameter("metadata", "json", "A JSON object that the metadata must contain.", None),
        Parameter("dataset", "text", "A dataset; of several, any.", None, many=True),
        Parameter("status", "text", "The input's status.", None),
        Parameter("near", "geo", "[latitude, longitude, kilometers]: within that great circle.", None),
        Parameter(
            "within",
            "geo",
            "[latitude, longitude, latitude, longitude]: any two opposite corners; of the two boxes the narrower.",
            None,
        ),
        Parameter(
            "taken",
            "json",
            "When it was taken, by its camera's clock: '2024', '2024-05', or [first, last], both included.",
            None,
        ),
        Parameter("between", "json", "Numbers of the metadata within limits: {'iso': [100, 400]}.", None),
        Parameter("created_after", "time", "Added at this time or later.", None),
        Parameter("created_before", "time", "Added at this time or earlier.", None),
        Parameter("modified_after", "time", "Last changed at this time or later.", None),
        Parameter("modified_before", "time", "Last changed at this time or earlier.", None),
        Parameter(
            "source", "source", "Annotated by human, human:<user>, model, or a full source name.", None
        ),
        Parameter("annotation_status", "text", "An annotation has this status.", None),
        Parameter("annotation_info", "json", "A JSON object that the annotation's info must contain.", None),
        Parameter("region", "flag", "True: regions only; False: whole inputs only.", None),
    )

    def rank(self, term: Arguments, snapshot: Snapshot, context: Context) -> FloatArray:
        """1 where all conditions hold, NaN elsewhere: float32 (r,).

        Raises
        ------
        QueryError
            No condition is given.
        """
        given = {name: value for name, value in term.values.items() if value is not None}
        if not given:
            conditions = ", ".join(parameter.name for parameter in self.parameters)
            raise QueryError(f"where() needs a condition; there are: {conditions}")
        holds = np.ones(len(snapshot.rows), bool)
        if (of_inputs := _masks(_INPUT_CONDITIONS, given, snapshot)) is not None:
            holds &= of_inputs[snapshot.rows.input]
        if (of_annotations := _masks(_ANNOTATION_CONDITIONS, given, snapshot)) is not None:
            annotated = np.zeros(len(snapshot.rows), bool)
            annotated[snapshot.annotations.row[of_annotations]] = True
            holds &= annotated
        if "region" in given:
            holds &= snapshot.rows.whole != given["region"]
        return np.where(holds, np.float32(1), np.float32(np.nan))

    def narrowed(self, term: Arguments, context: Context, *, most: int) -> IntArray | None:
        """The keys of the inputs of the datasets that are asked for.

        Parameters
        ----------
        term : Arguments
            As of `rank`.
        context : Context
            As of `rank`.
        most : int
            Up to how many are few.
        """
        names = term["dataset"]
        if names is None:
            return None
        datasets = [names] if isinstance(names, str) else list(cast("Sequence[str]", names))
        return context.narrowing.in_datasets(datasets, most=most)


Condition = Callable[[Snapshot, Json], Mask]


def _masks(conditions: Mapping[str, Condition], given: Mapping[str, Json], snapshot: Snapshot) -> Mask | None:
    masks = [condition(snapshot, given[name]) for name, condition in conditions.items() if name in given]
    return np.logical_and.reduce(masks) if masks else None


def _metadata(snapshot: Snapshot, wanted: Json) -> Mask:
    return containing(snapshot.inputs.metadata, _object("metadata", wanted))


def _annotation_info(snapshot: Snapshot, wanted: Json) -> Mask:
    return containing(snapshot.annotations.info, _object("annotation_info", wanted))


def _object(name: str, value: Json) -> Mapping[str, Json]:
    if not isinstance(value, Mapping):
        raise QueryError(f"where({name}=...) is a JSON object such as {{'kind': 'animal'}}, not {value!r}")
    return value


def _dataset(snapshot: Snapshot, names: Json) -> Mask:
    holds = np.zeros(len(snapshot.inputs), bool)
    for name in [names] if isinstance(names, str) else cast("Sequence[str]", names):
        if name not in snapshot.datasets:
            raise UnknownNameError("dataset", name, snapshot.datasets)
        holds[snapshot.datasets[name]] = True
    return holds


def _status(snapshot: Snapshot, word: Json) -> Mask:
    return np.equal(snapshot.inputs.status, _code(snapshot, word))


def _annotation_status(snapshot: Snapshot, word: Json) -> Mask:
    return np.equal(snapshot.annotations.status, _code(snapshot, word))


def _code(snapshot: Snapshot, word: Json) -> int:
    return snapshot.statuses.index(word) if word in snapshot.statuses else -1


def _source(snapshot: Snapshot, wanted: Json) -> Mask:
    return matching_sources(cast("str", wanted), snapshot)[snapshot.annotations.source]


def _near(snapshot: Snapshot, place: Json) -> Mask:
    latitude, longitude, kilometers = _numbers("near", place, 3)
    return near(snapshot.inputs, GeoPoint(latitude, longitude), kilometers)


def _within(snapshot: Snapshot, corners: Json) -> Mask:
    south, west, north, east = _numbers("within", corners, 4)
    return within_box(snapshot.inputs, GeoPoint(south, west), GeoPoint(north, east))


def _taken(snapshot: Snapshot, wanted: Json) -> Mask:
    return taken_within(snapshot.inputs.metadata, wanted)


def _numbers(name: str, value: Json, count: int) -> list[float]:
    if not isinstance(value, list | tuple) or len(value) != count:
        raise QueryError(f"where({name}=...) is a list of {count} numbers, not {value!r}")
    return [float(cast("float", number)) for number in value]


_INPUT_CONDITIONS: Mapping[str, Condition] = {
    "metadata": _metadata,
    "between": lambda snapshot, wanted: numbers_within(snapshot.inputs.metadata, wanted),
    "dataset": _dataset,
    "status": _status,
    "near": _near,
    "within": _within,
    "taken": _taken,
    "created_after": lambda snapshot, time: snapshot.inputs.created_at >= cast("float", time),
    "created_before": lambda snapshot, time: snapshot.inputs.created_at <= cast("float", time),
    "modified_after": lambda snapshot, time: snapshot.inputs.modified_at >= cast("float", time),
    "modified_before": lambda snapshot, time: snapshot.inputs.modified_at <= cast("float", time),
}

_ANNOTATION_CONDITIONS: Mapping[str, Condition] = {
    "source": _source,
    "annotation_status": _annotation_status,
    "annotation_info": _annotation_info,
}
