"""A process with the libraries of children loaded, from which such children are forked.

`python -m tests.child_server SOCKET`: the other end of `forked_children.py`, as `fork_server.py` is that of
`forked_program.py`. What a task needs is loaded when it is first asked for, and stays.
"""

import fcntl
import json
import os
import socket
import sys

from app.processes.entry import run_task
from app.processes.tasks import TASKS
from tests.fork_server import REQUEST_BYTES, Children, end, load
from tests.forked_coverage import measure

HANDED = 5
"""Descriptors of a request: stdin, stdout, stderr, the lifeline, and one for id and end of the process."""

BESIDE = {
    "decode": ("app.media.decoding.subtitles.reading", "av.subtitles.stream"),
    "listen": ("app.runtime.sessions.onnx_runtime", "faster_whisper"),
    "make-bundle": ("app.model_intake.gate.bundle_checks", "onnx"),
    "search-graph": ("app.vectors.graph.hnsw",),
    "try-model": ("app.model_intake.gate.bundle_checks",),
}
"""What a task loads beside its module; its `main()` says so where it lacks."""


def serve(asked: socket.socket) -> list[str] | None:
    """Fork a process for each request, until nobody can ask any more.

    Returns:
        In such a process: the words of its task. None at the end.
    """
    with Children() as begun:
        while True:
            request, handed, *_ = socket.recv_fds(asked, REQUEST_BYTES, HANDED)
            if not request:
                return None
            task = json.loads(request)[0][0]
            load([TASKS[task].module, *BESIDE.get(task, ())])
            *streams, status = handed
            if begun.fork(status):
                asked.close()
                return _become(json.loads(request), streams)
            for descriptor in streams:
                os.close(descriptor)


def _become(request: tuple[list[str], dict[str, str], str, int], streams: list[int]) -> list[str]:
    """Take over what a process is started with; returns the words of its task."""
    words, environment, folder, lifeline = request
    os.setsid()
    high = max(lifeline, *streams, 2) + 1  # out of the way first: one may have the number another is to get
    moved = [fcntl.fcntl(stream, fcntl.F_DUPFD_CLOEXEC, high) for stream in streams]
    for stream in streams:
        os.close(stream)
    for number, stream in zip((0, 1, 2, lifeline), moved, strict=True):
        os.dup2(stream, number, inheritable=number <= 2)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    return words


def main() -> None:
    """Serve; in a process that was forked, do its task."""
    environment = dict(os.environ)
    words = serve(socket.socket(fileno=int(sys.argv[1])))
    if words is not None:
        measure(environment)
        try:
            run_task(words)
        except SystemExit as ending:
            end(ending.code)
        end(None)


if __name__ == "__main__":
    main()
