"""On a machine with a GPU: half precision on it finds what float32 on the processor finds."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.bundle.encoder_bundle import EncoderBundle, load_bundle
from app.model_intake.graphs.fewer_bits import halve
from app.paths import bundled_model
from app.runtime.encoders import FrameEncoder, TextEncoder
from app.runtime.sessions.providers import ProviderChoice, choose_provider
from app.search.scorers.hubness import bank_texts
from benchmarks.providers import agreement
from tests.bundle.manifests import add_files
from tests.runtime.pictures import pictures
from tests.runtime.test_towers import expected, frames, hungry_bundle

LOWEST_COSINE, SAME_TOP10 = 0.999, 0.97  # an H100 gave 0.982 of these made pictures
CPU = ProviderChoice("CPU")


@pytest.fixture(scope="module")
def cuda() -> ProviderChoice:
    choice = choose_provider()
    if choice.name != "CUDA":
        pytest.skip(f"no GPU here: {choice.reason or 'ONNX Runtime without CUDA, and no NVIDIA driver'}")
    return choice


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> EncoderBundle:
    """The bundled model with its image tower in half precision beside."""
    folder = shutil.copytree(bundled_model(), tmp_path_factory.mktemp("model") / "pocket")
    halve(folder / "image.onnx", folder / "image.fp16.onnx")
    return load_bundle(add_files(folder, "image.fp16.onnx", variants={"fp16": {"image": "image.fp16.onnx"}}))


def unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_cuda_in_half_precision_finds_what_the_processor_finds(
    cuda: ProviderChoice, bundle: EncoderBundle
) -> None:
    seen = pictures(300)
    queries = unit(TextEncoder(bundle).encode(bank_texts()[:300]))
    plain = FrameEncoder(bundle, choice=CPU, variant="float32")
    half = FrameEncoder(bundle, choice=cuda)
    assert (plain.provider, half.provider, half.variant, half.fallback) == ("CPU", "CUDA", "fp16", "")
    exact, rounded = unit(plain.encode(seen)), unit(half.encode(seen))
    cosine, same = agreement(queries, exact, rounded)
    assert cosine >= LOWEST_COSINE
    assert same >= SAME_TOP10


def test_cuda_in_full_precision_gives_the_same_vectors(cuda: ProviderChoice, bundle: EncoderBundle) -> None:
    seen = pictures(40)
    plain = unit(FrameEncoder(bundle, choice=CPU, variant="float32").encode(seen))
    encoder = FrameEncoder(bundle, choice=cuda, variant="float32")
    assert (encoder.provider, encoder.variant) == ("CUDA", "float32")
    assert (plain * unit(encoder.encode(seen))).sum(1).min() >= LOWEST_COSINE


def test_a_gpu_without_memory_for_a_batch_gets_smaller_ones(tmp_path: Path, cuda: ProviderChoice) -> None:
    encoder = FrameEncoder(hungry_bundle(tmp_path / "bundle", fits=40), choice=cuda)
    assert (encoder.provider, encoder.batch <= 32) == ("CUDA", True)
    np.testing.assert_allclose(encoder.encode(frames(100)), expected(100), atol=1e-3)
    assert (encoder.provider, encoder.fallback) == ("CUDA", "")


def test_a_gpu_without_memory_for_one_frame_is_left(tmp_path: Path, cuda: ProviderChoice) -> None:
    encoder = FrameEncoder(hungry_bundle(tmp_path / "bundle", fits=0), choice=cuda)
    assert encoder.provider == "CPU"
    assert "memory" in encoder.fallback


def test_a_rested_gpu_goes_on(cuda: ProviderChoice, bundle: EncoderBundle) -> None:
    seen = pictures(4)
    encoder = FrameEncoder(bundle, choice=cuda)
    before = encoder.encode(seen)
    encoder.release()
    np.testing.assert_allclose(encoder.encode(seen), before, rtol=1e-2, atol=1e-2)
    assert encoder.provider == "CUDA"
