"""Where words of videos come from: whether each is read, what it costs, what it lacks, how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal

from app.settings import Settings
from app.ui.settings.editors import Switch
from app.ui.settings.setting_row import Row, Section, SettingRow
from app.ui.widgets.choice import Choice
from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.notice import Command, Question
from app.ui.widgets.theme import Theme
from app.ui.wording import formatting as fmt
from app.ui.wording.source_words import command_in, state_in_words

if TYPE_CHECKING:
    from app.indexing.behind.line_sources import SourceState


class SourceRow(SettingRow):
    """One source with its switch, its state, and a way to forget what was read of it."""

    clear_wanted = Signal(str)

    def __init__(self, theme: Theme, name: str, title: str, about: str, also: str) -> None:
        super().__init__(theme, name, title, about, Switch(theme), default=Settings.default(name), also=also)
        self.state = PlainLabel(tone="dim", scale="small")
        self.state.setWordWrap(True)
        self.command: Command | None = None
        self.forget = TextButton(theme, self.tr("Forget what was read…"), kind="small")
        self.forget.setAccessibleName(self.tr("Forget what was read: {source}").format(source=title))
        self.forget.hide()
        self.below.addWidget(self.state)
        self.side.insertWidget(0, self.forget)
        self.question: Question | None = None
        self.forget.clicked.connect(self._ask)

    def set_short(self) -> None:
        """Offer the switch alone, for where a person sees it the first time."""
        self._short = True
        self.reset.hide()
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(False)
        self.reset.setSizePolicy(policy)

    _short = False

    def show_value(self, value: object) -> None:
        super().show_value(value)
        if self._short:
            self.reset.hide()

    def show_state(self, state: SourceState) -> None:
        """Say how far it is, or what it lacks."""
        self.state.setText(state_in_words(state))
        self.state.setHidden(not self.state.text())
        self.state.setProperty("tone", "warning" if state.problem and state.wanted else "dim")
        self.state.style().polish(self.state)
        self.editor.setEnabled(not state.problem or state.wanted)
        self.forget.setVisible(bool(state.lines) and not self._short)
        self._offer(command_in(state.advice) if state.problem else "")

    def _offer(self, command: str) -> None:
        if self.command is not None:
            self.below.removeWidget(self.command)
            self.command.deleteLater()
            self.command = None
        if command:
            self.command = Command(self.theme, command)
            self.below.addWidget(self.command)

    def _ask(self) -> None:
        if self.question is not None:
            return
        self.question = question = Question(
            self.theme,
            self.tr(
                "Forget what was read? It can no longer be found. While this is on, it is read again, which "
                "takes as long as the first time."
            ),
            yes=self.tr("Forget"),
            no=self.tr("Keep"),
            careful=True,
        )
        question.agreed.connect(lambda: self.clear_wanted.emit(self.name))
        question.agreed.connect(self._answered)
        question.declined.connect(self._answered)
        self.below.addWidget(question)
        question.enter()

    def _answered(self) -> None:
        question, self.question = self.question, None
        if question is not None:
            self.below.removeWidget(question)
            question.hide()
            question.deleteLater()
        self.forget.setFocus()


class SpeechModelRow(SettingRow):
    """Which of the speech models on this computer listens."""

    def __init__(self, theme: Theme) -> None:
        self._choice = Choice(theme)
        self._value = ""
        self._models: tuple[str, ...] = ()
        super().__init__(
            theme,
            "speech_model",
            _tr("Speech model"),
            _tr("Larger ones hear better and take longer. Another one listens to all videos again."),
            self._choice,
            default=Settings.default("speech_model"),
            also=_tr("whisper tiny base small"),
        )

    def show_models(self, models: tuple[str, ...]) -> None:
        """Offer these."""
        self._models = models
        self.show_value(self._value)

    def show_value(self, value: object) -> None:
        """Show the model in use, which may be a folder of a person's own."""
        self._value = str(value)
        own = (self._value,) if self._value and self._value not in self._models else ()
        choices = [("", _tr("None yet")), *((name, fmt.one_line(name)) for name in (*self._models, *own))]
        self._choice.offer(choices)
        super().show_value(value)


def source_section(theme: Theme) -> Section:
    """All sources; names are always read and have no row."""
    about = _tr(
        "Pictures and names are always searched. These bring more words; what costs time is off at first."
    )
    return Section(theme, _tr("Sources"), about).fill_with(_rows)


def _rows(theme: Theme) -> Iterator[Row]:
    for name, title, about, also in (
        (
            "subtitles",
            _tr("Subtitles"),
            _tr("In videos and in files next to them. Costs next to nothing."),
            _tr("srt captions"),
        ),
        (
            "text",
            _tr("Text in pictures"),
            _tr("Signs, titles, slides. Takes about as long as indexing the pictures."),
            _tr("OCR written"),
        ),
        (
            "speech",
            _tr("Speech"),
            _tr("What people say. Takes much longer than indexing the pictures; it runs last."),
            _tr("whisper spoken said"),
        ),
    ):
        yield SourceRow(theme, name, title, about, also)
    yield SpeechModelRow(theme)
    yield SettingRow(
        theme,
        "speech_all_tracks",
        _tr("Listen to every sound track"),
        _tr("For videos in several languages. Takes longer by as many tracks."),
        Switch(theme),
        default=Settings.default("speech_all_tracks"),
        also=_tr("speech language audio"),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)
