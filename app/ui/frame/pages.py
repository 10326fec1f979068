"""The middle of the window: one page at a time, and the way back from it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QWidget


class Pages(QStackedWidget):
    """Pages that answer a search, and others that lie over them until they are left."""

    def __init__(self, home: Callable[[], QWidget]) -> None:
        """Begin without a page; `home` says which shows when nothing lies over it."""
        super().__init__()
        self._home = home

    def is_shown(self, page: QWidget | None) -> bool:
        """Whether a page is on view; one that is not made yet, None, is not."""
        return page is not None and self.currentWidget() is page

    def go(self, page: QWidget) -> None:
        """Show a page; it joins the others where it is new."""
        if self.indexOf(page) < 0:
            self.addWidget(page)
        self.setCurrentWidget(page)

    def leave(self, page: QWidget) -> None:
        """Show what lay below a page, if it is the one on view."""
        if self.is_shown(page):
            self.setCurrentWidget(self._home())

    def focus_first(self) -> None:
        """Give the keyboard to the first thing on the page that takes it."""
        page = self.currentWidget()
        if page is not None:
            page.setFocus()
            page.focusNextChild()
