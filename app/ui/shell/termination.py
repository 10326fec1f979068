"""SIGTERM, SIGINT and SIGHUP close the window in order, as its own close button does."""

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal

_NAMES = ("SIGTERM", "SIGINT", "SIGHUP")


class Termination(QObject):
    """Says on the GUI thread that a signal asked the program to end.

    Qt's loop runs no Python while it waits, and a Python signal handler needs some: the interpreter writes a
    byte to a socket (`signal.set_wakeup_fd`), which wakes the loop. Nothing polls.
    """

    asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Take over the signals until `release`, on the main thread; one that is ignored (nohup) stays so."""
        super().__init__(parent)
        self.number = 0
        """The signal that came, 0 where none has."""
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_byte)
        self._wakeup = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._handlers = {}
        for name in _NAMES:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                self._handlers[number] = signal.signal(number, self._on_signal)

    def release(self) -> None:
        """Give the signals back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.number = self.number or number

    def _on_byte(self) -> None:
        try:
            while self._reader.recv(64):
                pass
        except BlockingIOError:
            pass
        if self.number:
            self.asked.emit()
