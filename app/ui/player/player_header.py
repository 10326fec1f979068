"""The line above the video: back, what plays, and what can be done with it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from app.ui.widgets.controls import ElidedLabel, IconButton, TextButton
from app.ui.widgets.theme import Theme, Type, font
from app.ui.wording import formatting as fmt


class PlayerHeader(QWidget):
    """Its buttons only ask."""

    left = Signal()
    why_wanted = Signal()
    favourite_wanted = Signal()
    export_wanted = Signal()
    transcript_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("playerHeader")
        back = TextButton(theme, self.tr("Results"), kind="quiet", icon="back")
        back.setToolTip(self.tr("Back to the results (Esc)"))
        self._name = ElidedLabel()
        self._name.setFont(font(Type.BODY))
        self._name.setProperty("scale", "strong")
        self._folder = ElidedLabel(tone="dim", scale="small")
        self._place = ElidedLabel(tone="dim", scale="small")
        self.why = IconButton(theme, "why", self.tr("Why this? (W)"))
        self.favourite = IconButton(theme, "favourites", "")
        self.show_favourite(is_on=False)
        self.export = IconButton(theme, "export", self.tr("Export the moment…"))
        self.transcript = IconButton(theme, "transcript", self.tr("Transcript (T)"))
        self.more = IconButton(theme, "more", self.tr("More"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self.more.setMenu(self._menu)
        for button in (self.why, self.transcript):
            button.setCheckable(True)
        titles = QVBoxLayout()
        titles.setSpacing(0)
        titles.addWidget(self._name)
        titles.addWidget(self._folder)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(back)
        layout.addLayout(titles, 1)
        layout.addWidget(self._place)
        for button in (self.why, self.favourite, self.export, self.transcript, self.more):
            layout.addWidget(button)
        for each in (back, self.why, self.favourite, self.export, self.transcript, self.more):
            each.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        back.clicked.connect(self.left)
        self.why.clicked.connect(self.why_wanted)
        self.favourite.clicked.connect(self.favourite_wanted)
        self.export.clicked.connect(self.export_wanted)
        self.transcript.clicked.connect(self.transcript_wanted)

    def show_video(self, path: Path, place: str) -> None:
        """Say what plays, and where it stands among the results."""
        self._name.set_full_text(fmt.file_name(path))
        self._folder.set_full_text(fmt.short_path(path.parent))
        self._place.set_full_text(place)

    def show_favourite(self, *, is_on: bool) -> None:
        """Say whether the moment is a favourite: a press makes it one, or none any more."""
        self.favourite.set_icon("heart" if is_on else "favourites")
        self.favourite.set_label(
            self.tr("Remove the moment from favourites (B)")
            if is_on
            else self.tr("Add the moment to favourites (B)")
        )

    def set_menu(self, actions: Sequence[QAction]) -> None:
        """What stands below “More”."""
        self._menu.clear()
        self._menu.addActions(actions)
