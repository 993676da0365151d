"""Groups of near-duplicate pictures: what `near_duplicates` came back with, and how it shows itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, overload

from ..errors import MissingExtraError
from ..plain_text import printable, shortened, table
from ..values.types import Hit, Input, Json
from . import contact_sheet
from .captions import display_name
from .contact_sheet import Section, Tile
from .markup import element

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["DuplicateGroup", "DuplicatePair", "NearDuplicates"]

MOST_GROUPS = 12  # of a notebook's cell
MOST_TILES = 8  # of each
MOST_LINES = 20  # that `repr` prints


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two pictures of one group.

    Parameters
    ----------
    one, other : str
        Ids of inputs.
    probability : float
        That they are near-duplicates, in [0, 1].
    reason : str
        What speaks for it: the same file, or how much nearer they are than what else is near them.
    """

    one: str
    other: str
    probability: float
    reason: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DuplicateGroup(Sequence[Input]):
    """Pictures that are near-duplicates of one another, the largest first, then the one that was added first.

    Parameters
    ----------
    inputs : sequence of Input
        Two or more.
    explain : callable
        Makes the pairs when they are looked at.
    """

    inputs: Sequence[Input]
    explain: Callable[[Sequence[str]], Sequence[DuplicatePair]]

    @overload
    def __getitem__(self, index: int) -> Input: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Input]: ...
    def __getitem__(self, index: int | slice) -> Input | Sequence[Input]:
        return self.inputs[index]

    def __len__(self) -> int:
        return len(self.inputs)

    @property
    def ids(self) -> list[str]:
        """The ids of the inputs, in this order."""
        return [one.id for one in self.inputs]

    @property
    def pairs(self) -> Sequence[DuplicatePair]:
        """Every two of them, with the reason."""
        return self.explain(self.ids)

    @property
    def of_first(self) -> Mapping[str, DuplicatePair]:
        """For each but the first, its pair with the first."""
        first = self.inputs[0].id
        found: dict[str, DuplicatePair] = {}
        for start in range(1, len(self.inputs), MOST_TILES):
            pairs = self.explain([first, *self.ids[start : start + MOST_TILES]])
            found |= {pair.other: pair for pair in pairs if pair.one == first}
        return found

    def __repr__(self) -> str:
        names = ", ".join(shortened(display_name(one), 30) for one in self.inputs[:4])
        return f"<{len(self)} near-duplicates: {printable(names)}{' ...' if len(self) > 4 else ''}>"


