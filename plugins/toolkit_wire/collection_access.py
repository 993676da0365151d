"""Everything the wire needs of a collection that its verbs do not offer yet, in one place.

Each function is a verb the collection could have; nothing else in this package looks behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from toolkit import Collection
from toolkit.components import Components, detect, embed, full_name, load, predict
from toolkit.errors import InputError, UnknownNameError
from toolkit.images import decode
from toolkit.indexing.computing import Worker
from toolkit.indexing.job import Job
from toolkit.indexing.recording import Recorder
from toolkit.indexing.report import Failure
from toolkit.indexing.workflow import prepare
from toolkit.interfaces import Record
from toolkit.languages import fold
from toolkit.resources import Resources
from toolkit.sources import uri_of
from toolkit.store import NewAnnotation, SeenFile, schema
from toolkit.trained_concept import TrainedConcept
from toolkit.types import Annotation, Box, Concept, FloatArray, GeoPoint, Input, Json

__all__ = [
    "Outputs",
    "Page",
    "add_annotation",
    "add_dataset",
    "add_records",
    "annotation",
    "annotation_page",
    "change_input",
    "concept_page",
    "concepts_like",
    "concepts_of",
    "count_inputs",
    "datasets",
    "delete_annotations",
    "forget_search",
    "input_ids",
    "input_page",
    "inputs",
    "inputs_from",
    "known_inputs",
    "knows_concept",
    "labels",
    "models",
    "name_concept",
    "outputs",
    "region_of_annotation",
    "relate",
    "rename_concept",
    "save_search",
    "saved_searches",
    "spaces_of_input",
    "unrelate",
]

_SEARCHES = "wire.searches"
_COMPUTED_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for: `limit` of it, from `offset` on."""

    offset: int
    limit: int


def _parts(photos: Collection) -> Resources:
    return photos._resources  # the one place that looks behind the collection


# ---- inputs


def inputs(photos: Collection, ids: Iterable[str]) -> list[Input]:
    """The inputs of some ids, in the order given."""
    store = _parts(photos).store
    with store.read():
        return store.inputs(store.input_keys(ids))


def known_inputs(photos: Collection, ids: Iterable[str]) -> set[str]:
    """Those of some ids that are inputs."""
    wanted = list(ids)
    with _parts(photos).store.read() as connection:
        return {
            id
            for start in range(0, len(wanted), 500)
            for (id,) in connection.execute(
                select(schema.inputs.c.id).where(schema.inputs.c.id.in_(wanted[start : start + 500]))
            )
        }


def input_page(photos: Collection, page: Page, *, status: str = "") -> list[Input]:
    """A page of the inputs, in order of creation; of one status, or of all."""
    of = schema.inputs.c
    keys = select(of.key).order_by(of.key).limit(page.limit).offset(page.offset)
    if status:
        keys = keys.where(of.status == status)
    store = _parts(photos).store
    with store.read() as connection:
        return store.inputs([key for (key,) in connection.execute(keys)])


def input_ids(photos: Collection) -> list[str]:
    """The ids of all inputs, in order of creation."""
    with _parts(photos).store.read() as connection:
        return [id for (id,) in connection.execute(select(schema.inputs.c.id).order_by(schema.inputs.c.key))]


def count_inputs(photos: Collection) -> dict[str, int]:
    """How many inputs have each status."""
    status = schema.inputs.c.status
    with _parts(photos).store.read() as connection:
        return {
            row.status: row.many
            for row in connection.execute(select(status, func.count().label("many")).group_by(status))
        }


def inputs_from(photos: Collection, uri: str) -> list[str]:
    """The ids of the inputs that came from a place, to the letter."""
    with _parts(photos).store.read() as connection:
        return [
            id for (id,) in connection.execute(select(schema.inputs.c.id).where(schema.inputs.c.uri == uri))
        ]


