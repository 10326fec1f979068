"""The package's own client and a real `reelfind mcp`, for tests that are not asynchronous."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from jsonschema import Draft202012Validator
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp_types import CallToolResult, ImageContent, TextContent, Tool

from tests.conftest import ROOT


@dataclass(frozen=True, slots=True)
class Assistant:
    """A client whose server runs."""

    client: Client
    portal: BlockingPortal
    log: Path
    """What the server wrote to stderr."""

    def tools(self) -> dict[str, Tool]:
        """What is offered, by name."""
        return {tool.name: tool for tool in self.portal.call(self.client.list_tools).tools}

    def call(self, name: str, **arguments: object) -> CallToolResult:
        """Call a tool, whatever comes of it."""
        return self.portal.call(self.client.call_tool, name, arguments)

    def ask(self, name: str, **arguments: object) -> Any:
        """The data of an answer that has to come, checked against the tool's own schema."""
        result = self.call(name, **arguments)
        assert not result.is_error, text_of(result)
        Draft202012Validator(self.tools()[name].output_schema or False).validate(result.structured_content)
        return result.structured_content

    def refused(self, name: str, **arguments: object) -> str:
        """The sentences of a tool's error."""
        result = self.call(name, **arguments)
        assert result.is_error, result.structured_content
        assert result.structured_content is None
        return text_of(result)


@contextmanager
def assistant(library: Path, log: Path, *options: str | Path) -> Iterator[Assistant]:
    """`reelfind mcp` on a library, until the block ends."""
    words = ["-m", "app", "mcp", "--library", str(library), *map(str, options)]
    server = StdioServerParameters(command=sys.executable, args=words, cwd=ROOT)
    with ExitStack() as ending:
        stderr = ending.enter_context(log.open("w", encoding="utf-8"))
        portal = ending.enter_context(start_blocking_portal())
        transport = stdio_client(server, errlog=stderr)
        client = ending.enter_context(portal.wrap_async_context_manager(Client(transport)))
        yield Assistant(client, portal, log)


def text_of(result: CallToolResult) -> str:
    """The first text of a result."""
    first = result.content[0]
    assert isinstance(first, TextContent)
    return first.text


def picture_of(result: CallToolResult) -> ImageContent:
    """The picture of a result."""
    (found,) = [each for each in result.content if isinstance(each, ImageContent)]
    return found
