"""A server that lies costs one sentence: wrong sizes, kinds, nonsense, bodies without end, other versions."""

import gc
import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from app.connecting.service_address import read_address
from app.query.query_error import QueryError
from app.remote_library.remote_help import RemoteExamples
from app.remote_library.remote_session import RemoteSession
from app.remote_library.server_client import ServerClient
from app.remote_library.server_errors import ServerAwayError, ServerError
from app.remote_library.server_place import ServerPlace
from app.search.outcome import Moment, Presence
from tests.encoder_service.service_process import TOKEN, free_port, lying_service, send

STATUS = {
    "version": "1",
    "api": 1,
    "title": "Home",
    "person": "ada",
    "model": {"title": "Pocket", "identity": "pocket", "scorer": "cosine"},
    "indexing": False,
}
MOMENT = {
    "rank": 1,
    "video_id": 7,
    "frame_id": 3,
    "path": "/videos/dog.mp4",
    "start": 1.0,
    "end": 2.0,
    "best": 1.5,
    "score": 0.5,
    "strength": 0.5,
    "state": "here",
    "copies": [],
    "parts": [],
    "reasons": [],
    "duration": 10.0,
    "filmed": 0.0,
    "listed": False,
}
REASON = {"kind": "seen", "text": "dog", "strength": 1, "step": 1, "quote": "", "marks": []}
OUTCOME = {
    "version": 2,
    "query": "dog",
    "model": "pocket",
    "scorer": "cosine",
    "verdict": "good",
    "notice": "",
    "took_ms": {"encode": 1, "candidates": 1, "rescore": 1, "total": 3},
    "results": [MOMENT],
}

TAGGED = {"video_id": 7, "start": 1, "end": 2, "name": "sea", "made": 1.0}

Lie = Callable[[BaseHTTPRequestHandler], None]


def client_of(url: str, seconds: float = 5.0) -> ServerClient:
    return ServerClient(read_address(url), TOKEN, seconds=seconds)


def gives(content: object, status: int = 200, **headers: str) -> Lie:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return lambda handler: send(handler, body, status, **headers)


def refused(lie: Lie, ask: Callable[[ServerClient], object], seconds: float = 5.0) -> ServerError:
    """The error that asking ends with."""
    with lying_service(lambda handler, _: lie(handler)) as url:
        client = client_of(url, seconds)
        try:
            with pytest.raises(ServerError) as caught:
                ask(client)
        finally:
            client.close()
    assert caught.value.sentence.endswith(".")
    assert caught.value.advice
    return caught.value


def outcome(**changes: Any) -> dict[str, Any]:
    return OUTCOME | {"results": [MOMENT | changes]}


def test_an_honest_answer_is_taken() -> None:
    with lying_service(lambda handler, _: gives(OUTCOME)(handler)) as url:
        client = client_of(url)
        found = client.search("dog", limit=10)
        client.close()
    assert [moment.path.name for moment in found.moments] == ["dog.mp4"]
    assert found.moments[0].video_id == 7


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nothing",
        b"[]",
        b"[" * 100_000,
        b"\xff\xfe",
        {},
        OUTCOME | {"results": {}},
        OUTCOME | {"results": [MOMENT] * 11},
        OUTCOME | {"results": ["dog"]},
        OUTCOME | {"verdict": "splendid"},
        OUTCOME | {"took_ms": None},
        outcome(rank=2),
        outcome(video_id=-1),
        outcome(video_id=1 << 70),
        outcome(video_id="7"),
        outcome(path="a\0b"),
        outcome(path="x" * 10_000),
        outcome(end=0.5),
        outcome(best=float("nan")),
        outcome(score=1e300),
        outcome(strength=True),
        outcome(state="somewhere"),
        outcome(reasons=[REASON | {"marks": [[0, 9]]}]),
        outcome(reasons=[REASON | {"kind": "smelt"}]),
        outcome(parts=[{}]),
        outcome(copies="dog"),
    ],
)
def test_what_is_no_answer_to_a_search_costs_a_sentence(content: object) -> None:
    error = refused(gives(content), lambda client: client.search("dog", limit=10))
    assert "gives answers that cannot be used" in error.sentence


@pytest.mark.parametrize("strength", [-5, 7])
def test_a_probability_that_cannot_be_is_the_nearest_that_can(strength: float) -> None:
    with lying_service(lambda handler, _: gives(outcome(strength=strength))(handler)) as url:
        client = client_of(url)
        (moment,) = client.search("dog", limit=10).moments
        client.close()
    assert moment.strength == min(max(strength, 0), 1)


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    piece = b"x" * (1 << 20)
    for _ in range(200):
        handler.wfile.write(b"%x\r\n" % len(piece) + piece + b"\r\n")


