"""A video is decoded as it is watched: pictures the size of the screen, and sound."""
