"""Batches of queries and whole experiments, beside a loop, and beside what others do with the same runs.

With photos (``TOOLKIT_PHOTOS``: a collection that is labeled and has the spaces ``pixels`` and ``timm``) an
experiment on real topics is measured too.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from importlib.util import find_spec

import numpy as np

import toolkit
from toolkit.evaluation import measured, parse_measures, topics_from_labels
from toolkit.evaluation.compare import compare
from toolkit.evaluation.systems import rank_systems
from toolkit.query import Term, fuse, topic
from toolkit.search import search_many
from toolkit.similarity.nearest import top_k
from toolkit.terms import input

from .figure import Figure
from .query import resources_of, snapshot_of
from .similarity import clustered

__all__ = ["run"]

TOPICS, DIMENSION, DEPTH = 1000, 256, 100
MEBIBYTE = 2**20


def run(rows: int) -> Iterator[Figure]:
    """The figures of batches over rows x 256, and of an experiment if there are photos."""
    yield from _batch(rows)
    if photos := os.environ.get("TOOLKIT_PHOTOS"):
        yield from _experiment(photos)


def _batch(rows: int) -> Iterator[Figure]:
    vectors = clustered(rows + TOPICS, DIMENSION)
    vectors, queries = vectors[:rows], vectors[rows:]
    opened = resources_of(snapshot_of(vectors))
    terms = [Term("embedding", tuple(query.tolist())) for query in queries]
    search_many(terms[:2], opened, depth=DEPTH)
    before, start = _peak(), time.process_time()
    search_many(terms, opened, depth=DEPTH)
    many, grown = time.process_time() - start, _peak() - before
    start = time.process_time()
    for query in queries:
        top_k(vectors @ query, DEPTH)
    loop = time.process_time() - start
    opened.close()
    name = f"{TOPICS:,} queries over {rows:,} rows, depth {DEPTH}"
    yield Figure(f"{name}, processor", many, "s", "a loop without hits", loop / many, ">= 3")
    yield Figure(f"{name}, extra memory", grown / MEBIBYTE, "MiB", goal="<= 64")


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _experiment(path: str) -> Iterator[Figure]:
    with toolkit.open(path) as photos:
        topics, judgments = topics_from_labels(photos, per_concept=5, seed=0)
        topics = topics[:200]
        pix, net = input(topic.input, space="pixels"), input(topic.input, space="timm")
        weighted = fuse([pix, 2 * net], method="sum", norm="zscore")
        systems = {"pixels": pix, "net": net, "rrf": fuse([pix, net], method="rrf"), "z": weighted}
        photos.compare(systems, topics[:5], judgments, depth=10)
        start = time.process_time()
        result = photos.compare(systems, topics, judgments, depth=1000, measures="P@10 AP@100 nDCG@10")
        yield Figure("4 systems x 200 topics at depth 1000", time.process_time() - start, "s", goal="<= 0.5")
        runs, _ = rank_systems(systems, topics, photos._resources, depth=1000)
    if find_spec("ranx"):
        yield _beside_ranx(runs, judgments, topics.ids)
    if find_spec("pyterrier"):
        yield _beside_pyterrier(runs, judgments, topics[:100])
    assert result.measures


def _beside_ranx(runs, judgments, topics) -> Figure:
    import ranx

    names = ["precision@10", "map@100", "ndcg@10"]
    measures = parse_measures("P@10 AP@100 nDCG@10")
    qrels = ranx.Qrels({one: dict(judgments[one]) for one in topics})
    theirs = {}
    for attempt in range(2):  # the first compiles
        start = time.process_time()
        made = {
            name: {t: dict(zip(one[t].ids, one[t].scores, strict=True)) for t in topics}
            for name, one in runs.items()
        }
        theirs = {name: ranx.evaluate(qrels, ranx.Run(one), names) for name, one in made.items()}
        taken = time.process_time() - start if attempt else 0.0
    start = time.process_time()
    ours = {name: measured(one, judgments, topics, measures).mean(axis=0) for name, one in runs.items()}
    mine = time.process_time() - start
    for name, values in ours.items():
        np.testing.assert_allclose(values, [theirs[name][one] for one in names], atol=1e-3)
    return Figure("3 measures of 4 x 200 rankings, processor", mine, "s", "ranx", mine / taken, "<= 1")


def _beside_pyterrier(runs, judgments, topics) -> Figure:
    """The same comparison with corrected significance, once the runs are in the form that each wants."""
    import pandas as pd
    import pyterrier as pt
    from ir_measures import AP, P, nDCG

    wanted = set(topics.ids)
    frames = [
        pd.DataFrame(
            [
                (topic, id, score, rank)
                for topic in topics.ids
                for rank, (id, score) in enumerate(zip(run[topic].ids, run[topic].scores, strict=True))
            ],
            columns=["qid", "docno", "score", "rank"],
        )
        for run in runs.values()
    ]
    qrels = pd.DataFrame(
        [(topic, id, grade) for topic in wanted for id, grade in judgments[topic].items()],
        columns=["qid", "docno", "label"],
    )
    asked = pd.DataFrame({"qid": list(topics.ids), "query": "any"})

    def theirs():
        measures = [P @ 10, AP @ 1000, nDCG @ 10]
        return pt.Experiment(frames, asked, qrels, measures, list(runs), baseline=0, correction="holm")

    def ours():
        return compare(runs, topics, judgments, measures="P@10 AP@1000 nDCG@10", depth=1000)

    taken = {}
    for name, what in (("ours", ours), ("theirs", theirs)):
        what()
        start = time.process_time()
        made = what()
        taken[name] = time.process_time() - start
        if name == "ours":
            means = made.values.mean(axis=1)
        else:
            np.testing.assert_allclose(means, made[["P@10", "AP@1000", "nDCG@10"]].to_numpy(float), atol=1e-3)
    ratio = taken["ours"] / taken["theirs"]
    return Figure("4 x 100 comparison with significance", taken["ours"], "s", "PyTerrier", ratio, "<= 1")
