"""What each tool answers; times in seconds on the video's clock. Their schemas are its output schemas."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

State = Literal["here", "gone", "away", "unreachable"]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class IndexState(_Answer):
    """How much of the library can be found now."""

    complete: bool = Field(description="Whether every readable video of the library is indexed.")
    videos: int
    indexed: int
    waiting: int = Field(description="Videos that cannot be found yet.")
    unreadable: int = Field(description="Videos that could not be read.")
    says: str = Field(description="The same in sentences.")


class Why(_Answer):
    """What one part of the query has to do with a moment."""

    kind: Literal["seen", "absent", "said", "written", "named"]
    asked: str = Field(description="The part of the query.")
    probability: float = Field(description="0 to 1, calibrated.")
    quote: str = Field(description="What is said or written, or the name; empty of what is seen.")


class MomentPart(_Answer):
    """What one step of a query in steps (`a >> b`) found."""

    start: float
    end: float
    probability: float


class FoundMoment(_Answer):
    """A moment that was found."""

    rank: int = Field(description="1 is the best.")
    video: int = Field(description="Number of the video, for the other tools.")
    start: float
    end: float
    best: float = Field(description="Time of the frame that matches best.")
    file: str = Field(description="Name of the file.")
    folder: str
    state: State = Field(description="Where the file is; unless `here`, it cannot be played or exported.")
    score: float = Field(description="Comparable within this answer only.")
    probability: float | None = Field(
        description="0 to 1, calibrated: that it shows what was asked for; null where filters alone were."
    )
    why: list[Why]
    parts: list[MomentPart]
    copies: int = Field(description="How many other files have the same content.")
    length: float = Field(description="Of the whole video; 0 where unknown.")
    filmed: str | None = Field(description="Day, ISO 8601; of the file's last change where it says none.")


class SearchAnswer(_Answer):
    """The answer to a search."""

    query: str
    read_as: str = Field(description="How the query was understood.")
    verdict: Literal["good", "weak", "none", "listed"] = Field(
        description="`weak`: no clear match; `none`: nothing seems to match, these are the closest."
    )
    notice: str = Field(description="What to know about the query beside the answer; may be empty.")
    ranked_by: str
    moments: list[FoundMoment]
    index: IndexState


class FolderDescription(_Answer):
    """A watched folder."""

    path: str
    connected: bool
    videos: int
    indexed: int
    waiting: int
    unreadable: int
    hours: float


class WordSource(_Answer):
    """Where words of videos come from, and how far they are read."""

    name: str
    on: bool
    read: int
    waiting: int
    failed: int


class LibraryDescription(_Answer):
    """What is in the library."""

    folders: list[FolderDescription]
    videos: int
    hours: float = Field(description="Of all indexed videos together.")
    index: IndexState
    words: list[WordSource]
    model: str = Field(description="What finds moments by their pictures.")
    years: list[int] = Field(description="In which something was filmed.")
    cameras: list[str]
    places: list[str]
    tags: list[str]
    collections: list[str]
    notices: list[str] = Field(description="What works less well than it should.")
    can_export: bool = Field(description="Whether `export_clip` is there.")
    version: str


class SpokenLine(_Answer):
    """What is said or written at a time."""

    source: str = Field(description="`subtitle`, `speech` or `writing`.")
    start: float
    end: float
    text: str


class Still(_Answer):
    """The picture that comes with the answer."""

    at: float
    source: Literal["stored", "decoded"]
    type: str


class MomentAnswer(_Answer):
    """One moment with what the library knows of it."""

    video: int
    start: float
    end: float
    file: str
    folder: str
    state: State
    length: float
    width: int
    height: int
    has_sound: bool
    filmed: str
    lines: list[SpokenLine] = Field(description="What is said and written then.")
    lines_left_out: int
    favourite: bool
    tags: list[str]
    collections: list[str]
    notes: list[str]
    still: Still | None = Field(description="Of the picture in this answer; null where there is none.")
    no_still: str = Field(description="Why there is no picture, a sentence; empty where there is.")
    index: IndexState


class ClipAnswer(_Answer):
    """A clip that was written."""

    file: str = Field(description="Name of the new file.")
    folder: str
    start: float = Field(description="Where it really begins in the video.")
    end: float
    bytes: int
    left_out: list[str] = Field(description="Streams that the clip does not have.")
    index: IndexState
