"""What is asked before something is named, renamed or removed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget

from app.catalogue.kept.kept_names import LONGEST_NAME
from app.ui.kept.kept_entries import Entry, EntryKind
from app.ui.wording import formatting as fmt


def ask_name(
    parent: QWidget, title: str, label: str, then: Callable[[str], object], *, text: str = ""
) -> QInputDialog:
    """Ask for a name, and go on with it; an empty one is none."""
    dialog = QInputDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setInputMode(QInputDialog.InputMode.TextInput)
    dialog.setWindowTitle(title)
    dialog.setLabelText(label)
    dialog.setTextValue(text[:LONGEST_NAME])
    dialog.textValueSelected.connect(lambda name: then(name.strip()) if name.strip() else None)
    dialog.open()
    return dialog


def ask_to_remove(parent: QWidget, entry: Entry, then: Callable[[], object]) -> QMessageBox:
    """Ask before a collection, a tag or a saved search is forgotten."""
    name = fmt.one_line(entry.name)
    question, meaning = {
        EntryKind.COLLECTION: (
            _tr("Delete the collection “{name}”?"),
            _tr("What is in it stays in your library; only the collection goes."),
        ),
        EntryKind.TAG: (
            _tr("Remove the tag “{name}” from everything?"),
            _tr("What has this tag stays in your library."),
        ),
        EntryKind.SEARCH: (
            _tr("Delete the saved search “{name}”?"),
            _tr("You can save the same search again at any time."),
        ),
    }[entry.kind]
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(_tr("Delete"))
    box.setText(question.format(name=name))
    box.setInformativeText(meaning)
    remove = box.addButton(_tr("Delete"), QMessageBox.ButtonRole.AcceptRole)
    keep = box.addButton(_tr("Keep"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    remove.clicked.connect(lambda _=False: then())
    box.open()
    return box


def _tr(text: str) -> str:
    return QCoreApplication.translate("KeptQuestions", text)
