"""The table: what the program took before, takes now and is to take, for each thing measured."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.scale.place import NotMeasuredError, Place

logger = logging.getLogger(__name__)

HEAD = "| what | before (1M frames) | now | to reach (1M frames) |\n|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table without what is measured."""

    what: str
    before: str
    to_reach: str


@dataclass(frozen=True, slots=True)
class Measurement:
    """Something that is measured and the rows it fills."""

    name: str
    """As `--only` knows it."""
    rows: tuple[Row, ...]
    measure: Callable[[Place], Sequence[str]]
    """Returns one cell per row."""

    def lines(self, place: Place) -> list[str]:
        """The finished rows; what could not be measured says so, and why, and the others go on."""
        try:
            cells = self.measure(place)
        except NotMeasuredError as reason:
            cells = [f"not measured: {reason}"] * len(self.rows)
        except Exception as error:
            logger.exception("%s could not be measured", self.name)
            cells = [f"not measured: {type(error).__name__}: {error}"] * len(self.rows)
        return [
            f"| {row.what} | {row.before} | {cell} | {row.to_reach} |"
            for row, cell in zip(self.rows, cells, strict=True)
        ]


def milliseconds(seconds: Sequence[float]) -> str:
    """p50 and p95 of durations."""
    p50, p95 = 1e3 * np.percentile(seconds, (50, 95))
    return f"{p50:.1f} / {p95:.1f} ms"


def read_through(folder: Path) -> None:
    """Read every file of a folder, so that they are in the page cache."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                while file.read(1 << 24):
                    pass
