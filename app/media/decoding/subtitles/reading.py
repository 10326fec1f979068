"""All lines of a video's subtitles: those in the file, and those of the files beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.errors import MediaError
from app.lines.line import Line
from app.media import reasons
from app.media.decoding.opening.container import open_regular
from app.media.decoding.subtitles.captions import lines_of, merged
from app.media.decoding.subtitles.encodings import decoded
from app.media.decoding.subtitles.sidecar_formats import NotSubtitlesError, captions_of
from app.media.decoding.subtitles.text_tracks import ContainerText, read_container
from app.text import shown

MOST_BYTES = 16 << 20
"""Of one file of subtitles: a film's have 100 kB, with all effects of a karaoke 10 MB."""
MOST_LINES = 100_000
"""Of one video."""

_PICTURES = (b"\0\0\x01\xba", b"# VobSub", b"PG")
"""What subtitles that are pictures begin with: VobSub's two files, and a Blu-ray's."""


@dataclass(frozen=True, slots=True)
class SubtitleText:
    """What was read for one video."""

    lines: tuple[Line, ...]
    problems: tuple[str, ...]
    """Files beside the video that were passed over, each with why."""


def read_subtitles(
    path: Path, sidecars: Sequence[tuple[Path, str]], beat: Callable[[float], None]
) -> SubtitleText:
    """Read every track of text in a video and beside it.

    Args:
        path: of the video.
        sidecars: files beside it, each with its language (ISO 639-1, or empty).
        beat: told the seconds of the video that were reached; 0 for each file beside it.

    Raises:
        MediaError: the video, or for a reason that may pass a file beside it, cannot be read; or there is
            nothing but files beside it that are none of subtitles.
    """
    container = read_container(path, beat)
    tracks = [lines_of(track.captions(), track.language, container.duration) for track in container.tracks]
    problems: list[str] = []
    for sidecar, language in sidecars:
        beat(0.0)
        try:
            tracks.append(_lines_beside(sidecar, language, container))
        except MediaError as error:
            if error.cause.is_passing:
                raise
            problems.append(f"{shown(sidecar.name)}: {error.sentence}")
        except NotSubtitlesError as error:
            problems.append(f"{shown(sidecar.name)}: {error}")
    lines = merged(tracks, MOST_LINES)
    if problems and not lines:
        raise reasons.no_subtitles([shown(sidecar.name) for sidecar, _ in sidecars])
    return SubtitleText(tuple(lines), tuple(problems))


def _lines_beside(path: Path, language: str, container: ContainerText) -> list[Line]:
    with open_regular(path) as file:
        if file.size > MOST_BYTES:
            raise NotSubtitlesError(f"{file.size / 1e6:,.0f} MB are more than subtitles have")
        data = bytearray()
        try:
            while chunk := file.read(MOST_BYTES + 1 - len(data)):
                data += chunk
        except OSError as error:
            raise reasons.cannot_open(error) from error
    if data.startswith(_PICTURES):
        return []
    captions = captions_of(decoded(bytes(data), language), container.rate)
    return lines_of(captions, language, container.duration)
