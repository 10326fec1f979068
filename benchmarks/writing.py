"""What is read of the text in pictures, and what it costs.

Signs of known words are drawn over real clips in many styles and sizes; the given clips show how much is read
where next to nothing is written; minutes of several kinds, repeated to hours, are timed.

    python -m benchmarks.writing [--clips FOLDER] [--signs 80] [--minutes 60] [--json]
"""

import json
import math
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from app.lines.line import Line
from app.media.decoder import Decoder
from app.media.frames import Sampling
from app.text import folded_words
from app.writing.writing_reader import RATE, SHORT_SIDE, WritingReader
from benchmarks import retrieval
from benchmarks.written_videos import (
    Background,
    Text,
    drifting,
    filmed,
    make_written_video,
    plain,
    repeat_video,
    signs,
)

SIZES = (14, 18, 24, 32, 48, 72)
"""Pixels of the drawn letters, from top to foot, in frames 720 pixels tall."""
SEEN = 2.0
"""Seconds for which a sign is there."""
SCENES = ("033_dog_plaza.mp4", "036_coffee_pour.mp4", "037_soccer_juggle.mp4", "073_dog_in_bed.mp4")
"""Given clips in which nothing is written."""
WRITTEN = {"015_toddler_book.mp4", "061_trail_runner.mp4", "068_tractor.webm"}
"""Given clips in which something that can be read is."""


@dataclass(frozen=True, slots=True)
class SignsRead:
    """Words of drawn signs that were read."""

    size: int
    words: int
    found: int
    """While the sign was there."""

    @property
    def recall(self) -> float:
        """Share of the words, in percent."""
        return 100 * self.found / self.words


@dataclass(frozen=True, slots=True)
class Cost:
    """What a video costs."""

    what: str
    seconds: float
    """Of the video."""
    decoding: float
    """Processor seconds of decoding it alone, for the frames that are read."""
    whole: float
    """Processor seconds of decoding and reading."""
    lines: int

    @property
    def minutes_per_hour(self) -> float:
        """Processor minutes for an hour of such video."""
        return 60 * self.whole / self.seconds


