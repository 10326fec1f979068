"""`reelfind models`: the commands and what they print."""
