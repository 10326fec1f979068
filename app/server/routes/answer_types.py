"""What is answered, as JSON: the types of the API. Times are seconds on the container's clock."""

from typing import Literal

from pydantic import BaseModel, Field

from app.catalogue.kept.kept_names import LONGEST_NAME


class Problem(BaseModel):
    """Why a request is not answered (RFC 9457)."""

    type: str = "about:blank"
    title: str = Field(description="Of the status.")
    status: int
    detail: str = Field(description="What happened, one sentence.")
    advice: str = Field("", description="What to do; empty where nothing can be done.")
    at: int | None = Field(None, description="Of a query that makes no sense: at which character.")


class ModelAnswer(BaseModel):
    """The model that answers."""

    title: str
    identity: str
    scorer: str = Field(description="What ranks.")


class Status(BaseModel):
    """How the library and its server are."""

    version: str = Field(description="Of the program.")
    api: int = Field(description="Of this API: goes up when a field changes its meaning or goes.")
    title: str = Field(description="Name of the library’s folder.")
    person: str = Field(description="Whose token was used.")
    model: ModelAnswer
    revision: str = Field(description="Another one where searches may find something else than before.")
    videos: int
    indexed: int
    pending: int
    failed: int
    offline: int = Field(description="Watched folders that cannot be reached now.")
    seconds: float = Field(description="Of all indexed videos.")
    complete: float = Field(description="0..1: share of the videos that were looked at.")
    indexing: bool
    waiting: str = Field(description="What indexing waits for, one sentence; empty where it does not.")
    read_only: bool
    offers: list[str] = Field(
        description="What it does besides, of what servers of earlier versions did not: examples, why, tags."
    )


class PartAnswer(BaseModel):
    """What one step of a chain found."""

    start: float
    end: float
    best: float
    strength: float
    thumbnail: str | None = Field(description="Path of its picture on this server.")
    frame_id: int


class ReasonAnswer(BaseModel):
    """What one part of the query has to do with a moment."""

    kind: str
    text: str
    strength: float
    step: int
    quote: str
    marks: list[tuple[int, int]]


class MomentAnswer(BaseModel):
    """A found moment."""

    rank: int
    path: str = Field(description="On the server’s computer; bytes that are no UTF-8 are �.")
    name: str = Field(description="Of the file, as it can be shown on one line.")
    start: float
    end: float
    best: float = Field(description="Where a player opens.")
    score: float
    strength: float = Field(description="0..1: calibrated probability that it is what was asked for.")
    state: str = Field(description="here, away, unreachable or gone.")
    playable: bool
    copies: list[str]
    thumbnail: str | None = Field(description="Path of its picture on this server.")
    parts: list[PartAnswer]
    reasons: list[ReasonAnswer]
    video_id: int
    frame_id: int = Field(description="0 where there is no picture.")
    folder_id: int | None
    duration: float = Field(description="Of the whole video; 0 where that is not known.")
    filmed: float = Field(description="Seconds since 1970.")
    listed: bool = Field(description="Whether filters alone were asked: nothing was compared.")


class TookAnswer(BaseModel):
    """Milliseconds."""

    encode: float
    candidates: float
    rescore: float
    total: float


class SearchAnswer(BaseModel):
    """What was found: the object of `reelfind search --json`, and where in it this page is."""

    version: int
    query: str
    model: str
    scorer: str
    verdict: Literal["good", "weak", "none"]
    notice: str
    took_ms: TookAnswer
    results: list[MomentAnswer]
    offset: int
    next_offset: int | None = Field(description="Of the next page; null where there is none.")
    complete: float = Field(description="0..1: share of the library’s videos that were looked at.")


class VideoAnswer(BaseModel):
    """A video."""

    id: int
    name: str
    path: str
    folder_id: int | None
    state: str = Field(description="pending, indexed or failed.")
    presence: str = Field(description="here, away, unreachable or gone.")
    playable: bool
    reason: str = Field(description="Why it cannot be (wholly) read; empty where it can.")
    size: int = Field(description="Bytes.")
    duration: float
    width: int
    height: int
    codec: str
    frame_rate: float | None
    sound: bool
    filmed: float = Field(description="Seconds since 1970.")
    camera: str
    media_type: str
    copies: list[str]


