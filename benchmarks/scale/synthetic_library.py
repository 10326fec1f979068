"""A library of any size, made by the program's own paths: folders, a scan of files that exist, commits.

Its videos are clips of a few frames whose vectors lie as those of real pictures do: every video is about one
or two pictures, and its frames vary along the directions in which pictures differ. So frames have neighbours,
and typed texts are as far from them as they are from real ones. Thumbnails are
tiny unless larger ones are asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import EncoderBundle
from app.catalogue.records import FrameRecord, IndexedVideo, Video
from app.errors import UsageError
from app.media.fingerprints import fingerprint
from app.media.frames import VideoFacts
from app.runtime.encoders import FrameEncoder
from app.runtime.preprocess import fit
from app.session import Session
from benchmarks.scale.place import Place
from benchmarks.verdict import TRAINING
from models.pocket.pictures.data import read_pictures, read_pixels

FOLDERS = 10
_HEAD = b"\0\0\0\x18ftypisom"
_SEED = 2026
_OF_CLIP, _OF_FRAME = 0.5, 0.3
"""How far a clip lies from its pictures, and a frame from its clip; 1 is as far as two pictures."""


def fill(place: Place) -> None:
    """Make the library, or what an interrupted run left of it to be made, search graph included.

    Raises:
        UsageError: a library of another size is there.
    """
    place.library.mkdir(parents=True, exist_ok=True)
    with Session(place.library) as session:
        lengths: dict[Path, int] = {}
        for number in range(FOLDERS):
            folder = place.videos / f"{number:02d}"
            lengths |= _write_files(folder, number, place.frames // FOLDERS)
            watched = session.catalogue.add_folder(folder)
            session.catalogue.scan_folder(watched.id, settle=0)
        pending = session.catalogue.pending(session.bundle.identity)
        if pending:
            vectors = PictureLikeVectors(encoded_pictures(session.bundle, place.effort.pictures))
            thumbnail = _thumbnail(place.effort.thumbnail)
            for video in pending:
                _commit(session, video, lengths[video.path], vectors, thumbnail)
        stored = session.catalogue.frame_count(session.bundle.identity)
        if stored != place.frames // FOLDERS * FOLDERS:
            raise UsageError(f"{place.folder} holds a library of {stored:,} frames.", "Name another folder.")
        warm(session)


def warm(session: Session) -> None:
    """Load all that a search needs, the search graph included (which is built where there is none)."""
    session.warm_up()
    session.index.finish_graph()


def write_video(path: Path, number: int) -> None:
    """Write a tiny file that a scan takes for a video; every number gives another content."""
    path.write_bytes(_HEAD + number.to_bytes(12, "big"))


def indexed_video(
    path: Path, vectors: NDArray[np.float32], clips: NDArray[np.int64], model: str, thumbnail: bytes = b"RIFF"
) -> IndexedVideo:
    """What indexing might have found in a file.

    Args:
        path: the file.
        vectors: (n, D) float32.
        clips: (n,) number of the clip of each frame.
        model: identity of the encoder bundle.
        thumbnail: of every frame.
    """
    seconds = float(len(vectors))
    facts = VideoFacts("mp4", "h264", 1920, 1080, 0, seconds, 25.0, None, False, path.stat().st_size)
    frames = tuple(
        FrameRecord(float(second), second % 10 == 0, int(clip), thumbnail)
        for second, clip in enumerate(clips)
    )
    return IndexedVideo(facts, frames, vectors, model)


@dataclass(frozen=True, slots=True)
class PictureLikeVectors:
    """Draws vectors of videos around those of pictures."""

    pictures: NDArray[np.float32]
    """(P, D) float32, as the encoder gives them."""

    def video(self, clips: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.float32]:
        """Vectors (n, D) float32 of a video with frames in these clips (n,), numbered from 0."""
        among = len(self.pictures)
        first, second = self.pictures[rng.integers(among, size=2)]
        share = rng.random((clips[-1] + 1, 1))
        centres = share * first + (1 - share) * second + self._noise(len(share), rng) * _OF_CLIP
        vectors = centres[clips] + self._noise(len(clips), rng) * _OF_FRAME
        return np.asarray(vectors, np.float32)

    def _noise(self, rows: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """(rows, D) with the covariance of the pictures."""
        among = len(self.pictures)
        deviations = self.pictures - self.pictures.mean(axis=0)
        weights = rng.standard_normal((rows, among), np.float32) / np.float32(np.sqrt(among))
        return np.asarray(weights @ deviations)


def encoded_pictures(bundle: EncoderBundle, count: int) -> NDArray[np.float32]:
    """Vectors (P, D) of pictures: real ones where there are any beside the project, else drawn ones."""
    pixels = _real_pixels(count) if TRAINING.is_dir() else _drawn_pixels(count)
    return FrameEncoder(bundle).encode(np.stack([fit(picture, bundle.image) for picture in pixels]))


def _real_pixels(count: int) -> Iterator[NDArray[np.uint8]]:
    pictures = [picture for picture in read_pictures(TRAINING) if picture.part == "heldout"]
    chosen = np.random.default_rng(_SEED).permutation(len(pictures))[:count]
    yield from read_pixels(TRAINING, [pictures[number] for number in np.sort(chosen)])


def _drawn_pixels(count: int) -> Iterator[NDArray[np.uint8]]:
    rng = np.random.default_rng(_SEED)
    for _ in range(count):
        coarse = rng.integers(256, size=(*rng.integers(2, 12, size=2), 3), dtype=np.uint8)
        yield np.asarray(cv2.resize(coarse, (256, 256), interpolation=cv2.INTER_LINEAR), np.uint8)


def _write_files(folder: Path, number: int, frames: int) -> dict[Path, int]:
    """The files of one folder with the number of frames of each; those that are there stay as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    rng, left = np.random.default_rng((_SEED, number)), frames
    lengths: dict[Path, int] = {}
    while left:
        video = len(lengths)
        path = folder.resolve() / f"{video:05d}.mp4"
        lengths[path] = min(left, int(rng.integers(20, 181)))
        left -= lengths[path]
        if not path.exists():
            write_video(path, number << 32 | video)
    return lengths


def _commit(
    session: Session, video: Video, frames: int, vectors: PictureLikeVectors, thumbnail: bytes
) -> None:
    rng = np.random.default_rng((_SEED, *video.path.read_bytes()))
    clips = np.repeat(np.arange(frames), rng.integers(3, 13, size=frames))[:frames]
    rows = indexed_video(video.path, vectors.video(clips, rng), clips, session.bundle.identity, thumbnail)
    session.catalogue.commit_indexed(video.id, rows, fingerprint=fingerprint(video.path))


def _thumbnail(size: tuple[int, int]) -> bytes:
    """A WebP picture with a few soft colours."""
    coarse = np.random.default_rng(_SEED).integers(256, size=(9, 16, 3), dtype=np.uint8)
    picture = cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)
    _, encoded = cv2.imencode(".webp", picture, (cv2.IMWRITE_WEBP_QUALITY, 80))
    return encoded.tobytes()
