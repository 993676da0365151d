"""Deciding which of several near-duplicates stay. What does not stay goes into a dataset; nothing is deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import traitlets

from ..collection.collection import Collection
from ..hits.captions import display_name
from ..hits.near_duplicates import DuplicateGroup, NearDuplicates
from ..values.types import Json
from .message_widget import Answer, MessageWidget, Request

__all__ = ["DuplicateReviewer"]

MOST_AT_ONCE = 10  # groups that one message may ask for
MOST_OF_A_GROUP = 60  # pictures of one group that are shown


class DuplicateReviewer(MessageWidget):
    """Groups of near-duplicates, with a box on each picture that says whether it stays.

    Parameters
    ----------
    photos : Collection
        Where the dataset is written.
    groups : NearDuplicates
        What to decide about.
    dataset : str
        Where what does not stay is put. ``photos.delete(reviewer.leaving)`` deletes it, and
        ``~where(dataset="duplicates")`` leaves it out of a search.

    Attributes
    ----------
    leaving : list of str
        The ids of what does not stay; at first none.
    """

    scripts = ("duplicate_reviewer.js",)
    asks = {"want": "_want", "leave": "_leave", "rest": "_rest", "undo": "_undo"}  # noqa: RUF012  # read only

    count = traitlets.Int(0).tag(sync=True)
    leaving = traitlets.List(traitlets.Unicode()).tag(sync=True)
    dataset = traitlets.Unicode("").tag(sync=True)
    sentence = traitlets.Unicode("").tag(sync=True)
    can_undo = traitlets.Bool(False).tag(sync=True)

    def __init__(self, photos: Collection, groups: NearDuplicates, *, dataset: str = "duplicates") -> None:
        super().__init__(count=len(groups), dataset=dataset, sentence=groups.sentence)
        self._photos = photos
        self._groups = groups
        self._before: list[list[str]] = []
        if dataset in photos.datasets:
            members = photos.inputs.by_ids(
                photos.inputs.existing({id for group in groups for id in group.ids})
            )
            self.leaving = [one.id for one in members if dataset in one.datasets]

    def leave(self, ids: str | Sequence[str], *, stays: bool = False) -> None:
        """Put inputs into the dataset of what does not stay, or take them out of it.

        Parameters
        ----------
        ids : str or sequence of str
            Ids of inputs.
        stays : bool
            Whether they stay after all.

        Raises
        ------
        UnknownNameError
            No input has one of the ids; nothing is written.
        """
        some = [ids] if isinstance(ids, str) else list(ids)
        rest = [id for id in self.leaving if id not in some]
        self._become(rest if stays else [*rest, *some])

    def leave_rest(self, group: int) -> None:
        """Keep the first picture of a group only: the largest, and of those the one that was added first."""
        self.leave(self._groups[group].ids[1:])

    def undo(self) -> None:
        """Take the last decision back; does nothing if there is none."""
        if self._before:
            self._write(self._before.pop())
            self.can_undo = bool(self._before)
            self.set_status("Taken back.")

    def _become(self, leaving: list[str]) -> None:
        before = list(self.leaving)
        self._write(leaving)
        self._before.append(before)
        self.can_undo = True
        self.set_status(f"{len(leaving):,} in dataset {self.dataset!r}; nothing is deleted.")

    def _write(self, leaving: list[str]) -> None:
        gone = [id for id in self.leaving if id not in leaving]
        new = [id for id in leaving if id not in self.leaving]
        if new:
            self._photos.datasets.add(self.dataset, new)
        if gone:
            self._photos.datasets.remove(self.dataset, gone)
        self.leaving = leaving

    def _want(self, asked: Request, _: Sequence[bytes]) -> Answer:
        first = max(int(cast("int", asked["first"])), 0)
        groups = self._groups[first : first + MOST_AT_ONCE]
        ids = [one.id for group in groups for one in group[:MOST_OF_A_GROUP]]
        pictures = self._groups.pictures(ids)
        sent = [pictures[id] for id in ids if id in pictures]
        return {
            "first": first,
            "groups": [_shown(group) for group in groups],
            "names": [id for id in ids if id in pictures],
            "sizes": [len(one) for one in sent],
        }, [b"".join(sent)]

    def _leave(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.leave(str(asked["id"]), stays=bool(asked["stays"]))
        return {}, []

    def _rest(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.leave_rest(int(cast("int", asked["group"])))
        return {}, []

    def _undo(self, asked: Request, _: Sequence[bytes]) -> Answer:
        self.undo()
        return {}, []

    def static_html(self) -> str:
        """The first groups, with pictures."""
        return self._groups._repr_html_()

    def __repr__(self) -> str:
        return f"DuplicateReviewer({len(self._groups)} groups, {len(self.leaving)} leaving)"


def _shown(group: DuplicateGroup) -> Json:
    why = DuplicateGroup(group[:MOST_OF_A_GROUP], group.explain).of_first
    tiles: list[Json] = [
        {
            "id": one.id,
            "name": display_name(one),
            "size": f"{one.width} × {one.height}",
            "reason": why[one.id].reason if one.id in why else "",
            "chance": round(why[one.id].probability, 3) if one.id in why else 1.0,
        }
        for one in group[:MOST_OF_A_GROUP]
    ]
    return {"count": len(group), "tiles": tiles}