def labels(photos: Collection, of: Sequence[Input]) -> dict[str, dict[str, float]]:
    """What people said of some inputs as a whole: concept values by input id."""
    store = _parts(photos).store
    found: dict[str, dict[str, float]] = {one.id: {} for one in of}
    with store.read():
        keys = store.input_keys(one.id for one in of)
        whole = [region.key for region in store.regions_of(keys) if region.box is None]
        for said in store.annotations_of(whole):
            if said.source.startswith("human:"):
                found[said.input_id].update(said.concepts)
    return found


def change_input(
    photos: Collection,
    id: str,
    *,
    metadata: Mapping[str, Json] | None = None,
    metadata_patch: Mapping[str, Json] | None = None,
    geo: GeoPoint | None = None,
    datasets: Sequence[str] | None = None,
) -> None:
    """Change some of what is known of an input."""
    with _parts(photos).store.write() as batch:
        if geo is not None:
            batch.update_input(id, geo=geo)
        batch.update_input(id, metadata=metadata, metadata_patch=metadata_patch, datasets=datasets)


def add_records(photos: Collection, records: Sequence[tuple[Record, str]]) -> list[str | InputError]:
    """The id of each picture once it is added and indexed, or why it is not.

    Parameters
    ----------
    records : sequence of (Record, str)
        Encoded pictures, each with the place it came from; empty if it came as bytes. `Collection.add` has no place
        for both, leaves out a place it has seen before (the API's ``allow_duplicate_url`` wants it again), and
        reports counts instead of one outcome each.
    """
    parts = _parts(photos)
    components = prepare(parts)
    worker, recorder = Worker(components, parts.settings, parts.registry), Recorder(parts, components)
    jobs = [
        Job(record, SeenFile(place or uri_of(record.source), 0, 0), components.names)
        for record, place in records
    ]
    results: list[str | InputError] = []
    for start in range(0, len(jobs), _COMPUTED_AT_ONCE):
        some = jobs[start : start + _COMPUTED_AT_ONCE]
        for job, outcome in zip(some, worker.compute(some), strict=True):
            report = recorder.record([(job, outcome)])
            sha256 = "" if isinstance(outcome, Failure) else outcome.sha256
            results.append(
                InputError(job.uri, report.failed[0].reason) if report.failed else _id(job, sha256, parts)
            )
    return results


def _id(job: Job, sha256: str, parts: Resources) -> str:
    if job.record.id is not None:
        return job.record.id
    with parts.store.read():
        return parts.store.inputs([parts.store.inputs_by_content([sha256])[sha256]])[0].id


def spaces_of_input(photos: Collection, id: str) -> list[str]:
    """The spaces in which an input, or a region of it, is embedded."""
    snapshot = photos.snapshot()
    (key,) = _parts(photos).store.input_keys([id])
    rows = (snapshot.inputs.key[snapshot.rows.input] == key).nonzero()[0]
    return [name for name, space in snapshot.spaces.items() if (space.position(rows) >= 0).any()]


# ---- annotations


def annotation(photos: Collection, id: str) -> Annotation:
    """The annotation of an id. A row of which nothing was said has one of its own that says nothing."""
    store = _parts(photos).store
    try:
        return store.annotation(id)
    except UnknownNameError:
        with store.read():
            try:
                region = store.region(id)
            except UnknownNameError:
                region = None
            if region is None:
                raise
            (of,) = store.inputs([region.input_key])
    return Annotation(
        id, of.id, region.id, region.box, "", created_at=of.created_at, modified_at=of.modified_at
    )


def region_of_annotation(photos: Collection, id: str) -> str:
    """The id of the row that an annotation is about."""
    return annotation(photos, id).region_id


