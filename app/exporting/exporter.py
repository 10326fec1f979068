"""One export, from what is asked for to files in a folder."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from app.errors import Cancelled, MediaError, UsageError
from app.exporting import moment_tables
from app.exporting.export_names import moment_name, portable
from app.exporting.export_request import (
    ExportedFile,
    ExportFailure,
    ExportKind,
    ExportMoment,
    ExportProgress,
    ExportReport,
    ExportRequest,
    StillFormat,
)
from app.exporting.export_space import MOVING_SECONDS, check_space
from app.exporting.staging_folder import StagingFolder, unwritable_folder
from app.media.cut_requests import Cut, MovingPicture
from app.media.cutter import Cutter
from app.media.decoder import DecodeCancelled, Decoder
from app.media.reasons import MAX_SIDE

logger = logging.getLogger(__name__)

Report = Callable[[ExportProgress], None]
_STILL_SUFFIXES = {StillFormat.JPEG: ".jpg", StillFormat.PNG: ".png"}


class Export:
    """Runs once, from one thread; `cancel` may be called from any."""

    def __init__(self, request: ExportRequest) -> None:
        """Nothing happens before `run`."""
        self._request = request
        self._cutter = Cutter()
        self._decoder = Decoder()
        self._cancelled = threading.Event()
        self._files: list[ExportedFile] = []
        self._failures: list[ExportFailure] = []

    def run(self, progress: Report = lambda _: None) -> ExportReport:
        """Write the files. A moment that fails does not keep the others from being exported.

        Args:
            progress: told how far it is.

        Raises:
            UsageError: there is nothing to export, or no such folder.
            ExportError: the folder cannot be written to, or its disk has too little space.
            DecoderStartError: no child can be started.
        """
        request = self._request
        if not request.moments:
            raise UsageError("There is nothing to export.", "Choose one or more moments.")
        with ExitStack() as ending:
            staging = ending.enter_context(StagingFolder(request.folder))
            check_space(request)
            ending.callback(self._cutter.close)
            ending.callback(self._decoder.close)
            try:
                self._write(staging, progress)
            except (Cancelled, DecodeCancelled):
                pass
            except OSError as error:
                raise unwritable_folder(request.folder, error) from error
        stopped = self._cancelled.is_set()
        return ExportReport(request.kind, request.folder, tuple(self._files), tuple(self._failures), stopped)

    def cancel(self) -> None:
        """Stop at once, from any thread; what was written stays, what was not whole goes."""
        self._cancelled.set()
        self._cutter.cancel()
        self._decoder.cancel()

    def _write(self, staging: StagingFolder, progress: Report) -> None:
        match self._request.kind:
            case ExportKind.SHEET:
                self._write_sheets(staging, progress)
            case kind if kind.is_timeline:
                self._write_timeline(staging, progress)
            case ExportKind.CSV | ExportKind.JSON:
                self._write_table(staging)
            case _:
                self._write_each(staging, progress)
        if not self._cancelled.is_set():
            progress(ExportProgress(1.0, len(self._request.moments), len(self._request.moments)))

    def _write_each(self, staging: StagingFolder, progress: Report) -> None:
        for number, moment in enumerate(self._request.moments):
            self._go_on()
            say = partial(self._say, progress, number, moment)
            say(0.0)
            try:
                self._files.append(self._write_one(staging, _reachable(moment), say))
            except MediaError as error:
                self._go_on()  # a child that was ended because of a cancel says that it was lost
                self._failures.append(ExportFailure(moment, error.sentence, error.advice))

    def _write_one(
        self, staging: StagingFolder, moment: ExportMoment, say: Callable[[float], None]
    ) -> ExportedFile:
        request, target = self._request, staging.new_file()
        start, end = moment.widened(request.options.handles)
        if request.kind is ExportKind.STILLS:
            form = request.options.still_format
            self._write_still(moment, target, form)
            place = staging.place(target, moment_name(moment.path, moment.best), _STILL_SUFFIXES[form])
            return ExportedFile(place, moment)

        def follow(reached: float) -> None:
            self._go_on()
            say((reached - start) / max(end - start, 0.1))

        cut = self._cut(moment.path, start, end, target, follow)
        place = staging.place(target, moment_name(moment.path, moment.start), cut.suffix)
        return ExportedFile(place, moment, cut.start, cut.end, cut.left_out)

    def _cut(
        self, path: Path, start: float, end: float, target: Path, follow: Callable[[float], None]
    ) -> Cut:
        options, kind = self._request.options, self._request.kind
        if kind is ExportKind.CLIPS:
            cut = self._cutter.encode if options.exact else self._cutter.copy
            return cut(path, start, end, target, follow)
        picture = MovingPicture(kind.value, options.long_side, options.rate)
        return self._cutter.moving(path, start, min(end, start + MOVING_SECONDS), target, picture, follow)

    def _write_still(self, moment: ExportMoment, target: Path, form: StillFormat) -> None:
        from app.exporting.contact_sheet import encoded  # noqa: PLC0415 - OpenCV

        picture = self._decoder.still(moment.path, moment.best, short_side=MAX_SIDE)
        target.write_bytes(encoded(picture, form))

    def _write_sheets(self, staging: StagingFolder, progress: Report) -> None:
        from app.exporting import contact_sheet as sheets  # noqa: PLC0415 - OpenCV

        frames = sheets.frames_of(self._request.moments, self._request.options.handles)
        cells: list[tuple[sheets.Picture, str]] = []
        for number, frame in enumerate(frames):
            self._go_on()
            progress(ExportProgress(number / len(frames), number, len(frames), frame.moment.path))
            try:
                path = _reachable(frame.moment).path
                picture = self._decoder.still(path, frame.at, short_side=sheets.CELL)
            except MediaError as error:
                self._failures.append(ExportFailure(frame.moment, error.sentence, error.advice))
                continue
            rank = f"{frame.moment.rank}   " if frame.moment.rank and len(self._request.moments) > 1 else ""
            cells.append((picture, rank + moment_tables.clock(frame.at)[:-2].removeprefix("0:")))
        for first in range(0, len(cells), sheets.MOST):
            page = sheets.sheet(cells[first : first + sheets.MOST])
            self._place_bytes(staging, sheets.encoded(page, StillFormat.JPEG), ".jpg")

    def _write_table(self, staging: StagingFolder) -> None:
        moments = self._request.moments
        if self._request.kind is ExportKind.CSV:
            self._place_bytes(staging, moment_tables.as_csv(moments), ".csv")
        else:
            self._place_bytes(staging, moment_tables.as_json(moments), ".json")

    def _write_timeline(self, staging: StagingFolder, progress: Report) -> None:
        from app.exporting.timelines.edit_list import EditList, media_of  # noqa: PLC0415 - only here
        from app.exporting.timelines.timeline_files import timeline_files  # noqa: PLC0415 - OpenTimelineIO

        request = self._request
        known = {}
        for number, moment in enumerate(request.moments):
            self._go_on()
            self._say(progress, number, moment, 0.0)
            if moment.path not in known:
                known[moment.path] = media_of(moment, self._cutter)
        edits = EditList.of(request.name, request.moments, known, request.options.handles)
        for data in timeline_files(edits, request.kind):
            self._place_bytes(
                staging, data, f".{'xml' if request.kind is ExportKind.XMEML else request.kind}"
            )

    def _place_bytes(self, staging: StagingFolder, data: bytes, suffix: str) -> None:
        target = staging.new_file()
        target.write_bytes(data)
        self._files.append(ExportedFile(staging.place(target, portable(self._request.name), suffix)))

    def _say(self, progress: Report, number: int, moment: ExportMoment, share: float) -> None:
        total = len(self._request.moments)
        progress(ExportProgress((number + min(max(share, 0.0), 1.0)) / total, number, total, moment.path))

    def _go_on(self) -> None:
        if self._cancelled.is_set():
            raise Cancelled("The export was stopped.")


def _reachable(moment: ExportMoment) -> ExportMoment:
    """The moment in a file that is there, which may be a copy of its own."""
    for path in _places(moment):
        with suppress(OSError):  # its folder may not be entered
            if path.is_file():
                return moment if path == moment.path else replace(moment, path=path)
    raise MediaError("Its video is not there.", "Connect its disk, or look whether it was moved.")


def _places(moment: ExportMoment) -> Iterator[Path]:
    yield moment.path
    yield from moment.copies