def read_signs(clips: Path, count: int) -> tuple[list[SignsRead], float]:
    """Return what is read of signs over real clips by size, and how many percent of that are right."""
    found, words = dict.fromkeys(SIZES, 0), dict.fromkeys(SIZES, 0)
    right = read = 0
    with tempfile.TemporaryDirectory() as folder, WritingReader() as reader:
        for number, scene in enumerate(SCENES):
            texts = list(signs(count // len(SCENES), number, SIZES, SEEN))
            video = make_written_video(
                Path(folder) / "v.mp4",
                texts,
                seconds=SEEN * len(texts),
                background=filmed(frames_of(clips / scene, 4), 8),
            )
            lines = reader.read(video, progress=lambda _: None)
            for text in texts:
                there = words_of(line for line in lines if line.start < text.end and line.end > text.start)
                for word in folded_words(text.text).split():
                    words[text.size] += 1
                    found[text.size] += word in there
            for line in lines:
                drawn = words_of(
                    _as_line(text) for text in texts if line.start < text.end and line.end > text.start
                )
                for word in folded_words(line.text).split():
                    read += 1
                    right += word in drawn
    return [SignsRead(size, words[size], found[size]) for size in SIZES], 100 * right / max(read, 1)


def read_clips(clips: Path) -> tuple[dict[str, list[str]], float]:
    """Return the lines of the given clips that have any, by name, and the seconds of all clips."""
    found, seconds = {}, 0.0
    with WritingReader() as reader, Decoder() as decoder:
        for video in sorted(path for path in clips.iterdir() if path.suffix != ".csv"):
            lines = reader.read(video, progress=lambda _: None)
            seconds += decoder.probe(video).duration
            if lines:
                found[video.name] = [line.text for line in lines]
    return found, seconds


def costs(clips: Path, minutes: float) -> Iterator[Cost]:
    """Time kinds of video, each a minute of 25 frames a second in 1280×720 repeated."""
    scene = filmed(frames_of(clips / SCENES[2], 12.5), 12.5)
    sign = Text("Back in five minutes", size=60, plate=(235, 235, 225), colour=(20, 20, 25))
    captions = [
        Text(
            f"{words} and then we go on to number {number}",
            3 * number,
            3 * number + 2.6,
            36,
            200,
            640,
            outline=True,
        )
        for number, words in enumerate(
            ["We begin with the first", "Look at this picture", "Nobody knew why"] * 7
        )
        if number < 20
    ]
    news = "the old bridge over the river was closed after heavy rain and a ferry carries people over "
    running = Text(news * 6, size=30, x=0, y=660, moves=(-150, 0), plate=(120, 20, 20))
    kinds: list[tuple[str, list[Text], Background]] = [
        ("a sign in a picture that stays", [sign], plain()),
        ("a filmed scene, nothing written", [], scene),
        ("a filmed scene, a sign that stays", [sign], scene),
        ("a filmed scene, a caption every 3 s", captions, scene),
        ("a ride, a text that runs through", [running], drifting(7)),
    ]
    with tempfile.TemporaryDirectory() as folder:
        for what, texts, background in kinds:
            minute = make_written_video(
                Path(folder) / "minute.mp4", texts, seconds=60, background=background, rate=25
            )
            video = repeat_video(minute, Path(folder) / "video.mp4", 60 * minutes)
            yield cost(what, video)


def cost(what: str, video: Path) -> Cost:
    """Time one video."""
    began = _processor_seconds()
    with Decoder() as decoder, decoder.open(video, _sampling()) as stream:
        for _ in stream:
            pass
        seconds = stream.facts.duration
    decoded = _processor_seconds()
    with WritingReader() as reader:
        lines = reader.read(video, progress=lambda _: None)
    return Cost(what, seconds, decoded - began, _processor_seconds() - decoded, len(lines))


def frames_of(clip: Path, rate: float) -> list[NDArray[np.uint8]]:
    """The first six seconds of a clip (H, W, 3) RGB."""
    with (
        Decoder() as decoder,
        decoder.open(clip, Sampling(short_side=720, max_rate=rate, whole=True)) as stream,
    ):
        return [frame.image for frame in stream if frame.time < 6]


def words_of(lines: Iterator[Line]) -> set[str]:
    """All words of lines, as they are compared."""
    return {word for line in lines for word in folded_words(line.text).split()}


def _as_line(text: Text) -> Line:
    return Line(text.start, text.end if math.isfinite(text.end) else 0.0, text.text)


def _sampling() -> Sampling:
    return Sampling(short_side=SHORT_SIDE, max_rate=RATE, whole=True)


def _processor_seconds() -> float:
    """Of this process, and of children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def print_tables(
    read: Sequence[SignsRead], precision: float, found: dict[str, list[str]], timed: Sequence[Cost]
) -> None:
    """Print what was measured, for `docs/benchmarks.md`."""
    for each in read:
        what = f"Words of signs {each.size} px tall of 720"
        print(f"| {what} | {each.recall:.0f} % | {each.found} of {each.words} |")
    print(f"| Words read that are drawn there | {precision:.0f} % | |")
    for name, lines in found.items():
        print(f"| {name} | {'; '.join(lines)} | {'' if name in WRITTEN else 'nothing is written there'} |")
    for kind in timed:
        print(
            f"| An hour of {kind.what} | {kind.minutes_per_hour:.1f} CPU-min | decoding alone "
            f"{60 * kind.decoding / kind.seconds:.1f}; {kind.lines} lines in {kind.seconds / 60:.0f} min |"
        )


@click.command()
@click.option("--clips", type=click.Path(path_type=Path), default=retrieval.CLIPS)
@click.option("--signs", "count", type=int, default=80)
@click.option("--minutes", type=float, default=60.0, help="Length of the videos that are timed.")
@click.option("--json", "as_json", is_flag=True)
def main(clips: Path, count: int, minutes: float, *, as_json: bool) -> None:
    """Measure and print."""
    began = time.monotonic()
    read, precision = read_signs(clips, count)
    found, seconds = read_clips(clips)
    timed = list(costs(clips, minutes))
    if as_json:
        content = {
            "signs": [asdict(each) for each in read],
            "precision": precision,
            "clips": found,
            "clip_seconds": seconds,
            "costs": [asdict(each) for each in timed],
        }
        print(json.dumps(content, indent=2))
    else:
        print_tables(read, precision, found, timed)
        print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
