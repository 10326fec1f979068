"""Clips are written where a person allowed it, and nowhere else."""

import threading
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

pytest.importorskip("mcp", reason="the extra mcp is not installed")

from app.assistants import clip_exports
from app.assistants.cancellation import Cancellation
from app.assistants.clip_exports import ClipExports
from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Video
from app.errors import UsageError
from app.exporting.export_request import ExportError
from app.exporting.staging_folder import PREFIX
from app.media.decoder import Decoder
from tests.assistants.raw_client import raw_client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "clips"
    made.mkdir()
    return made


@pytest.fixture
def video(library: Path) -> Video:
    with Catalogue(library, reading=True) as catalogue:
        found = catalogue.video(1)
    assert found is not None
    return found


def test_a_clip_lands_in_the_allowed_folder_and_replaces_nothing(library: Path, folder: Path) -> None:
    with raw_client(library, "--allow-export", folder) as asking:
        tools = {tool["name"]: tool for tool in asking.request("tools/list")["tools"]}
        tool = tools["export_clip"]
        assert set(tool["inputSchema"]["properties"]) == {"video", "start", "end", "exact"}, (
            "no path is taken"
        )
        assert tool["annotations"]["readOnlyHint"] is False
        first = asking.ask("export_clip", video=1, start=5, end=7, exact=True)
        second = asking.ask("export_clip", video=1, start=5, end=7)
        for answer in (first, second):
            Draft202012Validator(tool["outputSchema"]).validate(answer)
        assert asking.ask("describe_library")["can_export"] is True
        assert "There is no video 9" in asking.refused("export_clip", video=9, start=0, end=1)
    assert (first["file"], first["folder"]) == ("red & blue 0m05s.mp4", str(folder))
    assert second["file"] == "red & blue 0m05s (2).mp4"
    assert sorted(path.name for path in folder.iterdir()) == sorted([first["file"], second["file"]])
    with Decoder() as decoder:
        facts = decoder.probe(folder / first["file"])
    assert facts.duration == pytest.approx(2, abs=0.2)
    assert (folder / first["file"]).stat().st_size == first["bytes"]


def test_a_folder_that_is_not_there_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no folder"):
        ClipExports(tmp_path / "none")


def test_a_link_that_is_turned_later_leads_nowhere_else(folder: Path, video: Video, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    exports = ClipExports(link)
    link.unlink()
    other = tmp_path / "other"
    other.mkdir()
    link.symlink_to(other)
    written = exports.write(video, 0, 2, exact=False, cancellation=Cancellation())
    assert written.path.parent == folder.resolve()
    assert list(other.iterdir()) == []


def test_clips_are_limited_in_length_and_number(
    folder: Path, video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clip_exports, "MOST_CLIPS", 1)
    exports = ClipExports(folder)
    with pytest.raises(UsageError, match="A clip of 601 seconds is too long"):
        exports.write(video, 0, 601, exact=False, cancellation=Cancellation())
    exports.write(video, 0, 1, exact=False, cancellation=Cancellation())
    with pytest.raises(UsageError, match="clips were written already"):
        exports.write(video, 0, 1, exact=False, cancellation=Cancellation())
    assert len(list(folder.iterdir())) == 1


def test_a_clip_that_nobody_waits_for_is_not_written(folder: Path, video: Video) -> None:
    exports = ClipExports(folder)
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(ExportError, match="not wanted any more"):
        exports.write(video, 0, 8, exact=True, cancellation=cancellation)
    assert [path.name for path in folder.iterdir() if not path.name.startswith(PREFIX)] == []


def test_work_is_stopped_once_and_only_while_it_runs() -> None:
    stopped = threading.Event()
    cancellation = Cancellation()
    with cancellation.stops(stopped.set):
        assert not stopped.is_set()
        cancellation.cancel()
        assert stopped.is_set()
    stopped.clear()
    cancellation.cancel()
    assert not stopped.is_set()
