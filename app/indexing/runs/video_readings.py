"""The videos of a run that are being read: what came of each so far, by a first and a second reading."""

from app.indexing.runs.partial_video import PartialVideo
from app.indexing.stages.items import Ending, Interrupted


class VideoReadings:
    """What is known of each video under way. Of two readings the further one counts.

    Not thread-safe: a run's own thread has it.
    """

    def __init__(self) -> None:
        """None is under way."""
        self._under_way: dict[int, PartialVideo] = {}
        self._first: dict[int, tuple[PartialVideo, Interrupted]] = {}
        """What a first reading gave, for the case that the second gives less."""

    def begin(self, partial: PartialVideo) -> None:
        """A video was opened, for the first time or again."""
        self._abandon(partial.video.id)
        self._under_way[partial.video.id] = partial

    def of(self, video_id: int) -> PartialVideo | None:
        """What comes in of a video; None where it failed here, of which its decoder knows later."""
        return self._under_way.get(video_id)

    def interrupt(self, item: Interrupted) -> None:
        """A reading ended early, and another one begins."""
        partial = self._under_way.pop(item.video.id, None)
        if partial is not None:
            self._first[item.video.id] = (partial, item)

    def end(self, video_id: int, ending: Ending) -> tuple[PartialVideo, Ending] | None:
        """The further reading and how it ended, now that the last one ended; None as in `of`."""
        partial = self._under_way.pop(video_id, None)
        if partial is None:
            return None
        if video_id in self._first:
            first, interrupted = self._first.pop(video_id)
            if interrupted.ending.reach > ending.reach:
                partial, first, ending = first, partial, interrupted.ending
            first.abandon()
        return partial, ending

    def first(self, video_id: int) -> tuple[PartialVideo, Interrupted] | None:
        """What the first reading gave where the second failed wholly; None where there was one only."""
        earlier = self._first.pop(video_id, None)
        if earlier is not None:
            self._abandon(video_id)
        return earlier

    def drop(self, video_id: int) -> None:
        """A video is done with."""
        self._abandon(video_id)
        if video_id in self._first:
            self._first.pop(video_id)[0].abandon()

    def close(self) -> None:
        """The run is over: what is under way is given up."""
        for video_id in (*self._under_way, *self._first):
            self.drop(video_id)

    def _abandon(self, video_id: int) -> None:
        if video_id in self._under_way:
            self._under_way.pop(video_id).abandon()
