"""Going to a moment of a file without reading what is before it."""

from app.media import libav
from app.media.decoding.opening.container import Source
from app.media.decoding.opening.timeline import broadcasts


def jump_before(source: Source, at: float) -> bool:
    """Go to the key frame before a moment; whether that could be done without losing the clock.

    Args:
        source: just opened.
        at: seconds of running time.
    """
    if broadcasts(source.container) or not source.has_pts or source.container.start_time is None:
        return False
    begin = source.seconds(0)  # minus the start, in seconds
    tick = libav.number(source.stream.time_base)
    try:
        source.container.seek(round((at - begin) / tick), stream=source.stream, backward=True)
    except libav.ERRORS:
        return False
    return True