def dripping(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def too_short(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"{}")


def test_a_body_without_end_is_cut_off() -> None:
    error = refused(endless, lambda client: client.thumbnail(1))
    assert "cannot be used" in error.sentence


def test_a_body_that_drips_is_given_up_in_time() -> None:
    began = time.monotonic()
    error = refused(dripping, lambda client: client.folders(), seconds=0.5)
    assert "too slow" in error.sentence
    assert isinstance(error, ServerAwayError)
    assert time.monotonic() - began < 10


def test_a_body_that_breaks_off_is_an_outage() -> None:
    assert isinstance(refused(too_short, lambda client: client.folders()), ServerAwayError)


def test_nobody_there_is_an_outage() -> None:
    client = client_of(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(ServerAwayError, match="cannot be reached"):
        client.status()
    client.close()


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        (gives({}, 401, Reelfind_API="1"), "does not take this computer’s token"),
        (gives(STATUS | {"api": 2}), "another version"),
        (gives({}, 404, Reelfind_API="2"), "another version"),
        (gives(b"<html>", 404), "cannot be used"),
        (gives(b"", 302, Location="http://192.168.1.1/"), "cannot be used"),
        (gives(b"", 500), "cannot be used"),
        (gives(STATUS | {"model": 3}), "cannot be used"),
        (gives({"detail": "It is on fire.", "advice": "Leave."}, 500, Reelfind_API="1"), "It is on fire."),
    ],
)
def test_what_else_a_server_may_say_is_a_sentence(lie: Lie, said: str) -> None:
    assert said in refused(lie, lambda client: client.status()).sentence


def test_what_is_wrong_with_a_query_is_said_with_its_place() -> None:
    told = {"detail": "There is no month 13.", "advice": "Write 1 to 12.", "at": 4}
    with lying_service(lambda handler, _: gives(told, 422, Reelfind_API="1")(handler)) as url:
        client = client_of(url)
        with pytest.raises(QueryError, match="no month 13") as caught:
            client.search("dog after:2020-13", limit=10)
        client.close()
    assert caught.value.at == 4


@pytest.mark.parametrize(
    ("status", "content_range", "size"),
    [
        (200, "bytes 0-9/100", 10),
        (206, "", 10),
        (206, "bytes 5-14/100", 10),
        (206, "bytes 0-8/100", 9),
        (206, "bytes 0-9/100", 9),
        (206, "bytes 0-9/*", 10),
        (206, f"bytes 0-9/{'9' * 30}", 10),
        (206, "bytes 0-99/100", 100),
    ],
)
def test_another_part_of_a_video_than_was_asked_for_is_not_taken(
    status: int, content_range: str, size: int
) -> None:
    lie = gives(b"x" * size, status, Content_Range=content_range)
    error = refused(lie, lambda client: client.read_range(7, 0, 10, ""))
    assert "cannot be used" in error.sentence


@pytest.mark.parametrize(
    ("ask", "content"),
    [
        (lambda client: client.folders(), {"folders": [{"id": 1}]}),
        (lambda client: client.frames(7), {"frames": [{"id": 1, "time": "soon"}]}),
        (lambda client: client.lines(7), {"lines": [{"source": "rumour", "start": 0, "end": 1, "text": ""}]}),
        (lambda client: client.curves("dog", [7]), {"curves": {"7": {"times": [1, 0], "strengths": [1, 1]}}}),
        (lambda client: client.curves("dog", [7]), {"curves": {"7": {"times": [1], "strengths": []}}}),
        (lambda client: client.favourites(), {"favourites": [{"video_id": 7, "start": 5, "end": 1}]}),
        (lambda client: client.tags(), {"tags": [{"name": "", "count": 1}]}),
        (lambda client: client.tags(), {"tags": [{"name": "x" * 101, "count": 1}]}),
        (lambda client: client.tags(), {"tags": [{"name": "sea", "count": -1}]}),
        (lambda client: client.tags(), {"tags": [], "tagged": [TAGGED | {"end": 0}]}),
        (lambda client: client.tags(), {"tags": [], "tagged": [TAGGED | {"video_id": "7"}]}),
        (lambda client: client.tags(), {"tags": [], "tagged": "all"}),
        (lambda client: client.examples(), {"examples": "a dog"}),
        (lambda client: client.examples(), {"examples": ["a dog"] * 65}),
        (lambda client: client.examples(), {"examples": ["x" * 2001]}),
        (lambda client: client.examples(), {"examples": [7]}),
        (lambda client: client.examples(), {"examples": [], "complete": "soon"}),
        (lambda client: client.status(), STATUS | {"offers": {}}),
        (lambda client: client.status(), STATUS | {"offers": ["why"] * 65}),
        (lambda client: client.status(), STATUS | {"offers": ["w" * 41]}),
    ],
)
def test_nonsense_in_any_answer_costs_a_sentence(
    ask: Callable[[ServerClient], object], content: object
) -> None:
    assert "cannot be used" in refused(gives(content), ask).sentence


