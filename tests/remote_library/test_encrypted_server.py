"""A server with a certificate: trusted where its file was named, said in one sentence where it is not."""

import datetime
import os
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.catalogue.deltas import Delta
from app.catalogue.kept.kept_records import MarkKind, Wish
from app.connecting.certificates import read_certificate
from app.connecting.service_address import read_address
from app.errors import UsageError
from app.paths import server_certificates_file
from app.remote_library.remote_session import RemoteSession
from app.remote_library.server_client import ServerClient
from app.remote_library.server_errors import ServerAwayError, ServerError
from app.remote_library.server_place import server_place
from tests.certificates import DAY, CertificateFiles, make_certificate
from tests.conftest import wait_until
from tests.encoder_service.service_process import TOKEN, lying_service
from tests.forked_program import Done, run_program
from tests.media.playing.test_film_feed import BOX, FilmFeed, take
from tests.remote_library.server_process import LONG, Server, running_server
from tests.remote_library.test_lying_server import STATUS, gives


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> CertificateFiles:
    """A home's own."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def encrypted(
    served_library: Path, tmp_path_factory: pytest.TempPathFactory, certificate: CertificateFiles
) -> Iterator[Server]:
    with running_server(
        served_library, tmp_path_factory.mktemp("server-home"), certificate=certificate
    ) as server:
        yield server


def refusal(url: str, certificate: str = "") -> ServerError:
    """What asking there ends with, for good."""
    client = ServerClient(read_address(url), TOKEN, seconds=5.0, certificate=certificate)
    try:
        with pytest.raises(ServerError) as caught:
            client.status()
    finally:
        client.close()
    assert not isinstance(caught.value, ServerAwayError), "it does not pass by itself"
    assert caught.value.advice
    return caught.value


def tls_of(files: CertificateFiles) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    return context


def test_all_goes_over_it_once_its_certificate_is_trusted(encrypted: Server) -> None:
    assert encrypted.url.startswith("https://")
    session = RemoteSession(encrypted.place("ada"), first_pause=0.1)
    told: list[Delta] = []
    session.catalogue.subscribe(told.append)
    feed = FilmFeed(lambda: None)
    try:
        moment = next(each for each in session.search("red").moments if each.path.name == LONG)
        assert session.thumbnail(moment.frame_id)
        assert wait_until(lambda: any(delta.findable for delta in told)), "events come"
        told.clear()
        session.kept.change([moment], [Wish(MarkKind.FAVOURITE)])
        assert wait_until(lambda: any(delta.kept for delta in told))
        session.kept.change([moment], [Wish(MarkKind.FAVOURITE, is_on=False)])
        video = session.video(moment)
        feed.play(video, 90.05, BOX, sound=False)
        assert take(feed, 1)[0].time == pytest.approx(90, abs=0.06)
        assert video.bytes_read < 0.35 * video.size(), "in parts"
    finally:
        feed.close()
        session.close()


def test_who_asks_after_the_end_is_told_that_nothing_answers(encrypted: Server) -> None:
    place = encrypted.place()
    client = ServerClient(place.address, place.token, certificate=place.certificate)
    client.close()
    with pytest.raises(ServerAwayError):
        client.read_range(1, 0, 10, "")
    with pytest.raises(ServerAwayError), client.events():
        pass


def test_the_command_line_names_it_once(
    encrypted: Server, certificate: CertificateFiles, home: Path, tmp_path: Path
) -> None:
    def search(*options: str) -> Done:
        environment = os.environ | {"REELFIND_HOME": str(home), "REELFIND_SERVER_TOKEN": TOKEN}
        return run_program(["search", "blue", "--server", encrypted.url, *options], env=environment)

    refused = search()
    assert refused.returncode == 1
    assert "is not trusted here" in refused.stderr
    assert "red then blue.mp4" in search("--server-certificate", str(certificate.certificate)).stdout
    assert "red then blue.mp4" in search().stdout, "it is kept"


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ({"ends": -DAY / 2}, "has expired"),
        ({"begins": DAY / 2}, "is not valid yet"),
        ({"hosts": ["elsewhere.example"]}, "is made out for another name"),
        ({"hosts": ["127.0.0.2"]}, "is made out for another name"),
    ],
)
def test_a_certificate_with_a_fault_is_a_sentence_also_where_it_is_known(
    made: dict[str, "datetime.timedelta"], said: str, tmp_path: Path
) -> None:
    files = make_certificate(tmp_path, **made)  # type: ignore[arg-type]
    with lying_service(lambda handler, _: gives(STATUS)(handler), tls=tls_of(files)) as url:
        error = refusal(url, read_certificate(files.certificate))
    assert said in error.sentence


def test_one_that_nobody_here_knows_is_refused_and_one_that_a_home_signed_is_trusted(tmp_path: Path) -> None:
    authority = make_certificate(tmp_path, "authority", is_authority=True, hosts=["authority.home"])
    signed = make_certificate(tmp_path, "signed", signer=authority)
    another = make_certificate(tmp_path, "another")
    with lying_service(lambda handler, _: gives(STATUS)(handler), tls=tls_of(signed)) as url:
        assert "--server-certificate" in refusal(url).advice
        assert "is not trusted here" in refusal(url, read_certificate(another.certificate)).sentence
        for known in (authority, signed):
            trusted = read_certificate(known.certificate)
            client = ServerClient(read_address(url), TOKEN, certificate=trusted)
            assert client.status().title == "Home"
            client.close()


def test_encrypted_and_not_are_told_apart(encrypted: Server) -> None:
    error = refusal(encrypted.url.replace("https://", "http://"))
    assert "answers encrypted only" in error.sentence
    assert encrypted.url in error.advice
    with lying_service(lambda handler, _: gives(STATUS)(handler)) as url:
        error = refusal(url.replace("http://", "https://"))
    assert "is not encrypted" in error.sentence
    assert "http://" in error.advice


def test_a_certificate_is_kept_for_its_address_and_its_key_is_not(
    certificate: CertificateFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REELFIND_SERVER_TOKEN", TOKEN)
    both = tmp_path / "both.pem"
    both.write_bytes(certificate.key.read_bytes() + certificate.certificate.read_bytes())
    named = server_place("https://home.example", certificate_file=both)
    assert named.certificate == certificate.certificate.read_text("ascii")
    assert server_place("https://home.example").certificate == named.certificate
    assert server_place("https://home.example:9").certificate == ""
    assert "PRIVATE" not in server_certificates_file().read_text("ascii")
    assert named.certificate not in repr(named)
    with pytest.raises(UsageError, match="only where the connection is encrypted"):
        server_place("http://192.168.1.20", certificate_file=both)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff" * 100, b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"key only"],
)
def test_a_file_that_holds_no_certificate_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "nonsense.pem"
    file.write_bytes(content)
    with pytest.raises(UsageError, match="holds no certificate"):
        server_place("https://home.example", certificate_file=file)
    with pytest.raises(UsageError, match="cannot be read"):
        server_place("https://home.example", certificate_file=tmp_path / "absent.pem")
    assert not server_certificates_file().exists()


def test_a_file_of_certificates_that_was_spoilt_trusts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELFIND_SERVER_TOKEN", TOKEN)
    server_certificates_file().parent.mkdir(parents=True)
    for spoilt in ("nonsense", "-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----"):
        server_certificates_file().write_text(f'{{"https://home.example:8732": "{spoilt}"}}')
        assert server_place("https://home.example").certificate == ""
