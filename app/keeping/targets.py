"""`PATH`, `PATH@12.5` and `PATH@12.5-20`: a video or a moment of it, as people name it."""

import re
from dataclasses import dataclass
from pathlib import Path

from app.catalogue.catalogue import Catalogue
from app.catalogue.kept.kept_records import KeptThing, Target, TimeSpan
from app.catalogue.records import Video
from app.errors import UsageError
from app.paths import real_path, typed_path
from app.search.outcome import Moment
from app.text import shown

_CLOCK = r"(?:[0-9]{1,4}:){0,2}[0-9]{1,7}(?:\.[0-9]{1,6})?"
_MOMENT = re.compile(rf"(?P<path>.+)@(?P<start>{_CLOCK})s?(?:[-–](?P<end>{_CLOCK})s?)?", re.DOTALL)
_SPAN = re.compile(rf"(?P<start>{_CLOCK})s?[-–](?P<end>{_CLOCK})s?")

_LEAST = 0.0015
"""Seconds by which a span as it is shown may differ from the one that is stored."""

_USUAL_SECONDS = 5.0
"""Of a moment without an end, where nothing is known of the shots around it."""


@dataclass(frozen=True, slots=True)
class NamedTarget:
    """What marks hang on, with a video that holds it."""

    video: Video
    target: Target


def named_target(catalogue: Catalogue, text: str) -> NamedTarget:
    """What a person names.

    Args:
        catalogue: the library.
        text: the path of a video or the end of it; with `@` and a time for the shot at that time, with
            another time behind a hyphen for what is between.

    Raises:
        UsageError: there is no such video, several, or no such moment.
    """
    video = _video(catalogue, text)
    if video is not None:
        return NamedTarget(video, catalogue.target_of(video))
    found = _MOMENT.fullmatch(text)
    if found is None or (video := _video(catalogue, found["path"])) is None:
        path = text if found is None else found["path"]
        raise UsageError(
            f"No video of this library is called “{shown(path)}”.",
            "Give its path or the end of it, with a moment behind it as in dog.mp4@12.5-20.",
        )
    start = seconds(found["start"])
    if found["end"] is not None:
        return NamedTarget(video, catalogue.target_of(video, TimeSpan(start, seconds(found["end"]))))
    return NamedTarget(video, catalogue.target_of(video, _shot_at(catalogue, video, start)))


def kept_targets(catalogue: Catalogue, text: str) -> list[Target]:
    """What a person names of what is kept, also about contents that are not here now.

    Args:
        catalogue: the library.
        text: as for `named_target`; one time alone means every kept moment that holds it.

    Raises:
        UsageError: nothing is kept about that.
    """
    found = _MOMENT.fullmatch(text)
    for path, times in ((text, None), (None if found is None else found["path"], found)):
        if path is None:
            continue
        things = _things_of(catalogue, path)
        wanted = [thing.target for thing in things if _is_meant(thing.target.span, times)]
        if wanted:
            return wanted
    raise UsageError(f"Nothing is kept about “{shown(text)}”.", "List what is kept with: reelfind keep list.")


def target_of_moment(catalogue: Catalogue, moment: Moment) -> NamedTarget:
    """What marks of a found moment hang on.

    Raises:
        UsageError: its video is not in the library any more.
    """
    video = catalogue.video(moment.video_id)
    if video is None:
        raise UsageError(f"“{shown(moment.path)}” is not in this library any more.", "Search again.")
    end = moment.end if moment.end > moment.start else moment.start + 1
    return NamedTarget(video, catalogue.target_of(video, TimeSpan(moment.start, end)))


def read_span(text: str) -> TimeSpan:
    """From one time to another, as `12.5-20` or `1:02-1:10`.

    Raises:
        UsageError: it is not written so.
    """
    found = _SPAN.fullmatch(text.strip())
    if found is None or seconds(found["end"]) <= seconds(found["start"]):
        raise UsageError(
            f"“{shown(text)}” is no span of time.", "Give its start and its end, such as 12.5-20."
        )
    return TimeSpan(seconds(found["start"]), seconds(found["end"]))


def seconds(typed: str) -> float:
    """12.5, 1:02.5 or 1:02:03."""
    total = 0.0
    for part in typed.split(":"):
        total = 60 * total + float(part)
    return total


def _video(catalogue: Catalogue, text: str) -> Video | None:
    """The video that a path, or the end of one, names; None where none of the library does.

    Raises:
        UsageError: several do.
    """
    if not text or "\0" in text:
        return None
    path = typed_path(text)
    found = catalogue.videos_at(real_path(path))
    if not found and not path.is_absolute():
        found = catalogue.videos_at(path)
    if len({video.copy_of or video.id for video in found}) > 1:
        raise UsageError(
            f"Several videos of this library are called “{shown(path)}”.", "Give more of the path."
        )
    return found[0] if found else None


def _things_of(catalogue: Catalogue, path: str) -> list[KeptThing]:
    """What is kept about the video of this name, here or not."""
    video = _video(catalogue, path)
    if video is not None and video.fingerprint is not None:
        return catalogue.kept(fingerprint=video.fingerprint)
    end = Path(path).parts
    return [
        thing
        for thing in catalogue.kept()
        if thing.video_id is None and end and thing.path.parts[-len(end) :] == end
    ]


def _is_meant(span: TimeSpan | None, times: re.Match[str] | None) -> bool:
    if times is None or span is None:
        return times is None and span is None
    start = seconds(times["start"])
    if times["end"] is None:
        return span.start <= start <= span.end
    return abs(span.start - start) < _LEAST and abs(span.end - seconds(times["end"])) < _LEAST


def _shot_at(catalogue: Catalogue, video: Video, at: float) -> TimeSpan:
    """The shot that is to be seen at a time."""
    duration = video.facts.duration if video.facts else at + _USUAL_SECONDS
    if at >= duration:  # `target_of` says so
        return TimeSpan(at, at + _USUAL_SECONDS)
    starts = [clip.start for clip in catalogue.clips(video.copy_of or video.id)]
    before = [start for start in starts if start <= at]
    if not before:
        return TimeSpan(at, min(at + _USUAL_SECONDS, duration))
    after = [start for start in starts if start > at]
    return TimeSpan(before[-1], min([*after[:1], duration]))
