"""Why a moment was found: said of what is found again, one at a time, and not often."""

import threading
from typing import Any

import httpx2
import numpy as np
import pytest

from app.search.evidence.occlusion import CELLS
from app.server.access.rates import Rate
from tests.server.conftest import Served


@pytest.fixture
def best(client: httpx2.Client) -> dict[str, Any]:
    """A found moment."""
    return dict(client.get("/search", params={"q": "red stripes"}).json()["results"][0])


def ask(client: httpx2.Client, number: object, **asked: object) -> httpx2.Response:
    return client.get(f"/videos/{number}/why", params={key: str(value) for key, value in asked.items()})


def test_it_is_what_the_library_says_itself(
    served: Served, client: httpx2.Client, best: dict[str, Any]
) -> None:
    answer = ask(client, best["video_id"], q="red stripes", at=best["best"]).json()
    moment = served.session.search("red stripes").moments[0]
    own = served.session.why("red stripes", moment).steps[0]
    (step,) = answer["steps"]
    assert own.map is not None
    assert np.allclose(step["map"], own.map, atol=2e-3)
    assert np.shape(step["map"]) == (CELLS, CELLS)
    assert tuple(step["area"]) == own.area.sides
    assert step["time"] == pytest.approx(own.time, abs=0.01)
    assert [each["text"] for each in step["parts"]] == [part.text for part in own.parts]
    assert answer["problem"] == ""


def test_a_chain_has_a_step_for_each(client: httpx2.Client) -> None:
    moment = client.get("/search", params={"q": "red >> blue"}).json()["results"][0]
    steps = ask(client, moment["video_id"], q="red >> blue", at=moment["best"]).json()["steps"]
    assert len(steps) == 2
    assert steps[0]["time"] < steps[1]["time"]


def test_what_is_not_there_or_was_not_compared_is_refused(
    client: httpx2.Client, best: dict[str, Any]
) -> None:
    number = best["video_id"]
    assert ask(client, number, q="red stripes", at=5000).status_code == 404
    assert ask(client, 999_999, q="red stripes", at=1).status_code == 404
    for query in ("type:mp4", "longer:xy", 'like:"/etc/hostname"'):
        assert ask(client, number, q=query, at=best["best"]).status_code == 422
    for at in ("-1", "nan", "soon"):
        assert ask(client, number, q="red", at=at).status_code == 422


def test_one_person_asks_for_one_at_a_time_and_not_often(
    served: Served, client: httpx2.Client, best: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, held, began = {"q": "red stripes", "at": best["best"]}, threading.Event(), threading.Event()
    explain = served.session.why

    def wait(*arguments: Any) -> Any:
        began.set()
        held.wait(30)
        return explain(*arguments)

    monkeypatch.setattr(served.session, "why", wait)
    monkeypatch.setattr(served.service, "_why_rate", Rate(0.01, 1))
    statuses: list[int] = []
    first = threading.Thread(
        target=lambda: statuses.append(ask(client, best["video_id"], **asked).status_code)
    )
    first.start()
    try:
        assert began.wait(30)
        with served.client() as other:
            assert ask(other, best["video_id"], **asked).status_code == 503
            assert other.get("/status").status_code == 200, "nobody else waits for it"
    finally:
        held.set()
        first.join()
    assert statuses == [200]
    refused = ask(client, best["video_id"], **asked)
    assert refused.status_code == 429
    assert 90 <= int(refused.headers["retry-after"]) <= 100


def test_what_this_server_offers_is_said(client: httpx2.Client) -> None:
    assert client.get("/status").json()["offers"] == ["examples", "why", "tags"]
