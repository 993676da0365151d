"""The models of a workflow: made by name, and held to their contract."""

import pickle

import numpy as np
import pytest
from made_up_models import Colors, registry

from toolkit.errors import ContractError, UnknownNameError
from toolkit.plugins.components import embed, full_name, load_components
from toolkit.testing import pictures
from toolkit.values.settings import Workflow

WHOLE = Workflow(("colors", "size"), ("light",), ("corner",))


def test_they_are_made_by_name_detectors_first():
    components = load_components(WHOLE, registry())
    assert components.names == (
        "detector:corner@1",
        "embedder:colors@1",
        "embedder:size@1",
        "concept_model:light@1",
    )
    assert [concept.id for concept in components.concepts] == ["corner", "bright"]
    assert full_name(components.embedders["embedder:size@1"]) == "size@1"


def test_an_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(UnknownNameError, match="no concept model named 'lihgt'; did you mean 'light'"):
        load_components(Workflow(concept_models=("lihgt",)), registry())


def test_they_travel_to_workers():
    copy = pickle.loads(pickle.dumps(load_components(WHOLE, registry())))
    assert copy.names == load_components(WHOLE, registry()).names


def test_vectors_are_made_unit_length():
    vectors = embed(Colors(), pictures(3))
    assert (vectors.dtype, vectors.shape) == (np.float32, (3, 3))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_parts_of_pictures_go_to_embed_regions_where_an_embedder_has_it():
    class Apart(Colors):
        def embed_regions(self, images):
            return np.eye(3, dtype=np.float32)[: len(images)]

    assert embed(Apart(), pictures(2), regions=True).tolist() == [[1, 0, 0], [0, 1, 0]]
    np.testing.assert_array_equal(embed(Apart(), pictures(2)), embed(Colors(), pictures(2)))
    np.testing.assert_array_equal(embed(Colors(), pictures(2), regions=True), embed(Colors(), pictures(2)))


def test_double_precision_is_taken_too():
    class Double(Colors):
        def embed(self, images):
            return super().embed(images).astype(np.float64) * 1e-100

    np.testing.assert_allclose(embed(Double(), pictures(2)), embed(Colors(), pictures(2)), atol=1e-6)


@pytest.mark.parametrize(
    ("vectors", "found"),
    [
        (np.ones((2, 4), np.float32), r"float32 \(2, 4\)"),
        (np.ones(3, np.float32), r"float32 \(3,\)"),
        (np.ones((2, 3), np.int64), r"int64 \(2, 3\)"),
        (np.full((2, 3), np.inf), "NaN or infinity"),
        (np.zeros((2, 3)), "all zeros"),
        (None, r"object \(\)"),
    ],
)
def test_what_is_no_vector_is_refused(vectors, found):
    bad = type("Bad", (Colors,), {"embed": lambda self, images: vectors})
    with pytest.raises(ContractError, match=f"embedder 'colors@1': .*; got {found}"):
        embed(bad(), pictures(2))
