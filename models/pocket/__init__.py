"""Pocket: Reelfind's own small dual encoder (a frame tower and a text tower) and how it is trained."""
