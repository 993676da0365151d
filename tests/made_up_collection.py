"""A collection with exactly what a test writes into it, ranked by this checkout's own rankers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import toolkit_concepts
import toolkit_files
import toolkit_filters
import toolkit_multilingual
import toolkit_sklearn
from stores import new_input
from toolkit_visual.rankers import EmbeddingRanker, ImageRanker, InputRanker, RegionRanker

import toolkit
from toolkit.collection.collection import Collection
from toolkit.plugins.registry import Registry
from toolkit.store import NewAnnotation
from toolkit.values.types import Box

MODEL = "model:made-up@1"


class MeanColor:
    """Embeds a picture as its mean color, so that a test knows what is near what."""

    name = "color"
    version = "1"
    dimension = 3

    def embed(self, images):
        colors = [np.asarray(image, np.float32).mean(axis=(0, 1)) for image in images]
        return np.array(colors, np.float32).reshape(len(images), 3) + np.float32(1e-3)


def registry(embedder: object = None) -> Registry:
    made = Registry()
    plugins = toolkit_concepts, toolkit_filters, toolkit_multilingual, toolkit_sklearn, toolkit_files
    rankers = ImageRanker(), RegionRanker(), InputRanker(), EmbeddingRanker()
    for thing in (*plugins, *rankers, embedder or MeanColor()):
        made.add(thing)
    return made


class MadeUp:
    """An open collection, and verbs that write into its store what importers and models would.

    ``embed`` and ``say`` take rows by name: an input's id, or what ``region`` returned.
    """

    def __init__(self, *inputs: str, target=None, **opening) -> None:
        self.photos: Collection = toolkit.open(
            target, **({"registry": registry(), "workflow": "none"} | opening)
        )
        self.store = self.photos._resources.store
        self.add(*inputs)

    def add(self, *inputs: str, **fields) -> None:
        with self.store.write() as batch:
            batch.inputs.add([new_input(name, id=name, **fields) for name in inputs])

    def region(self, input: str, box: Box) -> str:
        (key,) = self.store.inputs.keys([input])
        with self.store.write() as batch:
            (region_key,) = batch.regions.add(key, [box])
        (region,) = self.store.regions.by_key([region_key])
        return region.id

    def embed(self, vectors: Mapping[str, Sequence[float]], space: str = "color@1") -> None:
        dimension = len(next(iter(vectors.values())))
        with self.store.write() as batch:
            batch.spaces.add(space, embedder=space.partition("@")[0], dimension=dimension)
            batch.embeddings.put(space, self._keys(vectors), np.array(list(vectors.values()), np.float32))

    def say(self, concept: str, values: Mapping[str, float], source: str = MODEL, **others) -> list[str]:
        """What one source says of one concept on some rows; the ids of the annotations."""
        said = [
            NewAnnotation(key, concepts={concept: value}, **others)
            for key, value in zip(self._keys(values), values.values(), strict=True)
        ]
        everything = self.store.inputs.keys(self.store.inputs.ids())
        with self.store.write() as batch:
            if source.startswith("model:"):  # it looked at all there is, and this is what it found
                batch.progress.mark(everything, source.replace("model:", "concept_model:"))
            return batch.annotations.add_many(said, source=source)

    def _keys(self, rows: Iterable[str]) -> list[int]:
        inputs = self.store.inputs.keys({row.partition("/")[0] for row in rows})
        keys = {region.id: region.key for region in self.store.regions.on_inputs(inputs)}
        return [keys[row] for row in rows]

    def ranked(self, query, **options) -> list[str]:
        """Inputs in rank order."""
        return self.photos.search(query, **{"limit": 100, **options}).ids

    def scores(self, query, **options) -> dict[str, float]:
        """Rounded scores by input, in rank order."""
        hits = self.photos.search(query, **{"limit": 100, **options})
        return {hit.input.id: round(hit.score, 4) for hit in hits}

    def rows(self, query, **options) -> dict[str, float]:
        """Rounded scores by row, in rank order, one hit a row."""
        hits = self.photos.search(query, **{"limit": 100, "level": "region", **options})
        return {hit.region_id: round(hit.score, 4) for hit in hits}

    def __enter__(self) -> MadeUp:
        return self

    def __exit__(self, *error) -> None:
        self.photos.close()
