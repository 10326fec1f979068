"""From moments that are to be exported to the dialog, the status bar and the files."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from app.search.outcome import Moment
from app.ui.export.drag import ClipDrags
from app.ui.flows.parts import Parts
from app.ui.widgets.command_list import Command

if TYPE_CHECKING:
    from app.exporting.export_request import ExportMoment, ExportReport, ExportRequest
    from app.ui.export.export_dialog import ExportDialog


class ExportFlow(QObject):
    """Ties whoever asks for an export to who does it, and to what shows how far it is."""

    def __init__(self, parts: Parts, window: QWidget) -> None:
        super().__init__(window)
        self._parts = parts
        self._window = window
        self._query = ""
        control, note = parts.export_control, parts.export_note
        self.drags = ClipDrags(parts.operations, window)
        parts.results.set_drag_source(self.drags.mime_data)
        parts.control.opened_here.connect(control.set_session)
        parts.control.opened_here.connect(lambda session: self.drags.set_catalogue(session.catalogue))
        parts.actions.export.connect(self._ask)
        control.prepared.connect(self._on_prepared)
        control.started.connect(self._on_started)
        control.progressed.connect(note.show_progress)
        control.finished.connect(self._on_finished)
        control.failed.connect(self._on_failed)
        note.opened.connect(self._show)
        note.stop_wanted.connect(control.stop)
        group = QCoreApplication.translate("ExportFlow", "Export")
        parts.commands.add(
            [
                Command(
                    "export.show",
                    QCoreApplication.translate("ExportFlow", "Show the export"),
                    group,
                    self._show,
                    enabled=lambda: control.running,
                ),
                Command(
                    "export.stop",
                    QCoreApplication.translate("ExportFlow", "Stop the export"),
                    group,
                    control.stop,
                    enabled=lambda: control.running,
                ),
            ]
        )

    @cached_property
    def dialog(self) -> ExportDialog:
        """The dialog, made when it is first wanted: few starts need its many widgets."""
        from app.ui.export.export_dialog import ExportDialog  # noqa: PLC0415 - as above

        parts = self._parts
        return ExportDialog(parts.theme, parts.export_control, parts.preferences, self._window)

    def close(self) -> None:
        """The window closes: what runs is stopped."""
        self._parts.export_control.stop()
        self.drags.close()

    def _ask(self, moments: tuple[Moment, ...]) -> None:
        if self._parts.export_control.running:
            self._show()
            return
        self._query = self._parts.searching.text
        self._parts.export_control.prepare(moments, self._query)

    def _show(self) -> None:
        self.dialog.show_over_window()

    def _on_prepared(self, moments: tuple[ExportMoment, ...]) -> None:
        self.dialog.ask(moments, self._query)

    def _on_started(self, _: ExportRequest) -> None:
        self._parts.export_note.say(self.tr("Exporting…"))

    def _on_finished(self, report: ExportReport) -> None:
        from app.ui.export import export_words as words  # noqa: PLC0415 - the dialog has loaded it

        self._parts.export_note.hide()
        if not self.dialog.isVisible():
            failed = self.tr("%Ln moments could not be exported", "", len(report.failures))
            said = words.summary(report) if not report.failures else failed
            self._parts.status.note(said or words.title(report))

    def _on_failed(self, sentence: str, advice: str) -> None:
        self._parts.export_note.hide()
        if not self.dialog.isVisible():
            self._parts.warn(sentence, advice)
