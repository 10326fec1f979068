"""What helps to ask: completions, remembered searches, filters, pictures, examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from app.query.like_values import read_likeness
from app.query.parsed_query import Area, Likeness
from app.query.query_error import QueryError
from app.query.spans import Span
from app.search.outcome import Moment
from app.ui.background.remembered_searches import Searches
from app.ui.background.snapshots import LibrarySnapshot
from app.ui.flows.finding.search_flow import SearchFlow
from app.ui.flows.parts import Parts
from app.ui.search.chip_words import query_words
from app.ui.search.search_commands import search_commands
from app.ui.search.search_field import is_to_be_liked
from app.ui.system.file_urls import is_unicode, path_of
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.open_library import OpenLibrary

EXAMPLES_MS = 1500
"""Rest after the library is known before examples are looked for: whoever comes to search goes first."""

PICTURES = "*.jpg *.jpeg *.png *.webp *.bmp *.tif *.tiff *.gif *.avif"


class PromptFlow(QObject):
    """Ties the search box to what is known of the library, and pictures to the search box."""

    save_wanted = Signal()
    """What is searched is to be saved: its name is to be asked for."""

    def __init__(self, parts: Parts, search: SearchFlow, window: QWidget) -> None:
        super().__init__(window)
        self._parts, self._search, self._window = parts, search, window
        self._cropped: Span | None = None
        """The likeness of which a part is to be chosen."""
        self._indexed = -1
        """Videos when examples were looked for last."""
        self._ready = False
        self._calm = QTimer(self, singleShot=True, interval=EXAMPLES_MS)
        self._calm.timeout.connect(self._look_for_examples)
        bar, suggestions = parts.search_bar, parts.search_bar.suggestions
        parts.control.opened.connect(self._on_opened)
        parts.control.opened_here.connect(parts.query_images.set_session)
        parts.control.ready.connect(self._on_ready)
        parts.control.contents.connect(self._on_contents)
        suggestions.completions_wanted.connect(parts.prompting.complete)
        suggestions.forget_wanted.connect(parts.remembered.forget)
        parts.prompting.completed.connect(suggestions.show_completions)
        parts.prompting.values.connect(
            lambda values: bar.filter_panel.tell("values", lambda panel: panel.show_values(values))
        )
        parts.prompting.examples.connect(self._show_examples)
        parts.remembered.changed.connect(self._on_searches)
        parts.remembered.failed.connect(parts.warn)
        parts.query_images.arrived.connect(bar.chips.show_picture)
        parts.query_images.opened.connect(self._crop)
        parts.query_images.kept.connect(lambda path: self._add(Likeness(str(path))))
        parts.query_images.sorted_out.connect(self._take_paths)
        parts.query_images.failed.connect(parts.warn)
        bar.typed.connect(self._show_saved)
        bar.filters_wanted.connect(parts.prompting.read_values)
        bar.save_wanted.connect(self._save_or_forget)
        bar.picture_wanted.connect(self._choose_picture)
        bar.chips.picture_wanted.connect(self._show_small)
        bar.chips.crop_wanted.connect(self._open_for_crop)
        bar.field.pasted.connect(self.take)
        parts.actions.like_this.connect(self._like_moment)
        parts.commands.add(search_commands(bar, self.paste, self._choose_picture))

    def stop(self) -> None:
        """The window closes."""
        self._calm.stop()
        self._parts.ranking.stop()
        for part in (self._parts.prompting, self._parts.remembered, self._parts.query_images):
            part.stop()

    def take(self, data: QMimeData) -> None:
        """What was dropped or pasted: folders are added, what is a picture or a video is searched by."""
        paths = [path_of(url) for url in data.urls() if url.isLocalFile()]
        if paths:
            self._parts.query_images.sort_out(paths)
        elif data.hasImage():
            image = data.imageData()
            if isinstance(image, QImage) and not image.isNull():
                self._parts.query_images.keep(image)

    def paste(self) -> None:
        """Search for what is on the clipboard: a picture, files or words."""
        data = QGuiApplication.clipboard().mimeData()
        if is_to_be_liked(data):
            self.take(data)
        elif data.hasText():
            self._parts.search_bar.focus()
            self._parts.search_bar.field.paste()

    def _on_opened(self, session: OpenLibrary) -> None:
        for part in (self._parts.prompting, self._parts.remembered):
            part.set_session(session)
        for piece in self._parts.search_bar.chips.likenesses:
            self._show_small(piece)

    def _on_ready(self) -> None:
        self._ready = True
        if self._parts.contents is not None:
            self._on_contents(self._parts.contents)

    def _on_contents(self, contents: LibrarySnapshot) -> None:
        """Look for examples once something is indexed, and again when it is much more."""
        grown = contents.indexed > 2 * self._indexed or not contents.scanning
        if self._ready and contents.indexed and contents.indexed != self._indexed and grown:
            self._indexed = contents.indexed
            self._calm.start()

    def _look_for_examples(self) -> None:
        if self._parts.searching.text:
            self._calm.start()  # nobody sees them now
        else:
            self._parts.prompting.look_for_examples()

    def _show_examples(self, examples: tuple[str, ...]) -> None:
        self._parts.empty.ready.show_examples([(query, query_words(query)) for query in examples])

    def _on_searches(self, searches: Searches) -> None:
        self._parts.search_bar.suggestions.show_searches(searches)
        self._show_saved(self._parts.search_bar.text)

    def _show_saved(self, text: str) -> None:
        self._parts.search_bar.set_saved(self._parts.remembered.current.saved_as(text.strip()))

    def _save_or_forget(self) -> None:
        text = self._parts.search_bar.text.strip()
        if name := self._parts.remembered.current.saved_as(text):
            self._parts.remembered.remove(name)
        else:
            self.save_wanted.emit()

    def _choose_picture(self) -> None:
        dialog = QFileDialog(self._window, self.tr("Search with a picture"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Pictures") + f" ({PICTURES})", self.tr("All files") + " (*)"])
        dialog.fileSelected.connect(lambda path: self._parts.query_images.sort_out([Path(path)]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take_paths(self, folders: Sequence[Path], pictures: Sequence[Path], videos: Sequence[Path]) -> None:
        for folder in folders:
            self._parts.control.add_folder(folder)
        if len(videos) > 1:
            self._parts.warn(
                self.tr("That is more than one video."),
                self.tr("Drop one to find others like it, or drop their folder to add it."),
            )
            return
        for path in [*pictures, *videos]:
            self._add(Likeness(str(path)))

    def _like_moment(self, moment: Moment, seconds: float) -> None:
        self._add(Likeness(str(moment.path), round(seconds, 3)))

    def _add(self, likeness: Likeness) -> None:
        if not is_unicode(Path(likeness.path)):
            self._parts.warn(
                self.tr("The name of “{name}” cannot be typed.").format(
                    name=fmt.brief_name(Path(likeness.path))
                ),
                self.tr("Rename the file to search by it."),
            )
            return
        bar = self._parts.search_bar
        bar.add_likeness(likeness)
        self._parts.searching.search_now()
        bar.field.setFocus()

    def _show_small(self, typed: str) -> None:
        image = self._parts.query_images.small(typed)
        if image is not None:
            self._parts.search_bar.chips.show_picture(typed, image)

    def _open_for_crop(self, span: Span) -> None:
        try:
            likeness = read_likeness(span.value, 1.0, 0)
        except QueryError as error:
            self._parts.warn(error.sentence, error.advice)
            return
        self._cropped = span
        self._parts.query_images.open(likeness)

    def _crop(self, likeness: Likeness, image: QImage) -> None:
        span, self._cropped = self._cropped, None
        if span is None or QApplication.activeModalWidget() is not None:
            return

        def use(area: Area | None) -> None:
            self._parts.search_bar.replace_likeness(span, replace(likeness, crop=area))
            self._parts.searching.search_now()

        from app.ui.search.crop_dialog import CropDialog  # noqa: PLC0415 - no start needs it

        dialog = CropDialog(self._parts.theme, image, likeness.crop, self._window)
        dialog.chosen.connect(use)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
