"""What a screen reader and a keyboard find of the widgets on view."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMenu, QScrollArea, QScrollBar, QWidget

from app.ui.player.player_page import PlayerPage

_UNSAID = {QAccessible.Role.NoRole, QAccessible.Role.Client}
_PANES = (QScrollArea, PlayerPage)
"""Areas that take the keyboard as a whole: to scroll, for their shortcuts."""
_ROWS = {QAccessible.Role.ListItem, QAccessible.Role.Cell, QAccessible.Role.TreeItem}


def focusable(window: QWidget) -> list[QWidget]:
    """What the keyboard reaches, in the order of Tab."""
    found = []
    widget = window.nextInFocusChain()
    while widget is not window:
        reached = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        ours = widget.window() is window and widget.focusProxy() is None
        if reached and ours and widget.isVisible() and widget.isEnabled():
            found.append(widget)
        widget = widget.nextInFocusChain()
    return [widget for widget in found if not isinstance(widget, QScrollBar | QMenu)]


def unreadable(window: QWidget) -> Iterator[str]:
    """What lacks a name, a role or a state."""
    for widget in focusable(window):
        told = QAccessible.queryAccessibleInterface(widget)
        name = told.text(QAccessible.Text.Name)
        if not name.strip():
            yield f"{_called(widget)} has no name"
        if told.role() in _UNSAID and not isinstance(widget, _PANES):
            yield f"{_called(widget)} has no role"
        if not told.state().focusable or told.state().invisible:
            yield f"{_called(widget)} does not tell that it takes the keyboard"
        if isinstance(widget, QAbstractItemView):
            yield from _unreadable_rows(widget)


def out_of_order(window: QWidget) -> Iterator[str]:
    """Neighbours of one parent that Tab meets in another order than the eye."""
    mirrored = QApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    chain = focusable(window)
    for one, next_one in pairwise(chain):
        if one.parentWidget() is not next_one.parentWidget():
            continue
        first, second = _place(one, window), _place(next_one, window)
        above = second.bottom() <= first.top()
        level = second.top() < first.bottom() and first.top() < second.bottom()
        before = second.left() >= first.right() if mirrored else second.right() <= first.left()
        if above or (level and before):
            yield f"{_called(next_one)} comes after {_called(one)}, and stands before it"


def unmarked(window: QWidget) -> Iterator[str]:
    """What looks the same with the keyboard as without."""
    for widget in focusable(window):
        if isinstance(widget, PlayerPage):
            continue
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        if QApplication.focusWidget() is not widget:
            yield f"{_called(widget)} does not take the keyboard"
            continue
        margin = 4
        area = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).adjusted(
            -margin, -margin, margin, margin
        )
        marked = window.grab(area).toImage()
        widget.clearFocus()
        if window.grab(area).toImage() == marked:
            yield f"{_called(widget)} does not show that it has the keyboard"


def _unreadable_rows(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    told = QAccessible.queryAccessibleInterface(view)
    for row in range(min(model.rowCount(), 5) if model is not None else 0):
        cell = told.child(row)
        if cell is None or not cell.text(QAccessible.Text.Name).strip():
            yield f"row {row} of {_called(view)} has no name"
        elif cell.role() not in _ROWS:
            yield f"row {row} of {_called(view)} has no role"


def _place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def _called(widget: QWidget) -> str:
    name = widget.accessibleName() or getattr(widget, "text", str)()
    return f"{type(widget).__name__} “{name}” ({widget.objectName()})"
