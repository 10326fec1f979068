"""Whether what plays has gone quiet, as it does where a disk does not answer."""

from PySide6.QtCore import QObject, QTimer, Signal

from app.media.playing.film_feed import FilmFeed

SLOW_DISK_MS = 4000


class Silence(QTimer):
    """Runs while a sign of life is waited for; start it again with each."""

    lasts = Signal()
    """There was none for some seconds."""

    def __init__(self, parent: QObject, feed: FilmFeed) -> None:
        super().__init__(parent, singleShot=True, interval=SLOW_DISK_MS)
        self._feed = feed
        self.timeout.connect(self._on_timeout)

    def _on_timeout(self) -> None:
        if self._feed.is_starting:  # on a busy computer that takes as long, and says nothing of the disk
            self.start()
        else:
            self.lasts.emit()
