"""The small picture above the timeline: what is on at the time under the pointer."""

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.ui.widgets.controls import PlainLabel
from app.ui.widgets.theme import Space
from app.ui.wording import formatting as fmt

SIZE = QSize(160, 90)


class HoverPicture(QFrame):
    """A frame with its time; without one only the time."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._picture = PlainLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._time = PlainLabel(scale="small")
        self._time.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XS, Space.XS, Space.XS, Space.XS)
        layout.setSpacing(2)
        layout.addWidget(self._picture)
        layout.addWidget(self._time)
        self.hide()

    @property
    def shows_picture(self) -> bool:
        """Whether a frame is on view."""
        return self.isVisible() and self._picture.isVisible()

    def show_at(self, place: QPoint, seconds: float, title: str, picture: QPixmap | None) -> None:
        """Show it above a point of its parent.

        Args:
            place: middle of its lower edge.
            seconds: the time.
            title: of the chapter, empty where there is none.
            picture: of the frame; None while it is not there.
        """
        self._time.setText(f"{fmt.clock(seconds)}  {title}".strip())
        self._picture.setVisible(picture is not None)
        if picture is not None:
            keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            self._picture.setPixmap(picture.scaled(SIZE, keep, smooth))
        self.adjustSize()
        most = self._host.width() - self.width() - Space.XS
        self.move(
            min(max(place.x() - self.width() // 2, Space.XS), max(most, Space.XS)), place.y() - self.height()
        )
        self.show()
        self.raise_()
