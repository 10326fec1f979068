"""What an assistant finds in a real library, asked over the protocol's own client."""

import base64
import hashlib
import sqlite3
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("mcp", reason="the extra mcp is not installed")

from mcp.shared.exceptions import MCPError

from app.catalogue.catalogue import FILE_NAME, Catalogue
from app.catalogue.kept.kept_records import MarkKind, TimeSpan
from app.engines.model_choice import change_setting
from tests.assistants.asking import Assistant, picture_of
from tests.assistants.conftest import NAME
from tests.assistants.raw_client import raw_client
from tests.catalogue.making import rescan
from tests.videos import make_video


def test_three_tools_are_offered_that_change_nothing(asking: Assistant) -> None:
    tools = asking.tools()
    assert list(tools) == ["search_moments", "describe_library", "get_moment"]
    for tool in tools.values():
        assert tool.description
        assert tool.input_schema["additionalProperties"] is False
        assert tool.output_schema is not None
        assert tool.output_schema["type"] == "object"
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
    asked = tools["search_moments"].input_schema
    assert asked["required"] == ["query"]
    assert all("title" not in field and field["description"] for field in asked["properties"].values())
    assert "is complete" not in (asking.client.instructions or "")
    assert "index" in (asking.client.instructions or "")


def test_a_moment_is_found_with_file_times_probability_and_reasons(asking: Assistant, indexed: Path) -> None:
    found = asking.ask("search_moments", query="sea", count=3)
    first = found["moments"][0]
    assert (first["file"], first["folder"]) == (NAME, str(indexed / "movies"))
    assert 0 <= first["start"] <= first["best"] <= first["end"] <= 8
    assert 0 < first["probability"] <= 1
    assert {"kind": "said", "quote": "The sea at last"}.items() <= first["why"][-1].items()
    assert found["index"] == {
        "complete": True,
        "videos": 1,
        "indexed": 1,
        "waiting": 0,
        "unreadable": 0,
        "says": "Everything that can be read is indexed.",
    }


def test_the_whole_language_is_understood(asking: Assistant) -> None:
    chain = asking.ask("search_moments", query="something red >> something blue within:30s type:mp4")
    assert chain["read_as"] == '"something red" >> "something blue" type:mp4 within:30s'
    assert [part["start"] for part in chain["moments"][0]["parts"]] == sorted(
        part["start"] for part in chain["moments"][0]["parts"]
    )
    assert len(chain["moments"][0]["parts"]) == 2
    listed = asking.ask("search_moments", query="longer:2s")
    assert (listed["verdict"], listed["ranked_by"]) == ("listed", "date")
    assert [moment["probability"] for moment in listed["moments"]] == [None]
    assert asking.ask("search_moments", query="red longer:1h")["moments"] == []


def test_the_library_is_described(asking: Assistant, indexed: Path) -> None:
    said = asking.ask("describe_library")
    (folder,) = said["folders"]
    assert (folder["path"], folder["videos"], folder["connected"]) == (str(indexed / "movies"), 1, True)
    assert said["hours"] == pytest.approx(8 / 3600, abs=1e-3)
    assert said["model"].startswith("Pocket")
    assert said["words"][0] == {"name": "subtitles", "on": True, "read": 1, "waiting": 0, "failed": 0}
    assert (said["notices"], said["can_export"]) == ([], False)


def test_a_moment_comes_with_its_stored_picture(asking: Assistant) -> None:
    result = asking.call("get_moment", video=1, start=5.0, end=7.0)
    picture = picture_of(result)
    said = asking.ask("get_moment", video=1, start=5.0, end=7.0)
    assert picture.mime_type == said["still"]["type"] == "image/webp"
    assert said["still"]["source"] == "stored"
    assert _mean(picture.data)[0] > 150  # OpenCV's order: blue first
    assert [line["text"] for line in said["lines"]] == ["The sea at last"]
    assert (said["width"], said["height"], said["length"]) == (320, 240, 8.0)