def annotation_page(
    photos: Collection,
    page: Page,
    *,
    ids: Sequence[str] = (),
    inputs: Sequence[str] = (),
    sources: Sequence[str] = (),
    statuses: Sequence[str] = (),
) -> list[Annotation]:
    """A page of the annotations in order of creation, of those that meet every condition given.

    Parameters
    ----------
    sources : sequence of str
        Full names, or their beginnings: ``human`` is everybody.
    """
    said, of_input, by = schema.annotations.c, schema.inputs.c, schema.sources.c
    joined = schema.annotations.join(schema.regions).join(schema.inputs).join(schema.sources)
    chosen: Select[Any] = select(said.id).select_from(joined).order_by(said.key)
    conditions: list[ColumnElement[bool]] = []
    if ids:
        conditions.append(said.id.in_(list(ids)))
    if inputs:
        conditions.append(of_input.id.in_(list(inputs)))
    if statuses:
        conditions.append(said.status.in_(list(statuses)))
    if sources:
        conditions.append(or_(*(_is_from(by.name, one) for one in sources)))
    chosen = chosen.where(and_(True, *conditions)).limit(page.limit).offset(page.offset)
    store = _parts(photos).store
    with store.read() as connection:
        return [store.annotation(id) for (id,) in connection.execute(chosen)]


def _is_from(name: Any, source: str) -> ColumnElement[bool]:  # noqa: ANN401
    return or_(
        name == source,
        name.startswith(f"{source}:", autoescape=True),
        name.startswith(f"{source}@", autoescape=True),
    )


def add_annotation(
    photos: Collection,
    input: str,
    *,
    id: str,
    source: str,
    box: Box | None,
    concepts: Mapping[str, float],
    status: str | None,
    info: Mapping[str, Json] | None,
) -> None:
    """Say something in an annotation of its own, or say it instead of what the annotation of that id said.

    `Collection.annotate` adds to the user's latest annotation of the row; the API makes one each time.
    """
    photos[input]  # an error names the nearest ids
    region = input if box is None else photos.add_region(input, box)
    store = _parts(photos).store
    key = store.region(region).key
    with store.write() as batch:
        new = NewAnnotation(key, concepts=concepts, status=status, info=info, id=id)
        batch.annotate_rows([new], source=source)


def delete_annotations(photos: Collection, ids: Iterable[str]) -> None:
    """Delete annotations by id."""
    with _parts(photos).store.write() as batch:
        batch.delete_annotations(list(ids))


# ---- concepts


def knows_concept(photos: Collection, id: str) -> bool:
    """Whether a concept has this id."""
    return bool(_parts(photos).store.known_concepts([id]))


def concepts_of(photos: Collection, ids: Iterable[str]) -> dict[str, Concept]:
    """Concepts by id; those that are none are left out."""
    store = _parts(photos).store
    with store.read():
        return {one.id: one for one in store.concepts(sorted(store.known_concepts(ids)))}


def concept_page(photos: Collection, page: Page) -> list[Concept]:
    """A page of the concepts, in order of creation."""
    of = schema.concepts.c
    store = _parts(photos).store
    with store.read() as connection:
        ids = connection.execute(select(of.id).order_by(of.key).limit(page.limit).offset(page.offset))
        return store.concepts([id for (id,) in ids])


def concepts_like(photos: Collection, pattern: str, page: Page, *, language: str = "") -> list[Concept]:
    """A page of the concepts that go by a name in which ``*`` stands for anything, those that prefer it first."""
    names, of = schema.concept_names.c, schema.concepts.c
    pieces = [fold(piece) for piece in pattern.split("*")]
    escaped = "%".join(piece.replace("/", "//").replace("%", "/%").replace("_", "/_") for piece in pieces)
    named = select(of.id, func.min(names.position)).join_from(schema.concept_names, schema.concepts)
    named = named.where(names.folded.like(escaped, escape="/"))
    if language:
        named = named.where(names.language == language)
    named = named.group_by(of.key, of.id).order_by(func.min(names.position), of.key)
    store = _parts(photos).store
    with store.read() as connection:
        ids = connection.execute(named.limit(page.limit).offset(page.offset))
        return store.concepts([id for id, _ in ids])


def name_concept(photos: Collection, id: str, names: Sequence[str], *, language: str) -> None:
    """Give a concept exactly these names in a language."""
    with _parts(photos).store.write() as batch:
        batch.name_concept(id, names, language=language)


