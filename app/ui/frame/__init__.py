"""The window around its rooms: the pages in the middle, banner, status bar, placeholders."""
