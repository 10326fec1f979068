"""What can be done with the selected moments: as commands, and as the menu of the grid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

from app.search.outcome import Moment
from app.ui.results.arrangement import Grouping
from app.ui.results.results_model import ResultsModel
from app.ui.results.results_view import ResultsView
from app.ui.widgets.command_list import Command, Commands
from app.ui.widgets.controls import plain_tooltip
from app.ui.widgets.moment_actions import MomentActions

MENU = (
    ("results.play", "results.play-outside", "results.show-in-folder", "results.copy-place"),
    ("results.like-this", "results.export"),
    ("results.favourite", "results.unfavourite", "results.tag", "results.collect"),
    ("results.hide", "results.index-again"),
)
"""The menu's commands, a line between two groups."""


def moment_commands(view: ResultsView, model: ResultsModel, actions: MomentActions) -> list[Command]:
    """Everything that can be done with what is selected in the grid."""
    group = QCoreApplication.translate("MomentMenu", "Results")

    def one(deed: Callable[[Moment], object]) -> Callable[[], object]:
        return lambda: deed(moment) if (moment := view.current_moment) is not None else None

    def several(deed: Callable[[tuple[Moment, ...]], object]) -> Callable[[], object]:
        return lambda: deed(moments) if (moments := view.selected_moments()) else None

    def is_any() -> bool:
        return view.current_moment is not None

    def plays() -> bool:
        moment = view.current_moment
        return moment is not None and moment.online

    def made(
        name: str,
        title: str,
        run: Callable[[], object],
        *keys: str,
        enabled: Callable[[], bool] = is_any,
    ) -> Command:
        return Command(f"results.{name}", title, group, run, keys, enabled)

    return [
        made("play", QCoreApplication.translate("MomentMenu", "Play"), one(actions.play.emit)),
        made(
            "play-outside",
            QCoreApplication.translate("MomentMenu", "Play in the system’s player"),
            one(actions.play_outside.emit),
            "Ctrl+Return",
            enabled=plays,
        ),
        made(
            "show-in-folder",
            QCoreApplication.translate("MomentMenu", "Show in folder"),
            one(actions.show_in_folder.emit),
            "Ctrl+Shift+R",
            enabled=plays,
        ),
        made(
            "copy-place",
            QCoreApplication.translate("MomentMenu", "Copy path and time"),
            one(actions.copy_place.emit),
            "Ctrl+C",
        ),
        made(
            "like-this",
            QCoreApplication.translate("MomentMenu", "More like this"),
            one(lambda moment: actions.like_this.emit(moment, moment.best)),
            "L",
        ),
        made(
            "export",
            QCoreApplication.translate("MomentMenu", "Export…"),
            several(actions.export.emit),
            "Ctrl+E",
        ),
        made(
            "favourite",
            QCoreApplication.translate("MomentMenu", "Add to favourites"),
            several(lambda moments: actions.favourite.emit(moments, True)),
            "F",
        ),
        made(
            "unfavourite",
            QCoreApplication.translate("MomentMenu", "Remove from favourites"),
            several(lambda moments: actions.favourite.emit(moments, False)),
            "Shift+F",
        ),
        made(
            "tag", QCoreApplication.translate("MomentMenu", "Tag and note…"), several(actions.tag.emit), "T"
        ),
        made(
            "collect",
            QCoreApplication.translate("MomentMenu", "Add to collection…"),
            several(lambda moments: actions.collect.emit(moments, "")),
            "C",
        ),
        made(
            "hide",
            QCoreApplication.translate("MomentMenu", "Hide from searches"),
            several(actions.hide.emit),
            "H",
        ),
        made(
            "index-again",
            QCoreApplication.translate("MomentMenu", "Index again"),
            several(actions.index_again.emit),
            enabled=plays,
        ),
        made("select-all", QCoreApplication.translate("MomentMenu", "Select all"), view.selectAll, "Ctrl+A"),
        made(
            "clear-selection",
            QCoreApplication.translate("MomentMenu", "Clear selection"),
            view.clear_to_current,
            "Ctrl+Shift+A",
        ),
        made(
            "next-frame",
            QCoreApplication.translate("MomentMenu", "Next frame of the card"),
            lambda: view.scrub(1),
            ".",
        ),
        made(
            "previous-frame",
            QCoreApplication.translate("MomentMenu", "Previous frame of the card"),
            lambda: view.scrub(-1),
            ",",
        ),
        made(
            "by-video",
            QCoreApplication.translate("MomentMenu", "Group by moment or by video"),
            lambda: _switch_grouping(view, model),
            "G",
            enabled=lambda: model.rowCount() > 0,
        ),
        made(
            "less-likely",
            QCoreApplication.translate("MomentMenu", "Show or hide less likely results"),
            lambda: model.set_open(not model.is_open),
            "M",
            enabled=lambda: model.less_likely > 0,
        ),
    ]


def moment_menu(view: ResultsView, model: ResultsModel, commands: Commands) -> QMenu:
    """The menu for what is selected; what cannot be done says why."""
    menu = QMenu(view)
    menu.setToolTipsVisible(True)
    moment = view.current_moment
    obstacle = model.obstacle(moment) if moment is not None else ""
    known = {command.id: command for command in commands.all()}
    kept = moment is not None and model.is_favourite(moment)
    for number, names in enumerate(MENU):
        if number:
            menu.addSeparator()
        for name in names:
            if name == ("results.favourite" if kept else "results.unfavourite") or name not in known:
                continue
            action = menu.addAction(known[name].title)
            action.triggered.connect(lambda _=False, wanted=name: commands.run(wanted))
            action.setShortcuts(commands.action(name).shortcuts())
            action.setShortcutVisibleInContextMenu(True)
            action.setEnabled(known[name].enabled())
            if not action.isEnabled():
                action.setToolTip(plain_tooltip(obstacle))
            elif action.toolTip() == action.text():
                action.setToolTip("")
    return menu


def _switch_grouping(view: ResultsView, model: ResultsModel) -> None:
    by_video = model.layout_chosen.grouping is Grouping.VIDEO
    grouping = Grouping.MOMENT if by_video else Grouping.VIDEO
    view.lay_out(replace(model.layout_chosen, grouping=grouping))
