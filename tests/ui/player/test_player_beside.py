"""What stands beside the picture while a video plays: what is said, where it matches, and why."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.lines.line import Source
from tests.ui.conftest import OpenWindow
from tests.ui.loop import spin_until
from tests.ui.shell.test_window import ask, click_result, drop_folder, indexed, scanning
from tests.videos import Scene, make_video

SUBTITLES = """1
00:00:01,000 --> 00:00:02,000
Good morning, garden

2
00:00:03,000 --> 00:00:04,500
<b>Look</b> at that dog
"""


def test_lines_marks_and_reasons_stand_beside_the_picture(open_window: OpenWindow, tmp_path: Path) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    make_video(folder / "day.mp4", [Scene("red", 3, "still"), Scene("blue", 3, "still")], gop=10)
    (folder / "day.srt").write_text(SUBTITLES, encoding="utf-8")
    window = open_window()
    drop_folder(window, folder)
    assert spin_until(lambda: indexed(window) == 1 and not scanning(window))
    session = window.control.session_here
    assert session is not None
    ask(window, "red")
    video = window.results_model.moment(0).video_id
    assert spin_until(lambda: bool(session.catalogue.lines(video, Source.SUBTITLE)))
    click_result(window, 0)
    player = window.player
    assert spin_until(lambda: player.stage.shows_video)
    player.playback.pause()

    transcript = player.transcript
    assert spin_until(lambda: transcript.list.count() == 2)
    assert transcript.isHidden()
    QTest.keyClick(player, Qt.Key.Key_T)
    assert transcript.isVisible()
    assert [transcript.list.item(row).text() for row in range(2)] == [
        "0:01   Good morning, garden",
        "0:03   Look at that dog",
    ]
    transcript.list.itemClicked.emit(transcript.list.item(1))
    assert spin_until(lambda: not player.playback.is_waiting)
    assert player.playback.picture_time == 3.0
    QTest.keyClick(player, Qt.Key.Key_C)
    assert player.stage.caption.text() == "Look at that dog"
    QTest.keyClicks(transcript.filter, "garden t")
    assert player.stage.caption.isVisible(), "letters typed there are no shortcuts"
    transcript.filter.setText("garden")
    assert [transcript.list.item(row).isHidden() for row in range(2)] == [False, True]
    transcript.copy()
    assert QGuiApplication.clipboard().text() == "0:01   Good morning, garden"

    assert spin_until(lambda: player.timeline.has_curve)
    middle = player.timeline.rect().center()
    QTest.mouseMove(player.timeline, middle + QPoint(1, 0))
    player.timeline.hovered.emit(player.timeline.time_at(middle.x()), middle.x())
    assert spin_until(lambda: player.hover_picture.shows_picture)
    player.timeline.unhovered.emit()
    assert player.hover_picture.isHidden()

    QTest.keyClick(player, Qt.Key.Key_W)
    assert spin_until(lambda: player.stage.shows_evidence)
    assert "Seen: red" in player.stage.note.text()
    QTest.keyClick(player, Qt.Key.Key_W)
    assert not player.stage.shows_evidence
    assert player.stage.note.text() == ""
