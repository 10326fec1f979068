"""`reelfind keep`: favourites, tags, notes, collections, saved and past searches."""
