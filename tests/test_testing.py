"""The contract classes refuse what is wrong and pass what is right."""

import subprocess
import sys

import numpy as np
import pytest
from installed import environment
from PIL import Image

from toolkit.errors import ContractError, QueryError, UnknownNameError
from toolkit.plugins.interfaces import Capabilities, ConceptLookup, Context, Meaning, Record
from toolkit.plugins.parameters import Parameter
from toolkit.snapshot import Snapshot
from toolkit.testing import (
    ConceptModelContract,
    DecoderContract,
    DetectorContract,
    EmbedderContract,
    ImporterContract,
    RankerContract,
    SimilarityIndexContract,
    StubConceptLookup,
    StubContext,
    TranslatorContract,
    pictures,
    snapshot,
)
from toolkit.values.types import Box, Concept, Detection


class Share:
    name = "share"
    is_filter = False
    help = "How much of the picture."
    parameters = (Parameter("least", "number", "At least.", 0.0, minimum=0, maximum=1),)

    def rank(self, term, snapshot, context):
        return np.full(len(snapshot.rows), np.float32(term["least"]))


class Gray:
    name, version, dimension = "gray", "1", 4

    def embed(self, images):
        small = [np.asarray(image.convert("L").resize((2, 2)), np.float32).ravel() for image in images]
        return np.array(small, np.float32).reshape(len(images), 4) + 1


class Bright:
    name, version = "bright", "1"
    concepts = (Concept("bright", {"en": ("bright",)}),)

    def predict(self, images):
        return [{"bright": float(np.asarray(image).mean() / 255)} for image in images]


class Middle:
    name, version, concepts = "middle", "1", ()

    def detect(self, images):
        return [[Detection(Box(0.25, 0.25, 0.75, 0.75))] for _ in images]


class Stored:
    name = "stored"

    def translate(self, name, *, language, names):
        return names.lookup(name, language=language)


class Product:
    name, metric = "product", "euclidean"
    capabilities = Capabilities(exact=True, dense=True, incremental=True)

    def fit(self, X, y=None):
        self.vectors = X
        return self

    def partial_fit(self, X):
        self.vectors = np.concatenate([self.vectors, X])

    def similarities(self, queries):
        return queries @ self.vectors.T

    def kneighbors(self, X, n_neighbors):
        cosines = self.similarities(X)
        nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :n_neighbors]
        return np.sqrt(np.maximum(2 - 2 * np.take_along_axis(cosines, nearest, axis=1), 0)), nearest


class Lines:
    name = "lines"

    def accepts(self, source):
        return isinstance(source, str) and source.startswith("lines:")

    def records(self, source):
        return (Record(line) for line in source.removeprefix("lines:").split())


class TestRanker(RankerContract):
    ranker = Share()


class TestEmbedder(EmbedderContract):
    embedder = Gray()


class TestConceptModel(ConceptModelContract):
    concept_model = Bright()


class TestDetector(DetectorContract):
    detector = Middle()


class TestTranslator(TranslatorContract):
    translator = Stored()


class TestSimilarityIndex(SimilarityIndexContract):
    factory = Product


class TestImporter(ImporterContract):
    importer = Lines()

    def origin(self, tmp_path):
        return "lines:a.jpg b.jpg"


def changed(thing, **changes):
    return type(type(thing).__name__, (type(thing),), changes)()


def failing(contract, attribute, thing, test):
    """A test of a contract about a thing, to be called."""
    tests = contract()
    setattr(tests, attribute, thing)
    return getattr(tests, f"test_{test}")


def scores(*values):
    return lambda self, term, snapshot, context: np.resize(np.float32(values), len(snapshot.rows))


KEPT = np.full(12, 0.5, np.float32)
ABOUT = (Parameter("concept", "concept", "What is looked for."),)
OPTION = (ABOUT[0], Parameter("source", "source", "Whose.", None))


def look_up(self, term, snapshot, context):
    """Fails with a bare KeyError where a name is not here."""
    share = {"dog": 0.5}[term["concept"]] if len(self.parameters) == 1 else 0.5
    if len(self.parameters) > 1:
        share = {None: 0.5, "model": 0.1}[term["source"]]
    return np.full(len(snapshot.rows), share, np.float32)


