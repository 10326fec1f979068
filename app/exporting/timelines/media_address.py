"""Files as `file:` addresses (RFC 8089) that editing programs resolve, on each system."""

import os
from pathlib import PurePath, PureWindowsPath
from urllib.parse import quote

_AS_THEY_ARE = "/-._~!$'()*,;=:@"
"""Beside letters and digits what stands for itself in a path (RFC 3986, 3.3), `+` and `&` not: some programs
take them for spaces and entities."""


def media_address(path: PurePath) -> str:
    """The address of exactly this file: `file:///C:/a%20b.mp4`, `file://server/share/c.mp4`, `file:///d.mp4`."""
    if isinstance(path, PureWindowsPath):
        return _windows(path)
    return "file://" + quote(os.fsencode(path), safe=_AS_THEY_ARE.replace(":", ""))


def _windows(path: PureWindowsPath) -> str:
    text = path.as_posix()
    if text.startswith("//?/UNC/"):
        text = "//" + text.removeprefix("//?/UNC/")
    text = text.removeprefix("//?/")
    on_server = text.startswith("//")  # \\server\share
    return ("file://" if on_server else "file:///") + quote(text.lstrip("/"), safe=_AS_THEY_ARE)
