"""The list says nothing that cannot be checked: names, counts, and what it means on this machine."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.model_store import hardware, recommended
from app.model_store.hardware import matrix_speed, memory
from app.model_store.multilingual import best_multilingual, multilingual_advice
from app.model_store.recommended import by_name, indexing_seconds, ranked, recommended_models, speed
from app.model_store.store import ModelStore
from app.paths import resource
from app.processes.launcher import Finished
from tests.bundles import make_bundle

MODELS = {model.name: model for model in recommended_models()}


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with this computer's rate."""
    folder = tmp_path_factory.mktemp("measured")
    matrix_speed(folder)
    return folder


def vit_gflops(
    size: int, patch: int, width: int = 768, layers: int = 12, *, class_token: bool = True
) -> float:
    """2 x multiply-adds of a ViT, from its equations (Dosovitskiy et al., ICLR 2021, section 3.1)."""
    patches = (size // patch) ** 2
    tokens = patches + class_token
    embedding = patches * patch * patch * 3 * width
    projections = tokens * width * width * 4  # query, key, value, output
    attention = 2 * tokens * tokens * width
    mlp = 2 * tokens * width * 4 * width
    return 2 * (embedding + layers * (projections + attention + mlp)) / 1e9


@pytest.mark.parametrize(
    ("name", "patch", "class_token", "tolerance"),
    [
        ("ViT-B-32:openai", 32, True, 0.01),
        ("ViT-B-32:laion2b_s34b_b79k", 32, True, 0.01),
        ("xlm-roberta-base-ViT-B-32:laion5b_s13b_b90k", 32, True, 0.01),
        ("ViT-B-32-SigLIP2-256:webli", 32, False, 0.03),  # and a pooling head
        ("ViT-B-16-SigLIP2:webli", 16, False, 0.03),
        ("ViT-B-16-SigLIP:webli", 16, False, 0.03),
        ("nllb-clip-base-siglip:v1", 16, False, 0.03),
        ("PE-Core-B-16:meta", 16, True, 0.03),
    ],
)
def test_the_work_per_frame_follows_from_the_architecture(
    name: str, patch: int, class_token: bool, tolerance: float
) -> None:
    model = MODELS[name]
    assert model.gflops == pytest.approx(
        vit_gflops(model.image_size, patch, class_token=class_token), rel=tolerance
    )


def test_every_figure_has_its_source_and_is_plausible() -> None:
    content = json.loads(resource("models.json").read_text())
    assert {entry["name"] for entry in content["models"]} == set(MODELS)
    for model in recommended_models():
        assert model.quality_source
        assert model.imagenet or model.xm3600
        assert model.imagenet is None or 60 < model.imagenet < 80
        assert all(20 < figure < 95 for figure in model.xm3600.values())
        assert ("XM3600" in model.quality_source) == bool(model.xm3600)
        assert model.coco is None or 30 < model.coco < 55
        assert 0.4 <= model.efficiency <= 0.8
        assert model.download_bytes == 4 * model.parameters
        assert re.match(r"(ImageNet|XM3600) \d\d\.\d %", model.quality)
        assert model.licence
        assert model.title
        assert model.languages
    assert all(model.use == "research" for model in MODELS.values() if model.licence.startswith("Apple"))
    assert all(model.licence_note for model in MODELS.values() if model.use != "any")
    assert all(model.xm3600.keys() - {"en"} for model in MODELS.values() if model.multilingual)


def test_what_is_published_as_onnx_has_a_repository_and_no_pin_that_nobody_checked() -> None:
    published = [model for model in MODELS.values() if not model.needs_torch]
    assert len(published) >= 8
    assert any(model.download_bytes < 0.65e9 and model.use == "any" for model in published)
    assert len({model.slug for model in MODELS.values()}) == len(MODELS)
    for model in published:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+", model.repository)
        assert model.layout in ("immich", "transformers.js", "qdrant")
        assert bool(model.revision) == bool(model.files)
        assert re.fullmatch(r"|[0-9a-f]{40}", model.revision)
        assert by_name(model.repository) is by_name(model.slug) is by_name(model.name) is model
    assert by_name("nothing") is None


def test_the_best_that_runs_well_comes_first_and_what_does_not_fit_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recommended, "memory", lambda: 64 << 30)
    quick = [model.name for model in ranked(matrix_gflops=1000.0)]
    assert quick[0] == "ViT-B-16-SigLIP2:webli"
    assert sorted(quick) == sorted(MODELS)
    assert ranked(matrix_gflops=50.0)[0].name == "ViT-B-32-SigLIP2-256:webli", "B/16 takes a second a frame"
    needs_torch = [MODELS[name].needs_torch for name in quick]
    assert needs_torch == sorted(needs_torch)
    restricted = [MODELS[name].use != "any" for name in quick if not MODELS[name].needs_torch]
    assert restricted == sorted(restricted)
    monkeypatch.setattr(recommended, "memory", lambda: 4 << 30)
    fits = [model.fits for model in ranked(matrix_gflops=1000.0)]
    assert fits == sorted(fits, reverse=True)
    assert True in fits
    assert False in fits


