"""The bridge from the indexer's threads to the GUI thread."""

from collections import deque

from PySide6.QtCore import QObject, Qt, Signal

from app.indexing.events import IndexingEvent, Progress


class IndexingBridge(QObject):
    """Passes indexing events on, on the GUI thread, in order; of waiting `Progress` only the last counts.

    It listens before indexing can begin, and passes on what it heard once somebody is there to hear it.
    """

    event_received = Signal(object)
    """IndexingEvent."""
    _wake = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[IndexingEvent] = deque()
        self._is_open = False
        self._wake.connect(self._drain, Qt.ConnectionType.QueuedConnection)

    def receive(self, event: IndexingEvent) -> None:
        """Called on any thread."""
        self._waiting.append(event)
        self._wake.emit()

    def open(self) -> None:
        """Pass events on from now on, first those that came before."""
        self._is_open = True
        self._drain()

    def _drain(self) -> None:
        if not self._is_open:
            return
        batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
        last = max((n for n, event in enumerate(batch) if isinstance(event, Progress)), default=-1)
        for n, event in enumerate(batch):
            if n == last or not isinstance(event, Progress):
                self.event_received.emit(event)
