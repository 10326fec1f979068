"""Labels give way to their window, however long a name is that somebody gave a folder."""

from PySide6.QtWidgets import QLabel

from app.ui.settings.setting_row import Row
from app.ui.widgets.controls import PlainLabel
from app.ui.widgets.theme import Theme

PATH = "/videos/" + "holidays-with-everybody_" * 12


def assert_gives_way(label: QLabel) -> None:
    assert label.minimumSizeHint().width() < 400
    assert label.heightForWidth(400) > 3 * label.fontMetrics().height()


def test_a_label_of_several_lines_breaks_a_long_path(theme: Theme) -> None:
    label = PlainLabel(PATH)
    assert label.minimumSizeHint().width() > 400
    label.setWordWrap(True)
    assert_gives_way(label)
    assert label.text() == PATH


def test_so_does_what_a_setting_says(theme: Theme) -> None:
    row = Row(theme, "Library", f"What is kept.\n{PATH}")
    assert_gives_way(row.about)
    row.mark(["everybody"])
    assert_gives_way(row.about)
