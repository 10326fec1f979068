"""What stands in the middle while there is nothing to show: each page says what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from app.indexing.events import IndexingEvent, Progress
from app.ui.background.snapshots import LibrarySnapshot
from app.ui.search.chip_words import query_words
from app.ui.widgets.controls import PlainLabel, TextButton, plain_action
from app.ui.widgets.flow_layout import FlowLayout
from app.ui.widgets.lazy_part import LazyPart
from app.ui.widgets.notice import Command
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.ui.frame.first_steps import ReadingStep, Welcome

REPAIR = "reelfind doctor --repair"


class Page(QWidget):
    """A centred column: a title, a text, then what a page adds."""

    def __init__(self, title: str = "", text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = PlainLabel(title, scale="title")
        self.text = PlainLabel(text, tone="dim")
        self.column = QVBoxLayout()
        self.column.setSpacing(Space.S)
        for label in (self.title, self.text):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.column.addWidget(label)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        outer.addStretch(2)
        outer.addLayout(self.column)
        outer.addStretch(3)


class Ready(Page):
    """Something is indexed and nothing is asked: a few queries to click that find something here."""

    query_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._theme = theme
        self._known = ""
        """What can be searched, a sentence."""
        self.takes_pictures = True
        """Whether one can search with a picture."""
        self.title.setText(self.tr("What are you looking for?"))
        self.column.addSpacing(Space.S)
        self.chips = QWidget()
        self._flow = FlowLayout(Space.S, self.chips)
        self.chips.setMaximumWidth(640)
        policy = self.chips.sizePolicy()
        policy.setHeightForWidth(True)
        self.chips.setSizePolicy(policy)
        centred = QHBoxLayout()
        centred.addStretch(1)
        centred.addWidget(self.chips, 100)
        centred.addStretch(1)
        self.column.addLayout(centred)
        self.show_examples(())

    def show_contents(self, contents: LibrarySnapshot) -> None:
        videos = self.tr("%Ln videos", "", contents.indexed)
        time = fmt.duration(contents.seconds)
        self._known = self.tr("{time} in {videos} can be searched.").format(time=time, videos=videos)
        self._say()

    def show_examples(self, examples: Sequence[tuple[str, str]]) -> None:
        """Offer these queries, each with its words for people."""
        self._offers = bool(examples)
        while (item := self._flow.takeAt(0)) is not None:
            chip = item.widget()
            if chip is not None:
                chip.hide()
                chip.deleteLater()
        for query, words in examples:
            chip = TextButton(self._theme, plain_action(words), kind="chip")
            chip.clicked.connect(lambda _=False, text=query: self.query_wanted.emit(text))
            self._flow.addWidget(chip)
            chip.show()
        self.chips.setVisible(bool(examples))
        self._say()

    def _say(self) -> None:
        if self._offers:
            ending = self.tr("Try one of these:")
        elif self.takes_pictures:
            ending = self.tr("Describe what you remember of a moment, or drop a picture.")
        else:
            ending = self.tr("Describe what you remember of a moment.")
        self.text.setText(f"{self._known} {ending}".strip())


class Working(Page):
    """The first videos are being indexed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.title.setText(self.tr("Indexing your videos"))
        self.text.setText(self.tr("You can search as soon as the first one is done."))
        self.bar = QProgressBar(textVisible=False)
        self.bar.setRange(0, 0)
        self.bar.setFixedWidth(260)
        self.column.addSpacing(Space.S)
        self.column.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignHCenter)
        self.step = PlainLabel(self.tr("Step 3 of 3"), tone="dim", scale="small")
        self.step.hide()
        self.column.addSpacing(Space.S)
        self.column.addWidget(self.step, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_progress(self, progress: Progress) -> None:
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(1000 * progress.fraction))


class BrokenLibrary(Page):
    """The library or the model cannot be opened: why, what to do, and a command to copy where that is it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.command = Command(theme, REPAIR)
        self.command.setMaximumWidth(360)
        self.command.hide()
        self.column.addSpacing(Space.S)
        self.column.addWidget(self.command, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_command(self, command: str) -> None:
        """Offer a command to copy; an empty one takes it away."""
        self.command.setHidden(not command)


class Nothing(Page):
    """No moment was found."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.without_filters = TextButton(theme, self.tr("Search without filters"))
        self.column.addSpacing(Space.S)
        self.column.addWidget(self.without_filters, 0, Qt.AlignmentFlag.AlignHCenter)


