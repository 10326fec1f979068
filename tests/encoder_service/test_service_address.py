"""Addresses as people type them, and where pictures may go unencrypted."""

import socket

import pytest

from app.connecting.service_address import connect_to, is_of_own_network, read_address, split_setting
from app.errors import UsageError


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("192.168.1.20", "http://192.168.1.20:8731"),
        (" http://Studio.local:9000/ ", "http://studio.local:9000"),
        ("https://example.org", "https://example.org:8731"),
        ("[fd00::7]:81", "http://[fd00::7]:81"),
        ("localhost:8731", "http://localhost:8731"),
    ],
)
def test_an_address_has_one_spelling(typed: str, meant: str) -> None:
    assert str(read_address(typed)) == meant
    assert str(read_address(meant)) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ftp://x",
        "file:///etc/passwd",
        "http://",
        "http://x/path",
        "http://x?query",
        "http://x#part",
        "http://user@x",
        "http://:secret@x",
        "http://x:0",
        "http://x:99999",
        "http://x:abc",
        "http://x\r\nHost: y",
        "http://-x",
        "http://x y",
        "http://exämple",
        "h" * 400,
        "http://[::1",
        "javascript:alert(1)",
        "http://a\\@b",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="is not the address"):
        read_address(typed)


def test_a_token_may_stand_behind_the_address() -> None:
    assert split_setting("  ") == ("", "")
    assert split_setting("10.0.0.1") == ("http://10.0.0.1:8731", "")
    assert split_setting("10.0.0.1  secret") == ("http://10.0.0.1:8731", "secret")


@pytest.mark.parametrize(
    ("number", "own"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("10.1.2.3", True),
        ("172.31.0.1", True),
        ("192.168.0.1", True),
        ("169.254.1.1", True),
        ("fe80::1%eth0", True),
        ("fd12::1", True),
        ("::ffff:192.168.0.1", True),
        ("::ffff:8.8.8.8", False),
        ("8.8.8.8", False),
        ("172.32.0.1", False),
        ("100.64.0.1", False),
        ("192.0.2.1", False),
        ("0.0.0.0", False),  # noqa: S104 - not bound to
        ("::", False),
        ("224.0.0.1", False),
        ("2001:db8::1", False),
        ("2606:4700::1", False),
        ("nonsense", False),
    ],
)
def test_what_counts_as_the_own_network(number: str, own: bool) -> None:
    assert is_of_own_network(number) is own


def test_a_name_that_means_somewhere_else_too_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a name server in the hands of others would answer."""

    def lookup(*numbers: str) -> object:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 80)) for number in numbers]
        return lambda *_, **__: found

    address = read_address("http://studio.local")
    monkeypatch.setattr(socket, "getaddrinfo", lookup("192.168.1.4"))
    assert connect_to(address) == "192.168.1.4"
    monkeypatch.setattr(socket, "getaddrinfo", lookup("192.168.1.4", "8.8.8.8"))
    with pytest.raises(UsageError, match="not in your own network"):
        connect_to(address)
    assert connect_to(read_address("https://studio.example")) == "studio.example"
