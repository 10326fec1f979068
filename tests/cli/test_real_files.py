"""The whole path on files from the real world: clips with captions, and a drawer full of odd ones."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.disk.scanner import is_video_name
from tests.cli.little_library import use_colours
from tests.forked_program import run_program
from tests.videos import make_video

SONGS = {"broken-file.ogg"}
"""Passed over in silence: their first bytes announce sound and no picture."""

_NO_INDEX = "The index of the file is missing: the recording was probably cut off."
_NO_VIDEO = "This file is not a video Reelfind can read."
_NOTHING = "No picture of this video can be decoded."
_PLAYLIST = "This file is a playlist, not a video."
_ENCRYPTED, _SOUND_ONLY = "The video is encrypted.", "This file has no video, only sound."

LONG = {"long_1080p_videoonly_lowbitrate.mp4"}
"""Six minutes, which take as long as all the others: by night."""

FAIL = {
    "5p1_iamf_opus.mp4": _SOUND_ONLY,
    "av1-clearkey-cbcs-video.mp4": _ENCRYPTED,
    "bad_empty.mp4": "The file is empty (0 bytes).",
    "bad_no_index.mp4": _NO_INDEX,
    "bad_noise.mp4": _NO_VIDEO,
    "bad_sound_only.mp4": _SOUND_ONLY,
    "bad_text.mkv": _NO_VIDEO,
    "hostile_concat.mkv": _PLAYLIST,
    "hostile_manifest.mp4": _PLAYLIST,
    "hostile_playlist.mp4": _PLAYLIST,
    "invalid_userdata.mp4": _NOTHING,
    "sample_audio_only.mp4": _SOUND_ONLY,
    "sample_fragmented_sgpd_v2.mp4": _ENCRYPTED,
    "sample_malformed_free_box.mp4": _NO_INDEX,
    "subsample_encrypted_altref.webm": _ENCRYPTED,
    "test_case_1185230.mp4": _NOTHING,
}
"""Every other one is indexed."""
JARGON = ("Errno", "Error", "error", "0x", "av_", "NoneType", "Invalid data", "moov")


def reelfind(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    hidden = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    return run_program(arguments, env=hidden, timeout=280)


@pytest.fixture(scope="module")
def odd(shared_data: Path, tmp_path_factory: pytest.TempPathFactory, nightly: bool) -> dict[str, Any]:
    """What `index` and `doctor` say of the folder of odd files."""
    folder, library = tmp_path_factory.mktemp("odd"), tmp_path_factory.mktemp("of odd") / "library"
    for path in (shared_data / "odd").iterdir():
        if nightly or path.name not in LONG:
            (folder / path.name).symlink_to(path)
    use_colours(library)  # what they show does not matter here
    indexed = reelfind("index", "--json", "--library", library, folder)
    assert indexed.returncode == 0, indexed.stderr
    doctor = reelfind("doctor", "--json", "--library", library)
    assert doctor.returncode == 1, "some files need a person"
    assert "Traceback" not in doctor.stderr
    return {
        "names": {path.name for path in folder.iterdir() if is_video_name(path.name)} - SONGS,
        "events": [json.loads(line) for line in indexed.stdout.splitlines()],
        "doctor": json.loads(doctor.stdout),
    }


def ended(odd: dict[str, Any], event: str) -> dict[str, dict[str, Any]]:
    return {Path(item["path"]).name: item for item in odd["events"] if item["event"] == event}


def test_every_odd_file_ends_indexed_or_failed_with_a_reason(odd: dict[str, Any]) -> None:
    indexed, failed = ended(odd, "video_indexed"), ended(odd, "video_failed")
    assert set(indexed) | set(failed) == odd["names"]
    assert not set(indexed) & set(failed)
    assert len(odd["names"] | SONGS) >= 55
    for name, failure in failed.items():
        assert failure["reason"].endswith("."), name
        assert not any(word in failure["reason"] for word in JARGON), failure["reason"]
    assert odd["events"][-1]["event"] == "run_finished"


def test_valid_files_are_indexed_and_hopeless_ones_say_why(odd: dict[str, Any]) -> None:
    indexed, failed = ended(odd, "video_indexed"), ended(odd, "video_failed")
    assert {name for name in odd["names"] if name.startswith("valid_")} <= set(indexed)
    assert {name: failure["reason"] for name, failure in failed.items()} == FAIL
    for name, video in indexed.items():
        seconds = video["duration"]
        assert min(3, seconds) <= video["frames"] <= seconds * 1.2 + 3, name


def test_a_file_that_broke_part_way_keeps_what_could_be_read(odd: dict[str, Any]) -> None:
    half = ended(odd, "video_indexed")["bad_second_half_missing.mp4"]
    assert "only the first" in half["warning"]
    assert "bad_second_half_missing.mp4" in {Path(item["path"]).name for item in odd["doctor"]["incomplete"]}


def test_doctor_lists_the_failed_ones(odd: dict[str, Any]) -> None:
    listed = {Path(item["path"]).name: item["reason"] for item in odd["doctor"]["failures"]}
    assert listed == {name: item["reason"] for name, item in ended(odd, "video_failed").items()}
    assert odd["doctor"]["library"]["pending"] == 0


def test_captions_find_their_clips(shared_data: Path, tmp_path: Path, nightly: bool) -> None:
    """The product's promise, on real clips: R@1 ≥ 50 %, R@10 ≥ 88 %. By day every fifth one is asked for."""
    heading, *captions = (shared_data / "clips" / "manifest.csv").read_text(encoding="utf-8").splitlines()
    asked = captions if nightly else captions[::5]
    (tmp_path / "manifest.csv").write_text("\n".join([heading, *asked]), encoding="utf-8")
    for clip in (shared_data / "clips").iterdir():
        if is_video_name(clip.name):
            (tmp_path / clip.name).symlink_to(clip)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.retrieval", "--json", "--clips", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["queries"] == figures["videos"] == len(asked) == (37 if nightly else 8)
    assert figures["missing"] == 0
    assert figures["recall_at_1"] >= 50
    assert figures["recall_at_5"] >= 75
    assert figures["recall_at_10"] >= 88


def test_a_video_whose_stored_vectors_are_damaged_is_left_out_in_a_sentence_and_indexed_again(
    tmp_path: Path,
) -> None:
    videos = tmp_path / "videos"
    videos.mkdir()
    for name, colour in (("red", (200, 30, 30)), ("blue", (40, 60, 200))):
        make_video(videos / f"{name}.mp4", [(colour, 3)])
    library = tmp_path / "library"

    def reelfind(*words: str) -> "subprocess.CompletedProcess[str]":
        environment = os.environ | {"REELFIND_HOME": str(tmp_path / "home")}
        return run_program(["--library", library, *words], env=environment)

    use_colours(library)
    assert reelfind("index", str(videos)).returncode == 0
    with closing(sqlite3.connect(library / "library.db")) as database, database:
        database.execute("UPDATE embeddings SET vectors = substr(vectors, 1, 7) WHERE video_id = 1")
    found = reelfind("search", "red")
    assert found.returncode == 0
    assert found.stdout.count(".mp4") == 1
    assert "1 video left out" in found.stderr
    assert "Traceback" not in found.stderr
    assert "1 video indexed" in reelfind("index").stdout
    assert reelfind("search", "red").stdout.count(".mp4") == 2
