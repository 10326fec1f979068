"""Subtitles in a video and beside it become lines with their times, whoever wrote them, in one child."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.disk.formats import is_video_name
from app.errors import Cause, MediaError
from app.lines.line import Line, Source
from app.media.subtitles.subtitle_reader import SubtitleReader
from tests.media.subtitles.making import EIGHT, ass, srt, stamp, vtt
from tests.videos import make_video

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg writes the text tracks")

CUES = [(0.5, 1.5, "the first line"), (2.0, 2.5, "and <i>another</i>")]
TEXTS = [(0.5, 1.5, "the first line"), (2.0, 2.5, "and another")]


@pytest.fixture(scope="module")
def reader() -> Iterator[SubtitleReader]:
    """One for all tests of the module; its child runs before the first of them begins."""
    with SubtitleReader(is_video_name) as reader:
        with suppress(MediaError):
            lines(reader, Path("nothing"))
        yield reader


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Three seconds without subtitles."""
    return make_video(tmp_path / "Film.mp4", [("red", 3.0)])


def read(reader: SubtitleReader, video: Path) -> list[tuple[float, float, str]]:
    reader._sidecars._folders.clear()  # as if time had passed
    return [(round(line.start, 2), round(line.end, 2), line.text) for line in lines(reader, video)]


def lines(reader: SubtitleReader, video: Path) -> tuple[Line, ...]:
    return reader.read(video, progress=lambda _: None)


def with_tracks(out: Path, video: Path, *files: Path, codec: str, more: tuple[str, ...] = ()) -> Path:
    """Put subtitle files into a container."""
    inputs = [word for file in files for word in ("-i", str(file))]
    maps = [word for number in range(len(files)) for word in ("-map", str(number + 1))]
    subprocess.run(
        [
            "ffmpeg",
            "-v",
            "error",
            "-y",
            "-i",
            video,
            *inputs,
            "-map",
            "0",
            *maps,
            "-c",
            "copy",
            "-c:s",
            codec,
            *more,
            str(out),
        ],
        check=True,
    )
    return out


def test_it_says_what_it_is(reader: SubtitleReader) -> None:
    assert reader.source is Source.SUBTITLE
    assert reader.reader.startswith("subtitles ")


def test_a_video_without_any_has_no_lines(reader: SubtitleReader, video: Path) -> None:
    assert lines(reader, video) == ()
    assert reader.beside(video) == ""


@needs_ffmpeg
@pytest.mark.parametrize(
    ("suffix", "codec"),
    [("mkv", "subrip"), ("mkv", "ass"), ("mkv", "webvtt"), ("mp4", "mov_text"), ("mov", "mov_text")],
)
def test_text_tracks_are_read_with_their_language(
    reader: SubtitleReader, video: Path, tmp_path: Path, suffix: str, codec: str
) -> None:
    (tmp_path / "t.srt").write_text(srt(CUES))
    made = with_tracks(
        *(tmp_path / f"made.{suffix}", video, tmp_path / "t.srt"),
        codec=codec,
        more=("-metadata:s:s:0", "language=ger"),
    )
    assert read(reader, made) == TEXTS
    assert {line.language for line in lines(reader, made)} == {"de"}


@needs_ffmpeg
def test_times_are_those_of_the_running_time(reader: SubtitleReader, video: Path, tmp_path: Path) -> None:
    (tmp_path / "t.srt").write_text(srt(CUES))
    made = with_tracks(tmp_path / "made.mkv", video, tmp_path / "t.srt", codec="subrip")
    late = tmp_path / "late.mkv"
    subprocess.run(
        [
            "ffmpeg",
            "-v",
            "error",
            "-y",
            "-copyts",
            "-i",
            made,
            "-map",
            "0",
            "-c",
            "copy",
            "-output_ts_offset",
            "3600",
            late,
        ],
        check=True,
    )
    assert read(reader, late) == TEXTS


@needs_ffmpeg
def test_eight_languages_in_one_file(reader: SubtitleReader, video: Path, tmp_path: Path) -> None:
    files = []
    for language, (_, first, second) in EIGHT.items():
        files.append(tmp_path / f"{language}.srt")
        files[-1].write_text(srt([(0.5, 1.0, first), (1.5, 2.5, second)]), encoding="utf-8")
    more = [w for n, language in enumerate(EIGHT) for w in (f"-metadata:s:s:{n}", f"language={language}")]
    made = with_tracks(tmp_path / "made.mkv", video, *files, codec="subrip", more=tuple(more))
    found = lines(reader, made)
    assert {(line.language, line.text) for line in found} == {
        (language, text) for language, (_, *texts) in EIGHT.items() for text in texts
    }


