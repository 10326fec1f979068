"""What can be done with moments, wherever they are shown: on cards, in the player, in a collection."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class MomentActions(QObject):
    """Whoever shows moments asks here, and `app.ui.shell` passes it on; `Moments` is a tuple of them."""

    play = Signal(object)
    """A Moment, to be played here."""
    play_outside = Signal(object)
    """A Moment, in the system's player."""
    show_in_folder = Signal(object)
    """A Moment."""
    copy_place = Signal(object)
    """A Moment: its path and time go to the clipboard."""
    like_this = Signal(object, float)
    """A Moment and a time in seconds: more like the frame of its video then."""
    export = Signal(object)
    """Moments."""
    favourite = Signal(object, bool)
    """Moments, and whether they are to be favourites."""
    tag = Signal(object)
    """Moments: tags, a note and collections are asked for."""
    collect = Signal(object, str)
    """Moments, and the name of a collection; empty: it is asked for."""
    hide = Signal(object)
    """Moments whose videos shall no longer be found."""
    index_again = Signal(object)
    """Moments whose videos are read anew."""
