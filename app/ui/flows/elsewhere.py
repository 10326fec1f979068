"""The window of a library that a server has: what the server does not do for it is not there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QMimeData

from app.connecting.service_address import ServiceAddress
from app.search.outcome import Moment
from app.ui.flows.parts import Parts
from app.ui.results.cards.card_words import place_of

ABSENT = frozenset(
    {
        "window.add-folder",
        "window.activity",
        "search.picture",
        "kept.hidden",
        "kept.duplicates",
        "kept.new-collection",
        "kept.export",
        "kept.import",
        "results.play-outside",
        "results.show-in-folder",
        "results.export",
        "results.collect",
        "results.hide",
        "results.index-again",
        "player.export",
        "player.show-in-folder",
        "player.play-outside",
    }
)
"""Ids of the commands that such a window does not have."""


def leave_out(parts: Parts, server: ServiceAddress) -> None:
    """Take away what a server does not do for a window, and say which server that is."""
    sections = parts.kept_sections
    for widget in (
        parts.folders.add,
        parts.search_bar.picture,
        parts.status.engine,
        sections.more,
        sections.sections["collections"],
        parts.player.header.export,
    ):
        widget.hide()
    sections.of_server = True
    parts.search_bar.offers_models = False
    parts.folders.only_searches = True
    parts.status.leave_out_activity()
    parts.results_bar.keep_only({"results.favourite", "results.tag"})
    parts.player.stage.offers_system_player = False
    parts.results.set_drag_source(_named)
    parts.empty.show_as_of_server()
    parts.folders.server.show_server("", server.place)
    parts.control.contents.connect(lambda _: _show_title(parts, server))


def _show_title(parts: Parts, server: ServiceAddress) -> None:
    """It may not have been known before, or be another one since the server was away."""
    session = parts.control.session
    parts.folders.server.show_server("" if session is None else session.title, server.place)


def _named(moments: Sequence[Moment]) -> QMimeData:
    """Moments as text: their files are not on this computer."""
    data = QMimeData()
    data.setText("\n".join(place_of(moment.path, moment.best) for moment in moments))
    return data


def window_title(place: str) -> str:
    """The title of a window of a server at `place`, host and port."""
    return QCoreApplication.translate("Elsewhere", "Reelfind · {server}").format(server=place)
