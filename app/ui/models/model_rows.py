"""One row of the models dialog: an installed model, or one that can be added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.models import model_words as words
from app.ui.models.models_control import Adding
from app.ui.widgets.controls import (
    ElidedLabel,
    IconButton,
    PlainLabel,
    TextButton,
    plain_tooltip,
)
from app.ui.widgets.notice import Notice, Question, WorkingNote
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.model_store.recommended import RecommendedModel
    from app.model_store.store import InstalledModel
    from app.ui.models.store_work import LibrarySize

if TYPE_CHECKING:
    from app.session import PendingModel


class ModelRow(QFrame):
    """A title with a badge, facts, buttons, and below them what is asked, done or wrong now."""

    grown = Signal()
    """Something has appeared below: it should be seen."""

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._theme = theme
        self.title = words.title(title)
        heading = ElidedLabel(scale="strong")
        heading.set_full_text(self.title)
        self.badge = PlainLabel(scale="small")
        self.badge.setObjectName("badge")
        self.badge.hide()
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(Space.XS)
        top = QHBoxLayout()
        top.setSpacing(Space.S)
        top.addWidget(heading)
        top.addWidget(self.badge)
        top.addStretch(1)
        self.lines = QVBoxLayout()
        self.lines.setSpacing(2)
        self.lines.addLayout(top)
        upper = QHBoxLayout()
        upper.setSpacing(Space.M)
        middle = QVBoxLayout()
        middle.addStretch()
        middle.addLayout(self.lines)
        middle.addStretch()
        upper.addLayout(middle, 1)
        upper.addLayout(self.buttons)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.L, Space.M, Space.M, Space.M)
        self._column.setSpacing(Space.M)
        self._column.addLayout(upper)
        self.below: QWidget | None = None
        self._failure: tuple[str, str, str] | None = None
        self.setAccessibleName(self.title)

    def show_failure(self, sentence: str, advice: str, command: str = "") -> None:
        """Say in place what went wrong and what to do."""
        self._show_notice(Notice(self._theme, sentence, advice, command), sentence, advice, command)

    def _show_notice(self, notice: Notice, sentence: str, advice: str, command: str = "") -> None:
        notice.closed.connect(lambda: self._put_below(None))
        self._put_below(notice)
        self._failure = (sentence, advice, command)

    @property
    def failure(self) -> tuple[str, str, str] | None:
        """What `show_failure` says now, None where it was closed or something else took its place."""
        return self._failure if isinstance(self.below, Notice) else None

    def forget_failure(self) -> None:
        """Take away what `show_failure` said."""
        if isinstance(self.below, Notice):
            self._put_below(None)

    def say(self, text: str, *, tone: str = "dim") -> PlainLabel:
        """Add a line of words; returns its label. An empty text takes no room."""
        label = PlainLabel(text, tone=tone, scale="small")
        label.setWordWrap(True)
        self.lines.addWidget(label)
        label.setVisible(bool(text))
        return label

    def add_button(self, text: str, name: str, *, kind: str = "small") -> TextButton:
        """Add a button; `name` is read aloud, since many rows have the same buttons."""
        button = TextButton(self._theme, text, kind=kind)
        button.setAccessibleName(name)
        self.buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return button

    def _put_below(self, part: QWidget | None) -> None:
        if self.below is not None:
            self._column.removeWidget(self.below)
            self.below.hide()
            self.below.deleteLater()
        self.below = part
        if part is not None:
            self._column.addWidget(part)
            self.grown.emit()

    def _ask(self, question: Question, asker: QWidget, then: SignalInstance) -> None:
        """Put a question below; `then` is emitted on yes, on no the keyboard goes back to the asker."""

        def decline() -> None:
            self._put_below(None)
            asker.setFocus(Qt.FocusReason.OtherFocusReason)

        question.agreed.connect(lambda: self._put_below(None))
        question.agreed.connect(then)
        question.declined.connect(decline)
        self._put_below(question)
        question.enter()


class InstalledRow(ModelRow):
    """A model of this machine: use it, or remove it."""

    use_wanted = Signal()
    remove_wanted = Signal()
    switch_now_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(
        self, theme: Theme, model: InstalledModel, languages: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, model.title, parent)
        self.model = model
        facts = "" if model.problem else words.installed_facts(model, languages)
        self.facts = self.say(facts)
        self.facts.setToolTip(plain_tooltip(model.licence, model.source))
        self.say(model.problem or words.untrained(model), tone="warning")
        self.use = self.add_button(self.tr("Use"), self.tr("Use {model}").format(model=self.title))
        self.now = self.add_button(
            self.tr("Switch now"), self.tr("Switch to {model} now").format(model=self.title)
        )
        self.cancel = self.add_button(
            self.tr("Cancel"), self.tr("Cancel the switch to {model}").format(model=self.title)
        )
        self.remove = IconButton(theme, "remove", self.tr("Remove {model}").format(model=self.title))
        self.buttons.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignTop)
        self.use.clicked.connect(self.use_wanted)
        self.now.clicked.connect(self.switch_now_wanted)
        self.cancel.clicked.connect(self.cancel_wanted)
        self.remove.clicked.connect(self._ask_to_remove)
        self.show_state(in_use=False, pending_model=None)

    def show_state(self, *, in_use: bool, pending_model: PendingModel | None) -> None:
        """Whether it answers now, or is pending (then `pending_model` is how far it is)."""
        self.badge.setText(
            self.tr("In use") if in_use else words.ready(pending_model) if pending_model else ""
        )
        self.badge.setVisible(bool(self.badge.text()))
        idle = not in_use and pending_model is None
        self.use.setVisible(idle and not self.model.problem)
        self.now.setVisible(pending_model is not None)
        self.cancel.setVisible(pending_model is not None)
        self.remove.setVisible(idle and not self.model.bundled)

    def offer_use(self, again: str) -> None:
        """Ask whether to use the model, which has just been added; `again` is how long indexing takes."""
        if self.use.isHidden():
            return
        text = self.tr("{model} is ready.").format(model=self.title)
        meanwhile = self.tr("Until then the model in use keeps answering.")
        question = Question(
            self._theme,
            " ".join((text, again, meanwhile) if again else (text,)),
            yes=self.tr("Use it"),
            no=self.tr("Not now"),
            careful=False,
        )
        self._ask(question, self.use, self.use_wanted)

    def _ask_to_remove(self) -> None:
        question = Question(
            self._theme,
            self.tr(
                "Remove {model} from this computer? That frees {size}. To use it again it has to be added "
                "again, and your videos re-indexed."
            ).format(model=self.title, size=fmt.size(self.model.bytes)),
            yes=self.tr("Remove"),
            no=self.tr("Keep"),
            careful=True,
        )
        self._ask(question, self.remove, self.remove_wanted)


class RecommendedRow(ModelRow):
    """A model that is known to be good, and can be added."""

    add_wanted = Signal()
    stop_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        model: RecommendedModel,
        lacking: Sequence[str],
        memory: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`lacking` are packages without which it cannot be made; `memory` is this computer's, in bytes."""
        super().__init__(theme, model.title, parent)
        self.model = model
        self._lacking = lacking
        self._speed: float | None = None
        self._library: LibrarySize | None = None
        self.facts = self.say(words.recommended_facts(model))
        self.worth = self.say("")
        self.again = self.say("")
        self.say(words.licence_note(model), tone="warning")
        self.say(words.shortage(model, memory), tone="warning")
        self.say(self._made_by_torch())
        self.kept = self.say("")
        self.add = self.add_button(self.tr("Add…"), self.tr("Add {model}").format(model=self.title))
        self.add.clicked.connect(self._ask_to_add)
        self.show_speed(None)

    def show_speed(self, speed: float | None) -> None:
        """Frames per second it would reach here, None while that is not known."""
        self._speed = speed
        self.worth.setText(words.worth(self.model, speed))
        self.worth.setVisible(bool(self.worth.text()))
        self.worth.setToolTip(plain_tooltip(*words.about_worth(self.model, speed)))
        self._show_time()

    def show_library(self, library: LibrarySize | None) -> None:
        """How much it would have to look at, None while that is not known."""
        self._library = library
        self._show_time()

    def show_arrived(self, done: int) -> None:
        """So many bytes are here of a download that was broken off; 0 where there was none."""
        self.kept.setText(words.arrived(done) if done else "")
        self.kept.setVisible(done > 0)
        self.add.setText(self.tr("Continue…") if done else self.tr("Add…"))

    def show_failure(self, sentence: str, advice: str, command: str = "") -> None:
        """Say in place what went wrong and what to do, with a button to try again where that may help."""
        again = "" if command else self.tr("Try again")
        notice = Notice(self._theme, sentence, advice, command, again)
        notice.again_wanted.connect(lambda: self._put_below(None))
        notice.again_wanted.connect(self.add_wanted)
        self._show_notice(notice, sentence, advice, command)

    def show_adding(self, adding: Adding | None) -> None:
        """Follow what is being added, this model or another."""
        mine = adding is not None and adding.name == self.model.name
        self.add.setEnabled(adding is None)
        self.add.setVisible(not mine)
        if isinstance(self.below, Notice):
            self.below.again.setEnabled(adding is None)
        working = self.below if isinstance(self.below, WorkingNote) else None
        if adding is None or not mine:
            if working is not None:
                self._put_below(None)
            return
        if working is None:
            working = WorkingNote(self._theme, self.tr("Adding {model}").format(model=self.title))
            working.stop_wanted.connect(self.stop_wanted)
            self._put_below(working)
            working.stop.setFocus(Qt.FocusReason.OtherFocusReason)
        self.kept.hide()
        can_stop = adding.can_stop and not adding.stopping
        working.show_work(words.stage(adding), words.share(adding.progress), can_stop=can_stop)

    def _show_time(self) -> None:
        self.again.setText(words.indexing(self._speed, self._library))
        self.again.setVisible(bool(self.again.text()))

    def _made_by_torch(self) -> str:
        """What is to be known of a model that nobody has published ready-made."""
        if not self.model.needs_torch:
            return ""
        return self.tr("Nobody publishes it ready-made: it is made on this computer, which needs torch.")

    def _ask_to_add(self) -> None:
        if self._lacking:
            from app.model_store.conversion import EXTRA

            self.show_failure(
                self.tr("To prepare a model, Reelfind needs {packages}, which are not installed.").format(
                    packages=", ".join(self._lacking)
                ),
                self.tr("Install them with this command, then try again."),
                EXTRA,
            )
            return
        download = self.tr(
            "This downloads about {size} once and then prepares the model on this computer, which takes "
            "some minutes. Nothing of yours is sent."
        ).format(size=fmt.size(self.model.download_bytes))
        licence = words.licence_note(self.model) or self.tr("Its licence is {licence}.").format(
            licence=fmt.one_line(self.model.licence, words.FACT)
        )
        question = Question(
            self._theme,
            " ".join(part for part in (download, licence, self.again.text()) if part),
            yes=self.tr("Download and add"),
            no=self.tr("Not now"),
            careful=False,
        )
        self._ask(question, self.add, self.add_wanted)
