"""Tags are the library's: whoever asks gives and takes them, and all see them."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from app.catalogue.kept.kept_records import MarkKind
from tests.server.conftest import Served


@pytest.fixture
def video(served: Served, client: httpx2.Client) -> Iterator[int]:
    """A video without tags."""
    yield int(client.get("/search", params={"q": "type:webm"}).json()["results"][0]["video_id"])
    for each in served.session.catalogue.tags():
        served.session.catalogue.remove_kept(MarkKind.TAG, each.name)


def tags(client: httpx2.Client) -> dict[str, Any]:
    return dict(client.get("/tags").json())


def test_one_gives_a_tag_and_another_finds_it_and_takes_it_away(
    served: Served, client: httpx2.Client, video: int
) -> None:
    moment = {"video_id": video, "start": 1.0, "end": 2.5, "name": "  Birthday "}
    for _ in range(2):
        assert client.put("/tags", json=moment).status_code == 204
    assert client.put("/tags", json=moment | {"start": 1.2, "name": "birthday"}).status_code == 204
    with served.client(served.anna) as anna:
        found = tags(anna)
        assert found["tags"] == [{"name": "Birthday", "count": 1}], "the same moment, the same tag"
        (tagged,) = found["tagged"]
        assert (tagged["video_id"], tagged["start"], tagged["end"]) == (video, 1.0, 2.5)
        results = anna.get("/search", params={"q": "tag:birthday"}).json()["results"]
        assert [each["video_id"] for each in results] == [video]
        assert anna.request("DELETE", "/tags", json=moment | {"name": "BIRTHDAY"}).status_code == 204
        assert tags(client) == {"tags": [], "tagged": []}


def test_a_whole_video_is_another_thing_than_its_moments(client: httpx2.Client, video: int) -> None:
    client.put("/tags", json={"video_id": video, "start": 1, "end": 3, "name": "sea"})
    client.put("/tags", json={"video_id": video, "name": "sea"})
    client.put("/tags", json={"video_id": video, "start": 5, "end": 6, "name": "sea"})
    assert [each["start"] for each in tags(client)["tagged"]] == [1.0, None], "all of it has the tag"
    client.request("DELETE", "/tags", json={"video_id": video, "name": "sea"})
    assert [each["start"] for each in tags(client)["tagged"]] == [1.0]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"name": ""}, 422),
        ({"name": "x" * 101}, 422),
        ({"name": "\u202e"}, 422),
        ({"name": 7}, 422),
        ({"start": 1.0}, 422),
        ({"start": 500.0, "end": 501.0}, 422),
        ({"start": -1.0, "end": 501.0}, 422),
        ({"video_id": 999_999}, 404),
        ({"video_id": "../1"}, 422),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    client: httpx2.Client, video: int, change: dict[str, object], status: int
) -> None:
    refused = client.put("/tags", json={"video_id": video, "name": "sea"} | change)
    assert refused.status_code == status
    assert refused.json()["detail"]
    assert tags(client)["tags"] == []


def test_nobody_fills_the_library_with_tags(
    served: Served, client: httpx2.Client, video: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served.service, "limits", type(served.service.limits)(tags=1))
    assert client.put("/tags", json={"video_id": video, "name": "one"}).status_code == 204
    refused = client.put("/tags", json={"video_id": video, "name": "two"})
    assert (refused.status_code, refused.json()["detail"][:9]) == (422, "A library")
    assert client.request("DELETE", "/tags", json={"video_id": video, "name": "one"}).status_code == 204
