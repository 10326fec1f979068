"""What is asked of the moment that plays, as its ends are by now."""

from PySide6.QtCore import QObject

from app.ui.player.engine.playback import Playback
from app.ui.player.moment_span import MomentSpan
from app.ui.widgets.moment_actions import MomentActions


class MomentDeeds(QObject):
    """Passes wishes on to `MomentActions`; nothing where no moment plays."""

    def __init__(self, actions: MomentActions, span: MomentSpan, playback: Playback, parent: QObject) -> None:
        super().__init__(parent)
        self.actions = actions
        self._span = span
        self._playback = playback

    def keep_favourite(self) -> None:
        """Keep the moment as a favourite."""
        if self._span.adjusted is not None:
            self.actions.favourite.emit((self._span.adjusted,), True)

    def export(self) -> None:
        """Make a file of the moment."""
        if self._span.adjusted is not None:
            self._playback.pause()
            self.actions.export.emit((self._span.adjusted,))

    def tag(self) -> None:
        """Give the moment tags."""
        if self._span.adjusted is not None:
            self._playback.pause()
            self.actions.tag.emit((self._span.adjusted,))

    def search_like_this(self) -> None:
        """Look for more like the picture on view."""
        if self._span.adjusted is not None:
            self.actions.like_this.emit(self._span.adjusted, self._playback.picture_time)

    def copy_place(self) -> None:
        """Copy the video's path and the moment's time."""
        if self._span.adjusted is not None:
            self.actions.copy_place.emit(self._span.adjusted)

    def show_in_folder(self) -> None:
        """Show the video's file in the file manager."""
        if self._span.adjusted is not None:
            self.actions.show_in_folder.emit(self._span.adjusted)

    def play_outside(self) -> None:
        """Play the video in the system's player."""
        if self._span.adjusted is not None:
            self._playback.pause()
            self.actions.play_outside.emit(self._span.adjusted)