def rename_concept(photos: Collection, id: str, name: str, *, language: str) -> None:
    """Make a name the preferred one in a language."""
    with _parts(photos).store.write() as batch:
        batch.rename_concept(id, name, language=language)


def relate(photos: Collection, subject: str, predicate: str, object: str) -> None:
    """Say that two concepts are related."""
    with _parts(photos).store.write() as batch:
        batch.relate_concepts(subject, predicate, object)


def unrelate(photos: Collection, subject: str, predicate: str, object: str) -> None:
    """Take a relation back."""
    with _parts(photos).store.write() as batch:
        batch.unrelate_concepts(subject, predicate, object)


# ---- datasets, searches, models


def datasets(photos: Collection) -> list[str]:
    """The names of the datasets, in order of creation."""
    return list(_parts(photos).store.datasets())


def add_dataset(photos: Collection, name: str) -> None:
    """Make a dataset with nothing in it."""
    with _parts(photos).store.write() as batch:
        batch.add_to_dataset(name, [])


def saved_searches(photos: Collection) -> dict[str, Json]:
    """The searches that were saved over the wire, as JSON by id."""
    kept = _parts(photos).store.get_property(_SEARCHES, default={})
    return dict(cast("Mapping[str, Json]", kept))


def save_search(photos: Collection, id: str, search: Json) -> None:
    """Keep a search as it came; `Collection.queries` has no place for its level, its name and its time."""
    with _parts(photos).store.write() as batch:
        batch.set_property(_SEARCHES, {**saved_searches(photos), id: search})


def forget_search(photos: Collection, id: str) -> None:
    """Forget a saved search."""
    with _parts(photos).store.write() as batch:
        kept = saved_searches(photos)
        kept.pop(id, None)
        batch.set_property(_SEARCHES, kept)


@dataclass(frozen=True, slots=True, eq=False)
class Outputs:
    """What one model says of one picture: concepts with values, a vector, regions with concepts."""

    concepts: Mapping[str, float]
    vector: FloatArray | None = None
    regions: Sequence[tuple[Box, Mapping[str, float]]] = ()


def models(photos: Collection) -> dict[str, str]:
    """The version of each model that runs over pictures or was trained, by its name."""
    components = _components(photos)
    kinds = (components.concept_models, components.detectors, components.embedders)
    loaded = {one.name: full_name(one) for kind in kinds for one in kind.values()}
    trained = (one.source.removeprefix("model:") for one in _trained(photos))
    return loaded | {version.partition("@")[0]: version for version in trained}


def outputs(photos: Collection, model: str, encoded: bytes) -> Outputs:
    """What the model of a name says of a picture that is not in the collection; nothing is kept.

    Raises
    ------
    InputError
        The picture cannot be read.
    """
    settings = _parts(photos).settings
    image = decode(
        encoded, uri="<request>", working_size=settings.working_size, max_pixels=settings.max_pixels
    ).image
    components = _components(photos)
    concepts: dict[str, float] = {}
    regions: list[tuple[Box, Mapping[str, float]]] = []
    vector: FloatArray | None = None
    for tagger in components.concept_models.values():
        if tagger.name == model:
            concepts |= predict(tagger, [image])[0]
    for detector in components.detectors.values():
        if detector.name == model:
            regions += [(found.box, found.concepts) for found in detect(detector, [image])[0]]
    for embedder in components.embedders.values():
        if embedder.name == model:
            vector = embed(embedder, [image])[0]
        for one in _trained(photos):
            if one.space == full_name(embedder) and one.source.startswith(f"model:{model}@"):
                concepts[one.concept] = float(one.predict(embed(embedder, [image]))[0])
    return Outputs(concepts, vector, regions)


def _components(photos: Collection) -> Components:
    return load(photos.workflow, photos.registry)


def _trained(photos: Collection) -> list[TrainedConcept]:
    return [TrainedConcept.from_dict(model.state) for model in _parts(photos).store.models()]
