"""An edit list as a timeline of OpenTimelineIO."""

from fractions import Fraction

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange

from app.exporting.timelines.edit_list import Edit, EditList
from app.exporting.timelines.media_address import media_address
from app.text import shown

_LINKS = "Resolve_OTIO"
"""Where Resolve keeps which clips belong together: OpenTimelineIO itself has no field for it."""
_OURS = "reelfind"


def otio_timeline(edits: EditList) -> otio.schema.Timeline:
    """A track of pictures with the moments in order, and one of their sound, linked; with markers."""
    timeline = otio.schema.Timeline(shown(edits.name))
    timeline.global_start_time = _time(edits.first_frame, edits.rate)
    picture = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
    sound = otio.schema.Track("A1", kind=otio.schema.TrackKind.Audio)
    for number, edit in enumerate(edits.edits, start=1):
        picture.append(_clip(edit, number, with_marker=True))
        if edit.media.sound_channels:
            sound.append(_clip(edit, number, with_marker=False))
        else:
            sound.append(otio.schema.Gap(source_range=_range(0, edit.frames, edit.media.rate)))
    timeline.tracks.append(picture)
    if any(edit.media.sound_channels for edit in edits.edits):
        timeline.tracks.append(sound)
    return timeline


def as_otio(edits: EditList) -> bytes:
    """The file of that timeline."""
    text: str = otio.adapters.write_to_string(otio_timeline(edits), "otio_json")
    return text.encode("utf-8")


def _clip(edit: Edit, number: int, *, with_marker: bool) -> otio.schema.Clip:
    first, rate = edit.first_timecode, edit.media.rate
    media = otio.schema.ExternalReference(
        media_address(edit.moment.path), _range(first, edit.media_frames, rate)
    )
    media.name = shown(edit.moment.path.name)
    clip = otio.schema.Clip(media.name, media, _range(first + edit.start, edit.frames, rate))
    clip.metadata[_LINKS] = {"Link Group ID": number}
    moment = edit.moment
    clip.metadata[_OURS] = {
        "query": shown(moment.query),
        "reasons": [shown(reason) for reason in moment.reasons],
        "start": moment.start,
        "end": moment.end,
        "best": moment.best,
    }
    if moment.strength is not None:
        clip.metadata[_OURS]["strength"] = round(moment.strength, 4)
    if with_marker:
        mark = otio.schema.Marker(
            name=shown(moment.query or media.name),
            marked_range=_range(first + edit.best, 1, rate),
            color=otio.schema.MarkerColor.GREEN,
            comment=shown(edit.note),
        )
        clip.markers.append(mark)
    return clip


def _time(frames: int, rate: Fraction) -> RationalTime:
    return RationalTime(frames, float(rate))


def _range(first: int, frames: int, rate: Fraction) -> TimeRange:
    return TimeRange(_time(first, rate), _time(frames, rate))
