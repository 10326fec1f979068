"""The grid on a real library: more results, the pointer along a card, where in a video it matches."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.catalogue.records import VideoState
from app.session import Session
from app.ui.background import searching
from app.ui.results.arrangement import SortOrder
from app.ui.shell.main_window import MainWindow
from tests.bundles import COLOURS
from tests.ui.conftest import OpenWindow
from tests.ui.libraries import fill_library
from tests.ui.loop import spin_until

FILM = ["blue"] * 4 + ["red"] * 4 + ["green"] * 4


@pytest.fixture
def videos(tmp_path: Path, bundle: Path) -> dict[str, int]:
    """A dozen videos with red in the middle, whose last three seconds are green."""
    with Session(tmp_path / "library", bundle) as session:
        return fill_library(session, tmp_path / "videos", {f"{n:02d}.mp4": FILM for n in range(12)})


@pytest.fixture
def window(open_window: OpenWindow, videos: dict[str, int]) -> MainWindow:
    return open_window()


def ask(window: MainWindow, text: str) -> None:
    window.search_bar.field.setText(text)
    window.searching.search_now()
    model = window.results_model
    assert spin_until(lambda: model.outcome is not None and model.outcome.query == text)


def colour(window: MainWindow) -> str:
    """That of the picture which is shown in place of the card's own."""
    picture = window.results._scrubber.picture
    assert picture is not None
    seen = picture.toImage().pixelColor(160, 90)
    rgb = (seen.red(), seen.green(), seen.blue())
    return min(COLOURS, key=lambda name: sum(abs(a - b) for a, b in zip(COLOURS[name], rgb, strict=True)))


def test_more_is_searched_for_where_the_end_comes_near(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "FIRST", 4)
    monkeypatch.setattr(searching, "FURTHER", 2)
    model = window.results_model
    counts: list[int] = []
    model.modelReset.connect(lambda: counts.append(len(list(model.moments))))
    ask(window, "red")
    first = [model.moment(row).path.name for row in range(4)]
    assert counts[0] == 4
    window.results.select(2)
    assert spin_until(lambda: len({moment.video_id for moment in model.moments}) == 12)
    assert counts == sorted(counts)
    assert [model.moment(row).path.name for row in range(4)] == first, "nothing that was shown moved"
    assert window.results.currentIndex().row() == 2


def test_an_order_of_dates_asks_for_all_there_is(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "FIRST", 2)
    ask(window, "red")
    layout = window.results_model.layout_chosen
    window.results.lay_out(type(layout)(SortOrder.OLDEST))
    assert spin_until(lambda: len(list(window.results_model.moments)) >= 12)
    filmed = [window.results_model.moment(row).filmed for row in range(window.results_model.likely)]
    assert filmed == sorted(filmed)


def test_the_pointer_walks_through_the_moment_and_keys_do_too(window: MainWindow) -> None:
    ask(window, "red")
    view = window.results
    cell = view.visualRect(window.results_model.index(0))
    QTest.mouseMove(view.viewport(), cell.topLeft() + QPoint(cell.width() // 2, 60))
    assert spin_until(lambda: view._scrubber.picture is not None)
    times = view._scrubber._times()
    assert len(times) >= 8, "a short moment is shown with what is around it"
    seen = set()
    for share in (0.02, 0.5, 0.98):
        QTest.mouseMove(view.viewport(), cell.topLeft() + QPoint(9 + int(share * (cell.width() - 18)), 60))
        assert spin_until(lambda: view._scrubber.picture is not None)
        seen.add(colour(window))
    assert seen == {"blue", "red", "green"}
    QTest.mouseMove(view.viewport(), cell.topLeft() + QPoint(1, 1))
    assert view._scrubber.moment is None
    view.enter()
    window.parts.commands.run("results.next-frame")
    assert spin_until(lambda: view._scrubber.picture is not None)
    before = view._scrubber.seconds
    window.parts.commands.run("results.next-frame")
    assert view._scrubber.seconds == (before or 0) + 1
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view._scrubber.moment is None


def test_a_strip_shows_where_in_the_video_it_matches(window: MainWindow) -> None:
    ask(window, "red")
    moment = window.results_model.moment(0)
    assert spin_until(lambda: window.parts.strips.strip(moment) is not None)
    strip = window.parts.strips.strip(moment)
    assert strip is not None
    strongest = max(strip.runs, key=lambda run: run[2])
    assert 15 <= strongest[0] < strongest[1] <= 45, "the middle third of sixty parts"
    ask(window, "green")
    assert window.parts.strips.strip(moment) is None, "another question"
    assert spin_until(lambda: window.parts.strips.strip(moment) is not None)
    other = window.parts.strips.strip(moment)
    assert other is not None
    assert max(other.runs, key=lambda run: run[2])[0] >= 35


def test_what_is_read_anew_is_found_meanwhile(tmp_path: Path, bundle: Path, videos: dict[str, int]) -> None:
    with Session(tmp_path / "library", bundle) as session:
        number = videos["03.mp4"]
        assert session.catalogue.index_again([number, 9999]) == 1
        [video] = session.catalogue.videos(state=VideoState.PENDING)
        assert video.id == number
        assert number in {moment.video_id for moment in session.search("red", limit=400).moments}
        assert [each.id for each in session.catalogue.pending(session.bundle.identity)] == [number]
