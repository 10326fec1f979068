"""The bridge from the indexer's threads to the GUI thread."""

from collections import deque

from PySide6.QtCore import QObject, Qt, Signal

from app.indexing.events import IndexingEvent, Progress


class IndexingBridge(QObject):
    """Passes indexing events on, on the GUI thread, in order; of waiting `Progress` only the last counts."""

    event_received = Signal(object)
    """IndexingEvent."""
    _wake = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[IndexingEvent] = deque()
        self._wake.connect(self._drain, Qt.ConnectionType.QueuedConnection)

    def receive(self, event: IndexingEvent) -> None:
        """Called on any thread."""
        self._waiting.append(event)
        self._wake.emit()

    def _drain(self) -> None:
        batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
        last = max((n for n, event in enumerate(batch) if isinstance(event, Progress)), default=-1)
        for n, event in enumerate(batch):
            if n == last or not isinstance(event, Progress):
                self.event_received.emit(event)
