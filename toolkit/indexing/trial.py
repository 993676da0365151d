"""Models tried out on pictures of the collection, before every picture that is added depends on them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PIL import Image as PillowImage
from PIL.Image import Image

from ..errors import InputError, PluginError, ToolkitError
from ..images import decode
from ..plugins.components import Components, detect, embed, predict
from ..resources import Resources

__all__ = ["try_out"]

PICTURES = 3
PLAIN = (64, 48)  # of a collection that has no pictures yet


def try_out(components: Components, resources: Resources) -> None:
    """Nothing, if each of some models works on one of the collection's pictures at least.

    Parameters
    ----------
    components : Components
        The models.
    resources : Resources
        Of the collection; one that has no pictures yet tries a plain one.

    Raises
    ------
    ToolkitError
        A model broke its contract, or lacks something.
    PluginError
        It failed on every picture.
    """
    pictures = _pictures(resources)
    runs: dict[str, Callable[[list[Image]], object]] = {
        **{name: partial(embed, one) for name, one in components.embedders.items()},
        **{name: partial(predict, one) for name, one in components.concept_models.items()},
        **{name: partial(detect, one) for name, one in components.detectors.items()},
    }
    for name, run in runs.items():
        _try_each(name, run, pictures)


def _try_each(name: str, run: Callable[[list[Image]], object], pictures: list[Image]) -> None:
    failed: Exception | None = None
    for image in pictures:
        try:
            run([image])
        except InputError as error:  # this picture's fault, perhaps
            failed = error
        except ToolkitError:
            raise
        except Exception as error:  # a model's own
            failed = error
        else:
            return
    reason = f"{type(failed).__name__}: {failed}"
    raise PluginError(
        f"{name} failed on all it was tried on, {len(pictures)} pictures: {reason}; it is not added to the workflow"
    ) from failed


def _pictures(resources: Resources) -> list[Image]:
    """The first pictures of the collection, small."""
    ids = [one.id for one in resources.store.inputs.page(offset=0, limit=PICTURES)]
    limit = resources.settings.max_pixels
    found = resources.pictures(ids)
    encoded = [found[id] for id in ids if id in found]
    small = [decode(one, uri="<thumbnail>", working_size=None, max_pixels=limit).image for one in encoded]
    return small or [PillowImage.new("RGB", PLAIN, "gray")]
