"""Which server a window is of, and where its token comes from."""

import stat
from pathlib import Path

import pytest

from app.connecting.service_address import ServiceAddress
from app.errors import UsageError
from app.paths import server_tokens_file
from app.remote_library.server_place import PORT, VARIABLE, ServerPlace, server_place
from tests.encoder_service.service_process import TOKEN

ANOTHER, THIRD = f"{TOKEN}-2", f"{TOKEN}-3"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path / "home"))
    monkeypatch.delenv(VARIABLE, raising=False)


def test_a_token_is_asked_for_once_and_kept_for_its_user_alone() -> None:
    asked: list[str] = []

    def ask(address: ServiceAddress) -> str:
        asked.append(address.place)
        return f" {TOKEN} "

    first = server_place("192.168.1.20", ask=ask)
    second = server_place("http://192.168.1.20:8732", ask=ask)
    assert (first.token, second.token) == (TOKEN, TOKEN)
    assert asked == [f"192.168.1.20:{PORT}"]
    assert stat.S_IMODE(server_tokens_file().stat().st_mode) == 0o600
    assert TOKEN not in repr(first), "no log shows it"


def test_a_file_goes_before_the_environment_and_both_before_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server_place("192.168.1.20", ask=lambda _: TOKEN)
    monkeypatch.setenv(VARIABLE, ANOTHER)
    assert server_place("192.168.1.20").token == ANOTHER
    file = tmp_path / "token.txt"
    file.write_text(THIRD + "\n", encoding="ascii")
    assert server_place("192.168.1.20", token_file=file).token == THIRD
    monkeypatch.delenv(VARIABLE)
    assert server_place("192.168.1.20").token == THIRD, "it is kept"


def test_without_a_token_a_sentence_says_how_to_give_one() -> None:
    with pytest.raises(UsageError, match="no token for") as refused:
        server_place("192.168.1.20")
    assert "--token-file" in refused.value.advice


@pytest.mark.parametrize("typed", ["", "ftp://x", "http://user:pass@host", "a b", "http://host/path"])
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(UsageError):
        server_place(typed, ask=lambda _: TOKEN)


def test_each_server_has_a_folder_of_its_own_that_no_address_leads_out_of() -> None:
    places = [
        ServerPlace(ServiceAddress(scheme, host, port), TOKEN).folder
        for scheme, host, port in [
            ("http", "192.168.1.20", 8732),
            ("http", "192.168.1.20", 8733),
            ("https", "192.168.1.20", 8732),
            ("http", "fe80::1%eth0", 8732),
        ]
    ]
    assert len(set(places)) == 4
    assert len({place.parent for place in places}) == 1
