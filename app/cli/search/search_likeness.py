"""`reelfind search --image` and `--video`: files as the query language names them."""

from pathlib import Path

from app.disk.formats import is_ambiguous, is_video_name
from app.errors import UsageError
from app.query.like_values import read_likeness
from app.query.printer import quoted
from app.text import shown


def likeness_of(image: Path | None, crop: str | None, video: Path | None) -> str | None:
    """What the options say, as a part of a query; None where they say nothing.

    Args:
        image: a picture file.
        crop: the part of it that is meant.
        video: a video of the library.

    Raises:
        UsageError: they make no sense together, or the picture is a video.
    """
    if image is not None and video is not None:
        raise UsageError("Look for a picture or for a video, not for both.", "Leave out --image or --video.")
    if crop is not None and image is None:
        raise UsageError("There is no picture to take a part of.", "Use --crop together with --image.")
    path = video if image is None else image
    if path is None:
        return None
    if image is not None and is_video_name(image.name) and not is_ambiguous(image.name):
        raise UsageError(
            f"“{shown(image)}” is a video, not a picture.",
            f'Use --video, or name a moment of it: like:"{shown(image)}@12".',
        )
    named = str(path) if crop is None else f"{path}#{crop}"
    if crop is not None and read_likeness(named, 1.0, 0).crop is None:
        raise UsageError(
            f"“{shown(crop)}” is no part of a picture.",
            "Give left, top, width and height in percent: --crop 25,0,50,100.",
        )
    return f"like:{quoted(named)}"
