"""The models of an open collection, asked about pictures that need not be in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from ..errors import UnknownNameError
from ..files.origins import read_origin, uri_of
from ..on_first_use import OnFirstUse
from ..plugins.components import (
    Components,
    detect,
    embed,
    full_name,
    load_components,
    predict,
    present_part,
)
from ..plugins.interfaces import ConceptModel, Detector, Embedder, Reliability
from ..resources import Resources
from ..values.types import Detection, FloatArray
from ..words.vocabularies import detectors

if TYPE_CHECKING:
    from PIL.Image import Image

    from .. import images, indexing
    from ..learned import stored_reductions, trained_concept
    from ..learned.trained_concept import TrainedConcept, Validation
else:
    images = OnFirstUse("toolkit.images")
    indexing = OnFirstUse("toolkit.indexing")
    stored_reductions = OnFirstUse("toolkit.learned.stored_reductions")
    trained_concept = OnFirstUse("toolkit.learned.trained_concept")

__all__ = ["Kind", "ModelVersion", "Models", "Prediction"]

Kind: TypeAlias = Literal["detector", "embedder", "concept_model", "trained"]
_Component: TypeAlias = Detector | Embedder | ConceptModel


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """The output of one model for one picture; fields that its kind does not have are empty.

    Parameters
    ----------
    concepts : mapping of str to float
        Concept ids and values in [0, 1].
    vector : float32 (d,) or None
        Unit length, of an embedder.
    detections : tuple of Detection
        Regions, with their own concepts.
    """

    concepts: Mapping[str, float] = field(default_factory=dict)
    vector: FloatArray | None = None
    detections: tuple[Detection, ...] = ()


class ModelVersion(str):
    """``name@version`` of a model, with what it gives and how reliable its confidences are.

    Parameters
    ----------
    text : str
        The whole.
    kinds : tuple of {"detector", "embedder", "concept_model", "trained"}
        What it is; one network may be several.
    reliability : Reliability, Validation or None
        What was measured of a concept model, or is expected of a trained concept; None if nothing is known.
    """

    __slots__ = ("kinds", "reliability")
    kinds: tuple[Kind, ...]
    reliability: Reliability | Validation | None

    def __new__(
        cls, text: str, *, kinds: tuple[Kind, ...] = (), reliability: Reliability | Validation | None = None
    ) -> ModelVersion:
        """The version."""
        made = super().__new__(cls, text)
        made.kinds = kinds
        made.reliability = reliability
        return made


class Models(Mapping[str, ModelVersion]):
    """Versions (``name@version``) by name, of the models that run over every picture or were trained here.

    Parameters
    ----------
    resources : Resources
        Of the open collection.

    Examples
    --------
    >>> import numpy as np
    >>> import toolkit
    >>> from toolkit.images import encode_png, from_array
    >>> black = encode_png(from_array(np.zeros((32, 32, 3), np.uint8)))
    >>> with toolkit.open() as photos:
    ...     photos.models["pixels"], photos.models.predict("pixels", black).concepts["dark"]
    ...     photos.models["pixels"].reliability is None
    ('pixels@1', 1.0)
    True
    """

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    def __getitem__(self, name: str) -> ModelVersion:
        versions = self._versions()
        if name not in versions:
            raise UnknownNameError("model", name, versions)
        return versions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._versions())

    def __len__(self) -> int:
        return len(self._versions())

    def __repr__(self) -> str:
        return f"<models: {', '.join(self._versions().values()) or 'none'}>"

    def predict(self, name: str, origin: str | Path | bytes) -> Prediction:
        """The output of a model for a picture; nothing is stored.

        Parameters
        ----------
        name : str
            One of these models.
        origin : str, Path or bytes
            A path, a URL, or the encoded file.

        Raises
        ------
        UnknownNameError
            No model has that name; with those there are.
        InputError
            The picture cannot be read.
        """
        self[name]
        image = self._picture(origin if isinstance(origin, bytes) else str(origin))
        components = self._present()
        concepts: dict[str, float] = {}
        for one in components.concept_models.values():
            if one.name == name:
                concepts |= predict(one, [image])[0]
        found = [detect(one, [image])[0] for one in components.detectors.values() if one.name == name]
        vectors = [embed(one, [image])[0] for one in components.embedders.values() if one.name == name]
        return Prediction(
            concepts | self._trained(name, image, components),
            vectors[0] if vectors else None,
            tuple(detection for some in found for detection in some),
        )

    @property
    def detectors(self) -> frozenset[str]:
        """The sources of detections here, ``model:<name>@<version>``, of every detector that ever ran."""
        return detectors(self._resources.store)

    def forget(self, name: str) -> None:
        """Delete a concept that was trained here, with all that it predicted; people's labels stay.

        Parameters
        ----------
        name : str
            Such as ``"trained-porch"``.

        Raises
        ------
        UnknownNameError
            No trained concept has that name; with those there are.
        """
        trained = {one.source.name: one for one in self._learned()}
        if name not in trained:
            raise UnknownNameError("trained concept", name, trained)
        source = trained[name].source
        with self._resources.store.write() as batch:
            batch.models.delete(trained[name].concept)
            if source in self._resources.store.annotations.sources():
                batch.annotations.delete_by(source)

    def _trained(self, name: str, image: Image, components: Components) -> dict[str, float]:
        return {
            one.concept: float(one.predict(vectors)[0])
            for one in self._learned()
            if one.source.name == name and len(vectors := self._embedded(one.space, image, components))
        }

    def _embedded(self, space: str, image: Image, components: Components) -> FloatArray:
        """The vector float32 (1, d) of a picture in a space, reduced or not; (0, d) if nothing embeds in it now."""
        reduction = stored_reductions.reduction_of_space(space, self._resources.store)
        for one in components.embedders.values():
            if full_name(one) == (reduction.space if reduction else space):
                vectors = embed(one, [image])
                return vectors if reduction is None else reduction.transform(vectors)
        return np.empty((0, 0), np.float32)

    def drop(
        self, *, embedder: str | None = None, concept_model: str | None = None, detector: str | None = None
    ) -> None:
        """Take models out of the workflow: they look at no more pictures, what they computed stays.

        Parameters
        ----------
        embedder, concept_model, detector : str, optional
            ``"name"`` or ``"name:argument"``, as ``photos.workflow`` has it.

        Raises
        ------
        UnknownNameError
            The workflow has no such model; with those it has.
        """
        indexing.shorten_workflow(
            self._resources, embedder=embedder, concept_model=concept_model, detector=detector
        )

    def _versions(self) -> dict[str, ModelVersion]:
        components = self._present()
        kinds: dict[str, tuple[Kind, ...]] = {}
        loaded: dict[str, ModelVersion] = {}
        of_kind: tuple[tuple[Kind, Iterable[_Component]], ...] = (
            ("detector", components.detectors.values()),
            ("embedder", components.embedders.values()),
            ("concept_model", components.concept_models.values()),
        )
        for kind, models in of_kind:
            for one in models:
                kinds[one.name] = (*kinds.get(one.name, ()), kind)
                # Of a network that is several, the concept model says how sure it is.
                stated: object = getattr(one, "reliability", None) if kind == "concept_model" else None
                known = stated if isinstance(stated, Reliability) else None
                loaded[one.name] = ModelVersion(full_name(one), kinds=kinds[one.name], reliability=known)
        for trained in self._learned():
            source = trained.source
            loaded[source.name] = ModelVersion(
                source.full_name, kinds=("trained",), reliability=trained.report
            )
        return loaded

    def _present(self) -> Components:
        workflow, _ = present_part(self._resources.workflow, self._resources.registry)
        return load_components(workflow, self._resources.registry)

    def _learned(self) -> list[TrainedConcept]:
        return [
            trained_concept.TrainedConcept.from_dict(model.state)
            for model in self._resources.store.models.all()
        ]

    def _picture(self, origin: str | bytes) -> Image:
        settings = self._resources.settings
        encoded = read_origin(origin, settings, self._resources.registry)
        return images.decode(
            encoded,
            uri=uri_of(origin) if isinstance(origin, str) else "<bytes>",
            working_size=settings.working_size,
            max_pixels=settings.max_pixels,
            decoders=self._resources.registry.decoders,
        ).image
