"""A download ends with the right file or with a sentence, whatever the network does."""

import hashlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.errors import Cancelled, DownloadError
from app.model_intake.hub import download as module
from app.model_intake.hub.download import RetryPolicy, download
from tests.model_intake.downloads.server import Fault, Server, serving

CONTENT = np.random.default_rng(7).bytes(600_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
QUICK = RetryPolicy(stall=0.2, tries=3, pause=0.01)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with serving(CONTENT) as running:
        yield running


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.endswith(".lock")}


def test_a_file_arrives_with_progress(server: Server, tmp_path: Path) -> None:
    reports: list[tuple[int, int | None]] = []
    target = tmp_path / "new" / "file.bin"
    done = download(
        server.url(), target, sha256=SHA256, size=len(CONTENT), report=lambda *now: reports.append(now)
    )
    assert done == target
    assert target.read_bytes() == CONTENT
    assert [now for now, _ in reports] == sorted(now for now, _ in reports)
    assert reports[-1] == (len(CONTENT), len(CONTENT))
    assert files(target.parent) == {"file.bin"}


def test_what_is_there_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    for _ in range(2):
        download(server.url(), tmp_path / "file.bin", sha256=SHA256.upper())
    assert len(server.requests) == 1
    (tmp_path / "file.bin").write_bytes(b"something else")
    download(server.url(), tmp_path / "file.bin", sha256=SHA256)
    assert (tmp_path / "file.bin").read_bytes() == CONTENT


def test_a_broken_connection_is_resumed_where_it_broke(server: Server, tmp_path: Path) -> None:
    server.faults = [Fault(cut=100_000), Fault(cut=200_000), Fault(cut=1), Fault(cut=0), Fault(cut=0)]
    download(server.url(), tmp_path / "file.bin", sha256=SHA256, patience=QUICK)
    assert (tmp_path / "file.bin").read_bytes() == CONTENT
    asked = [request.get("Range") for request in server.requests]
    assert asked == [None, "bytes=100000-", *["bytes=300000-"], *["bytes=300001-"] * 3]
    assert server.requests[1]["If-Range"] == '"one"'


def test_a_silent_server_is_given_up_and_asked_again(server: Server, tmp_path: Path) -> None:
    server.faults = [Fault(cut=100_000, stall=True)]
    download(server.url(), tmp_path / "file.bin", sha256=SHA256, patience=QUICK)
    assert (tmp_path / "file.bin").read_bytes() == CONTENT
    assert len(server.requests) == 2


def test_a_server_that_stays_silent_is_named(server: Server, tmp_path: Path) -> None:
    server.always = Fault(cut=0, stall=True)
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1” sent nothing for 0\.1 seconds.*Try again"):
        download(server.url(), tmp_path / "file.bin", sha256=SHA256, patience=RetryPolicy(0.1, 2, 0.01))
    assert len(server.requests) == 2


def test_the_next_call_goes_on_where_the_last_was_stopped(server: Server, tmp_path: Path) -> None:
    reached: list[int] = []
    with pytest.raises(Cancelled):
        download(
            server.url(),
            tmp_path / "file.bin",
            sha256=SHA256,
            report=lambda done, _: reached.append(done),
            stopping=lambda: bool(reached),
        )
    assert "file.bin" not in files(tmp_path)
    download(server.url(), tmp_path / "file.bin", sha256=SHA256)
    assert server.requests[-1]["Range"] == f"bytes={reached[-1]}-"
    assert files(tmp_path) == {"file.bin"}


def test_stopping_ends_a_pause(server: Server, tmp_path: Path) -> None:
    server.always = Fault(status=503)
    asked = threading.Event()
    server.before = lambda _: asked.set()
    with pytest.raises(Cancelled):
        download(
            server.url(),
            tmp_path / "file.bin",
            sha256=None,
            patience=RetryPolicy(1, 9, 100),
            stopping=asked.is_set,
        )


