"""A home of its own for each test's tokens, and one service with the bundled model for all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bundle.encoder_bundle import EncoderBundle, load_bundle
from app.connecting.service_address import read_address
from app.encoder_service.remote_frames import RemoteFrameEncoder
from app.encoder_service.service_tokens import keep_token
from app.paths import bundled_model
from tests.bundles import make_bundle
from tests.encoder_service.service_process import TOKEN, Service, running_service


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this computer keeps its tokens."""
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("REELFIND_ENCODER_TOKEN", raising=False)
    return tmp_path / "home"


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One for all tests, that does not end before them."""
    with running_service(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.fixture(scope="session")
def pocket() -> EncoderBundle:
    """The bundled model."""
    return load_bundle(bundled_model())


@pytest.fixture(scope="session")
def colours(tmp_path_factory: pytest.TempPathFactory) -> EncoderBundle:
    """A little model, where it does not matter which."""
    return load_bundle(make_bundle(tmp_path_factory.mktemp("little") / "colours"))


def encoder_at(url: str, bundle: EncoderBundle, token: str = TOKEN) -> RemoteFrameEncoder:
    """An encoder that asks the service at `url`, with a token that this computer keeps."""
    keep_token(read_address(url), token)
    return RemoteFrameEncoder(bundle, lambda: url)
