"""What the contracts of embedders, concept models and detectors share: all look at pictures."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

from PIL import Image as PillowImage
from PIL.Image import Image

from ..plugins.registry.kinds import checked_component
from .pictures import pictures

__all__ = ["Answer", "ComponentContract", "assert_close"]

Answer = Mapping[str, float]
CLOSE = 1e-3  # of two answers to one picture: batches of another size are added up in another order


class ComponentContract:
    """Tests of what everything that looks at pictures promises; subclass one of the three made from it."""

    kind: ClassVar[str]

    @property
    def component(self) -> object:
        """What is tested."""
        raise NotImplementedError

    def answers(self, component: object, images: Sequence[Image]) -> list[Answer]:
        """Its output for every picture, as named numbers that can be compared.

        Parameters
        ----------
        component : object
            The embedder, concept model or detector.
        images : sequence of PIL.Image.Image
            Upright RGB.
        """
        raise NotImplementedError

    def test_it_keeps_the_rules_of_its_kind(self) -> None:
        checked_component(self.kind, "under test", self.component)

    def test_every_picture_has_an_answer(self) -> None:
        assert len(self.answers(self.component, pictures(5))) == 5

    def test_no_pictures_have_no_answers(self) -> None:
        assert self.answers(self.component, []) == []

    def test_the_same_pictures_have_the_same_answers(self) -> None:
        assert_close(self.answers(self.component, pictures(4)), self.answers(self.component, pictures(4)))

    def test_a_picture_has_the_same_answer_alone_as_among_others(self) -> None:
        alone = [answer for one in pictures(4) for answer in self.answers(self.component, [one])]
        assert_close(self.answers(self.component, pictures(4)), alone)

    def test_pictures_of_any_size_have_an_answer(self) -> None:
        sizes = [(1, 1), (1, 200), (200, 1), (700, 500)]
        images = [pictures(1)[0].resize(size) for size in sizes] + [PillowImage.new("RGB", (40, 40))]
        assert len(self.answers(self.component, images)) == len(images)

    def test_the_pictures_are_left_as_they_were(self) -> None:
        images = pictures(3)
        self.answers(self.component, images)
        assert [image.tobytes() for image in images] == [image.tobytes() for image in pictures(3)]

    def test_it_travels_to_worker_processes(self) -> None:
        copy: object = pickle.loads(pickle.dumps(self.component))  # noqa: S301  # of our own making
        assert_close(self.answers(copy, pictures(3)), self.answers(self.component, pictures(3)))

    def test_it_answers_on_many_threads_at_once(self) -> None:
        expected = self.answers(self.component, pictures(3))
        with ThreadPoolExecutor(4) as pool:
            for answers in pool.map(lambda _: self.answers(self.component, pictures(3)), range(8)):
                assert_close(answers, expected)


def assert_close(answers: Sequence[Answer], expected: Sequence[Answer]) -> None:
    """Check that answers name the same, with the same numbers but for how sums are rounded.

    Parameters
    ----------
    answers, expected : sequence of mapping of str to float
        One a picture.
    """
    assert [answer.keys() for answer in answers] == [answer.keys() for answer in expected]
    for answer, other in zip(answers, expected, strict=True):
        for name, value in answer.items():
            assert abs(value - other[name]) <= CLOSE, f"{name}: {value} and {other[name]}"
