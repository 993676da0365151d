"""The backgrounds of a collection's spaces: stored with it, and measured anew when a space has grown by half."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import sqrt
from threading import Lock

from ..plugins.interfaces import UsualCosines
from ..plugins.registry import Registry
from ..snapshot import Snapshot, Space
from ..store import AnnotationStore
from .background import Background, fit

__all__ = ["Backgrounds"]

PROPERTY = "background:"  # and the name of the space
NETWORK = UsualCosines()  # of an embedder that states nothing
REDUCED = 0.7  # the width of a reduced space, times the square root of its dimension


class Backgrounds:
    """The backgrounds of one open collection, by space.

    A search never writes: it takes what is stored, and where that is missing or outgrown measures for itself, the same
    from the same vectors. `refresh` keeps what was measured; adding and indexing end with it.

    Parameters
    ----------
    store : AnnotationStore
        Where they are stored.
    registry : Registry
        Knows what embedders state.
    """

    def __init__(self, store: AnnotationStore, registry: Registry) -> None:
        self._store = store
        self._registry = registry
        self._known: dict[tuple[str, bool], tuple[tuple[int, str], Background]] = {}
        self._measured: dict[str, tuple[Space, Background]] = {}
        self._lock = Lock()

    def of(self, name: str, snapshot: Snapshot) -> Background:
        """The background of a space as of a snapshot.

        Parameters
        ----------
        name : str
            The full name of the space.
        snapshot : Snapshot
            Whose vectors count.
        """
        moment, key = (snapshot.revision, snapshot.token), (name, snapshot.is_part)
        with self._lock:
            known = self._known.get(key)
            if known is not None and known[0] == moment:
                return known[1]
            if snapshot.is_part:  # of the collection, not of what is looked at
                stored = self._stored(name)
                if stored is None:
                    return self._measure(snapshot.spaces[name], snapshot)
            else:
                stored = self._read(name, snapshot)
            self._known[key] = moment, stored
            return stored

    def _read(self, name: str, snapshot: Snapshot) -> Background:
        space = snapshot.spaces[name]
        stored = self._stored(name)
        if stored is not None and stored.fits(len(space.vectors)):
            return stored
        before = self._measured.get(name)
        if before is None or before[0].vectors is not space.vectors:
            before = self._measured[name] = space, self._measure(space, snapshot)
        return before[1]

    def _stored(self, name: str) -> Background | None:
        return Background.from_dict(self._store.properties.get(PROPERTY + name))

    def _measure(self, space: Space, snapshot: Snapshot) -> Background:
        usual = self.usual(space.name, space.vectors.shape[1])
        return fit(space, snapshot.rows.input, usual)

    def usual(self, space: str, dimension: int) -> UsualCosines:
        """What the embedder of a space states; no embedder is made to ask it.

        Parameters
        ----------
        space : str
            Its full name.
        dimension : int
            d.
        """
        specification = self._store.spaces.embedders().get(space, "")
        factory = self._registry.embedders.get(specification.partition(":")[0])
        stated = getattr(factory, "usual_cosines", NETWORK)
        stated = stated if isinstance(stated, UsualCosines) else NETWORK
        # A reduction subtracts the mean, and spreads what is left evenly over its directions.
        return replace(stated, median=0.0, width=REDUCED / sqrt(dimension)) if "~" in space else stated

    def refresh(self, latest: Callable[[], Snapshot]) -> None:
        """Measure and keep the background of every space that has none, or has outgrown it.

        Parameters
        ----------
        latest : callable
            The newest snapshot, or one of a sample; asked for only if there is something to measure.
        """
        with self._store.read():
            outgrown = self._outgrown()
        if outgrown:
            snapshot = latest()
            found = {name: self._measure(snapshot.spaces[name], snapshot) for name in outgrown}
            if snapshot.is_part:  # a sample, of which the whole has as much
                found = {name: replace(one, rows=outgrown[name]) for name, one in found.items()}
            with self._store.write() as batch:
                for name, background in found.items():
                    batch.properties.set(PROPERTY + name, background.to_dict())

    def _outgrown(self) -> dict[str, int]:
        """The spaces whose background is to be measured anew, with the number of their vectors.

        They are counted only if there may be one.
        """
        most = self._store.regions.highest_key()
        for name in self._store.spaces.embedders():
            stored = self._stored(name)
            if stored is None or not stored.fits(most):
                break
        else:
            return {}
        spaces = self._store.spaces.all()
        return {one.name: one.count for one in spaces if not self._is_stored(one.name, one.count)}

    def _is_stored(self, name: str, rows: int) -> bool:
        stored = self._stored(name)
        return stored is not None and stored.fits(rows)
