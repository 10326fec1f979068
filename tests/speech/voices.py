"""Speech that espeak-ng says, and videos with it."""

import ctypes
import wave
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import espeakng_loader
import numpy as np
from numpy.typing import NDArray

from tests.videos import left_alone, make_video

RATE = 16_000
Samples = NDArray[np.float32]

_SYNCHRONOUS, _RATE_PARAMETER = 2, 1
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
_library: Any = None
_rate = 0


def say(text: str, *, voice: str = "en", words_per_minute: int = 150) -> Samples:
    """Speech (N,) float32 at 16 kHz."""
    global _library, _rate  # noqa: PLW0603 - it can be started once
    if _library is None:
        _library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        _rate = _library.espeak_Initialize(_SYNCHRONOUS, 0, data, 0)
    pieces: list[NDArray[np.int16]] = []

    def take(samples: Any, count: int, _events: Any) -> int:
        if samples and count:
            pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    callback = _CALLBACK(take)
    _library.espeak_SetSynthCallback(callback)
    assert _library.espeak_SetVoiceByName(voice.encode()) == 0
    _library.espeak_SetParameter(_RATE_PARAMETER, words_per_minute, 0)
    data = text.encode()
    _library.espeak_Synth(data, len(data) + 1, 0, 0, 0, 1, None, None)
    _library.espeak_Synchronize()
    _library.espeak_SetSynthCallback(_CALLBACK(0))
    said = np.concatenate(pieces).astype(np.float32) / 32768
    places = np.arange(int(len(said) * RATE / _rate)) * (_rate / RATE)
    return np.interp(places, np.arange(len(said)), said).astype(np.float32)


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def noise(seconds: float) -> Samples:
    return np.random.default_rng(0).normal(0, 0.1, round(seconds * RATE)).astype(np.float32)


def music(seconds: float) -> Samples:
    """Three chords, again and again, with a beat."""
    at = np.arange(round(seconds * RATE)) / RATE
    roots = np.array([220.0, 261.6, 196.0])[(at // 2).astype(int) % 3]
    chord = sum(np.sin(2 * np.pi * roots * step * at) for step in (1, 1.25, 1.5))
    return (0.15 * chord * (1 + 0.5 * np.sin(2 * np.pi * 2 * at))).astype(np.float32)


def video_saying(path: Path, *tracks: Samples, languages: Sequence[str] = ()) -> Path:
    """A grey video as long as the longest of some tracks of sound."""
    seconds = max(len(track) for track in tracks) / RATE
    picture = make_video(
        path.with_name(f"{path.stem}.picture.mp4"), [("grey", seconds)], rate=2, size=(64, 48)
    )
    with av.open(str(path), "w") as output, av.open(str(picture)) as source:
        copy = output.add_stream_from_template(source.streams.video[0])
        sounds = [output.add_stream("aac", rate=RATE, layout="mono") for _ in tracks]
        for stream, language in zip(sounds, languages, strict=False):
            stream.metadata["language"] = language
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = copy
                output.mux(packet)
        for stream, samples in zip(sounds, tracks, strict=True):
            for begin in range(0, len(samples), 1024):
                frame = av.AudioFrame.from_ndarray(samples[None, begin : begin + 1024], "fltp", "mono")
                frame.sample_rate, frame.pts, frame.time_base = RATE, begin, Fraction(1, RATE)
                output.mux(stream.encode(frame))
            output.mux(stream.encode(None))
    picture.unlink()
    return left_alone(path)


def save(path: Path, samples: Samples) -> Path:
    """As a WAV file, to listen to."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path