def test_or_with_one_from_the_file(asking: Assistant) -> None:
    result = asking.call("get_moment", video=1, start=0.0, at=1.0, still="decoded")
    assert result.structured_content is not None
    assert result.structured_content["end"] == pytest.approx(4.0, abs=0.2), "the end of its shot"
    assert picture_of(result).mime_type == "image/jpeg"
    assert _mean(picture_of(result).data)[2] > 150
    alone = asking.call("get_moment", video=1, start=0.0, still="none")
    assert len(alone.content) == 1


@pytest.mark.parametrize(
    ("tool", "arguments", "sentence"),
    [
        ("search_moments", {"query": "dog after:99"}, "“after:99” makes no sense."),
        ("search_moments", {"query": "in:nowhere dog"}, "nowhere"),
        ("search_moments", {"query": ""}, "These arguments do not fit: query:"),
        ("search_moments", {"query": "x" * 2001}, "These arguments do not fit: query:"),
        ("search_moments", {"query": "dog", "count": 101}, "These arguments do not fit: count:"),
        ("search_moments", {"query": "dog", "folder": "/"}, "These arguments do not fit: folder:"),
        ("search_moments", {}, "These arguments do not fit: query:"),
        ("get_moment", {"video": 7, "start": 0}, "There is no video 7 in this library."),
        ("get_moment", {"video": 1, "start": 3, "end": 2}, "The moment ends before it begins."),
        ("get_moment", {"video": 1, "start": 50}, "The video is only 8.0 seconds long."),
        ("get_moment", {"video": 1, "start": "nan"}, "These arguments do not fit: start:"),
        ("get_moment", {"video": 1 << 70, "start": 0}, "These arguments do not fit: video:"),
    ],
)
def test_what_cannot_be_is_a_sentence_and_an_advice(
    asking: Assistant, tool: str, arguments: dict[str, object], sentence: str
) -> None:
    said = asking.refused(tool, **arguments)
    assert sentence in said
    assert ". " in said, "what to do"
    assert "Traceback" not in said
    assert "pydantic" not in said


def test_a_tool_that_is_not_offered_is_an_error_of_the_protocol(asking: Assistant) -> None:
    with pytest.raises(MCPError, match="There is no tool “export_clip”"):
        asking.call("export_clip", video=1, start=0, end=1)


def test_asking_changes_nothing_in_the_library(asking: Assistant, indexed: Path) -> None:
    before = _content(indexed / "library")
    asking.ask("search_moments", query="red")
    asking.ask("get_moment", video=1, start=0, still="decoded")
    asking.ask("describe_library")
    assert _content(indexed / "library") == before
    assert asking.log.read_text(encoding="utf-8") == ""


def test_what_others_write_meanwhile_is_seen(library: Path, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    make_video(more / "later.mp4", [("green", 2)])
    with raw_client(library) as asking, Catalogue(library) as writing:
        asking.ask("search_moments", query="red")
        writing.add_folder(more)
        rescan(writing, more)
        found = asking.ask("search_moments", query="red")
        assert found["index"]["complete"] is False
        assert "1 of 2 videos are indexed; 1 cannot be found yet." in found["index"]["says"]

        change_setting(writing, "scorer", "mean")
        assert asking.ask("search_moments", query="red")["ranked_by"] == "mean"

        video = writing.video(1)
        assert video is not None
        target = writing.target_of(video, TimeSpan(0.0, 4.0))
        writing.keep([(video, target)], MarkKind.TAG, "warm")
        assert asking.ask("get_moment", video=1, start=0, end=4)["tags"] == ["warm"]
        assert asking.ask("get_moment", video=1, start=5, end=8)["tags"] == []


def _mean(data: str) -> tuple[float, float, float]:
    """Blue, green and red of a picture."""
    picture = cv2.imdecode(np.frombuffer(base64.b64decode(data), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    blue, green, red = (float(each) for each in picture.reshape(-1, 3).mean(axis=0))
    return blue, green, red


def _content(library: Path) -> str:
    """A hash of everything that the library's tables hold."""
    database = sqlite3.connect(f"file:{library / FILE_NAME}?mode=ro", uri=True)
    try:
        return hashlib.sha256("\n".join(database.iterdump()).encode()).hexdigest()
    finally:
        database.close()
