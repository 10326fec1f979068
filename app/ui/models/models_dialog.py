"""The dialog in which models are chosen, added and removed."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.ui.background.snapshots import EngineSnapshot
from app.ui.models import model_words as words
from app.ui.models.add_another import AddAnotherDialog, dropped_path
from app.ui.models.model_rows import InstalledRow, ModelRow, RecommendedRow
from app.ui.models.models_control import Adding, ModelsControl
from app.ui.models.store_work import LibrarySize, ModelCatalogue
from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.notice import Notice, WorkingNote
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.model_store.recommended import RecommendedModel
    from app.model_store.store import InstalledModel

if TYPE_CHECKING:
    from app.session import PendingModel

CPU = "CPU"
"""What `fmt.provider` calls running on the processor."""
SIZE = (700, 600)
"""Logical pixels at first; never more than the window it belongs to."""


class ModelsDialog(QDialog):
    """Installed models, then recommended ones. Says what the user wants; what runs goes on when it closes."""

    use_wanted = Signal(Path)
    switch_now_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, theme: Theme, control: ModelsControl, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._theme = theme
        self._control = control
        self._engine: EngineSnapshot | None = None
        self._pending_model: PendingModel | None = None
        self._shown: ModelCatalogue | None = None
        self._installed: list[InstalledRow] = []
        self._recommended: list[RecommendedRow] = []
        self._fresh = ""
        """Name of the model that was just added: the keyboard goes to it when it appears."""
        self.setWindowTitle(self.tr("Models"))
        self.setMinimumSize(440, 360)
        self._area = QScrollArea()
        self._area.setAccessibleName(self.tr("Models"))
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._below = QVBoxLayout()
        self._assemble()
        control.shelf_read.connect(self.show_shelf)
        control.speeds_measured.connect(self._show_speeds)
        control.library_counted.connect(self._on_counted)
        control.adding_changed.connect(self.show_adding)
        control.added.connect(self._on_added)

    def show_models(self) -> None:
        """Open over the window."""
        if not self.isVisible():
            if (shelf := self._control.shelf) is not None:
                self._list(shelf)
            room = self._window.size()
            self.resize(min(SIZE[0], room.width() - Space.XL), min(SIZE[1], room.height() - Space.XL))
            self._area.verticalScrollBar().setValue(0)
            self.leave.setFocus(Qt.FocusReason.OtherFocusReason)
            if not isinstance(self._below_list(), WorkingNote):
                self._put_below(None)
            for row in self._rows():
                row.forget_failure()
        self._control.refresh()
        self._control.measure()
        self.open()
        self.activateWindow()

    def show_engine(self, engine: EngineSnapshot) -> None:
        """Which model answers now."""
        self._engine = engine
        self._show_speeds()
        self._mark()

    def show_pending_model(self, pending_model: PendingModel | None) -> None:
        """Which model is pending."""
        if pending_model != self._pending_model:
            self._pending_model = pending_model
            self._mark()

    def show_shelf(self, shelf: ModelCatalogue) -> None:
        """List these models; while the dialog is closed there is nobody to make rows for."""
        if self.isVisible():
            self._list(shelf)

    def _list(self, shelf: ModelCatalogue) -> None:
        if shelf == self._shown:
            return
        self._shown = shelf
        held = self._held()
        failures = {row.model.name: row.failure for row in self._rows() if row.failure is not None}
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(Space.XL, Space.XS, Space.L, Space.L)
        column.setSpacing(Space.S)
        self._installed = [self._installed_row(model, shelf) for model in shelf.installed]
        self._recommended = [self._recommended_row(model, shelf) for model in shelf.recommended]
        column.addWidget(_section(self.tr("On this computer")))
        for row in self._installed:
            column.addWidget(row)
        if self._recommended:
            column.addSpacing(Space.M)
            column.addWidget(_section(self.tr("Recommended")))
        for offer in self._recommended:
            column.addWidget(offer)
        column.addStretch()
        self._area.setWidget(inside)
        for card in self._rows():
            card.grown.connect(partial(self._reveal, card))
        self._mark()
        self.show_adding(self._control.adding)
        for name, failure in failures.items():  # told just now; that the list was read again changes nothing
            if (again := self._row(name)) is not None:
                again.show_failure(*failure)
        self._take_keyboard(held)

    def show_adding(self, adding: Adding | None) -> None:
        """Follow what is being added: in the model's row, or below the list where it has none."""
        for row in self._recommended:
            row.show_adding(adding)
            row.show_arrived(self._control.arrived.get(row.model.name, 0) if adding is None else 0)
        self.another.setEnabled(adding is None)
        listed = adding is not None and any(row.model.name == adding.name for row in self._recommended)
        if adding is None or listed:
            if isinstance(self._below_list(), WorkingNote):
                self._put_below(None)
            return
        working = self._below_list()
        if not isinstance(working, WorkingNote):
            working = WorkingNote(self._theme, self.tr("Adding another model"))
            working.stop_wanted.connect(self._control.stop_adding)
            self._put_below(working)
        text = f"{words.title(adding.title)}: {words.stage(adding)}"
        can_stop = adding.can_stop and not adding.stopping
        working.show_work(text, words.share(adding.progress), can_stop=can_stop)

    def show_failure(self, model: str, sentence: str, advice: str) -> None:
        """Say what went wrong in the row of the model, or below the list where it has none."""
        row = self._row(model)
        if row is not None:
            row.show_failure(sentence, advice)
            return
        notice = Notice(self._theme, sentence, advice, again=self.tr("Try again") if model else "")
        notice.closed.connect(lambda: self._put_below(None))
        notice.again_wanted.connect(lambda: self._control.add_again(model))
        self._put_below(notice)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QAbstractButton):
            focused.click()
        else:
            super().keyPressEvent(event)

    def _assemble(self) -> None:
        lead = PlainLabel(
            self.tr(
                "A model decides which descriptions find which moments. After a change your videos are "
                "re-indexed in the background; until then the model in use keeps answering."
            ),
            tone="dim",
        )
        lead.setWordWrap(True)
        top = QVBoxLayout()
        top.setContentsMargins(Space.XL, Space.L, Space.XL, Space.S)
        top.setSpacing(Space.XS)
        top.addWidget(PlainLabel(self.tr("Models"), scale="title"))
        top.addWidget(lead)
        self.another = TextButton(self._theme, self.tr("Add another…"))
        self.another.clicked.connect(self._on_another)
        self.setAcceptDrops(True)
        self.leave = TextButton(self._theme, self.tr("Close"), kind="primary")
        self.leave.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(self.another)
        buttons.addStretch()
        buttons.addWidget(self.leave)
        foot = QWidget()
        foot.setObjectName("dialogFoot")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bottom = QVBoxLayout(foot)
        bottom.setContentsMargins(Space.XL, Space.M, Space.XL, Space.M)
        bottom.setSpacing(Space.M)
        bottom.addLayout(self._below)
        bottom.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self._area, 1)
        layout.addWidget(foot)
        self.leave.setFocus(Qt.FocusReason.OtherFocusReason)

    def _installed_row(self, model: InstalledModel, shelf: ModelCatalogue) -> InstalledRow:
        known = shelf.known.get(model.name)
        row = InstalledRow(self._theme, model, known.languages if known else "")
        row.use_wanted.connect(lambda: self.use_wanted.emit(model.folder))
        row.remove_wanted.connect(lambda: self._control.remove(model))
        row.switch_now_wanted.connect(self.switch_now_wanted)
        row.cancel_wanted.connect(self.cancel_wanted)
        return row

    def _recommended_row(self, model: RecommendedModel, shelf: ModelCatalogue) -> RecommendedRow:
        row = RecommendedRow(self._theme, model, shelf.lacking if model.needs_torch else (), shelf.memory)
        row.show_library(self._control.library)
        row.show_speed(self._speed_of(model))
        row.add_wanted.connect(lambda: self._control.add(model))
        row.stop_wanted.connect(self._control.stop_adding)
        return row

    def _mark(self) -> None:
        """Show in every row whether its model answers or is pending."""
        for row in self._installed:
            pending_model = self._pending_model
            mine = pending_model is not None and pending_model.folder == row.model.folder
            in_use = self._engine is not None and self._engine.identity == row.model.identity
            row.show_state(in_use=in_use, pending_model=pending_model if mine else None)

    def _rows(self) -> list[InstalledRow | RecommendedRow]:
        return [*self._installed, *self._recommended]

    def _row(self, model: str) -> InstalledRow | RecommendedRow | None:
        return next((row for row in self._rows() if row.model.name == model), None)

    def _reveal(self, row: ModelRow) -> None:
        """Scroll to what has appeared below a row, once it has its place."""

        def scroll() -> None:
            if row.below is not None:
                self._area.ensureWidgetVisible(row.below, 0, Space.M)

        def settle() -> None:
            QTimer.singleShot(0, row, scroll)  # once more: lines that wrap get their height in a second round

        QTimer.singleShot(0, row, settle)

    def _below_list(self) -> QWidget | None:
        item = self._below.itemAt(0)
        return None if item is None else item.widget()

    def _put_below(self, part: QWidget | None) -> None:
        """Show work or a problem that belongs to no row, in place of what was there."""
        old = self._below_list()
        if old is not None:
            self._below.removeWidget(old)
            old.hide()
            old.deleteLater()
        if part is not None:
            self._below.addWidget(part)

    def _held(self) -> str:
        """Name of the model whose row has the keyboard."""
        part: QWidget | None = self.focusWidget()
        while part is not None and not isinstance(part, InstalledRow | RecommendedRow):
            part = part.parentWidget()
        return "" if part is None else part.model.name

    def _take_keyboard(self, held: str) -> None:
        """Give the keyboard back to the row that had it, or to a model that has just been added."""
        fresh = self._row(self._fresh)
        if self._fresh and isinstance(fresh, InstalledRow):
            self._fresh = ""
            fresh.offer_use(self._time_with(fresh.model))
            if fresh.below is not None:
                return
        row = fresh or self._row(held)
        self._fresh = ""
        if row is not None:
            buttons = row.findChildren(QAbstractButton)
            shown = [button for button in buttons if not button.isHidden() and button.isEnabled()]
            (shown[0] if shown else self.leave).setFocus(Qt.FocusReason.OtherFocusReason)
        elif held:
            self.leave.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_added(self, model: InstalledModel) -> None:
        self._fresh = model.name

    def _time_with(self, model: InstalledModel) -> str:
        """How long indexing takes with a model that is recommended; empty for others."""
        found = self._shown.known.get(model.name) if self._shown is not None else None
        return words.indexing(None if found is None else self._speed_of(found), self._control.library)

    def _speed_of(self, model: RecommendedModel) -> float | None:
        """As it is expected on this computer's processor; nobody knows it of a graphics card that is used."""
        if self._engine is not None and fmt.provider(self._engine.provider) != CPU:
            return None
        return self._control.speeds.get(model.name)

    def _on_counted(self, library: LibrarySize) -> None:
        for row in self._recommended:
            row.show_library(library)

    def _show_speeds(self) -> None:
        for row in self._recommended:
            row.show_speed(self._speed_of(row.model))

    def ask_for_another(self, source: Path | None = None) -> AddAnotherDialog:
        """Ask which model to add that is not recommended; `source` is what to begin with."""
        asking = AddAnotherDialog(self._theme, self._control, self)
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if source is not None:
            asking.set_source(str(source))
        asking.open()
        return asking

    def _on_another(self) -> None:
        self.ask_for_another()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_path(event.mimeData()) is not None and self.another.isEnabled():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if (path := dropped_path(event.mimeData())) is not None:
            event.acceptProposedAction()
            self.ask_for_another(path)


def _section(text: str) -> PlainLabel:
    return PlainLabel(text, tone="dim", scale="heading")
