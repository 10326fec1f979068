"""The player: a picture at the right time, or a sentence that says why there is none."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from app.search.outcome import Moment
from app.ui.player.player_commands import player_commands
from app.ui.player.player_page import PlayerPage
from app.ui.player.seek_bar import SeekBar
from app.ui.widgets.command_list import Commands
from app.ui.widgets.theme import Theme
from tests.ui.loop import spin_until
from tests.ui.outcomes import moment
from tests.videos import Scene, make_video

SOON = 40.0
"""Seconds: a guard for a busy machine."""


@pytest.fixture
def player(theme: Theme) -> Iterator[PlayerPage]:
    made = PlayerPage(theme)
    Commands(made).add(player_commands(made), scope=made)
    made.resize(900, 560)
    made.show()
    made.set_volume(1.0, muted=True)
    yield made
    made.shut_down()
    made.close()
    made.deleteLater()


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Six seconds at ten pictures a second: red, then blue from 3 s on."""
    scenes = [Scene("red", 3, "still"), Scene("blue", 3, "still")]
    return make_video(tmp_path / "clip.mp4", scenes, gop=20)


def show(player: PlayerPage, wanted: Moment, *others: Moment) -> None:
    player.show_moment(wanted, [wanted, *others], None, "1 of 1")


def open_paused(player: PlayerPage, wanted: Moment, *others: Moment) -> None:
    """Open a moment, and stop at its first picture."""
    show(player, wanted, *others)
    assert spin_until(lambda: player.stage.shows_video, SOON), player.stage.notice
    player.playback.pause()
    player.playback.seek(wanted.best)
    settled(player)


def settled(player: PlayerPage) -> None:
    assert spin_until(lambda: not player.playback.is_waiting, SOON)


def colour(image: QImage | None) -> tuple[int, int, int]:
    assert image is not None
    middle = image.pixelColor(image.width() // 2, image.height() // 2)
    return middle.red(), middle.green(), middle.blue()


@pytest.mark.parametrize("name", ["clips/069_gutter_water.webm", "odd/sample_vvc.mp4", "odd/av1_video.mkv"])
def test_formats_that_few_players_know_are_shown(player: PlayerPage, shared_data: Path, name: str) -> None:
    show(player, moment(1, shared_data / name, start=0, end=2, best=0.5))
    assert spin_until(lambda: player.stage.shows_video or player.stage.notice, SOON)
    assert player.stage.notice == ""
    assert spin_until(lambda: player.playback.seconds > 0.7, SOON), "and go on"


def test_the_first_picture_is_the_one_of_the_moment(player: PlayerPage, clip: Path) -> None:
    times: list[float] = []
    player.playback.pictured.connect(lambda _, at: times.append(at))
    show(player, moment(1, clip, start=4, end=5, best=4.5))
    assert spin_until(lambda: len(times) >= 3, SOON)
    assert times[0] == pytest.approx(4.5)
    assert times == sorted(times)
    red, _, blue = colour(player.stage.image)
    assert blue > red


def test_a_moment_of_an_old_444_video_is_shown_in_its_own_colours(
    player: PlayerPage, shared_data: Path
) -> None:
    open_paused(player, moment(1, shared_data / "clips" / "040_cockatoo.mp4", start=7, end=10, best=8))
    image = player.stage.image
    assert image is not None
    assert greenest(image) < 60


def greenest(picture: QImage) -> int:
    """How much green a small copy of the picture has beyond its red and blue, 0..255, at its greenest."""
    small = picture.scaled(16, 9)
    colours = [small.pixelColor(x, y) for x in range(16) for y in range(9)]
    return max(colour.green() - max(colour.red(), colour.blue()) for colour in colours)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("odd/bad_text.mkv", "not a video"),
        ("odd/subsample_encrypted_altref.webm", "encrypted"),
        ("odd/bad_sound_only.mp4", "only sound"),
    ],
)
def test_what_cannot_be_played_is_said(player: PlayerPage, shared_data: Path, name: str, said: str) -> None:
    show(player, moment(1, shared_data / name, start=0, end=2, best=0.5))
    assert spin_until(lambda: player.stage.notice, SOON)
    assert said in player.stage.notice


def test_a_video_that_breaks_off_says_so(player: PlayerPage, shared_data: Path) -> None:
    path = shared_data / "odd" / "bad_second_half_missing.mp4"
    show(player, moment(1, path, start=1.5, end=2, best=1.7))
    assert spin_until(player.stage.note.text, SOON)
    assert "damaged or missing" in player.stage.note.text()
    assert player.stage.shows_video, "its last picture stays"


def test_a_file_that_is_gone_is_told(player: PlayerPage, tmp_path: Path) -> None:
    asked: list[Moment] = []
    player.unopened.connect(asked.append)
    gone = moment(1, tmp_path / "gone.mp4")
    show(player, gone)
    assert spin_until(lambda: asked == [gone], SOON)
    player.explain(gone, "It was moved.")
    assert player.stage.notice == "It was moved."


