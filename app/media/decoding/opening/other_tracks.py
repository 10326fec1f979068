"""The tracks beside the picture, on the running time of the video."""

from collections.abc import Iterator, Sequence

import av
from av.stream import Stream

from app.media import libav
from app.media.decoding.opening.container import Source
from app.media.decoding.opening.timeline import start_of


def packets_of(source: Source, streams: Sequence[Stream]) -> "Iterator[tuple[av.Packet[Stream], float]]":
    """Yield the packets of some tracks, each with its running time in seconds, in the order of the file.

    Of a file with an index (MP4) nothing else is read: clocks do not start again there.

    Args:
        source: just opened.
        streams: tracks of its container.

    Raises:
        av.FFmpegError: the file cannot be read on.
    """
    indexed = source.container.format.name.startswith("mov")
    if not (indexed and libav.leave_out_others(source.container, streams)):
        yield from source.timeline.others(*streams)
        return
    start = start_of(source.container, source.stream)
    for packet in libav.demux(source.container, *streams):
        ticks = packet.pts if packet.pts is not None else packet.dts
        if packet.size and ticks is not None:
            yield packet, ticks * libav.number(packet.time_base) - start