@pytest.mark.parametrize(
    ("changes", "test"),
    [
        ({"name": "no word"}, "it_can_be_registered"),
        ({"help": " "}, "it_says_what_it_does_and_whether_it_is_a_filter"),
        ({"parameters": (Parameter("least", "number", ""),)}, "every_parameter_has_a_sentence_of_help"),
        ({"rank": lambda *_: np.ones(12)}, "scores_are_one_float32_per_row"),
        ({"rank": lambda *_: np.ones(3, np.float32)}, "scores_are_one_float32_per_row"),
        ({"rank": scores(1.5)}, "values_are_in_the_range_of_the_scale_or_nan"),
        ({"rank": scores(0.5, -0.1)}, "values_are_in_the_range_of_the_scale_or_nan"),
        ({"scale": "percent"}, "its_scale_is_a_known_one"),
        ({"scale": "cosine", "rank": scores(0.5, -1.1)}, "values_are_in_the_range_of_the_scale_or_nan"),
        ({"scale": "raw", "rank": scores(np.inf)}, "values_are_in_the_range_of_the_scale_or_nan"),
        ({"scale": "raw", "is_filter": True}, "its_scale_is_a_known_one"),
        ({"rank": scores(0.5), "is_filter": True}, "a_filter_says_1_or_nan"),
        ({"rank": scores(np.nan)}, "the_example_has_a_hit"),
        ({"rank": lambda *_: KEPT}, "the_same_term_gives_the_same_scores_though_the_first_were_overwritten"),
        ({"rank": lambda *_: 1 / 0}, "an_empty_collection_has_no_scores_or_a_clear_error"),
        ({"parameters": ABOUT, "rank": look_up}, "what_is_not_here_has_no_hit_or_a_clear_error"),
        ({"parameters": OPTION, "rank": look_up}, "what_is_not_here_has_no_hit_or_a_clear_error"),
        (
            {"rank": lambda self, term, on, context: on.spaces["stub@1"].vectors[:, 0]},
            "a_collection_without_embeddings_has_scores_or_a_clear_error",
        ),
    ],
)
def test_a_ranker_that_breaks_its_contract_fails_its_test(changes, test):
    with pytest.raises((AssertionError, ContractError, ZeroDivisionError, KeyError)):
        failing(RankerContract, "ranker", changed(Share(), **changes), test)()


def test_a_ranker_that_writes_on_the_snapshot_fails():
    def rank(self, term, snapshot, context):
        snapshot.rows.box[:] = 0

    with pytest.raises(ValueError, match="read-only"):
        failing(RankerContract, "ranker", changed(Share(), rank=rank), "scores_are_one_float32_per_row")()


def embed(function):
    """An embedder's method out of a function of what a sound one gives."""
    return lambda self, images: function(Gray().embed(images))


def paint(self, images):
    for image in images:
        image.paste(0, (0, 0, 9, 9))
    return Gray().embed(images)


def refuse(self):
    raise TypeError("stays here")


@pytest.mark.parametrize(
    ("changes", "test"),
    [
        ({"version": ""}, "it_keeps_the_rules_of_its_kind"),
        ({"embed": embed(lambda v: v.astype(float))}, "vectors_are_finite_float32_with_a_direction"),
        ({"embed": embed(np.zeros_like)}, "vectors_are_finite_float32_with_a_direction"),
        ({"embed": embed(lambda v: v * np.float32(np.nan))}, "vectors_are_finite_float32_with_a_direction"),
        ({"embed": embed(np.ones_like)}, "different_pictures_have_different_vectors"),
        ({"embed": embed(lambda v: v[:1])}, "every_picture_has_an_answer"),
        (
            {"embed": embed(lambda v: np.random.default_rng().random(v.shape))},
            "the_same_pictures_have_the_same_answers",
        ),
        (
            {"embed": embed(lambda v: v + v.max(axis=0) ** 2)},
            "a_picture_has_the_same_answer_alone_as_among_others",
        ),
        ({"embed": paint}, "the_pictures_are_left_as_they_were"),
        ({"__reduce__": refuse}, "it_travels_to_worker_processes"),
    ],
)
def test_an_embedder_that_breaks_its_contract_fails_its_test(changes, test):
    with pytest.raises((AssertionError, ContractError, TypeError)):
        failing(EmbedderContract, "embedder", changed(Gray(), **changes), test)()


def predict(**prediction):
    return lambda self, images: [prediction for _ in images]


@pytest.mark.parametrize(
    ("changes", "test"),
    [
        ({"concepts": ()}, "its_concepts_have_ids_of_their_own_and_names"),
        ({"concepts": (Concept("bright"),)}, "its_concepts_have_ids_of_their_own_and_names"),
        ({"concepts": Bright.concepts * 2}, "its_concepts_have_ids_of_their_own_and_names"),
        ({"predict": predict(dark=1.0)}, "it_says_only_concepts_it_declares_with_values_from_0_to_1"),
        ({"predict": predict(bright=2.0)}, "it_says_only_concepts_it_declares_with_values_from_0_to_1"),
    ],
)
def test_a_concept_model_that_breaks_its_contract_fails_its_test(changes, test):
    with pytest.raises(AssertionError):
        failing(ConceptModelContract, "concept_model", changed(Bright(), **changes), test)()


