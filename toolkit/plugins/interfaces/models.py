"""What looks at pictures: embedders, concept models and detectors, and what makes them.

A *factory* is called with the text after the colon of a specification (``"timm:resnet18"`` calls the factory
named ``timm`` with ``"resnet18"``; ``"pixels"`` calls it with ``""``) and returns the component. A plain class
with a `name` is a factory. Components travel to worker processes, so they pickle.

A component with an attribute ``runs_in_processes`` that is true runs in worker processes, a copy in each, while
thousands of pictures are added: it is small, and would keep the interpreter from the threads beside it. Any other
runs in threads of the collection's own process.

Embedders and concept models that are made from the same network share its passes. Each of them has

- ``backbone``: a text, the same for all that share; it names the network, its weights and how pictures are prepared,
  and begins with the plugin's name;
- ``features(images)``: an array (b, ...), what the network makes of whole pictures, the same from each that shares;
- ``embed_features(features)`` or ``predict_features(features)``: what ``embed`` or ``predict`` makes of them.

While pictures are added, the network then looks at each of them once, however many components are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from PIL.Image import Image

from ...values.types import Concept, Detection, FloatArray

__all__ = [
    "ConceptModel",
    "ConceptModelFactory",
    "Detector",
    "DetectorFactory",
    "Embedder",
    "EmbedderFactory",
    "Reliability",
    "UsualCosines",
]


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far the confidences of a concept model are from how often they are right.

    Parameters
    ----------
    error : float
        The expected calibration error of the likeliest class of a picture, by tenths: the mean distance of its
        confidence from the share that is right, in [0, 1].
    sample : str
        What it was measured on: how many pictures, of what.

    Examples
    --------
    >>> print(Reliability(0.042, "510 photos of 17 of its classes"))
    calibration error 0.04 on 510 photos of 17 of its classes; not promised for other photos, or for broad concepts

    References
    ----------
    C. Guo et al., On Calibration of Modern Neural Networks, ICML 2017.
    """

    error: float
    sample: str

    def __str__(self) -> str:
        return (
            f"calibration error {self.error:.2f} on {self.sample}; "
            "not promised for other photos, or for broad concepts"
        )


@dataclass(frozen=True, slots=True)
class UsualCosines:
    """What cosines of unrelated pictures are, in the spaces of an embedder.

    A collection measures its own; this stands in while it is small. The location is the embedder's alone.

    Parameters
    ----------
    median : float
        In [-1, 1].
    width : float
        How far below the median their 16 % quantile lies; above 0.
    location : float
        How many widths above the median a picture is as likely relevant as not.
    """

    median: float = 0.3
    width: float = 0.07
    location: float = 6.0


class Embedder(Protocol):
    """Turns pictures into vectors.

    Attributes
    ----------
    name, version : str
        Together they name the space, ``name@version``; change the version whenever vectors change.
    dimension : int
        d.

    Notes
    -----
    An embedder that has a method ``embed_regions``, with the signature of `embed`, gets parts of pictures there: a
    network that crops a photo to its middle would lose the rims of a region, and squashes it instead. What both
    return is of one space, and compared.

    One that has a method ``embed_text(texts) -> float32 (b, d)`` puts words into the same space, as CLIP does: the
    term ``text`` then compares pictures with them. A factory that is a class shows by its class whether it has one;
    the embedders of any other factory are made to find out.

    A factory that has an attribute ``usual_cosines``, a `UsualCosines`, says what cosines in its spaces mean.
    """

    name: str
    version: str
    dimension: int

    def embed(self, images: Sequence[Image]) -> FloatArray:
        """Vectors float32 (b, d) of upright RGB pictures of any size; the toolkit scales them to unit length."""
        ...


class ConceptModel(Protocol):
    """Predicts which concepts a picture shows.

    Attributes
    ----------
    name, version : str
        The source of its annotations is ``model:<name>@<version>``.
    concepts : sequence of Concept
        All concepts it predicts, with names; added to the collection when it first runs.

    Notes
    -----
    A model that has the attribute ``exclusive = True`` is a softmax: exactly one of its concepts is true of a
    picture, so the confidence of "dog" is the sum over all breeds. Without it, the highest of them counts.

    One that was measured says so by an attribute ``reliability``, a `Reliability`; ``photos.models[name]`` shows it.
    What its softmax is divided by, its temperature, is part of its version, as is all else that decides its values.
    """

    name: str
    version: str
    concepts: Sequence[Concept]

    def predict(self, images: Sequence[Image]) -> Sequence[Mapping[str, float]]:
        """Per picture: concept id to confidence in [0, 1]; what is not worth storing is left out."""
        ...


class Detector(Protocol):
    """Finds regions.

    Attributes
    ----------
    name, version : str
        The source of its annotations is ``model:<name>@<version>``.
    concepts : sequence of Concept
        All concepts it predicts; empty for a proposer of regions without a class.
    """

    name: str
    version: str
    concepts: Sequence[Concept]

    def detect(self, images: Sequence[Image]) -> Sequence[Sequence[Detection]]:
        """Per picture: the regions found, the surest first."""
        ...


class EmbedderFactory(Protocol):
    """Makes an embedder from the text after the colon."""

    name: str

    def __call__(self, argument: str = "", /) -> Embedder:
        """The embedder."""
        ...


class ConceptModelFactory(Protocol):
    """Makes a concept model from the text after the colon."""

    name: str

    def __call__(self, argument: str = "", /) -> ConceptModel:
        """The concept model."""
        ...


class DetectorFactory(Protocol):
    """Makes a detector from the text after the colon."""

    name: str

    def __call__(self, argument: str = "", /) -> Detector:
        """The detector."""
        ...
