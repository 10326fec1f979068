"""A server's answers as the values that the window shows."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import numpy as np

from app.catalogue.kept.kept_names import cleaned_name
from app.catalogue.kept.kept_records import Mark, MarkKind, NamedCount, Target, TimeSpan, VideoMark
from app.catalogue.line_records import StoredLine
from app.catalogue.records import Folder, Presence, StoredFrame
from app.errors import UsageError
from app.lines.line import Source
from app.remote_library.answer_fields import AnswerError, Fields
from app.search.curves import MatchCurve
from app.search.outcome import Moment, MomentPart, Reason, ReasonKind, SearchOutcome, Took, Verdict

API = 1
"""The version of the interface that this program understands."""
MOST_FOLDERS, MOST_FRAMES, MOST_LINES = 10_000, 500_000, 200_000
MOST_PARTS, MOST_REASONS, MOST_COPIES, MOST_MARKS = 64, 256, 1000, 500
MOST_FAVOURITES = 100_000
MOST_TAGS = MOST_TAGGED = 100_000
MOST_EXAMPLES = MOST_OFFERS = 64
LONGEST_EXAMPLE = 2000

_E = TypeVar("_E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """What a server says of its library."""

    title: str
    person: str
    """Whose token this computer has."""
    model: str
    model_identity: str
    scorer: str
    indexing: bool
    offers: frozenset[str]
    """What it does besides, of what servers of earlier versions did not."""


@dataclass(frozen=True, slots=True)
class Favourite:
    """A video, or a moment of it, that this person likes."""

    video_id: int
    span: tuple[float, float] | None
    """Seconds; None for the whole video."""
    made: float
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class TagsThere:
    """The tags of a server's library."""

    tags: tuple[NamedCount, ...]
    """In order of name."""
    tagged: tuple[VideoMark, ...]
    """What has which; the video's number stands for the content."""


def api_version(fields: Fields) -> int:
    """Which interface a status speaks. Raises AnswerError."""
    return fields.count("api")


def read_status(fields: Fields) -> ServerStatus:
    """Of `GET /status`. Raises AnswerError."""
    model = fields.object("model")
    return ServerStatus(
        fields.text("title", ""),
        fields.text("person", ""),
        model.text("title", ""),
        model.text("identity", ""),
        model.text("scorer", ""),
        fields.flag("indexing"),
        frozenset(fields.texts("offers", most=MOST_OFFERS, longest=40)),
    )


def read_folders(fields: Fields) -> list[Folder]:
    """Of `GET /folders`. Raises AnswerError."""
    return list(fields.objects("folders", _folder, most=MOST_FOLDERS))


def read_outcome(fields: Fields, *, rank_from: int, most: int) -> SearchOutcome:
    """Of `GET /search`.

    Args:
        fields: the object.
        rank_from: how many moments come before these.
        most: moments at most.

    Raises:
        AnswerError: it is none.
    """
    took = fields.object("took_ms")
    moments = fields.objects("results", _moment, most=most)
    if [moment.rank for moment in moments] != list(range(rank_from + 1, rank_from + len(moments) + 1)):
        raise AnswerError("ranks that do not follow each other")
    return SearchOutcome(
        fields.text("query"),
        fields.text("model"),
        fields.text("scorer"),
        _one_of(Verdict, fields.text("verdict")),
        Took(took.number("encode"), took.number("candidates"), took.number("rescore"), took.number("total")),
        moments,
        fields.text("notice", ""),
    )


def read_frames(fields: Fields) -> list[StoredFrame]:
    """Of `GET /videos/N/frames`, in order of time. Raises AnswerError."""
    found = fields.objects("frames", _frame, most=MOST_FRAMES)
    return sorted(found, key=lambda frame: frame.time)


def read_lines(fields: Fields, video_id: int) -> list[StoredLine]:
    """Of `GET /videos/N/lines`. Raises AnswerError."""

    def line(each: Fields) -> StoredLine:
        start, end = each.span()
        source = _one_of(Source, each.text("source"))
        return StoredLine(0, video_id, source, start, end, each.text("text"), each.text("language", ""))

    return list(fields.objects("lines", line, most=MOST_LINES))


def read_curves(fields: Fields, video_ids: list[int]) -> dict[int, MatchCurve]:
    """Of `GET /curves`: of each of these videos one. Raises AnswerError."""
    curves, found = fields.object("curves"), {}
    for video_id in video_ids:
        if curves.is_null(str(video_id)):
            times, strengths = [], []
        else:
            curve = curves.object(str(video_id))
            times = curve.numbers("times", most=MOST_FRAMES)
            strengths = curve.numbers("strengths", most=MOST_FRAMES)
        if len(times) != len(strengths) or times != sorted(times):
            raise AnswerError("a curve that goes back")
        found[video_id] = MatchCurve(
            np.array(times, np.float32), np.clip(np.array(strengths, np.float32), 0.0, 1.0)
        )
    return found


