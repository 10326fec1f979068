"""Long videos are what was planned, and their table has a row for each way to find edges."""

from pathlib import Path

import av
import pytest

from app.session import Session
from benchmarks.moments.__main__ import in_words, index, prepare, table
from benchmarks.moments.cases import WAYS, ask
from benchmarks.moments.figures import mean, overlap
from benchmarks.moments.in_order import ask_in_order
from benchmarks.moments.long_videos import LongVideo, Part
from tests.bundles import make_bundle
from tests.videos import Scene, make_video

HEAD = "file,caption\n"
COLOURS = ("blue", "green", "grey", "red", "white")


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A captioned folder: a clip of each colour."""
    folder = tmp_path_factory.mktemp("clips")
    lines = []
    for number, colour in enumerate(COLOURS):
        make_video(folder / f"{colour}.mp4", [Scene(colour, 1.2 + number / 4, "pan")], size=(160, 120))
        lines.append(f"{colour}.mp4,a {colour} picture\n")
    (folder / "manifest.csv").write_text(HEAD + "".join(lines), encoding="utf-8")
    return folder


def test_long_videos_are_planned_and_made_once(clips: Path, tmp_path: Path) -> None:
    videos = prepare(tmp_path, clips, None, rounds=2)
    written = [video.path.stat().st_mtime_ns for video in videos]
    assert prepare(tmp_path, clips, None, rounds=2) == videos
    assert [video.path.stat().st_mtime_ns for video in videos] == written
    for number in range(2):
        shown = [part.clip.caption for video in of_round(videos, number) for part in video.parts]
        assert sorted(shown) == sorted(f"a {colour} picture" for colour in COLOURS)
    halves = {half: {part.clip.path for part in parts} for half, parts in parts_of_half(videos).items()}
    assert not halves["choice"] & halves["report"]
    for video in videos:
        with av.open(str(video.path)) as file:
            assert (file.duration or 0) / av.time_base == pytest.approx(video.parts[-1].end, abs=0.1)


def test_every_caption_of_every_round_is_asked(clips: Path, tmp_path: Path) -> None:
    videos = prepare(tmp_path, clips, None, rounds=1)
    with Session(tmp_path / "library", make_bundle(tmp_path / "bundle")) as session:
        index(session, videos)
        cases = list(ask(session, videos))
        pairs = list(ask_in_order(session, videos, seed=1))
    assert len(cases) == len(COLOURS)
    assert len(pairs) == len(COLOURS) - len(videos)
    assert not any(pair.reversed_right for pair in pairs), "a step comes before the next"
    assert all(pair.right_video or not pair.right for pair in pairs)
    assert in_words(pairs).startswith(f"In order, {len(pairs)} pairs")
    assert all(set(case.found) in (set(), set(WAYS)) for case in cases)
    assert [line.split(" | ")[0] for line in table(cases)[-len(WAYS) :]] == [f"| {way}" for way in WAYS]


def test_overlap_and_its_interval() -> None:
    assert overlap((0, 4), (2, 6)) == pytest.approx(1 / 3)
    assert overlap((0, 1), (2, 3)) == 0.0
    same = mean([1.0, 1.0, 1.0], [0, 0, 1])
    assert (same.value, same.low, same.high) == (1.0, 1.0, 1.0)


def of_round(videos: list[LongVideo], number: int) -> list[LongVideo]:
    return [video for video in videos if video.path.parent.name == f"round-{number}"]


def parts_of_half(videos: list[LongVideo]) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    for video in videos:
        found.setdefault(video.half, []).extend(video.parts)
    return found
