"""The moment that plays, with its ends as they were moved."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.search.outcome import Moment
from app.ui.player.engine.playback import Playback
from app.ui.player.seek_bar import LEAST_SPAN, SeekBar

BACK_TO_START = 1.0
"""Seconds into a mark after which the mark before means its own start."""


class MomentSpan(QObject):
    """In and out points, and the loop between them; what the timeline shows and the player plays follow."""

    looped = Signal(bool)
    """Whether the moment is played again and again from now on."""

    def __init__(self, playback: Playback, timeline: SeekBar, parent: QObject) -> None:
        super().__init__(parent)
        self._playback = playback
        self._timeline = timeline
        self._found: Moment | None = None
        self._loops = False
        self.adjusted: Moment | None = None
        """The moment as its ends were moved: what is exported and kept."""
        timeline.span_changed.connect(self.adjust)

    def set_moment(self, moment: Moment | None) -> None:
        """Begin with a moment as it was found."""
        self._found = self.adjusted = moment
        self.set_loop(on=False)

    def mark_in(self) -> None:
        """The moment begins with the picture on view."""
        if self.adjusted is not None:
            begin = self._playback.seconds
            self.adjust(begin, max(self.adjusted.end, begin + LEAST_SPAN))

    def mark_out(self) -> None:
        """The moment ends here."""
        if self.adjusted is not None:
            end = max(self._playback.seconds, LEAST_SPAN)
            self.adjust(min(self.adjusted.start, end - LEAST_SPAN), end)

    def reset(self) -> None:
        """The moment has its own beginning and end again."""
        if self._found is not None:
            self.adjust(self._found.start, self._found.end)
            self.adjusted = self._found

    def adjust(self, begin: float, end: float) -> None:
        """Give the moment another beginning and end, in seconds."""
        if self.adjusted is None:
            return
        best = min(max(self.adjusted.best, begin), end)
        self.adjusted = replace(self.adjusted, start=begin, end=end, best=best)
        self._timeline.set_span((begin, end))
        if self._loops:
            self._playback.set_loop((begin, end))

    def toggle_loop(self) -> None:
        """Play the moment again and again, or go on as usual."""
        self.set_loop(on=not self._loops)

    def set_loop(self, *, on: bool) -> None:
        """Whether the moment is played again and again."""
        moment = self.adjusted
        self._loops = on and moment is not None
        self._playback.set_loop((moment.start, moment.end) if self._loops and moment else None)
        self.looped.emit(self._loops)

    def go_to_mark(self, by: int) -> None:
        """Go to the next moment that was found in this video, or to the one before."""
        now = self._playback.seconds
        starts = [moment.start for moment in self._timeline.marks]
        if by > 0:
            wanted = next((start for start in starts if start > now + 0.05), None)
        else:
            wanted = next((start for start in reversed(starts) if start < now - BACK_TO_START), None)
        if wanted is not None:
            self._playback.seek(wanted)
