"""Where the cards of the grid lie: arithmetic, whatever their number is."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize


@dataclass(frozen=True, slots=True)
class CardLayout:
    """Cards in lines from left to right, in two parts with a gap between them."""

    width: int
    """Of the whole, logical pixels; as all that follows."""
    columns: int
    cell: QSize
    """Of one card, gaps included."""
    likely: int
    """Cards of the first part."""
    count: int
    """Cards of both parts."""
    gap: int = 0
    """Height between the parts, also where the second is empty."""
    mirrored: bool = False
    """Whether a line begins at the right."""

    @property
    def divider_top(self) -> int:
        """Where the gap begins."""
        return _lines(self.likely, self.columns) * self.cell.height()

    @property
    def height(self) -> int:
        """Of the whole."""
        rest = _lines(self.count - self.likely, self.columns) * self.cell.height()
        return self.divider_top + self.gap + rest

    def rect(self, row: int) -> QRect:
        """Of a card."""
        first, top = (0, 0) if row < self.likely else (self.likely, self.divider_top + self.gap)
        line, column = divmod(row - first, self.columns)
        if self.mirrored:
            column = self.columns - 1 - column
        return QRect(QPoint(column * self.cell.width(), top + line * self.cell.height()), self.cell)

    def row_at(self, place: QPoint) -> int:
        """The card at a place, -1 where there is none."""
        column, y = place.x() // max(self.cell.width(), 1), place.y()
        if not 0 <= column < self.columns or y < 0:
            return -1
        if self.mirrored:
            column = self.columns - 1 - column
        first, last = 0, self.likely
        if y >= self.divider_top:
            y -= self.divider_top + self.gap
            first, last = self.likely, self.count
        if y < 0:
            return -1
        row = first + y // self.cell.height() * self.columns + column
        return row if row < last else -1

    def between(self, top: int, bottom: int) -> range:
        """The cards of which a part lies between two heights, and perhaps some beside them."""
        return range(self._first_from(top), self._behind(bottom))

    def above(self, row: int) -> int:
        """The card above one, -1 where that is in the first line."""
        if row >= self.likely + self.columns or row < self.likely:
            return row - self.columns if row >= self.columns else -1
        if not self.likely:
            return -1
        start = (self.likely - 1) // self.columns * self.columns
        return min(start + row - self.likely, self.likely - 1)

    def below(self, row: int) -> int:
        """The card below one, the last of a line that is not full; -1 where that is in the last line."""
        first, last = (0, self.likely) if row < self.likely else (self.likely, self.count)
        line, column = divmod(row - first, self.columns)
        start = first + (line + 1) * self.columns
        if start < last:
            return min(start + column, last - 1)
        if row < self.likely < self.count:
            return min(self.likely + column, self.count - 1)
        return -1

    def _first_from(self, y: int) -> int:
        if y < self.divider_top:
            return min(max(y, 0) // self.cell.height() * self.columns, self.likely)
        below = max(y - self.divider_top - self.gap, 0)
        return min(self.likely + below // self.cell.height() * self.columns, self.count)

    def _behind(self, y: int) -> int:
        if y < self.divider_top:
            return min((max(y, 0) // self.cell.height() + 1) * self.columns, self.likely)
        below = y - self.divider_top - self.gap
        if below < 0:
            return self.likely
        return min(self.likely + (below // self.cell.height() + 1) * self.columns, self.count)


def _lines(count: int, columns: int) -> int:
    return -(-count // columns)
