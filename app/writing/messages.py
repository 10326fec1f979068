"""What the program and the writing child say to each other (`app/processes/wire.py`).

program: begin (a video), frame          child: ready, sight, memory, bug

What a child says is checked: pixels that nobody vouches for went through its networks. All raise WireError.
"""

import json
import math

import numpy as np
from numpy.typing import NDArray

from app.processes.wire import Message, WireError
from app.writing.readings import Sight, Written

MOST_PIECES = 256
MOST_LETTERS = 400
"""Of one piece; no line of a picture is longer."""

BEGIN = Message("begin")


def frame_message(image: NDArray[np.uint8], time: float) -> Message:
    """A frame (H, W, 3) RGB, shown at `time` seconds."""
    height, width, _ = image.shape
    return Message("frame", {"height": height, "width": width, "time": time}, (image.tobytes(),))


def image_of(message: Message) -> NDArray[np.uint8]:
    """The frame (H, W, 3) RGB."""
    height, width = message.count("height"), message.count("width")
    if len(message.blobs) != 1 or len(message.blobs[0]) != height * width * 3 or height * width == 0:
        raise WireError("a picture of another size than it says")
    return np.frombuffer(message.blobs[0], np.uint8).reshape(height, width, 3)


def sight_message(sight: Sight) -> Message:
    """What stands in a frame."""
    if sight is None:
        return Message("sight", {"changed": False})
    pieces = [
        [each.text[:MOST_LETTERS], each.confidence, each.left, each.top, each.right, each.bottom]
        for each in sight
    ]
    return Message("sight", {"changed": True}, (json.dumps(pieces).encode("ascii"),))


def sight_of(message: Message) -> Sight:
    """What stands in a frame, as it was sent."""
    if message.fields.get("changed") is not True:
        return None
    try:
        (blob,) = message.blobs
        pieces = json.loads(blob)
        if not isinstance(pieces, list) or len(pieces) > MOST_PIECES:
            raise WireError("not what stands in a frame")
        return tuple(_written(*piece) for piece in pieces)
    except (ValueError, TypeError, RecursionError) as error:
        raise WireError("not what stands in a frame") from error


def _written(text: object, *numbers: object) -> Written:
    if not isinstance(text, str) or len(text) > MOST_LETTERS or len(numbers) != 5:
        raise WireError("not a piece of text")
    values = [each for each in numbers if isinstance(each, int | float) and math.isfinite(each)]
    if len(values) != 5 or min(values) < 0:
        raise WireError("not a place in a frame")
    return Written(text, *values)
