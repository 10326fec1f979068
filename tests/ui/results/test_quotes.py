"""What a card and its tool tip say of words that a moment was found for."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.search.outcome import Reason, ReasonKind
from app.ui.results.cards import card_words
from app.ui.results.cards.quote_line import fitting, paint_quote, pieces_of, quoted
from app.ui.results.results_model import ResultsModel
from app.ui.widgets.theme import Theme, Type, font
from tests.ui.outcomes import moment, outcome


def said(quote: str, *words: str, kind: ReasonKind = ReasonKind.SAID, strength: float = 0.9) -> Reason:
    marks = tuple((quote.index(word), quote.index(word) + len(word)) for word in words)
    return Reason(kind, " ".join(words), strength, 1, quote, marks)


def test_the_strongest_words_are_quoted_and_a_name_that_stands_there_is_not() -> None:
    found = moment(path=Path("/videos/Lake Garda/birthday.mp4"))
    seen = Reason(ReasonKind.SEEN, "a birthday", 0.99, 1)
    name = said("birthday.mp4", "birthday", kind=ReasonKind.NAMED)
    weak = said("a birthday, they say", "birthday", strength=0.2)
    assert quoted(found) is None
    assert quoted(replace(found, reasons=(seen, name))) is None
    assert quoted(replace(found, reasons=(seen, name, weak))) == weak
    folder = said("Lake Garda", "Garda", kind=ReasonKind.NAMED)
    assert quoted(replace(found, reasons=(weak, folder))) == folder


def test_a_quote_is_cut_where_its_marks_are_and_hides_nothing() -> None:
    reason = said("we sing happy birth\u202eday <b>to</b> you\n", "happy", "you")
    pieces = pieces_of(reason)
    assert [text for text, marked in pieces if marked] == ["happy", "you"]
    assert "".join(text for text, _ in pieces) == "we sing happy birth‹U+202E›day <b>to</b> you‹U+000A›"


def test_the_words_that_were_asked_for_are_seen_in_a_narrow_card(application: QApplication) -> None:
    plain, bold = QFontMetrics(font(Type.SMALL)), QFontMetrics(font(Type.SMALL, QFont.Weight.DemiBold))
    long = "and then after all of these years they came and sang happy birthday to all of us there"
    for width in (90, 140, 200, 300):
        fitted = fitting(pieces_of(said(long, "happy")), width, plain, bold)
        used = sum((bold if marked else plain).horizontalAdvance(text) for text, marked in fitted)
        assert used <= width
        assert width < 140 or ("happy", True) in fitted
    whole = pieces_of(said("happy birthday", "happy"))
    assert fitting(whole, 500, plain, bold) == whole


def test_marked_words_are_drawn_stronger(application: QApplication) -> None:
    def ink(*words: str) -> int:
        image = QImage(240, 20, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        paint_quote(painter, QRect(0, 0, 240, 20), said("happy birthday", *words), Theme(application))
        painter.end()
        return sum(255 - image.pixelColor(x, y).lightness() for x in range(240) for y in range(20))

    assert ink("happy") > ink() > 0


def test_tool_tip_and_screen_reader_hear_why(application: QApplication) -> None:
    model = ResultsModel()
    reasons = (
        Reason(ReasonKind.SEEN, "exit", 0.5, 1),
        said("the <i>exit</i> is here", "exit"),
        said("EXIT", "EXIT", kind=ReasonKind.WRITTEN),
    )
    model.show(outcome(replace(moment(1), reasons=reasons)))
    index = model.index(0)
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Said: “the <i>exit</i> is here”, Written: “EXIT”" in spoken
    assert "&lt;i&gt;exit" in index.data(Qt.ItemDataRole.ToolTipRole)


def test_what_a_moment_was_found_by_begins_as_a_sentence_does(application: QApplication) -> None:
    found = replace(moment(1), reasons=(said("dog.mp4", kind=ReasonKind.NAMED), said("a dog", strength=0.5)))
    assert card_words.why(found) == "Named · said"
