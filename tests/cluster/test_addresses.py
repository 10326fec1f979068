"""What is said of an address where there is no cluster, and without the package."""

import builtins
import socket
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress

import pytest

from app.cluster import ray_cluster
from app.cluster.cluster_errors import ClusterError
from app.cluster.ray_cluster import check_address, connected
from app.errors import ReelfindError, UsageError


@pytest.mark.parametrize(
    "address", ["", "head", "head:", "head:0", "head:70000", "ray://head:10001", "a b:1", ":1"]
)
def test_what_is_no_address_is_refused_before_anything_is_loaded(address: str) -> None:
    with pytest.raises(UsageError, match="no address of a Ray cluster"):
        check_address(address)


def test_where_nobody_listens_the_command_says_how_a_cluster_is_started() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(ClusterError, match=f"No Ray cluster answers at 127.0.0.1:{port}") as refused:
        check_address(f"127.0.0.1:{port}")
    assert "ray start --head" in refused.value.advice


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"+OK\r\n", b"\0\0\0"])
def test_what_answers_otherwise_is_not_waited_for(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_cluster, "_CONNECT_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):  # the other side leaves when it has seen enough
                connection.sendall(said)
                connection.recv(1 << 10)
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1)

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(ClusterError, match="no head of a Ray cluster"):
            check_address(f"127.0.0.1:{server.getsockname()[1]}")
        thread.join()


def test_without_ray_the_command_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(
        name: str,
        globals_: Mapping[str, object] | None = None,
        locals_: Mapping[str, object] | None = None,
        fromlist: Sequence[str] = (),
        level: int = 0,
    ) -> object:
        if name.split(".", maxsplit=1)[0] == "ray":
            raise ImportError(name)
        return real(name, globals_, locals_, fromlist, level)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ReelfindError, match="packages that are not installed") as absent, connected("auto"):
        pass
    assert "[cluster]" in absent.value.advice
