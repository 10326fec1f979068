"""`python -m app` is `reelfind`."""

from app.cli import main

main()