@pytest.mark.parametrize("sha256", [SHA256, None])
def test_a_file_that_changed_meanwhile_starts_anew(
    server: Server, tmp_path: Path, sha256: str | None
) -> None:
    newer = CONTENT
    server.content = b"older" + CONTENT
    server.faults = [Fault(cut=250_000)]

    def publish(number: int) -> None:
        if number == 1:
            server.content, server.etag = newer, '"two"'

    server.before = publish
    download(server.url(), tmp_path / "file.bin", sha256=sha256, patience=QUICK)
    assert (tmp_path / "file.bin").read_bytes() == newer


def test_a_server_that_does_not_compare_versions_is_seen_through(server: Server, tmp_path: Path) -> None:
    """It answers with a range of the newer file although `If-Range` names the older."""
    older = b"older" + CONTENT
    server.content, server.faults = older, [Fault(cut=250_000)]

    def publish(number: int) -> None:
        if number == 1:
            server.content, server.modified, server.etag = CONTENT, '"one"', '"two"'
        else:
            server.modified = ""

    server.before = publish
    download(server.url(), tmp_path / "file.bin", sha256=None, patience=QUICK)
    assert (tmp_path / "file.bin").read_bytes() == CONTENT
    assert [request.get("Range") for request in server.requests] == [None, "bytes=250000-", None]


def test_pieces_that_do_not_fit_are_fetched_anew_once(server: Server, tmp_path: Path) -> None:
    server.etag = ""
    server.faults = [Fault(cut=1000, flip=True)]
    download(server.url(), tmp_path / "file.bin", sha256=SHA256, patience=QUICK)
    assert (tmp_path / "file.bin").read_bytes() == CONTENT
    assert [request.get("Range") for request in server.requests] == [None, "bytes=1000-", None]


def test_without_a_hash_or_a_version_nothing_is_pieced_together(server: Server, tmp_path: Path) -> None:
    server.etag = ""
    server.faults = [Fault(cut=1000, flip=True)]
    download(server.url(), tmp_path / "file.bin", sha256=None, patience=QUICK)
    assert (tmp_path / "file.bin").read_bytes() == CONTENT
    assert "Range" not in server.requests[1]


def test_a_date_serves_where_there_is_no_strong_tag(server: Server, tmp_path: Path) -> None:
    server.etag, server.modified = 'W/"weak"', "Tue, 01 Jul 2025 00:00:00 GMT"
    server.faults = [Fault(cut=1000)]
    download(server.url(), tmp_path / "file.bin", sha256=None, patience=QUICK)
    assert server.requests[1]["If-Range"] == server.modified
    assert (tmp_path / "file.bin").read_bytes() == CONTENT


def test_a_server_without_ranges_sends_the_whole_again(server: Server, tmp_path: Path) -> None:
    server.faults = [Fault(cut=300_000), Fault(ignore_range=True)]
    download(server.url(), tmp_path / "file.bin", sha256=SHA256, patience=QUICK)
    assert (tmp_path / "file.bin").read_bytes() == CONTENT


def test_a_corrupted_file_is_thrown_away(server: Server, tmp_path: Path) -> None:
    server.always = Fault(flip=True)
    with pytest.raises(DownloadError, match="is not the file it should be; it was thrown away"):
        download(server.url(), tmp_path / "file.bin", sha256=SHA256, patience=QUICK)
    assert files(tmp_path) == set()
    assert len(server.requests) == 1


def test_a_file_of_another_length_is_not_fetched(server: Server, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="has 600,000 bytes, not 5"):
        download(server.url(), tmp_path / "file.bin", sha256=SHA256, size=5, patience=QUICK)
    assert files(tmp_path) == set()


@pytest.mark.parametrize(
    "fault",
    [Fault(length=False), Fault(chunked=True), Fault(length=False, cut=1000), Fault(chunked=True, cut=9)],
)
def test_a_body_of_unknown_length_is_checked_too(server: Server, tmp_path: Path, fault: Fault) -> None:
    server.faults = [fault]
    download(server.url(), tmp_path / "file.bin", sha256=SHA256, size=len(CONTENT), patience=QUICK)
    assert (tmp_path / "file.bin").read_bytes() == CONTENT


