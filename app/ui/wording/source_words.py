"""How far the words of videos are read, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.indexing.behind.line_sources import SourceState

CHOOSE_SPEECH = "reelfind sources speech --model tiny"


def source_line(state: SourceState) -> str:
    """The name of a source with how far it is."""
    titles = {"subtitles": _tr("Subtitles"), "text": _tr("Text in pictures"), "speech": _tr("Speech")}
    said = state_in_words(state)
    return f"{titles.get(state.name, state.name)}: {said or _tr('nothing yet')}"


def command_in(advice: str) -> str:
    """The command line that an advice ends with; empty where there is none."""
    if "pip install" in advice:
        return advice.partition(": ")[2] or advice
    return CHOOSE_SPEECH if "reelfind sources speech" in advice else ""


def state_in_words(state: SourceState) -> str:
    """How far a source is, or what it lacks."""
    if state.problem:
        advice = "" if command_in(state.advice) else state.advice
        return fmt.sentence(f"{state.problem} {advice}".strip())
    parts = []
    if state.lines:
        lines = QCoreApplication.translate("Settings", "%Ln line(s)", "", state.lines)
        videos = QCoreApplication.translate("Settings", "%Ln video(s)", "", state.done)
        parts.append(_tr("{lines} from {videos}").format(lines=lines, videos=videos))
    if state.wanted and state.pending:
        parts.append(QCoreApplication.translate("Settings", "%Ln video(s) to go", "", state.pending))
    if state.wanted and state.failed:
        parts.append(QCoreApplication.translate("Settings", "%Ln not readable", "", state.failed))
    if state.wanted and state.reader and state.name != "subtitles":
        parts.append(fmt.one_line(state.reader))
    return " · ".join(parts)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)
