"""What makes two readings of a video the same: its content, the model, and how frames are chosen."""

from dataclasses import dataclass
from typing import Self

from app.media.frames import Sampling

SAMPLING_VERSION = 1
"""To be raised when the same file and `Sampling` give other frames, clips or thumbnails than before."""


@dataclass(frozen=True, slots=True)
class TaskKey:
    """Names one task: whoever does it, and however often, its shard holds the same rows."""

    fingerprint: str
    """Of the file's content, see `app.media.fingerprints`."""
    model: str
    """`EncoderBundle.identity`."""
    sampling: str
    """`SAMPLING_VERSION`, and what was asked for."""

    @classmethod
    def of(cls, fingerprint: str, model: str, sampling: Sampling) -> Self:
        """The key of a reading; threads make no difference to its rows."""
        asked = (
            *(SAMPLING_VERSION, sampling.short_side, sampling.max_rate, sampling.min_frames),
            *(sampling.clip_frames, sampling.thumbnail_width, int(sampling.first_look)),
        )
        return cls(fingerprint, model, "-".join(map(str, asked)))

    def __str__(self) -> str:
        return f"{self.fingerprint[:14]} {self.model[:12]} {self.sampling}"
