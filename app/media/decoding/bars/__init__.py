"""Which part of a video's frames is picture, and which is bars beside it."""
