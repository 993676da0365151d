"""Training of clients' models in the background, one version after another."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode
from clarifai_grpc.grpc.api.status.status_pb2 import Status

from toolkit import Collection
from toolkit.plugins import NotIndexedError, QueryError, ToolkitError, UnknownNameError

from .client_models import ClientModel, ClientVersion, change_model, client_models
from .statuses import Refused, status
from .structs import write_timestamp

__all__ = ["Trainings", "forget"]

log = logging.getLogger("toolkit.wire")

_UNFINISHED = (StatusCode.MODEL_QUEUED_FOR_TRAINING, StatusCode.MODEL_TRAINING)


class Trainings:
    """Trains the versions that are posted, and knows which of them wait.

    Parameters
    ----------
    most : int
        How many versions may wait.
    """

    def __init__(self, *, most: int = 100) -> None:
        self._most = most
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="toolkit-training")
        self._lock = threading.Lock()
        self._waiting: dict[tuple[int, str], StatusCode.ValueType] = {}

    def start(self, photos: Collection, model: str, version: str) -> None:
        """Train a version as soon as those before it are trained.

        Parameters
        ----------
        photos : Collection
            From whose labels.
        model, version : str
            The ids of a client's model and of its version.

        Raises
        ------
        Refused
            11005: too many wait.
        """
        key = id(photos), version
        with self._lock:
            if len(self._waiting) >= self._most:
                raise Refused(StatusCode.CONN_THROTTLED, "too many models wait to be trained; try again")
            self._waiting[key] = StatusCode.MODEL_QUEUED_FOR_TRAINING
        self._pool.submit(self._train, key, photos, model)

    def status(self, photos: Collection, version: ClientVersion) -> Status:
        """The state that a version is in now.

        Parameters
        ----------
        photos : Collection
            Where it is stored.
        version : ClientVersion
            As it is stored.
        """
        stored: Status = version.message.status
        with self._lock:
            waiting = self._waiting.get((id(photos), version.message.id))
        if waiting is not None:
            return status(waiting)
        if stored.code in _UNFINISHED:
            return status(
                StatusCode.MODEL_TRAINING_FAILED, "the server stopped meanwhile; post the version again"
            )
        return stored

    def close(self) -> None:
        """Finish the version that is being trained, and train no other."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _train(self, key: tuple[int, str], photos: Collection, model: str) -> None:
        with self._lock:
            self._waiting[key] = StatusCode.MODEL_TRAINING
        try:
            _train(photos, model, key[1])
        except Exception:
            log.exception("version %s was not trained", key[1])
        finally:
            with self._lock:
                del self._waiting[key]


def _train(photos: Collection, model: str, version: str) -> None:
    """Train the concepts of a version, and write down how it went."""
    found = client_models(photos)[model].version(version)
    outcome, trained = _trained(photos, found.concepts if found else [])

    def record(stored: ClientModel) -> None:
        one = stored.version(version)
        if one is not None:
            one.trained = trained
            one.message.status.CopyFrom(outcome)
            write_timestamp(time.time(), one.message.completed_at)

    try:
        change_model(photos, model, record)
    except Refused:  # it was deleted meanwhile
        forget(photos, trained)


def _trained(photos: Collection, concepts: Sequence[str]) -> tuple[Status, dict[str, str]]:
    """The status of a training, and the versions of the concepts that were trained."""
    trained: dict[str, str] = {}
    for concept in concepts:
        try:
            trained[concept] = photos.train(concept, exact=True, progress=False).source.full_name
        except (UnknownNameError, NotIndexedError) as error:
            return status(StatusCode.MODEL_TRAINING_NO_DATA, error.advice.shell()), trained
        except QueryError as error:
            return status(StatusCode.MODEL_TRAINING_INSUFFICIENT_DATA, error.advice.shell()), trained
        except ToolkitError:
            log.exception("concept %s was not trained", concept)
            return status(StatusCode.MODEL_TRAINING_UNKNOWN_ERROR, "the server's log says more"), trained
    return status(StatusCode.MODEL_TRAINED), trained


def forget(photos: Collection, trained: Mapping[str, str]) -> None:
    """Delete what was trained, unless it was trained again since.

    Parameters
    ----------
    photos : Collection
        Where it is stored.
    trained : mapping of str to str
        By concept, the version that was trained: ``trained-porch@1``.
    """
    for version in trained.values():
        name = version.rpartition("@")[0]
        if photos.models.get(name) == version:
            photos.models.forget(name)
