"""The annotations of an open collection, as a mapping to look at and verbs to change them."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from ..on_first_use import OnFirstUse
from ..resources import Resources
from ..store import Batch, NewAnnotation
from ..values.types import Annotation, Box, Input
from ..words.linking import new_labels_linked
from .frames import annotations_frame

if TYPE_CHECKING:
    from pandas import DataFrame

    from .. import indexing
    from ..indexing import NewRegions
else:
    indexing = OnFirstUse("toolkit.indexing")

__all__ = ["Annotations"]

CHUNK = 1024  # inputs read at once


class Annotations(Mapping[str, Annotation]):
    """Annotations by id: ``photos.annotations[id].concepts``.

    `Collection.annotate` is how a person labels. Tools that read, change or copy single annotations
    use these methods.

    Parameters
    ----------
    resources : Resources
        Of the open collection.

    Examples
    --------
    >>> from dataclasses import replace
    >>> import numpy as np
    >>> import toolkit
    >>> with toolkit.open() as photos:
    ...     _ = photos.add(np.zeros((32, 32, 3), np.uint8), progress=False)
    ...     [id] = photos.annotate(list(photos), concept="porch")
    ...     one = photos.annotations[id]
    ...     _ = photos.annotations.put([replace(one, concepts={"car": 0.0}, status="checked")])
    ...     photos.annotations[id].concepts, photos.annotations[id].status
    ({'car': 0.0}, 'checked')
    """

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._store = resources.store

    # ---- looking

    def __getitem__(self, id: str) -> Annotation:
        return self._store.annotations.get(id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._store.annotations.ids())

    def __len__(self) -> int:
        return self._store.counts()["annotations"]

    def __repr__(self) -> str:
        return f"<{len(self):,} annotations>"

    def of(self, inputs: Iterable[str], *, detections: float | None = None) -> list[Annotation]:
        """The annotations of some inputs and of their regions, in order of creation.

        Parameters
        ----------
        inputs : iterable of str
            Ids.
        detections : float, optional
            The least confidence of a detection; `Settings.detections` by default, 0 for all that is stored.

        Raises
        ------
        UnknownNameError
            No such input, with the nearest ids.
        """
        with self._store.read():
            rows = self._store.regions.on_inputs(self._store.inputs.keys(inputs))
            found = self._store.annotations.on_regions(row.key for row in rows)
            return indexing.sure_detections(found, self._resources, detections)

    def frame(self, *, source: str | None = None, detections: float | None = None) -> DataFrame:
        """A pandas DataFrame with a row for each concept of each annotation, in order of their inputs.

        Parameters
        ----------
        source : str, optional
            As in `page`; everybody by default.
        detections : float, optional
            As in `of`.

        Raises
        ------
        MissingExtraError
            pandas is not installed.
        """
        found = self.by_input(source=source, detections=detections)
        return annotations_frame(one for _, said in found for one in said)

    def page(
        self,
        *,
        offset: int = 0,
        limit: int = 128,
        ids: Collection[str] | None = None,
        inputs: Collection[str] | None = None,
        sources: Collection[str] | None = None,
        statuses: Collection[str] | None = None,
    ) -> list[Annotation]:
        """Some of the annotations in order of creation, of those that meet every condition given.

        Detections are all here, however unsure.

        Parameters
        ----------
        offset, limit : int
            How many to leave out before, and how many to return at most.
        ids, inputs : collection of str, optional
            Ids of annotations; ids of the inputs they are about. One that is not there finds nothing.
        sources : collection of str, optional
            Full names or their beginnings: ``"human"`` is every person, ``"model:yolox"`` every version of it.
        statuses : collection of str, optional
            Words.
        """
        return self._store.annotations.page(
            offset=offset, limit=limit, ids=ids, inputs=inputs, sources=sources, statuses=statuses
        )

    def by_input(
        self,
        *,
        source: str | None = None,
        inputs: Sequence[str] | None = None,
        detections: float | None = None,
    ) -> Iterator[tuple[Input, list[Annotation]]]:
        """Every input in order of creation, with the annotations of it and its regions, some hundred read at once.

        Parameters
        ----------
        source : str, optional
            As in `page`; everybody by default.
        inputs : sequence of str, optional
            Ids of the inputs, or paths, in this order; all by default.
        detections : float, optional
            As in `of`.

        Raises
        ------
        UnknownNameError
            No input goes by an id.
        """
        if inputs is None:
            ids = self._store.inputs.ids()
        else:
            keys = self._store.inputs.keys(inputs)
            by_key = self._store.inputs.ids_by_key(keys)
            ids = [by_key[key] for key in keys if key in by_key]
        for start in range(0, len(ids), CHUNK):
            with self._store.read():
                chunk = ids[start : start + CHUNK]
                present = self._store.inputs.known(chunk)  # some may have been deleted since
                some = [id for id in chunk if id in present]
                found = self._store.inputs.by_key(self._store.inputs.keys(some))
                annotations = self.of(some, detections=detections)
            of_input: defaultdict[str, list[Annotation]] = defaultdict(list)
            for one in annotations:
                if source is None or one.source.is_from(source):
                    of_input[one.input_id].append(one)
            yield from ((one, of_input[one.id]) for one in found)

    # ---- changing

    def put(self, annotations: Sequence[Annotation]) -> list[str]:
        """Write annotations as they are, and return their ids; one with the id of a stored annotation replaces it.

        All of them are written, or none. A region that is new is made and embedded.

        Parameters
        ----------
        annotations : sequence of Annotation
            Of each, `input_id`, `box`, `source`, `concepts` (by id), `status` and `info` count. Without an `id` it
            gets a new one; `region_id` and the times follow from the rest.

        Raises
        ------
        UnknownNameError
            No input has one of the ids.
        QueryError
            A value outside [0, 1], a source that is none, or an id of another region or source.
        InputError
            A region cannot be cut out: the file is not there any more.
        """
        fresh = self._cut(annotations)
        labels = {concept for one in annotations if one.source.is_human for concept in one.concepts}
        written: list[str] = []
        with (
            new_labels_linked(labels, self._store, self._resources.registry),
            self._store.write() as batch,
        ):
            fresh.write(batch)
            rows = self._rows(annotations, batch)
            for source, some in groupby(annotations, key=lambda one: one.source):
                new = [_new(one, rows[one.input_id, one.box]) for one in some]
                written += batch.annotations.add_many(new, source=source)
        return written

    def remove_concept(self, ids: str | Sequence[str], concept: str) -> None:
        """Remove one concept from an annotation, or from several at once; one with nothing left in it is deleted.

        Parameters
        ----------
        ids : str or sequence of str
            Of annotations.
        concept : str
            A concept's id.

        Raises
        ------
        UnknownNameError
            No such annotation, or it does not have the concept; nothing is removed.
        """
        with self._store.write() as batch:
            for id in [ids] if isinstance(ids, str) else ids:
                batch.annotations.remove_concept(id, concept)
                left = self._store.annotations.get(id)
                if not left.concepts and not left.info:
                    batch.annotations.delete([id])

    def delete(self, ids: Iterable[str]) -> None:
        """Delete annotations by id; the regions they are on stay.

        Raises
        ------
        UnknownNameError
            No such annotation, with the nearest ids; nothing is deleted.
        """
        with self._store.write() as batch:
            batch.annotations.delete(list(ids))

    def _cut(self, annotations: Sequence[Annotation]) -> NewRegions:
        """The boxes that are not regions yet, embedded before the transaction begins."""
        keys = self._keys(annotations)
        boxes: defaultdict[int, list[Box]] = defaultdict(list)
        for one in annotations:
            if one.box is not None:
                boxes[keys[one.input_id]].append(one.box)
        return indexing.embed_new_regions(boxes, self._resources)

    def _rows(self, annotations: Sequence[Annotation], batch: Batch) -> dict[tuple[str, Box | None], int]:
        """The key of each annotated row, by input id and box; missing rows are made."""
        keys = self._keys(annotations)  # once more: no input can be deleted now
        for one in annotations:
            if one.box is not None:
                batch.regions.add(keys[one.input_id], [one.box])
        ids = {key: id for id, key in keys.items()}
        return {(ids[row.input_key], row.box): row.key for row in self._store.regions.on_inputs(ids)}

    def _keys(self, annotations: Sequence[Annotation]) -> dict[str, int]:
        ids = list(dict.fromkeys(one.input_id for one in annotations))
        return dict(zip(ids, self._store.inputs.keys(ids), strict=True))


def _new(one: Annotation, row: int) -> NewAnnotation:
    id = one.id or secrets.token_hex(8)
    return NewAnnotation(row, concepts=one.concepts, status=one.status, info=one.info, id=id)
