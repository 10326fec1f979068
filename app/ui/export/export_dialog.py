"""Export: what, how and where; then how far it is; then what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.exporting.export_request import ExportMoment, ExportProgress, ExportReport, ExportRequest
from app.ui.export import export_words as words
from app.ui.export.export_control import ExportControl
from app.ui.export.export_form import ExportForm
from app.ui.export.export_outcome import ExportOutcome
from app.ui.system import reveal
from app.ui.system.file_urls import path_of
from app.ui.system.preferences import PreferenceStore
from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.notice import WorkingNote
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

SIZE = (640, 500)
"""Logical pixels; less where the window is smaller."""


class ExportDialog(QDialog):
    """Lies over the window; closing it lets an export go on."""

    def __init__(
        self, theme: Theme, control: ExportControl, preferences: PreferenceStore, window: QWidget
    ) -> None:
        super().__init__(window)
        self.setWindowTitle(self.tr("Export"))
        self.setModal(True)
        self._control, self._preferences, self._window = control, preferences, window
        self._moments: tuple[ExportMoment, ...] = ()
        self._name = ""
        self.title = PlainLabel(scale="title")
        self.form = ExportForm(theme)
        self.working = WorkingNote(theme, self.tr("Export"))
        closes = self.tr("You can close this window: the export goes on.")
        going_on = PlainLabel(closes, tone="dim", scale="small")
        going_on.setWordWrap(True)
        self.outcome = ExportOutcome(theme)
        self.pages = QStackedWidget()
        for page in (self.form, _centred(self.working, going_on), self.outcome):
            self.pages.addWidget(page)
        self.space = PlainLabel(tone="dim", scale="small")
        self.space.setWordWrap(True)
        self.leave = TextButton(theme, self.tr("Cancel"))
        self.show_files = TextButton(theme, self.tr("Show in folder"), icon="reveal")
        self.export = TextButton(theme, self.tr("Export"), kind="primary")
        self.export.setDefault(True)
        self._assemble()
        self.form.changed.connect(self._estimate)
        self.form.folder_wanted.connect(self._ask_for_folder)
        self.export.clicked.connect(self._start)
        self.leave.clicked.connect(self.reject)
        self.show_files.clicked.connect(self._show_files)
        self.working.stop_wanted.connect(control.stop)
        control.estimated.connect(self._on_estimated)
        control.started.connect(self._on_started)
        control.progressed.connect(self._on_progress)
        control.finished.connect(self._on_finished)
        control.failed.connect(self._on_failed)

    def ask(self, moments: Sequence[ExportMoment], name: str) -> None:
        """Ask how to export moments; what is being exported is shown instead where something is.

        Args:
            moments: to be exported.
            name: of a file that holds all of them.
        """
        if not self._control.running:
            self._moments, self._name = tuple(moments), name
            self.title.setText(self.tr("Export %Ln moments", "", len(moments)))
            preferences = self._preferences.current
            self.form.choose(preferences.export_choice)
            folder = Path(preferences.export_folder)
            self.form.set_folder(folder if preferences.export_folder else self._control.usual_folder)
            self._turn_to(self.form)
        self.show_over_window()

    def show_over_window(self) -> None:
        """Open as it is."""
        room = self._window.size()
        self.resize(min(SIZE[0], room.width() - Space.XL), min(SIZE[1], room.height() - Space.XL))
        self.open()
        self.activateWindow()
        if self.pages.currentWidget() is self.form:
            self.form.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _assemble(self) -> None:
        top = QVBoxLayout()
        top.setContentsMargins(Space.XL, Space.L, Space.XL, Space.S)
        top.addWidget(self.title)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addWidget(self.space, 1)
        for button in (self.leave, self.show_files, self.export):
            buttons.addWidget(button)
        foot = QWidget()
        foot.setObjectName("dialogFoot")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bottom = QVBoxLayout(foot)
        bottom.setContentsMargins(Space.XL, Space.M, Space.XL, Space.M)
        bottom.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.pages, 1)
        layout.addWidget(foot)

    def _turn_to(self, page: QWidget) -> None:
        """Show one page, with the buttons that belong to it."""
        asking, done = page is self.form, page is self.outcome
        self.pages.setCurrentIndex(0 if asking else 2 if done else 1)
        self.export.setVisible(asking)
        self.space.setText("")
        self.leave.setText(self.tr("Cancel") if asking else self.tr("Close"))
        self.show_files.setVisible(done)
        if not asking and self.isVisible():
            (self.show_files if done else self.leave).setFocus(Qt.FocusReason.OtherFocusReason)

    def _request(self) -> ExportRequest:
        form = self.form
        return ExportRequest(form.way.kind, self._moments, form.folder, self._name, form.options)

    def _estimate(self) -> None:
        if self._moments and self.form.folder != Path():
            self.export.setEnabled(False)
            self._control.estimate(self._request())

    def _on_estimated(self, found: object) -> None:
        sentence, can_start = words.space(found)
        self.space.setText(sentence)
        self.space.setProperty("tone", "dim" if can_start else "warning")
        self.space.style().unpolish(self.space)
        self.space.style().polish(self.space)
        self.export.setEnabled(can_start)

    def _start(self) -> None:
        self._preferences.change(export_folder=str(self.form.folder), export_choice=self.form.way.id)
        self._control.start(self._request())

    def _on_started(self, request: ExportRequest) -> None:
        self.title.setText(self.tr("Exporting %Ln moments", "", len(request.moments)))
        self.working.show_work(self.tr("Starting…"), None, can_stop=True)
        self._turn_to(self.working)

    def _on_progress(self, progress: ExportProgress) -> None:
        self.working.show_work(words.progress(progress), progress.share, can_stop=True)

    def _on_finished(self, report: ExportReport) -> None:
        self.title.setText(words.title(report))
        self.outcome.show_report(report)
        self._turn_to(self.outcome)
        self.show_files.setVisible(bool(report.files))

    def _on_failed(self, sentence: str, advice: str) -> None:
        self.title.setText(self.tr("Nothing was exported"))
        self.outcome.show_failure(sentence, advice)
        self._turn_to(self.outcome)
        self.show_files.hide()

    def _show_files(self) -> None:
        if (path := self.outcome.first_file) is not None:
            reveal.show_in_folder(path)

    def _ask_for_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Export to"), fmt.full_path(self.form.folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.urlSelected.connect(lambda url: self.form.set_folder(path_of(url)))
        dialog.open()


def _centred(*parts: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(Space.XL, 0, Space.XL, 0)
    column.setSpacing(Space.M)
    column.addStretch()
    for part in parts:
        column.addWidget(part)
    column.addStretch()
    return page
