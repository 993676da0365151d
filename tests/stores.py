"""Small inputs for the tests of the store."""

from __future__ import annotations

from hashlib import sha256

from toolkit.store import AddedInput, AnnotationStore, NewInput


def new_input(name: str = "a", **others) -> NewInput:
    """A picture whose content is its name."""
    fields = {
        "uri": f"/photos/{name}.jpg",
        "sha256": sha256(name.encode()).hexdigest(),
        "width": 40,
        "height": 30,
    }
    return NewInput(**(fields | others))


def add(store: AnnotationStore, *names: str, **others) -> list[AddedInput]:
    """Some pictures, added in one batch."""
    with store.write() as batch:
        return batch.inputs.add([new_input(name, **others) for name in names])
