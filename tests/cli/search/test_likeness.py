"""`search --image` and `--video`: what comes first, and one sentence for what cannot be looked for."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import av
import cv2
import pytest

from benchmarks.likeness import copy_changed
from tests.cli.little_library import Reelfind, program, use_colours
from tests.made_once import made_once
from tests.videos import Scene, make_video

RED, GREEN, BLUE = (220, 20, 20), (20, 200, 40), (30, 40, 220)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three videos, and two libraries of them, to copy: with Pocket, and with a little model."""

    def make(folder: Path) -> None:
        videos = folder / "videos"
        videos.mkdir()
        make_video(videos / "stripes then hills.mp4", [Scene(RED, 4, "stripes"), Scene(BLUE, 4, "pan")])
        make_video(videos / "hills.mp4", [Scene(BLUE, 4, "pan")])
        make_video(videos / "noise.mp4", [Scene(GREEN, 4, "noise")])
        use_colours(folder / "little")
        for name in ("library", "little"):
            assert program(folder / name)("index", videos).returncode == 0

    return made_once(tmp_path_factory, "alike", make)


@pytest.fixture(scope="module")
def reelfind(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Reelfind:
    return program(shutil.copytree(made / "library", tmp_path_factory.mktemp("like") / "library"))


@pytest.fixture(scope="module")
def of_little_model(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Reelfind:
    return program(shutil.copytree(made / "little", tmp_path_factory.mktemp("like") / "library"))


def answer(done: "subprocess.CompletedProcess[str]") -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def picture_of(video: Path, path: Path) -> Path:
    """The first frame, smaller."""
    with av.open(str(video)) as opened:
        frame = next(opened.decode(video=0)).to_ndarray(format="bgr24")
    assert cv2.imwrite(str(path), cv2.resize(frame, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA))
    return path


def test_a_picture_finds_the_moment(reelfind: Reelfind, tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", [Scene(RED, 1, "stripes")])
    found = answer(reelfind("search", "--image", picture_of(video, tmp_path / "it's one.png"), "--json"))
    best = found["results"][0]
    assert Path(best["path"]).name == "stripes then hills.mp4"
    assert best["best"] < 4
    assert found["version"] == 2


def test_a_video_finds_the_other(reelfind: Reelfind) -> None:
    found = answer(reelfind("search", "--video", "hills.mp4", "--json"))["results"]
    assert Path(found[0]["path"]).name == "stripes then hills.mp4"
    assert found[0]["start"] == pytest.approx(4, abs=0.5)
    assert "noise.mp4" not in {Path(result["path"]).name for result in found}
    alone = reelfind("search", "--video", "noise.mp4")
    assert alone.stdout == "No other video that is indexed shows the same.\n"


def test_how_it_is_read(reelfind: Reelfind) -> None:
    words = ("search", "--explain", "--image", "a.png", "--crop", "50,0,50,100", "at night -cars", "--json")
    reading = answer(reelfind(*words))
    (step,) = reading["steps"]
    assert step["like"] == [{"path": "a.png", "at": None, "crop": [0.5, 0.0, 1.0, 1.0], "weight": 1.0}]
    assert [term["text"] for term in step["terms"]] == ["at night"]
    assert step["without"] == ["cars"]
    assert reelfind("search", "--complete", "a dog li").stdout.startswith("like:\t")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("gone.jpg", None, "There is no file"),
        ("empty.jpg", b"", "is empty"),
        ("note.jpg", b"just words", "is not a picture"),
        ("cut.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0", "picture"),
        ("stranger.mp4", b"\0\0\0\x18ftypmp42", "is not in this library"),
    ],
)
def test_what_cannot_be_looked_for_is_said_in_one_sentence(
    of_little_model: Reelfind, tmp_path: Path, name: str, content: bytes | None, sentence: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    done = of_little_model("search", "--video" if name.endswith("mp4") else "--image", path)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_a_changed_copy_and_one_frame_of_it_find_the_original(made: Path, tmp_path: Path) -> None:
    original = made / "videos" / "stripes then hills.mp4"
    copies = tmp_path / "copies"
    copies.mkdir()
    copy_changed(original, copies / "copy.mp4")
    shutil.copytree(made / "library", tmp_path / "library")
    run = program(tmp_path / "library")
    assert run("index", copies).returncode == 0
    picture = picture_of(copies / "copy.mp4", tmp_path / "p.jpg")
    for words in (["--video", copies / "copy.mp4"], ["--image", picture, "--in", original.parent]):
        found = answer(run("search", *words, "--json"))["results"]
        assert Path(found[0]["path"]).name == original.name


def test_real_clips(shared_data: Path, tmp_path: Path, nightly: bool) -> None:
    """Words beside a picture count; by night, that a changed copy finds its original, and so does a frame."""
    clips, copies = tmp_path / "clips", tmp_path / "copies"
    clips.mkdir()
    copies.mkdir()
    names = ["033_dog_plaza", "073_dog_in_bed", "067_tea_pour", "036_coffee_pour"][: 4 if nightly else 2]
    for name in names:
        (clips / f"{name}.mp4").symlink_to(shared_data / "clips" / f"{name}.mp4")
    copied = names[::2] if nightly else []
    for name in copied:
        copy_changed(shared_data / "clips" / f"{name}.mp4", copies / f"{name}-copy.mp4")
    run = program(tmp_path / "library")
    assert run("index", clips, copies).returncode == 0

    def first(*words: str | Path) -> str:
        return Path(answer(run("search", *words, "--json"))["results"][0]["path"]).name

    for name in copied:
        assert first("--video", copies / f"{name}-copy.mp4") == f"{name}.mp4"
        picture = picture_of(copies / f"{name}-copy.mp4", tmp_path / "p.jpg")
        assert first("--image", picture, "--in", clips) == f"{name}.mp4"
    assert first("like:033_dog_plaza.mp4@3 in bed", "--in", clips) == "073_dog_in_bed.mp4"
    if nightly:
        assert first("like:067_tea_pour.mp4@2 coffee", "--in", clips) == "036_coffee_pour.mp4"
