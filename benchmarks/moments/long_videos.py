"""Long videos made of clips in random order and trim, joined by cuts, fades and dissolves."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import av
import numpy as np
from numpy.typing import NDArray

from benchmarks.moments.captioned_clips import CaptionedClip

Join = Literal["cut", "fade", "dissolve"]
Half = Literal["choice", "report"]

JOINS: tuple[Join, ...] = ("cut", "cut", "fade", "dissolve")
"""Drawn for each video: half of them are cut hard."""
FADE = 0.4
"""Seconds from the picture to black, and from black to the next; a dissolve takes twice as long."""
FEWEST, MOST = 5, 12
"""Clips of a long video."""
LEAST, LONGEST = 2.0, 20.0
"""Seconds that are left of a clip, if it has them."""
RATE, WIDTH, HEIGHT = 12, 320, 240

_Pictures = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Part:
    """A trimmed clip of a long video; seconds."""

    clip: CaptionedClip
    first: float
    """Where it begins in the clip."""
    start: float
    """Where it begins in the long video."""
    end: float


@dataclass(frozen=True, slots=True)
class LongVideo:
    """One to be made."""

    path: Path
    half: Half
    """Whether parameters may be chosen on it."""
    join: Join
    steady: bool
    """Whether key frames come every two seconds, as cameras write them; else where pictures change, too."""
    parts: tuple[Part, ...]


def plan(clips: Sequence[CaptionedClip], folder: Path, *, rounds: int, seed: int) -> list[LongVideo]:
    """Draw long videos. In each round every clip is in one of them, so that a caption has one answer in it.

    A clip is in the same half in all rounds, and a long video is made of one half's clips.

    Args:
        clips: what they are made of.
        folder: gets a folder for each round.
        rounds: how many.
        seed: the same one draws the same videos.
    """
    draw = random.Random(seed)  # noqa: S311 - nothing secret
    shuffled = draw.sample(list(clips), len(clips))
    halves: dict[Half, list[CaptionedClip]] = {"choice": shuffled[::2], "report": shuffled[1::2]}
    videos: list[LongVideo] = []
    for number in range(rounds):
        for half, members in halves.items():
            left = draw.sample(members, len(members))
            count = 0
            while left:
                size = draw.randint(FEWEST, MOST)
                if len(left) - size < FEWEST:
                    size = len(left)
                taken, left = left[:size], left[size:]
                path = folder / f"round-{number}" / f"{half}-{count}.mp4"
                join, steady = draw.choice(JOINS), draw.random() < 0.5
                videos.append(LongVideo(path, half, join, steady, _trimmed(taken, draw)))
                count += 1
    return videos


def make(video: LongVideo) -> None:
    """Write a long video (H.264, 320×240, no sound), unless it is there."""
    if video.path.exists():
        return
    video.path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = video.path.with_suffix(".part")
    options = {"preset": "veryfast", "crf": "24"}
    if video.steady:
        options["x264-params"] = f"keyint={2 * RATE}:min-keyint={2 * RATE}:scenecut=0"
    with av.open(str(unfinished), "w", format="mp4") as output:
        stream = output.add_stream("libx264", rate=RATE, options=options)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for picture in _joined(video):
            output.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        output.mux(stream.encode(None))
    unfinished.rename(video.path)


def _trimmed(clips: Sequence[CaptionedClip], draw: random.Random) -> tuple[Part, ...]:
    parts: list[Part] = []
    start = 0.0
    for clip in clips:
        least = min(clip.seconds, max(LEAST, clip.seconds / 3))
        seconds = draw.uniform(min(least, LONGEST / 2), min(clip.seconds, LONGEST))
        frames = max(1, int(seconds * RATE))
        first = draw.uniform(0.0, clip.seconds - frames / RATE)
        parts.append(Part(clip, max(first, 0.0), start, start + frames / RATE))
        start = parts[-1].end
    return tuple(parts)


def _joined(video: LongVideo) -> Iterator[_Pictures]:
    """The pictures (H, W, 3) of a long video, as many as its parts take."""
    length = round(FADE * RATE)
    last: _Pictures | None = None
    for number, part in enumerate(video.parts):
        pictures = _pictures(part)
        many = min(length, len(pictures) // 2)
        rising = (np.arange(many) + 0.5) / max(many, 1)
        if video.join == "fade":
            if number:
                pictures[:many] = _faded(pictures[:many], rising)
            if number + 1 < len(video.parts):
                pictures[len(pictures) - many :] = _faded(pictures[len(pictures) - many :], rising[::-1])
        elif video.join == "dissolve" and last is not None:
            # From the last picture of the part before to this part, half of it on either side of the join.
            share = (0.5 + rising / 2)[:, None, None, None]
            pictures[:many] = (share * pictures[:many] + (1 - share) * last).astype(np.uint8)
        following = video.parts[number + 1] if number + 1 < len(video.parts) else None
        if video.join == "dissolve" and following is not None:
            share = (rising[::-1] / 2 + 0.5)[:, None, None, None]
            tail = slice(len(pictures) - many, None)
            last = pictures[-1].copy()
            ahead = _pictures(following, most=1)[0]
            pictures[tail] = (share * pictures[tail] + (1 - share) * ahead).astype(np.uint8)
        yield from pictures


def _faded(pictures: _Pictures, shares: NDArray[np.float64]) -> _Pictures:
    return (pictures * shares[:, None, None, None]).astype(np.uint8)


def _pictures(part: Part, *, most: int | None = None) -> _Pictures:
    """(n, H, W, 3) of a part at `RATE`, filling the frame; the last one again where the clip has no more.

    Args:
        part: of a long video.
        most: pictures at most.
    """
    count = round((part.end - part.start) * RATE) if most is None else most
    wanted = part.first + np.arange(count) / RATE
    pictures = np.empty((count, HEIGHT, WIDTH, 3), np.uint8)
    filled, shown = 0, None
    with av.open(str(part.clip.path)) as video:
        track = video.streams.video[0]
        origin: float | None = None
        for frame in video.decode(track):
            time = float(frame.time or 0.0)
            origin = time if origin is None else origin
            while filled < count and shown is not None and wanted[filled] < time - origin:
                pictures[filled] = _filling(shown)
                filled += 1
            if filled == count:
                break
            shown = frame
    if shown is None:
        raise ValueError(f"{part.clip.path} has no pictures")
    if filled < count:
        pictures[filled:] = _filling(shown)
    return pictures


def _filling(frame: av.VideoFrame) -> _Pictures:
    """A frame scaled to fill the picture, cropped around its middle."""
    scale = max(WIDTH / frame.width, HEIGHT / frame.height)
    width, height = max(WIDTH, round(frame.width * scale)), max(HEIGHT, round(frame.height * scale))
    scaled = frame.reformat(width, height, "rgb24").to_ndarray()
    left, top = (width - WIDTH) // 2, (height - HEIGHT) // 2
    return np.asarray(scaled[top : top + HEIGHT, left : left + WIDTH], dtype=np.uint8)
