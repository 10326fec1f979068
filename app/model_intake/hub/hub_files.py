"""Files of the model hub by plain https: asked for first, then fetched by the program's own downloader.

Of a file in large-file storage the hub's answer names the SHA-256 (`X-Linked-ETag`) and the size; the commit
it names (`X-Repo-Commit`) pins the address, so that a resumed download is one of the same file.
"""

from __future__ import annotations

import hashlib
import re
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urljoin, urlsplit

from app import __version__
from app.errors import DownloadError
from app.model_intake.hub.download import RETRY, RetryPolicy, download
from app.model_intake.hub.network_failures import TransientError, http_failure, network_failure
from app.model_intake.hub.urls import check_address, opener

Report = Callable[[str, int, int | None], None]
"""Called with a stage, what is done of it, and the whole where it is known."""

_REDIRECTS = {301, 302, 303, 307, 308}
_MISSING = {404, 410}
_MOST_REDIRECTS = 5
_COMMIT = "main"


@dataclass(frozen=True, slots=True)
class Remote:
    """A file that is there."""

    url: str
    name: str
    folder: str
    """Of the cache, relative."""
    sha256: str | None
    size: int | None


class Hub:
    """The hub, and the cache that its files are kept in.

    Args:
        address: of the hub, https (or http on this computer).
        cache: folder of what was downloaded.
        report: told of the stage "download", in bytes.
        patience: timeouts and tries.
    """

    def __init__(self, address: str, cache: Path, report: Report, patience: RetryPolicy = RETRY) -> None:
        self._address = address.rstrip("/")
        self._cache = cache
        self._report = report
        self._patience = patience

    def find(self, repository: str, name: str) -> Remote | None:
        """Ask for a file of a repository; None where there is no such file.

        Raises:
            DownloadError: the hub cannot be reached, or gives the repository to nobody.
        """
        url = self._url(repository, _COMMIT, name)
        headers = self._ask(url)
        if headers is None:
            return None
        commit = headers.get("X-Repo-Commit", "")
        commit = commit if re.fullmatch(r"[0-9a-f]{40}", commit) else _COMMIT
        etag = headers.get("X-Linked-ETag", "").strip('"')
        size = headers.get("X-Linked-Size", "")
        return Remote(
            url=self._url(repository, commit, name),
            name=name,
            folder=f"{repository.replace('/', '--')}/{commit}",
            sha256=etag if re.fullmatch(r"[0-9a-f]{64}", etag) else None,
            size=int(size) if re.fullmatch(r"[0-9]{1,18}", size) else None,
        )

    def fetch(self, remote: Remote) -> Path:
        """The file in the cache; fetched, or gone on with, where it is not whole there.

        Raises:
            DownloadError: see `app.model_intake.hub.download`.
        """
        return download(
            remote.url,
            self._cache / remote.folder / remote.name,
            sha256=remote.sha256,
            size=remote.size,
            report=lambda done, total: self._report("download", done, total),
            patience=self._patience,
        )

    def fetch_first(self, repository: str, names: Sequence[str]) -> Path | None:
        """The first of these files that the repository has; None where it has none of them."""
        for name in names:
            if (remote := self.find(repository, name)) is not None:
                return self.fetch(remote)
        return None

    def fetch_folder(self, repository: str, names: Sequence[str]) -> Path | None:
        """The folder with those of these files that the repository has; None where it has none."""
        found = [self.fetch(remote) for name in names if (remote := self.find(repository, name)) is not None]
        return found[0].parent if found else None

    def fetch_url(self, url: str, sha256: str | None) -> Path:
        """A file that lies elsewhere."""
        name = urlsplit(url).path.rsplit("/", 1)[-1] or "weights"
        return self.fetch(Remote(url, name, hashlib.sha256(url.encode()).hexdigest(), sha256, None))

    def _url(self, repository: str, commit: str, name: str) -> str:
        return f"{self._address}/{quote(repository)}/resolve/{commit}/{quote(name)}"

    def _ask(self, url: str) -> Message | None:
        """The headers of the hub's own answer: redirects are followed within the hub only, and those to its
        storage not at all. None where there is no such file."""
        director = opener(follow=False)
        headers = {"User-Agent": f"reelfind/{__version__}", "Accept-Encoding": "identity"}
        failure: Exception = DownloadError(f"“{url}” is no file.", "Try again later.")
        for _ in range(_MOST_REDIRECTS):
            check_address(url)
            request = urllib.request.Request(url, method="HEAD", headers=headers)  # noqa: S310 (checked)
            try:
                with director.open(request, timeout=self._patience.stall) as response:
                    answer: Message = response.headers
                    return answer
            except HTTPError as error:
                with error:
                    if error.code in _MISSING:
                        return None
                    failure = _final(http_failure(error, url))
                    if error.code not in _REDIRECTS:
                        raise failure from error
                    target = urljoin(url, error.headers.get("Location", ""))
                    if "X-Linked-ETag" in error.headers or urlsplit(target).netloc != urlsplit(url).netloc:
                        return error.headers
                    url = target
            except (OSError, HTTPException) as error:
                raise _final(network_failure(error, url, self._patience.stall)) from error
        raise failure


def _final(failure: TransientError | Exception) -> Exception:
    return failure.error if isinstance(failure, TransientError) else failure
