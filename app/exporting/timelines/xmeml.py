"""An edit list as XMEML 5, the XML of Final Cut Pro 7: what Premiere opens, and Resolve.

Times are whole frames. A clip of the picture and those of its sound name each other in `link`.
"""

from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement, tostring

from app.exporting.timelines import timecode
from app.exporting.timelines.edit_list import Edit, EditList
from app.exporting.timelines.media_address import media_address
from app.exporting.timelines.xml_text import xml_text

VERSION = "5"
_CHANNELS = 2
"""Tracks of sound at most: further channels stay in the file."""


def as_xmeml(edits: EditList) -> bytes:
    """The file of a timeline."""
    root = Element("xmeml", version=VERSION)
    sequence = SubElement(root, "sequence", id="sequence-1")
    _text(sequence, "name", xml_text(edits.name))
    _text(sequence, "duration", edits.length)
    _add_rate(sequence, edits.rate)
    _add_timecode(sequence, edits.rate, edits.first_frame, drop=edits.drop)
    media = SubElement(sequence, "media")
    video, sound = SubElement(media, "video"), SubElement(media, "audio")
    characteristics = SubElement(SubElement(video, "format"), "samplecharacteristics")
    _add_rate(characteristics, edits.rate)
    _text(characteristics, "width", edits.width)
    _text(characteristics, "height", edits.height)
    files: dict[str, str] = {}
    track = SubElement(video, "track")
    for number, edit in enumerate(edits.edits, start=1):
        _add_clip(track, edits, edit, number, 0, files)
    channels = max((min(edit.media.sound_channels, _CHANNELS) for edit in edits.edits), default=0)
    for channel in range(1, channels + 1):
        track = SubElement(sound, "track")
        for number, edit in enumerate(edits.edits, start=1):
            if edit.media.sound_channels >= channel:
                _add_clip(track, edits, edit, number, channel, files)
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n'
    return head + tostring(root, encoding="unicode").encode("utf-8") + b"\n"


def _add_clip(
    track: Element, edits: EditList, edit: Edit, number: int, channel: int, files: dict[str, str]
) -> None:
    """A clip of the picture (channel 0) or of a channel of sound."""
    item = SubElement(track, "clipitem", id=_clip_id(number, channel))
    name = xml_text(edit.moment.path.name)
    _text(item, "name", name)
    _text(item, "duration", edit.media_frames)
    _add_rate(item, edit.media.rate)
    _text(item, "start", edit.place)
    _text(item, "end", edit.place + edit.length)
    _text(item, "in", edit.start)
    _text(item, "out", edit.start + edit.frames)
    _add_file(item, edit, name, files)
    if channel:
        source = SubElement(item, "sourcetrack")
        _text(source, "mediatype", "audio")
        _text(source, "trackindex", channel)
    for linked in range(min(edit.media.sound_channels, _CHANNELS) + 1):
        link = SubElement(item, "link")
        _text(link, "linkclipref", _clip_id(number, linked))
        _text(link, "mediatype", "audio" if linked else "video")
        _text(link, "trackindex", linked or 1)
        _text(link, "clipindex", _index_on_track(edits, number, linked))
    if not channel:
        marker = SubElement(item, "marker")
        _text(marker, "name", xml_text(edit.moment.query or name))
        _text(marker, "comment", xml_text(edit.note))
        _text(marker, "in", edit.best)
        _text(marker, "out", -1)


def _add_file(item: Element, edit: Edit, name: str, files: dict[str, str]) -> None:
    address, media = media_address(edit.moment.path), edit.media
    if address in files:
        SubElement(item, "file", id=files[address])
        return
    files[address] = f"file-{len(files) + 1}"
    file = SubElement(item, "file", id=files[address])
    _text(file, "name", name)
    _text(file, "pathurl", _local(address))
    _add_rate(file, media.rate)
    _text(file, "duration", edit.media_frames)
    _add_timecode(file, media.rate, edit.first_timecode, drop=timecode.drops(media.timecode))
    tracks = SubElement(file, "media")
    characteristics = SubElement(SubElement(tracks, "video"), "samplecharacteristics")
    _text(characteristics, "width", media.width)
    _text(characteristics, "height", media.height)
    if media.sound_channels:
        sound = SubElement(tracks, "audio")
        described = SubElement(sound, "samplecharacteristics")
        _text(described, "samplerate", media.sound_rate or 48_000)
        _text(sound, "channelcount", media.sound_channels)


def _index_on_track(edits: EditList, number: int, channel: int) -> int:
    """Which clip of its track a moment's is, from 1."""
    if not channel:
        return number
    return sum(edit.media.sound_channels >= channel for edit in edits.edits[:number])


def _local(address: str) -> str:
    """As Final Cut Pro 7 writes it: a file of this computer is on `localhost`."""
    return address.replace("file:///", "file://localhost/", 1)


def _add_rate(parent: Element, rate: Fraction) -> None:
    element = SubElement(parent, "rate")
    _text(element, "timebase", timecode.nominal(rate))
    _text(element, "ntsc", "TRUE" if rate.denominator == 1001 else "FALSE")


def _add_timecode(parent: Element, rate: Fraction, frame: int, *, drop: bool) -> None:
    element = SubElement(parent, "timecode")
    _add_rate(element, rate)
    _text(element, "string", timecode.to_text(frame, rate, drop=drop))
    _text(element, "frame", frame)
    _text(element, "displayformat", "DF" if drop else "NDF")


def _clip_id(number: int, channel: int) -> str:
    return f"clip-{number}-{channel}"


def _text(parent: Element, name: str, value: str | int) -> None:
    SubElement(parent, name).text = str(value)