@pytest.mark.parametrize(
    "found",
    [
        [Detection(Box(0, 0, 1, 1), score=0.1), Detection(Box(0, 0, 0.5, 1), score=0.9)],
        [Detection(Box(0, 0, 1, 1)), Detection(Box(0, 0, 1, 1))],
        [Detection((0, 0, 1, 1))],
    ],
)
def test_a_detector_whose_regions_are_wrong_fails_its_test(found):
    wrong = changed(Middle(), detect=lambda self, images: [found for _ in images])
    with pytest.raises(AssertionError):
        failing(DetectorContract, "detector", wrong, "regions_are_boxes_each_once_the_surest_first")()


def test_a_translator_that_ignores_the_language_fails_its_test():
    def anywhere(self, name, *, language, names):
        return names.lookup(name, language=None)

    def nowhere(self, name, *, language, names):
        return names.lookup(name, language=language or "en")

    ignores = changed(Stored(), translate=anywhere)
    with pytest.raises(AssertionError, match="heed `language`"):
        failing(
            TranslatorContract,
            "translator",
            ignores,
            "the_word_has_that_meaning_in_its_own_language_only",
        )()
    with pytest.raises(AssertionError):
        failing(
            TranslatorContract,
            "translator",
            changed(Stored(), translate=nowhere),
            "without_a_language_every_one_is_looked_in",
        )()


def test_a_translator_that_invents_or_fails_on_odd_words_fails_its_test():
    invents = changed(Stored(), translate=lambda *_, **__: [Meaning("dog", "en", "dog", "x")])
    with pytest.raises(AssertionError):
        failing(TranslatorContract, "translator", invents, "a_word_nobody_knows_means_nothing")()
    fails = changed(Stored(), translate=lambda self, name, **_: name[0])
    with pytest.raises(IndexError):
        failing(TranslatorContract, "translator", fails, "any_text_and_any_language_tag_is_a_question")()


def backwards(self, X, n_neighbors):
    return tuple(part[:, ::-1] for part in Product.kneighbors(self, X, n_neighbors))


def unordered(self, X, n_neighbors):
    distances, nearest = Product.kneighbors(self, X, n_neighbors)
    return distances, nearest[:, ::-1]


def sampled(self, X, n_neighbors):
    """Every seventh vector, in the right order: its distances are true, its neighbors are not."""
    cosines = X @ self.vectors[::7].T
    nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :n_neighbors]
    return np.sqrt(np.maximum(2 - 2 * np.take_along_axis(cosines, nearest, axis=1), 0)), 7 * nearest


def double(self, queries):
    return queries.astype(np.float64) @ self.vectors.T


INEXACT = "an_inexact_one_finds_most_of_the_true_neighbors"
ORDERED = "neighbors_are_ordered_within_the_vectors_and_as_far_as_it_says"


@pytest.mark.parametrize(
    ("changes", "test"),
    [
        ({"metric": "cosine"}, ORDERED),
        ({"kneighbors": backwards}, ORDERED),
        ({"similarities": double}, "a_dense_one_scores_every_vector"),
        ({"partial_fit": Product.fit}, "an_incremental_one_takes_more_vectors_at_the_end"),
        ({"kneighbors": unordered}, ORDERED),
        ({"capabilities": Capabilities(exact=False), "kneighbors": sampled}, INEXACT),
    ],
)
def test_an_index_that_breaks_its_contract_fails_its_test(changes, test):
    class Tests(SimilarityIndexContract):
        factory = type("Wrong", (Product,), changes)

    with pytest.raises((AssertionError, IndexError)):
        getattr(Tests(), f"test_{test}")()


def test_an_importer_that_reads_all_at_once_fails_its_test(tmp_path):
    class Tests(TestImporter):
        importer = changed(Lines(), records=lambda self, source: [Record("a.jpg")])

    with pytest.raises(AssertionError):
        Tests().test_records_come_one_by_one(tmp_path)


def test_an_importer_that_accepts_everything_fails_its_test():
    everything = changed(Lines(), accepts=lambda self, source: True)
    with pytest.raises(AssertionError, match="from every other importer"):
        failing(ImporterContract, "importer", everything, "it_leaves_what_is_not_its_own_to_others")()


class Words(Gray):
    def embed_text(self, texts):
        numbers = [[len(text), *map(float, text.encode()[:3])] for text in texts]
        return np.array(numbers, np.float32).reshape(len(texts), 4)


class TestWords(EmbedderContract):
    embedder = Words()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda self, texts: np.full((len(texts), 4), np.nan, np.float32),
        lambda self, texts: np.ones((len(texts), 4), np.float32),
        lambda self, texts: np.ones((len(texts), 3), np.float32),
        lambda self, texts: Words().embed_text(texts).astype(float),
        lambda self, texts: Words().embed_text(texts) + np.float32(len(texts)),
    ],
)
def test_an_embedder_whose_text_side_is_wrong_fails_its_test(wrong):
    with pytest.raises(AssertionError):
        failing(
            EmbedderContract,
            "embedder",
            changed(Words(), embed_text=wrong),
            "a_text_side_gives_vectors_of_the_same_space",
        )()


