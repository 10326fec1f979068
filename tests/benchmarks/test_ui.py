"""The benchmark of the window's responsiveness: what it counts, and that it runs; no time is judged."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.responsiveness.heartbeat import BEAT, Heartbeat
from benchmarks.responsiveness.libraries import Libraries
from benchmarks.responsiveness.pulse import Lateness, Pulse, late_beats, pulse
from benchmarks.responsiveness.report import HEAD, Report
from benchmarks.responsiveness.scenarios import SCENARIOS
from benchmarks.responsiveness.stack_sampler import StackSampler
from benchmarks.responsiveness.stage import Measured
from benchmarks.ui import measure
from tests.ui.loop import spin_until

BLOCK = 0.08


@pytest.fixture
def heartbeat() -> Iterator[Heartbeat]:
    application = QApplication.instance() or QApplication(["reelfind"])
    made = Heartbeat()
    yield made
    made.deleteLater()
    QCoreApplication.sendPostedEvents(made, QEvent.Type.DeferredDelete)
    assert application is not None


def keep_busy() -> None:
    until = time.thread_time() + BLOCK
    while time.thread_time() < until:
        pass


def test_beats_that_were_left_out_count_too() -> None:
    late = late_beats(np.array([BEAT, 0.0201, 0.0051]))
    assert late == pytest.approx([0.0, 0.0151, 0.0101, 0.0051, 0.0001, 0.0001])


def test_waiting_for_a_core_is_told_apart() -> None:
    found = pulse([(0.0, 0.0, 0.0), (0.005, 0.001, 0.0), (0.105, 0.021, 0.06)])
    assert found.late.longest == pytest.approx(95)
    assert found.unhindered.longest == pytest.approx(35)
    assert found.own == pytest.approx(20)


def test_what_blocks_the_thread_is_measured_and_named(heartbeat: Heartbeat) -> None:
    sampler = StackSampler(heartbeat)
    sampler.start()
    heartbeat.begin()
    worked: list[bool] = []
    QTimer.singleShot(20, lambda: (keep_busy(), worked.append(True)))
    assert spin_until(lambda: worked)
    found = heartbeat.end()
    sampler.end()
    assert found.late.longest >= 1e3 * (BLOCK - 2 * BEAT)
    assert found.own >= 1e3 * (BLOCK - 2 * BEAT)
    assert found.beats >= BLOCK / BEAT
    assert any("keep_busy" in place for place in sampler.most_seen(5))


def test_a_row_has_all_columns_and_says_why_there_is_none() -> None:
    late = Lateness(0.1, 12.0, 40.0)
    run = Measured(Pulse(100, late, late, 9.0, 0.0), {"usable": 0.5, "frames_per_second": 90.0}, ["1 × here"])
    row = Report("start", "Start", (run, run)).row()
    columns = HEAD.splitlines()[0].count("|")
    assert row.count("|") == columns
    assert "0.1 / 12.0 / 40 ms" in row
    assert "usable after 0.50 s" in row
    failed = Report("start", "Start", (), "there is none").row()
    assert failed.count("|") == columns
    assert "there is none" in failed


def test_the_quickest_form_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path / "home"))
    libraries = Libraries(tmp_path, tmp_path, count=0, frames=1000, pictures=10)
    report = measure("scrolling", libraries, libraries.material(results=40, seconds=0.05), runs=1)
    assert not report.trouble
    assert report.pulse.beats > 10
    assert report.figure("results") == 40
    assert report.figure("frames_per_second")


@pytest.mark.nightly
def test_every_scenario_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path / "home"))
    libraries = Libraries(tmp_path, tmp_path / "none", count=1, frames=1000, pictures=10)
    material = libraries.material(results=40, seconds=0.05)
    reports = [measure(name, libraries, material, runs=1) for name in SCENARIOS]
    assert [report.trouble for report in reports if report.trouble] == []
