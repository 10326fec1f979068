"""The window itself: its frame, its pages and bars, and its start and end."""
