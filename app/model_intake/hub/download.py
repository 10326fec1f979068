"""Files from the network: resumed, checked, never half there.

A download goes to `<target>.part`, with what names the version of the file in `<target>.part.json`, and gets
its name when it is whole and its hash is right. What arrived is kept when the network breaks or the program
ends, and the next call goes on from there (a range request with `If-Range`; RFC 9110, 13.1.5 and 14).
Addresses are https, or http on this computer; a redirect never leads away from https. Proxies are those of
the environment (`HTTPS_PROXY`, `NO_PROXY`) or of the system.
"""

import re
import shutil
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from app import __version__
from app.errors import Cancelled, DownloadError
from app.model_intake.hub.network_failures import TransientError, http_failure, network_failure
from app.model_intake.hub.partial_download import PartialDownload, digest_of
from app.model_intake.hub.urls import check_address, opener

_BLOCK = 1 << 18
_SPARE = 64 << 20
"""Bytes that stay free on the disk."""
_LONGEST_PAUSE = 60.0
_LOOK = 0.1
"""Seconds between two looks at `stopping` during a pause."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long a download waits."""

    stall: float = 30.0
    """Seconds without a byte after which a connection is given up."""
    tries: int = 5
    """Tries in a row that bring nothing new after which the download is given up."""
    pause: float = 1.0
    """Seconds before the second try; doubled with every further one, a minute at most."""


RETRY = RetryPolicy()


def download(
    url: str,
    target: Path,
    *,
    sha256: str | None,
    size: int | None = None,
    report: Callable[[int, int | None], None] = lambda _done, _total: None,
    stopping: Callable[[], bool] = lambda: False,
    patience: RetryPolicy = RETRY,
) -> Path:
    """Fetch `url` into the file `target`, going on where an earlier call ended.

    Args:
        url: https, or http on this computer.
        target: the file; its folder is made. One that is there already is kept where it is the right one.
        sha256: hex digest of the whole file; unchecked where None.
        size: bytes of the whole file where known.
        report: called with the bytes that are there and those of the whole (None while unknown).
        stopping: asked after every block and while waiting; true ends the call. A silent server is waited
            for first, up to `patience.stall`.
        patience: timeouts and tries.

    Returns:
        `target`.

    Raises:
        DownloadError: it cannot be fetched, or is not the file that `sha256` and `size` promise (then
            nothing of it is kept).
        Cancelled: `stopping` said so; what arrived is kept.
    """
    check_address(url)
    try:
        if _is_there(target, sha256, size):
            report(target.stat().st_size, target.stat().st_size)
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        lock = Path(f"{target}.part.lock")
        if lock.is_symlink():
            raise DownloadError(f"“{lock}” is a link, which Reelfind does not follow.", "Delete the link.")
        with FileLock(lock, blocking=False):
            _Transfer(url, PartialDownload(target, url), sha256, size, report, stopping, patience).run()
    except Timeout as error:
        raise DownloadError(
            f"“{target.name}” is being downloaded already, by another Reelfind.", "Wait until it is done."
        ) from error
    except OSError as error:  # of the disk: the network's become sentences where they happen
        raise DownloadError(
            f"“{target.name}” cannot be kept in “{target.parent}” ({error.strerror or error}).",
            "Make room there, or see that the folder can be written to.",
        ) from error
    return target


def _is_there(target: Path, sha256: str | None, size: int | None) -> bool:
    if not target.is_file() or (size is not None and target.stat().st_size != size):
        return False
    return sha256 is None or digest_of(target) == sha256.lower()


