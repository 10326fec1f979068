"""The switch to another model in the status bar: how far it is, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.ui.models import model_words as words
from app.ui.widgets.controls import IconButton
from app.ui.widgets.theme import Theme
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.session import PendingModel

TITLE = 32
BRIEF_TITLE = 16
"""Characters of the model's title."""


def switching_words(
    pending_model: PendingModel, *, paused: bool = False, offline: Sequence[str] = (), brief: bool = False
) -> str:
    """How far a switch is.

    Args:
        pending_model: the pending model.
        paused: whether the user paused it.
        offline: names of the folders that cannot be reached now.
        brief: say it in fewer letters.
    """
    text = _tr("Switching to {model}: {ready}").format(
        model=fmt.one_line(pending_model.title, BRIEF_TITLE if brief else TITLE),
        ready=words.ready(pending_model),
    )
    if paused:
        return _tr("{text}, paused").format(text=text)
    if (
        not pending_model.waiting_offline
        or pending_model.ready + pending_model.waiting_offline < pending_model.total
    ):
        return text
    if brief:
        return _tr("{text} · the rest is not connected").format(text=text)
    if len(offline) == 1:
        return _tr("{text} · the rest waits for “{folder}”, which is not connected").format(
            text=text, folder=fmt.one_line(offline[0], 32)
        )
    return _tr("{text} · the rest waits for folders that are not connected").format(text=text)


class SwitchButton(IconButton):
    """Offers to switch at once, or not at all; hidden while no model is pending."""

    now_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "more", "", parent)
        self.setObjectName("switch")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self.now = menu.addAction(self.tr("Switch now"))
        self.now.setToolTip(self.tr("Videos that are not ready yet are found once they are"))
        self.cancel = menu.addAction(self.tr("Cancel the switch"))
        self.cancel.setToolTip(self.tr("Stay with the model in use; what is ready is kept"))
        self.now.triggered.connect(self.now_wanted)
        self.cancel.triggered.connect(self.cancel_wanted)
        self.setMenu(menu)
        self.hide()

    def show_pending_model(self, pending_model: PendingModel | None) -> None:
        """Offer to act on this switch; on none where None."""
        self.setVisible(pending_model is not None)
        if pending_model is not None:
            self.set_label(self.tr("Switching to {model}").format(model=words.title(pending_model.title)))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Switching", text)
