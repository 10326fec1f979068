"""What is said of an address where there is no cluster, and without the package."""

import builtins
import socket
from collections.abc import Mapping, Sequence

import pytest

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
