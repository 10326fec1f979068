"""One problem in the list: a file that could not be (wholly) read, or a folder that cannot be opened."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.catalogue.records import UnreachablePath, Video, VideoState
from app.ui.widgets.controls import (
    ElidedLabel,
    IconButton,
    PlainLabel,
    TextButton,
    plain_tooltip,
)
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

Problem = Video | UnreachablePath


class ProblemCard(QFrame):
    """Names it, says what is wrong and what to do, and offers to try again."""

    retry_wanted = Signal()
    show_wanted = Signal(Path)

    def __init__(self, theme: Theme, problem: Problem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = problem
        self.setObjectName("problem")
        name, folder = ElidedLabel(scale="strong"), ElidedLabel(tone="dim", scale="small")
        name.set_full_text(fmt.file_name(problem.path))
        folder.set_full_text(fmt.short_path(problem.path.parent))
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(name)
        names.addWidget(folder)
        self.retry = TextButton(theme, self.tr("Try again"), kind="small")
        self.retry.clicked.connect(self._on_retry)
        reveal = IconButton(theme, "reveal", self.tr("Show in folder"))
        reveal.clicked.connect(lambda: self.show_wanted.emit(problem.path))
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addLayout(names, 1)
        head.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(reveal, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.L, Space.M, Space.M, Space.M)
        column.setSpacing(Space.XS)
        column.addLayout(head)
        for text, tone in self._words():
            if text:
                label = PlainLabel(fmt.sentence(text), tone=tone)
                label.setWordWrap(True)
                column.addWidget(label)

    def set_read_only(self, reason: str) -> None:
        """Say why nothing can be tried again; `reason` is empty where it can."""
        self._reason = reason
        self.retry.setToolTip(plain_tooltip(reason))
        self.reset()

    def reset(self) -> None:
        """Offer to try again: what was tried is over, and nothing came of it."""
        self.retry.setText(self.tr("Try again"))
        self.retry.setEnabled(not self._reason)

    _reason = ""

    def _words(self) -> tuple[tuple[str, str], ...]:
        """Lines with their tones."""
        problem = self.problem
        if isinstance(problem, UnreachablePath):
            return (
                (problem.reason, ""),
                (self.tr("What is known of the videos in it can still be found."), "dim"),
            )
        return (
            (self._how_far(problem), ""),
            (problem.reason, ""),
            (problem.advice, "dim"),
            (self._tries(problem), "dim"),
        )

    def _how_far(self, video: Video) -> str:
        if video.state is not VideoState.INDEXED:
            return ""
        if video.read_until is None:
            return self.tr("Partly indexed")
        return self.tr("Partly indexed, until {time}").format(time=fmt.clock(video.read_until))

    def _tries(self, video: Video) -> str:
        if not video.will_be_retried or not video.attempts:
            return ""
        if video.attempts == 1:
            return self.tr("Tried once so far.")
        return self.tr("Tried {count} times so far.").format(count=fmt.count(video.attempts))

    def _on_retry(self) -> None:
        self.retry.setText(self.tr("Trying…"))
        self.retry.setEnabled(False)
        self.retry_wanted.emit()
