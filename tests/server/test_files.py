"""Videos over HTTP: ranges, what says that a file is still the same, clips, and what is not sent."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from starlette.datastructures import Headers

from app.media.decoder import Decoder
from app.server.refusals import RefusedError
from app.server.routes.file_answer import Part, asked_part
from tests.conftest import wait_until
from tests.server.conftest import Served
from tests.server.test_api import video_id

TAG = '"tag"'


@pytest.fixture
def number(client: httpx2.Client) -> int:
    """Of a video."""
    return video_id(client, "red then blue.mp4")


@pytest.fixture
def whole(served_videos: Path) -> bytes:
    """Its bytes."""
    return (served_videos / "red then blue.mp4").read_bytes()


def test_a_file_is_sent_whole_and_in_ranges(client: httpx2.Client, number: int, whole: bytes) -> None:
    answer = client.get(f"/videos/{number}/file")
    assert (answer.status_code, answer.content) == (200, whole)
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-type"] == "video/mp4"
    for asked, first, behind in [
        ("0-9", 0, 10),
        ("100-", 100, len(whole)),
        ("-7", len(whole) - 7, len(whole)),
    ]:
        part = client.get(f"/videos/{number}/file", headers={"Range": f"bytes={asked}"})
        assert (part.status_code, part.content) == (206, whole[first:behind])
        assert part.headers["content-range"] == f"bytes {first}-{behind - 1}/{len(whole)}"
    head = client.head(f"/videos/{number}/file")
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(whole)), b"")


def test_who_has_the_file_already_or_another_one_is_told_so(client: httpx2.Client, number: int) -> None:
    tag = client.head(f"/videos/{number}/file").headers["etag"]
    path = f"/videos/{number}/file"
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(path, headers={"If-Match": tag, "Range": "bytes=0-1"}).status_code == 206
    assert client.get(path, headers={"If-Match": '"another"'}).status_code == 412
    assert client.get(path, headers={"If-Range": '"another"', "Range": "bytes=0-1"}).status_code == 200
    assert client.get(path, headers={"Range": "bytes=99999999-"}).status_code == 416


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("", None),
        ("bytes=-", None),
        ("bytes=5-4", None),
        ("bytes=0-1,4-5", None),
        ("lines=0-1", None),
        ("bytes=0-99999999999999999999", None),
        ("bytes=0-0", Part(0, 1)),
        ("bytes=9-999", Part(9, 10)),
        ("bytes=-999", Part(0, 10)),
    ],
)
def test_what_is_no_range_means_the_whole_file(asked: str, part: Part | None) -> None:
    assert asked_part(Headers({"range": asked}), TAG, 10) == part


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=-0", "bytes=11-12"])
def test_a_range_behind_the_end_is_refused(asked: str) -> None:
    with pytest.raises(RefusedError) as refused:
        asked_part(Headers({"range": asked}), TAG, 10)
    assert refused.value.headers == {"Content-Range": "bytes */10"}


@pytest.fixture
def moved(served_videos: Path) -> Iterator[Path]:
    """The path of `later.webm`, where another file may be put; it comes back."""
    path = served_videos / "later.webm"
    kept = path.with_name("kept")
    path.rename(kept)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        kept.rename(path)


def webm(client: httpx2.Client) -> httpx2.Response:
    (found,) = client.get("/search", params={"q": "type:webm"}).json()["results"]
    return client.get(f"/videos/{found['video_id']}/file")


def test_a_file_that_is_gone_is_not_there(client: httpx2.Client, moved: Path) -> None:
    assert webm(client).status_code == 404


def test_what_took_the_place_of_a_video_is_never_sent(client: httpx2.Client, moved: Path) -> None:
    secret = moved.with_name("secret.txt")
    secret.write_text("a secret")
    try:
        moved.symlink_to(secret)
        assert (webm(client).status_code, "secret" in webm(client).text) == (409, False)
        moved.unlink()
        os.mkfifo(moved)
        assert webm(client).status_code == 409
    finally:
        secret.unlink()


def test_a_clip_is_a_video_of_that_part(client: httpx2.Client, number: int, tmp_path: Path) -> None:
    answer = client.get(f"/videos/{number}/clip", params={"start": 5, "end": 7, "exact": True})
    assert answer.status_code == 200, answer.text
    path = tmp_path / "clip.mp4"
    path.write_bytes(answer.content)
    with Decoder() as decoder:
        facts = decoder.probe(path)
    assert facts.duration == pytest.approx(2, abs=0.3)
    copied = client.get(f"/videos/{number}/clip", params={"start": 5, "end": 7})
    assert float(copied.headers["reelfind-start"]) <= 5 < float(copied.headers["reelfind-end"])


@pytest.mark.parametrize(
    ("start", "end"), [(2, 1), (0, 301), (500, 501), (-1, 2), ("nan", 2), ("inf", "inf")]
)
def test_a_clip_that_makes_no_sense_is_refused(
    client: httpx2.Client, number: int, start: object, end: object
) -> None:
    answer = client.get(f"/videos/{number}/clip", params={"start": str(start), "end": str(end)})
    assert answer.status_code == 422


def test_one_person_plays_so_many_videos_at_once_and_leaves_room_for_others(
    served: Served, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served.service.file_place(served.anna):
        monkeypatch.setattr(served.service._file_places, "_of_one", 1)
        with served.client(served.anna) as anna, served.client() as owner:
            refused = anna.get(f"/videos/{number}/file")
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
            assert owner.get(f"/videos/{number}/file").status_code == 200
    with served.client(served.anna) as anna:
        assert anna.get(f"/videos/{number}/file").status_code == 200


def test_who_leaves_in_the_middle_of_a_video_leaves_nothing_open(served: Served, number: int) -> None:
    asking = (
        f"GET /api/v1/videos/{number}/file HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {served.anna.token}\r\n\r\n"
    )
    for _ in range(30):
        with socket.create_connection(("127.0.0.1", served.port), 10) as client:
            client.sendall(asking.encode())
            client.recv(100)
    assert wait_until(lambda: not served.service._file_places._taken)
    open_files = [str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    assert not [each for each in open_files if each.endswith("blue.mp4")]
