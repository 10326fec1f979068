"""Numbers as a person reads them. Pure: no Qt, no clock, no locale of the machine."""

MINUTE = 60
HOUR = 60 * MINUTE


def clock(seconds: float) -> str:
    """A position in a video: `0:07`, `12:30`, `1:02:03`."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, HOUR)
    minutes, second = divmod(rest, MINUTE)
    if hours:
        return f"{hours}:{minutes:02d}:{second:02d}"
    return f"{minutes}:{second:02d}"


def count(number: int) -> str:
    """A whole number with thousands apart: `1,204`."""
    return f"{number:,}"


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun: `1 video`, `1,204 videos`."""
    return f"{count(number)} {one if number == 1 else many}"


def duration(seconds: float) -> str:
    """A length of time: `42 s`, `5 min`, `2 h 14 min`."""
    whole = max(0, round(seconds))
    if whole < MINUTE:
        return f"{whole} s"
    minutes = round(whole / MINUTE)
    if minutes < 60:
        return f"{minutes} min"
    hours, left = divmod(minutes, 60)
    return f"{count(hours)} h {left} min" if left else f"{count(hours)} h"


def rate(video_seconds_per_second: float) -> str:
    """Indexing speed: `14× real time`, `0.6× real time`; empty while it is not known."""
    if video_seconds_per_second <= 0:
        return ""
    shown = (
        f"{video_seconds_per_second:.1f}"
        if video_seconds_per_second < 10
        else (count(round(video_seconds_per_second)))
    )
    return f"{shown}× real time"


def percent(share: float) -> str:
    """A share of 0..1 as `82 %`."""
    return f"{round(100 * min(max(share, 0.0), 1.0))} %"


def provider(name: str) -> str:
    """An execution provider's everyday name: `CUDAExecutionProvider` and `CUDA` are both `CUDA`."""
    return name.removesuffix("ExecutionProvider")
