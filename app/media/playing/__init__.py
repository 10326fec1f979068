"""The video that is watched: asked of a child process, piece by piece."""
