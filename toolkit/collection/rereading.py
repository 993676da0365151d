"""Reading again what cameras wrote into pictures that are in a collection already."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import InputError
from ..images import Shot, read_shot
from ..indexing import Failure, Report
from ..progress import progress_bar
from ..resources import Resources
from ..store import KEEP
from ..values.types import Input

__all__ = ["reread"]

CHUNK = 64  # inputs in one transaction


def reread(of: Resources, *, progress: bool) -> Report:
    """Fill in what inputs lack of what their cameras wrote.

    Parameters
    ----------
    of : Resources
        The open collection.
    progress : bool
        Whether to show a bar if it takes longer than two seconds.
    """
    keys = of.snapshots.latest().inputs.key.tolist()
    reports: list[Report] = []
    with progress_bar("Reading", len(keys), unit=" images", show=progress) as bar:
        for start in range(0, len(keys), CHUNK):
            inputs = of.store.inputs.by_key(keys[start : start + CHUNK])
            reports.append(_filled_in(inputs, of))
            bar.update(len(inputs))
    return Report.of(reports)


def _filled_in(inputs: Sequence[Input], of: Resources) -> Report:
    shots: dict[str, Shot] = {}
    failed: list[Failure] = []
    for one in inputs:
        try:
            shot = read_shot(
                of.encoded(one),
                uri=one.uri,
                decoders=of.registry.decoders,
                max_pixels=of.settings.max_pixels,
            )
        except InputError as error:
            failed.append(Failure(one.uri, error.reason))
            continue
        if shot.metadata.keys() - one.metadata.keys() or (shot.geo and one.geo is None):
            shots[one.id] = shot
    if shots:
        with of.store.write() as batch:
            for one in inputs:
                if (filled := shots.get(one.id)) is not None:
                    metadata = {**filled.metadata, **one.metadata}
                    batch.inputs.update(one.id, metadata=metadata, geo=one.geo or filled.geo or KEEP)
    return Report(updated=len(shots), skipped=len(inputs) - len(shots) - len(failed), failed=failed)
