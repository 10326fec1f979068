"""The first steps with an empty library: choose folders, choose what is read; the third is that it works."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.disk.folder_census import Census
from app.ui.settings.setting_row import Row
from app.ui.settings.source_rows import SourceRow, source_section
from app.ui.widgets import icons
from app.ui.widgets.controls import PlainLabel, TextButton, plain_action, plain_tooltip
from app.ui.widgets.flow_layout import FlowLayout
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.indexing.behind.line_sources import SourceState

WIDEST = 620
"""Of the second step, logical pixels."""


class Welcome(QWidget):
    """No folder yet: a big area to drop one, and the system's folders of videos to choose from."""

    add_wanted = Signal()
    folders_wanted = Signal(object)
    """Tuple of paths to add."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.suggestions: list[TextButton] = []
        self._paths: list[Path] = []
        self._read_only = ""
        self.area = QFrame()
        self.area.setObjectName("dropArea")
        mark = QLabel()
        mark.setPixmap(icons.program_icon().pixmap(72, 72))
        title = PlainLabel(self.tr("Drop a folder of videos here"), scale="display")
        text = PlainLabel(
            self.tr(
                "Reelfind looks through it once. Then describe a moment, and it plays. "
                "Nothing leaves this computer."
            ),
            tone="dim",
        )
        self.step = PlainLabel(self.tr("Step 1 of 3"), tone="dim", scale="small")
        self.add = TextButton(theme, self.tr("Add folder…"), kind="primary", icon="folder-add")
        self.add.clicked.connect(self.add_wanted)
        self.add_chosen = TextButton(theme, "", kind="primary")
        self.add_chosen.clicked.connect(lambda: self.folders_wanted.emit(self.chosen))
        self.add_chosen.hide()
        self._offer = PlainLabel(self.tr("Found on this computer:"), tone="dim")
        self._offer.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._offer.hide()
        self._chips = QWidget()
        self._flow = FlowLayout(Space.S, self._chips)
        policy = self._chips.sizePolicy()
        policy.setHeightForWidth(True)
        self._chips.setSizePolicy(policy)
        self._chips.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addStretch(1)
        buttons.addWidget(self.add_chosen)
        buttons.addWidget(self.add)
        buttons.addStretch(1)
        inside = QVBoxLayout(self.area)
        inside.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        inside.setSpacing(Space.L)
        inside.addStretch()
        inside.addWidget(mark, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (title, text):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inside.addWidget(label)
        inside.addWidget(self._offer)
        inside.addWidget(self._chips)
        inside.addLayout(buttons)
        inside.addStretch()
        inside.addWidget(self.step, 0, Qt.AlignmentFlag.AlignHCenter)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(Space.XL, Space.S, Space.XL, Space.XL)
        outer.addWidget(self.area)

    @property
    def chosen(self) -> tuple[Path, ...]:
        """The offered folders that are checked."""
        return tuple(
            path for path, chip in zip(self._paths, self.suggestions, strict=True) if chip.isChecked()
        )

    def set_drag_active(self, hot: bool) -> None:
        """A folder is held over the window."""
        self.area.setProperty("hot", hot)
        self.area.style().polish(self.area)

    def set_read_only(self, reason: str) -> None:
        """Say why no folder can be added; `reason` is empty where one can."""
        self._read_only = reason
        self.add.setEnabled(not reason)
        self.add.setToolTip(plain_tooltip(reason))
        self._on_chosen()

    def suggest(self, found: Sequence[Census]) -> None:
        """Offer these folders, all of them checked."""
        if self.suggestions or not found:
            return
        for census in found:
            videos = self.tr("%Ln videos", "", census.videos)
            if not census.complete:
                videos = self.tr("more than {videos}").format(videos=videos)
            name = fmt.brief_name(census.folder)
            chip = TextButton(self._theme, plain_action(f"{name} · {videos}"), kind="chip")
            chip.setToolTip(plain_tooltip(fmt.full_path(census.folder)))
            chip.setCheckable(True)
            chip.setChecked(True)
            chip.toggled.connect(self._on_chosen)
            self._flow.addWidget(chip)
            self.suggestions.append(chip)
            self._paths.append(census.folder)
        self._offer.show()
        self._chips.show()
        self.add.setText(self.tr("Another folder…"))
        self.add.set_kind("")
        self._on_chosen()

    def _on_chosen(self) -> None:
        count = len(self.chosen)
        self.add_chosen.setText(self.tr("Add %Ln folders", "", count))
        self.add_chosen.setVisible(bool(self.suggestions))
        self.add_chosen.setEnabled(count > 0 and not self._read_only)
        self.add_chosen.setToolTip(plain_tooltip(self._read_only))


class ReadingStep(QWidget):
    """What is read besides pictures; the first videos are being indexed meanwhile."""

    finished = Signal()
    changed = Signal(str, object)
    """Name of a source's setting, and whether it is to be read."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        section = source_section(theme)
        section.fill()
        self.rows = [row for row in section.rows if isinstance(row, SourceRow)]
        title = PlainLabel(self.tr("What should Reelfind read?"), scale="title")
        text = PlainLabel(
            self.tr("You can change this in the settings at any time. Indexing has begun already."),
            tone="dim",
        )
        pictures = Row(
            theme,
            self.tr("Pictures"),
            self.tr("What is to be seen. An hour of video takes a few minutes."),
        )
        pictures.side.addWidget(PlainLabel(self.tr("Always"), tone="dim"))
        self.next = TextButton(theme, self.tr("Continue"), kind="primary")
        inside = QWidget()
        inside.setMaximumWidth(WIDEST)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, Space.S, 0)
        column.setSpacing(Space.S)
        column.addStretch(1)
        for label in (title, text):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addSpacing(Space.S)
        column.addWidget(pictures)
        for row in self.rows:
            row.set_short()
            row.changed.connect(self.changed)
            row.reset_wanted.connect(lambda name: self.changed.emit(name, "default"))
            column.addWidget(row)
        column.addStretch(2)
        centred = QWidget()
        across = QHBoxLayout(centred)
        across.setContentsMargins(0, 0, 0, 0)
        across.addStretch(1)
        across.addWidget(inside, 100)
        across.addStretch(1)
        area = QScrollArea()
        area.setAccessibleName(self.tr("What should Reelfind read?"))
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(centred)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(Space.XL, 0, Space.S, Space.M)
        outer.setSpacing(Space.S)
        outer.addWidget(area, 1)
        outer.addWidget(self.next, 0, Qt.AlignmentFlag.AlignHCenter)
        step = PlainLabel(self.tr("Step 2 of 3"), tone="dim", scale="small")
        outer.addWidget(step, 0, Qt.AlignmentFlag.AlignHCenter)
        self.next.clicked.connect(self.finished)

    def show_sources(self, states: Sequence[SourceState]) -> None:
        """Say which sources can be read, and which are."""
        by_name = {state.name: state for state in states}
        for row in self.rows:
            if row.name in by_name:
                row.show_value(by_name[row.name].wanted)
                row.show_state(by_name[row.name])
