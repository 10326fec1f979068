"""`reelfind duplicates`: real files that share content, what sets them apart, and that nothing is deleted."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cli.little_library import use_colours
from tests.cli.test_schemas import schema_of, undescribed
from tests.forked_program import run_program
from tests.videos import Scene, make_video


def duplicates(library: Path) -> list[list[dict[str, Any]]]:
    done = run_program(["duplicates", "--json", "--library", library])
    assert done.returncode == 0, done.stderr
    content = json.loads(done.stdout)
    schema = schema_of("duplicates")
    Draft202012Validator(schema).validate(content)
    groups: list[list[dict[str, Any]]] = content["groups"]
    assert [
        each
        for group in groups
        for video in group
        for each in undescribed(video, schema["properties"]["groups"]["items"]["items"], schema)
    ] == []
    return groups


def test_copies_are_told_and_nothing_is_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    make_video(folder / "one.mp4", [((220, 20, 20), 3), ((30, 40, 220), 3)])
    shutil.copy(folder / "one.mp4", folder / "two.mp4")
    make_video(folder / "other.mp4", [((20, 200, 40), 3)])
    use_colours(tmp_path / "library")
    run_program(["index", folder, "--library", tmp_path / "library"], check=True)
    ((only,),) = duplicates(tmp_path / "library")
    assert {Path(only["path"]).name, *(Path(copy).name for copy in only["copies"])} == {"one.mp4", "two.mp4"}
    printed = run_program(["duplicates", "--library", tmp_path / "library"]).stdout
    assert "the same content" in printed
    assert "Nothing was deleted." in printed
    assert len(list(folder.iterdir())) == 3


def test_a_video_and_its_poor_copy_are_one_group(tmp_path: Path) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    hills, stripes = Scene("blue", 4, "pan"), Scene("red", 4, "stripes")
    original = make_video(folder / "original.mp4", [hills, stripes])
    make_video(folder / "other.mp4", [Scene("green", 4, "noise")])
    assert_found_with_its_copy(original, tmp_path)


@pytest.mark.nightly
def test_a_real_clip_and_its_poor_copy_are_one_group(tmp_path: Path, shared_data: Path) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    for name in ("033_dog_plaza.mp4", "040_cockatoo.mp4", "037_soccer_juggle.mp4"):
        shutil.copy(shared_data / "clips" / name, folder / name)
    assert_found_with_its_copy(folder / "040_cockatoo.mp4", tmp_path)


def assert_found_with_its_copy(original: Path, tmp_path: Path) -> None:
    """A copy beside it, cropped, shortened and encoded coarsely, is the only other of its group."""
    from benchmarks.likeness import copy_changed  # noqa: PLC0415

    copy_changed(original, original.with_name("copy.mp4"))
    run_program(["index", original.parent, "--library", tmp_path / "library"], check=True)
    (group,) = duplicates(tmp_path / "library")
    first, copy = group
    assert (Path(first["path"]).name, Path(copy["path"]).name) == (original.name, "copy.mp4")
    assert copy["share"] > 0.6
    assert {"shorter", "lower resolution", "smaller file"} <= set(copy["differences"])


def test_a_library_without_any_says_so(tmp_path: Path) -> None:
    done = run_program(["duplicates", "--library", tmp_path / "library"])
    assert "No two videos" in done.stdout