def test_a_part_that_is_whole_already_is_only_named(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file.bin.part").write_bytes(CONTENT)
    notes = {"url": server.url(), "validator": '"one"'}
    (tmp_path / "file.bin.part.json").write_text(json.dumps(notes))
    download(server.url(), tmp_path / "file.bin", sha256=SHA256)
    assert files(tmp_path) == {"file.bin"}
    assert [request["Range"] for request in server.requests] == ["bytes=600000-"]


def test_a_part_of_another_file_or_a_longer_one_is_no_beginning(server: Server, tmp_path: Path) -> None:
    for url, length in ((server.url("/other"), 500), (server.url(), 700_000)):
        (tmp_path / "file.bin.part").write_bytes(bytes(length))
        (tmp_path / "file.bin.part.json").write_text(json.dumps({"url": url, "validator": '"one"'}))
        download(server.url(), tmp_path / "file.bin", sha256=SHA256, patience=QUICK)
        assert (tmp_path / "file.bin").read_bytes() == CONTENT
        (tmp_path / "file.bin").unlink()


def test_redirects_are_followed_on_this_computer(server: Server, tmp_path: Path) -> None:
    server.faults = [Fault(redirect="/elsewhere"), Fault(cut=1000)]
    download(server.url(), tmp_path / "file.bin", sha256=SHA256, patience=QUICK)
    paths = [request[":path"] for request in server.requests]
    assert paths == ["/file.bin", "/elsewhere", "/file.bin"]
    assert (tmp_path / "file.bin").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("/file.bin", "sends on in circles"),
        ("http://example.org/file.bin", "which is not secure"),
        ("ftp://127.0.0.1/file.bin", "which is not secure"),
        ("file:///etc/hostname", "sends on in circles, or to where no file"),
    ],
)
def test_a_redirect_to_nowhere_good_is_refused(
    server: Server, tmp_path: Path, target: str, sentence: str
) -> None:
    server.always = Fault(redirect=target)
    with pytest.raises(DownloadError, match=sentence):
        download(server.url(), tmp_path / "file.bin", sha256=None, patience=QUICK)
    assert files(tmp_path) == set()


def test_a_loop_of_two_ends(server: Server, tmp_path: Path) -> None:
    server.faults = [Fault(redirect=path) for path in ("/b", "/a") * 20]
    with pytest.raises(DownloadError, match="in circles"):
        download(server.url("/a"), tmp_path / "file.bin", sha256=None, patience=QUICK)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/file",
        "ftp://example.org/file",
        "file:///etc/hostname",
        "https:///file",
        "https://exa mple.org/",
        "http://[/",
        "http://localhost.example.org/",
    ],
)
def test_only_https_is_fetched(tmp_path: Path, url: str) -> None:
    with pytest.raises(DownloadError, match=r"https|no address"):
        download(url, tmp_path / "file.bin", sha256=None, patience=QUICK)


def test_https_never_leads_to_http() -> None:
    with pytest.raises(DownloadError, match="not secure"):
        module.check_address("http://127.0.0.1/file", "https://example.org/file")


@pytest.mark.parametrize(
    ("status", "sentence", "tries"),
    [
        (404, r"has no “file\.bin” \(HTTP 404\)", 1),
        (401, "does not give “file.bin” to everybody", 1),
        (503, r"cannot answer now \(HTTP 503\)", 3),
        (407, "The proxy requires authentication", 1),
        (418, "refuses to send", 1),
        (204, "answers without a file", 1),
    ],
)
def test_a_refusal_is_a_sentence(
    server: Server, tmp_path: Path, status: int, sentence: str, tries: int
) -> None:
    server.always = Fault(status=status)
    with pytest.raises(DownloadError, match=sentence):
        download(server.url(), tmp_path / "file.bin", sha256=None, patience=QUICK)
    assert len(server.requests) == tries


def test_a_busy_server_is_asked_again(server: Server, tmp_path: Path) -> None:
    server.faults = [Fault(status=503, headers={"Retry-After": "0"}), Fault(status=429)]
    download(server.url(), tmp_path / "file.bin", sha256=SHA256, patience=QUICK)
    assert (tmp_path / "file.bin").read_bytes() == CONTENT


