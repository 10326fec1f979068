"""What is exported, how and where: the first page of the export dialog."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.exporting.export_request import ExportOptions
from app.ui.export.export_choices import Thing, Way, things
from app.ui.export.way_buttons import WayButtons
from app.ui.widgets.controls import ElidedLabel, PlainLabel, TextButton, inset, plain_tooltip
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

MOST_HANDLES = 10.0
SIZES = (160, 1280)


class ExportForm(QWidget):
    """Six things at the left, the ways to export one at the right, the folder below."""

    changed = Signal()
    """What is chosen is another."""
    folder_wanted = Signal()
    """Another folder is to be chosen."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._things = things()
        self.list = QListWidget()
        self.list.setObjectName("exportThings")
        self.list.setAccessibleName(self.tr("What to export"))
        self.list.setSizeAdjustPolicy(QListWidget.SizeAdjustPolicy.AdjustToContents)
        self.list.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._pages: list[QWidget] = []
        self._ways: list[WayButtons] = []
        for thing in self._things:
            self.list.addItem(thing.title)
            self._pages.append(self._page(thing))
        self._make_options()
        self.folder = Path()
        self.place = ElidedLabel()
        self.choose_folder = TextButton(theme, self.tr("Choose…"), kind="small")
        self.choose_folder.setAccessibleName(self.tr("Choose the folder to export to"))
        self._assemble()
        self.list.currentRowChanged.connect(self._on_thing)
        self.choose_folder.clicked.connect(self.folder_wanted)
        self.list.setCurrentRow(0)

    @property
    def way(self) -> Way:
        """What is chosen."""
        return self._ways[self._row].way

    @property
    def options(self) -> ExportOptions:
        """How it is to be exported."""
        thing, way = self._things[self._row], self.way
        return ExportOptions(
            exact=way.exact,
            handles=self.handles.value() if thing.has_handles else 0.0,
            still_format=way.still_format,
            long_side=self.size_field.value(),
            rate=float(self.rate_field.value()),
        )

    def choose(self, way_id: str) -> None:
        """Choose a way by its id; nothing changes where there is none."""
        for row, ways in enumerate(self._ways):
            if ways.choose(way_id):
                self.list.setCurrentRow(row)

    def set_folder(self, folder: Path) -> None:
        """Export to this folder."""
        self.folder = folder
        self.place.set_full_text(fmt.short_path(folder))
        self.place.setToolTip(plain_tooltip(fmt.full_path(folder)))
        self.changed.emit()

    @property
    def _row(self) -> int:
        return max(0, self.list.currentRow())

    def _page(self, thing: Thing) -> QWidget:
        page = QWidget()
        about = PlainLabel(thing.about, tone="dim")
        about.setWordWrap(True)
        ways = WayButtons(thing.ways)
        ways.chosen.connect(self.changed)
        self._ways.append(ways)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, Space.S, 0)
        column.setSpacing(Space.S)
        column.addWidget(PlainLabel(thing.title, scale="strong"))
        column.addWidget(about)
        column.addSpacing(Space.XS)
        column.addWidget(ways)
        return page

    def _make_options(self) -> None:
        self.handles = QDoubleSpinBox(minimum=0, maximum=MOST_HANDLES, singleStep=0.5, decimals=1)
        self.handles.setSuffix(self.tr(" s"))
        self.handles.setAccessibleName(self.tr("Seconds before and after"))
        self.size_field = QSpinBox(minimum=SIZES[0], maximum=SIZES[1], singleStep=80, value=480)
        self.size_field.setSuffix(self.tr(" pixels"))
        self.size_field.setAccessibleName(self.tr("Longer side"))
        self.rate_field = QSpinBox(minimum=2, maximum=30, value=12)
        self.rate_field.setSuffix(self.tr(" per second"))
        self.rate_field.setAccessibleName(self.tr("Pictures per second"))
        for field in (self.handles, self.size_field, self.rate_field):
            inset(field)
            field.valueChanged.connect(self.changed)
        self._titles: dict[QWidget, PlainLabel] = {
            self.handles: PlainLabel(self.tr("More before and after")),
            self.size_field: PlainLabel(self.tr("Longer side")),
            self.rate_field: PlainLabel(self.tr("Pictures")),
        }

    def _assemble(self) -> None:
        options = QGridLayout()
        options.setHorizontalSpacing(Space.M)
        options.setVerticalSpacing(Space.S)
        options.setColumnStretch(2, 1)
        for row, (field, title) in enumerate(self._titles.items()):
            options.addWidget(title, row, 0, Qt.AlignmentFlag.AlignVCenter)
            options.addWidget(field, row, 1)
        inside = QWidget()
        right = QVBoxLayout(inside)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(Space.S)
        for page in self._pages:
            right.addWidget(page)
        right.addLayout(options)
        right.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        upper = QHBoxLayout()
        upper.setSpacing(Space.L)
        upper.addWidget(self.list)
        upper.addWidget(area, 1)
        lower = QHBoxLayout()
        lower.setSpacing(Space.S)
        lower.addWidget(PlainLabel(self.tr("To"), tone="dim"))
        lower.addWidget(self.place, 1)
        lower.addWidget(self.choose_folder)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.S, Space.XL, Space.M)
        column.setSpacing(Space.M)
        column.addLayout(upper, 1)
        column.addLayout(lower)

    def _on_thing(self, row: int) -> None:
        thing = self._things[max(0, row)]
        for number, page in enumerate(self._pages):
            page.setVisible(number == max(0, row))
        for field, title in self._titles.items():
            shown = thing.has_handles if field is self.handles else thing.has_size
            field.setVisible(shown)
            title.setVisible(shown)
        self.changed.emit()
