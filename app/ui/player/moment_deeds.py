"""What is asked of the moment that plays, as its ends are by now."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.search.outcome import Moment
from app.ui.player.engine.playback import Playback
from app.ui.player.moment_span import MomentSpan
from app.ui.widgets.moment_actions import MomentActions


class MomentDeeds(QObject):
    """Passes wishes on to `MomentActions`; nothing where no moment plays."""

    is_favourite = Signal(bool)
    """Whether the moment is a favourite by now."""

    def __init__(self, actions: MomentActions, span: MomentSpan, playback: Playback, parent: QObject) -> None:
        super().__init__(parent)
        self.actions = actions
        self._span = span
        self._playback = playback
        self._is_favourite: Callable[[Moment], bool] = lambda _: False

    def set_favourites(self, is_favourite: Callable[[Moment], bool]) -> None:
        """What says, at once, whether a moment is a favourite; call it again when that has changed."""
        self._is_favourite = is_favourite
        self.look_again()

    def look_again(self) -> None:
        """Say whether the moment is a favourite: it is another one now, or its ends are elsewhere."""
        moment = self._span.adjusted
        self.is_favourite.emit(moment is not None and self._is_favourite(moment))

    def turn_favourite(self) -> None:
        """Keep the moment as a favourite, or not any more."""
        if (moment := self._span.adjusted) is not None:
            self.actions.favourite.emit((moment,), not self._is_favourite(moment))

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
