"""What runs the searches and what ranks the answers, in the status bar; a click chooses model and ranking."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.engines.scorer_names import OFFERED, RESCORED, SCORERS, usable_scorers
from app.ui.background.snapshots import EngineSnapshot
from app.ui.models import model_words as words
from app.ui.widgets import icons
from app.ui.widgets.controls import plain_action, plain_tooltip
from app.ui.widgets.theme import Theme
from app.ui.wording import formatting as fmt
from app.ui.wording.scorer_titles import scorer_title

if TYPE_CHECKING:
    from app.model_store.store import InstalledModel

if TYPE_CHECKING:
    from app.session import PendingModel

MARK = 14
"""Edge of the mark that the best provider could not be used, logical pixels."""
NAME = 24
"""Characters of the model's title on the button."""


class EngineButton(QToolButton):
    """Names the model; its tooltip and menu say what it runs on and how answers are ranked."""

    scorer_wanted = Signal(str)
    """Name of a scorer that the user picked."""
    model_wanted = Signal(Path)
    """Folder of a model that the user picked."""
    models_wanted = Signal()
    """The user wants to see all models."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._engine: EngineSnapshot | None = None
        self._models: tuple[InstalledModel, ...] = ()
        self._pending_model: PendingModel | None = None
        self.setObjectName("engine")
        self.setIconSize(QSize(MARK, MARK))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleDescription(self.tr("Choose the model and how answers are ranked"))
        theme.changed.connect(self._draw)
        self.clear()
        self.setText(self.tr("Loading…"))

    def clear(self) -> None:
        """Nothing runs the searches."""
        self._engine = None
        self.setText("")
        self.setEnabled(False)
        self._draw()

    def show_engine(self, engine: EngineSnapshot) -> None:
        """Say what runs the searches, and offer the rankings that this model can give."""
        self._engine = engine
        named = self.tr("Model: {model}").format(model=fmt.one_line(engine.model, NAME))
        self.setText(plain_action(named))
        self.setToolTip(plain_tooltip(" ".join(part for part in self._about(engine) if part)))
        self.setEnabled(True)
        self._draw()
        self._renew_menu()

    def show_models(self, models: Sequence[InstalledModel]) -> None:
        """Offer these models."""
        self._models = tuple(model for model in models if not model.problem)
        self._renew_menu()

    def show_pending_model(self, pending_model: PendingModel | None) -> None:
        """Say in the menu which model is pending."""
        before, self._pending_model = self._pending_model, pending_model
        if (before and before.folder) != (pending_model and pending_model.folder):
            self._renew_menu()

    def _about(self, engine: EngineSnapshot) -> tuple[str, ...]:
        runs = self.tr("{model} runs on {provider}.").format(
            model=words.title(engine.model), provider=fmt.provider(engine.provider)
        )
        return runs, engine.fallback, self._plainly(engine)

    def _draw(self) -> None:
        """Mark the button where something better could run."""
        marked = self._engine is not None and bool(self._engine.fallback)
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        self.setToolButtonStyle(style if marked else Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setIcon(icons.icon("info", self._theme.colour("dim"), MARK))

    def _renew_menu(self) -> None:
        if self._engine is None:
            return
        before = self.menu()
        self.setMenu(self._menu_for(self._engine))
        if before is not None:
            before.deleteLater()

    def _plainly(self, engine: EngineSnapshot) -> str:
        if engine.scorer == RESCORED:
            return self.tr("Answers are re-scored with the model's trained head (T-MASS).")
        if engine.has_head:
            return self.tr("Answers are not re-scored. This model has a trained head for it (T-MASS).")
        return self.tr("Answers are not re-scored: this model has no trained head.")

    def _menu_for(self, engine: EngineSnapshot) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self._add_models(menu, engine)
        menu.addSeparator()
        menu.addAction(self._plainly(engine)).setEnabled(False)
        group = QActionGroup(menu)
        usable = usable_scorers(has_head=engine.has_head)
        for name in [*OFFERED, *({engine.scorer} - set(OFFERED))]:  # one that was set elsewhere is named too
            action = menu.addAction(scorer_title(name))
            action.setCheckable(True)
            action.setChecked(name == engine.scorer)
            action.setEnabled(name in usable)
            action.setToolTip(SCORERS[name])
            action.setData(name)
            group.addAction(action)
        group.triggered.connect(lambda action: self.scorer_wanted.emit(action.data()))
        return menu

    def _add_models(self, menu: QMenu, engine: EngineSnapshot) -> None:
        group = QActionGroup(menu)
        known: list[tuple[str, str, Path | None]] = [
            (model.title, model.identity, model.folder) for model in self._models
        ]
        if all(identity != engine.identity for _, identity, _ in known):
            known.insert(0, (engine.model, engine.identity, None))
        for title, identity, folder in known:
            text = words.title(title)
            if self._pending_model is not None and self._pending_model.folder == folder:
                text = self.tr("{model} (preparing)").format(model=text)
            action = menu.addAction(plain_action(text))
            action.setCheckable(True)
            action.setChecked(identity == engine.identity)
            action.setData(folder)
            group.addAction(action)
        group.triggered.connect(self._on_model)
        menu.addAction(self.tr("Models…")).triggered.connect(self.models_wanted)

    def _on_model(self, action: QAction) -> None:
        """The check stays with the model that answers; whether that is another will be told."""
        folder = action.data()
        self._renew_menu()
        if folder is not None:
            self.model_wanted.emit(folder)
