"""An edit list as FCPXML 1.8 (Apple's "FCPXML Reference"): Final Cut Pro and Resolve open it.

All times are fractions of seconds on the grid of frames of what they belong to. A file's sound is part of its
`asset-clip`, so that it cannot come apart from the picture.
"""

from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement, tostring

from app.exporting.timelines import timecode
from app.exporting.timelines.edit_list import Edit, EditList
from app.exporting.timelines.media_address import media_address
from app.exporting.timelines.xml_text import xml_text
from app.media.cut_requests import TimelineFacts

VERSION = "1.8"
_RATES = (
    "23.98", "24", "25", "29.97", "30", "47.95", "48", "50", "59.94", "60", "90", "100", "119.88", "120",
)  # fmt: skip
"""What `conform-rate` can say."""


def as_fcpxml(edits: EditList) -> bytes:
    """The file of a timeline."""
    root = Element("fcpxml", version=VERSION)
    resources = SubElement(root, "resources")
    formats = _Formats(resources)
    sequence_format = formats.of(edits.rate, edits.width, edits.height)
    assets = _Assets(resources, formats)
    references = [assets.of(edit) for edit in edits.edits]
    event = SubElement(SubElement(root, "library"), "event", name=xml_text(edits.name))
    project = SubElement(event, "project", name=xml_text(edits.name))
    sequence = SubElement(
        project,
        "sequence",
        format=sequence_format,
        duration=_time(edits.length, edits.rate),
        tcStart=_time(edits.first_frame, edits.rate),
        tcFormat="DF" if edits.drop else "NDF",
        audioLayout="stereo",
        audioRate="48k",
    )
    spine = SubElement(sequence, "spine")
    for edit, reference in zip(edits.edits, references, strict=True):
        _add_clip(spine, edits, edit, reference, formats)
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n'
    return head + tostring(root, encoding="unicode").encode("utf-8") + b"\n"


def _add_clip(spine: Element, edits: EditList, edit: Edit, reference: str, formats: "_Formats") -> None:
    media, first = edit.media, edit.first_timecode
    clip = SubElement(
        spine,
        "asset-clip",
        ref=reference,
        offset=_time(edits.first_frame + edit.place, edits.rate),
        name=xml_text(edit.moment.path.stem),
        start=_time(first + edit.start, media.rate),
        duration=_time(edit.length, edits.rate),
        format=formats.of(media.rate, media.width, media.height),
        tcFormat="DF" if timecode.drops(media.timecode) else "NDF",
    )
    if media.sound_channels:
        clip.set("audioRole", "dialogue")
    if media.rate != edits.rate:
        conform = SubElement(clip, "conform-rate", scaleEnabled="0")
        if (named := _rate_name(media.rate)) in _RATES:
            conform.set("srcFrameRate", named)
    marker = SubElement(
        clip,
        "marker",
        start=_time(first + edit.best, media.rate),
        duration=_time(1, media.rate),
        value=xml_text(edit.moment.query or edit.moment.path.stem),
    )
    if edit.note:
        marker.set("note", xml_text(edit.note))


class _Formats:
    """The sizes and rates in a file, each once."""

    def __init__(self, resources: Element) -> None:
        self._resources = resources
        self._ids: dict[tuple[Fraction, int, int], str] = {}

    def of(self, rate: Fraction, width: int, height: int) -> str:
        """The id of a format, added where it is new."""
        key = rate, width, height
        if key not in self._ids:
            self._ids[key] = f"f{len(self._ids) + 1}"
            SubElement(
                self._resources,
                "format",
                id=self._ids[key],
                frameDuration=_time(1, rate),
                width=str(width),
                height=str(height),
            )
        return self._ids[key]


class _Assets:
    """The files, each once."""

    def __init__(self, resources: Element, formats: _Formats) -> None:
        self._resources, self._formats = resources, formats
        self._ids: dict[str, str] = {}

    def of(self, edit: Edit) -> str:
        """The id of a moment's file, added where it is new."""
        address, media = media_address(edit.moment.path), edit.media
        if address not in self._ids:
            self._ids[address] = f"a{len(self._ids) + 1}"
            asset = SubElement(
                self._resources,
                "asset",
                id=self._ids[address],
                name=xml_text(edit.moment.path.stem),
                src=address,
                start=_time(edit.first_timecode, media.rate),
                duration=_time(edit.media_frames, media.rate),
                hasVideo="1",
                format=self._formats.of(media.rate, media.width, media.height),
            )
            _add_sound(asset, media)
        return self._ids[address]


def _add_sound(asset: Element, media: TimelineFacts) -> None:
    if media.sound_channels:
        asset.set("hasAudio", "1")
        asset.set("audioSources", "1")
        asset.set("audioChannels", str(media.sound_channels))
        asset.set("audioRate", str(media.sound_rate or 48_000))


def _time(frames: int, rate: Fraction) -> str:
    """So many frames as a fraction of seconds: `1001/30000s`, `2s`."""
    numerator, denominator = frames * rate.denominator, rate.numerator
    return f"{numerator // denominator}s" if numerator % denominator == 0 else f"{numerator}/{denominator}s"


def _rate_name(rate: Fraction) -> str:
    return str(rate) if rate.denominator == 1 else f"{float(rate):.2f}"
