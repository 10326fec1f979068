"""Data sets of captioned videos: published annotations, frames, and the cached embeddings of both."""
