"""What is kept of videos: the rows of folders, videos, frames and embeddings, and how scans change them."""

import app.database  # noqa: F401 - first: sqlite-utils is loaded without pandas there
