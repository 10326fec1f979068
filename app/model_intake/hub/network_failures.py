"""What the network did, as a sentence, and whether trying again may help."""

import errno
import re
import socket
import ssl
import urllib.request
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from app.errors import DownloadError

_BUSY = {408, 425, 429, 500, 502, 503, 504}
_OFFLINE = {errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH}
_LATER = "Try again: what has arrived is kept."


class TransientError(Exception):
    """A try came to nothing, another may not.

    Args:
        error: what to say in the end.
        offline: there is no network at all, so that nobody need wait for another try.
        wait: seconds the server asks to wait.
    """

    def __init__(self, error: DownloadError, *, offline: bool = False, wait: float = 0.0) -> None:
        super().__init__(str(error))
        self.error = error
        self.offline = offline
        self.wait = wait


def http_failure(error: HTTPError, url: str) -> TransientError | DownloadError:
    """What an answer that is no file means."""
    host, name = _host(url), urlsplit(url).path.rsplit("/", 1)[-1]
    if error.code in _BUSY:
        asked = error.headers.get("Retry-After", "")
        busy = DownloadError(f"“{host}” cannot answer now (HTTP {error.code}).", _LATER)
        return TransientError(
            busy, wait=min(float(asked), 60.0) if re.fullmatch("[0-9]{1,9}", asked) else 0.0
        )
    if error.code == 416:
        return TransientError(DownloadError(f"“{host}” has another “{name}” than before.", _LATER))
    if error.code == 407:
        return _proxy_wants_a_password()
    if error.code in {401, 403}:
        sentence = f"“{host}” does not give “{name}” to everybody (HTTP {error.code})."
        advice = "Download it in a browser, and add the model with --checkpoint FILE."
    elif error.code in {404, 410}:
        sentence = f"“{host}” has no “{name}” (HTTP {error.code})."
        advice = "Update Reelfind, or choose another model."
    elif 300 <= error.code < 400:
        sentence = f"“{host}” sends on in circles, or to where no file can be fetched from."
        advice = "Try again later."
    else:
        sentence, advice = f"“{host}” refuses to send “{name}” (HTTP {error.code}).", "Try again later."
    return DownloadError(sentence, advice)


def network_failure(error: Exception, url: str, stall: float) -> TransientError | DownloadError:
    """What an exception of the network library means."""
    reason = error.reason if isinstance(error, URLError) and isinstance(error.reason, Exception) else error
    host, proxy = _host(url), _proxy(url)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return DownloadError(
            f"“{host}” cannot prove that it is “{host}”: {reason.verify_message}.",
            "If a proxy inspects your traffic, name its certificate in SSL_CERT_FILE.",
        )
    if "Tunnel connection failed: 407" in str(reason):
        return _proxy_wants_a_password()
    if "Tunnel connection failed" in str(reason):
        return DownloadError(
            f"The proxy “{proxy}” does not let “{host}” through.",
            "Ask whoever runs it, or bring the file by other means and use --checkpoint FILE.",
        )
    offline = isinstance(reason, socket.gaierror) or getattr(reason, "errno", None) in _OFFLINE
    advice = _LATER
    if isinstance(reason, TimeoutError):
        sentence = f"“{host}” sent nothing for {stall:g} seconds."
    elif proxy and (offline or isinstance(reason, ConnectionRefusedError)):
        offline = True
        sentence = f"The proxy “{proxy}” cannot be reached."
        advice = "Check HTTPS_PROXY, or the system's settings."
    elif offline:
        sentence = f"“{host}” cannot be reached: there seems to be no network."
        advice = "Connect this computer, or set HTTPS_PROXY where a proxy is needed."
    else:
        what = getattr(reason, "strerror", None) or type(reason).__name__
        sentence = f"The connection to “{host}” broke ({what})."
    return TransientError(DownloadError(sentence, advice), offline=offline)


def _proxy_wants_a_password() -> DownloadError:
    return DownloadError(
        "The proxy requires authentication (HTTP 407).",
        "Put them into HTTPS_PROXY: http://name:password@proxy:port.",
    )


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _proxy(url: str) -> str:
    """Host of the proxy that `url` goes through, empty where there is none."""
    parts = urlsplit(url)
    address = urllib.request.getproxies().get(parts.scheme, "")
    if not address or urllib.request.proxy_bypass(parts.netloc):
        return ""
    return urlsplit(address if "//" in address else f"//{address}").hostname or address
