"""From what a start asks for, the first or a later one, to the search box."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from app.query.printer import quoted
from app.ui.background.snapshots import LibrarySnapshot
from app.ui.desktop.single_instance import StartRequest
from app.ui.flows.finding.search_flow import SearchFlow
from app.ui.flows.parts import Parts
from app.ui.wording import formatting as fmt


class StartFlow(QObject):
    """Searches for what was asked for, in the folder that was named, once the folders are known."""

    def __init__(self, parts: Parts, search: SearchFlow, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._search = search
        self._waiting: StartRequest | None = None
        parts.control.contents.connect(self._on_contents)

    def take(self, request: StartRequest) -> None:
        """Do what a start asks for."""
        if request.folder is not None and self._parts.contents is None:
            self._waiting = request
        else:
            self._do(request)

    def _on_contents(self, _: LibrarySnapshot) -> None:
        request, self._waiting = self._waiting, None
        if request is not None:
            self._do(request)

    def _do(self, request: StartRequest) -> None:
        where = "" if request.folder is None else self._filter_of(request.folder)
        text = f"{where} {request.query}".strip()
        if text:
            self._search.ask(text)

    def _filter_of(self, folder: Path) -> str:
        """`in:…` for a folder of the library; says so where it is none."""
        parts = self._parts
        watched = parts.contents.folders if parts.contents is not None else ()
        if not any(folder.is_relative_to(each.path) for each in watched):
            parts.warn(
                self.tr("“{name}” is not in your library.").format(name=fmt.brief_name(folder)),
                self.tr("Add the folder, then search in it."),
            )
            return ""
        named = "/".join(folder.parts[-2:]) if len(folder.parts) > 2 else folder.name
        return f"in:{quoted(named)}"
