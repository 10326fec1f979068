"""Files as addresses that Qt opens, whatever bytes their names hold.

Qt's strings are Unicode: a name that is no UTF-8 (an old Latin-1 disk, a camera) does not survive in one.
"""

import os
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from PySide6.QtCore import QUrl


def address_of(path: Path) -> QUrl:
    """A `file:` address of exactly this file, for programs that take addresses."""
    if is_unicode(path):
        return QUrl.fromLocalFile(str(path))
    return QUrl.fromEncoded(b"file://" + quote(os.fsencode(path)).encode())


def path_of(address: QUrl) -> Path:
    """The file or folder that a `file:` address means, byte for byte."""
    local = Path(address.toLocalFile())
    encoded = bytes(address.toEncoded().data())
    if os.name == "nt" or not encoded.startswith(b"file:///") or "\ufffd" not in str(local):
        return local
    return Path(os.fsdecode(unquote_to_bytes(encoded.removeprefix(b"file://"))))


def is_unicode(path: Path) -> bool:
    """Whether a path means the same file after it was a string of Qt's."""
    try:
        return os.fsdecode(str(path).encode("utf-8")) == str(path)
    except UnicodeEncodeError:
        return False
