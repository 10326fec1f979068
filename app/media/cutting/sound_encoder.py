"""One track of sound, cut to the sample and encoded as AAC."""

from typing import Any

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer

from app.media import libav
from app.media.cutting import clip_output
from app.media.decoding.opening.container import Source

RATES = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000)
"""Samples per second that AAC knows."""
USUAL_RATE = 48_000
BITS_PER_CHANNEL = 96_000
MOST_CHANNELS = 8
GAP = 0.05
"""Seconds by which a piece may be late or early before silence is put in or samples are left out."""


class SoundEncoder:
    """Takes the packets of one track; `add_track` and `begin` once there is a picture.

    Raises:
        ValueError: the track cannot be decoded.
    """

    def __init__(
        self, source: Source, stream: AudioStream, output: OutputContainer, start: float, end: float
    ) -> None:
        context = stream.codec_context
        if context is None or not context.sample_rate:
            raise ValueError("no decoder")
        self.stream = stream
        self._source, self._output = source, output
        self._start = start
        self._rate = context.sample_rate if context.sample_rate in RATES else USUAL_RATE
        self._total = round((end - start) * self._rate)
        layout = context.layout.name if 0 < context.layout.nb_channels <= MOST_CHANNELS else "stereo"
        self._layout = layout
        self._copy: Any = None
        self._resampler = AudioResampler(format="fltp", layout=layout, rate=self._rate)
        self._waiting: list[np.ndarray[Any, Any]] | None = []
        self._at: int | None = None
        """Sample of the part at which the next piece begins."""
        self._written = 0

    @property
    def is_done(self) -> bool:
        """Whether the end of the part was reached."""
        return self._at is not None and self._at >= self._total

    def add_track(self) -> None:
        """Add the track to the file, which is not begun yet."""
        self._copy = self._output.add_stream("aac", rate=self._rate, layout=self._layout)
        self._copy.bit_rate = BITS_PER_CHANNEL * self._copy.codec_context.layout.nb_channels
        clip_output.copy_track_tags(self.stream, self._copy)

    def begin(self) -> None:
        """The file is begun: what waited is written."""
        waiting, self._waiting = self._waiting or [], None
        for piece in waiting:
            self._encode(piece)

    def take(self, packet: "av.Packet[Any]") -> None:
        """Decode a packet whose times are running ones; what is damaged is left out."""
        try:
            frames: Any = packet.decode()
            for frame in frames:
                at = None
                if frame.pts is not None:
                    seconds = frame.pts * libav.number(frame.time_base) + self._source.seconds(0)
                    at = round((seconds - self._start) * self._rate)
                frame.pts = None
                for out in self._resampler.resample(frame):
                    self._place(out.to_ndarray(), at)
                    at = None
        except (ValueError, *libav.ERRORS):
            return

    def finish(self) -> None:
        """Write what the encoder still holds."""
        self._output.mux(self._copy.encode(None))

    def _place(self, samples: "np.ndarray[Any, Any]", at: int | None) -> None:
        if self._at is None or (at is not None and abs(at - self._at) > GAP * self._rate):
            self._at = at if at is not None else self._at or 0
        first, self._at = self._at, self._at + samples.shape[1]
        samples = samples[:, max(0, self._written - first) : max(0, self._total - first)]
        first = max(first, self._written)
        if samples.shape[1] == 0:
            return
        if first > self._written:
            silence = np.zeros((samples.shape[0], first - self._written), samples.dtype)
            samples = np.concatenate([silence, samples], axis=1)
        self._written += samples.shape[1]
        if self._waiting is None:
            self._encode(samples)
        else:
            self._waiting.append(samples)

    def _encode(self, samples: "np.ndarray[Any, Any]") -> None:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=self._layout)
        frame.sample_rate = self._rate
        frame.pts = None
        self._output.mux(self._copy.encode(frame))
