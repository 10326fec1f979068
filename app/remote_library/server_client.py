"""Asks one server for what a window shows of its library. Thread-safe; believes nothing that it answers."""

import json
import logging
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar
from urllib.parse import quote, urlencode

from app.catalogue.line_records import StoredLine
from app.catalogue.records import Folder, StoredFrame
from app.connecting import http_transport
from app.connecting.http_transport import Answer, EndlessAnswer, HttpTransport
from app.connecting.service_address import ServiceAddress
from app.query.query_error import QueryError
from app.remote_library import answers, server_errors
from app.remote_library.answer_fields import MOST_LETTERS, AnswerError, Fields
from app.remote_library.answers import API, Favourite, ServerStatus, TagsThere
from app.remote_library.explanation_answer import read_explanation
from app.remote_library.server_errors import ServerError
from app.search.curves import MatchCurve
from app.search.evidence.explanation import Explanation
from app.search.outcome import Moment, SearchOutcome

logger = logging.getLogger(__name__)

T = TypeVar("T")

BASE = f"/api/v{API}"
SECONDS = 10.0
"""For a request: less than the window waits for what runs when it closes."""
SILENCE_SECONDS = 30.0
"""Without a sign of life after which following what happens begins anew."""
MOST_MOMENTS = 2000
"""That a server gives for one query."""
PAGE = 1000
CURVES = 50
"""Videos that are compared by one request."""
_JSON = 64 << 20
_THUMBNAIL = 2 << 20
_RANGE = re.compile(r"bytes (\d{1,19})-(\d{1,19})/(\d{1,19})")


