"""What searching, indexing and training share of one open collection."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .files.originals import Originals, originals_at
from .files.places import PictureFile, paths_of
from .learned.layout import Layout
from .plugins.registry import Registry
from .similarity.backgrounds import Backgrounds
from .similarity.engines import Engines
from .similarity.indexes import SimilarityIndexes
from .similarity.subjects import Subjects
from .store import AnnotationStore, Snapshot, Snapshots, without_weak_detections
from .values.settings import Settings, Workflow
from .values.types import Input
from .words.meanings import WordMeanings
from .words.vocabularies import detectors

__all__ = ["Resources"]

WORKFLOW = "workflow"
ORIGINALS = "originals"  # the property of a store that says where its copies are
Mask: TypeAlias = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Resources:
    """The parts of an open collection.

    Parameters
    ----------
    store : AnnotationStore
        Where everything is stored.
    snapshots : Snapshots
        The arrays made from it.
    own_originals : Originals
        The collection's copies of files that have no path, unless the store names another place for them.
    registry : Registry
        The plugins.
    settings : Settings
        How the collection behaves.
    indexes : Indexes
        The fitted similarity indexes.
    engines : Engines
        The engine that holds vectors by region key, if the settings name one.
    backgrounds : Backgrounds
        What cosines of unrelated pictures are in each space.
    layouts : dict of (str, str) to Layout
        By projection and space, those of this session that cannot be stored.
    """

    store: AnnotationStore
    snapshots: Snapshots
    own_originals: Originals
    registry: Registry
    settings: Settings
    indexes: SimilarityIndexes
    engines: Engines
    subjects: Subjects = field(default_factory=Subjects, init=False, repr=False)
    backgrounds: Backgrounds = field(init=False)
    layouts: dict[tuple[str, str], Layout] = field(default_factory=dict, init=False, repr=False)
    _words: WordMeanings | None = field(default=None, init=False, repr=False)
    _counted: tuple[Snapshot, float, Snapshot] | None = field(default=None, init=False, repr=False)

    _masks: tuple[tuple[int, str], dict[Hashable, Mask]] = field(
        default_factory=lambda: ((-1, ""), {}), init=False, repr=False
    )

    def __post_init__(self) -> None:
        self.backgrounds = Backgrounds(self.store, self.registry)

    def words(self, revision: int) -> WordMeanings:
        """The meanings of words as of a revision; the same object, with its cache, until the revision changes."""
        words = self._words
        if words is None or words.revision != revision:
            words = self._words = WordMeanings(self.store, self.registry, self.settings, revision=revision)
        return words

    def counted(self, snapshot: Snapshot, least: float | None = None) -> Snapshot:
        """A snapshot without the detections that do not count; the same object for the same one.

        Parameters
        ----------
        snapshot : Snapshot
            With everything that is stored.
        least : float, optional
            The least confidence that counts; `Settings.detections` by default.
        """
        if snapshot.is_part and not len(snapshot.rows):
            return snapshot
        least = self.settings.detections if least is None else least
        known = self._counted
        if known is None or known[0] is not snapshot or known[1] != least:
            there = without_weak_detections(snapshot, detectors(self.store), least)
            known = self._counted = snapshot, least, there
        return known[2]

    def remembered(self, name: Hashable, snapshot: Snapshot, make: Callable[[], Mask]) -> Mask:
        """A mask that is made once for a revision.

        Parameters
        ----------
        name : hashable
            What it is of.
        snapshot : Snapshot
            As of which revision.
        make : callable
            Makes it.
        """
        if snapshot.is_part:
            return make()
        revision = snapshot.revision, snapshot.token
        if self._masks[0] != revision:
            self._masks = revision, {}
        masks = self._masks[1]
        if name not in masks:
            masks[name] = make()
        return masks[name]

    @property
    def has_workflow(self) -> bool:
        """Whether the store has a workflow."""
        return self.store.properties.get(WORKFLOW) is not None

    @property
    def workflow(self) -> Workflow:
        """What runs over every image that is added; stored, so that every process has the same."""
        stored = self.store.properties.get(WORKFLOW)
        return Workflow.from_dict(stored) if isinstance(stored, dict) else Workflow()

    @workflow.setter
    def workflow(self, workflow: Workflow) -> None:
        with self.store.write() as batch:
            batch.properties.set(WORKFLOW, workflow.to_dict())

    def pictures(self, ids: Sequence[str]) -> dict[str, bytes]:
        """Thumbnails (JPEG) of some inputs by id; those that have none, or are deleted meanwhile, are left out."""
        with self.store.read():
            keys = self.store.inputs.keys_by_id(ids)
            pictures = self.store.inputs.thumbnails(keys.values())
        return {id: pictures[key] for id, key in keys.items() if key in pictures}

    @property
    def originals(self) -> Originals:
        """The collection's copies of files that have no path; asked each time, for another session may move them."""
        location = self.store.properties.get(ORIGINALS)
        if not isinstance(location, str) or location == self.own_originals.location:
            return self.own_originals
        return originals_at(location)

    def files(self, inputs: Iterable[Input]) -> list[PictureFile]:
        """Where the files of some inputs may be read, in their order."""
        asked = list(inputs)
        places = self.store.files.places({one.sha256 for one in asked})
        originals = self.originals
        return [
            PictureFile(
                one.id,
                one.uri,
                one.sha256,
                paths_of(one, (place.uri for place in places.get(one.sha256, ())), originals),
            )
            for one in asked
        ]

    def encoded(self, one: Input) -> bytes:
        """The encoded file of an input, from any place that still has it.

        Raises
        ------
        InputError
            Every place is gone, or holds another picture now.
        """
        (file,) = self.files([one])
        return file.read(max_bytes=self.settings.max_bytes)

    def close(self) -> None:
        """Let go of files and connections."""
        self.engines.close()
        self.snapshots.close()
        self.store.close()
        self.own_originals.close()