class Plain:
    """A format of its own: a magic word, width and height, and gray pixels."""

    name = "plain"

    def accepts(self, head):
        return head.startswith(b"PLAIN")

    def decode(self, encoded):
        width, height = encoded[5], encoded[6]
        return Image.frombytes("L", (width, height), encoded[7:])


class TestDecoder(DecoderContract):
    decoder = Plain()
    size = (4, 3)

    def encoded(self):
        return b"PLAIN" + bytes([4, 3]) + bytes(range(12))


@pytest.mark.parametrize(
    ("changes", "test"),
    [
        ({"accepts": lambda self, head: True}, "it_leaves_other_files_to_others"),
        ({"accepts": lambda self, head: False}, "it_accepts_its_format"),
        ({"decode": lambda self, encoded: Image.new("L", (9, 9))}, "it_opens_the_picture"),
        ({"decode": lambda self, encoded: Image.new("L", (4, 3))}, "half_a_file_is_refused"),
    ],
)
def test_a_decoder_that_breaks_its_contract_fails_its_test(changes, test):
    class Tests(TestDecoder):
        decoder = changed(Plain(), **changes)

    with pytest.raises(AssertionError):
        getattr(Tests(), f"test_{test}")()


# --- what they test with


def test_pictures_are_the_same_every_time_and_of_many_sizes():
    assert [picture.tobytes() for picture in pictures(6)] == [picture.tobytes() for picture in pictures(6)]
    assert [picture.tobytes() for picture in pictures(2)] == [
        picture.tobytes() for picture in pictures(6)[:2]
    ]
    assert len({picture.size for picture in pictures(6)}) == 6
    assert {picture.mode for picture in pictures(6)} == {"RGB"}
    assert pictures(1, seed=1)[0].tobytes() != pictures(1)[0].tobytes()


def test_the_snapshot_has_what_its_text_says():
    small = snapshot()
    assert (len(small.inputs), len(small.rows), len(small.annotations)) == (8, 12, 15)
    assert small.rows.whole.sum() == 8
    assert [len(list(small.columns.of(concept))) for concept in range(4)] == [1, 1, 1, 0]
    (porch,) = small.columns.of(2)
    assert (porch.rows.tolist(), porch.values.tolist()) == ([0, 1, 2], [1.0, 0.0, 1.0])
    assert small.is_human(porch.source)
    space = small.spaces["stub@1"]
    assert space.vectors.shape == (11, 16)
    np.testing.assert_allclose(np.linalg.norm(space.vectors, axis=1), 1, atol=1e-6)
    assert np.isnan(small.inputs.latitude).sum() == 4
    assert small.inputs.metadata[1] == '{"camera":"b","index":1}'


def test_the_snapshot_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        snapshot().columns.values[0] = 0


def test_the_stubs_are_what_they_stand_for():
    context: Context = StubContext(snapshot())
    names: ConceptLookup = StubConceptLookup()
    assert [meaning.concept for meaning in names.lookup("犬", language="ja")] == ["dog"]
    assert context.meanings("Hund", language="de")[0].concept == "dog"
    assert names.concept("dog")
    assert not names.concept("Hund")


def test_the_stub_finds_a_picture_of_its_own_and_a_box_on_it():
    small = snapshot()
    context = StubContext(small)
    cosines = context.similarities(context.embed({"input": "input-3"}))
    assert small.rows.input[np.nanargmax(cosines)] == 3
    box = Box(*small.rows.box[1].tolist())
    assert np.nanargmax(context.similarities(context.embed({"input": "input-0"}, box=box))) == 1
    assert np.isnan(cosines[-1])


def test_the_stub_opens_files_and_fetches_nothing(tmp_path):
    Image.new("RGB", (4, 3)).save(tmp_path / "a.png")
    context = StubContext(snapshot())
    assert context.open_image(str(tmp_path / "a.png")).size == (4, 3)
    with pytest.raises(QueryError, match="a test opens paths"):
        context.open_image("https://example.com/a.jpg")
    with pytest.raises(UnknownNameError, match="did you mean 'input-7'"):
        context.input_row("input-70")


def test_an_empty_snapshot_is_one_too():
    assert TestRanker().rank(Snapshot.empty()).shape == (0,)


def test_the_contracts_need_no_pytest():
    code = "import sys; sys.modules['pytest'] = None; import toolkit.testing; print('fine')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
    )
    assert done.stdout == "fine\n", done.stderr
