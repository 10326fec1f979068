"""What the window needs before it can be seen."""

import gc
import subprocess
import sys

from app.ui.shell import application
from tests.ui.conftest import OpenWindow
from tests.ui.loop import spin_until


def test_the_window_is_shown_before_the_library_is_loaded() -> None:
    """Arrays, the runtime and the database's library take longer to load than all of Qt."""
    code = (
        "import sys, app.ui.shell.application\n"
        "heavy = {'numpy', 'onnxruntime', 'sqlite_utils', 'av', 'cv2', 'app.session'} & set(sys.modules)\n"
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_garbage_is_collected_while_everything_is_loaded(open_window: OpenWindow) -> None:
    window = open_window()
    application.collect_calmly(window)
    assert not gc.isenabled()
    assert spin_until(gc.isenabled)
    assert window.control.session is not None
