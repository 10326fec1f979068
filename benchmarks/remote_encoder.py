"""What another computer's help costs this one: processor seconds and bytes per frame, in each form of travel.

    python -m benchmarks.remote_encoder --folder FOLDER

The service runs on this very computer, so that only processor time of this process says something: wall time
does not.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
import cv2
import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import ImageSpec, load_bundle
from app.connecting.service_address import read_address
from app.connecting.token_file import new_token
from app.encoder_service.client import QUALITY, Form, ServiceClient
from app.encoder_service.service_tokens import VARIABLE
from app.media.decoder import Decoder
from app.media.frames import Sampling
from app.paths import bundled_model
from app.runtime.encoders import FrameEncoder
from app.runtime.preprocess import fit
from benchmarks.retrieval import CLIPS

_BATCH = 32


def _frames(folder: Path, spec: ImageSpec, most: int) -> NDArray[np.uint8]:
    """Frames of the videos of a folder as the model sees them, (N, size, size, 3)."""
    found: list[NDArray[np.uint8]] = []
    with Decoder() as decoder:
        for path in sorted(folder.iterdir()):
            with decoder.open(path, Sampling(short_side=spec.size)) as stream:
                found += [fit(frame.image, spec) for frame in stream]
            if len(found) >= most:
                break
    return np.stack(found[:most])


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def _run(
    encode: Callable[[NDArray[np.uint8]], NDArray[np.float32]], frames: NDArray[np.uint8]
) -> tuple[NDArray[np.float32], float]:
    """Vectors of length one, and processor milliseconds per frame."""
    encode(frames[:_BATCH])
    started = time.process_time()
    parts = [encode(frames[first : first + _BATCH]) for first in range(0, len(frames), _BATCH)]
    return _unit(np.concatenate(parts)), 1000 * (time.process_time() - started) / len(frames)


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), default=CLIPS)
@click.option("--most", default=256, show_default=True, help="Frames at most.")
def main(folder: Path, most: int) -> None:
    """Compare encoding here with having another computer encode."""
    bundle = load_bundle(bundled_model())
    frames = _frames(folder, bundle.image, most)
    local = FrameEncoder(bundle)
    expected, took = _run(local.encode, frames)
    click.echo(f"{len(frames)} frames, {bundle.title}: here {took:.2f} ms of processor a frame")
    secret = new_token()
    with tempfile.TemporaryDirectory() as home:
        service = subprocess.Popen(
            [sys.executable, "-m", "app", "serve-encoder", "--port", "0"],
            env=os.environ | {"REELFIND_HOME": home, VARIABLE: secret},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert service.stdout is not None
        try:
            found = re.search(r"http://\S+:\d+", service.stdout.readline())
            assert found is not None
            forms: tuple[tuple[Form, float], ...] = (("raw", frames[0].nbytes), ("jpeg", _jpeg_bytes(frames)))
            for form, size in forms:
                client = ServiceClient(read_address(found[0]), secret, form=form)
                given, took = _run(partial(client.encode, bundle=bundle), frames)
                client.close()
                cosine = (given * expected).sum(1)
                click.echo(
                    f"{form}: {took:.2f} ms of processor and {size / 1000:.0f} kB a frame; "
                    f"cosine lowest {cosine.min():.5f}, mean {cosine.mean():.5f}; largest difference "
                    f"{np.abs(given - expected).max():.5f}"
                )
        finally:
            service.terminate()
            service.wait(30)
            service.stdout.close()


def _jpeg_bytes(frames: NDArray[np.uint8]) -> float:
    options = [cv2.IMWRITE_JPEG_QUALITY, QUALITY, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, 0x111111]
    return float(np.mean([len(cv2.imencode(".jpg", frame[..., ::-1], options)[1]) for frame in frames]))


if __name__ == "__main__":
    main()