def test_no_network_is_said_at_once(server: Server, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match=r"“no\.such\.host\.invalid” cannot be reached: .*no network"):
        download(
            "https://no.such.host.invalid/f", tmp_path / "f", sha256=None, patience=RetryPolicy(1, 9, 99)
        )


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (407, "The proxy requires authentication"),
        (403, "The proxy “127.0.0.1” does not let “example.org”"),
    ],
)
def test_a_proxy_that_refuses_is_named(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, sentence: str
) -> None:
    server.always = Fault(status=status)
    monkeypatch.setenv("https_proxy", server.url(""))
    with pytest.raises(DownloadError, match=sentence):
        download("https://example.org/file", tmp_path / "file.bin", sha256=None, patience=QUICK)
    assert server.requests[0][":path"] == "example.org:443"


def test_a_proxy_that_is_not_there_is_named(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with pytest.raises(DownloadError, match=r"The proxy “127\.0\.0\.1” cannot be reached.*HTTPS_PROXY"):
        download(server.url(), tmp_path / "file.bin", sha256=None, patience=RetryPolicy(1, 9, 99))
    assert server.requests == []


def test_a_server_that_cannot_prove_its_name_is_not_trusted(server: Server, tmp_path: Path) -> None:
    """A plain server behind https: no TLS at all."""
    with pytest.raises(DownloadError, match=r"“127\.0\.0\.1” broke"):
        download(server.url().replace("http:", "https:"), tmp_path / "file.bin", sha256=None, patience=QUICK)


def test_a_full_disk_is_noticed_before(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SPARE", 1 << 60)
    with pytest.raises(DownloadError, match=r"Not enough disk space for “file\.bin”"):
        download(server.url(), tmp_path / "file.bin", sha256=SHA256, patience=QUICK)


def test_a_place_that_cannot_be_written_is_named(server: Server, tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("is a file")
    with pytest.raises(DownloadError, match=r"“file\.bin” cannot be kept in"):
        download(server.url(), tmp_path / "folder" / "file.bin", sha256=SHA256, patience=QUICK)


def test_two_at_once_do_not_mix(server: Server, tmp_path: Path) -> None:
    refused: list[str] = []

    def second(_: int) -> None:
        try:
            download(server.url("/other"), tmp_path / "file.bin", sha256=None, patience=QUICK)
        except DownloadError as error:
            refused.append(error.sentence)

    server.before = second
    download(server.url(), tmp_path / "file.bin", sha256=SHA256)
    assert ["is being downloaded already" in sentence for sentence in refused] == [True]


@pytest.mark.parametrize("name", ["file.bin.part", "file.bin.part.json"])
@pytest.mark.parametrize("linked", [False, True])
def test_a_file_that_no_download_wrote_is_neither_continued_nor_deleted(
    server: Server, tmp_path: Path, name: str, linked: bool
) -> None:
    mine = tmp_path / ("mine" if linked else name)
    mine.write_text("{'mine': 1}")
    if linked:
        (tmp_path / name).symlink_to(mine)
    with pytest.raises(DownloadError, match="is not from a download of Reelfind"):
        download(server.url(), tmp_path / "file.bin", sha256=SHA256)
    assert mine.read_text() == "{'mine': 1}"
    assert not server.requests


def test_a_lock_that_is_a_link_is_not_followed(server: Server, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "file.bin.part.lock").symlink_to(tmp_path / "mine")
    with pytest.raises(DownloadError, match="is a link"):
        download(server.url(), tmp_path / "file.bin", sha256=SHA256)
    assert (tmp_path / "mine").read_text() == "mine"


@pytest.mark.parametrize("notes", ["", '{"url": "http'])
def test_notes_that_a_full_disk_cut_are_begun_anew(server: Server, tmp_path: Path, notes: str) -> None:
    (tmp_path / "file.bin.part.json").write_text(notes)
    (tmp_path / "file.bin.part").write_bytes(CONTENT[:1000])
    download(server.url(), tmp_path / "file.bin", sha256=SHA256)
    assert (tmp_path / "file.bin").read_bytes() == CONTENT
