"""A repository of the model hub at one commit: what it holds, and its files, each checked.

The hub's interface names the length and hash of every file: SHA-256 of those in large-file storage, git's
SHA-1 of small ones (over `blob LENGTH\\0` and the content). Files are fetched at the commit that was listed,
so that what comes is what was listed, whatever happens to the repository meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
import urllib.request
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit

from app import __version__
from app.errors import DownloadError, UsageError
from app.model_intake.hub.download import RETRY, RetryPolicy, download
from app.model_intake.hub.network_failures import TransientError, http_failure, network_failure
from app.model_intake.hub.urls import check_address, opener

HUB = "https://huggingface.co"
"""Where models are published, unless `HF_ENDPOINT` names a mirror."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
_REVISION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PATH = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,150}/){0,5}[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}")
_LIST_BYTES = 32 << 20
_MOST_FILES = 100_000
_MOST_BYTES = 32 << 30
_LIST_STALLS = 4
"""Times the patience with a silent server that a whole list may take."""
_GATED = "Accept its terms in a browser, download the files there, and add the folder that holds them."

Report = Callable[[int, int], None]
"""Called with the bytes that are there, and those of all."""


@dataclass(frozen=True, slots=True)
class RepositoryFile:
    """One file of a repository."""

    path: str
    size: int | None
    """In bytes, None where the hub does not say."""
    sha256: str = ""
    git_sha1: str = ""


@dataclass(frozen=True, slots=True)
class Repository:
    """What a repository holds at a commit."""

    name: str
    """`owner/name`."""
    commit: str
    licence: str
    """As its card says; empty where it does not."""
    files: Mapping[str, RepositoryFile]
    """By path, those that have a plain one."""


def default_hub() -> str:
    """Address of the hub: `HF_ENDPOINT` where that is set."""
    return (os.environ.get("HF_ENDPOINT") or HUB).rstrip("/")


def is_repository(name: str) -> bool:
    """Whether something reads as `owner/name` or `owner/name@commit`."""
    repository, _, revision = name.partition("@")
    known = _NAME.fullmatch(repository) is not None
    return known and ("@" not in name or _REVISION.fullmatch(revision) is not None)


def list_repository(name: str, *, hub: str = "", patience: RetryPolicy = RETRY) -> Repository:
    """Ask the hub what a repository holds.

    Args:
        name: `owner/name`, or `owner/name@commit`.
        hub: address; `default_hub()` where empty.
        patience: timeouts.

    Raises:
        UsageError: that is no repository's name.
        DownloadError: the hub cannot be reached, has no such repository, or gives it to nobody.
    """
    if not is_repository(name):
        raise UsageError(
            f"“{name:.100}” is no repository.", "Name it as in: owner/name, or owner/name@commit."
        )
    repository, _, revision = name.partition("@")
    url = f"{hub or default_hub()}/api/models/{repository}/revision/{revision or 'main'}?blobs=true"
    content = _ask(url, repository, patience)
    commit = content.get("sha")
    siblings = content.get("siblings")
    if not isinstance(commit, str) or not _COMMIT.fullmatch(commit) or not isinstance(siblings, list):
        raise _no_list(url)
    if _COMMIT.fullmatch(revision) and commit != revision:
        raise DownloadError(
            f"“{repository}” answers with commit {commit[:12]} where {revision[:12]} was asked for.",
            "Try again later, or another mirror.",
        )
    if content.get("gated") or content.get("private"):
        raise DownloadError(f"“{repository}” is given only to those who accept its terms.", _GATED)
    files = (_file(entry) for entry in siblings[:_MOST_FILES] if isinstance(entry, dict))
    named = {file.path: file for file in files if file is not None}
    return Repository(repository, commit, _licence(content), named)


def fetch_files(
    repository: Repository,
    paths: Collection[str],
    folder: Path,
    *,
    pins: Mapping[str, str] | None = None,
    hub: str = "",
    report: Report = lambda _done, _total: None,
    stopping: Callable[[], bool] = lambda: False,
    patience: RetryPolicy = RETRY,
) -> dict[str, str]:
    """Fetch files of a repository into `folder`, at its commit; what is there already is kept.

    Args:
        repository: as listed.
        paths: of the files.
        folder: where they go, below their own folders.
        pins: SHA-256 by path that they must have; none of them where None.
        hub: address; `default_hub()` where empty.
        report: told how far it is.
        stopping: as of `download`.
        patience: timeouts and tries.

    Returns:
        SHA-256 by path.

    Raises:
        DownloadError: a file cannot be fetched, or is not the one that is listed or pinned.
    """
    wanted = [repository.files[path] for path in sorted(paths)]
    if pins and (strange := sorted(set(pins) ^ {file.path for file in wanted})):
        raise _not_pinned(repository, strange[0])
    for file in wanted:
        _check_listed(file, (pins or {}).get(file.path, ""))
    total, before = sum(file.size or 0 for file in wanted), 0
    if total > _MOST_BYTES:
        raise DownloadError(
            f"“{repository.name}” is too large ({total / 1e9:,.0f} GB).", "Choose another model."
        )
    hashes = {}
    for file in wanted:
        pinned = (pins or {}).get(file.path, "")
        if pinned and file.sha256 and pinned != file.sha256:
            raise _not_pinned(repository, file.path)
        there = before

        def tell(done: int, _whole: int | None, there: int = there) -> None:
            report(there + done, max(total, there + done))

        target = download(
            f"{hub or default_hub()}/{repository.name}/resolve/{repository.commit}/{quote(file.path)}",
            folder / file.path,
            sha256=file.sha256 or pinned or None,
            size=file.size,
            report=tell,
            stopping=stopping,
            patience=patience,
        )
        hashes[file.path] = _checked(target, file)
        before += target.stat().st_size
    return hashes


