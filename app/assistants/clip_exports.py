"""Clips for an assistant: into one folder that a person named, never over another file, and only so many."""

import threading
from pathlib import Path

from app.assistants.cancellation import Cancellation
from app.assistants.tool_inputs import LONGEST_CLIP
from app.catalogue.records import Video
from app.errors import UsageError
from app.exporting.export_request import (
    ExportedFile,
    ExportError,
    ExportKind,
    ExportMoment,
    ExportOptions,
    ExportRequest,
)
from app.exporting.exporter import Export
from app.exporting.staging_folder import StagingFolder
from app.text import shown

MOST_CLIPS = 100
"""Of one run of the server: what asks without end shall not fill a disk."""


class ClipExports:
    """Writes clips into one folder, one at a time. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        """See that the folder can be written to.

        Args:
            folder: which; it has to be there.

        Raises:
            UsageError: there is no such folder.
            ExportError: it cannot be written to.
        """
        if not folder.is_dir():
            raise UsageError(f"{shown(folder)} is no folder.", "Name one that is there with --allow-export.")
        self.folder = folder.resolve()
        """Where the name led when the server began: a link that is changed later leads nowhere else."""
        with StagingFolder(self.folder):
            pass
        self._writing = threading.Lock()
        self._count = 0

    def write(
        self, video: Video, start: float, end: float, *, exact: bool, cancellation: Cancellation
    ) -> ExportedFile:
        """Write one clip.

        Args:
            video: what it is cut out of.
            start: seconds.
            end: above `start`.
            exact: whether it begins and ends to the frame.
            cancellation: ends it; what was not whole goes.

        Raises:
            UsageError: it would be too long, or one too many.
            ExportError: the folder is full or cannot be written to, or the video cannot be cut.
            DecoderStartError: no child can be started.
        """
        if end - start > LONGEST_CLIP:
            raise UsageError(
                f"A clip of {end - start:.0f} seconds is too long.", f"Ask for {LONGEST_CLIP:.0f} at most."
            )
        request = ExportRequest(
            ExportKind.CLIPS,
            (_to_export(video, start, end),),
            self.folder,
            options=ExportOptions(exact=exact),
        )
        with self._writing:
            if self._count >= MOST_CLIPS:
                raise UsageError(
                    f"{MOST_CLIPS} clips were written already.", "Start the assistant again for more."
                )
            self._count += 1
            export = Export(request)
            with cancellation.stops(export.cancel):
                report = export.run()
        for failure in report.failures:
            raise ExportError(failure.sentence, failure.advice)
        if not report.files:
            raise ExportError("The clip is not wanted any more.")
        return report.files[0]


def _to_export(video: Video, start: float, end: float) -> ExportMoment:
    facts = video.facts
    return ExportMoment(
        path=video.path,
        start=start,
        end=end,
        best=(start + end) / 2,
        presence=video.presence,
        duration=facts.duration if facts else 0.0,
        size=video.size,
        width=facts.width if facts else 0,
        height=facts.height if facts else 0,
        frame_rate=(facts.frame_rate if facts else None) or 0.0,
        has_sound=bool(facts and facts.has_audio),
    )
