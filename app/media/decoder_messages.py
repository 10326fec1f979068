"""What the decoding child says, checked: it read files that nobody vouches for. All raise WireError."""

import numpy as np
from numpy.typing import NDArray

from app.errors import Cause
from app.lines.line import Line
from app.lines.line_messages import lines_of
from app.media.area import Area
from app.media.frames import Frame, Origin, VideoFacts
from app.media.geography.coordinates import credible
from app.processes.wire import Message, WireError
from app.text import safe


def frame_of(message: Message) -> Frame:
    """One frame."""
    image, key = image_of(message, blobs=2), bool(message.fields.get("key"))
    clip, thumbnail = message.count("clip"), message.blobs[1]
    return Frame(message.number("time"), key, clip, image, thumbnail, _area(message))


def image_of(message: Message, *, blobs: int) -> NDArray[np.uint8]:
    """The pixels (H, W, 3), which are the first of so many blobs."""
    height, width = message.count("height"), message.count("width")
    if len(message.blobs) != blobs or len(message.blobs[0]) != height * width * 3 or height * width == 0:
        raise WireError("a picture of another size than it says")
    return np.frombuffer(message.blobs[0], np.uint8).reshape(height, width, 3)


def _area(message: Message) -> Area:
    try:
        return Area(*(message.number(side) for side in ("left", "top", "right", "bottom")))
    except ValueError as error:
        raise WireError("an area that is no part of a frame") from error


def facts_of(message: Message) -> VideoFacts:
    """The facts of a video."""
    rate = message.fields.get("frame_rate")
    return VideoFacts(
        container=message.text("container"),
        codec=message.text("codec"),
        width=message.count("width"),
        height=message.count("height"),
        rotation=message.count("rotation"),
        duration=message.number("duration"),
        frame_rate=None if rate is None else message.number("frame_rate"),
        created=created_of(message),
        has_audio=bool(message.fields.get("has_audio")),
        size=message.count("size"),
        origin=origin_of(message),
    )


def created_of(message: Message) -> str | None:
    """`VideoFacts.created`."""
    return None if message.fields.get("created") is None else message.text("created")


def origin_of(message: Message) -> Origin:
    """`VideoFacts.origin`."""
    fields = message.fields.get("origin")
    if not isinstance(fields, dict):
        raise WireError("an origin that is none")
    said = Message("origin", fields)
    latitude = longitude = None
    if fields.get("latitude") is not None:
        position = credible(said.number("latitude"), said.number("longitude"))
        if position is None:
            raise WireError("a position that is none")
        latitude, longitude = position
    return Origin(
        said.text("camera"),
        latitude,
        longitude,
        title=said.text("title"),
        description=said.text("description"),
        keywords=said.text("keywords"),
    )


def subtitles_of(message: Message) -> tuple[tuple[Line, ...], list[str]]:
    """Lines, and files beside the video that were passed over, each with why."""
    problems = message.fields.get("problems")
    if not isinstance(problems, list) or not all(isinstance(problem, str) for problem in problems):
        raise WireError("problems that are none")
    if len(message.blobs) != 1:
        raise WireError("not one blob of lines")
    return lines_of(message.blobs[0]), [safe(problem) for problem in problems]


def cause_of(message: Message) -> Cause:
    """What a failure lies in."""
    try:
        return Cause(message.text("cause"))
    except ValueError as error:
        raise WireError("not a cause") from error
