"""The grid's model, and names that look like markup."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from app.search.outcome import Verdict
from app.ui.results.results_model import ResultsModel, Role
from app.ui.results.thumbnails import FRAME, framed
from app.ui.widgets.controls import ElidedLabel
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
        assert model.index(0).data(Role.FADED) is (verdict is Verdict.NONE)


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
