"""The dialog that asks for a model that is not recommended: a repository's name, a folder or a zip file."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from app.ui.models import model_words as words
from app.ui.models.models_control import ModelsControl
from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.theme import Space, Theme

REST_MS = 250
"""How long a path rests before a disk is asked about it: it may be in the middle of being typed."""
WIDTH = 520
"""Logical pixels at first."""
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*(@[A-Za-z0-9][\w.-]*)?")
_ADDRESS = re.compile(r"https?://(?:www\.)?[\w.-]+/([\w.-]+/[\w.-]+)(?:/tree/([\w.-]+))?/?")


def repository(text: str) -> str:
    """The repository that was typed or pasted, `owner/name` or `owner/name@commit`; empty where none was."""
    text = text.strip()
    if found := _ADDRESS.fullmatch(text):
        name, commit = found.groups()
        text = f"{name}@{commit}" if commit and commit != "main" else name
    return text if _REPOSITORY.fullmatch(text) else ""


def dropped_path(data: QMimeData) -> Path | None:
    """The one folder or file of this computer that is being dropped, None where it is anything else."""
    paths = [Path(address.toLocalFile()) for address in data.urls() if address.isLocalFile()]
    return paths[0] if len(paths) == 1 else None


class AddAnotherDialog(QDialog):
    """Asks for one source, says what was recognised there, and starts adding it."""

    def __init__(self, theme: Theme, control: ModelsControl, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._control = control
        self.setWindowTitle(self.tr("Add another model"))
        self.setAcceptDrops(True)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("owner/name"))
        self.field.setAccessibleName(self.tr("Repository, folder or zip file"))
        self.field.setClearButtonEnabled(True)
        self.browse = TextButton(theme, self.tr("Choose…"))
        self.kinds = QMenu(self)
        self.kinds.addAction(self.tr("A folder…")).triggered.connect(self._ask_for_folder)
        self.kinds.addAction(self.tr("A zip file…")).triggered.connect(self._ask_for_archive)
        self.found = PlainLabel(tone="dim", scale="small")
        self.found.setWordWrap(True)
        self.add = TextButton(theme, self.tr("Add"), kind="primary")
        self.add.setDefault(True)
        self.leave = TextButton(theme, self.tr("Cancel"))
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._recognise)
        self._assemble()
        self.browse.clicked.connect(self._show_kinds)
        self.field.textChanged.connect(self._look)
        self.add.clicked.connect(self.accept)
        self.leave.clicked.connect(self.reject)
        control.recognised.connect(self._on_recognised)
        self._look()

    def set_source(self, text: str) -> None:
        """Begin with this repository or path."""
        self.field.setText(text)

    def accept(self) -> None:
        """Start adding what is named, and close."""
        path = self._path()
        name = repository(self.field.text())
        if path is None and not name:
            return
        self._rest.stop()
        super().accept()
        if path is not None:
            self._control.import_from(path)
        else:
            self._control.add_from_repository(name)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_path(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if (path := dropped_path(event.mimeData())) is not None:
            event.acceptProposedAction()
            self.set_source(str(path))

    def _assemble(self) -> None:
        lead = PlainLabel(
            self.tr(
                "Name a repository of Hugging Face with an ONNX export of a CLIP model, or choose or drop a "
                "folder or a zip file. It is checked before it can be used."
            ),
            tone="dim",
        )
        lead.setWordWrap(True)
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        line.addWidget(self.field, 1)
        line.addWidget(self.browse)
        inside = QVBoxLayout()
        inside.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        inside.setSpacing(Space.M)
        inside.addWidget(PlainLabel(self.tr("Add another model"), scale="title"))
        inside.addWidget(lead)
        inside.addLayout(line)
        inside.addWidget(self.found)
        inside.addStretch()
        foot = QWidget()
        foot.setObjectName("dialogFoot")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        buttons = QHBoxLayout(foot)
        buttons.setContentsMargins(Space.XL, Space.M, Space.XL, Space.M)
        buttons.setSpacing(Space.S)
        buttons.addStretch()
        buttons.addWidget(self.leave)
        buttons.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(inside, 1)
        layout.addWidget(foot)
        parent = self.parentWidget()
        self.setFixedWidth(min(WIDTH, parent.width()) if parent is not None else WIDTH)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _path(self) -> Path | None:
        """What is named, where it is an absolute path."""
        text = self.field.text().strip().removeprefix("file://")
        path = Path(text).expanduser() if text else Path()
        return path if path.is_absolute() else None

    def _look(self) -> None:
        """Say of what kind the source is, as far as can be told without asking anybody."""
        path, name = self._path(), repository(self.field.text())
        self.add.setEnabled(path is not None or bool(name))
        self.found.setProperty("tone", "dim")
        if path is not None:
            self.found.setText(self.tr("Looking…"))
            self._rest.start()
        elif name:
            self.found.setText(
                self.tr("What it needs of this repository is downloaded; nothing of yours is sent.")
            )
        elif self.field.text().strip():
            self.found.setText(self.tr("A repository’s name is the owner’s, a slash, and its own."))
        else:
            self.found.setText("")

    def _recognise(self) -> None:
        if (path := self._path()) is not None:
            self._control.recognise(path)

    def _on_recognised(self, source: str, kind: str) -> None:
        path = self._path()
        if path is not None and str(path) == source:
            self.found.setText(words.kind(kind))

    def _show_kinds(self) -> None:
        self.kinds.popup(self.browse.mapToGlobal(QPoint(0, self.browse.height() + Space.XS)))

    def _ask_for_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Add a model from a folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self._take(dialog)

    def _ask_for_archive(self) -> None:
        dialog = QFileDialog(self, self.tr("Add a model from a zip file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Zip files (*.zip)"))
        self._take(dialog)

    def _take(self, dialog: QFileDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.set_source)
        dialog.open()
