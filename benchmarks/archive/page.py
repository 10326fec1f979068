"""The tables of docs/scaling.md."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.archive.costs import Costs
from benchmarks.archive.holding import Holding, ends
from benchmarks.archive.prices import Bill
from benchmarks.archive.scenarios import Scenario
from benchmarks.archive.simulation import IndexingRun

Row = tuple[Scenario, IndexingRun, Bill]
_BEGIN, _END = "<!-- {} -->", "<!-- /{} -->"


def costs_table(costs: Costs) -> str:
    """Every figure with its origin."""
    lines = ["| what | measured | where |", "|---|---|---|"]
    for each in costs:
        where = "**assumed**" if each.is_assumed else _linked(each.source)
        lines.append(f"| {each.what} | {_number(each.value)} {each.unit} | {where} |")
    return "\n".join(lines)


def libraries_table(rows: Sequence[Row], costs: Costs) -> str:
    """A column for each library."""
    head = ["", *(f"{scenario.name}, {scenario.hours:,.0f} hours" for scenario, _, _ in rows)]
    held = [Holding(scenario.hours, costs) for scenario, _, _ in rows]
    lines: list[tuple[str, list[str]]] = [
        ("Frames at most", [_short(each.frames) for each in held]),
        ("The videos themselves", [_bytes(each.hours * costs.hour_bytes) for each in held]),
        ("Library’s file", [_bytes(each.library_bytes) for each in held]),
        ("Mapped vectors", [_bytes(each.vector_bytes) for each in held]),
        ("Memory: what searching always holds", [_bytes(each.rows_bytes) for each in held]),
        ("Memory: graph over frames, besides", [_bytes(each.graph_bytes) for each in held]),
        ("Memory: or over clips, int8", [_bytes(each.clip_bytes) for each in held]),
        ("A query, every frame compared", [_time(each.exact_seconds) for each in held]),
        ("A query by the graph", [_time(each.graph_seconds) for each in held]),
        ("Graph built by one thread in", [_time(each.build_seconds) for each in held]),
        ("Machines that index", [_machines(scenario) for scenario, _, _ in rows]),
        ("Indexed in", [_time(run.seconds) for _, run, _ in rows]),
        ("What decides", [f"{run.saturated} ({run.shares[run.saturated]:.0%} busy)" for _, run, _ in rows]),
        ("Busy", [_busy(run) for _, run, _ in rows]),
        (
            "Core hours, of them lost",
            [f"{run.processor / 3600:,.0f}, {run.lost / 3600:,.1f}" for _, run, _ in rows],
        ),
        ("Money: rented machines, once", [f"{each.rented:,.0f}" for _, _, each in rows]),
        ("Money: electricity of one’s own, once", [f"{each.electricity:,.0f}" for _, _, each in rows]),
        ("Money: disk and memory, a month", [f"{each.monthly:,.0f}" for _, _, each in rows]),
    ]
    table = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    table += [f"| {name} | {' | '.join(cells)} |" for name, cells in lines]
    return "\n".join(table)


def ends_table(costs: Costs) -> str:
    """Where each part saturates."""
    lines = ["| part | with | is at its end at |", "|---|---|---|"]
    for each in ends(costs):
        what = "hours a day" if each.each_day else "hours"
        lines.append(f"| {each.part} | {each.limit} | {_round(each.hours)} {what} |")
    return "\n".join(lines)


def put(page: Path, name: str, content: str) -> None:
    """Replace what stands between a page’s marks of this name."""
    text = page.read_text(encoding="utf-8")
    begin, end = _BEGIN.format(name), _END.format(name)
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    page.write_text(f"{before}{begin}\n{content}\n{end}{after}", encoding="utf-8")


def _linked(source: str) -> str:
    return "this page" if source == "scaling.md" else f"[{Path(source).stem}]({source})"


def _machines(scenario: Scenario) -> str:
    machines = scenario.machines
    cards = f" and {machines.cards} × card each" if machines.cards else ""
    return f"{machines.nodes} × {machines.cores} cores{cards}, {machines.link / 1e6:,.0f} MB/s"


def _busy(run: IndexingRun) -> str:
    return ", ".join(f"{part} {share:.0%}" for part, share in run.shares.items())


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _short(value: float) -> str:
    return f"{value / 1e6:,.1f} million"


def _round(value: float) -> str:
    return f"{float(f'{value:.2g}'):,.0f}"


def _bytes(value: float) -> str:
    for size, unit in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB")):
        if value >= size:
            return f"{value / size:,.1f} {unit}"
    return f"{value:,.0f} bytes"


def _time(seconds: float) -> str:
    for size, unit in ((2 * 86_400, "days"), (2 * 3600, "hours"), (120, "min"), (1, "s")):
        if seconds >= size:
            return f"{seconds / {'days': 86_400, 'hours': 3600, 'min': 60, 's': 1}[unit]:,.1f} {unit}"
    return f"{1000 * seconds:.0f} ms"
