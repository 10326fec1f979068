"""What stands written in the picture: found and read frame by frame, and put together to lines."""
