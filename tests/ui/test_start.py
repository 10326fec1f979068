"""What the window needs before it can be seen."""

import subprocess
import sys


def test_the_window_is_shown_before_the_library_is_loaded() -> None:
    """Arrays, the runtime and the database's library take longer to load than all of Qt."""
    code = (
        "import sys, app.ui.shell.application\n"
        "heavy = {'numpy', 'onnxruntime', 'sqlite_utils', 'av', 'cv2', 'app.session'} & set(sys.modules)\n"
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
