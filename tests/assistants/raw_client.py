"""`reelfind mcp`, spoken to line by line as the protocol says it, without the package's client."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.forked_program import start_program

SECONDS = 60
"""After which a process that does not end has failed."""
_HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "a test", "version": "1"},
    },
}


class Raw:
    """The process, spoken to line by line."""

    def __init__(self, library: Path, *words: str, options: Sequence[str | Path] = ()) -> None:
        """Start it.

        Args:
            library: the library's folder.
            words: the interpreter's own, where it is started anew rather than forked.
            options: of `reelfind mcp`.
        """
        asked = ["mcp", "--library", str(library), *map(str, options)]
        self.process = (
            subprocess.Popen(
                [sys.executable, *words, *asked],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
            if words
            else start_program(asked, loaded=["app.assistants.assistant_server"], stdin=True, stderr=True)
        )

    def send(self, *messages: object) -> None:
        assert isinstance(self.process.stdin, io.TextIOWrapper)
        for message in messages:
            line = message if isinstance(message, bytes) else json.dumps(message).encode()
            self.process.stdin.buffer.write(line + b"\n")
        self.process.stdin.flush()

    def receive(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def greet(self) -> None:
        self.send(_HELLO)
        assert self.receive()["result"]["serverInfo"]["name"] == "reelfind"
        self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def request(self, method: str, **parameters: object) -> Any:
        """The result of a request that is answered."""
        self.send({"jsonrpc": "2.0", "id": 2, "method": method, "params": parameters})
        return self.receive()["result"]

    def ask(self, name: str, **arguments: object) -> Any:
        """The data of a tool's answer."""
        result = self.request("tools/call", name=name, arguments=arguments)
        assert not result.get("isError"), result
        return result["structuredContent"]

    def refused(self, name: str, **arguments: object) -> str:
        """The sentences of a tool's error."""
        result = self.request("tools/call", name=name, arguments=arguments)
        assert result["isError"], result
        return str(result["content"][0]["text"])

    def end(self) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, out, err


def called(number: int, name: str, **arguments: object) -> dict[str, object]:
    parameters = {"name": name, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": parameters}


@contextmanager
def raw_client(library: Path, *options: str | Path) -> Iterator[Raw]:
    """A client whose server runs, until the block ends; it has to end well."""
    raw = Raw(library, options=options)
    try:
        raw.greet()
        yield raw
    finally:
        ended = raw.end()
    assert ended == (0, "", "")
