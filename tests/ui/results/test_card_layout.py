"""Where cards lie: what is on view, what is where the pointer is, and where the arrows lead."""

import pytest
from PySide6.QtCore import QPoint, QSize

from app.ui.results.card_layout import CardLayout

LAYOUT = CardLayout(width=330, columns=3, cell=QSize(110, 100), likely=5, count=12, gap=40)
"""Two lines of likely cards, the second with a place free, then a divider and three lines."""


def test_every_card_is_found_where_it_lies() -> None:
    for mirrored in (False, True):
        layout = CardLayout(330, 3, QSize(110, 100), 5, 12, 40, mirrored)
        for row in range(12):
            assert layout.row_at(layout.rect(row).center()) == row
            assert row in layout.between(layout.rect(row).top(), layout.rect(row).bottom())
    assert LAYOUT.rect(0).topLeft() == QPoint(0, 0)
    assert CardLayout(330, 3, QSize(110, 100), 5, 12, 40, True).rect(0).left() == 220
    assert LAYOUT.rect(5).top() == LAYOUT.divider_top + 40 == 240
    assert LAYOUT.height == 200 + 40 + 300


@pytest.mark.parametrize(
    "place", [(229, 150), (10, 210), (10, 239), (400, 10), (10, 600), (10, -1), (-1, 10)]
)
def test_no_card_is_where_none_lies(place: tuple[int, int]) -> None:
    assert LAYOUT.row_at(QPoint(*place)) == -1


def test_only_what_is_on_view_is_painted() -> None:
    huge = CardLayout(330, 3, QSize(110, 100), 4000, 10_000, 40)
    for top in (0, 50_000, huge.divider_top - 50, huge.divider_top + 60, huge.height - 400):
        rows = huge.between(top, top + 400)
        assert 0 < len(rows) <= 18
        assert all(huge.rect(row).bottom() >= top - 100 for row in rows)
    assert len(LAYOUT.between(205, 235)) == 0, "nothing but the divider"


def test_the_arrows_pass_the_divider_in_their_column() -> None:
    assert [LAYOUT.below(row) for row in (0, 1, 2, 3, 4)] == [3, 4, 4, 5, 6]
    assert [LAYOUT.above(row) for row in (5, 6, 7, 8)] == [3, 4, 4, 5]
    assert [LAYOUT.above(row) for row in (0, 1, 2)] == [-1, -1, -1]
    assert [LAYOUT.below(row) for row in (8, 9, 10, 11)] == [11, 11, 11, -1]


def test_without_likely_cards_the_rest_begins_below_the_divider() -> None:
    layout = CardLayout(330, 3, QSize(110, 100), 0, 4, 40)
    assert layout.rect(0).top() == 40
    assert layout.above(1) == -1
    assert layout.row_at(QPoint(10, 20)) == -1
