"""What runs the searches and what ranks the answers, in the status bar; a click chooses the ranking."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.search.scorers import RESCORED, SCORERS, usable_scorers
from app.ui import format as fmt
from app.ui.library_control import Engine


class EngineButton(QToolButton):
    """Names the model, the execution provider and the ranking."""

    scorer_wanted = Signal(str)
    """Name of a scorer that the user picked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("engine")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleDescription(self.tr("Choose how answers are ranked"))
        self.clear()
        self.setText(self.tr("Loading…"))

    def clear(self) -> None:
        """Nothing runs the searches."""
        self.setText("")
        self.setEnabled(False)

    def show_engine(self, engine: Engine) -> None:
        """Say what runs the searches, and offer the rankings that this model can give."""
        ranking = (
            self.tr("re-scored (T-MASS)") if engine.scorer == RESCORED else _title(engine.scorer).lower()
        )
        self.setText(f"{engine.model} · {fmt.provider(engine.provider)} · {ranking}")
        self.setToolTip(self._plainly(engine))
        self.setEnabled(True)
        before = self.menu()
        self.setMenu(self._menu_for(engine))
        if before is not None:
            before.deleteLater()

    def _plainly(self, engine: Engine) -> str:
        if engine.scorer == RESCORED:
            return self.tr("Answers are re-scored with the model's trained head (T-MASS).")
        if engine.has_head:
            return self.tr("Answers are not re-scored. This model has a trained head for it (T-MASS).")
        return self.tr("Answers are not re-scored: this model has no trained head.")

    def _menu_for(self, engine: Engine) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.addAction(self._plainly(engine)).setEnabled(False)
        menu.addSeparator()
        group = QActionGroup(menu)
        usable = usable_scorers(has_head=engine.has_head)
        for name, about in SCORERS.items():
            action = menu.addAction(_title(name))
            action.setCheckable(True)
            action.setChecked(name == engine.scorer)
            action.setEnabled(name in usable)
            action.setToolTip(about)
            action.setData(name)
            group.addAction(action)
        group.triggered.connect(lambda action: self.scorer_wanted.emit(action.data()))
        return menu


def _title(scorer: str) -> str:
    """A scorer's name in a menu."""
    titles = {
        RESCORED: QCoreApplication.translate("EngineButton", "Re-score with T-MASS"),
        "pooled": QCoreApplication.translate("EngineButton", "Plain pooling"),
        "mean": QCoreApplication.translate("EngineButton", "Mean of the frames"),
        "max": QCoreApplication.translate("EngineButton", "Best frame"),
        "top-k": QCoreApplication.translate("EngineButton", "Three best frames"),
        "soft-maximum": QCoreApplication.translate("EngineButton", "Soft maximum"),
        "gees": QCoreApplication.translate("EngineButton", "Mean and variance (CRET)"),
    }
    return titles[scorer]
