"""What the API answers: a real library at a real port."""

import json
from collections import Counter
from typing import Any

import httpx2
import jsonschema
import pytest

from app.text import shown
from tests.conftest import ROOT
from tests.server.conftest import NASTY, Served


def found(client: httpx2.Client, **asked: Any) -> dict[str, Any]:
    answer = client.get("/search", params=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def video_id(client: httpx2.Client, name: str) -> int:
    for each in found(client, q="type:mp4")["results"]:
        if name in {each["name"], *(path.rpartition("/")[2] for path in each["copies"])}:
            return int(each["video_id"])
    raise AssertionError(name)


def test_a_search_gives_what_the_command_line_prints_and_where_the_pictures_are(
    client: httpx2.Client,
) -> None:
    answer = found(client, q="red stripes")
    schema = json.loads((ROOT / "docs" / "schemas" / "search.json").read_text("utf-8"))
    jsonschema.validate(answer, schema)
    first = answer["results"][0]
    picture = client.get(f"/frames/{first['frame_id']}/thumbnail")
    assert picture.headers["content-type"] == "image/webp"
    assert picture.content[8:12] == b"WEBP"
    assert first["thumbnail"].endswith(f"/frames/{first['frame_id']}/thumbnail")
    tag = picture.headers["etag"]
    again = client.get(f"/frames/{first['frame_id']}/thumbnail", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def examples(client: httpx2.Client) -> list[str]:
    """They are looked for once somebody asks; who asks meanwhile is told to ask again."""
    for _ in range(20):
        answer = client.get("/examples").json()
        if answer["complete"]:
            return list(answer["examples"])
        assert answer["examples"] == []
    raise AssertionError("they never came")


def test_pages_of_an_answer_are_the_answer(client: httpx2.Client) -> None:
    whole = found(client, q="red stripes", limit=100)
    assert whole["next_offset"] is None
    pages: list[Any] = []
    offset = 0
    while offset is not None:
        page = found(client, q="red stripes", limit=2, offset=offset)
        pages += page["results"]
        offset = page["next_offset"]
    assert pages == whole["results"]
    assert len(pages) > 2


def test_the_whole_language_is_understood(client: httpx2.Client) -> None:
    listed = found(client, q="type:webm")
    assert [each["name"] for each in listed["results"]] == ["later.webm"]
    assert listed["results"][0]["listed"]
    chain = found(client, q="red >> blue")
    assert all(len(each["parts"]) == 2 for each in chain["results"])
    like = found(client, q='like:"later.webm@1"')
    assert like["results"]


def test_what_makes_no_sense_says_where(client: httpx2.Client) -> None:
    answer = client.get("/search", params={"q": "a dog longer:xy"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["detail"]
    assert problem["at"] == 6


@pytest.mark.parametrize(
    "named",
    ["/etc/hostname", "../secret.png", "resources/icon.png", "/proc/self/environ", "~/picture.jpg"],
)
def test_no_client_can_name_a_file_of_the_server(client: httpx2.Client, named: str) -> None:
    answer = client.get("/search", params={"q": f'like:"{named}"'})
    assert answer.status_code == 422
    assert answer.json()["detail"] == "No video of the library is called so."


def test_a_folder_and_a_scorer_can_be_chosen(client: httpx2.Client) -> None:
    folder = client.get("/folders").json()["folders"][0]
    assert (folder["videos"], folder["indexed"], folder["name"]) == (4, 4, "videos")
    assert found(client, q="red", folder=folder["id"])["results"][0]["folder_id"] == folder["id"]
    assert client.get("/search", params={"q": "red", "folder": 999}).status_code == 404
    scorer = client.get("/status").json()["model"]["scorer"]
    assert found(client, q="red", scorer=scorer)["scorer"] == scorer
    assert client.get("/search", params={"q": "red", "scorer": "luck"}).status_code == 422


def test_the_status_says_how_complete_the_library_is(client: httpx2.Client, served: Served) -> None:
    status = client.get("/status").json()
    assert (status["indexed"], status["pending"], status["complete"]) == (4, 0, 1.0)
    assert (status["person"], status["api"]) == ("owner", 1)
    assert status["title"] == "Home videos"
    with served.client(served.anna) as other:
        assert other.get("/status").json()["person"] == "anna"


def test_a_video_its_shots_frames_lines_and_curve(client: httpx2.Client) -> None:
    number = video_id(client, "red then blue.mp4")
    video = client.get(f"/videos/{number}").json()
    assert (video["width"], video["height"], video["sound"]) == (320, 240, True)
    assert video["duration"] == pytest.approx(12, abs=0.2)
    shots = client.get(f"/videos/{number}/shots").json()["shots"]
    assert shots[-1]["start"] == pytest.approx(4, abs=1.1) or len(shots) >= 2
    frames = client.get(f"/videos/{number}/frames").json()["frames"]
    assert [each["time"] for each in frames] == sorted(each["time"] for each in frames)
    assert {each["source"] for each in client.get(f"/videos/{number}/lines").json()["lines"]} == {"name"}
    curves = client.get("/curves", params={"q": "red", "videos": f"{number},999999"}).json()["curves"]
    assert list(curves) == [str(number)]
    assert len(curves[str(number)]["times"]) == len(frames)


def test_moments_of_one_video_are_of_that_video(client: httpx2.Client) -> None:
    number = video_id(client, "red then blue.mp4")
    answer = client.get(f"/videos/{number}/moments", params={"q": "blue"}).json()
    assert Counter(each["video_id"] for each in answer["results"]).keys() == {number}


def test_a_name_that_is_no_utf_8_or_markup_is_plain_text(client: httpx2.Client) -> None:
    every = found(client, q="type:mp4")["results"]
    names = {each["name"] for each in every}
    assert shown(NASTY) in names
    assert "\u202e" not in "".join(names)
    paths = [path for each in every for path in (each["path"], *each["copies"])]
    assert any(path.endswith("caf\ufffd.mp4") for path in paths)


def test_how_a_query_goes_on_and_what_could_be_asked(client: httpx2.Client) -> None:
    texts = [each["text"] for each in client.get("/complete", params={"q": "type:"}).json()["completions"]]
    assert {"type:mp4", "type:webm"} <= set(texts)
    assert isinstance(examples(client), list)


def test_favourites_are_of_one_person(served: Served, client: httpx2.Client) -> None:
    first = found(client, q="blue")["results"][0]
    moment = {"video_id": first["video_id"], "start": first["start"], "end": first["end"]}
    with served.client(served.anna) as anna:
        for _ in range(2):
            assert anna.put("/people/me/favourites", json=moment).status_code == 204
        (kept,) = anna.get("/people/anna/favourites").json()["favourites"]
        assert (kept["video_id"], kept["name"]) == (first["video_id"], first["name"])
        assert client.get("/people/me/favourites").json()["favourites"] == []
        assert client.get("/people/anna/favourites").status_code == 403
        mine = found(anna, q="is:favourite")["results"]
        assert [each["video_id"] for each in mine] == [first["video_id"]]
        assert found(client, q="is:favourite")["results"] == []
        assert anna.request("DELETE", "/people/me/favourites", json=moment).status_code == 204
        assert anna.get("/people/me/favourites").json()["favourites"] == []


def test_the_schema_is_made_from_the_code(client: httpx2.Client) -> None:
    schema = client.get("/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    assert {path for path in schema["paths"] if not path.startswith("/api/v1/")} == set()
    assert {"Problem", "SearchAnswer"} <= set(schema["components"]["schemas"])