class _Transfer:
    """One call of `download`."""

    def __init__(
        self,
        url: str,
        part: PartialDownload,
        sha256: str | None,
        size: int | None,
        report: Callable[[int, int | None], None],
        stopping: Callable[[], bool],
        patience: RetryPolicy,
    ) -> None:
        self._url = url
        self._host = urlsplit(url).hostname
        self._part = part
        self._sha256 = sha256
        self._size = size
        self._report = report
        self._stopping = stopping
        self._patience = patience
        self._opener = opener()
        self._joined = part.size > 0
        """Whether what is there came in several pieces."""

    def run(self) -> None:
        """Fetch, check, and give the file its name."""
        self._fetch()
        if self._joined and not self._is_right():  # pieces of two versions: once more, from the start
            self._part.discard()
            self._fetch()
        if not self._is_right():
            self._part.discard()
            raise DownloadError(
                f"“{self._part.target.name}” from “{self._host}” is not the file it should be; it was thrown "
                "away.",
                "Try again; if it stays so, whoever publishes it has changed it.",
            )
        self._part.finish()

    def _is_right(self) -> bool:
        if self._size is not None and self._part.size != self._size:
            return False
        return self._sha256 is None or self._part.digest() == self._sha256.lower()

    def _fetch(self) -> None:
        """Try until the whole file is there."""
        furthest, failures = self._part.size, 0
        while self._size is None or self._part.size != self._size:
            self._stop_if_asked()
            try:
                self._try()
            except TransientError as broken:
                failures = 0 if self._part.size > furthest else failures + 1
                furthest = max(furthest, self._part.size)
                if failures >= self._patience.tries or (broken.offline and not furthest):
                    raise broken.error from broken
                pause = min(self._patience.pause * 2 ** max(0, failures - 1), _LONGEST_PAUSE)
                self._wait(max(pause, broken.wait))
            else:
                return

    def _try(self) -> None:
        """One request for what is missing."""
        headers = {"User-Agent": f"reelfind/{__version__}", "Accept-Encoding": "identity"}
        offset = self._part.size
        if not self._part.validator and self._sha256 is None:
            offset = 0  # nothing could tell whether the rest is of the same file
        if offset:
            headers["Range"] = f"bytes={offset}-"
            if self._part.validator:
                headers["If-Range"] = self._part.validator
        request = urllib.request.Request(self._url, headers=headers)  # noqa: S310 (checked by `check_address`)
        try:
            response = self._opener.open(request, timeout=self._patience.stall)
        except HTTPError as error:
            with error:
                if error.code == 416:
                    if offset and error.headers.get("Content-Range", "").strip() == f"bytes */{offset}":
                        return  # it is all there
                    self._part.discard()
                raise http_failure(error, self._url) from error
        except (OSError, HTTPException) as error:
            raise network_failure(error, self._url, self._patience.stall) from error
        with response:
            self._take(response, offset)

    def _take(self, response: HTTPResponse, offset: int) -> None:
        """Write an answer's content behind the part, or into a new one where it is the whole file."""
        total = _number(response.headers.get("Content-Length"))
        if response.status == 206:
            start, total = _content_range(response.headers.get("Content-Range", ""))
            version = _validator(response)  # which may say nothing in an answer to a range
            if start != offset or (version and version != self._part.validator):
                self._part.discard()
                raise TransientError(
                    DownloadError(f"The file on “{self._host}” changes.", "Try again later.")
                )
            self._joined = True
        elif response.status == 200:
            offset = 0
            self._part.begin(_validator(response))
        else:
            raise DownloadError(
                f"“{self._host}” answers without a file (HTTP {response.status}).", "Try again later."
            )
        if self._size is not None:
            if total not in {None, self._size}:
                self._part.discard()
                raise DownloadError(
                    f"“{self._part.target.name}” on “{self._host}” has {total:,} bytes, not {self._size:,}.",
                    "Whoever publishes it has changed it: update Reelfind, or choose another model.",
                )
            total = self._size
        self._make_sure_of_room(total, offset)
        with self._part.open() as stream:
            while total is None or offset < total:
                block = self._read(response, _BLOCK if total is None else min(_BLOCK, total - offset))
                if not block:
                    break
                if total is None:
                    self._make_sure_of_room(total, offset)
                stream.write(block)
                offset += len(block)
                self._report(offset, total)
                self._stop_if_asked()
        if total is not None and offset < total:
            raise TransientError(
                DownloadError(f"“{self._host}” hung up early.", "Try again: what arrived is kept.")
            )

    def _read(self, response: HTTPResponse, most: int) -> bytes:
        try:
            return response.read1(most)
        except (OSError, HTTPException) as error:
            raise network_failure(error, self._url, self._patience.stall) from error

    def _make_sure_of_room(self, total: int | None, offset: int) -> None:
        missing = _BLOCK if total is None else total - offset
        free = shutil.disk_usage(self._part.target.parent).free
        if free < missing + _SPARE:
            raise DownloadError(
                f"Not enough disk space for “{self._part.target.name}”: it needs {missing / 1e6:,.0f} MB, "
                f"{free / 1e6:,.0f} MB are free.",
                f"Free some space on the disk of “{self._part.target.parent}”.",
            )

    def _stop_if_asked(self) -> None:
        if self._stopping():
            raise Cancelled("The download was stopped.", "What has arrived is kept for the next time.")

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._stop_if_asked()
            threading.Event().wait(min(left, _LOOK))


def _validator(response: HTTPResponse) -> str:
    """What may stand in `If-Range`: a strong entity tag, else the date; empty where there is none."""
    tag = response.headers.get("ETag", "")
    if tag and not tag.startswith("W/"):
        return str(tag)
    return str(response.headers.get("Last-Modified", ""))


def _content_range(header: str) -> tuple[int, int | None]:
    """First byte and length of the whole; (-1, None) where the header makes no sense."""
    found = re.fullmatch(r"bytes (\d{1,18})-\d{1,18}/(\d{1,18}|\*)", header.strip())
    return (int(found[1]), _number(found[2])) if found else (-1, None)


def _number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,18}", text) else None
