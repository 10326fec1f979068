"""The grid's model, and names that look like markup."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QWidget

from app.catalogue.records import Presence
from app.search.outcome import Verdict
from app.ui.results.new_matches import NewMatches
from app.ui.results.results_model import MomentRole, ResultsModel
from app.ui.widgets.controls import ElidedLabel
from app.ui.widgets.framed_picture import FRAME, framed
from app.ui.widgets.theme import Theme
from tests.ui.outcomes import moment, outcome
from tests.ui.pictures import webp

TRICKY = Path("/videos/<i>sun</i>/<b>x&amp;.mp4")


def test_the_model_keeps_qts_rules(application: QApplication) -> None:
    model = ResultsModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show(outcome(moment(1), moment(2)))
    model.picture_arrived(2)
    model.show(outcome())
    model.show(None)
    assert model.rowCount() == 0


def test_what_is_shown_keeps_its_place_while_more_is_found(application: QApplication) -> None:
    model = ResultsModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    resets: list[bool] = []
    first, second = moment(1, Path("/v/a.mp4")), moment(2, Path("/v/b.mp4"))
    model.show(outcome(first, second))
    model.modelReset.connect(lambda: resets.append(True))
    better = moment(3, Path("/v/c.mp4"), strength=0.9)
    new = model.renew(outcome(better, replace(second, rank=2), replace(first, rank=3)), {})
    assert new == 1
    assert [model.moment(row) for row in range(model.rowCount())] == [first, second]
    assert model.renew(outcome(first, second), {}) == 0
    assert not resets


def test_only_what_matches_counts_as_new(application: QApplication) -> None:
    model = ResultsModel()
    model.show(outcome(moment(1)))
    other, weak = moment(2, Path("/v/b.mp4"), strength=0.01), moment(3, Path("/v/c.mp4"), strength=0.3)
    assert model.renew(outcome(moment(1), weak, other), {}) == 1
    later = moment(1, start=200, end=210, best=205)
    assert model.renew(outcome(moment(1), later), {}) == 1, "another moment of a video that is shown"


def test_what_is_gone_leaves_at_once_and_what_is_away_says_so(application: QApplication) -> None:
    model = ResultsModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show(outcome(*(moment(n, Path(f"/v/{n}.mp4")) for n in range(1, 5))))
    presence = {1: Presence.GONE, 2: Presence.AWAY, 3: Presence.HERE, 4: Presence.GONE}
    assert model.renew(outcome(), presence) == 0
    assert [model.index(row).data() for row in range(model.rowCount())] == ["2.mp4", "3.mp4"]
    assert model.index(0).data(MomentRole.STATE)
    assert not model.index(1).data(MomentRole.STATE)


def test_a_video_that_moved_or_was_indexed_again_is_shown_as_it_is_now(application: QApplication) -> None:
    model = ResultsModel()
    shown, refined = moment(1, Path("/v/old.mp4")), moment(2, Path("/v/rough.mp4"))
    model.show(outcome(shown, refined))
    changed: list[int] = []
    model.dataChanged.connect(lambda first, *_: changed.append(first.row()))
    moved = replace(shown, path=Path("/v/new.mp4"), strength=0.5)
    again = replace(refined, start=61.0, best=66.5, frame_id=77, strength=0.6, rank=1)
    assert model.renew(outcome(again, moved), {}) == 0
    assert [model.index(row).data() for row in range(2)] == ["new.mp4", "rough.mp4"]
    assert (model.moment(1).frame_id, model.moment(1).best, model.moment(1).rank) == (77, 66.5, 2)
    assert [model.moment(row).strength for row in range(2)] == [0.8, 0.8], "no number changes under the eyes"
    assert sorted(changed) == [0, 1]
    model.picture_arrived(77)
    assert changed[-1] == 1


def test_new_matches_are_offered_and_can_be_declined(theme: Theme) -> None:
    grid = QWidget()
    grid.resize(800, 500)
    bar = NewMatches(theme, grid)
    grid.show()
    asked: list[bool] = []
    bar.wanted.connect(lambda: asked.append(True))
    assert bar.isHidden()
    bar.offer(1)
    assert bar.text.text() == "1 new match"
    bar.offer(3)
    assert bar.text.text() == "3 new matches"
    assert grid.rect().contains(bar.geometry())
    grid.resize(640, 400)
    assert grid.rect().contains(bar.geometry()), "it stays at the lower edge"
    bar.show_them.click()
    assert asked == [True]
    bar.dismiss.click()
    bar.offer(3)
    assert bar.isHidden(), "it was declined"
    bar.offer(4)
    assert bar.isVisible()
    bar.offer(0)
    assert bar.isHidden()
    grid.deleteLater()


def test_moments_keep_the_order_of_the_search(application: QApplication) -> None:
    model = ResultsModel()
    model.show(outcome(moment(1, Path("/v/b.mp4")), moment(2, Path("/v/a.mp4"))))
    assert [model.index(row).data() for row in range(2)] == ["b.mp4", "a.mp4"]


def test_the_moments_of_one_video_come_in_the_order_of_time(application: QApplication) -> None:
    model = ResultsModel()
    late, early = moment(1, start=50, end=60), moment(2, start=5, end=9)
    model.show(outcome(late, moment(3, Path("/v/other.mp4")), early))
    assert model.moments_of(late.path) == (early, late)


def test_a_name_is_never_taken_for_markup(application: QApplication) -> None:
    model = ResultsModel()
    model.show(outcome(moment(1, TRICKY)))
    index = model.index(0)
    assert index.data() == "<b>x&amp;.mp4"
    tip = index.data(Qt.ItemDataRole.ToolTipRole)
    shown = QTextDocument()
    shown.setHtml(tip)
    assert tip.startswith("<qt>"), "marked as rich text, so that Qt does not guess"
    assert shown.toPlainText().splitlines()[:2] == ["<b>x&amp;.mp4", "/videos/<i>sun</i>"]


def test_a_label_shows_markup_as_it_is(application: QApplication) -> None:
    label = ElidedLabel()
    label.resize(600, 20)
    label.set_full_text(str(TRICKY))
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == str(TRICKY)


def test_a_long_name_loses_its_middle_and_keeps_both_ends(application: QApplication) -> None:
    label = ElidedLabel()
    label.resize(120, 20)
    label.set_full_text("holiday at the lake with everyone 2024.mp4")
    assert label.text().startswith("hol")
    assert label.text().endswith("mp4")
    assert "…" in label.text()
    assert label.accessibleName() == label.full_text


def test_a_reader_hears_name_time_and_match(application: QApplication) -> None:
    model = ResultsModel()
    model.show(outcome(moment(1, strength=0.82)))
    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "holiday.mp4 at 1:07, match 82 %"


def test_pictures_fade_to_grey_when_nothing_matches(application: QApplication) -> None:
    model = ResultsModel()
    for verdict in Verdict:
        model.show(outcome(moment(1), verdict=verdict))
        assert model.index(0).data(MomentRole.FADED) is (verdict is Verdict.NONE)


def test_a_portrait_picture_stands_whole_on_its_own_blurred_copy(application: QApplication) -> None:
    image = framed(webp((90, 160), (200, 30, 30)))
    assert image is not None
    assert image.size() == FRAME
    middle, edge = image.pixelColor(FRAME.width() // 2, 20), image.pixelColor(4, FRAME.height() // 2)
    assert middle.red() > 180
    assert 60 < edge.red() < 160, "the sides are the same picture, darker"


def test_a_damaged_picture_is_no_picture(application: QApplication) -> None:
    assert framed(None) is None
    assert framed(b"RIFF not a picture") is None