STEP = {"time": 1.0, "area": [0, 0, 1, 1], "map": [[0.5] * 6] * 6, "parts": []}
PART = {"text": "dog", "excluded": False, "strength": 0.5, "share": 1.0}
FOUND = Moment(1, 7, Path("/videos/dog.mp4"), 1.0, 2.0, 1.5, 0.5, 0.5, 3, Presence.HERE)


def why(**changes: Any) -> dict[str, Any]:
    return {"steps": [STEP | changes], "problem": ""}


def test_honest_explanations_tags_and_examples_are_taken() -> None:
    told = {"/why": why(parts=[PART]), "/tags": {"tags": [], "tagged": [TAGGED]}}
    told["/examples"] = {"examples": ["a dog", " two\nlines ", "\n"]}

    def answer(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        path = handler.path.partition("?")[0]
        gives(next(content for name, content in told.items() if path.endswith(name)))(handler)

    with lying_service(answer) as url:
        client = client_of(url)
        step = client.why("dog", FOUND).steps[0]
        assert (step.time, step.parts[0].text) == (1.0, "dog")
        assert step.map is not None
        assert step.map.shape == (6, 6)
        assert client.tags().tagged[0].mark.value == "sea"
        assert client.examples() == ("a dog", "two lines")
        client.close()


@pytest.mark.parametrize(
    "content",
    [
        {"steps": [{}], "problem": ""},
        {"steps": [STEP] * 65, "problem": ""},
        {"steps": [], "problem": 7},
        {"steps": [], "problem": "x" * 10_000},
        why(time=float("inf")),
        why(area=[0, 0, 1]),
        why(area=[0, 0, 1, 1, 1]),
        why(area=[0.5, 0, 0.4, 1]),
        why(area=[0, 0, 1e9, 1]),
        why(map=[[0.5] * 6] * 5),
        why(map=[[0.5] * 6] * 7),
        why(map=[[0.5] * 7] * 6),
        why(map=[[0.5] * 5 + ["x"]] * 6),
        why(map=[[0.5] * 5 + [float("nan")]] * 6),
        why(map=[[[0.5] * 6] * 6] * 6),
        why(map=[1e300] * 6),
        why(map="dark"),
        why(parts=[PART | {"text": "a\0b"}]),
        why(parts=[PART | {"share": True}]),
        why(parts=[PART] * 257),
    ],
)
def test_an_explanation_that_makes_no_sense_costs_a_sentence(content: object) -> None:
    assert "cannot be used" in refused(gives(content), lambda client: client.why("dog", FOUND)).sentence


def test_a_server_that_looks_for_examples_for_ever_is_asked_a_few_times() -> None:
    asked = 0

    def answer(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        nonlocal asked
        asked += 1
        gives({"examples": ["never"], "complete": False})(handler)

    with lying_service(answer) as url:
        client = client_of(url)
        assert RemoteExamples(client, lambda: True).find(lambda: asked == 100) == ()
        assert 1 < asked < 10
        client.close()


@pytest.mark.parametrize("share", [-1e12, 5])
def test_a_map_beyond_its_bounds_is_cut_off_there(share: float) -> None:
    with lying_service(lambda handler, _: gives(why(map=[[share] * 6] * 6))(handler)) as url:
        client = client_of(url)
        shares = client.why("dog", FOUND).steps[0].map
        client.close()
    assert shares is not None
    assert 0 <= shares.min() <= shares.max() <= 1


def test_a_server_of_before_is_asked_for_nothing_that_it_does_not_know(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path))
    asked: list[str] = []

    def answer(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        asked.append(handler.path)
        gives(STATUS if handler.path.endswith("/status") else {"favourites": []}, Reelfind_API="1")(handler)

    with lying_service(answer) as url:
        session = RemoteSession(ServerPlace(read_address(url), TOKEN), first_pause=60)
        assert not session.catalogue.kept_overview().tags
        assert session.prompts.examples.find(lambda: False) == ()
        with pytest.raises(ServerError, match="does not offer this") as caught:
            session.why("dog", FOUND)
        session.close()
    assert "same version" in caught.value.advice
    assert not [path for path in asked if path.partition("?")[0].endswith(("/tags", "/examples", "/why"))]


def test_a_window_opens_where_the_server_is_away_and_not_where_it_is_another_one(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path))
    away = RemoteSession(ServerPlace(read_address(f"http://127.0.0.1:{free_port()}"), TOKEN))
    assert away.folders() == []
    assert [each.sentence.startswith("The server 127.0.0.1") for each in away.impairments()] == [True]
    away.close()

    def another_version(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        gives(STATUS | {"api": 9})(handler)
        handler.close_connection = False

    with lying_service(another_version) as url:
        with pytest.raises(ServerError, match="another version"):
            RemoteSession(ServerPlace(read_address(url), TOKEN))
        gc.collect()  # a connection that were left open would be an error here