class ServerClient:
    """One server.

    Args:
        address: where it is.
        token: that this person has from it.
        seconds: for a request.
        certificate: PEM of those that are trusted besides this computer's own.

    Raises:
        UsageError: nothing may be sent there unencrypted.
        ServerAwayError: its name is not known.
    """

    def __init__(
        self, address: ServiceAddress, token: str, *, seconds: float = SECONDS, certificate: str = ""
    ) -> None:
        self.address = address
        with self._translated():
            self._http = HttpTransport(address, token, seconds=seconds, certificate=certificate)

    def status(self) -> ServerStatus:
        """What it says of itself.

        Raises:
            ServerError: it cannot be asked, takes no such token, or is no server of this version.
        """
        fields = self._read("/status", {}, lambda fields: fields)
        with self._sense():
            if answers.api_version(fields) != API:
                raise server_errors.other_version(self.address.place)
            return answers.read_status(fields)

    def folders(self) -> list[Folder]:
        """The watched folders with their counts. Raises ServerError."""
        return self._read("/folders", {}, answers.read_folders)

    def search(self, text: str, *, limit: int, folder: int | None = None) -> SearchOutcome:
        """Find moments, `MOST_MOMENTS` at most.

        Raises:
            QueryError: the query makes no sense.
            ServerError: there is no answer.
        """
        found: SearchOutcome | None = None
        left = min(limit, MOST_MOMENTS)
        while left > 0:
            offset = 0 if found is None else len(found.moments)
            asked = min(left, PAGE)
            page = self._page(text, asked, offset, folder)
            found = page if found is None else replace(found, moments=found.moments + page.moments)
            left -= asked
            if len(page.moments) < asked:
                break
        if found is None:
            raise ValueError("a search for no moments")
        return found

    def curves(self, text: str, video_ids: Collection[int]) -> dict[int, MatchCurve]:
        """How well each frame of some videos matches; see `Session.match_curves`. Raises as `search`."""
        found: dict[int, MatchCurve] = {}
        ids = list(video_ids)
        for first in range(0, len(ids), CURVES):
            found |= self._some_curves(text, ids[first : first + CURVES])
        return found

    def frames(self, video_id: int) -> list[StoredFrame]:
        """The sampled frames of a video in order of time. Raises ServerError."""
        return self._read(f"/videos/{video_id}/frames", {}, answers.read_frames)

    def lines(self, video_id: int) -> list[StoredLine]:
        """What is said and written in a video. Raises ServerError."""
        return self._read(
            f"/videos/{video_id}/lines", {}, lambda fields: answers.read_lines(fields, video_id)
        )

    def thumbnail(self, frame_id: int) -> bytes | None:
        """WebP of a frame, None where it is gone. Raises ServerError."""
        answer = self._ask("GET", f"/frames/{frame_id}/thumbnail", most=_THUMBNAIL)
        if answer.status == 404:
            return None
        return self._granted(answer).content

    def favourites(self) -> list[Favourite]:
        """What this person likes. Raises ServerError."""
        return self._read("/people/me/favourites", {}, answers.read_favourites)

    def set_favourite(self, video_id: int, span: tuple[float, float] | None, *, is_on: bool) -> None:
        """Like a video or a moment of it, or not any more.

        Raises:
            ServerError: the server does not do it.
        """
        start, end = (None, None) if span is None else span
        body = json.dumps({"video_id": video_id, "start": start, "end": end}).encode()
        path = "/people/me/favourites"
        self._granted(self._ask("PUT" if is_on else "DELETE", path, body=body))

    def tags(self) -> TagsThere:
        """The library's tags, and what has them. Raises ServerError."""
        return self._read("/tags", {}, answers.read_tags)

    def set_tag(self, video_id: int, span: tuple[float, float] | None, name: str, *, is_on: bool) -> None:
        """Give a video or a moment of it a tag, or take it away.

        Raises:
            ServerError: the server does not do it.
        """
        start, end = (None, None) if span is None else span
        body = json.dumps({"video_id": video_id, "start": start, "end": end, "name": name}).encode()
        self._granted(self._ask("PUT" if is_on else "DELETE", "/tags", body=body))

    def examples(self) -> tuple[str, ...] | None:
        """Queries that find something there; None while it looks for them. Raises ServerError."""
        return self._read("/examples", {}, answers.read_examples)

    def why(self, text: str, moment: Moment) -> Explanation:
        """Why a search for `text` found a moment. Raises as `search`."""
        return self._read(
            f"/videos/{moment.video_id}/why",
            {"q": text, "at": f"{max(0.0, moment.best):.3f}"},
            lambda fields: read_explanation(fields, moment),
        )

    def read_range(self, video_id: int, offset: int, size: int, version: str) -> tuple[int, str, bytes]:
        """Part of a video's file.

        Args:
            video_id: of the video.
            offset: of the first byte.
            size: bytes, at least one.
            version: what the server called the file when it was read before; empty for the first time.

        Returns:
            The whole file's size, what the server calls it now, and the bytes: fewer at its end only.

        Raises:
            ServerError: it cannot be read, or is another one by now.
        """
        headers = {"Range": f"bytes={offset}-{offset + size - 1}"}
        if version:
            headers["If-Match"] = version
        answer = self._ask("GET", f"/videos/{video_id}/file", headers=headers, most=size)
        if answer.status == 412:
            raise ServerError("The video was changed while it was watched.", "Open it again.")
        granted = self._granted(answer)
        match = _RANGE.fullmatch(granted.headers.get("content-range", ""))
        if granted.status != 206 or match is None:
            raise self._useless("no part of a file")
        first, last, total = map(int, match.groups())
        expected = min(size, total - offset)
        if first != offset or last - first + 1 != expected or len(granted.content) != expected:
            raise self._useless("another part of a file")
        return total, granted.headers.get("etag", ""), granted.content

    @contextmanager
    def events(self) -> Iterator[EndlessAnswer]:
        """What happens on the server, as it happens: `text/event-stream`.

        Raises:
            ServerError: there is none, or it ended; also while it is read.
        """
        with self._translated(), self._http.stream(f"{BASE}/events", silence=SILENCE_SECONDS) as answer:
            if answer.status != 200:
                raise self._refusal(Answer(answer.status, {}, b""))
            yield answer

    def close(self) -> None:
        """End the connections."""
        self._http.close()

    def _some_curves(self, text: str, video_ids: list[int]) -> dict[int, MatchCurve]:
        asked = {"q": text, "videos": ",".join(map(str, video_ids))}
        return self._read("/curves", asked, lambda fields: answers.read_curves(fields, video_ids))

    def _page(self, text: str, limit: int, offset: int, folder: int | None) -> SearchOutcome:
        asked = {"q": text, "limit": str(limit), "offset": str(offset)}
        if folder is not None:
            asked["folder"] = str(folder)

        def read(fields: Fields) -> SearchOutcome:
            return answers.read_outcome(fields, rank_from=offset, most=limit)

        return self._read("/search", asked, read)

    def _read(self, path: str, asked: dict[str, str], read: Callable[[Fields], T]) -> T:
        query = f"?{urlencode(asked, quote_via=quote, errors='replace')}" if asked else ""
        answer = self._granted(self._ask("GET", path + query, most=_JSON))
        with self._sense():
            return read(Fields.of(answer.content))

    def _ask(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
        most: int = http_transport.MOST_TOLD,
    ) -> Answer:
        sent = (headers or {}) | ({} if body is None else {"Content-Type": "application/json"})
        with self._translated():
            return self._http.ask(method, BASE + path, headers=sent, body=body, most=most)

    def _granted(self, answer: Answer) -> Answer:
        if 200 <= answer.status < 300:
            return answer
        raise self._refusal(answer)

    def _refusal(self, answer: Answer) -> ServerError | QueryError:
        """What a refusal says, as far as it can be understood."""
        place = self.address.place
        told = answer.headers.get("reelfind-api", "")
        if answer.status in {401, 403}:
            return server_errors.other_token(place)
        if answer.status in {429, 503}:
            return server_errors.busy(place)
        if told != str(API):
            return server_errors.other_version(place) if told else self._useless(f"status {answer.status}")
        return self._told(answer)

    def _told(self, answer: Answer) -> ServerError | QueryError:
        try:
            fields = Fields.of(answer.content)
            sentence, advice = fields.text("detail", most=MOST_LETTERS), fields.text("advice", "")
            at = -1 if fields.is_null("at") else fields.count("at")
        except AnswerError:
            return self._useless(f"status {answer.status}")
        if answer.status == 422 and at >= 0:
            return QueryError(sentence, advice, at=at)
        return ServerError(sentence, advice)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """What keeps an answer from coming, as a sentence."""
        place = self.address.place
        try:
            yield
        except http_transport.UntrustedCertificateError as error:
            raise server_errors.untrusted(place, error.fault) from error
        except http_transport.NotEncryptedError as error:
            raise server_errors.not_encrypted(place) from error
        except http_transport.EncryptedOnlyError as error:
            raise server_errors.encrypted_only(place) from error
        except http_transport.TooSlowError as error:
            raise server_errors.too_slow(place) from error
        except http_transport.UselessAnswerError as error:
            raise self._useless(str(error)) from error
        except http_transport.TransportError as error:
            raise server_errors.unreachable(place) from error

    @contextmanager
    def _sense(self) -> Iterator[None]:
        try:
            yield
        except AnswerError as error:
            raise self._useless(str(error)) from error

    def _useless(self, what: str) -> ServerError:
        logger.warning("%s gave %s", self.address, what)
        return server_errors.useless(self.address.place)
