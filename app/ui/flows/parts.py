"""What the window is put together of, for the flows that tie the parts to each other."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.background.duplicates_search import DuplicatesSearch
from app.ui.background.filmstrips import Filmstrips
from app.ui.background.kept_reader import KeptReader
from app.ui.background.library_control import LibraryControl
from app.ui.background.operations import Operations
from app.ui.background.prompting import Prompting
from app.ui.background.query_images import QueryImages
from app.ui.background.remembered_searches import RememberedSearches
from app.ui.background.searching import Searching
from app.ui.background.snapshots import LibrarySnapshot
from app.ui.export.export_control import ExportControl
from app.ui.export.export_note import ExportNote
from app.ui.folders.folder_panel import FolderPanel
from app.ui.frame.banner import Banner
from app.ui.frame.pages import Pages
from app.ui.frame.placeholders import Empty
from app.ui.frame.status_bar import StatusBar
from app.ui.kept.kept_sections import KeptSections
from app.ui.kept.undo_bar import UndoBar
from app.ui.player.player_page import PlayerPage
from app.ui.results.cards.match_strips import MatchStrips
from app.ui.results.cards.scrubber import Scrubber
from app.ui.results.results_bar import ResultsBar
from app.ui.results.results_model import ResultsModel
from app.ui.results.results_view import ResultsView
from app.ui.results.thumbnails import Thumbnails
from app.ui.search.ranking_tools import RankingTools
from app.ui.search.search_bar import SearchBar
from app.ui.settings.settings_control import SettingsControl
from app.ui.system.preferences import PreferenceStore
from app.ui.widgets.command_list import Commands
from app.ui.widgets.lazy_part import LazyPart
from app.ui.widgets.moment_actions import MomentActions
from app.ui.widgets.theme import Space, Theme
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.remote_library.server_place import ServerPlace
    from app.ui.activity.activity_page import ActivityPage
    from app.ui.activity.problems import Problems
    from app.ui.kept.duplicates_page import DuplicatesPage
    from app.ui.settings.settings_page import SettingsPage


class Parts:
    """Makes the parts; knows nothing of what they say to each other."""

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        library: Path,
        model: Path | None,
        preferences: PreferenceStore,
        *,
        server: ServerPlace | None = None,
        absent: Collection[str] = (),
    ) -> None:
        """Make them.

        Args:
            window: to be put into.
            theme: its look.
            library: the library's folder; where a server has it, that of what is private to this person.
            model: folder of the encoder bundle, the library's own choice where None.
            preferences: what is preferred on this computer.
            server: has the library; None where it lies on this computer.
            absent: ids of commands that the window does not have.
        """
        self.theme = theme
        self.preferences = preferences
        theme.follow(preferences)
        self.commands = Commands(window, absent)
        self.actions = MomentActions(window)
        self.operations = Operations(window)
        self.control = LibraryControl(self.operations, library, model, window, server)
        self.searching = Searching(self.operations, window)
        self.prompting = Prompting(self.operations, window)
        self.remembered = RememberedSearches(self.operations, window)
        self.query_images = QueryImages(self.operations, window)
        self.thumbnails = Thumbnails(self.operations, window)
        self.filmstrips = Filmstrips(self.operations, window)
        self.kept = KeptReader(self.operations, window)
        self.duplicates_search = DuplicatesSearch(self.operations, window)
        self.results_model = ResultsModel(window)
        self.folders = FolderPanel(theme)
        self.kept_sections = KeptSections(theme, window)
        for name, section in self.kept_sections.sections.items():
            self.folders.add_section(name, section)
        self.search_bar = SearchBar(theme)
        self.banner = Banner(theme)
        self.empty = Empty(theme)
        self.strips = MatchStrips(self.operations, window)
        self.results = ResultsView(
            theme, self.thumbnails, self.strips, Scrubber(self.filmstrips, window), self.results_model
        )
        self.results_bar = ResultsBar(theme, self.results_model, self.results)
        self.ranking = RankingTools(theme)
        self.results_bar.add_tools(self.ranking)
        self.results_page = _in_line_with_the_search_box(self.results_bar, self.results)
        self.player = PlayerPage(theme, self.actions)
        self.activity_page = LazyPart(self._make_activity)
        self.duplicates_page = LazyPart(self._make_duplicates)
        self.settings_page = LazyPart(self._make_settings)
        self.status = StatusBar(theme)
        self.export_control = ExportControl(self.operations, window)
        self.export_note = ExportNote(theme)
        self.status.add(self.export_note)
        self.settings_control = SettingsControl(self.control, window)
        self._library = library
        self.pages = Pages(self._home)
        for page in (self.empty, self.results_page, self.player):
            self.pages.addWidget(page)
        self.undo_bar = UndoBar(
            theme, self.pages, lambda: self.player.foot if self.pages.is_shown(self.player) else 0
        )
        self.contents: LibrarySnapshot | None = None
        """What is in the library, once it is known."""

    @property
    def activity(self) -> ActivityPage:
        """The page of what goes on; made now where nobody wanted it yet."""
        return self.activity_page.get()

    @property
    def problems(self) -> Problems:
        """The list on the page of what goes on."""
        return self.activity.problems

    @property
    def duplicates(self) -> DuplicatesPage:
        """The page of duplicates; made now where nobody wanted it yet."""
        return self.duplicates_page.get()

    @property
    def settings(self) -> SettingsPage:
        """The page of settings; made now where nobody wanted it yet."""
        return self.settings_page.get()

    def warn(self, sentence: str, advice: str) -> None:
        """Say below the search box what went wrong, and what to do; not what the banner says already."""
        if self.banner.says(sentence):
            return
        self.search_bar.say(fmt.sentence(f"{sentence} {advice}".strip()), warning=True)

    def _make_activity(self) -> ActivityPage:
        from app.ui.activity.activity_page import ActivityPage  # noqa: PLC0415 - no start needs it

        return ActivityPage(self.theme)

    def _make_duplicates(self) -> DuplicatesPage:
        from app.ui.kept.duplicates_page import DuplicatesPage  # noqa: PLC0415 - no start needs it

        return DuplicatesPage(self.theme, self.thumbnails)

    def _make_settings(self) -> SettingsPage:
        from app.ui.settings.settings_page import SettingsPage  # noqa: PLC0415 - no start needs it

        return SettingsPage(
            self.theme,
            self.settings_control,
            self.preferences,
            self.commands,
            self._library,
            only_computer=self.control.is_elsewhere,
        )

    def _home(self) -> QWidget:
        return self.results_page if any(self.results_model.moments) else self.empty


def _in_line_with_the_search_box(*parts: QWidget) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(Space.L, 0, Space.XS, 0)
    layout.setSpacing(Space.XS)
    for part in parts:
        layout.addWidget(part)
    return page
