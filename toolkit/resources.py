"""What searching, indexing and training share of one open collection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .files.originals import Originals
from .plugins.registry import Registry
from .similarity.backgrounds import Backgrounds
from .similarity.indexes import SimilarityIndexes
from .similarity.subjects import Subjects
from .store import AnnotationStore, Snapshots
from .values.settings import Settings, Workflow
from .words.meanings import WordMeanings

__all__ = ["Resources"]

WORKFLOW = "workflow"


@dataclass(slots=True)
class Resources:
    """The parts of an open collection.

    Parameters
    ----------
    store : AnnotationStore
        Where everything is kept.
    snapshots : Snapshots
        The arrays made from it.
    originals : Originals
        The collection's copies of files that have no path.
    registry : Registry
        The plugins.
    settings : Settings
        How the collection behaves.
    indexes : Indexes
        The fitted similarity indexes.
    backgrounds : Backgrounds
        What cosines of unrelated pictures are in each space.
    """

    store: AnnotationStore
    snapshots: Snapshots
    originals: Originals
    registry: Registry
    settings: Settings
    indexes: SimilarityIndexes
    subjects: Subjects = field(default_factory=Subjects, init=False, repr=False)
    backgrounds: Backgrounds = field(init=False)
    _words: WordMeanings | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.backgrounds = Backgrounds(self.store, self.registry)

    def words(self, revision: int) -> WordMeanings:
        """The meanings of words as of a revision; the same object, with its cache, until the revision changes."""
        words = self._words
        if words is None or words.revision != revision:
            words = self._words = WordMeanings(self.store, self.registry, self.settings, revision=revision)
        return words

    @property
    def has_workflow(self) -> bool:
        """Whether the store has a workflow."""
        return self.store.properties.get(WORKFLOW) is not None

    @property
    def workflow(self) -> Workflow:
        """What runs over every image that is added; kept in the store, so that every process has the same."""
        kept = self.store.properties.get(WORKFLOW)
        return Workflow.from_dict(kept) if isinstance(kept, dict) else Workflow()

    @workflow.setter
    def workflow(self, workflow: Workflow) -> None:
        with self.store.write() as batch:
            batch.properties.set(WORKFLOW, workflow.to_dict())

    def pictures(self, ids: Sequence[str]) -> dict[str, bytes]:
        """Thumbnails (JPEG) of some inputs by id."""
        with self.store.read():
            keys = self.store.inputs.keys(ids)
            pictures = self.store.inputs.thumbnails(keys)
        return {id: pictures[key] for id, key in zip(ids, keys, strict=True) if key in pictures}

    def close(self) -> None:
        """Let go of files and connections."""
        self.snapshots.close()
        self.store.close()
        self.originals.close()
