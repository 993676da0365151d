"""Where the pictures were taken: points on a grid of meridians and parallels, and an area to search in.

No tiles, no coast: nothing is fetched, and no map data is stored. A graticule and a scale show the position.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, cast

import numpy as np
import traitlets

from ..collection.collection import Collection
from ..errors import QueryError
from ..hits import Hits
from ..hits.captions import display_name
from ..query import Query
from ..values.types import GeoPoint, Hit, Json
from .areas import area_of, area_text
from .graticule import map_html
from .message_widget import Answer, MessageWidget, Request

__all__ = ["EVERYWHERE", "Places"]

Acted: TypeAlias = Callable[[str, "Hit | None"], None]

EVERYWHERE = (-90.0, -180.0, 90.0, 180.0)
MOST = 10_000  # points of a collection; those of a search are as many as it found


class Places(MessageWidget):
    """The places of hits, or of the whole collection, and an area chosen on it.

    Parameters
    ----------
    photos : Collection
        What is searched.
    hits : Hits, optional
        Whose places are shown; by default those of all inputs.

    Attributes
    ----------
    area : dict
        ``{"near": [lat, lon, km]}`` or ``{"within": [lat, lon, lat, lon]}``; empty for none.
    chosen : dict
        The picture that was pointed at: its position ``at`` among the points, `name`, `latitude`, `longitude`;
        empty for none.
    count, total : int
        How many hits have a place, and how many there are.
    folded : bool
        Whether only the heading is shown.
    found : Hits or None
        What `search` found last.

    Examples
    --------
    >>> import toolkit
    >>> with toolkit.open() as photos:
    ...     globe = Places(photos)
    ...     globe.near(48.1, 11.6, 20)
    ...     globe.query, globe
    (where(near=(48.1, 11.6, 20.0)), Places(0 places, within 20 km of 48.1°N 11.6°E))
    """

    scripts = ("globe.js", "places.js")
    asks = {  # noqa: RUF012  # read only; the base class says so
        "points": "_points",
        "choose": "_choose",
        "picture": "_picture",
        "act": "_act",
    }
    slow = frozenset({"picture"})
    state_traits = ("area", "folded")

    version = traitlets.Int(0).tag(sync=True)
    count = traitlets.Int(0).tag(sync=True)
    total = traitlets.Int(0).tag(sync=True)
    of_hits = traitlets.Bool(False).tag(sync=True)
    area: traitlets.Dict[str, Json] = traitlets.Dict().tag(sync=True)
    area_text = traitlets.Unicode("").tag(sync=True)
    chosen: traitlets.Dict[str, Json] = traitlets.Dict().tag(sync=True)
    folded = traitlets.Bool(False).tag(sync=True)
    can: traitlets.List[str] = traitlets.List(["search"]).tag(sync=True)
    found = traitlets.Any(None, allow_none=True)

    def __init__(self, photos: Collection, hits: Hits | None = None) -> None:
        super().__init__()
        self._photos = photos
        self._acts: list[Acted] = []
        self.observe(lambda _: setattr(self, "area_text", area_text(self.area)), "area")
        self.show(hits)

    def show(self, hits: Hits | None) -> None:
        """Show the places of other hits; None for those of the whole collection."""
        shown = self._everywhere() if hits is None else hits
        placed = [(hit, hit.input.geo) for hit in shown if hit.input.geo]
        self._hits, self._shown = [hit for hit, _ in placed], shown
        self._degrees = np.array([(geo.latitude, geo.longitude) for _, geo in placed], np.float32)
        with self.hold_sync():
            self.version += 1
            self.of_hits = hits is not None
            self.count, self.total = len(placed), len(self._photos) if hits is None else len(shown)
            self.chosen = {}

    def _everywhere(self) -> Hits:
        return self._photos.search(self._photos.terms.where(within=list(EVERYWHERE)), limit=MOST)

    @property
    def hits(self) -> Sequence[Hit]:
        """What is shown, in the order of the points."""
        return tuple(self._hits)

    # ---- the area, and what is done with it

    @traitlets.validate("area")
    def _an_area(self, proposal: traitlets.Bunch) -> dict[str, Json]:
        return area_of(proposal["value"])

    def near(self, latitude: float, longitude: float, kilometers: float) -> None:
        """Choose what is within some kilometers of a place.

        Parameters
        ----------
        latitude, longitude : float
            Degrees, north and east positive.
        kilometers : float
            The radius, along the great circle.

        Raises
        ------
        QueryError
            There is no such place.
        """
        self.area = {"near": [latitude, longitude, kilometers]}

    def within(self, corner: GeoPoint | Sequence[float], opposite: GeoPoint | Sequence[float]) -> None:
        """Choose the box between two opposite corners, each a latitude and a longitude.

        Parameters
        ----------
        corner, opposite : GeoPoint or (float, float)
            Degrees of latitude and longitude.

        Raises
        ------
        QueryError
            There is no such box.
        """
        self.area = {"within": [*_pair(corner), *_pair(opposite)]}

    def clear(self) -> None:
        """Choose no area."""
        self.area = {}

    def choose(self, at: int) -> Hit:
        """Point at one of the pictures, by its position among `hits`; returns it.

        Raises
        ------
        QueryError
            There is none.
        """
        if not 0 <= at < len(self._hits):
            raise QueryError(f"no picture {at} on the map: there are {len(self._hits)}, counted from 0")
        hit = self._hits[at]
        latitude, longitude = self._degrees[at].tolist()
        self.chosen = {
            "at": at,
            "version": self.version,
            "name": display_name(hit.input),
            "latitude": latitude,
            "longitude": longitude,
        }
        return hit

    @property
    def query(self) -> Query:
        """The filter of the chosen area.

        Raises
        ------
        QueryError
            No area is chosen.
        """
        if not self.area:
            raise QueryError("no area yet: drag a box on the map, click a place, or call near() or within()")
        return self._photos.terms.where(**self.area)

    def search(self, *, limit: int = 20) -> Hits:
        """The inputs of the chosen area; `found` holds them too."""
        self.drop()
        self.found = self._photos.search(self.query, limit=limit)
        return self.found

    def on_act(self, act: Acted, *, verbs: Sequence[str] = ("only", "open")) -> None:
        """Call something when a person uses the area, or opens a picture.

        Parameters
        ----------
        act : callable
            Called with the verb, and with the hit that is chosen or None.
        verbs : sequence of str
            What the page offers: ``"search"``, ``"only"`` and ``"open"``.
        """
        self._acts.append(act)
        self.can = list(verbs)

    # ---- answers to the page

    def _points(self, asked: Request, _: Sequence[bytes]) -> Answer:
        return {"version": self.version}, [self._degrees.tobytes()]

    def _is_of(self, asked: Request) -> bool:
        """Whether a click is on the points that are shown, and not on those before."""
        return asked.get("version", self.version) == self.version

    def _choose(self, asked: Request, _: Sequence[bytes]) -> Answer:
        if self._is_of(asked):
            self.choose(int(cast("int", asked["at"])))
        return {}, []

    def _picture(self, asked: Request, _: Sequence[bytes]) -> Answer:
        if not self._is_of(asked):
            return {}, []
        id = self._hits[int(cast("int", asked["at"]))].input.id
        pictures = self._shown.pictures([id])
        return {}, [pictures[id]] if id in pictures else []

    def _act(self, asked: Request, _: Sequence[bytes]) -> Answer:
        verb = str(asked["verb"])
        at = cast("int | None", asked.get("at", self.chosen.get("at")))
        if not self._is_of(asked):
            return {}, []
        for act in self._acts:
            act(verb, None if at is None else self._hits[at])
        if not self._acts:
            query = self.query
            self.run(lambda: self._photos.search(query), lambda hits: self._show_found(cast(Hits, hits)))
        return {}, []

    def _show_found(self, hits: Hits) -> None:
        self.found = hits
        self.set_status(f"{hits.total_text} inputs there: map.found")

    def static_html(self) -> str:
        """The points on a grid."""
        return map_html(self._degrees, self._status_text())

    def _status_text(self) -> str:
        places = f"{self.count:,} place{'' if self.count == 1 else 's'}"
        return f"{places}, {self.area_text}" if self.area else places

    def __repr__(self) -> str:
        return f"Places({self._status_text()})"


def _pair(point: GeoPoint | Sequence[float]) -> list[float]:
    return [point.latitude, point.longitude] if isinstance(point, GeoPoint) else [*point]
