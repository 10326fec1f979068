"""Events: the newest of each kind, for everybody who listens, and an end when the server ends."""

import json
from collections.abc import Iterator

import httpx2
import pytest

from app.catalogue.deltas import Delta
from app.indexing.events import Progress
from app.server import event_hub
from tests.conftest import wait_until
from tests.server.conftest import Served


def events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, object]]]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            yield name, json.loads(line[6:])


def test_who_listens_hears_what_changes(served: Served, client: httpx2.Client) -> None:
    before = client.get("/status").json()["revision"]
    with client.stream("GET", "/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        heard = events(stream.iter_lines())
        assert next(heard) == ("changed", {"findable": True, "kept": True, "folders": True})
        served.service.events._on_delta(Delta(findable=True))
        assert next(heard) == ("changed", {"findable": True, "kept": False, "folders": False})
        served.service.events._on_indexing(Progress(1, 4, None, 0.25, 2.0, 8.0))
        name, content = next(heard)
        assert (name, content["fraction"], content["eta"]) == ("progress", 0.25, 8.0)
    assert client.get("/status").json()["revision"] != before
    assert wait_until(lambda: not served.service._event_places._taken)


def test_a_flood_becomes_the_newest_of_each_kind(served: Served, client: httpx2.Client) -> None:
    with client.stream("GET", "/events") as stream:
        heard = events(stream.iter_lines())
        next(heard)
        for number in range(5000):
            served.service.events._on_indexing(Progress(number, 5000, None, number / 5000, 1.0, None))
        served.service.events._on_delta(Delta(kept=True))
        told = []
        while not told or told[-1] != ("changed", {"findable": False, "kept": True, "folders": False}):
            told.append(next(heard))
        assert len(told) < 50


def test_favourites_are_told(served: Served, client: httpx2.Client) -> None:
    video = client.get("/search", params={"q": "type:webm"}).json()["results"][0]["video_id"]
    with client.stream("GET", "/events") as stream:
        heard = events(stream.iter_lines())
        next(heard)
        with served.client(served.anna) as anna:
            anna.put("/people/me/favourites", json={"video_id": video})
            assert next(heard)[1]["kept"] is True
            anna.request("DELETE", "/people/me/favourites", json={"video_id": video})


def test_one_person_listens_so_often_at_most(served: Served, client: httpx2.Client) -> None:
    taken = served.service._event_places._taken
    assert wait_until(lambda: not taken), "who listened before has left"
    taken["owner"] = served.service.limits.events_of_one
    try:
        with client.stream("GET", "/events") as stream:
            assert stream.status_code == 503
    finally:
        del taken["owner"]


def test_silence_is_filled(client: httpx2.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_hub, "_SILENCE", 0.2)
    with client.stream("GET", "/events") as stream:
        lines = stream.iter_lines()
        assert ": here" in [next(lines) for _ in range(6)]