def _no_pictures(ids: Sequence[str]) -> Mapping[str, bytes]:
    return {}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NearDuplicates(Sequence[DuplicateGroup]):
    """Groups of near-duplicates, the largest first.

    Parameters
    ----------
    groups : sequence of DuplicateGroup
        No picture is in two.
    looked_at : int
        How many inputs were compared.
    evidence : sequence of str
        The spaces that were compared in.
    left_out : int
        How many inputs were compared by their files only, for they lack an embedding.
    pictures : callable
        From input ids to their thumbnails (JPEG).
    """

    groups: Sequence[DuplicateGroup]
    looked_at: int
    evidence: Sequence[str]
    left_out: int = 0
    pictures: Callable[[Sequence[str]], Mapping[str, bytes]] = field(default=_no_pictures)

    @overload
    def __getitem__(self, index: int) -> DuplicateGroup: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[DuplicateGroup]: ...
    def __getitem__(self, index: int | slice) -> DuplicateGroup | Sequence[DuplicateGroup]:
        return self.groups[index]

    def __len__(self) -> int:
        return len(self.groups)

    @property
    def extra(self) -> list[str]:
        """The ids of all but the first of each group: what could be deleted."""
        return [one.id for group in self.groups for one in group[1:]]

    @property
    def sentence(self) -> str:
        """How many groups of how many pictures, and what was compared."""
        count = sum(map(len, self.groups))
        by = ", ".join(["file", *self.evidence])
        found = (
            f"{len(self):,} group{'' if len(self) == 1 else 's'} of {count:,} near-duplicates"
            if self
            else "no near-duplicates"
        )
        lacking = (
            f"; {self.left_out:,} have no embedding and were compared by file only" if self.left_out else ""
        )
        return f"{found} among {self.looked_at:,} inputs, by {by}{lacking}"

    def frame(self) -> DataFrame:
        """A pandas DataFrame with a row for each picture: its group, and why it is in it.

        Raises
        ------
        MissingExtraError
            If pandas is not installed.
        """
        try:
            from pandas import DataFrame
        except ImportError as error:
            raise MissingExtraError("near_duplicates().frame()", "pandas", "pandas") from error
        names = ["group", "id", "uri", "width", "height", "first", "probability", "reason"]
        return DataFrame.from_records(
            [row for number, group in enumerate(self.groups) for row in _rows(number, group)], columns=names
        )

    def to_dict(self) -> dict[str, Json]:
        """The groups as a JSON object, with every pair of the small ones and for the rest those with the first."""
        groups: list[Json] = [
            {"inputs": [{"id": one.id, "uri": one.uri} for one in group], "pairs": _pairs(group)}
            for group in self.groups
        ]
        return {"sentence": self.sentence, "groups": groups}

    def html(self, path: str | Path | None = None) -> str:
        """A self-contained page with the pictures of every group; also written to `path` if one is given."""
        sections = [self._section(group, len(group)) for group in self.groups]
        text = contact_sheet.page(self.sentence, sections)
        if path is not None:
            Path(path).write_text(text, encoding="utf-8")
        return text

    def _section(self, group: DuplicateGroup, limit: int) -> Section:
        shown, why = group.inputs[:limit], DuplicateGroup(group.inputs[:limit], group.explain).of_first
        pictures = self.pictures([one.id for one in shown])
        tiles = [
            Tile(
                Hit(rank, pair.probability if pair else 1.0, one, None, one.id, None),
                pictures.get(one.id),
                caption=f"{one.width} × {one.height}" + (f", {pair.reason}" if pair else ""),
            )
            for rank, one in enumerate(shown, 1)
            for pair in [why.get(one.id)]
        ]
        more = f"and {len(group) - limit:,} more" if len(group) > limit else ""
        return Section(tiles, summary=f"{len(group)} near-duplicates", more=more)

    def __repr__(self) -> str:
        lines = [
            (str(number), str(len(group)), group[0].id, shortened(display_name(group[0]), 40))
            for number, group in enumerate(self.groups[:MOST_LINES])
        ]
        shown = table(("group", "pictures", "first", "name"), lines, right=("group", "pictures"))
        more = f"and {len(self) - MOST_LINES:,} more groups" if len(self) > MOST_LINES else ""
        return "\n".join(filter(None, [printable(self.sentence), shown if lines else "", more]))

    def _repr_html_(self) -> str:
        parts = [
            contact_sheet.fragment(self._section(group, MOST_TILES)) for group in self.groups[:MOST_GROUPS]
        ]
        more = f"and {len(self) - MOST_GROUPS:,} more groups: .html(path) shows all"
        return element(
            "div",
            element("div", self.sentence, style="margin:0 0 12px"),
            *parts,
            element("div", more) if len(self) > MOST_GROUPS else "",
        )


def _rows(number: int, group: DuplicateGroup) -> list[dict[str, object]]:
    why = group.of_first
    return [
        {
            "group": number,
            "id": one.id,
            "uri": one.uri,
            "width": one.width,
            "height": one.height,
            "first": one.id not in why,
            "probability": why[one.id].probability if one.id in why else 1.0,
            "reason": why[one.id].reason if one.id in why else "",
        }
        for one in group
    ]


def _pairs(group: DuplicateGroup) -> list[Json]:
    pairs = group.pairs if len(group) <= MOST_TILES else list(group.of_first.values())
    return [
        {"one": one.one, "other": one.other, "probability": round(one.probability, 4), "reason": one.reason}
        for one in pairs
    ]
