"""What is kept of a person, where it lies, and that nothing leaves the computer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app import paths
from app.ui.settings.library_sections import history_row
from app.ui.settings.setting_row import Row, Section
from app.ui.settings.storage_rows import ClearableRow
from app.ui.system import reveal
from app.ui.widgets.controls import TextButton
from app.ui.widgets.theme import Theme
from app.ui.wording import formatting as fmt


class PrivacySection(Section):
    """History, files, the log."""

    def __init__(self, theme: Theme, library: Path) -> None:
        super().__init__(
            theme,
            _tr("Privacy"),
            _tr(
                "Nothing leaves this computer unless you let another one help with indexing or searching: no "
                "account, no statistics. Otherwise the network is used only when you download a model."
            ),
        )
        self._library = library
        self.searches = ClearableRow(
            theme,
            "searches",
            _tr("Past searches"),
            _tr("Saved searches are not among them."),
            question=_tr("Forget all past searches? Saved searches stay."),
            yes=_tr("Forget"),
        )
        self.fill_with(self._made)

    def _made(self, theme: Theme) -> Iterator[Row]:
        yield history_row(theme)
        yield self.searches
        yield _place(
            theme,
            _tr("Library"),
            _tr("Index, thumbnails, favourites, tags and past searches."),
            self._library,
        )
        preferences = paths.preferences_file().parent
        yield _place(theme, _tr("Preferences"), _tr("What you chose for this computer."), preferences)
        about = _tr("File names can be in them. They stay here unless you send them to somebody.")
        yield _place(theme, _tr("Log and crash reports"), about, paths.log_folder())

    def show_searches(self, count: int) -> None:
        """Say how many searches are remembered."""
        self.searches.show_amount(fmt.count(count), is_some=count > 0)


def _place(theme: Theme, title: str, about: str, folder: Path) -> Row:
    row = Row(theme, title, f"{about}\n{fmt.full_path(folder)}")
    button = TextButton(theme, _tr("Open folder"), kind="small")
    button.setAccessibleName(_tr("Open folder: {name}").format(name=title))
    button.clicked.connect(lambda: reveal.open_own_folder(folder))
    row.side.addWidget(button)
    return row


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)
