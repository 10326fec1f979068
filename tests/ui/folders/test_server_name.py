"""Whose library it is: plain, in one line each, however the server calls it."""

import pytest
from PySide6.QtCore import Qt

from app.ui.folders.server_name import ServerName


@pytest.mark.usefixtures("theme")
def test_a_name_is_plain_text_on_one_line_and_gives_up_its_middle() -> None:
    name = ServerName()
    name.show_server("<b>Home</b>\n\u202evideos " + "x" * 5000, "192.168.1.20:8732")
    name.resize(150, 60)
    name.show()
    assert name.title.textFormat() is Qt.TextFormat.PlainText
    assert name.title.full_text.startswith("<b>Home</b> videos")
    assert len(name.title.full_text) <= 60
    assert "…" in name.title.text()
    assert "192.168.1.20:8732" in name.place.full_text
    assert "<b>Home" not in name.toolTip()
    assert name.minimumSizeHint().width() < 100, "no panel is widened by it"
    name.deleteLater()


@pytest.mark.usefixtures("theme")
def test_before_the_server_says_its_name_only_its_place_is_shown() -> None:
    name = ServerName()
    assert name.isHidden()
    name.show_server("", "home.example:8732")
    assert name.title.isHidden()
    assert not name.place.isHidden()
    name.deleteLater()
