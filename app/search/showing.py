"""What was found becomes moments with their files, times and reasons."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Presence, Video
from app.search.composition import EncodedStep
from app.search.edges import times as edge_times
from app.search.evidence.explanation import reasons_for
from app.search.outcome import Moment, MomentPart, Reason
from app.search.ranking import Found, Ground
from app.search.scope import Scope
from app.search.words.fusion import MixedMoment
from app.search.words.hits import Hit, StepHits
from app.search.words.rows import NEAR
from app.vectors.vector_index import Gallery


@dataclass(frozen=True, slots=True)
class Showing:
    """Makes moments of one search."""

    catalogue: Catalogue
    steps: Sequence[EncodedStep]
    lines: Sequence[StepHits]
    """What lines hold of each step."""
    gallery: Gallery
    ground: Ground | None
    """None where no frame is searched."""
    scope: Scope | None

    def moments(self, mixed: Sequence[MixedMoment]) -> tuple[Moment, ...]:
        """The moments to show, in order; those whose video was removed meanwhile are left out."""
        videos = self.catalogue.videos_by_id({each.content for each in mixed})
        copies = self.catalogue.copies(videos.keys())
        by_words = any(each.hits for each in mixed)
        found: list[Moment] = []
        for each, because in zip(mixed, self._reasons(mixed), strict=True):
            video = videos.get(each.content)
            if video is None:
                continue
            shown, *others = files_to_show(video, copies.get(video.id, []), self.scope)
            parts = self._parts(each, video)
            pictures = None if by_words or each.found is None else each.found.spans[0].score
            found.append(
                Moment(
                    rank=len(found) + 1,
                    video_id=video.id,
                    path=shown.path,
                    start=parts[0].start,
                    end=parts[-1].end,
                    best=parts[0].best,
                    score=each.strength if pictures is None else pictures,
                    strength=each.strength,
                    frame_id=parts[0].frame_id,
                    presence=shown.presence,
                    copies=tuple(other.path for other in others),
                    parts=parts if len(parts) > 1 else (),
                    reasons=because,
                    duration=video.facts.duration if video.facts else 0.0,
                    filmed=video.filmed,
                )
            )
        return tuple(found)

    def _parts(self, mixed: MixedMoment, video: Video) -> tuple[MomentPart, ...]:
        if mixed.found is None:
            return (self._by_words(mixed, video),)
        parts = _parts(mixed.found, self.gallery, video)
        line = mixed.timed
        if line is None or len(parts) > 1:
            return parts
        (seen,) = parts
        best = line.best if line.strength >= mixed.seen else seen.best
        start, end = min(seen.start, best), max(seen.end, best)
        return (MomentPart(start, end, best, mixed.strength, seen.frame_id),)

    def _by_words(self, mixed: MixedMoment, video: Video) -> MomentPart:
        """A moment that no picture gave: that of the line, or of a name the clip that fits best."""
        line, row, gallery = mixed.timed, mixed.row, self.gallery
        duration = video.facts.duration if video.facts else 0.0
        frame = self._stored_frame(video, line) if row is None else int(gallery.frame_ids[row])
        if line is not None:
            return MomentPart(line.start, max(line.end, line.best), line.best, mixed.strength, frame)
        if row is None:
            return MomentPart(0.0, duration, 0.0, mixed.strength, frame)
        first, behind = gallery.clip_rows(int(gallery.clip_of_row[row]))
        start, end = float(gallery.times[first]), float(gallery.times[behind - 1])
        return MomentPart(start, end, float(gallery.times[row]), mixed.strength, frame)

    def _stored_frame(self, video: Video, line: Hit | None) -> int:
        """Of a video that the gallery does not have: the frame nearest to a line; 0 where there is none."""
        at = 0.0 if line is None else line.best
        frames = self.catalogue.frames(video.id)
        return min(frames, key=lambda frame: abs(frame.time - at)).id if frames else 0

    def _reasons(self, mixed: Sequence[MixedMoment]) -> list[tuple[Reason, ...]]:
        """What each part of the query has to do with each moment: what is seen, then what lines say."""
        found: list[tuple[Reason, ...]] = [()] * len(mixed)
        seen = [place for place, each in enumerate(mixed) if each.found is not None or each.row is not None]
        if self.ground is not None and seen:
            rows = [_rows(mixed[place]) for place in seen]
            strengths = [
                (mixed[place].seen,) if (moment := mixed[place].found) is None else moment.strengths
                for place in seen
            ]
            reasons = reasons_for(rows, strengths, self.steps, self.gallery, self.ground.calibration)
            for place, because in zip(seen, reasons, strict=True):
                found[place] = because
        return [(*because, *self._line_reasons(each)) for because, each in zip(found, mixed, strict=True)]

    def _line_reasons(self, mixed: MixedMoment) -> list[Reason]:
        if len(self.steps) == 1:
            return [_reason(hit, 1) for hit in mixed.hits]
        if mixed.found is None:
            return []
        reasons = []
        for number, (span, hits) in enumerate(zip(mixed.found.spans, self.lines, strict=True), 1):
            at = float(self.gallery.times[span.best_row])
            near = [
                hit
                for some in (hits.plain, *hits.asked)
                for hit in some
                if hit.content == mixed.content and hit.start - NEAR <= at <= hit.end + NEAR
            ]
            best = {
                hit.kind: hit for hit in sorted(near, key=lambda hit: hit.strength) if not hit.is_timeless
            }
            reasons += [_reason(hit, number) for hit in best.values()]
        return reasons


def _rows(mixed: MixedMoment) -> list[int]:
    if mixed.found is not None:
        return [span.best_row for span in mixed.found.spans]
    return [] if mixed.row is None else [mixed.row]


def _reason(hit: Hit, step: int) -> Reason:
    return Reason(hit.kind, hit.asked, hit.strength, step, hit.quote.text, hit.quote.marks)


def _parts(found: Found, gallery: Gallery, video: Video) -> tuple[MomentPart, ...]:
    """A moment for each step; where two overlap, the first ends where the second is best."""
    times = [float(gallery.times[span.best_row]) for span in found.spans]
    duration = video.facts.duration if video.facts else 0.0
    parts: list[MomentPart] = []
    for number, (span, strength) in enumerate(zip(found.spans, found.strengths, strict=True)):
        start, end = edge_times(found.extents[number], gallery, duration)
        if number and found.extents[number - 1].last_row >= found.extents[number].first_row:
            start = times[number]
        if number + 1 < len(times) and found.extents[number + 1].first_row <= found.extents[number].last_row:
            end = times[number + 1]
        frame = int(gallery.frame_ids[span.best_row])
        parts.append(MomentPart(start, end, times[number], strength, frame))
    return tuple(parts)


def files_to_show(video: Video, copies: list[Video], scope: Scope | None) -> list[Video]:
    """Files of one content, first the one to show: one that was asked for, and that plays.

    The rest is in order of path.
    """
    files = sorted(
        [video, *copies],
        key=lambda file: (file.presence is not Presence.HERE, file.id != video.id, file.path),
    )
    if scope is not None:
        files.sort(key=lambda file: not scope.shows(file))
    shown, *others = files
    return [shown, *sorted(others, key=lambda file: file.path)]
