"""What a browser is told a video file is: by its suffix, and nothing that a browser runs."""

from pathlib import Path

from app.disk.formats import suffix_of

_TYPES = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/mp4",  # the same container: browsers refuse it under its own name, and play what they can
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".ogv": "video/ogg",
    ".3gp": "video/3gpp",
    ".avi": "video/x-msvideo",
    ".mpg": "video/mpeg",
    ".mpeg": "video/mpeg",
    ".ts": "video/mp2t",
    ".mts": "video/mp2t",
    ".m2ts": "video/mp2t",
    ".wmv": "video/x-ms-wmv",
    ".flv": "video/x-flv",
    ".gif": "image/gif",
}


def media_type_of(path: Path) -> str:
    """Of a video's file."""
    return _TYPES.get(suffix_of(path.name), "application/octet-stream")
