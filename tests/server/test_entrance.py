"""Who is let in: tokens, cookies, links, names of the host; and what hostile requests get."""

import json
import logging
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from app.errors import UsageError
from app.server.access.entrance import COOKIE
from app.server.access.people import People, PeopleFile, Person, checked_names
from tests.certificates import NO_AUTHORITIES
from tests.server.conftest import Served

PATHS = ["/api/v1/status", "/api/v1/openapi.json", "/api/v1/frames/1/thumbnail", "/api/v1/events", "/nothing"]


@pytest.fixture
def stranger(served: Served) -> Iterator[httpx2.Client]:
    """Has no token."""
    with httpx2.Client(base_url=served.url, trust_env=False, verify=NO_AUTHORITIES) as opened:
        yield opened


@pytest.mark.parametrize("path", PATHS)
def test_nobody_without_a_token_is_answered(stranger: httpx2.Client, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic b3duZXI6"}):
        answer = stranger.get(path, headers=headers)
        assert answer.status_code in {401, 429}
        assert answer.headers["content-type"] == "application/problem+json"


def test_guessing_tokens_ends_soon_and_others_do_not_notice(served: Served) -> None:
    guess = {"Authorization": "Bearer guess-guess-guess"}
    with httpx2.Client(base_url=served.url, trust_env=False, verify=NO_AUTHORITIES) as stranger:
        answers = [stranger.get("/api/v1/status", headers=guess).status_code for _ in range(60)]
    assert set(answers) == {401, 429}
    served_entrance_forgets(served)
    with served.client() as owner:
        assert owner.get("/status").status_code == 200


def served_entrance_forgets(served: Served) -> None:
    """Both come from one address here."""
    served.entrance._guesses._left.clear()


@pytest.fixture(autouse=True)
def no_guesses(served: Served) -> None:
    served_entrance_forgets(served)


def test_a_link_lets_one_browser_in_once(served: Served, stranger: httpx2.Client) -> None:
    code = served.people.new_link(served.anna)
    looked = stranger.get("/enter", params={"code": code})
    assert code in looked.text
    entered = stranger.post("/enter", data={"code": code})
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert served.anna.token not in cookie
    assert stranger.get("/api/v1/status").json()["person"] == "anna"
    with httpx2.Client(base_url=served.url, trust_env=False, verify=NO_AUTHORITIES) as second:
        assert second.post("/enter", data={"code": code}).status_code == 403
        assert second.get("/api/v1/status").status_code == 401


def test_a_token_may_be_typed_into_the_page(served: Served, stranger: httpx2.Client) -> None:
    assert stranger.post("/enter", data={"token": "wrong"}).status_code == 403
    assert stranger.post("/enter", data={"token": f" {served.owner.token} "}).status_code == 303
    assert stranger.get("/api/v1/status").json()["person"] == "owner"


def with_cookie(served: Served, **headers: str) -> httpx2.Client:
    cookie = f"{COOKIE}-{served.port}={served.people.cookie_for(served.owner)}"
    return httpx2.Client(
        base_url=served.url, headers={"Cookie": cookie} | headers, trust_env=False, verify=NO_AUTHORITIES
    )


def test_a_cookie_is_of_use_to_our_own_page_only(served: Served) -> None:
    put = {"json": {"video_id": 1}}
    with with_cookie(served) as ours:
        assert ours.get("/api/v1/status").status_code == 200
        assert ours.put("/api/v1/people/me/favourites", **put).status_code == 401
        same = {"Origin": served.url}
        assert ours.put("/api/v1/people/me/favourites", headers=same, **put).status_code == 204
        other = {"Origin": "http://localhost:8000"}
        assert ours.put("/api/v1/people/me/favourites", headers=other, **put).status_code == 401
        forget = ours.request("DELETE", "/api/v1/people/me/favourites", headers=same, **put)
        assert forget.status_code == 204
    with with_cookie(served, **{"Sec-Fetch-Site": "cross-site"}) as theirs:
        assert theirs.get("/api/v1/status").status_code == 401


@pytest.mark.parametrize("change", ["token", "name", "time", "nonsense", "dots"])
def test_a_cookie_cannot_be_made_by_anybody_else(served: Served, change: str) -> None:
    cookie = served.people.cookie_for(served.anna)
    name, until, signature = cookie.split(".")
    forged = {
        "token": People([]).cookie_for(Person("anna", "another-token-of-anna")),
        "name": f"{b'owner'.hex()}.{until}.{signature}",
        "time": f"{name}.{int(until, 16) + 1:x}.{signature}",
        "nonsense": "zz.zz.zz",
        "dots": "....",
    }[change]
    assert served.people.with_cookie(cookie) == served.anna
    assert served.people.with_cookie(forged) is None


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:99", "localhost", "[::1]:80", "studio.home", "192.168.1.9"]
)
def test_the_computer_may_be_called_by_its_numbers_and_names(served: Served, host: str) -> None:
    with served.client() as client:
        assert client.get("/status", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil", "", "[", "127.0.0.1@evil"]
)
def test_a_name_that_somebody_pointed_here_is_not_answered(served: Served, host: str) -> None:
    with served.client() as client:
        answer = client.get("/status", headers={"Host": host})
        assert answer.status_code in {400, 421}


def test_every_answer_says_what_a_browser_may_not_do(served: Served, stranger: httpx2.Client) -> None:
    for path in ("/", "/enter", "/page/page.js", "/api/v1/status", "/nothing"):
        headers = stranger.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in headers


HOST = "Host: localhost"
TOKEN = f"{HOST}\r\nAuthorization: Bearer TOKEN"
FAVOURITES = "PUT /api/v1/people/me/favourites"
JSON = f"{TOKEN}\r\nContent-Type: application/json"


def request(line: str, headers: str = TOKEN, body: bytes = b"", *, length: int | None = None) -> bytes:
    sized = f"Content-Length: {len(body) if length is None else length}"
    return f"{line} HTTP/1.1\r\n{headers}\r\n{sized}\r\n\r\n".encode("latin-1") + body


HOSTILE = [
    b"GARBAGE\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    request(f"GET /api/v1/search?q={'a' * 60000}"),
    request("GET /api/v1/search?q=%ff%fe%00&limit=99999999999999999999"),
    request("GET /api/v1/search?q=%00"),
    request("GET /api/v1/../../../etc/passwd"),
    request("GET /page/..%2f..%2fpyproject.toml", HOST),
    request("GET /api/v1/videos/..%2f1/file"),
    request(FAVOURITES, JSON, length=99999999),
    request(FAVOURITES, JSON, length=-5),
    request(FAVOURITES, JSON, b"[" * 9000),
    request(FAVOURITES, JSON, b'{"video_id": 1e999, "start": NaN, "end": Infinity}'),
    request(FAVOURITES, JSON, b'{"video_id": "\\ud800"}'),
    request("PUT /api/v1/people/%ff%00%ed%a0%80/favourites", JSON, b"{}"),
    request("POST /enter", HOST, b"code=%ff&code=&=&&&&a"),
    request("TRACE /", HOST),
    request("GET /api/v1/status", f"{HOST}\r\nAuthorization: Bearer \xff\xfe"),
    request("GET /api/v1/status", f"{HOST}\r\nCookie: reelfind-1=\xff; ;;="),
    request("GET /api/v1/videos/1/file", f"{TOKEN}\r\nRange: bytes={'9' * 4000}-"),
    request(f"GET /api/v1/curves?q=red&videos={'1,' * 400}1"),
    request(f"GET /api/v1/videos/{2**53}"),
    request(f"GET /api/v1/videos/{2**80}"),
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_requests_get_an_answer_below_500_and_leave_no_traceback(
    served: Served, number: int, caplog: pytest.LogCaptureFixture
) -> None:
    sent = HOSTILE[number].replace(b"TOKEN", served.owner.token.encode())
    with caplog.at_level(logging.INFO), socket.create_connection(("127.0.0.1", served.port), 10) as client:
        client.sendall(sent)
        client.settimeout(20)
        status = int(client.recv(65536).split(b" ")[1])
    assert 200 <= status < 500
    assert not [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR]
    with served.client() as owner:
        assert owner.get("/status").status_code == 200


def test_who_is_refused_hears_why_though_the_request_was_still_on_its_way(served: Served) -> None:
    head = "PUT /api/v1/people/me/favourites HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port), 10) as client:
        client.settimeout(0.3)
        client.sendall(head.encode())
        with pytest.raises(TimeoutError):
            client.recv(1)
        client.sendall(b" " * 8000)
        client.settimeout(20)
        answer = b"".join(iter(lambda: client.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"A token is needed." in answer


def test_a_refused_request_is_not_waited_for_long(served: Served) -> None:
    head = "PUT /api/v1/people/me/favourites HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port), 10) as client:
        client.settimeout(20)
        client.sendall(head.encode())
        assert client.recv(4096).startswith(b"HTTP/1.1 401 ")


def test_a_body_that_never_comes_costs_only_who_sends_it(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served.entrance, "_limits", replace(served.service.limits, body_seconds=0.5))
    head = (
        "PUT /api/v1/people/me/favourites HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {served.owner.token}\r\nContent-Length: 100\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", served.port), 10) as client:
        client.sendall(head.encode())
        client.settimeout(20)
        assert b" 408 " in client.recv(4096)


def test_who_asks_too_often_is_told_when_to_come_again(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served.client(served.anna) as anna:
        monkeypatch.setattr(served.entrance._rate, "_burst", 3.0)
        monkeypatch.setattr(served.entrance._rate, "_per_second", 0.1)
        served.entrance._rate._left.clear()
        answers = [anna.get("/status") for _ in range(5)]
        assert [each.status_code for each in answers] == [200, 200, 200, 429, 429]
        assert int(answers[-1].headers["retry-after"]) >= 5
    served.entrance._rate._left.clear()


def test_tokens_are_made_once_and_kept_for_their_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "home" / "people.json"
    file = PeopleFile(path, tmp_path / "library")
    first = file.people(["anna"], own=None)
    assert [person.name for person in first] == ["owner", "anna"]
    assert file.people(["anna"], own=None) == first
    assert file.people([], own=None) == first[:1]
    assert path.stat().st_mode & 0o077 == 0
    given = file.people(["anna"], own="a-token-that-is-given")
    assert (given[0].token, given[1]) == ("a-token-that-is-given", first[1])
    assert "given" not in path.read_text()
    other = PeopleFile(path, tmp_path / "other").people(["anna"], own=None)
    assert {person.token for person in other}.isdisjoint({person.token for person in first})
    renewed = file.people(["anna"], own=None, renew=True)
    assert {person.token for person in renewed}.isdisjoint({person.token for person in first})
    path.write_text(json.dumps({str(tmp_path / "library"): {"owner": 5, "anna": "short"}}))
    assert len(file.people(["anna"], own=None)) == 2


@pytest.mark.parametrize("name", ["", "me", "Owner", "a/b", "..", "x" * 40, "a\u202eb", " anna"])
def test_a_person_has_a_name_that_can_be_in_an_address(name: str) -> None:
    with pytest.raises(UsageError):
        checked_names([name])
    assert checked_names(["Anna", "Jörg M", "Anna"]) == ["Anna", "Jörg M"]
