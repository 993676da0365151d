"""Writes what workers computed into the store: one transaction a batch, all of it or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add as plus
from typing import TypeAlias

import numpy as np

from ..components import Components
from ..errors import InputError, QueryError, StoreError
from ..labels import checked_values, concept_ids
from ..interfaces import Record
from ..resources import Resources
from ..sources import is_kept_by_us
from ..store import Batch, NewAnnotation, NewInput
from ..trained_concept import TrainedConcept
from ..types import Box, FloatArray
from .computing import Computed
from .jobs import Job, Known, stamp
from .report import Failure, Report
from .workers import Done

__all__ = ["Recorder", "predictions"]

Said: TypeAlias = dict[str, list[NewAnnotation]]


@dataclass(frozen=True, slots=True)
class _Result:
    """What came of the job of an input that is in the store."""

    key: int
    job: Job
    computed: Computed


class Recorder:
    """Takes outcomes, batch by batch.

    Parameters
    ----------
    resources : Resources
        Of the open collection.
    components : Components
        Whose outcomes they are.
    datasets : tuple of str
        Where inputs go, besides the datasets of their records.
    """

    def __init__(
        self, resources: Resources, components: Components, *, datasets: tuple[str, ...] = ()
    ) -> None:
        self._resources = resources
        self._components = components
        self._datasets = datasets

    def record(self, done: Done) -> Report:
        """Write a batch, and say what came of it; one that the store refuses does not take the rest with it."""
        try:
            return self._record(done)
        except (InputError, QueryError, StoreError) as error:
            if isinstance(error, StoreError) and not isinstance(error.__cause__, UnicodeEncodeError):
                raise
            if len(done) == 1:
                job, reason = done[0][0], error.reason if isinstance(error, InputError) else str(error)
                return self._record([(job, Failure(job.uri, reason))])
            return reduce(plus, (self.record([one]) for one in done))

    def record_known(self, known: Sequence[Known]) -> Report:
        """Write what is said now of inputs that were there already."""
