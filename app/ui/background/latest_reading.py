"""Reads one thing that the window shows, off the GUI thread, so that what is shown last was read last.

Operations that only read run beside each other and beside changes, and their answers may overtake: one that
began before a change can arrive after what the change said. So at most one reading of a thing is under way.
Who asks meanwhile gets another one when it has ended, and what the first one says, which may be old by then,
is not shown.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.ui.background.operations import Operation


class LatestReading(QObject):
    """One thing, read whenever it is asked for."""

    arrived = Signal(object)
    """What was read."""
    failed = Signal(str, str)
    """Sentence and advice."""

    def __init__(self, start: Callable[[], Operation | None], parent: QObject) -> None:
        """Make it.

        Args:
            start: starts to read; None where there is nothing to read from.
            parent: owns it.
        """
        super().__init__(parent)
        self._start = start
        self._under_way = False
        self._again = False

    def read(self) -> None:
        """Read it, or read it again once the reading that is under way has ended."""
        if self._under_way:
            self._again = True
            return
        reading = self._start()
        if reading is None:
            return
        self._under_way = True
        reading.finished.connect(lambda read: self._end(lambda: self.arrived.emit(read)))
        reading.failed.connect(lambda sentence, advice: self._end(lambda: self.failed.emit(sentence, advice)))
        reading.cancelled.connect(lambda: self._end(lambda: None))

    def _end(self, tell: Callable[[], None]) -> None:
        self._under_way = False
        if self._again:
            self._again = False
            self.read()
        else:
            tell()
