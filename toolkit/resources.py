"""What searching, indexing and training share of one open collection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .files.originals import Originals
from .plugins.registry import Registry
from .similarity.indexes import Indexes
from .similarity.subjects import Subjects
from .store import AnnotationStore, Snapshots
from .values.settings import Settings, Workflow
from .words.meanings import Words

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
        Files that nobody else keeps.
    registry : Registry
        The plugins.
    settings : Settings
        How the collection behaves.
    indexes : Indexes
        The fitted similarity indexes.
    """

    store: AnnotationStore
    snapshots: Snapshots
    originals: Originals
    registry: Registry
    settings: Settings
    indexes: Indexes
    subjects: Subjects = field(default_factory=Subjects, init=False, repr=False)
    _words: Words | None = field(default=None, init=False, repr=False)

    def words(self, revision: int) -> Words:
        """What words mean as of a revision; the same object until it changes, so that what was read is remembered."""
        words = self._words
        if words is None or words.revision != revision:
            words = self._words = Words(self.store, self.registry, self.settings, revision=revision)
        return words

    @property
    def has_workflow(self) -> bool:
        """Whether the store was ever told what runs over every image."""
        return self.store.get_property(WORKFLOW) is not None

    @property
    def workflow(self) -> Workflow:
        """What runs over every image that is added; kept in the store, so that every process has the same."""
        kept = self.store.get_property(WORKFLOW)
        return Workflow.from_dict(kept) if isinstance(kept, dict) else Workflow()

    @workflow.setter
    def workflow(self, workflow: Workflow) -> None:
        with self.store.write() as batch:
            batch.set_property(WORKFLOW, workflow.to_dict())

    def pictures(self, ids: Sequence[str]) -> dict[str, bytes]:
        """Thumbnails (JPEG) of some inputs by id."""
        with self.store.read():
            keys = self.store.input_keys(ids)
            pictures = self.store.thumbnails(keys)
        return {id: pictures[key] for id, key in zip(ids, keys, strict=True) if key in pictures}

    def close(self) -> None:
        """Let go of files and connections."""
        self.snapshots.close()
        self.store.close()
        self.originals.close()