class Empty(QStackedWidget):
    """The pages; which one shows follows from what is known."""

    add_wanted = Signal()
    query_wanted = Signal(str)
    filters_unwanted = Signal()
    """The same is to be searched without filters."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.opening = Page()
        self.welcome_step = LazyPart(self._make_welcome)
        self.reading_step = LazyPart(self._make_reading)
        self.working = Working()
        self.ready = Ready(theme)
        self.no_videos = Page(
            self.tr("No videos here yet"),
            self.tr(
                "There is no video in your folders that can be searched. Add another folder, or put videos "
                "into one: new files are found by themselves."
            ),
        )
        self.nothing = Nothing(theme)
        self.nothing.without_filters.clicked.connect(self.filters_unwanted)
        self.broken = BrokenLibrary(theme)
        for page in (
            self.opening,
            self.working,
            self.ready,
            self.no_videos,
            self.nothing,
            self.broken,
        ):
            self.addWidget(page)
        self._of_server = False
        """Whether another computer has the library."""
        self._first_steps = False
        """Whether this library had no folder, and its first steps are under way."""
        self._contents: LibrarySnapshot | None = None
        self.ready.query_wanted.connect(self.query_wanted)

    @property
    def welcome(self) -> Welcome:
        """The first step; made now where nobody wanted it yet."""
        return self.welcome_step.get()

    @property
    def reading(self) -> ReadingStep:
        """The second step; made now where nobody wanted it yet."""
        return self.reading_step.get()

    def _make_welcome(self) -> Welcome:
        from app.ui.frame.first_steps import Welcome  # noqa: PLC0415 - a library with folders needs none

        welcome = Welcome(self._theme)
        welcome.add_wanted.connect(self.add_wanted)
        self.addWidget(welcome)
        return welcome

    def _make_reading(self) -> ReadingStep:
        from app.ui.frame.first_steps import ReadingStep  # noqa: PLC0415 - as above

        reading = ReadingStep(self._theme)
        reading.finished.connect(self._end_first_steps)
        self.addWidget(reading)
        return reading

    def show_as_of_server(self) -> None:
        """Another computer has the library: nothing can be added to it here."""
        self._of_server = True
        self.ready.takes_pictures = False
        self.no_videos.text.setText(self.tr("The server has no video that can be searched."))

    def set_read_only(self, reason: str) -> None:
        """Say why no folder can be added; `reason` is empty where one can."""
        self.welcome_step.tell("read only", lambda welcome: welcome.set_read_only(reason))

    def show_contents(self, contents: LibrarySnapshot) -> None:
        """Choose the page for the library's state while nothing is asked."""
        self._contents = contents
        self.ready.show_contents(contents)
        if self._of_server and not contents.indexed:
            self.setCurrentWidget(self.opening if contents.impairments else self.no_videos)
        elif not contents.folders:
            self._first_steps = not contents.read_only
            self.setCurrentWidget(self.welcome)
        elif self._first_steps:
            self.setCurrentWidget(self.reading)
        elif contents.indexed:
            self.setCurrentWidget(self.ready)
        elif any(folder.pending for folder in contents.folders) or contents.scanning:
            self.setCurrentWidget(self.working)
        else:
            self.setCurrentWidget(self.no_videos)

    def _end_first_steps(self) -> None:
        self._first_steps = False
        self.working.step.show()
        if self._contents is not None:
            self.show_contents(self._contents)

    def show_event(self, event: IndexingEvent) -> None:
        if isinstance(event, Progress):
            self.working.show_progress(event)

    def show_nothing(self, query: str, *, filtered: bool) -> None:
        """A search that found no moment at all; where it is `filtered`, it may be without that."""
        self.nothing.title.setText(
            self.tr("Nothing found for “{query}”").format(query=fmt.sentence(query_words(query)))
        )
        self.nothing.text.setText(self.tr("Try fewer or other words, or search in all folders."))
        self.nothing.without_filters.setVisible(filtered)
        self.setCurrentWidget(self.nothing)

    def show_broken(self, sentence: str, advice: str) -> None:
        """The library or the model cannot be opened."""
        self.broken.title.setText(fmt.sentence(sentence))
        self.broken.text.setText(fmt.sentence(advice))
        self.broken.show_command(REPAIR if REPAIR in advice or "damaged" in sentence else "")
        self.setCurrentWidget(self.broken)
