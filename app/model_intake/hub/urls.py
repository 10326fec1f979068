"""Where a download may go: https, or http on this computer, and nowhere else by a redirect."""

import urllib.request
from email.message import Message
from typing import IO
from urllib.parse import urlsplit

from app.errors import DownloadError

_THIS_COMPUTER = {"localhost", "127.0.0.1", "::1"}


def check_address(url: str, came_from: str = "") -> None:
    """Raise DownloadError unless `url` may be fetched.

    Args:
        url: the address.
        came_from: the address that redirects to it, if one does.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise DownloadError(f"“{url}” is no address of a file.", "Check how it is written.") from None
    if not url.isascii() or not url.isprintable() or " " in url:
        host = ""
    local = parts.scheme == "http" and host in _THIS_COMPUTER
    if came_from and local:
        local = urlsplit(came_from).scheme == "http"  # never from https to http
    if host and (parts.scheme == "https" or local):
        return
    if came_from:
        raise DownloadError(
            f"“{urlsplit(came_from).hostname}” sends on to “{url}”, which is not secure.",
            "Nothing was taken from there; try again later.",
        )
    raise DownloadError(f"“{url}” is not fetched: only https is.", "Use an address that begins with https.")


def opener(*, follow: bool = True) -> urllib.request.OpenerDirector:
    """What opens addresses: https, http, proxies of the environment or the system.

    Args:
        follow: follow redirects, each checked; they are left to whoever asked where false.
    """
    director = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
        *([_Redirects()] if follow else []),
    ):
        director.add_handler(handler)
    return director


class _Redirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> urllib.request.Request | None:
        try:
            check_address(newurl, req.full_url)
        except DownloadError:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]
