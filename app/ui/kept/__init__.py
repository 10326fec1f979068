"""What people keep: favourites, tags, notes, collections, saved searches, duplicates."""
