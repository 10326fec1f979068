"""What a repository of the hub holds at a commit, and its files: listed, fetched, checked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import DownloadError, UsageError
from app.model_intake.hub.download import RetryPolicy
from app.model_intake.hub.repository import default_hub, fetch_files, is_repository, list_repository
from tests.model_intake.hub_server import COMMIT, LocalHub, git_sha1, local_hub

QUICK = RetryPolicy(stall=2.0, tries=2, pause=0.01)
NAME = "owner/some-model"


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    with local_hub() as served:
        served.small[f"{NAME}/config.json"] = b'{"a": 1}'
        served.large[f"{NAME}/visual/model.onnx"] = b"graph" * 50_000
        served.small["owner/other/README.md"] = b"nothing"
        yield served


def test_files_come_at_the_commit_that_was_listed(hub: LocalHub, tmp_path: Path) -> None:
    repository = list_repository(NAME, hub=hub.address, patience=QUICK)
    assert repository.commit == COMMIT
    assert set(repository.files) == {"config.json", "visual/model.onnx"}
    told: list[tuple[int, int]] = []
    hashes = fetch_files(
        repository, list(repository.files), tmp_path, hub=hub.address, report=lambda *far: told.append(far)
    )
    assert (tmp_path / "visual/model.onnx").read_bytes() == hub.large[f"{NAME}/visual/model.onnx"]
    assert set(hashes) == set(repository.files)
    assert told[-1] == (250_008, 250_008)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    fetched = [line for line in hub.requests if line.startswith("GET hub") and "/api/" not in line]
    assert all(f"/resolve/{COMMIT}/" in line for line in fetched)


def test_what_is_there_is_not_fetched_again(hub: LocalHub, tmp_path: Path) -> None:
    repository = list_repository(NAME, hub=hub.address, patience=QUICK)
    for _ in range(2):
        fetch_files(repository, ["visual/model.onnx"], tmp_path, hub=hub.address)
    assert sum(line.startswith("GET storage") for line in hub.requests) == 1


def test_a_broken_connection_is_gone_on_with(hub: LocalHub, tmp_path: Path) -> None:
    hub.cut_after = 100_000
    repository = list_repository(NAME, hub=hub.address, patience=QUICK)
    fetch_files(repository, ["visual/model.onnx"], tmp_path, hub=hub.address, patience=QUICK)
    assert (tmp_path / "visual/model.onnx").read_bytes() == hub.large[f"{NAME}/visual/model.onnx"]


def test_a_large_file_that_is_not_what_is_listed_is_thrown_away(hub: LocalHub, tmp_path: Path) -> None:
    hub.promised[f"{NAME}/visual/model.onnx"] = "0" * 64
    repository = list_repository(NAME, hub=hub.address, patience=QUICK)
    with pytest.raises(DownloadError, match="not the file it should be"):
        fetch_files(repository, ["visual/model.onnx"], tmp_path, hub=hub.address, patience=QUICK)
    assert not [path for path in tmp_path.rglob("*.onnx*") if not path.name.endswith(".lock")]


def test_a_small_file_is_held_against_what_git_calls_it(hub: LocalHub, tmp_path: Path) -> None:
    listed = hub.listing(NAME)
    listed["siblings"][0]["blobId"] = git_sha1(b"something else")
    hub.card[NAME] = {"siblings": listed["siblings"]}
    repository = list_repository(NAME, hub=hub.address, patience=QUICK)
    with pytest.raises(DownloadError, match="not the file that the hub lists"):
        fetch_files(repository, ["config.json"], tmp_path, hub=hub.address, patience=QUICK)
    assert not list(tmp_path.rglob("config.json"))


def test_pins_are_kept_to(hub: LocalHub, tmp_path: Path) -> None:
    repository = list_repository(f"{NAME}@{COMMIT}", hub=hub.address, patience=QUICK)
    good = fetch_files(repository, list(repository.files), tmp_path / "one", hub=hub.address)
    assert (
        fetch_files(repository, list(repository.files), tmp_path / "two", hub=hub.address, pins=good) == good
    )
    wrong = {**good, "visual/model.onnx": "1" * 64}
    with pytest.raises(DownloadError, match="not the file that Reelfind knows"):
        fetch_files(repository, list(repository.files), tmp_path / "three", hub=hub.address, pins=wrong)
    wrong = {**good, "config.json": "1" * 64}
    with pytest.raises(DownloadError):
        fetch_files(repository, list(repository.files), tmp_path / "four", hub=hub.address, pins=wrong)
    with pytest.raises(DownloadError, match="not the file that Reelfind knows"):
        fetch_files(repository, ["config.json"], tmp_path / "five", hub=hub.address, pins=good)


@pytest.mark.parametrize(
    "path", ["../escape", "/etc/passwd", "a/../../b", "c:\\x", "a//b", ".hidden", "a\0b"]
)
def test_a_path_that_leads_elsewhere_is_not_listed(hub: LocalHub, path: str) -> None:
    hub.card[NAME] = {"siblings": [{"rfilename": path, "size": 1}, {"rfilename": "config.json", "size": 8}]}
    assert set(list_repository(NAME, hub=hub.address, patience=QUICK).files) == {"config.json"}


@pytest.mark.parametrize(
    ("status", "content", "sentence"),
    [
        (200, b"<html>Please log in</html>", "does not answer with a list"),
        (200, b"[]", "does not answer with a list"),
        (200, b"{}", "does not answer with a list"),
        (403, b"blocked", "firewall"),
        (404, b"", "no repository"),
        (503, b"", "cannot answer now"),
        (500, b"", "cannot answer now"),
    ],
)
def test_what_stands_in_between_is_said(hub: LocalHub, status: int, content: bytes, sentence: str) -> None:
    hub.instead = (status, content)
    with pytest.raises(DownloadError, match=sentence) as caught:
        list_repository(NAME, hub=hub.address, patience=QUICK)
    assert caught.value.advice


def test_a_gated_repository_says_what_to_do(hub: LocalHub) -> None:
    hub.card[NAME] = {"gated": "manual"}
    with pytest.raises(DownloadError, match="accept its terms") as caught:
        list_repository(NAME, hub=hub.address, patience=QUICK)
    assert "browser" in caught.value.advice


def test_a_repository_that_is_not_there_is_named(hub: LocalHub) -> None:
    with pytest.raises(DownloadError, match="no repository “owner/none”"):
        list_repository("owner/none", hub=hub.address, patience=QUICK)


def test_a_renamed_repository_is_found(hub: LocalHub) -> None:
    hub.renamed["old/name"] = NAME
    assert list_repository("old/name", hub=hub.address, patience=QUICK).commit == COMMIT


def test_another_commit_than_the_one_asked_for_is_refused(hub: LocalHub) -> None:
    with pytest.raises(DownloadError, match="answers with commit"):
        list_repository(f"{NAME}@{'a' * 40}", hub=hub.address, patience=QUICK)


def test_no_network_is_said(tmp_path: Path) -> None:
    with pytest.raises(DownloadError) as caught:
        list_repository(NAME, hub="http://127.0.0.1:9", patience=QUICK)
    assert "127.0.0.1" in caught.value.sentence


def test_only_names_of_repositories_are_asked_for(hub: LocalHub) -> None:
    for name in ("one", "a/b/c", "../a", "a/b@", "https://x/y", "a b/c", "a/b@../c"):
        assert not is_repository(name)
        with pytest.raises(UsageError):
            list_repository(name, hub=hub.address, patience=QUICK)
    assert not hub.requests


def test_a_mirror_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "https://mirror.example/")
    assert default_hub() == "https://mirror.example"


def test_a_licence_is_read_from_the_card_or_the_tags(hub: LocalHub) -> None:
    hub.card[NAME] = {"cardData": {"license": "apache-2.0"}}
    assert list_repository(NAME, hub=hub.address, patience=QUICK).licence == "apache-2.0"
    hub.card[NAME] = {"tags": ["x", "license:mit"]}
    assert list_repository(NAME, hub=hub.address, patience=QUICK).licence == "mit"
    hub.card[NAME] = {"cardData": {"license": ["a"]}, "tags": 3}
    assert list_repository(NAME, hub=hub.address, patience=QUICK).licence == ""


@pytest.mark.parametrize("missing", ["size", "lfs"])
def test_a_file_of_which_nothing_is_said_is_not_fetched(hub: LocalHub, tmp_path: Path, missing: str) -> None:
    listed = hub.listing(NAME)
    for entry in listed["siblings"]:
        entry.pop(missing, None)
        entry.pop("blobId")
    hub.card[NAME] = {"siblings": listed["siblings"]}
    repository = list_repository(NAME, hub=hub.address, patience=QUICK)
    before = len(hub.requests)
    with pytest.raises(DownloadError, match="neither how long"):
        fetch_files(repository, ["visual/model.onnx"], tmp_path, hub=hub.address, patience=QUICK)
    assert len(hub.requests) == before


def test_more_than_fits_anywhere_is_not_begun(hub: LocalHub, tmp_path: Path) -> None:
    listed = hub.listing(NAME)
    listed["siblings"][1]["size"] = 40 << 30
    hub.card[NAME] = {"siblings": listed["siblings"]}
    repository = list_repository(NAME, hub=hub.address, patience=QUICK)
    with pytest.raises(DownloadError, match="too large"):
        fetch_files(repository, list(repository.files), tmp_path, hub=hub.address, patience=QUICK)


def test_a_list_that_drips_is_given_up(hub: LocalHub) -> None:
    hub.drip = 0.05
    with pytest.raises(DownloadError):
        list_repository(NAME, hub=hub.address, patience=RetryPolicy(stall=0.2, tries=2, pause=0.01))
