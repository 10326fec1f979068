"""What is shown of an answer, and in which order: nothing is searched again for it."""

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QSlider, QStyle, QWidget

from app.search.outcome import WEAK
from app.ui.widgets.choice import Choice
from app.ui.widgets.controls import IconButton, PlainLabel, plain_tooltip
from app.ui.widgets.theme import Space, Theme

USUAL = 50
"""Place of the slider where a weak match is the least that counts, percent."""
STRICTEST = 0.8
"""Strength that is demanded at the slider's end."""
SLIDER_WIDTH = 88
"""Logical pixels."""
REST_MS = 40
"""Between two arrangements while the slider is drawn."""


class RankingTools(QWidget):
    """The order of the results, and how closely they have to match; a button for them where room is short."""

    order_chosen = Signal(str)
    """`match`, `newest`, `oldest`, `longest` or `shortest`."""
    strictness_chosen = Signal(float)
    """Strength from which on a moment counts as a likely one, 0..1."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.order = Choice(
            theme,
            (
                ("match", self.tr("Best match")),
                ("newest", self.tr("Newest first")),
                ("oldest", self.tr("Oldest first")),
                ("longest", self.tr("Longest first")),
                ("shortest", self.tr("Shortest first")),
            ),
        )
        self.order.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
        self.order.setAccessibleName(self.tr("Sort by"))
        self.order.setToolTip(plain_tooltip(self.tr("Sort by")))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setSingleStep(5)
        self.slider.setPageStep(10)
        self.slider.setValue(USUAL)
        self.slider.setFixedWidth(SLIDER_WIDTH)
        self.slider.setAccessibleName(self.tr("How closely results must match"))
        self.slider.setToolTip(plain_tooltip(self.tr("How closely results must match")))
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._order = "match"
        self._listing = False
        self._controls = QWidget(self)
        layout = QHBoxLayout(self._controls)
        layout.setContentsMargins(0, 0, Space.S, 0)
        layout.setSpacing(Space.XS)
        self._strictness = (
            PlainLabel(self.tr("More"), tone="dim", scale="small"),
            self.slider,
            PlainLabel(self.tr("Fewer"), tone="dim", scale="small"),
        )
        for part in self._strictness:
            layout.addWidget(part)
        layout.addSpacing(Space.S)
        layout.addWidget(self.order)
        self.button = IconButton(theme, "sort", self.tr("Order and strictness"), self)
        self.button.clicked.connect(self._open)
        self._panel = _Panel(self)
        self._panel.closed.connect(self._take_back)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._rest.timeout.connect(lambda: self.strictness_chosen.emit(strength_at(self.slider.value())))
        self.slider.valueChanged.connect(self._on_slider)
        self.order.chosen.connect(lambda order: self.choose(str(order)))

    def sizeHint(self) -> QSize:
        return self._controls.sizeHint().expandedTo(self.button.sizeHint())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.button.sizeHint().width(), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show the controls, or the button for them."""
        if self._panel.isVisible():
            return
        fits = self.width() >= self._controls.sizeHint().width()
        self._controls.setVisible(fits)
        self.button.setVisible(not fits)
        self._controls.setGeometry(self.rect())
        size = self.button.sizeHint()
        at_end = QRect(self.width() - size.width(), (self.height() - size.height()) // 2, 0, 0)
        at_end.setSize(size)
        self.button.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), at_end))

    def _open(self) -> None:
        self._panel.hold(self._controls)
        self._panel.move(self.button.mapToGlobal(self.button.rect().bottomLeft()))
        self._panel.show()
        self.slider.setFocus(Qt.FocusReason.PopupFocusReason)

    def _take_back(self) -> None:
        self._controls.setParent(self)
        self._fit()

    def choose(self, order: str) -> None:
        """Sort by this, as the box does."""
        self._order = order
        self._show_order()
        self.order_chosen.emit(order)

    def show_listing(self, listing: bool) -> None:
        """Where everything is listed, newest first, nothing matches better than anything else."""
        self._listing = listing
        for part in self._strictness:
            part.setEnabled(not listing)
        self.order.set_offered("match", offered=not listing)
        self._show_order()

    def _show_order(self) -> None:
        self.order.set_value("newest" if self._listing and self._order == "match" else self._order)

    def stop(self) -> None:
        """The window closes."""
        self._rest.stop()

    def _on_slider(self) -> None:
        if not self._rest.isActive():
            self._rest.start()


class _Panel(QFrame):
    """Lies over the window while the controls are in it."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("filterPanel")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.M, Space.M, Space.XS, Space.M)

    def hold(self, controls: QWidget) -> None:
        """Take controls in."""
        layout = self.layout()
        if layout is not None:
            layout.addWidget(controls)
        controls.show()
        self.adjustSize()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()


def strength_at(percent: int) -> float:
    """The strength that a place of the slider stands for: 0 at its beginning, `WEAK` in its middle."""
    if percent <= USUAL:
        return WEAK * percent / USUAL
    return WEAK + (STRICTEST - WEAK) * (percent - USUAL) / (100 - USUAL)