class ShotAnswer(BaseModel):
    """A run of neighbouring frames."""

    number: int
    start: float
    end: float
    frame_id: int


class ShotsAnswer(BaseModel):
    """Of one video."""

    shots: list[ShotAnswer]


class FrameAnswer(BaseModel):
    """A sampled frame."""

    id: int
    time: float
    key: bool
    shot: int


class FramesAnswer(BaseModel):
    """Of one video, in order of time."""

    frames: list[FrameAnswer]


class LineAnswer(BaseModel):
    """Something that is said or written."""

    source: str
    start: float
    end: float
    text: str
    language: str


class LinesAnswer(BaseModel):
    """Of one video."""

    lines: list[LineAnswer]


class CurveAnswer(BaseModel):
    """How well each frame of a video matches."""

    times: list[float]
    strengths: list[float]


class CurvesAnswer(BaseModel):
    """By the id of the video."""

    curves: dict[str, CurveAnswer]


class FolderAnswer(BaseModel):
    """A watched folder."""

    id: int
    path: str
    name: str
    online: bool
    videos: int
    indexed: int
    failed: int
    pending: int
    seconds: float


class FoldersAnswer(BaseModel):
    """All of them."""

    folders: list[FolderAnswer]


class CompletionAnswer(BaseModel):
    """How the last word may go on."""

    text: str
    help: str


class CompletionsAnswer(BaseModel):
    """In order."""

    completions: list[CompletionAnswer]


class ExamplesAnswer(BaseModel):
    """Queries that find something in this library."""

    examples: list[str]
    complete: bool = Field(description="False while they are looked for: ask again.")


class PlaceInVideo(BaseModel):
    """A video or a moment of it."""

    video_id: int = Field(ge=1, le=2**53)
    start: float | None = Field(None, ge=0, le=1e7, allow_inf_nan=False)
    end: float | None = Field(None, ge=0, le=1e7, allow_inf_nan=False)


class FavouriteChange(PlaceInVideo):
    """What is a favourite from now on, or none any more."""


class TagChange(PlaceInVideo):
    """What has a tag from now on, or not any more."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME, description="Of the tag.")


class TagAnswer(BaseModel):
    """A tag."""

    name: str
    count: int = Field(description="Videos and moments that have it.")


class TaggedAnswer(BaseModel):
    """A video or a moment that has a tag."""

    video_id: int
    start: float | None
    end: float | None
    name: str = Field(description="Of the tag.")
    made: float = Field(description="Seconds since 1970.")


class TagsAnswer(BaseModel):
    """All of them, and what has them."""

    tags: list[TagAnswer]
    tagged: list[TaggedAnswer]


class PartReasonAnswer(BaseModel):
    """What one part of a step has to do with a frame."""

    text: str
    excluded: bool
    strength: float = Field(description="0..1: calibrated probability that the frame shows it.")
    share: float = Field(description="0..1: of what the parts give together.")


class StepReasonAnswer(BaseModel):
    """Why a frame was found for a step."""

    time: float
    area: tuple[float, float, float, float] = Field(
        description="Left, top, right, bottom: the part of the frame that the map lies on, 0..1."
    )
    map: list[list[float]] | None = Field(
        description="Rows from the top, 0..1: which places of the picture speak for it; null without one."
    )
    parts: list[PartReasonAnswer]


class ExplanationAnswer(BaseModel):
    """Why a moment was found."""

    steps: list[StepReasonAnswer] = Field(description="Of the query, in order of time.")
    problem: str = Field(description="Why there are no maps, one sentence; empty where there are.")


class FavouriteAnswer(BaseModel):
    """A video or moment that a person likes."""

    video_id: int | None = Field(description="null where no file of the library holds it now.")
    start: float | None
    end: float | None
    made: float = Field(description="Seconds since 1970.")
    name: str
    frame_id: int


class FavouritesAnswer(BaseModel):
    """In the order in which they were made."""

    favourites: list[FavouriteAnswer]


class LinkAnswer(BaseModel):
    """Lets one browser in, once."""

    path: str
    seconds: int = Field(description="For which it holds.")
