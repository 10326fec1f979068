"""The quiet line above the grid: how much was found and what a card stands for; or what is selected."""

from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from app.ui.results.arrangement import Grouping
from app.ui.results.results_model import ResultsModel
from app.ui.results.results_view import ResultsView
from app.ui.widgets.controls import FittingLabel, IconButton, TextButton
from app.ui.widgets.theme import Space, Theme


class ResultsBar(QStackedWidget):
    """One line high; while several cards are selected it shows what can be done with them."""

    command_wanted = Signal(str)
    """Id of a command for the selected moments."""

    def __init__(self, theme: Theme, model: ResultsModel, view: ResultsView) -> None:
        super().__init__()
        self._model = model
        self._view = view
        self.found = FittingLabel(tone="dim", scale="small")
        self.by_moment = TextButton(theme, self.tr("By moment"), kind="segment")
        self.by_video = TextButton(theme, self.tr("By video"), kind="segment")
        self.selected = FittingLabel(scale="strong")
        self.clear = IconButton(theme, "close", self.tr("Clear selection"))
        self._tools: QWidget | None = None
        self._shortest = ""
        """The shortest wording of how much was found."""
        self._worded: dict[str, TextButton] = {}
        self._drawn: dict[str, IconButton] = {}
        """What stands for the words where there is no room for them."""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.addWidget(self._summary())
        self.addWidget(self._selection(theme))
        self.clear.clicked.connect(self._on_clear)
        model.arranged.connect(self._say)
        model.rowsRemoved.connect(self._say)
        view.selection_changed.connect(self._say_selected)
        self._say()

    def _summary(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(Space.S, 0, Space.L, 0)
        layout.setSpacing(0)
        layout.addWidget(self.found, 1)
        self._row = layout
        group = QButtonGroup(row)
        for button, grouping in ((self.by_moment, Grouping.MOMENT), (self.by_video, Grouping.VIDEO)):
            button.setCheckable(True)
            group.addButton(button)
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
            button.clicked.connect(lambda _=False, wanted=grouping: self.group_by(wanted))
        return row

    def _selection(self, theme: Theme) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(Space.S, 0, Space.L, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self.selected, 1)
        for command, icon, text in (
            ("results.favourite", "favourites", self.tr("Favourite")),
            ("results.tag", "tag", self.tr("Tag…")),
            ("results.export", "export", self.tr("Export…")),
            ("results.hide", "hidden", self.tr("Hide")),
        ):
            worded, drawn = TextButton(theme, text, kind="small"), IconButton(theme, icon, text)
            for button in (worded, drawn):
                button.clicked.connect(lambda _=False, wanted=command: self.command_wanted.emit(wanted))
                layout.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
            self._worded[command] = worded
            self._drawn[command] = drawn
        layout.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def keep_only(self, commands: Collection[str]) -> None:
        """Offer nothing else for what is selected."""
        for command in [each for each in self._worded if each not in commands]:
            for button in (self._worded.pop(command), self._drawn.pop(command)):
                button.hide()

    def add_tools(self, tools: QWidget) -> None:
        """Show these beside what a card stands for."""
        self._tools = tools
        self._row.insertWidget(1, tools, 0, Qt.AlignmentFlag.AlignVCenter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._make_room()

    def _make_room(self) -> None:
        """The count is said before the tools beside it have all their room, but never cuts off a button."""
        tools = self._tools.minimumSizeHint().width() if self._tools is not None else 0
        beside = tools + sum(button.sizeHint().width() for button in (self.by_moment, self.by_video))
        room = self.width() - beside - Space.S - Space.L
        needed = QFontMetrics(self.found.font()).horizontalAdvance(self._shortest) + Space.XS
        self.found.setMinimumWidth(max(Space.M, min(needed, room)))

    def _fit(self) -> None:
        needed = sum(button.sizeHint().width() + Space.S for button in self._worded.values())
        room = self.width() - self.selected.sizeHint().width() - self.clear.sizeHint().width() - 2 * Space.XL
        for command, worded in self._worded.items():
            worded.setVisible(needed <= room)
            self._drawn[command].setVisible(needed > room)

    def group_by(self, grouping: Grouping) -> None:
        """Let a card stand for a moment or a video."""
        self._view.lay_out(replace(self._model.layout_chosen, grouping=grouping))
        self._say()

    def _say(self) -> None:
        by_video = self._model.layout_chosen.grouping is Grouping.VIDEO
        (self.by_video if by_video else self.by_moment).setChecked(True)
        moments = list(self._model.moments)
        many = self.tr("%Ln moments", "", len(moments))
        videos = self.tr("{moments} in %Ln videos", "", len({moment.video_id for moment in moments}))
        self.found.set_wordings(videos.format(moments=many), many)
        self._shortest = many
        self._make_room()
        self._say_selected()

    def _say_selected(self) -> None:
        if self._view.selecting:
            count = len(self._view.selected_moments())
            self.selected.set_wordings(self.tr("%Ln selected", "", count))
            self._fit()
        self.setCurrentIndex(1 if self._view.selecting else 0)

    def _on_clear(self) -> None:
        self._view.clear_to_current()
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
