"""What a family’s, a production house’s and an archive’s library would take: memory, disk, time and money.

    python -m benchmarks.archive [--nodes N] [--cores N] [--words speech,text] [--cost NAME=VALUE]

Costs are those that were measured (`costs.py`); machines and prices are assumptions, and options.
"""

from dataclasses import fields, replace
from pathlib import Path

import click

from benchmarks.archive import committing, page
from benchmarks.archive.costs import Costs
from benchmarks.archive.holding import Holding
from benchmarks.archive.prices import Prices, bill
from benchmarks.archive.scenarios import SCENARIOS, Machines, Scenario
from benchmarks.archive.simulation import simulate

_GRAPH_UP_TO = 64e9
"""Bytes of memory beyond which frames are not in a graph but clips are."""
_WORDS = {"speech", "text"}


@click.command()
@click.option("--only", type=click.Choice([each.name for each in SCENARIOS]), help="One library.")
@click.option("--nodes", type=click.IntRange(1, 1000), help="Machines that index.")
@click.option("--cores", type=click.IntRange(1, 1000), help="Cores of each.")
@click.option("--cards", type=click.IntRange(0, 64), help="Graphics cards of each.")
@click.option("--link", type=click.FloatRange(1e6, 1e12), help="Bytes a second read of the videos, together.")
@click.option("--lasts", type=click.FloatRange(0, 1e6), help="Hours until a node is lost; 0: never.")
@click.option("--words", default="", help="speech, text or both: what is read beside the pictures.")
@click.option("--cost", "changed", multiple=True, metavar="NAME=VALUE", help="Another cost.")
@click.option("--price", "priced", multiple=True, metavar="NAME=VALUE", help="Another price.")
@click.option("--seed", default=1, show_default=True)
@click.option("--docs", type=click.Path(path_type=Path), help="Folder whose scaling.md is filled in.")
@click.option("--commits", is_flag=True, help="Measure what a commit takes here, and nothing else.")
def main(
    only: str | None,
    nodes: int | None,
    cores: int | None,
    cards: int | None,
    link: float | None,
    lasts: float | None,
    words: str,
    changed: tuple[str, ...],
    priced: tuple[str, ...],
    seed: int,
    docs: Path | None,
    *,
    commits: bool,
) -> None:
    """Reckon and simulate the three libraries, and print the tables."""
    if commits:
        cost = committing.measure(20, 3600)
        click.echo(
            f"{cost.seconds * 1e6:.0f} µs a frame, {cost.processor * 1e6:.0f} of them of processor time"
        )
        click.echo(f"{cost.bytes:,.0f} bytes")
        return
    costs = with_costs(Costs(), changed)
    prices = replace(Prices(), **values(priced, Prices))
    given = {"nodes": nodes, "cores": cores, "cards": cards, "link": link, "lasts": lasts}
    scenarios = [
        _changed(each, {k: v for k, v in given.items() if v is not None}, words)
        for each in SCENARIOS
        if only in {None, each.name}
    ]
    rows = []
    for scenario in scenarios:
        run, held = simulate(scenario, costs, seed=seed), Holding(scenario.hours, costs)
        memory = held.graph_bytes if held.graph_bytes <= _GRAPH_UP_TO else held.clip_bytes
        rows.append((scenario, run, bill(run, held, memory + held.rows_bytes, prices)))
    tables = {
        "costs": page.costs_table(costs),
        "libraries": page.libraries_table(rows, costs),
        "ends": page.ends_table(costs),
    }
    for table in tables.values():
        click.echo(f"{table}\n")
    if docs is not None:
        from benchmarks.archive.drawing import draw  # noqa: PLC0415 - matplotlib

        for name, table in tables.items():
            page.put(docs / "scaling.md", name, table)
        draw(scenarios[-1], costs, docs / "scaling.svg", seed=seed)


def with_costs(costs: Costs, changed: tuple[str, ...]) -> Costs:
    """Costs with some of them as given; those count as assumed."""
    new = {
        name: replace(getattr(costs, name), value=value, source="")
        for name, value in values(changed, Costs).items()
    }
    return replace(costs, **new)


def values(given: tuple[str, ...], kind: type[Costs] | type[Prices]) -> dict[str, float]:
    """`NAME=VALUE` by name.

    Raises:
        click.BadParameter: there is no such name, or that is no number above 0.
    """
    known = {each.name for each in fields(kind)}
    found = {}
    for text in given:
        name, _, value = text.partition("=")
        try:
            found[name] = float(value)
        except ValueError:
            found[name] = 0.0
        if name not in known or not 0 < found[name] < float("inf"):
            raise click.BadParameter(f"“{text}” is not NAME=VALUE. Names: {', '.join(sorted(known))}.")
    return found


def _changed(scenario: Scenario, machines: dict[str, float], words: str) -> Scenario:
    wanted = frozenset(filter(None, words.split(",")))
    if wanted - _WORDS:
        raise click.BadParameter(f"There is no source “{words}”: there are speech and text.")
    changed: Machines = replace(scenario.machines, **machines)  # type: ignore[arg-type]
    return replace(scenario, machines=changed, words=wanted)


if __name__ == "__main__":
    main()
