"""Cases about what is in a file: all of them in one folder, indexed by one run of the real program."""

from pathlib import Path

import pytest

from tests.cli.little_library import use_colours
from tests.faults import cases
from tests.faults.harness.clips import pattern
from tests.faults.harness.program import Program, assert_indexed, assert_settled
from tests.made_once import made_once

JOINED = {
    "ts": ("mpeg2video", "mpegts", 12),
    "m2ts": ("libx264", "mpegts", 25),
    "vob": ("mpeg2video", "vob", 12),
}
JOINED |= {"mpg": ("mpeg1video", "mpeg", 12)}
LATE = ("mp4", "mkv", "mov", "ts", "avi", "flv")
STILLS = {"h264": (), "mjpeg": ("mjpeg", "-pix_fmt:v:1", "yuvj420p"), "png": ("png", "-pix_fmt:v:1", "rgb24")}


class Collection:
    """The indexed folder."""

    def __init__(self, place: Path) -> None:
        self.program = Program(place / "library", place / "home")
        self.folder = place / "videos"
        self.videos = self.program.videos()

    def colours(self, name: str) -> list[tuple[float, str]]:
        """Time and colour of each frame; that of the duplicate's original is asked for by its own name."""
        assert_indexed(self.program, name)
        return self.program.colours(name)

    def lasts_for(self, name: str) -> float:
        facts = self.videos[name].facts
        assert facts is not None, self.videos[name]
        return facts.duration


def make_collection(place: Path) -> None:
    """Make all files, and index them; the folders' names say what is in them."""

    def subfolder(name: str) -> Path:
        path = place / "videos" / name
        path.mkdir(parents=True)
        return path

    cases.joined_recordings({subfolder(f"joined {s}") / f"joined.{s}": how for s, how in JOINED.items()})
    cases.picture_after_sound(subfolder("late"), *LATE)
    cases.sound_after_picture(subfolder("early"), *LATE)
    still = subfolder("still")
    cases.stills_beside_films({still / f"beside {name}.mp4": codec for name, codec in STILLS.items()})
    cases.typescript_and_songs(subfolder("sources"))
    cases.other_suffixes(subfolder("suffixes"))
    cases.transparent_picture(subfolder("transparent"))
    cases.elementary_streams(subfolder("streams"))
    pattern(place / "videos" / "good.mp4", 2.7)
    use_colours(place / "library")
    Program(place / "library", place / "home").index(place / "videos")


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    return Collection(made_once(tmp_path_factory, "cases in media", make_collection))


def test_every_case_has_an_outcome(collection: Collection) -> None:
    assert_indexed(collection.program, "good.mp4")
    assert_settled(collection.program)


@pytest.mark.fault("recordings joined byte by byte (TS, M2TS, VOB, MPG)", "every part, on one running time")
@pytest.mark.parametrize("suffix", JOINED)
@pytest.mark.parametrize("name", cases.JOINED_PARTS)
def test_04_joined_recordings_have_all_their_parts(collection: Collection, name: str, suffix: str) -> None:
    parts = cases.JOINED_PARTS[name]
    name = f"{name}.{suffix}"
    colours = collection.colours(name)
    for start, end, colour in parts:
        inside = {shown for time, shown in colours if start <= time < end - 0.1}
        assert inside == {colour}, (name, start, colours)
    assert collection.lasts_for(name) == pytest.approx(parts[-1][1], abs=0.7)
    assert max(time for time, _ in colours) <= parts[-1][1]


@pytest.mark.fault("the picture begins 8 s after the sound", "times on the container's clock")
@pytest.mark.parametrize("suffix", LATE)
def test_05_times_are_the_containers(collection: Collection, suffix: str) -> None:
    colours = collection.colours(f"late.{suffix}")
    assert {shown for time, shown in colours if time < 10.9} == {"red"}, colours
    assert {shown for time, shown in colours if time > 10.9} == {"blue"}, colours
    # An AVI cannot begin later: players show its first picture from the start.
    assert all((time > 7.9 or suffix == "avi") and time < 14.1 for time, _ in colours)


def test_05_a_search_leads_to_that_time(collection: Collection) -> None:
    results = collection.program.search("a plain blue picture", "--in", collection.folder / "late")
    best = {Path(result["path"]).name: result["best"] for result in reversed(results)}
    assert best == {f"late.{suffix}": pytest.approx(12.5, abs=1.6) for suffix in LATE}


@pytest.mark.fault("a larger still track beside the film", "the track with the film")
@pytest.mark.parametrize("still", STILLS)
def test_08_the_track_with_the_film(collection: Collection, still: str) -> None:
    name = f"beside {still}.mp4"
    assert len(collection.colours(name)) >= 3
    facts = collection.videos[name].facts
    assert facts is not None
    assert (facts.width, facts.height) == (320, 240)


@pytest.mark.fault("the sound goes on after the last picture", "no warning")
@pytest.mark.parametrize("suffix", [*LATE, "webm"])
def test_10_sound_after_the_last_picture_is_no_damage(collection: Collection, suffix: str) -> None:
    assert_indexed(collection.program, f"early.{suffix}")


@pytest.mark.fault("TypeScript .ts, Qt .ts, songs in .ogg", "passed over in silence")
def test_13_sources_and_songs_are_no_videos(collection: Collection) -> None:
    place = collection.folder / "sources"
    found = [v.path.name for v in collection.videos.values() if v.path.is_relative_to(place)]
    assert found == [cases.FILM]


@pytest.mark.fault("suffixes of cameras and recorders", "found and indexed")
@pytest.mark.parametrize("name", cases.LASTS)
def test_14_the_formats_people_have(collection: Collection, name: str) -> None:
    assert_indexed(collection.program, name)
    assert collection.lasts_for(name) == pytest.approx(cases.LASTS[name], abs=0.6)


@pytest.mark.fault("a transparent picture", "laid on a plain ground")
def test_21_a_transparent_picture_is_laid_on_a_plain_ground(collection: Collection) -> None:
    assert {shown for _, shown in collection.colours("sticker.mov")} <= {"white", "grey", "black"}


@pytest.mark.fault("elementary streams", "indexed, times from the frame rate")
def test_22_elementary_streams_have_times(collection: Collection) -> None:
    for name in cases.STREAMS:
        assert collection.lasts_for(name) == pytest.approx(4.0, abs=0.3), name
        times = [time for time, _ in collection.colours(name)]
        assert times[0] == pytest.approx(0.0, abs=0.1)
        assert times == sorted(times)
        assert 2.5 < times[-1] < 4.05, (name, times)
