"""The reckoning of large archives: nothing is lost or made up, and the page says what the code says."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

pytest.importorskip("simpy", reason="simpy is not installed: part of the extra “dev”")

from benchmarks.archive import page
from benchmarks.archive.__main__ import main, with_costs
from benchmarks.archive.committing import measure
from benchmarks.archive.costs import Costs
from benchmarks.archive.holding import Holding, ends
from benchmarks.archive.prices import Prices, bill
from benchmarks.archive.scenarios import SCENARIOS, Machines, Scenario
from benchmarks.archive.simulation import lengths, simulate
from tests.conftest import ROOT

COSTS = Costs()
SMALL = Scenario("small", 200, 10, Machines(nodes=4, cores=4, link=1e9))


def core_seconds(scenario: Scenario) -> float:
    """What decoding and encoding take, whatever the machines are."""
    return scenario.hours * (COSTS.hour_decode + COSTS.hour_encode)


def test_what_goes_in_comes_out_once() -> None:
    run = simulate(SMALL, COSTS)
    assert run.videos == len(lengths(SMALL, 1)) == 1200
    assert run.hours == pytest.approx(SMALL.hours)
    assert (run.twice, run.lost, run.losses) == (0, 0, 0)
    assert run.processor == pytest.approx(core_seconds(SMALL))
    assert run.writer == pytest.approx(SMALL.hours * COSTS.hour_commit)
    assert run.link == pytest.approx(SMALL.hours * COSTS.hour_bytes / 1e9)


def test_lost_nodes_cost_time_and_no_video() -> None:
    fragile = replace(SMALL, machines=replace(SMALL.machines, lasts=0.5))
    run, sound = simulate(fragile, COSTS), simulate(SMALL, COSTS)
    assert run.losses > 3
    assert (run.videos, run.twice) == (sound.videos, 0)
    assert run.hours == pytest.approx(SMALL.hours)
    assert run.lost > 0
    assert run.processor == pytest.approx(core_seconds(SMALL) + run.lost)
    assert run.seconds > sound.seconds


def test_twice_the_nodes_take_half_the_time_until_the_link_is_full() -> None:
    times = {nodes: simulate(SMALL.with_nodes(nodes), COSTS).seconds for nodes in (1, 2, 4, 64)}
    assert times[2] == pytest.approx(times[1] / 2, rel=0.05)
    assert times[4] == pytest.approx(times[1] / 4, rel=0.05)
    full = simulate(SMALL.with_nodes(64), COSTS)
    assert full.saturated == "link"
    assert full.seconds >= SMALL.hours * COSTS.hour_bytes / 1e9


def test_no_part_is_busier_than_there_is_time() -> None:
    for scenario in (SMALL, replace(SMALL, machines=replace(SMALL.machines, cards=1))):
        run = simulate(scenario, COSTS)
        assert all(0 < share <= 1 + 1e-9 for share in run.shares.values())
        assert run.most_waiting <= scenario.machines.waiting
    assert "cards" in run.shares


def test_it_gives_the_rate_that_was_measured() -> None:
    """docs/scale.md: a first look on two cores reached 91 × real time at 1.3 s of processor time a minute."""
    look = with_costs(COSTS, (f"decode={COSTS.first_look.value}", "encode=1e-9"))
    two = Scenario("as measured", 40, 1, Machines(nodes=1, cores=2, link=1e9))
    rate = two.hours * 3600 / simulate(two, look).seconds
    assert rate == pytest.approx(91, rel=0.05)


def test_the_same_seed_gives_the_same_run() -> None:
    assert simulate(SMALL, COSTS, seed=3) == simulate(SMALL, COSTS, seed=3)
    assert simulate(SMALL, COSTS, seed=3).seconds != simulate(SMALL, COSTS, seed=4).seconds


def test_memory_and_disk_grow_with_the_hours() -> None:
    one, ten = Holding(1_000, COSTS), Holding(10_000, COSTS)
    assert ten.frames == 10 * one.frames == 36e6
    assert ten.disk_bytes == pytest.approx(10 * one.disk_bytes)
    assert ten.clip_bytes < ten.graph_bytes / 10
    assert one.graph_seconds < ten.graph_seconds < 2 * one.graph_seconds
    assert ten.build_seconds > 10 * one.build_seconds
    assert all(end.hours > 0 for end in ends(COSTS))


def test_prices_are_the_readers_own() -> None:
    run, held = simulate(SMALL, COSTS), Holding(SMALL.hours, COSTS)
    cheap, dear = Prices(), Prices(core_hour=0.08, terabyte_month=40, memory_month=6)
    first, second = bill(run, held, 1e9, cheap), bill(run, held, 1e9, dear)
    assert second.rented == pytest.approx(2 * first.rented)
    assert second.monthly == pytest.approx(2 * first.monthly)
    assert first.rented == pytest.approx(run.seconds / 3600 * 16 * 0.04)


def test_every_measured_figure_names_a_page_and_the_others_say_that_they_are_assumed() -> None:
    for figure in COSTS:
        assert figure.is_assumed or (ROOT / "docs" / figure.source).is_file(), figure.what
    changed = with_costs(COSTS, ("encode=0.5",))
    assert changed.encode.value == 0.5
    assert changed.encode.is_assumed


def test_a_commit_is_measured_by_the_programs_own() -> None:
    cost = measure(2, 30)
    assert cost.processor > 0
    assert cost.seconds > 0
    assert 6_000 < cost.bytes < 60_000


def test_the_page_says_what_the_code_says() -> None:
    text = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    for table in (page.costs_table(COSTS), page.ends_table(COSTS)):
        assert table in text, "run: python -m benchmarks.archive --docs docs"
    for scenario in SCENARIOS:
        assert f"{scenario.name}, {scenario.hours:,.0f} hours" in text


def test_one_command_prints_the_tables_and_takes_other_figures() -> None:
    small = ["--only", "a family", "--cost", "frames=60", "--nodes", "3", "--link", "1e10"]
    done = CliRunner().invoke(main, [*small, "--price", "core_hour=1"])
    assert done.exit_code == 0, done.output
    assert "| Machines that index | 3 × 8 cores, 10,000 MB/s |" in done.output
    assert re.search(r"an hour has at most \| 60 frames \| \*\*assumed\*\*", done.output)
    refused = CliRunner().invoke(main, ["--cost", "encode=fast"])
    assert refused.exit_code == 2
    assert "is not NAME=VALUE" in refused.output


def test_the_picture_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed: part of the extra “models”")
    from benchmarks.archive.drawing import draw  # noqa: PLC0415

    draw(SMALL, COSTS, tmp_path / "a.svg", nodes=(1, 2))
    draw(SMALL, COSTS, tmp_path / "b.svg", nodes=(1, 2))
    drawn = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "days to index" in drawn
    assert drawn == (tmp_path / "b.svg").read_text(encoding="utf-8")
