"""The work that is done in child processes: each task by name, with what its process gets and gives up.

A task's module is a name, not an import: it is loaded in the child only, by `entry.run_task`, which calls its
`main()`. Its arguments are in `sys.argv[1:]`.
"""

from dataclasses import dataclass

_FOLDERS = ("HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_*", "REELFIND_HOME")
"""Where a person's files are, and caches."""
_DEVICES = ("CUDA_*", "CUDNN_*", "NVIDIA_*", "ORT_*")
_NETWORK = ("*_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
_TORCH = ("TORCH*", "PYTORCH_*", "OMP_*", "MKL_*", "KMP_*", "OPENBLAS_*")

_SMALL_FILE = 1 << 20
"""Enough for the traceback of a crash, and what the tests' coverage of a child takes: what runs foreign files
or graphs does not fill the disk."""


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of child process."""

    module: str
    """Its `main()` is the work."""
    passes: tuple[str, ...] = ()
    """Environment variables it gets beside those that every child gets; `*` stands for any letters."""
    reads_stdin: bool = False
    """Whether it takes requests on stdin, and ends when that is closed. All others have none."""
    single_threaded: bool = True
    """Whether the products of numpy take one thread: idle pools cost start-up time and memory."""
    niceness: int = 0
    """How much more it lets others go first, on the scale of `nice`; below normal priority on Windows."""
    file_bytes: int | None = None
    """Largest file that it may write; None where there is no limit. POSIX only."""


TASKS = {
    "decode": Task("app.media.decoding.decoder_child", reads_stdin=True, niceness=5, file_bytes=_SMALL_FILE),
    "cut": Task("app.media.cutting.cutting_child", reads_stdin=True, niceness=5),
    "play": Task("app.media.decoding.playing.player_child", reads_stdin=True, file_bytes=_SMALL_FILE),
    "listen": Task(
        "app.speech.speech_child", passes=_DEVICES, reads_stdin=True, niceness=10, file_bytes=_SMALL_FILE
    ),
    "read-writing": Task("app.writing.writing_child", reads_stdin=True, niceness=5, file_bytes=_SMALL_FILE),
    "search-graph": Task("app.vectors.graph.graph_child", reads_stdin=True),
    "probe-provider": Task("app.runtime.sessions.provider_probe", passes=(*_FOLDERS, *_DEVICES)),
    "make-bundle": Task(
        "app.model_intake.making.making_child",
        passes=(*_FOLDERS, *_NETWORK, "HF_ENDPOINT"),
        single_threaded=False,
        niceness=5,
    ),
    "try-model": Task("app.model_intake.gate.sandbox", passes=_FOLDERS, file_bytes=_SMALL_FILE),
    "measure-processor": Task("app.model_store.hardware"),
    "fetch-speech-model": Task("models.speech_models.__main__", passes=(*_FOLDERS, *_NETWORK, "HF_ENDPOINT")),
    "export-model": Task(
        "models.export.__main__",
        passes=(*_FOLDERS, *_DEVICES, *_NETWORK, *_TORCH),
        single_threaded=False,
    ),
}
"""Every child process of this program, by the name it is started with."""