def _check_listed(file: RepositoryFile, pinned: str) -> None:
    """Raise DownloadError where the hub does not say what a file is."""
    if file.size is None or not (file.sha256 or file.git_sha1 or pinned):
        raise DownloadError(
            f"The list of files says neither how long “{file.path}” is nor its hash.",
            "Use another mirror, or the hub itself.",
        )


def _checked(target: Path, file: RepositoryFile) -> str:
    """SHA-256 of a file that is there; raises DownloadError where git would call it another one."""
    digest = hashlib.sha256()
    named = hashlib.sha1(f"blob {target.stat().st_size}\0".encode(), usedforsecurity=False)
    with target.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
            named.update(block)
    if not file.sha256 and file.git_sha1 and named.hexdigest() != file.git_sha1:
        target.unlink()
        raise DownloadError(
            f"“{file.path}” is not the file that the hub lists; it was thrown away.",
            "Try again; if it stays so, another mirror may help.",
        )
    return digest.hexdigest()


def _ask(url: str, repository: str, patience: RetryPolicy) -> dict[str, Any]:
    """The hub's answer, a JSON object."""
    check_address(url)
    headers = {
        "User-Agent": f"reelfind/{__version__}",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
    }
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 (checked above)
    try:
        with opener().open(request, timeout=patience.stall) as response:
            raw = _read_list(response, time.monotonic() + _LIST_STALLS * patience.stall)
    except HTTPError as error:
        with error:
            raise _refused(error, url, repository) from error
    except (OSError, HTTPException) as error:
        failure = network_failure(error, url, patience.stall)
        raise (failure.error if isinstance(failure, TransientError) else failure) from error
    try:
        content = json.loads(raw) if len(raw) <= _LIST_BYTES else None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise _no_list(url)
    return content


def _read_list(response: HTTPResponse, until: float) -> bytes:
    """What a server answers, up to a limit; TimeoutError where it drips."""
    raw = b""
    while len(raw) <= _LIST_BYTES and (block := response.read1(1 << 16)):
        raw += block
        if time.monotonic() > until:
            raise TimeoutError("it answers too slowly")
    return raw


def _refused(error: HTTPError, url: str, repository: str) -> DownloadError:
    host = urlsplit(url).hostname
    if error.headers.get("X-Error-Code") == "GatedRepo":
        return DownloadError(f"“{repository}” is given only to those who accept its terms.", _GATED)
    if error.code in {401, 404, 410}:
        return DownloadError(
            f"“{host}” has no repository “{repository}” that is open to everybody.",
            "Check how its name is written.",
        )
    if error.code == 403:
        return DownloadError(
            f"“{host}” refuses the request (HTTP 403): a firewall or a proxy of this network may block it.",
            "Use another network, or name a mirror in HF_ENDPOINT.",
        )
    failure = http_failure(error, url)
    return failure.error if isinstance(failure, TransientError) else failure


def _no_list(url: str) -> DownloadError:
    host = urlsplit(url).hostname
    return DownloadError(
        f"“{host}” does not answer with a list of files: a page to log in or a firewall may be in between, "
        "or it is a mirror without the hub's interface.",
        "Open any page in a browser to see, or name another mirror in HF_ENDPOINT.",
    )


def _file(entry: Mapping[str, Any]) -> RepositoryFile | None:
    """None for a path that is not plain; no model needs one."""
    path, size, blob, large = (entry.get(key) for key in ("rfilename", "size", "blobId", "lfs"))
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        return None
    sha256 = large.get("sha256") or large.get("oid") if isinstance(large, dict) else None
    return RepositoryFile(
        path,
        size if isinstance(size, int) and 0 <= size < 1 << 45 else None,
        sha256 if isinstance(sha256, str) and _SHA256.fullmatch(sha256) else "",
        blob if isinstance(blob, str) and _COMMIT.fullmatch(blob) else "",
    )


def _licence(content: Mapping[str, Any]) -> str:
    card, tags = content.get("cardData"), content.get("tags")
    told = card.get("license") if isinstance(card, dict) else None
    if not isinstance(told, str) and isinstance(tags, list):
        told = next((tag[8:] for tag in tags if isinstance(tag, str) and tag.startswith("license:")), None)
    return told if isinstance(told, str) and told.isprintable() and len(told) <= 100 else ""


def _not_pinned(repository: Repository, path: str) -> DownloadError:
    return DownloadError(
        f"“{path}” of “{repository.name}” is not the file that Reelfind knows.",
        "Nothing was added. Update Reelfind, or choose another model.",
    )