def test_eight_languages_beside_it_in_the_encodings_of_their_time(
    reader: SubtitleReader, video: Path
) -> None:
    for language, (encoding, first, second) in EIGHT.items():
        text = srt([(0.5, 1.0, first), (1.5, 2.5, second)])
        video.with_name(f"Film.{language}.srt").write_bytes(text.encode(encoding))
    found = lines(reader, video)
    assert {(line.language, line.text) for line in found} == {
        (language, text) for language, (_, *texts) in EIGHT.items() for text in texts
    }


@pytest.mark.parametrize(
    ("name", "written", "language"),
    [
        ("Film.srt", srt, ""),
        ("FILM.EN.SRT", srt, "en"),
        ("Film.en-GB.forced.vtt", vtt, "en"),
        ("Film_German.ass", ass, "de"),
        ("Film (pt-BR).ssa", ass, "pt"),
        ("Subs/Film.fra.srt", srt, "fr"),
        ("Subs/2_English.srt", srt, "en"),
        ("Subtitles/Film/3_Russian.srt", srt, "ru"),
    ],
)
def test_files_beside_it_are_known_by_their_names(  # type: ignore[no-untyped-def]
    reader: SubtitleReader, video: Path, name: str, written, language: str
) -> None:
    sidecar = video.parent / name
    sidecar.parent.mkdir(parents=True, exist_ok=True)
    sidecar.write_text(written(CUES))
    assert [text for _, _, text in read(reader, video)] == ["the first line", "and another"]
    assert {line.language for line in lines(reader, video)} == {language}


def test_a_file_belongs_to_the_video_with_the_longest_name(reader: SubtitleReader, video: Path) -> None:
    other = make_video(video.with_name("Film.2.mp4"), [("blue", 3.0)])
    video.with_name("Film.2.en.srt").write_text(srt(CUES))
    video.with_name("Filmtitel.srt").write_text(srt(CUES))
    (video.parent / "Subs").mkdir()
    (video.parent / "Subs" / "English.srt").write_text(srt(CUES))  # of which of the two?
    assert read(reader, video) == []
    assert len(read(reader, other)) == 2


def test_a_file_that_comes_changes_or_goes_is_noticed(reader: SubtitleReader, video: Path) -> None:
    def beside() -> str:
        reader._sidecars._folders.clear()
        return reader.beside(video)

    seen = [beside()]
    sidecar = video.with_name("Film.srt")
    sidecar.write_text(srt(CUES))
    seen.append(beside())
    sidecar.write_text(srt(CUES[:1]))
    seen.append(beside())
    assert len(set(seen)) == 3
    sidecar.unlink()
    assert beside() == seen[0]


def test_one_text_in_two_places_is_one_line(reader: SubtitleReader, video: Path) -> None:
    video.with_name("Film.en.srt").write_text(srt(CUES))
    video.with_name("Film.en.vtt").write_text(vtt(CUES))
    assert read(reader, video) == TEXTS


def test_ten_thousand_lines(reader: SubtitleReader, tmp_path: Path) -> None:
    video = make_video(tmp_path / "long.mkv", [("red", 1.0)])
    cues = [(number / 20_000, number / 20_000 + 0.00004, f"line {number}") for number in range(10_000)]
    text = srt([(start * 1000, end * 1000, words) for start, end, words in cues])
    (tmp_path / "long.srt").write_text(text)
    assert len(lines(reader, video)) == sum(start * 1000 <= 1.0 for start, _, _ in cues)
    scaled = ass([(start, end, words) for start, end, words in cues])
    (tmp_path / "long.srt").write_text(scaled)
    reader._sidecars._folders.clear()
    assert len(lines(reader, video)) == 10_000


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01" * 1000, b"no subtitles at all", b"\x1f\x8b" + bytes(1000)],
    ids=["empty", "zeros", "text", "packed"],
)
def test_a_file_that_holds_no_subtitles_is_named(reader: SubtitleReader, video: Path, content: bytes) -> None:
    video.with_name("Film.srt").write_bytes(content)
    with pytest.raises(MediaError) as caught:
        lines(reader, video)
    assert caught.value.cause is Cause.FILE
    assert "Film.srt" in caught.value.sentence


