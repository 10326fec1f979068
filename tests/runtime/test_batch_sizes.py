"""How many frames a device gets at once: measured, kept, and no more than its memory holds."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.runtime.batch_size import BatchMemory, DeviceBatch, measure_batch
from app.runtime.sessions.onnx_sessions import GraphMemoryError


@pytest.mark.parametrize(
    ("seconds", "best"),
    [
        (lambda batch: 1.0, 256),  # always as long: the more the better
        (lambda batch: batch / 100, 16),  # twice as long for twice as many
        (lambda batch: max(1.0, batch / 64), 64),
        (lambda batch: 1 + batch / 1000, 256),
    ],
)
def test_the_batch_grows_as_long_as_it_pays(seconds: Callable[[int], float], best: int) -> None:
    now = 0.0

    def run(batch: int) -> None:
        nonlocal now
        now += seconds(batch)

    assert measure_batch(run, clock=lambda: now) == DeviceBatch(best, fixed=False)


@pytest.mark.parametrize(("planning", "fixed"), [(0.5, True), (0.001, False)])
def test_a_device_that_plans_anew_for_each_size_keeps_to_one(planning: float, fixed: bool) -> None:
    now, last = 0.0, 0

    def run(batch: int) -> None:
        nonlocal now, last
        now += batch / 1000 + (planning if batch != last else 0.0)
        last = batch

    assert measure_batch(run, clock=lambda: now) == DeviceBatch(16, fixed)


def test_the_batch_stays_within_the_memory() -> None:
    def run(batch: int) -> None:
        if batch > 64:
            raise GraphMemoryError("too many")

    assert measure_batch(run, clock=iter(range(1000)).__next__).rows == 64


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"key": "many"}', '{"key": 64}', '{"key": {"rows": -3, "fixed": true}}']
)
def test_a_damaged_memory_of_batches_is_forgotten(tmp_path: Path, content: str) -> None:
    memory = BatchMemory(tmp_path)
    memory.put(DeviceBatch(64, fixed=True), "graph", "CUDA")
    assert memory.get("graph", "CUDA") == DeviceBatch(64, fixed=True)
    file = tmp_path / "device-batches.json"
    (key,) = json.loads(file.read_text())
    file.write_text(content.replace("key", key))
    assert memory.get("graph", "CUDA") is None
