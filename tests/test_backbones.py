"""Models of one network share its passes: a picture that is added goes through it once."""

from __future__ import annotations

import numpy as np
import pytest
from made_up_models import annotations, opened

from toolkit.errors import ContractError
from toolkit.testing import ConceptModelContract, EmbedderContract, pictures
from toolkit.values.types import Concept


class Network:
    """The mean color of a picture; remembers how many it was shown at once."""

    backbone = "made-up:network@1"

    def __init__(self, argument=""):
        self.looked = LOOKED

    def features(self, images):
        self.looked.append(len(images))
        return np.array([np.asarray(image, float).mean((0, 1)) + 1 for image in images], np.float32)


class Vectors(Network):
    """Embeds what the network finds."""

    name, version, dimension = "vectors", "1", 3

    def embed(self, images):
        return self.embed_features(self.features(images)) if len(images) else np.empty((0, 3), np.float32)

    def embed_features(self, features):
        return features


class Warm(Network):
    """Says how warm what the network finds is."""

    name, version = "warm", "1"
    concepts = (Concept("warm", {"en": ("warm",)}),)

    def predict(self, images):
        return self.predict_features(self.features(images)) if images else []

    def predict_features(self, features):
        return [{"warm": float(row[0] / row.sum())} for row in features]


class WithoutOneOfThem(Warm):
    """A network that loses a picture."""

    name = "loses-one"

    def features(self, images):
        return super().features(images)[1:]


LOOKED: list[int] = []


@pytest.fixture(autouse=True)
def looked():
    LOOKED.clear()
    return LOOKED


def collection(**workflow):
    return opened(None, Vectors, Warm, WithoutOneOfThem, **workflow)


class TestVectors(EmbedderContract):
    embedder = Vectors()


class TestWarm(ConceptModelContract):
    concept_model = Warm()


def test_an_embedder_and_a_concept_model_look_at_an_added_picture_once(looked):
    with collection(embedders=["vectors"], concept_models=["warm"]) as photos:
        assert photos.add(pictures(5)).added == 5
        assert looked == [5]


def test_sharing_changes_no_vector_and_no_confidence():
    with (
        collection(embedders=["vectors"], concept_models=["warm"]) as together,
        collection(embedders=["vectors"]) as vectors,
        collection(embedders=(), concept_models=["warm"]) as warm,
    ):
        for photos in (together, vectors, warm):
            photos.add(pictures(5))
        snapshots = [one._resources.snapshots.latest() for one in (together, vectors)]
        ours, theirs = (one.spaces["vectors@1"].vectors for one in snapshots)
        assert np.array_equal(ours, theirs)
        said = [
            [one.concepts for id in photos.inputs for one in annotations(photos, id)]
            for photos in (together, warm)
        ]
        assert said[0] == said[1]


def test_a_region_is_looked_at_by_itself(looked):
    with collection(embedders=["vectors"], concept_models=["warm"], detectors=["corner"]) as photos:
        photos.add(pictures(4))
        assert looked == [4, 4]
        assert len(photos._resources.snapshots.latest().spaces["vectors@1"].vectors) == 8


def test_a_picture_that_lacks_one_of_them_is_looked_at_once_more(looked):
    with collection(embedders=["vectors"]) as photos:
        photos.add(pictures(3))
        photos.index(concept_model="warm")
        assert looked[0] == 3
        assert looked[-1] == 3


def test_a_reduced_space_needs_no_pass_of_its_own(looked):
    with collection(embedders=["vectors"], concept_models=["warm"]) as photos:
        photos.add(pictures(12))
        photos.index(reduce=2)
        photos.add(pictures(4, seed=1))
        assert looked == [12, 4]
        assert {len(one.vectors) for one in photos._resources.snapshots.latest().spaces.values()} == {16}


def test_a_network_that_loses_a_picture_breaks_its_contract():
    with (
        collection(embedders=["vectors"], concept_models=["loses-one"]) as photos,
        pytest.raises(ContractError, match=r"WithoutOneOfThem 'loses-one': features\(\) returns one row"),
    ):
        photos.add(pictures(3))
