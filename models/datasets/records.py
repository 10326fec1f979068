"""What a data set is: videos on disk, each with its captions, and the ones that are not there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_NAMED = 3
"""Missing videos the summary names."""


@dataclass(frozen=True, slots=True)
class CaptionedVideo:
    """One video, or a segment of one, with the texts that describe it."""

    key: str
    """The name the data set gives it; unique within the set."""
    path: Path
    captions: tuple[str, ...]
    """At least one. Each is a query of its own."""
    start: float | None = None
    """Seconds from the video's start at which the described segment begins; None for its start."""
    end: float | None = None
    """Seconds at which it ends; None for the video's end. A segment may reach beyond the video's end."""


@dataclass(frozen=True, slots=True)
class VideoSet:
    """One split of a data set."""

    name: str
    split: str
    videos: tuple[CaptionedVideo, ...]
    """In the order of the annotation."""
    missing: tuple[str, ...]
    """Keys of the videos that are annotated but not in the videos folder."""

    def summary(self) -> str:
        """Return one sentence on how many videos and captions there are, and what is missing."""
        captions = sum(len(video.captions) for video in self.videos)
        text = f"{self.name} ({self.split}): {len(self.videos)} videos with {captions} captions"
        if not self.missing:
            return f"{text}."
        named = ", ".join(self.missing[:_NAMED]) + (", …" if len(self.missing) > _NAMED else "")
        return f"{text}; {len(self.missing)} of {len(self.videos) + len(self.missing)} missing ({named})."
