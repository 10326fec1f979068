"""The player: a picture at the right time, or a sentence that says why there is none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtTest import QTest

from app.search.outcome import Moment
from app.ui.player.player_page import PlayerPage
from app.ui.player.seek_bar import SeekBar
from app.ui.widgets.theme import Theme
from tests.ui.loop import spin_until
from tests.ui.outcomes import moment
from tests.videos import Scene, make_video


@pytest.fixture
def player(theme: Theme) -> Iterator[PlayerPage]:
    made = PlayerPage(theme)
    made.resize(800, 500)
    made.show()
    made.set_volume(1.0, muted=True)
    yield made
    made.close_video()
    made.close()
    made.deleteLater()


def show(player: PlayerPage, wanted: Moment) -> None:
    player.show_moment(wanted, [wanted], None, "1 of 1")


def test_av1_is_told_to_be_shown_elsewhere(player: PlayerPage, tmp_path: Path) -> None:
    path = make_video(tmp_path / "new codec.mp4", [Scene("red", 6, "still")], codec="libsvtav1")
    show(player, moment(1, path, start=0, end=3, best=1))
    assert spin_until(lambda: player.stage.notice)
    assert player.stage.notice == "This player can’t show AV1 video here."
    asked: list[Moment] = []
    player.system_player_wanted.connect(asked.append)
    player.stage.system_player_wanted.emit()
    assert [wanted.path for wanted in asked] == [path]


def test_the_decoder_sees_the_first_picture_before_it_skips(player: PlayerPage, tmp_path: Path) -> None:
    path = make_video(tmp_path / "long.mp4", [Scene("red", 6, "still")], gop=20)
    times: list[tuple[float, bool]] = []

    def keep(frame: QVideoFrame) -> None:
        if frame.isValid():
            times.append((frame.startTime() / 1e6, player.stage.shows_video))

    player.stage.sink.videoFrameChanged.connect(keep, Qt.ConnectionType.QueuedConnection)
    show(player, moment(1, path, start=4, end=5, best=4.5))
    assert spin_until(lambda: len(times) >= 3)
    assert times[0] == (0.0, False), "decoded, and not on view"
    assert all(time >= 4.3 and shown for time, shown in times[1:])


def test_a_moment_of_an_old_444_video_is_shown_in_its_own_colours(
    player: PlayerPage, shared_data: Path
) -> None:
    path = shared_data / "clips" / "040_cockatoo.mp4"
    pictures: list[QImage] = []

    def keep(frame: QVideoFrame) -> None:
        if frame.isValid():
            pictures.append(frame.toImage())

    player.stage.sink.videoFrameChanged.connect(keep, Qt.ConnectionType.QueuedConnection)
    show(player, moment(1, path, start=7, end=10, best=8))
    assert spin_until(lambda: len(pictures) >= 6)
    assert greenest(pictures[-1]) < 60


def greenest(picture: QImage) -> int:
    """How much green a small copy of the picture has beyond its red and blue, 0..255, at its greenest."""
    small = picture.scaled(16, 9)
    colours = [small.pixelColor(x, y) for x in range(16) for y in range(9)]
    return max(colour.green() - max(colour.red(), colour.blue()) for colour in colours)


def test_the_full_screen_is_filled_to_its_edges(player: PlayerPage) -> None:
    player.set_full_screen(True)
    assert spin_until(lambda: player.stage.width() == player.width())
    assert player.stage.y() == 0
    player.set_full_screen(False)
    assert spin_until(lambda: player.stage.width() < player.width())


def test_a_disk_that_is_not_connected_is_told_without_trying(player: PlayerPage) -> None:
    show(player, moment(1, online=False))
    assert "not connected" in player.stage.notice
    assert player.playback.path is None


def test_at_the_end_the_last_picture_stays_and_space_plays_the_moment_again(
    player: PlayerPage, tmp_path: Path
) -> None:
    path = make_video(tmp_path / "short.mp4", [Scene("red", 2, "still")])
    show(player, moment(1, path, start=0.5, end=1.5, best=1.0))
    assert spin_until(lambda: player.playback.is_playing)
    assert spin_until(lambda: not player.playback.is_playing and player.playback.seconds > 1.7)
    assert player.stage.notice == ""
    QTest.keyClick(player, Qt.Key.Key_Space)
    assert spin_until(lambda: player.playback.is_playing and 0.9 < player.playback.seconds < 1.6)


def test_the_timeline_marks_the_moment_where_it_is(theme: Theme) -> None:
    timeline = SeekBar(theme)
    timeline.resize(218, 26)
    timeline.set_duration(100.0)
    wanted = moment(1, start=25.0, end=50.0)
    timeline.show_moments([wanted], wanted)
    span = timeline.span(wanted)
    assert (span.left(), span.right()) == pytest.approx((9 + 50, 9 + 100))
    sought: list[float] = []
    timeline.sought.connect(sought.append)
    QTest.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=timeline.rect().center())
    assert sought == [pytest.approx(50.0, abs=1.0)]
    timeline.deleteLater()


def test_a_moment_too_short_to_see_is_still_marked(theme: Theme) -> None:
    timeline = SeekBar(theme)
    timeline.resize(218, 26)
    timeline.set_duration(36000.0)
    assert timeline.span(moment(1, start=100.0, end=100.5)).width() >= 6
    timeline.deleteLater()
