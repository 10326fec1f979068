"""`reelfind sources`: where words of videos come from, and how far each of them has been read."""
