"""What each tool takes; their schemas are what an assistant reads of it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.query.lexer import LONGEST_QUERY

MOST_MOMENTS = 100
LONGEST_CLIP = 600.0
"""Seconds."""

_LATEST = 1e8

_Seconds = Annotated[float, Field(ge=0, le=_LATEST, allow_inf_nan=False)]
_VideoId = Annotated[int, Field(ge=1, le=(1 << 63) - 1, description="`video` of a moment that was found.")]


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SearchInput(_Input):
    """Of `search_moments`."""

    query: str = Field(
        min_length=1,
        max_length=LONGEST_QUERY,
        description=(
            "What is to be seen, said or written in plain words: “a dog runs out of a door”. "
            "Signs: `-cars` without, `beach + sunset` together, `a >> b` one after the other (`within:60s`), "
            '`said:"happy birthday"`, `text:exit`, `like:"dog.mp4@12.5"`. '
            "Filters: `in:FOLDER after:2023-05 before:2024 longer:30s shorter:5m type:mov name:WORD "
            "camera:WORD place:WORD is:portrait is:favourite tag:NAME in-collection:NAME`, "
            "each with a minus for the contrary. "
            "Filters alone list everything that meets them, newest first."
        ),
    )
    count: int = Field(default=10, ge=1, le=MOST_MOMENTS, description="Moments at most.")


class LibraryInput(_Input):
    """Of `describe_library`: nothing."""


class MomentInput(_Input):
    """Of `get_moment`."""

    video: _VideoId
    start: _Seconds = Field(description="Seconds in the video at which the moment begins.")
    end: _Seconds | None = Field(
        default=None, description="Seconds at which it ends; the end of its shot where that is left out."
    )
    at: _Seconds | None = Field(
        default=None, description="Seconds of the still, such as `best` of a moment; its middle by default."
    )
    still: Literal["stored", "decoded", "none"] = Field(
        default="stored",
        description=(
            "`stored`: the small picture that the library keeps, at once. `decoded`: a larger one from the "
            "video file, which has to be there. `none`: no picture."
        ),
    )


class ClipInput(_Input):
    """Of `export_clip`."""

    video: _VideoId
    start: _Seconds = Field(description="Seconds at which the clip begins.")
    end: _Seconds = Field(description=f"Seconds at which it ends; at most {LONGEST_CLIP:.0f} after `start`.")
    exact: bool = Field(
        default=False,
        description="Begin and end to the frame by encoding anew; else it begins at the key frame before.",
    )
