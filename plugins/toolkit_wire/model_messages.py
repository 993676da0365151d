"""Models, clients' own and the collection's, as messages of the API."""

from __future__ import annotations

from clarifai_grpc.grpc.api.resources_pb2 import Model, ModelVersion
from clarifai_grpc.grpc.api.status.status_code_pb2 import StatusCode

from toolkit.plugins import Reliability, UnknownNameError

from .calls import Call
from .client_models import ClientModel, ClientVersion, client_models
from .own_models import own_model, own_models
from .statuses import status

__all__ = ["every_model", "model_message", "version_message", "versions_of"]


def model_message(id: str, version: str, call: Call) -> Model:
    """A model with one of its versions.

    Parameters
    ----------
    id : str
        Of a client's model, of one of the collection, or the public id of the API's own.
    version : str
        The id of a version; the last one if empty.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        21200: there is no such model, or no such version.
    """
    made = client_models(call.photos)
    return (
        _of_client(made[id], version, call) if id in made else own_model(id, version, call).message(id, call)
    )


def every_model(call: Call) -> list[Model]:
    """The models of the collection, and then those that clients made."""
    own = [one.message(name, call) for name, one in own_models(call).items()]
    return own + [_of_client(one, "", call) for one in client_models(call.photos).values()]


def versions_of(id: str, call: Call) -> list[ModelVersion]:
    """The versions of a model, the last one first.

    Parameters
    ----------
    id : str
        The model's id.
    call : Call
        The collection asked, and who asks.

    Raises
    ------
    Refused
        21200: there is no such model.
    """
    made = client_models(call.photos)
    if id in made:
        return [version_message(one, call) for one in reversed(made[id].versions)]
    return [own_model(id, "", call).message(id, call).model_version]


def _of_client(model: ClientModel, version: str, call: Call) -> Model:
    shown = Model()
    shown.CopyFrom(model.message)
    shown.app_id, shown.user_id, shown.version_count = call.app, call.user, len(model.versions)
    found = model.version(version)
    if found is None:
        shown.model_version.status.CopyFrom(status(StatusCode.MODEL_UNTRAINED))
    else:
        shown.model_version.CopyFrom(version_message(found, call))
    return shown


def version_message(version: ClientVersion, call: Call, *, in_full: bool = False) -> ModelVersion:
    """The message of a client's version, with the state that it is in now.

    Parameters
    ----------
    version : ClientVersion
        As it is stored.
    call : Call
        The collection asked, and who asks.
    in_full : bool
        Whether the figures of each concept are wanted, too.
    """
    shown = ModelVersion()
    shown.CopyFrom(version.message)
    shown.app_id, shown.user_id = call.app, call.user
    shown.status.CopyFrom(call.trainings.status(call.photos, version))
    names = call.photos.concepts.titles(version.concepts)
    for concept in shown.output_info.data.concepts:
        concept.name, concept.app_id = names[concept.id], call.app
    if shown.metrics.status.code == StatusCode.MODEL_EVALUATED:
        _write_figures(version, shown, call, in_full=in_full)
    return shown


def _write_figures(version: ClientVersion, shown: ModelVersion, call: Call, *, in_full: bool) -> None:
    """What training estimated for pictures that nobody labeled: the means, and the figures of each concept."""
    metrics, reports = shown.metrics, {}
    for concept, trained in version.trained.items():
        try:
            now = call.photos.models[trained.rpartition("@")[0]]
        except UnknownNameError:
            continue  # forgotten since
        report = now.reliability
        if now == trained and report is not None and not isinstance(report, Reliability):
            reports[concept] = report
    summary = metrics.summary
    for concept, report in reports.items():
        precision, recall = report.precision.value, report.recall.value
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        summary.macro_avg_precision += precision / len(reports)
        summary.macro_avg_recall += recall / len(reports)
        summary.macro_avg_f1_score += f1 / len(reports)
        if in_full:
            one = metrics.binary_metrics.add(f1=f1, avg_precision=report.average_precision.value)
            one.num_pos, one.num_neg = report.positives, report.negatives
            one.num_tot = report.positives + report.negatives
            one.concept.id = concept
            label = metrics.label_counts.positive_label_counts.add(count=report.positives)
            label.concept.id = concept
