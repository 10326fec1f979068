"""What is said of a video that does not play, or not to its end."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.media.playing.film_feed import FilmEnd, FilmFacts
from app.ui.player.engine.stream_end import breaks_off
from app.ui.wording import formatting as fmt


def cannot_play(path: Path) -> str:
    """What to say of a file that opens, and that this player makes nothing of."""
    return QCoreApplication.translate("Playback", "This player can’t play “{name}”.").format(
        name=fmt.brief_name(path)
    )


def note_on_end(end: FilmEnd, facts: FilmFacts | None) -> str:
    """What to say at the end of a video; empty where it was its own end."""
    if end.refused:
        words = QCoreApplication.translate("Playback", "Playing stopped here: {reason}")
        return words.format(reason=fmt.sentence(end.refused))
    if breaks_off(end, facts):
        return QCoreApplication.translate("Playback", "The rest of this video is damaged or missing.")
    return ""