def test_a_file_that_holds_none_leaves_the_others(reader: SubtitleReader, video: Path) -> None:
    video.with_name("Film.de.srt").write_bytes(b"no subtitles at all")
    video.with_name("Film.en.srt").write_text(srt(CUES))
    with video.with_name("Film.fr.srt").open("wb") as huge:
        huge.truncate(1 << 40)
    video.with_name("Film.sub").write_bytes(b"\0\0\x01\xba" + bytes(100))
    assert read(reader, video) == TEXTS


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names")
def test_only_regular_files_are_opened(reader: SubtitleReader, video: Path, tmp_path: Path) -> None:
    os.mkfifo(video.with_name("Film.pipe.srt"))
    video.with_name("Film.nowhere.srt").symlink_to(tmp_path / "nowhere")
    video.with_name("Film.loop.srt").symlink_to(video.with_name("Film.loop.srt"))
    video.with_name("Film.zero.srt").symlink_to("/dev/zero")
    video.with_name("Film.folder.srt").mkdir()
    (tmp_path / "elsewhere.srt").write_text(srt(CUES))
    video.with_name("Film.link.srt").symlink_to(tmp_path / "elsewhere.srt")
    assert read(reader, video) == TEXTS


def test_a_playlist_opens_nothing(reader: SubtitleReader, video: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.srt"
    secret.write_text(srt([(0.5, 1.0, "secret")]))
    for name, content in {
        "Film.a.srt": f"ffconcat version 1.0\nfile {secret}\n",
        "Film.b.sub": f"# VobSub index file, v7\nlangidx: 0\n{secret}\n",
        "Film.c.vtt": f"#EXTM3U\n{secret}\n",
        "Film.d.ttml": f"<!DOCTYPE tt [<!ENTITY s SYSTEM 'file://{secret}'>]>"
        "<tt xmlns='http://www.w3.org/ns/ttml'><body><div><p begin='1s' end='2s'>&s;</p></div></body></tt>",
    }.items():
        video.with_name(name).write_text(content)
    with pytest.raises(MediaError):
        lines(reader, video)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions that hold")
def test_a_file_that_may_not_be_read_is_tried_again(reader: SubtitleReader, video: Path) -> None:
    video.with_name("Film.srt").write_text(srt(CUES))
    video.with_name("Film.srt").chmod(0)
    with pytest.raises(MediaError) as caught:
        lines(reader, video)
    assert caught.value.cause is Cause.ENVIRONMENT


def test_a_name_of_any_bytes(reader: SubtitleReader, tmp_path: Path) -> None:
    name = os.fsdecode(b"F\xfflm\xe2\x80\xae")
    video = make_video(tmp_path / "v.mp4", [("red", 3.0)]).rename(tmp_path / f"{name}.mp4")
    (tmp_path / f"{name}.srt").write_text(srt(CUES))
    assert read(reader, video) == TEXTS


@needs_ffmpeg
def test_a_damaged_text_track_gives_what_can_be_read(
    reader: SubtitleReader, video: Path, tmp_path: Path
) -> None:
    cues = [(number / 100, number / 100 + 0.005, f"line {number}") for number in range(300)]
    (tmp_path / "t.srt").write_text(srt(cues))
    made = with_tracks(tmp_path / "made.mkv", video, tmp_path / "t.srt", codec="subrip")
    data = bytearray(made.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 50] = bytes(range(200, 250))
    made.write_bytes(data)
    assert 0 < len(lines(reader, made)) <= 300


@needs_ffmpeg
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_file_beside_it_that_brings_down_the_child_is_passed_over(video: Path, tmp_path: Path) -> None:
    (tmp_path / "t.srt").write_text(srt(CUES))
    made = with_tracks(tmp_path / "made.mkv", video, tmp_path / "t.srt", codec="subrip")
    many = [(number / 10_000, number / 10_000, f"beside {number}") for number in range(10_000)]
    made.with_name("made.en.srt").write_text(srt(many))  # which takes the child a while
    crashed: set[int] = set()
    with SubtitleReader(is_video_name) as reader:

        def crash(_: float) -> None:
            child = reader._decoder._child
            if child is not None and child.pid not in crashed and len(crashed) < 2:  # it is begun again once
                crashed.add(child.pid)
                os.kill(child.pid, signal.SIGSEGV)

        found = reader.read(made, progress=crash)
    assert len(crashed) == 2
    assert [line.text for line in found] == ["the first line", "and another"]


def test_the_video_itself_may_be_no_video(reader: SubtitleReader, tmp_path: Path) -> None:
    broken = tmp_path / "Film.mp4"
    broken.write_bytes(b"no video")
    (tmp_path / "Film.srt").write_text(srt(CUES))
    with pytest.raises(MediaError):
        lines(reader, broken)


def test_a_real_recording_and_the_file_beside_it(reader: SubtitleReader, shared_data: Path) -> None:
    [line] = lines(reader, shared_data / "odd" / "valid_fragmented.mp4")
    assert line.text
    assert lines(reader, shared_data / "odd" / "sample_with_vobsub.mkv") == ()


def test_stamps() -> None:
    assert stamp(3661.5) == "01:01:01,500"
