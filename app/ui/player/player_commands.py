"""What can be done while a video plays."""

from PySide6.QtCore import QCoreApplication

from app.ui.player.player_page import PlayerPage
from app.ui.widgets.command_list import Command

IN_MENU = (
    "player.like-this",
    "player.tag",
    "player.copy-place",
    "player.reset-span",
    "player.show-in-folder",
    "player.play-outside",
)
"""What stands below “More” above the video."""


def player_commands(player: PlayerPage) -> list[Command]:
    """Commands of the player; their keys hold while it has the keyboard."""
    group = _tr("Player")
    playback = player.playback

    def plays() -> bool:
        return playback.path is not None

    def has_moment() -> bool:
        return player.moment is not None

    return [
        Command(
            "player.play",
            _tr("Play or pause"),
            group,
            playback.toggle,
            keys=(
                "Space",
                "K",
            ),
            enabled=plays,
        ),
        Command(
            "player.next-match",
            _tr("Next match in this video"),
            group,
            lambda: player.span.go_to_mark(1),
            keys=("N",),
            enabled=plays,
        ),
        Command(
            "player.previous-match",
            _tr("Previous match in this video"),
            group,
            lambda: player.span.go_to_mark(-1),
            keys=("P",),
            enabled=plays,
        ),
        Command(
            "player.loop", _tr("Loop the moment"), group, player.span.toggle_loop, keys=("L",), enabled=plays
        ),
        Command(
            "player.mark-in",
            _tr("Start the moment here"),
            group,
            player.span.mark_in,
            keys=("I",),
            enabled=plays,
        ),
        Command(
            "player.mark-out",
            _tr("End the moment here"),
            group,
            player.span.mark_out,
            keys=("O",),
            enabled=plays,
        ),
        Command(
            "player.reset-span",
            _tr("Restore the moment’s start and end"),
            group,
            player.span.reset,
            keys=("Shift+I",),
            enabled=has_moment,
        ),
        Command(
            "player.step-back",
            _tr("Previous frame"),
            group,
            lambda: playback.step(-1),
            keys=(",",),
            enabled=plays,
        ),
        Command(
            "player.step", _tr("Next frame"), group, lambda: playback.step(1), keys=(".",), enabled=plays
        ),
        Command(
            "player.slower",
            _tr("Play slower"),
            group,
            lambda: player.change_speed(-1),
            keys=(
                "<",
                "Shift+<",
                "[",
            ),
        ),
        Command(
            "player.faster",
            _tr("Play faster"),
            group,
            lambda: player.change_speed(1),
            keys=(
                ">",
                "Shift+>",
                "]",
            ),
        ),
        Command("player.mute", _tr("Mute or unmute"), group, player.toggle_mute, keys=("M",)),
        Command(
            "player.louder",
            _tr("Turn the volume up"),
            group,
            lambda: player.change_volume(0.1),
            keys=("Ctrl+Up",),
        ),
        Command(
            "player.quieter",
            _tr("Turn the volume down"),
            group,
            lambda: player.change_volume(-0.1),
            keys=("Ctrl+Down",),
        ),
        Command(
            "player.captions", _tr("Show or hide subtitles"), group, player.words.toggle_captions, keys=("C",)
        ),
        Command(
            "player.transcript",
            _tr("Show or hide the transcript"),
            group,
            player.words.toggle_transcript,
            keys=("T",),
        ),
        Command(
            "player.why",
            _tr("Show why this was found"),
            group,
            player.reasons.toggle,
            keys=("W",),
            enabled=plays,
        ),
        Command(
            "player.full-screen", _tr("Full screen on or off"), group, player.toggle_full_screen, keys=("F",)
        ),
        Command(
            "player.like-this",
            _tr("Search for more like this frame"),
            group,
            player.deeds.search_like_this,
            keys=("S",),
            enabled=has_moment,
        ),
        Command(
            "player.favourite",
            _tr("Add to favourites, or remove"),
            group,
            player.deeds.turn_favourite,
            keys=("B",),
            enabled=has_moment,
        ),
        Command(
            "player.tag", _tr("Tag the moment…"), group, player.deeds.tag, keys=("G",), enabled=has_moment
        ),
        Command(
            "player.export",
            _tr("Export the moment…"),
            group,
            player.deeds.export,
            keys=("E",),
            enabled=has_moment,
        ),
        Command(
            "player.copy-place",
            _tr("Copy path and time"),
            group,
            player.deeds.copy_place,
            keys=("Ctrl+Shift+C",),
            enabled=has_moment,
        ),
        Command(
            "player.show-in-folder",
            _tr("Show in folder"),
            group,
            player.deeds.show_in_folder,
            enabled=has_moment,
        ),
        Command(
            "player.play-outside",
            _tr("Open in the system’s player"),
            group,
            player.deeds.play_outside,
            enabled=has_moment,
        ),
    ]


def _tr(text: str) -> str:
    return QCoreApplication.translate("PlayerCommands", text)
