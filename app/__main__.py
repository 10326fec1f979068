"""`python -m app` is `reelfind`."""

import sys

sys.argv[0] = "reelfind"  # before the command line is loaded, which looks at it

from app.cli import main  # noqa: E402

main()
