"""One owner of a device: batches of many threads are run together, and each thread gets its own rows back."""

import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

torch = pytest.importorskip("torch")
pytest.importorskip("timm")

from timm.data import create_transform  # noqa: E402
from toolkit_timm.devices import DeviceQueue  # noqa: E402
from toolkit_timm.forward import Forward, in_halves  # noqa: E402
from toolkit_timm.preparation import preparation, scale_of  # noqa: E402

SETTINGS = {
    "input_size": (3, 64, 64),
    "interpolation": "bicubic",
    "mean": (0.485, 0.456, 0.406),
    "std": (0.229, 0.224, 0.225),
    "crop_pct": 0.875,
    "crop_mode": "center",
}


def pictures(count, value=0):
    return np.full((count, 2, 2, 3), value, np.uint8)


def means(pixels):
    return pixels.mean(axis=(1, 2, 3), dtype=np.float32)[:, None]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=12), st.integers(1, 20))
def test_every_thread_gets_the_rows_of_its_own_pictures(counts, batch):
    queue = DeviceQueue(means, batch=batch)
    with ThreadPoolExecutor(len(counts)) as threads:
        found = list(threads.map(queue, [pictures(n, value) for value, n in enumerate(counts)]))
    for value, (rows, count) in enumerate(zip(found, counts, strict=True)):
        assert rows.tolist() == [[value]] * count


def test_what_arrives_while_the_device_is_busy_is_run_as_one_batch():
    sizes, begun, go_on = [], threading.Event(), threading.Event()

    def run(pixels):
        sizes.append(len(pixels))
        begun.set()
        go_on.wait(30)
        return means(pixels)

    queue = DeviceQueue(run, batch=100)
    with ThreadPoolExecutor(6) as threads:
        first = threads.submit(queue, pictures(1))
        begun.wait(30)
        others = [threads.submit(queue, pictures(2)) for _ in range(5)]
        while queue._arrived.qsize() < len(others):
            pass
        go_on.set()
        assert [len(one.result()) for one in (first, *others)] == [1, 2, 2, 2, 2, 2]
    assert sizes == [1, 10]


def test_only_who_sent_what_cannot_be_computed_learns_of_it():
    busy = threading.Event()

    def run(pixels):
        busy.wait(30)
        if (pixels == 13).any():
            raise ValueError("thirteen")
        return means(pixels)

    queue = DeviceQueue(run, batch=100)
    with ThreadPoolExecutor(3) as threads:
        sent = [threads.submit(queue, pictures(2, value)) for value in (7, 13, 21)]
        busy.set()
        assert sent[0].result().tolist() == [[7], [7]]
        with pytest.raises(ValueError, match="thirteen"):
            sent[1].result()
        assert sent[2].result().tolist() == [[21], [21]]


def test_a_batch_too_large_for_the_memory_is_run_in_halves():
    sizes = []

    def run(pixels):
        sizes.append(len(pixels))
        if len(pixels) > 3:
            raise torch.OutOfMemoryError("too large")
        return means(pixels)

    pixels = np.arange(10, dtype=np.uint8)[:, None, None, None] * pictures(10, 1)
    assert in_halves(run)(pixels)[:, 0].tolist() == list(range(10))
    assert max(size for size in sizes if size <= 3) == 3


def test_a_picture_that_does_not_fit_alone_is_an_error():
    def run(pixels):
        raise torch.OutOfMemoryError("too large")

    with pytest.raises(torch.OutOfMemoryError):
        in_halves(run)(pictures(4))


@pytest.mark.parametrize("squash", [False, True])
@pytest.mark.parametrize("size", [(80, 50), (64, 64), (31, 200)])
def test_pixels_become_the_very_numbers_that_timm_makes(squash, size):
    rng = np.random.default_rng(0)
    image = Image.fromarray(rng.integers(0, 256, (*size, 3), np.uint8))
    crop = {"crop_pct": 1.0, "crop_mode": "squash"} if squash else {}
    expected = create_transform(**{**SETTINGS, **crop})(image)
    pixels = preparation(SETTINGS, squash=squash)(image)
    numbers = Forward(torch.nn.Flatten(), scale_of(SETTINGS, "cpu"), "cpu")(np.stack([pixels]))
    np.testing.assert_allclose(numbers[0], expected.flatten().numpy(), atol=1e-6)


def test_a_queue_of_another_process_is_not_needed_to_send_a_component():
    from toolkit_timm.embedder import TimmEmbedder

    embedder = TimmEmbedder.__new__(TimmEmbedder)
    embedder._argument, embedder.version = "resnet18", "1"
    assert vars(pickle.loads(pickle.dumps(embedder))) == vars(embedder)
