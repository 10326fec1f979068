"""Where lines come from, each with whether it is wanted, whether it can be read, and what reads it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.catalogue.line_records import LineCounts
from app.disk.formats import is_video_name
from app.errors import ModelError, ReelfindError, UsageError
from app.lines.line import Source
from app.lines.reader import LineReader
from app.media.subtitles.subtitle_reader import SubtitleReader
from app.settings import Settings
from app.speech import whisper_models
from app.speech.speech_reader import SpeechReader, reader_name
from app.writing.models import find_models
from app.writing.writing_reader import WritingReader

IN_WORDS = {
    Source.NAME: "names",
    Source.SUBTITLE: "subtitles",
    Source.WRITING: "text",
    Source.SPEECH: "speech",
}
"""What people call each source, on the command line and in settings."""


_CHOOSE = "Choose one: reelfind sources speech --model tiny (or base, small, or a folder)."


@dataclass(frozen=True, slots=True)
class LineSource:
    """One source of lines that has to be read from files."""

    source: Source
    wanted: bool
    """Whether the library's settings say that it is read."""
    quick: bool
    """Whether it costs next to nothing, so that it is read before anything that takes long."""
    reader: str = ""
    """`LineReader.reader`; empty where it cannot be read."""
    open: Callable[[], LineReader] | None = None
    """Makes its reader, which starts nothing yet; None where it cannot be read."""
    problem: str = ""
    """Why it cannot be read, a plain sentence; empty where it can."""
    advice: str = ""
    """What to do about that."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source of lines and how far it is, for people."""

    name: str
    """Of its setting: one of `IN_WORDS`."""
    wanted: bool
    problem: str
    advice: str
    reader: str
    done: int
    failed: int
    pending: int
    """Videos."""
    lines: int
    models: tuple[str, ...] = ()
    """What could read it instead, of what is on this computer."""

    @classmethod
    def of(cls, source: LineSource, counts: LineCounts) -> "SourceState":
        """Put it together."""
        return cls(
            IN_WORDS[source.source],
            source.wanted,
            source.problem,
            source.advice,
            source.reader,
            counts.done,
            counts.failed,
            counts.pending,
            counts.lines,
            whisper_models.installed() if source.source is Source.SPEECH else (),
        )


def line_sources(settings: Settings) -> tuple[LineSource, ...]:
    """All sources that are read from files, the quick ones first."""
    return (
        LineSource(
            Source.SUBTITLE,
            wanted=settings.subtitles,
            quick=True,
            reader=SubtitleReader.reader,
            open=lambda: SubtitleReader(is_video_name),
        ),
        _writing(settings),
        _speech(settings),
    )


def _writing(settings: Settings) -> LineSource:
    try:
        find_models()
    except ReelfindError as absent:
        return LineSource(
            Source.WRITING,
            wanted=settings.text,
            quick=False,
            problem=absent.sentence,
            advice=absent.advice,
        )
    return LineSource(
        Source.WRITING, wanted=settings.text, quick=False, reader=WritingReader.reader, open=WritingReader
    )


def _speech(settings: Settings) -> LineSource:
    source = LineSource(Source.SPEECH, wanted=settings.speech, quick=False)
    if not whisper_models.is_installed():
        return replace(source, problem="What hears speech is not installed.", advice=whisper_models.INSTALL)
    if not settings.speech_model:
        return replace(source, problem="No speech model is chosen.", advice=_CHOOSE)
    try:
        model = whisper_models.find(settings.speech_model)
    except ModelError as error:
        return replace(source, problem=error.sentence, advice=error.advice)
    every = settings.speech_all_tracks
    return replace(
        source,
        reader=reader_name(model, all_tracks=every),
        open=lambda: SpeechReader(model, all_tracks=every, cores=settings.cores),
    )


def read_names(words: str) -> frozenset[Source]:
    """The sources that a list names, parted by commas: "speech,text"; "none" for none.

    Raises:
        UsageError: it names something else.
    """
    known = {name: source for source, name in IN_WORDS.items()}
    named = [word.strip().lower() for word in words.split(",") if word.strip()]
    if named == ["none"]:
        return frozenset()
    unknown = [name for name in named if name not in known]
    if unknown or not named:
        raise UsageError(
            f"There is no source “{unknown[0] if unknown else words}”.",
            f"There are {', '.join(known)}; name several with commas between them.",
        )
    return frozenset(known[name] for name in named)


def check_readable(sources: Sequence[LineSource], asked: frozenset[Source]) -> None:
    """Raise UsageError where one of the sources that were asked for cannot be read."""
    for each in sources:
        if each.source in asked and each.problem:
            raise UsageError(each.problem, each.advice)
