"""Dual softmax and query-bank normalisation, against loops over the papers' formulas."""

import math

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from models.heads.corrections import dual_softmax, querybank_normalise
from tests.models.heads.slow import Array


def similarities(rows: int, clips: int, seed: int) -> Array:
    return np.random.default_rng(seed).uniform(-0.2, 0.6, size=(rows, clips))


@pytest.mark.parametrize("temperature", [100.0, 3.0])
def test_dual_softmax_weighs_a_score_by_its_share_among_the_queries(temperature: float) -> None:
    sim = similarities(5, 4, seed=0)
    found = dual_softmax(sim, temperature)
    for query in range(5):
        for clip in range(4):
            powers = [math.exp(temperature * sim[other, clip]) for other in range(5)]
            share = math.exp(temperature * sim[query, clip]) / sum(powers)
            assert found[query, clip] == pytest.approx(sim[query, clip] * share, rel=1e-9)


def test_dual_softmax_does_not_overflow() -> None:
    assert np.isfinite(dual_softmax(1e3 * similarities(5, 4, seed=1))).all()


def test_the_other_direction_is_the_transposed_matrix() -> None:
    sim = similarities(5, 4, seed=2)
    assert not np.allclose(dual_softmax(sim.T).T, dual_softmax(sim))
    assert dual_softmax(sim.T)[1, 3] == pytest.approx(
        sim[3, 1] * math.exp(100 * sim[3, 1]) / sum(math.exp(100 * value) for value in sim[3])
    )


def slow_querybank(sim: Array, bank: Array, beta: float) -> list[list[float]]:
    """Rows as in the paper: `exp(β s) / Σ exp(β s_bank)` where the first clip is activated, else `s`."""
    activated = set()
    for row in bank:
        activated.add(max(range(len(row)), key=lambda clip: row[clip]))
    rows = []
    for row in sim:
        first = max(range(len(row)), key=lambda clip: row[clip])
        if first in activated:
            sums = [sum(math.exp(beta * other[clip]) for other in bank) for clip in range(len(row))]
            rows.append([math.exp(beta * s) / total for s, total in zip(row, sums, strict=True)])
        else:
            rows.append([float(s) for s in row])
    return rows


@pytest.mark.parametrize("seed", range(6))
def test_querybank_normalisation_ranks_as_the_formula(seed: int) -> None:
    sim, bank, beta = similarities(12, 9, seed), similarities(4, 9, 100 + seed), 20.0
    found, expected = querybank_normalise(sim, bank, beta), slow_querybank(sim, bank, beta)
    touched = 0
    for query in range(12):
        assert np.argsort(found[query]).tolist() == np.argsort(expected[query]).tolist()
        if expected[query] == pytest.approx(sim[query].tolist()):
            assert (found[query] == sim[query]).all()
        else:
            touched += 1
            assert np.exp(beta * found[query]).tolist() == pytest.approx(expected[query], rel=1e-9)
    assert 0 < touched < 12


def test_a_hub_of_the_bank_loses_its_place() -> None:
    bank = np.array([[0.9, 0.1, 0.1], [0.8, 0.2, 0.1]])
    hub_first, other_first = [0.50, 0.45, 0.2], [0.2, 0.1, 0.5]
    found = querybank_normalise(np.array([hub_first, other_first]), bank, 20.0)
    assert found.argmax(1).tolist() == [1, 2]
    assert found[1].tolist() == other_first


def test_the_correction_changes_no_input_and_survives_large_scores() -> None:
    sim, bank = 1e3 * similarities(6, 5, 7), 1e3 * similarities(8, 5, 8)
    kept = sim.copy()
    assert np.isfinite(querybank_normalise(sim, bank, 20.0)).all()
    assert (sim == kept).all()


def test_torch_matrices_do_as_well() -> None:
    sim, bank = similarities(6, 5, 9), similarities(8, 5, 10)
    assert (dual_softmax(torch.from_numpy(sim)) == dual_softmax(sim)).all()
    assert (
        querybank_normalise(torch.from_numpy(sim), torch.from_numpy(bank), 9.0)
        == querybank_normalise(sim, bank, 9.0)
    ).all()