def test_the_full_screen_is_filled_to_its_edges(player: PlayerPage) -> None:
    player.set_full_screen(True)
    assert spin_until(lambda: player.stage.width() == player.width(), SOON)
    assert player.stage.geometry() == player.rect()
    player.set_full_screen(False)
    assert spin_until(lambda: player.stage.width() < player.width(), SOON)


def test_on_the_full_screen_controls_fade_and_come_back(player: PlayerPage) -> None:
    player.set_full_screen(True)
    player.fading.may_fade = True
    player.fading.hide_now()
    assert spin_until(lambda: player.fading.is_hidden, SOON)
    assert player.cursor().shape() == Qt.CursorShape.BlankCursor
    QTest.mouseMove(player.stage, player.stage.rect().center())
    player.stage.moved.emit()
    assert not player.fading.is_hidden
    assert player.cursor().shape() != Qt.CursorShape.BlankCursor
    player.set_full_screen(False)


def test_a_disk_that_is_not_connected_is_told_without_trying(player: PlayerPage) -> None:
    show(player, moment(1, online=False))
    assert "not connected" in player.stage.notice
    assert player.playback.path is None


def test_at_the_end_the_last_picture_stays_and_space_plays_the_moment_again(
    player: PlayerPage, tmp_path: Path
) -> None:
    path = make_video(tmp_path / "short.mp4", [Scene("red", 2, "still")])
    show(player, moment(1, path, start=0.5, end=1.5, best=1.0))
    assert spin_until(lambda: player.playback.is_playing, SOON)
    assert spin_until(lambda: not player.playback.is_playing and player.playback.seconds > 1.7, SOON)
    assert player.stage.notice == ""
    QTest.keyClick(player, Qt.Key.Key_Space)
    assert spin_until(lambda: player.playback.is_playing and 0.9 < player.playback.seconds < 1.6, SOON)


def test_frames_are_stepped_one_by_one(player: PlayerPage, clip: Path) -> None:
    open_paused(player, moment(1, clip, start=2, end=3, best=2.5))
    for key, wanted in ((Qt.Key.Key_Period, 2.6), (Qt.Key.Key_Period, 2.7), (Qt.Key.Key_Comma, 2.6)):
        assert spin_until(lambda: player.playback.is_ready, SOON)
        QTest.keyClick(player, key)
        settled(player)
        assert player.playback.picture_time == pytest.approx(wanted)


def test_n_and_p_jump_between_the_matches(player: PlayerPage, clip: Path) -> None:
    first, second = moment(1, clip, start=1, end=2, best=1), moment(2, clip, start=4, end=5, best=4.5)
    open_paused(player, first, second)
    QTest.keyClick(player, Qt.Key.Key_N)
    settled(player)
    assert player.playback.seconds == pytest.approx(4)
    QTest.keyClick(player, Qt.Key.Key_P)
    settled(player)
    assert player.playback.seconds == pytest.approx(1)


def test_in_and_out_points_change_the_moment_that_is_exported(player: PlayerPage, clip: Path) -> None:
    kept: list[tuple[Moment, ...]] = []
    player.deeds.actions.export.connect(kept.append)
    open_paused(player, moment(1, clip, start=1, end=2, best=1.5))
    player.playback.seek(1.2)
    settled(player)
    QTest.keyClick(player, Qt.Key.Key_I)
    player.playback.seek(3.0)
    settled(player)
    QTest.keyClick(player, Qt.Key.Key_O)
    QTest.keyClick(player, Qt.Key.Key_E)
    ((made,),) = kept
    assert (made.start, made.end) == pytest.approx((1.2, 3.0))
    QTest.keyClick(player.timeline.finish, Qt.Key.Key_Left)
    assert player.adjusted is not None
    assert player.adjusted.end == pytest.approx(2.9)
    player.span.reset()
    assert player.adjusted == player.moment


def test_a_moment_is_looped(player: PlayerPage, clip: Path) -> None:
    show(player, moment(1, clip, start=1, end=1.6, best=1.2))
    assert spin_until(lambda: player.stage.shows_video, SOON)
    times: list[float] = []
    player.playback.pictured.connect(lambda _, at: times.append(at))
    QTest.keyClick(player, Qt.Key.Key_L)
    assert spin_until(lambda: any(after < before for before, after in pairwise(times)), SOON)
    assert max(times) < 1.75


def test_speed_is_changed_and_kept_from_one_video_to_the_next(player: PlayerPage, clip: Path) -> None:
    show(player, moment(1, clip, start=1, end=2, best=1))
    assert spin_until(lambda: player.stage.shows_video, SOON)
    QTest.keyClick(player, Qt.Key.Key_BracketRight)
    assert player.playback.speed == 1.25
    player.close_video()
    show(player, moment(1, clip, start=1, end=2, best=1))
    assert player.playback.speed == 1.25


def test_the_timeline_marks_the_moment_where_it_is(theme: Theme) -> None:
    timeline = SeekBar(theme)
    timeline.resize(218, 40)
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
    timeline.resize(218, 40)
    timeline.set_duration(36000.0)
    assert timeline.span(moment(1, start=100.0, end=100.5)).width() >= 6
    timeline.deleteLater()
