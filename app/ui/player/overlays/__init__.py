"""What lies over the video, or beside the pointer."""
