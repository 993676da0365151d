"""The wire in front of a collection on a server: many clients ask while people label, here and in other sessions."""

from __future__ import annotations

import threading

import pytest

pytest.importorskip("clarifai_grpc", reason="the extra [wire] is not installed")

from wire_photos import COLORS, Grpc, Rest, concepts, ids, of, registry, search, seeded, served

import toolkit

A = "PostAnnotationsSearches"
CLIENTS, LABELS = 8, 6


def test_eight_clients_ask_while_two_people_label_and_every_label_is_there(server_url):
    with seeded(server_url) as photos, served(photos) as server:
        wrong: list[object] = []
        labeled = threading.Event()

        def ask(number: int) -> None:
            client = (Rest, Grpc)[number % 2](server)
            try:
                while not labeled.is_set():
                    for rank in (of(input_id="red"), concepts(("dog", 1))):
                        found = client.ask(A, search(ranks=[rank]))
                        if found["status"]["code"] != 10000 or not found["hits"]:
                            wrong.append(found["status"])
            except Exception as error:
                wrong.append(error)
            finally:
                client.close()

        def label(user: str) -> None:
            settings = toolkit.Settings(user=user)
            with toolkit.open(server_url, registry=registry(), settings=settings) as own:
                for number in range(LABELS):
                    own.annotate(list(COLORS), concept=f"{user} {number}")

        asking = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
        people = [threading.Thread(target=label, args=(user,)) for user in ("ann", "ben")]
        for thread in (*asking, *people):
            thread.start()
        for thread in people:
            thread.join()
        labeled.set()
        for thread in asking:
            thread.join()
        assert wrong == []
        there = {
            (one.source, concept, one.input_id)
            for one in photos.annotations.of(list(COLORS))
            for concept in one.concepts
        }
        assert there >= {
            (f"human:{user}", f"{user} {number}", id)
            for user in ("ann", "ben")
            for number in range(LABELS)
            for id in COLORS
        }


def test_two_servers_follow_one_another(server_url):
    with (
        seeded(server_url) as photos,
        toolkit.open(server_url, registry=registry()) as others,
        served(photos) as mine,
        served(others) as theirs,
    ):
        first, second = Rest(mine), Grpc(theirs)
        try:
            for id in ("blue", "green", "red"):
                body = {
                    "inputs": [{"id": id, "data": {"concepts": [{"id": "travel", "value": 1}]}}],
                    "action": "merge",
                }
                assert (
                    first.ask("PatchInputs", body, path="/v2/inputs", verb="PATCH")["status"]["code"] == 10000
                )
                asked = search(filters=[concepts(("travel", 1))])
                assert id in ids(second.ask(A, asked))
        finally:
            first.close()
            second.close()
