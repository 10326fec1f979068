"""The tools over the Model Context Protocol, by its own package; one client, on stdin and stdout."""

import base64
import io
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import anyio
import anyio.to_thread
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ContentBlock,
    ImageContent,
    ListToolsResult,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import BaseModel, ValidationError
from pydantic.json_schema import GenerateJsonSchema

from app import __version__
from app.assistants.cancellation import Cancellation
from app.assistants.library_tools import LibraryTools, MomentReply
from app.assistants.standard_streams import LineReader, claimed_streams
from app.assistants.tool_answers import ClipAnswer, LibraryDescription, MomentAnswer, SearchAnswer
from app.assistants.tool_inputs import ClipInput, LibraryInput, MomentInput, SearchInput
from app.errors import ReelfindError
from app.text import safe

logger = logging.getLogger(__name__)

_AT_ONCE = 4
"""Calls that run at the same time; others wait."""
_MOST_FAULTS = 5
_INSTRUCTIONS = (
    "Reelfind finds moments in the videos on this computer by what is seen, said or written in them. "
    "Search with search_moments; look at a moment with get_moment, by its `video`, `start` and `end`. "
    "Every answer has `index`: while it is not complete, what was not found may still be there. "
    "A probability below 0.2 means that nothing seems to match."
)


@dataclass(frozen=True, slots=True)
class AssistantTool:
    """A tool as it is offered, and what answers it."""

    offered: Tool
    takes: type[BaseModel]
    answer: Callable[[Any, Cancellation], BaseModel | MomentReply]


def offered_tools(tools: LibraryTools, *, can_export: bool) -> dict[str, AssistantTool]:
    """All tools by name; `export_clip` only where clips may be written."""
    reading = ToolAnnotations(
        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
    )
    writing = ToolAnnotations(
        read_only_hint=False, destructive_hint=False, idempotent_hint=False, open_world_hint=False
    )
    made = [
        _tool(
            "search_moments",
            "Search moments",
            "Find moments in the videos of this computer: what is seen, said or written, with filters.",
            (SearchInput, SearchAnswer, reading),
            lambda asked, _: tools.search_moments(asked),
        ),
        _tool(
            "describe_library",
            "Describe the library",
            "Say which videos there are, how complete the index is, and which values filters can have.",
            (LibraryInput, LibraryDescription, reading),
            lambda asked, _: tools.describe_library(asked),
        ),
        _tool(
            "get_moment",
            "Look at a moment",
            "Give the picture of a moment, what is said and written then, and what was kept about it.",
            (MomentInput, MomentAnswer, reading),
            tools.get_moment,
        ),
    ]
    if can_export:
        made.append(
            _tool(
                "export_clip",
                "Export a clip",
                "Write a moment as a video file into the folder that was allowed; replaces no file.",
                (ClipInput, ClipAnswer, writing),
                tools.export_clip,
            )
        )
    return {each.offered.name: each for each in made}


class AssistantServer:
    """Answers one client with some tools."""

    def __init__(self, tools: dict[str, AssistantTool], before: Callable[[], None] = lambda: None) -> None:
        """Nothing is read or written yet.

        Args:
            tools: what is offered.
            before: called before each call.
        """
        self._tools = tools
        self._before = before
        self._limit = anyio.CapacityLimiter(_AT_ONCE)
        self.protocol = Server(
            "reelfind",
            version=__version__,
            title="Reelfind",
            instructions=_INSTRUCTIONS,
            on_list_tools=self._list,
            on_call_tool=self._call,
        )
        self.protocol.middleware.clear()  # nothing of ours is traced

    async def _list(self, *_: object) -> ListToolsResult:
        return ListToolsResult(tools=[tool.offered for tool in self._tools.values()])

    async def _call(self, _: object, params: CallToolRequestParams) -> CallToolResult:
        """Answer on a thread; where nobody waits any more, its work is stopped and its end waited for."""
        tool = self._tools.get(params.name)
        if tool is None:
            raise MCPError(INVALID_PARAMS, f"There is no tool “{safe(params.name[:100])}”.")
        cancellation = Cancellation()

        async def watch() -> None:
            try:
                await anyio.sleep_forever()
            finally:
                cancellation.cancel()

        work = partial(self._answered, tool, params.arguments or {}, cancellation)
        results = []
        async with anyio.create_task_group() as both:
            both.start_soon(watch)
            results.append(await anyio.to_thread.run_sync(work, limiter=self._limit))
            both.cancel_scope.cancel()
        return results[0]

    def _answered(
        self, tool: AssistantTool, arguments: dict[str, Any], cancellation: Cancellation
    ) -> CallToolResult:
        try:
            asked = tool.takes.model_validate(arguments)
            self._before()
            return _result(tool.answer(asked, cancellation))
        except ValidationError as error:
            return _failed(_faults(error))
        except ReelfindError as error:
            return _failed(safe(str(error)))
        except Exception:
            logger.exception("the tool %s failed because of an error in Reelfind", tool.offered.name)
            return _failed("Something went wrong in Reelfind. Its log on this computer has the details.")


def serve(server: AssistantServer) -> None:
    """Answer the client on stdin and stdout until it closes stdin or goes away."""
    anyio.run(partial(_serve, server.protocol))


async def _serve(protocol: "Server[Any]") -> None:
    with claimed_streams() as wire:
        incoming = cast("anyio.AsyncFile[str]", LineReader(wire.incoming))  # only lines are asked of it
        outgoing = anyio.wrap_file(io.TextIOWrapper(wire.outgoing, encoding="utf-8", newline="\n"))
        try:
            async with stdio_server(incoming, outgoing) as (read, write):
                await protocol.run(read, write, protocol.create_initialization_options())
        except* (BrokenPipeError, ConnectionResetError):
            logger.info("the client went away without closing its end")


class _UntitledSchema(GenerateJsonSchema):
    """Without a title for each field, which says its name once more: an assistant reads every word."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never."""
        del schema
        return False


def _tool(
    name: str,
    title: str,
    description: str,
    kinds: tuple[type[BaseModel], type[BaseModel], ToolAnnotations],
    answer: Callable[[Any, Cancellation], BaseModel | MomentReply],
) -> AssistantTool:
    takes, gives, annotations = kinds
    offered = Tool(
        name=name,
        title=title,
        description=description,
        input_schema=takes.model_json_schema(schema_generator=_UntitledSchema),
        output_schema=gives.model_json_schema(mode="serialization", schema_generator=_UntitledSchema),
        annotations=annotations,
    )
    return AssistantTool(offered, takes, answer)


def _result(found: BaseModel | MomentReply) -> CallToolResult:
    """The answer as data, as text for clients that read only that, and its picture."""
    answer, still = (found.answer, found.still) if isinstance(found, MomentReply) else (found, None)
    content: list[ContentBlock] = [TextContent(type="text", text=answer.model_dump_json())]
    if still is not None:
        data = base64.b64encode(still.data).decode("ascii")
        content.append(ImageContent(type="image", data=data, mime_type=still.type))
    return CallToolResult(content=content, structured_content=answer.model_dump(mode="json"))


def _failed(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)


def _faults(error: ValidationError) -> str:
    """What is wrong with the arguments, in the same form as every other sentence."""
    faults = [
        f"{'.'.join(str(part) for part in fault['loc']) or 'arguments'}: {fault['msg']}"
        for fault in error.errors(include_url=False, include_input=False)[:_MOST_FAULTS]
    ]
    return safe(f"These arguments do not fit: {'; '.join(faults)[:1000]}. See the tool’s input schema.")
