"""The defaults, by name. The core holds no list of its plugins; it only knows which name to ask for first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from ..errors import QueryError, UnknownNameError
from .confidence import LEAST_COUNTED, is_confidence

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from .types import FloatArray, Json

__all__ = ["USUAL", "WORKFLOWS", "Settings", "Workflow"]


@dataclass(frozen=True, slots=True)
class Workflow:
    """What runs over every image that is added; stored with the collection.

    Parameters
    ----------
    embedders, concept_models, detectors : tuple of str
        Specifications ``"name"`` or ``"name:argument"`` of registered plugins. The first embedder is the
        collection's default space.

    Examples
    --------
    >>> Workflow(embedders=("pixels",)).components()
    ('embedder:pixels',)
    """

    embedders: tuple[str, ...] = ()
    concept_models: tuple[str, ...] = ()
    detectors: tuple[str, ...] = ()

    def components(self) -> tuple[str, ...]:
        """Every part as ``kind:specification``, detectors first: regions are found before they are embedded."""
        kinds = {
            "detector": self.detectors,
            "embedder": self.embedders,
            "concept_model": self.concept_models,
        }
        return tuple(f"{kind}:{spec}" for kind, specs in kinds.items() for spec in specs)

    def with_(self, kind: str, spec: str) -> Workflow:
        """The workflow and one more model, as the last of its kind; the same if it has it already.

        Parameters
        ----------
        kind : str
            ``"embedder"``, ``"concept_model"`` or ``"detector"``.
        spec : str
            Its specification.
        """
        field = f"{kind}s"
        return replace(self, **{field: tuple(dict.fromkeys((*getattr(self, field), spec)))})

    def without(self, kind: str, spec: str) -> Workflow:
        """The workflow without one of its models.

        Parameters
        ----------
        kind : str
            ``"embedder"``, ``"concept_model"`` or ``"detector"``.
        spec : str
            Its specification.

        Raises
        ------
        UnknownNameError
            It has none of that specification.
        """
        field = f"{kind}s"
        there: tuple[str, ...] = getattr(self, field)
        if spec not in there:
            raise UnknownNameError(f"{kind.replace('_', ' ')} of the workflow", spec, there)
        return replace(self, **{field: tuple(one for one in there if one != spec)})

    def to_dict(self) -> dict[str, Json]:
        """A JSON object that `from_dict` reads back."""
        return {
            "embedders": list(self.embedders),
            "concept_models": list(self.concept_models),
            "detectors": list(self.detectors),
        }

    @classmethod
    def from_dict(cls, value: Mapping[str, Json]) -> Workflow:
        """The workflow a JSON object describes.

        Raises
        ------
        QueryError
            The value is not what `to_dict` writes.
        """
        unknown = set(value) - set(cls.__slots__)
        if unknown:
            raise QueryError(f"a workflow has {', '.join(cls.__slots__)}; not {', '.join(sorted(unknown))}")
        return cls(**{kind: _names(kind, specs) for kind, specs in value.items()})


def _names(kind: str, specs: Json) -> tuple[str, ...]:
    if not isinstance(specs, list | tuple) or [spec for spec in specs if not isinstance(spec, str)]:
        raise QueryError(f"{kind} is a list of names, not {specs!r}")
    return tuple(map(str, specs))


# The network where none was chosen: made for processors, 3.8 million weights, a download of 15 MB.
LIGHT = "mobilenetv4_conv_small.e2400_r224_in1k"

WORKFLOWS: Mapping[str, Workflow] = {
    "efficientnet": Workflow(embedders=("efficientnet",), concept_models=("efficientnet", "pixels")),
    "pixels": Workflow(embedders=("pixels",), concept_models=("pixels",)),
    "regions": Workflow(embedders=("pixels",), concept_models=("pixels",), detectors=("proposals",)),
    "timm": Workflow(embedders=(f"timm:{LIGHT}",), concept_models=(f"timm:{LIGHT}",)),
    "none": Workflow(),
}

# What a new collection runs: the first whose plugins are installed.
USUAL = "efficientnet", "pixels"


class Estimator(Protocol):
    """scikit-learn's contract of a neighbor search; `toolkit.plugins.SimilarityIndex` says what it takes."""

    metric: str

    def fit(self, X: FloatArray, y: None = None) -> Estimator:  # noqa: N803
        """Take the vectors, float32 (m, d)."""
        ...

    def kneighbors(
        self,
        X: FloatArray,  # noqa: N803
        n_neighbors: int,
    ) -> tuple[npt.NDArray[np.floating], npt.NDArray[np.integer]]:
        """Distances and indices (b, k) of the nearest vectors to queries (b, d)."""
        ...


@dataclass(frozen=True, slots=True)
class Settings:
    """How one open collection behaves.

    Parameters
    ----------
    similarity : str or estimator
        The name of the similarity index that compares vectors, or an estimator such as
        ``NearestNeighbors(algorithm="ball_tree")``, which is used as it is.
    language : str
        The language of a concept named without one.
    user : str
        Who labels: the source of annotations is ``human:<user>``.
    allow_urls : tuple of str
        URL prefixes that may be fetched although they point to a private or loopback address.
    url_timeout : float
        Seconds until a fetch is given up.
    max_bytes : int
        The largest file or download, in bytes.
    max_pixels : int
        The largest image, in pixels; more is taken for a decompression bomb.
    workers : int
        How many threads or processes index at once; -1 for one a core, but at most eight threads: more wait for
        one another.
    thumbnail : int
        Long side of the thumbnail stored for every input, in pixels.
    working_size : int
        Long side, in pixels, that images are decoded to before the models see them.
    detections : float
        The least confidence of a detection that counts in searches, filters, counts, drawings and exports. What is
        less sure stays in the store; a detector's region below it is not embedded.
    connections : int
        The most connections to a database server at once, at least 1; more threads wait for one of them.

    Raises
    ------
    QueryError
        `detections` is no number in [0, 1], or there are no `connections`.
    """

    similarity: str | Estimator = "sklearn"
    language: str = "en"
    user: str = "me"
    allow_urls: tuple[str, ...] = field(default=())
    url_timeout: float = 10.0
    max_bytes: int = 100 * 2**20
    max_pixels: int = 200_000_000
    workers: int = -1
    thumbnail: int = 192
    working_size: int = 512
    detections: float = LEAST_COUNTED
    connections: int = 15

    def __post_init__(self) -> None:
        if not is_confidence(self.detections):
            raise QueryError(f"detections={self.detections!r}: a confidence is a number from 0 to 1")
        if self.connections < 1:
            raise QueryError(f"connections={self.connections!r}: at least 1 is needed to reach a server")