def read_favourites(fields: Fields) -> list[Favourite]:
    """Of `GET /people/me/favourites`; those of videos that are gone are left out. Raises AnswerError."""
    found = fields.objects("favourites", _favourite, most=MOST_FAVOURITES)
    return [each for each in found if each is not None]


def read_tags(fields: Fields) -> TagsThere:
    """Of `GET /tags`. Raises AnswerError."""
    tags = fields.objects(
        "tags", lambda each: NamedCount(_tag_name(each), each.count("count")), most=MOST_TAGS
    )
    return TagsThere(tags, fields.objects("tagged", _tagged, most=MOST_TAGGED))


def read_examples(fields: Fields) -> tuple[str, ...] | None:
    """Of `GET /examples`: queries on one line; None while they are looked for. Raises AnswerError."""
    if not fields.flag("complete", True):
        return None
    found = fields.texts("examples", most=MOST_EXAMPLES, longest=LONGEST_EXAMPLE)
    return tuple(text for text in (" ".join(each.split()) for each in found) if text)


def _tag_name(fields: Fields) -> str:
    try:
        return cleaned_name(fields.text("name"), "a tag")
    except UsageError as error:
        raise AnswerError("a tag without a name") from error


def _tagged(fields: Fields) -> VideoMark:
    whole = fields.is_null("start") or fields.is_null("end")
    span = None if whole else TimeSpan(*fields.span())
    number = fields.count("video_id")
    mark = Mark(Target(str(number), span), MarkKind.TAG, _tag_name(fields), fields.number("made", 0.0))
    return VideoMark(number, mark)


def _favourite(fields: Fields) -> Favourite | None:
    if fields.is_null("video_id"):
        return None
    whole = fields.is_null("start") or fields.is_null("end")
    return Favourite(fields.count("video_id"), None if whole else fields.span(), fields.number("made", 0.0))


def _folder(fields: Fields) -> Folder:
    return Folder(
        fields.count("id"),
        Path(fields.text("path")),
        fields.flag("online", True),
        0,
        videos=fields.count("videos", 0),
        indexed=fields.count("indexed", 0),
        failed=fields.count("failed", 0),
        pending=fields.count("pending", 0),
        seconds=fields.number("seconds", 0.0),
    )


def _moment(fields: Fields) -> Moment:
    start, end = fields.span()
    return Moment(
        rank=fields.count("rank"),
        video_id=fields.count("video_id"),
        path=Path(fields.text("path")),
        start=start,
        end=end,
        best=fields.number("best"),
        score=fields.number("score"),
        strength=fields.share("strength"),
        frame_id=fields.count("frame_id", 0),
        presence=_one_of(Presence, fields.text("state")),
        copies=tuple(Path(str(each)) for each in fields.values("copies", most=MOST_COPIES)),
        parts=fields.objects("parts", _part, most=MOST_PARTS),
        reasons=fields.objects("reasons", _reason, most=MOST_REASONS),
        duration=max(0.0, fields.number("duration", 0.0)),
        filmed=fields.number("filmed", 0.0),
        listed=fields.flag("listed"),
    )


def _part(fields: Fields) -> MomentPart:
    start, end = fields.span()
    return MomentPart(
        start, end, fields.number("best"), fields.share("strength"), fields.count("frame_id", 0)
    )


def _reason(fields: Fields) -> Reason:
    quote = fields.text("quote", "")
    return Reason(
        _one_of(ReasonKind, fields.text("kind")),
        fields.text("text"),
        fields.share("strength"),
        fields.count("step"),
        quote,
        tuple(_mark(each, len(quote)) for each in fields.values("marks", most=MOST_MARKS)),
    )


def _mark(pair: object, length: int) -> tuple[int, int]:
    match pair:
        case [int() as start, int() as end] if 0 <= start <= end <= length:
            return start, end
        case _:
            raise AnswerError("a mark outside its quote")


def _frame(fields: Fields) -> StoredFrame:
    return StoredFrame(fields.count("id"), fields.number("time"), fields.flag("key"), fields.count("shot", 0))


def _one_of(kind: type[_E], value: str) -> _E:
    try:
        return kind(value)
    except ValueError as error:
        raise AnswerError(f"{value[:40]!r} is no {kind.__name__}") from error