def test_the_best_model_for_many_languages_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(recommended, "memory", lambda: 64 << 30)
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path))
    best = best_multilingual()
    assert best.multilingual
    assert not best.needs_torch
    assert best.slug in multilingual_advice()
    assert "add it in the window" in multilingual_advice()
    make_bundle(ModelStore().folder / best.slug, name=best.slug)
    assert "use it with" in multilingual_advice()


def test_indexing_again_takes_a_frame_after_the_other() -> None:
    assert indexing_seconds(9000, 3.75) == 2400.0
    assert indexing_seconds(9000, 0.0) == 0.0


def test_what_is_remembered_of_the_processor_is_used_without_measuring(
    measured: Path, tmp_path: Path
) -> None:
    typical = hardware.TYPICAL_GFLOPS * hardware.background_threads()
    assert hardware.known_matrix_speed(tmp_path) == typical
    assert hardware.known_matrix_speed(measured) == matrix_speed(measured) != typical


def test_speed_is_the_measured_rate_through_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recommended, "matrix_speed", lambda: 170.0)
    assert speed(MODELS["ViT-B-32:openai"]) == pytest.approx(15.5, rel=0.02)  # as measured at that rate
    assert speed(MODELS["MobileCLIP2-S0:dfndr2b"]) == pytest.approx(17.6, rel=0.02)


def test_the_rate_is_measured_once_and_again_on_another_machine(
    measured: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path(shutil.copy(measured / "processor.json", tmp_path))
    kept = json.loads(file.read_text())
    file.write_text(json.dumps(kept | {"gflops": 12.5}))
    assert matrix_speed(tmp_path) == 12.5
    runs: list[object] = []

    def run(*task: str, seconds: float) -> Finished:
        runs.append(task)
        return Finished(0, b"99.0\n", "")

    monkeypatch.setattr(hardware, "run", run)
    for stale in (json.dumps(kept | {"key": "another machine"}), "{", "[]", '{"key": 1}'):
        file.write_text(stale)
        assert matrix_speed(tmp_path) == 99.0
    assert len(runs) == 4


def test_the_measured_rate_is_that_of_a_product(measured: Path) -> None:
    """Within a factor of the same product timed here; a wrong count of operations would be further off."""
    code = (
        "import time, numpy as np\n"
        "a = np.ones((128, 768), np.float32); b = np.ones((768, 768), np.float32)\n"
        "a @ b; best = 1e9\n"
        "for _ in range(60):\n"
        "    start = time.perf_counter(); a @ b; best = min(best, time.perf_counter() - start)\n"
        "print(2 * 128 * 768 * 768 / best / 1e9)\n"
    )
    alone = {"OPENBLAS_NUM_THREADS": "1"}
    timed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=alone, check=True
    )
    per_thread = matrix_speed(measured) / hardware.background_threads()
    assert per_thread == pytest.approx(float(timed.stdout), rel=0.7)


def test_memory_decides_what_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    there = memory()
    assert there is not None
    assert 1 << 28 < there < 1 << 50
    large = MODELS["PE-Core-B-16:meta"]
    for bytes_, fits in ((1 << 30, False), (64 << 30, True), (None, True)):
        monkeypatch.setattr(recommended, "memory", lambda value=bytes_: value)
        assert large.fits is fits
    assert np.isfinite(large.gflops)
