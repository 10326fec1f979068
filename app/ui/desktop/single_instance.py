"""One window per library: a program that starts second hands over what it was asked for, and ends.

The first listens on a socket that only its user can reach; its name follows from the library's folder, so
that other libraries are other instances. Where there can be no socket, every start is a first one.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from app.paths import runtime_folder

logger = logging.getLogger(__name__)

PATIENCE_MS = 3000
"""How long a second start waits for the first to answer."""
LONGEST = 1 << 16
"""Bytes of a request; more is no request of ours."""
_LONGEST_NAME = 100
"""Bytes of a socket's path on every system."""
_TAKEN = b"taken\n"
_NOBODY = {
    QLocalSocket.LocalSocketError.ServerNotFoundError,
    QLocalSocket.LocalSocketError.ConnectionRefusedError,
}


@dataclass(frozen=True, slots=True)
class StartRequest:
    """What a start asks the window for."""

    query: str = ""
    folder: Path | None = None
    """To search in."""
    token: str = ""
    """What lets a window come to the front where the desktop asks for it (Wayland)."""

    def to_bytes(self) -> bytes:
        """One line; a folder of any bytes survives."""
        folder = None if self.folder is None else os.fsencode(self.folder).hex()
        return json.dumps({"query": self.query, "folder": folder, "token": self.token}).encode() + b"\n"

    @classmethod
    def from_bytes(cls, line: bytes) -> StartRequest | None:
        """None where the line is no request."""
        try:
            content = json.loads(line)
            query, folder, token = content["query"], content["folder"], content["token"]
            path = None if folder is None else Path(os.fsdecode(bytes.fromhex(folder)))
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        return cls(query, path, token) if isinstance(query, str) and isinstance(token, str) else None


class SingleInstance(QObject):
    """The one instance of a library, or the way to it."""

    requested = Signal(object)
    """StartRequest of a second start."""

    def __init__(self, library: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = _socket_name(library)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def hand_over(self, request: StartRequest) -> bool:
        """Whether an instance took the request; else this is the instance from now on."""
        if not self._name:
            return False
        lock = QLockFile(f"{_lock_place(self._name)}.lock")
        lock.tryLock(PATIENCE_MS)  # two that start at once: one is first
        try:
            if (taken := self._ask(request)) is not None:
                if not taken:  # it hangs, or takes no request so long; the socket stays its own
                    logger.warning("the window that is open did not answer: this is a second one")
                return taken
            QLocalServer.removeServer(self._name)  # what a crash left behind
            if not self._server.listen(self._name):
                logger.warning("a second start will open a second window: %s", self._server.errorString())
            return False
        finally:
            lock.unlock()

    def close(self) -> None:
        """Be no instance any longer."""
        self._server.close()

    def _ask(self, request: StartRequest) -> bool | None:
        """Whether an instance took the request; None where there is none."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(PATIENCE_MS):
            return None if socket.error() in _NOBODY else False
        socket.write(request.to_bytes())
        answered = socket.waitForReadyRead(PATIENCE_MS) and bytes(socket.readAll().data()) == _TAKEN
        socket.abort()
        return answered

    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        while socket is not None:
            socket.setReadBufferSize(LONGEST)
            socket.readyRead.connect(self._on_words)
            socket.disconnected.connect(socket.deleteLater)
            if socket.bytesAvailable():
                self._read(socket)
            socket = self._server.nextPendingConnection()

    def _on_words(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() >= LONGEST:
                socket.abort()
            return
        request = StartRequest.from_bytes(bytes(socket.readLine().data()))
        if request is None:
            socket.abort()
            return
        socket.write(_TAKEN)
        socket.flush()
        self.requested.emit(request)


def _socket_name(library: Path) -> str:
    """The name of a library's socket; empty where there is no place for one."""
    digest = hashlib.sha256(os.fsencode(library.resolve())).hexdigest()[:20]
    if sys.platform == "win32":
        return f"reelfind-{digest}"
    try:
        folder = runtime_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        facts = folder.stat()
    except OSError:
        return ""
    name = str(folder / digest)
    private = facts.st_uid == os.getuid() and not facts.st_mode & 0o077
    return name if private and len(os.fsencode(name)) <= _LONGEST_NAME else ""


def _lock_place(name: str) -> str:
    return name if Path(name).is_absolute() else str(runtime_folder() / name)
