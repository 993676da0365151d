"""An open collection: what a notebook holds. Verbs only; what they do is elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UnknownNameError
from ..on_first_use import OnFirstUse
from ..plugins.registry import Registry
from ..query import Query
from ..resources import Resources
from ..terms import Terms
from ..values.settings import Settings, Workflow
from ..values.types import Box, Input, Json, Level
from . import deleting, labeling, opening
from .annotations import Annotations
from .comparing import Comparing
from .concepts import Concepts
from .curating import Curating
from .datasets import Datasets
from .exchange import Exchange
from .inputs import Inputs
from .models import Models
from .plugin_data import PluginData
from .regions import Regions
from .saved_queries import SavedQueries
from .upkeep import Upkeep

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL.Image import Image

    from .. import indexing
    from .. import search as searching
    from ..hits import Hits
    from ..indexing import Report
    from ..learned.trained_concept import TrainedConcept
    from ..widgets import Widgets
    from . import learning
else:
    indexing = OnFirstUse("toolkit.indexing")
    searching = OnFirstUse("toolkit.search")
    learning = OnFirstUse("toolkit.collection.learning")

__all__ = ["Collection"]


class Collection(Comparing, Curating, Upkeep, Exchange):
    """A collection of images: the store, and the plugins that rank it.

    Made by `toolkit.open`. Use it in a ``with`` block, or `close` it.

    Attributes
    ----------
    inputs, regions, annotations, concepts, datasets, models, queries
        What it holds, each a mapping to look at with verbs to change single things.
    plugin_data
        What plugins keep with it.
    terms
        A constructor of every registered ranker's terms: ``photos.terms.concept("dog")``.

    Examples
    --------
    >>> import numpy as np
    >>> import toolkit
    >>> from toolkit.terms import concept
    >>> with toolkit.open() as photos:
    ...     _ = photos.add([np.full((32, 32, 3), color, np.uint8) for color in (0, 128, 255)])
    ...     hits = photos.search(concept("dark"), limit=1)
    ...     hits[0].annotation.source, round(hits[0].score, 2)
    ('model:pixels@1', 1.0)
    """

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        self.inputs = Inputs(resources)
        self.regions = Regions(resources)
        self.annotations = Annotations(resources)
        self.concepts = Concepts(resources)
        self.datasets = Datasets(resources)
        self.models = Models(resources)
        self.queries = SavedQueries(resources)
        self.plugin_data = PluginData(resources)
        self.terms = Terms(resources.registry)

    # ---- getting pictures in

    def add(
        self,
        origin: object,
        *,
        detect: str | None = None,
        datasets: Sequence[str] = (),
        progress: bool = True,
    ) -> Report:
        """Add pictures and compute what the workflow asks for; only what is new is read.

        Parameters
        ----------
        origin : object
            A file, a folder, a glob, a URL, bytes, a DataFrame, or an iterable of these; whatever an importer
            accepts.
        detect : str, optional
            A detector to add to the workflow, such as ``"proposals"``.
        datasets : sequence of str
            Where the inputs go, new or not.
        progress : bool
            Whether to show a bar if it takes longer than two seconds.

        Raises
        ------
        InputError
            The origin as a whole cannot be read. A single unreadable picture is listed in the report.
        """
        if detect is not None:
            indexing.extend_workflow(self._resources, detector=detect)
        return indexing.add_from(origin, self._resources, datasets=tuple(datasets), progress=progress)

    def index(
        self,
        *,
        embedder: str | None = None,
        concept_model: str | None = None,
        detector: str | None = None,
        reduce: int | None = None,
        regions: bool = False,
        progress: bool = True,
        report: Callable[[float], None] | None = None,
    ) -> Report:
        """Add models to the workflow, and compute whatever inputs lack of it.

        Parameters
        ----------
        embedder, concept_model, detector : str, optional
            ``"name"`` or ``"name:argument"`` of a registered plugin.
        reduce : int, optional
            How many numbers to reduce the embedder's vectors to (without one, those of the default space). Fitted on
            all rows there are, each time it is asked for; what comes later is projected by itself. The reduced space
            becomes the default.
        regions : bool
            Whether the concept models also look at every region that is there, cut out as a picture of its own; those
            that they have looked at before are left out.
        progress : bool
            Whether to show a bar if it takes longer than two seconds.
        report : callable, optional
            Called with the share of the pictures whose regions are done, in [0, 1], now and then.

        Raises
        ------
        UnknownNameError
            No plugin has that name; the workflow stays as it was.
        QueryError
            The vectors cannot be reduced to so few numbers, or so many: there are not more rows, or not more numbers.
        NotIndexedError
            Regions cannot be classified: the workflow has no concept model.
        """
        if reduce is not None:
            indexing.require_reducible(embedder, reduce, self._resources)
        indexing.extend_workflow(
            self._resources, embedder=embedder, concept_model=concept_model, detector=detector
        )
        done = indexing.index(self._resources, progress=progress)
        if regions:
            done += indexing.classify_regions(self._resources, progress=progress, report=report)
        if reduce is not None:
            done += indexing.reduce(embedder, reduce, self._resources)
        return done

    def add_region(self, input: str, box: Box) -> str:
        """The id of a region of an input, made and embedded if it is new.

        Parameters
        ----------
        input : str
            An input's id.
        box : Box
            A box on the picture.
        """
        return labeling.add_region(self._resources, input, box)

    def delete(self, inputs: str | Sequence[str]) -> None:
        """Delete inputs by id, with their regions, annotations and embeddings. Your files stay."""
        deleting.delete(self._resources, [inputs] if isinstance(inputs, str) else inputs)

    # ---- ranking

    def search(
        self,
        query: Query | str | Mapping[str, Json] | Path | bytes | Image | npt.NDArray[np.generic],
        *,
        limit: int = 20,
        offset: int = 0,
        level: Level = "input",
        minimum: float = 0.0,
        lone_cosine: searching.LoneCosine = "probability",
        detections: float | None = None,
    ) -> Hits:
        """The best hits of a query, best first.

        Parameters
        ----------
        query : Query, str, mapping, Path, bytes, PIL image or array
            An expression of `toolkit.terms`, the text that the command line takes, or a query as JSON. A picture, the
            path of one or its URL is asked as ``image(...)``; several plain words as ``text(...)``.
        limit, offset : int
            How many hits, at least 1, and how many to leave out before them.
        level : {"input", "region"}
            One hit an input, showing its best row; or one hit a row.
        minimum : float
            The least score of a hit, in [0, 1].
        lone_cosine : {"probability", "half"}
            How a rank by similarity scores that is alone, with or without filters: an estimate of how likely the
            picture is relevant, or (1 + cos) / 2, as the public API does.
        detections : float, optional
            The least confidence of a detection that counts, in [0, 1]; `Settings.detections`, 0.3, by default. Those
            from 0.05 are stored.

        Raises
        ------
        QueryError
            The query, or another argument, cannot be.
        UnknownNameError
            An unknown name; the error lists the nearest known ones.
        NotIndexedError
            What a term needs was never computed; says which call computes it.
        """
        asked = searching.read_query(query, self._resources)
        return searching.search(
            asked,
            self._resources,
            limit=limit,
            offset=offset,
            level=level,
            minimum=minimum,
            lone_cosine=lone_cosine,
            detections=detections,
        )

    def annotate(
        self,
        inputs: str | Input | Sequence[str | Input],
        *,
        concept: str | None = None,
        value: float = 1.0,
        concepts: Mapping[str, float] | None = None,
        box: Box | None = None,
        user: str | None = None,
        status: str | None = None,
        info: Mapping[str, Json] | None = None,
    ) -> list[str]:
        """Label inputs with concepts as a person, and return the ids of the annotations.

        Parameters
        ----------
        inputs : str, Input, or a sequence of them
            Ids.
        concept, value
            One concept and whether it is there: 1 yes, 0 a real "no".
        concepts : mapping of str to float
            Several concepts and values at once.
        box : Box, optional
            The region of each input that is labeled; the whole image by default.
        user : str, optional
            Who labels; ``Settings.user`` by default.
        status, info : str and mapping, optional
            The state of the annotation, in a word of your own, and a JSON object stored with it.

        Raises
        ------
        UnknownNameError
            No input has one of the ids; nothing is written.
        QueryError
            A value outside [0, 1], or no concept; nothing is written.
        """
        values = dict(concepts or {}) | ({concept: value} if concept is not None else {})
        return labeling.annotate(
            self._resources, inputs, values, box=box, user=user, status=status, annotation_info=info
        )

    def train(
        self, concept: str, *, exact: bool = False, space: str | None = None, progress: bool = True
    ) -> TrainedConcept:
        """Learn a concept from a few labels; predicts it for every row, and for every input added later.

        Two inputs labeled as showing it are enough: what nobody labeled is weak evidence against it. Its report has
        intervals, for the rows that nobody labeled.

        Parameters
        ----------
        concept : str
            An id, or a name in the collection's own language.
        exact : bool
            Whether it is an id, and means that concept alone.
        space : str, optional
            Whose vectors are learned from; the collection's first by default.
        progress : bool
            Whether to show a bar if it takes longer than two seconds.

        Raises
        ------
        QueryError
            Fewer than two inputs are labeled as showing it, or all are.
        """
        return learning.train(concept, self._resources, exact=exact, space=space, progress=progress)

    # ---- looking

    def __len__(self) -> int:
        return self._resources.store.counts()["inputs"]

    def __getitem__(self, id: str) -> Input:
        return self._resources.store.inputs.get(id)

    def __iter__(self) -> Iterator[str]:
        return opening.input_ids(self._resources)

    def __contains__(self, id: object) -> bool:
        try:
            return isinstance(id, str) and self[id].id == id
        except UnknownNameError:
            return False

    def find(self, name: str | Path) -> Input:
        """The input of an id, or of a path or URL as it was added."""
        return opening.find_input(self._resources, name)

    def image(self, id: str) -> Image:
        """The picture of an input, upright and RGB, at full size."""
        return opening.input_image(self._resources, id)

    def open_image(self, origin: Json) -> Image:
        """The picture that a term's subject names, upright, RGB, at most `Settings.working_size` pixels long.

        Parameters
        ----------
        origin : str or dict
            A path, a URL, ``{"base64": ...}`` or ``{"input": id}``.

        Raises
        ------
        InputError
            It cannot be read, or the URL is not allowed.
        """
        return searching.TermContext(self._resources, self.snapshot()).open_image(origin)

    def thumbnail(self, id: str) -> bytes:
        """A small JPEG of an input; available even if the file is gone."""
        return opening.input_thumbnail(self._resources, id)

    @property
    def registry(self) -> Registry:
        """The plugins; ``photos.registry.add(MyRanker())`` registers one from a cell."""
        return self._resources.registry

    @property
    def settings(self) -> Settings:
        """The settings of this session."""
        return self._resources.settings

    @property
    def workflow(self) -> Workflow:
        """The models that run over every image that is added."""
        return self._resources.workflow

    def info(self) -> dict[str, Json]:
        """What the collection holds, as a JSON object."""
        return opening.collection_info(self._resources)

    def __repr__(self) -> str:
        return opening.summary_line(self._resources)

    @property
    def widgets(self) -> Widgets:
        """The widgets of a notebook: ``photos.widgets.explorer()``."""
        from ..widgets import Widgets  # ipywidgets takes longer to import than most collections to open

        return Widgets(self)

    # ---- closing

    def close(self) -> None:
        """Close files and connections; closing twice is allowed."""
        self._resources.close()

    def __enter__(self) -> Collection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
