"""The sentences of the window and their translations; `python -m tests.ui.translations` updates them."""
