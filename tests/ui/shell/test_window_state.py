"""What the window remembers of itself is a file like any other: damaged, it costs nothing but the memory."""

from pathlib import Path

import pytest

from tests.ui.conftest import OpenWindow
from tests.ui.loop import spin_until


@pytest.mark.parametrize(
    "content",
    [
        b"[General]\nvolume=loud\nmuted=perhaps\ngeometry=nonsense\npanes=1\n",
        b"[General]\nvolume=nan\n",
        b"[General]\nvolume=-3\ngeometry=@ByteArray(\\x1\\xd9)\npanes=@ByteArray()\n",
        b"\x00\xff" * 500,
        b"",
    ],
)
def test_a_damaged_memory_of_the_window_does_not_keep_it_from_opening(
    open_window: OpenWindow, tmp_path: Path, content: bytes
) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "window.ini").write_bytes(content)
    window = open_window()
    assert spin_until(lambda: window.contents is not None)
    assert window.player.playback.sound.volume == pytest.approx(1.0, abs=0.02), (
        "nearly: it is on a scale of hundredths"
    )
