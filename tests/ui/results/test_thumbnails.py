"""Thumbnails are made by several threads at once, the first ones too."""

import subprocess
import sys

from tests.conftest import ROOT
from tests.ui.pictures import webp

CHILDREN = 2
"""Without the warm-up nine in ten of them crash or hang."""
FIRST_USE = """
import sys, threading
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from app.ui.background.operations import Operations
from app.ui.results.thumbnails import Thumbnails
from app.ui.widgets.framed_picture import framed

app = QApplication(["thumbnails"])
picture = sys.stdin.buffer.read()
thumbnails = Thumbnails(Operations(), QObject())
together = threading.Barrier(6)
sys.setswitchinterval(1e-4)

def work():
    together.wait()
    framed(picture)

threads = [threading.Thread(target=work) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_the_first_pictures_may_come_at_once() -> None:
    children = [
        subprocess.Popen(
            [sys.executable, "-c", FIRST_USE],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(CHILDREN)
    ]
    try:
        for child in children:
            _, said = child.communicate(webp((60, 80), (200, 30, 30)), timeout=60)
            assert child.returncode == 0, said.decode(errors="replace")
    finally:
        for child in children:
            child.kill()
            child.wait()
