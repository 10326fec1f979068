"""The tags of a server's library, as this person's window shows and changes them."""

import threading
import time
from collections.abc import Callable

from app.catalogue.kept.kept_names import cleaned_name, folded_name
from app.catalogue.kept.kept_records import Mark, MarkKind, Target, TimeSpan, VideoMark
from app.remote_library.answers import TagsThere
from app.remote_library.server_client import ServerClient
from app.remote_library.server_errors import ServerAwayError

_NONE = TagsThere((), ())


class RemoteTags:
    """Thread-safe; while the server is away, what was known last.

    Args:
        client: asks the server.
        offered: whether the server has tags for its clients.
    """

    def __init__(self, client: ServerClient, offered: Callable[[], bool]) -> None:
        self._client, self._offered = client, offered
        self._lock = threading.Lock()
        self._known = _NONE

    @property
    def known(self) -> TagsThere:
        """As they were read last."""
        with self._lock:
            return self._known

    def read(self) -> TagsThere:
        """Read them again. Raises ServerError, but where the server is away."""
        if not self._offered():
            return _NONE
        try:
            fresh = self._client.tags()
        except ServerAwayError:
            return self.known
        with self._lock:
            self._known = fresh
        return fresh

    def named(self, start: str) -> list[str]:
        """Names that begin so, whatever their case."""
        wanted = start.strip().casefold()
        return [each.name for each in self.known.tags if each.name.casefold().startswith(wanted)]

    def about(self, video_id: int, span: tuple[float, float] | None, name: str) -> list[Mark]:
        """The marks of this tag that are about a moment, or a whole video: that is about its moments too."""
        wanted = folded_name(name)
        return [
            each.mark
            for each in self.known.tagged
            if each.video_id == video_id
            and folded_name(each.mark.value) == wanted
            and (
                each.mark.target.span is None or (span is not None and each.mark.target.span.is_about(*span))
            )
        ]

    def put(self, mark: Mark) -> None:
        """Give a tag. Raises ServerError."""
        self._set(mark, is_on=True)

    def remove(self, mark: Mark) -> None:
        """Take it away. Raises ServerError."""
        self._set(mark, is_on=False)

    def _set(self, mark: Mark, *, is_on: bool) -> None:
        span = mark.target.span
        where = None if span is None else (span.start, span.end)
        self._client.set_tag(int(mark.target.fingerprint), where, mark.value, is_on=is_on)
        with self._lock:
            left = [each for each in self._known.tagged if _key(each.mark) != _key(mark)]
            added = [VideoMark(int(mark.target.fingerprint), mark)] if is_on else []
            self._known = TagsThere(self._known.tags, (*left, *added))


def tag_mark(video_id: int, span: tuple[float, float] | None, name: str) -> Mark:
    """A tag that is to be given; the video's number stands for the content.

    Raises:
        UsageError: the name is empty or too long.
    """
    where = None if span is None else TimeSpan(*span)
    return Mark(Target(str(video_id), where), MarkKind.TAG, cleaned_name(name, "a tag"), time.time())


def _key(mark: Mark) -> tuple[Target, str]:
    return mark.target, folded_name(mark.value)
