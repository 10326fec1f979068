"""How many problems there are, in words."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from app.catalogue.records import ProblemCounts, UnreachablePath


def headline(counts: ProblemCounts, unreachable: Sequence[UnreachablePath] = ()) -> str:
    """How many videos could not be read, and in part only, and how many folders cannot be opened."""
    parts = []
    if counts.failed:
        parts.append(_tr("%Ln files could not be read", counts.failed))
        if counts.partial:
            parts.append(_tr("%Ln only in part", counts.partial))
    elif counts.partial:
        parts.append(_tr("%Ln files only partly readable", counts.partial))
    if unreachable:
        parts.append(_tr("%Ln folders cannot be opened", len(unreachable)))
    return ", ".join(parts) if parts else _tr("No problems")


def brief_headline(counts: ProblemCounts, unreachable: Sequence[UnreachablePath] = ()) -> str:
    """How many problems there are, for where there is little room."""
    if not unreachable:
        return _tr("%Ln files with problems", counts.total)
    if not counts.total:
        return headline(counts, unreachable)
    return _tr("%Ln problems", counts.total + len(unreachable))


def _tr(text: str, number: int = -1) -> str:
    return QCoreApplication.translate("Problems", text, "", number)
