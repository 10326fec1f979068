"""The slow truth: every frame of a file, decoded in sequence by PyAV on one thread."""

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from app.media.decoding.opening.timeline import start_of
from app.media.decoding.picture import FrameConverter, geometry
from app.media.frames import Frame, Sampling

UNSMOOTHED = 12
"""Levels that a pixel of a first look may be off: it leaves the edges of blocks as they were coded."""


def assert_true_frames(path: Path, frames: Sequence[Frame], sampling: Sampling) -> None:
    """Each frame must be one of the file's, at that frame's own time, with exactly its pixels.

    Those of a first look may be off by `UNSMOOTHED`, by one level on the average.
    """
    tolerance = UNSMOOTHED if sampling.first_look else 0
    wanted = {round(frame.time, 4): frame for frame in frames}
    painter = FrameConverter(sampling)
    with path.open("rb") as file, av.open(file) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        zero = start_of(container, stream)
        for picture in container.decode(stream):
            assert picture.pts is not None
            time = picture.pts * float(stream.time_base) - zero
            frame = wanted.pop(round(time, 4), None)
            if frame is not None:
                pixels: NDArray[np.uint8] = painter.image(
                    picture, geometry(picture, stream.sample_aspect_ratio)
                )
                off = np.abs(frame.image.astype(np.int16) - pixels)
                assert off.max() <= tolerance, f"{path.name} at {time}"
                assert off.mean() <= min(1, tolerance), f"{path.name} at {time}"
    assert not wanted, f"{path.name} has no frames at {sorted(wanted)}"


def frame_times(path: Path) -> list[float]:
    """All presentation times in seconds of running time."""
    with path.open("rb") as file, av.open(file) as container:
        stream = container.streams.video[0]
        zero = start_of(container, stream)
        return [
            picture.pts * float(stream.time_base) - zero
            for picture in container.decode(stream)
            if picture.pts is not None
        ]
