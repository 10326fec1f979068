"""What the fault suite did, as the tables of docs/reliability.md."""

from collections import Counter, defaultdict

_ORDER = ("failed", "skipped", "passed")
"""Worst first: a row that several tests stand for shows the worst of them."""


class Report:
    """Collects rows and counts during one run of the suite."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], str] = {}
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def note(self, done: str, holds: str, *, outcome: str) -> None:
        """A test of the fault table has ended."""
        before = self._rows.get((done, holds), "passed")
        self._rows[done, holds] = min(before, outcome, key=_ORDER.index)

    def count(self, title: str, result: str, number: int = 1) -> None:
        """`number` more of what is counted under `title` ended as `result`."""
        self._counts[title][result] += number

    def as_markdown(self) -> str:
        """The figures, then the fault table."""
        lines = ["| what | number | results |", "|---|---|---|"]
        for title, results in self._counts.items():
            parts = ", ".join(f"{number} {result}" for result, number in results.most_common())
            lines.append(f"| {title} | {results.total()} | {parts} |")
        lines += ["", "| what was done | what must hold | result |", "|---|---|---|"]
        lines += [f"| {done} | {holds} | {outcome} |" for (done, holds), outcome in self._rows.items()]
        return "\n".join(lines) + "\n"
