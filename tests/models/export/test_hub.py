"""Files of the hub are asked for, fetched once, and checked."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import DownloadError
from app.model_intake.hub.download import RetryPolicy
from app.model_intake.hub.hub_files import Hub
from app.model_intake.hub.repository import default_hub
from tests.model_intake.hub_server import COMMIT, LocalHub, local_hub

QUICK = RetryPolicy(stall=5.0, tries=1, pause=0.01)


@pytest.fixture(scope="module")
def served() -> Iterator[LocalHub]:
    with local_hub() as hub:
        hub.large["some/model/weights.safetensors"] = bytes(range(256)) * 2000
        hub.large["some/model/wrong.bin"] = b"not what was promised"
        hub.promised["some/model/wrong.bin"] = "0" * 64
        hub.small["some/model/config.json"] = b"{}"
        hub.small["some/model/tokenizer.json"] = b"[]"
        hub.renamed["old/name"] = "some/model"
        yield hub


@pytest.fixture
def told() -> list[tuple[str, int, int | None]]:
    return []


@pytest.fixture
def hub(served: LocalHub, tmp_path: Path, told: list[tuple[str, int, int | None]]) -> Hub:
    served.requests.clear()
    return Hub(served.address + "/", tmp_path, lambda *report: told.append(report), QUICK)


def test_a_large_file_comes_from_the_storage_and_is_checked(
    hub: Hub, served: LocalHub, tmp_path: Path, told: list[tuple[str, int, int | None]]
) -> None:
    remote = hub.find("some/model", "weights.safetensors")
    assert remote is not None
    assert remote.size == 512_000
    assert remote.url == f"{served.address}/some/model/resolve/{COMMIT}/weights.safetensors"
    assert not [request for request in served.requests if "storage" in request]  # asked for only
    path = hub.fetch(remote)
    assert path == tmp_path / "some--model" / COMMIT / "weights.safetensors"
    assert path.read_bytes() == served.large["some/model/weights.safetensors"]
    assert told[-1] == ("download", 512_000, 512_000)
    served.requests.clear()
    assert hub.fetch(remote) == path
    assert not served.requests


def test_the_first_file_that_is_there_is_taken(hub: Hub) -> None:
    path = hub.fetch_first("some/model", ("model.safetensors", "weights.safetensors", "config.json"))
    assert path is not None
    assert path.name == "weights.safetensors"
    assert hub.fetch_first("some/model", ("no.bin", "nothing.bin")) is None
    assert hub.fetch_folder("no/body", ("tokenizer.json",)) is None


def test_a_renamed_repository_is_followed_within_the_hub(hub: Hub) -> None:
    remote = hub.find("old/name", "weights.safetensors")
    assert remote is not None
    assert remote.size == 512_000


def test_redirects_in_a_circle_end(hub: Hub, served: LocalHub) -> None:
    served.renamed |= {"round/one": "round/two", "round/two": "round/one"}
    with pytest.raises(DownloadError, match="in circles"):
        hub.find("round/one", "config.json")


def test_a_file_elsewhere_is_checked_by_the_hash_its_address_carries(hub: Hub, served: LocalHub) -> None:
    url = f"{served.storage}/some/model/weights.safetensors"
    digest = hashlib.sha256(served.large["some/model/weights.safetensors"]).hexdigest()
    assert hub.fetch_url(url, digest).stat().st_size == 512_000
    with pytest.raises(DownloadError, match="not the file it should be"):
        hub.fetch_url(f"{served.storage}/some/model/wrong.bin", digest)


def test_a_folder_has_those_files_that_are_there(hub: Hub) -> None:
    folder = hub.fetch_folder("some/model", ("tokenizer.json", "tokenizer_config.json", "config.json"))
    assert folder is not None
    assert {path.name for path in folder.iterdir() if path.suffix == ".json"} >= {
        "tokenizer.json",
        "config.json",
    }


def test_a_file_that_is_not_what_was_promised_is_thrown_away(hub: Hub, tmp_path: Path) -> None:
    remote = hub.find("some/model", "wrong.bin")
    assert remote is not None
    with pytest.raises(DownloadError, match="not the file it should be"):
        hub.fetch(remote)
    assert not list(tmp_path.rglob("wrong.bin"))


def test_without_a_network_a_sentence_says_so(tmp_path: Path) -> None:
    with local_hub() as gone:
        address = gone.address
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1"):
        Hub(address, tmp_path, lambda *_: None, QUICK).find("some/model", "config.json")
    with pytest.raises(DownloadError, match="only https"):
        Hub("http://example.org", tmp_path, lambda *_: None, QUICK).find("some/model", "config.json")


def test_the_usual_hub_is_reached_by_https() -> None:
    assert default_hub().startswith("https://")
