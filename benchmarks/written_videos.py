"""Videos with text in them, made here: what it says, where, from when to when is known."""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import cycle
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Background = Callable[[float], NDArray[np.uint8]]
"""The picture (H, W, 3) RGB at a moment in seconds."""

FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSerif.ttf", "DejaVuSansCondensed.ttf")
"""Looked for where the system keeps its fonts; Pillow's own where they are absent."""

STROKES = {
    "口": ("0,0 1,0 1,1 0,1 0,0",),
    "出": ("0.5,0 0.5,1", "0.15,0.1 0.15,0.45 0.85,0.45 0.85,0.1", "0,0.6 0,1 1,1 1,0.6"),
    "中": ("0,0.2 1,0.2 1,0.65 0,0.65 0,0.2", "0.5,-0.05 0.5,1.05"),
    "山": ("0.5,0 0.5,0.95", "0.05,0.35 0.05,0.95 0.95,0.95 0.95,0.35"),
    "上": ("0.45,0 0.45,1", "0.45,0.4 0.9,0.4", "0,1 1,1"),
    "日": ("0.1,0 0.9,0 0.9,1 0.1,1 0.1,0", "0.1,0.5 0.9,0.5"),
    "田": ("0,0 1,0 1,1 0,1 0,0", "0,0.5 1,0.5", "0.5,0 0.5,1"),
    "王": ("0.05,0 0.95,0", "0.1,0.48 0.9,0.48", "0,1 1,1", "0.5,0 0.5,1"),
}
"""Chinese characters of straight strokes, in a square: few computers have a font for them."""


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text in a video."""

    text: str
    start: float = 0.0
    """Seconds."""
    end: float = math.inf
    size: int = 40
    """Pixels from the top of its letters to below their feet."""
    x: float = 100.0
    """Pixels of its left edge, when it appears."""
    y: float = 100.0
    """Pixels of its upper edge."""
    moves: tuple[float, float] = (0.0, 0.0)
    """Pixels per second to the right, and down."""
    colour: tuple[int, int, int] = (245, 245, 245)
    plate: tuple[int, int, int] | None = None
    """Colour of the sign that it stands on; None for none."""
    outline: bool = False
    """Whether its letters have a dark edge, as subtitles have."""
    font: str = FONTS[0]
    turned: int = 0
    """Degrees, counter-clockwise: 90 runs upwards."""
    mirrored: bool = False


def draw(picture: Image.Image, text: Text, time: float) -> None:
    """Draw a text as it is at a moment; nothing where it is not there."""
    if not text.start <= time < text.end:
        return
    stamp = _stamp(text)
    since = time - text.start
    place = round(text.x + text.moves[0] * since), round(text.y + text.moves[1] * since)
    picture.paste(stamp, place, stamp)


def _stamp(text: Text) -> Image.Image:
    """The text alone, on transparent ground."""
    if all(letter in STROKES for letter in text.text):
        stamp = _strokes(text)
    else:
        font = _font(text.font, text.size)
        edge = max(1, text.size // 12) if text.outline else 0
        left, top, right, bottom = (round(side) for side in font.getbbox(text.text, stroke_width=edge))
        rim = text.size // 3 if text.plate else 0
        stamp = Image.new(
            "RGBA", (right - left + 2 * rim, bottom - top + 2 * rim), (*(text.plate or (0, 0, 0)), 0)
        )
        if text.plate:
            stamp.paste((*text.plate, 255), (0, 0, *stamp.size))
        ImageDraw.Draw(stamp).text(
            (rim - left, rim - top),
            text.text,
            (*text.colour, 255),
            font,
            stroke_width=edge,
            stroke_fill=(0, 0, 0, 255),
        )
    if text.mirrored:
        stamp = stamp.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return stamp.rotate(text.turned, expand=True)


def _font(name: str, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    try:
        return ImageFont.truetype(name, size)
    except OSError:
        return ImageFont.load_default(size)


def _strokes(text: Text) -> Image.Image:
    rim, step = text.size // 3, round(text.size * 1.15)
    size = (step * len(text.text) + 2 * rim, text.size + 2 * rim)
    stamp = Image.new("RGBA", size, (*(text.plate or (20, 20, 20)), 255))
    pen = ImageDraw.Draw(stamp)
    for number, letter in enumerate(text.text):
        for stroke in STROKES[letter]:
            points = [tuple(float(part) for part in point.split(",")) for point in stroke.split()]
            line = [(rim + number * step + x * text.size, rim + y * text.size) for x, y in points]
            pen.line(line, (*text.colour, 255), max(2, text.size // 9), joint="curve")
    return stamp


def plain(colour: tuple[int, int, int] = (70, 90, 110), size: tuple[int, int] = (1280, 720)) -> Background:
    """One colour all the time."""
    picture = np.full((size[1], size[0], 3), colour, np.uint8)
    return lambda _: picture


def drifting(seed: int = 0, size: tuple[int, int] = (1280, 720), speed: float = 60.0) -> Background:
    """Soft blotches that pass by as from a car."""
    width, height = size
    small = np.random.default_rng(seed).integers(40, 190, (height // 40, width // 20, 3), np.uint8)
    wide = np.asarray(Image.fromarray(small).resize((2 * width, height), Image.Resampling.BICUBIC))

    def at(time: float) -> NDArray[np.uint8]:
        left = int(speed * time) % width
        return np.ascontiguousarray(wide[:, left : left + width])

    return at


def filmed(
    frames: Sequence[NDArray[np.uint8]], rate: float, size: tuple[int, int] = (1280, 720)
) -> Background:
    """A real video forwards and backwards again and again, scaled to fill the picture."""
    width, height = size
    fitted = []
    for frame in frames:
        picture = Image.fromarray(frame)
        scale = max(width / picture.width, height / picture.height)
        larger = picture.resize((math.ceil(picture.width * scale), math.ceil(picture.height * scale)))
        fitted.append(np.asarray(larger.crop((0, 0, width, height))))
    there_and_back = [*fitted, *fitted[-2:0:-1]]
    return lambda time: there_and_back[int(time * rate) % len(there_and_back)]


def make_written_video(
    path: Path,
    texts: Sequence[Text],
    *,
    seconds: float,
    background: Background | None = None,
    rate: int = 8,
    bars: int = 0,
    rotation: int = 0,
) -> Path:
    """Write an H.264 video with texts in it.

    Args:
        path: of the file.
        texts: what stands in it.
        seconds: how long it lasts.
        background: what is behind them; a grey where None.
        rate: frames per second.
        bars: pixels of black above and below the picture, before the texts are drawn.
        rotation: degrees, counter-clockwise, that the file says its pictures are to be turned by; they are
            stored accordingly.
    """
    behind = background or plain()
    with av.open(str(path), "w") as output:
        stream = None
        for number in range(round(seconds * rate)):
            time = number / rate
            picture = Image.fromarray(behind(time))
            if bars:
                pen = ImageDraw.Draw(picture)
                pen.rectangle((0, 0, picture.width, bars), (0, 0, 0))
                pen.rectangle((0, picture.height - bars, picture.width, picture.height), (0, 0, 0))
            for text in texts:
                draw(picture, text, time)
            stored = picture.rotate(-rotation, expand=True) if rotation else picture
            if stream is None:
                stream = output.add_stream("libx264", rate=rate, options={"preset": "ultrafast", "crf": "20"})
                stream.width, stream.height, stream.pix_fmt = stored.width, stored.height, "yuv420p"
                stream.gop_size = 10 * rate
                if rotation:
                    stream.set_display_rotation(rotation)
            frame = av.VideoFrame.from_ndarray(np.asarray(stored), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            output.mux(stream.encode(frame))
        if stream is not None:
            output.mux(stream.encode(None))
    return path


def repeat_video(source: Path, target: Path, seconds: float) -> Path:
    """Write a video again and again into one file without decoding it, until it lasts so long."""
    with av.open(str(source)) as one, av.open(str(target), "w") as output:
        track = one.streams.video[0]
        copied = output.add_stream_from_template(track)
        packets = [packet for packet in one.demux(track) if packet.dts is not None]
        length = max((packet.pts or 0) + (packet.duration or 0) for packet in packets)
        kept = [(bytes(packet), packet) for packet in packets]
        for turn in range(math.ceil(seconds / (length * float(track.time_base or 1)))):
            for content, packet in kept:
                again = av.Packet(content)
                again.stream, again.time_base, again.is_keyframe = (
                    copied,
                    packet.time_base,
                    packet.is_keyframe,
                )
                again.pts = (packet.pts or 0) + turn * length
                again.dts = (packet.dts or 0) + turn * length
                again.duration = packet.duration
                output.mux(again)
    return target


WORDS = (
    *("exit", "station", "bakery", "main", "street", "open", "library", "parking", "hotel"),
    *("platform", "danger", "museum", "coffee", "shop", "pharmacy", "entry", "airport", "hauptbahnhof"),
    *("sortie", "farmacia", "kiosk", "room", "ticket", "office", "closed", "welcome", "market"),
    *("garden", "school", "police", "bridge", "river", "castle", "theatre", "concert", "flowers"),
    *("books", "bicycle", "rental", "harbour", "ferry", "tower", "sunday"),
)


def signs(count: int, seed: int, sizes: Sequence[int], seconds: float) -> Iterator[Text]:
    """Signs of one to three words one after the other, in many styles, each seen for `seconds`."""
    chance = random.Random(seed)  # noqa: S311 (no secret)
    fresh = cycle(sizes)
    for number in range(count):
        words = " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 3)))
        text = chance.choice((words, words.title(), words.upper()))
        style = chance.choice(("plate", "plain", "outline"))
        light = chance.random() < 0.6
        colour = chance.choice(((250, 250, 250), (255, 220, 60))) if light else (20, 20, 25)
        plate = chance.choice(((10, 60, 120), (0, 80, 40), (120, 20, 20))) if light else (235, 235, 225)
        yield Text(
            text,
            number * seconds,
            (number + 1) * seconds,
            next(fresh),
            chance.uniform(40, 500),
            chance.uniform(40, 600),
            colour=colour,
            plate=plate if style == "plate" else None,
            outline=style == "outline",
            font=chance.choice(FONTS),
        )
